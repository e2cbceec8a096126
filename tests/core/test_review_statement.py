"""A statement has exactly one form, and everything else is refused with its reason."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.review.statement import MAX_BYTES, Statement, parse_payload, payload, statement_id

WHOLE = Statement(
    decision="approve",
    reviewer="sec1",
    repo="host.example/acme/shop",
    commit="a" * 40,
    tree="b" * 40,
    target="refs/heads/main",
    base="c" * 40,
    change_digest="sha256:" + "1" * 64,
    policy_digest="sha256:" + "2" * 64,
    created_at="2026-01-02T03:04:05Z",
    areas=("auth", "crypto"),
    change="12",
    report_digest="sha256:" + "3" * 64,
    expires_at="2026-04-02T03:04:05Z",
    text="읽었습니다 — I read the listed hunks",
)
BARE = replace(WHOLE, change=None, report_digest=None, expires_at=None, text=None, repo="shop")


@pytest.mark.parametrize("statement", [WHOLE, BARE], ids=["everything", "only what is needed"])
def test_what_is_written_is_read_back(statement):
    raw = payload(statement)
    assert parse_payload(raw) == statement
    assert raw.endswith(b"}\n")
    assert b": " not in raw.replace(b"\xe2\x80\x94 ", b"")


def test_it_is_an_in_toto_statement():
    document = json.loads(payload(WHOLE))
    assert document["_type"] == "https://in-toto.io/Statement/v1"
    assert document["predicateType"] == "urn:ai-merge-gate:human-signoff:v1"
    assert document["subject"] == [
        {"name": "git+https://host.example/acme/shop", "digest": {"gitCommit": "a" * 40, "gitTree": "b" * 40}}
    ]
    assert json.loads(payload(BARE))["subject"][0]["name"] == "git+local:shop"
    assert document["predicate"]["changeDigest"] == WHOLE.change_digest


def changed(**predicate) -> bytes:
    document = json.loads(payload(WHOLE))
    document["predicate"] = {
        key: value for key, value in {**document["predicate"], **predicate}.items() if value is not ...
    }
    return canonical(document)


def canonical(document) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def top(**keys) -> bytes:
    return canonical({**json.loads(payload(WHOLE)), **keys})


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "it is not JSON"),
        (b"{", "it is not JSON"),
        (b"\xff", "it is not JSON"),
        (b"[" * 10_000, "it is not JSON"),
        (b'{"a":NaN}', "NaN is not JSON"),
        (b"[]", "it is not an object"),
        (payload(WHOLE).replace(b'"_type"', b'"_type":"x","_type"'), "it has a key twice"),
        (payload(WHOLE) + b"\n", "it is not in the canonical form"),
        (payload(WHOLE)[:-1], "it is not in the canonical form"),
        (json.dumps(json.loads(payload(WHOLE))).encode(), "it is not in the canonical form"),
        (b" " * (MAX_BYTES + 1), "it is larger than 64 KiB"),
        (top(more=1), "it has the unknown key 'more'"),
        (top(predicate=[]), "the predicate is not an object"),
        (top(predicateType="urn:other"), "it is not a human sign-off"),
        (top(_type="https://in-toto.io/Statement/v0.1"), "it is not a human sign-off"),
        (top(subject=[]), "it must have exactly one subject"),
        (top(subject=json.loads(payload(WHOLE))["subject"] * 2), "it must have exactly one subject"),
        (top(subject=[{"name": "git+https://x/y", "digest": {"gitCommit": "a" * 40}}]), "lacks gitTree"),
        (
            top(subject=[{"name": "https://x/y", "digest": {"gitCommit": "a" * 40, "gitTree": "a" * 40}}]),
            "does not start with git+https://",
        ),
        (changed(reviewer=...), "the predicate lacks reviewer"),
        (changed(approver="sec2"), "the predicate has the unknown key 'approver'"),
        (changed(decision="approved"), "its decision is none of approve, reject, revoke, override"),
        (changed(decision=""), "decision is not a text"),
        (changed(decision=True), "decision is not a text"),
        (changed(reviewer="sec1,sec2"), "reviewer does not have its form"),
        (changed(reviewer="*"), "reviewer does not have its form"),
        (changed(reviewer="-f"), "reviewer does not have its form"),
        (changed(base="main"), "base does not have its form"),
        (changed(changeDigest="sha256:" + "A" * 64), "changeDigest does not have its form"),
        (changed(policyDigest="md5:1"), "policyDigest does not have its form"),
        (changed(reportDigest=None), "reportDigest is not a text"),
        (changed(createdAt="2026-01-02T03:04:05+00:00"), "createdAt does not have its form"),
        (changed(createdAt="2026-13-02T03:04:05Z"), "createdAt is not a time"),
        (changed(expiresAt="never"), "expiresAt does not have its form"),
        (changed(areas=[]), "it approves no area"),
        (changed(areas="auth"), "areas is not a list of areas"),
        (changed(areas=["auth", "auth"]), "areas are not sorted, or one stands there twice"),
        (changed(areas=["crypto", "auth"]), "areas are not sorted"),
        (changed(areas=["Auth"]), "areas is not a list of areas"),
        (changed(statement="x" * 2001), "statement is not a text of 1 to 2,000 characters"),
        (changed(target=""), "target is not a text"),
    ],
)
def test_everything_else_is_refused(raw, told):
    with pytest.raises(ValueError) as caught:
        parse_payload(raw)
    assert told in str(caught.value)


def test_a_rejection_may_name_no_area():
    assert parse_payload(payload(replace(WHOLE, decision="reject", areas=()))).areas == ()


def test_a_statement_that_could_not_be_read_back_is_not_written():
    with pytest.raises(ValueError, match="createdAt"):
        payload(replace(WHOLE, created_at="now"))
    with pytest.raises(ValueError):
        payload(replace(WHOLE, text="\ud800"))


def test_every_field_is_signed():
    other = {"areas": ("auth",), "decision": "reject", "repo": "x/y", "created_at": "2026-01-02T03:04:06Z"}
    other |= {"expires_at": None, "commit": "f" * 40, "tree": "f" * 40, "base": "f" * 40}
    other |= dict.fromkeys(("change_digest", "policy_digest", "report_digest"), "sha256:" + "f" * 64)
    for field in fields(Statement):
        changed_one = replace(WHOLE, **{field.name: other.get(field.name, "other")})
        assert statement_id(payload(changed_one)) != statement_id(payload(WHOLE)), field.name


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass")))
def test_no_bytes_are_anything_but_a_value_error(raw):
    with pytest.raises(ValueError):
        parse_payload(raw)
