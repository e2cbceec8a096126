"""The bytes of a record: one form, read back whole or refused with the place."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.evidence import canonical_json
from gate.core.evidence.envelope import Envelope, read_envelope, write_envelope
from gate.core.evidence.record import (
    AreaEvidence,
    Ignored,
    Origin,
    Review,
    Tool,
    UsedOverride,
    UsedStatement,
    UsedWaiver,
    parse_record,
    record_digest,
    write_record,
)
from tests.evidence.kit import DIGEST, NOW, record

text = st.text(st.characters(codec=None), min_size=1, max_size=30)
names = st.lists(text, max_size=4).map(lambda found: tuple(sorted(set(found))))


@st.composite
def records(draw):
    plain = record(draw(st.integers(1, 10**6)))
    signoff = replace(
        plain.signoff,
        outcome=draw(st.sampled_from(["passed", "needs_signoff", "blocked", "incomplete"])),
        required=draw(st.booleans()),
        accepted=draw(names),
        reviews=(Review(who=draw(text), kind="review", at=NOW, commit="a" * 40, areas=("auth",)),),
        ignored=(Ignored(who=draw(text), why=draw(text)),),
        statements=(UsedStatement(id="ab", reviewer="", decision="", counts=draw(st.booleans()), why=""),),
        override=draw(st.none() | st.just(UsedOverride(by="alice", reason="it burns", expires_at=NOW))),
    )
    return replace(
        plain,
        repo=draw(st.sampled_from(["host/acme/shop", "shop"])),
        change=draw(st.none() | st.integers(1, 10**9).map(str)),
        tools=(Tool(name=draw(text), version="", status="partial"),),
        areas=(AreaEvidence(area="auth", references=tuple(draw(names)), more=draw(st.integers(0, 9))),),
        authors=replace(plain.authors, people=draw(names), agents=draw(names)),
        signoff=signoff,
        waivers=(
            UsedWaiver(
                owner="bob", expires="2026-03-01", reason=draw(text), rules=("x",), findings=draw(names)
            ),
        ),
        origin=Origin(job=draw(text), actor=""),
        previous=(DIGEST,),
        number=draw(st.integers(2, 10**6)),
    )


@given(records())
@settings(max_examples=200)
def test_what_is_written_is_read_back_and_has_one_form(one):
    raw = write_record(one)
    back = parse_record(raw)
    assert write_record(back) == raw
    assert (back.authors, back.signoff, back.areas, back.waivers) == (
        one.authors,
        one.signoff,
        one.areas,
        one.waivers,
    )
    with pytest.raises(ValueError, match="canonical"):
        parse_record(json.dumps(json.loads(raw)).encode())


@given(records(), st.data())
@settings(max_examples=200)
def test_no_byte_can_change_and_be_read_as_the_same(one, data):
    raw = write_record(one)
    at = data.draw(st.integers(0, len(raw) - 1))
    other = raw[:at] + bytes([raw[at] ^ data.draw(st.integers(1, 255))]) + raw[at + 1 :]
    assert record_digest(other) != record_digest(raw)
    try:
        back = parse_record(other)
    except ValueError:
        return
    assert write_record(back) == other


def changed(**predicate) -> bytes:
    document = json.loads(write_record(record()))
    document["predicate"].update(predicate)
    return canonical_json(document) + b"\n"


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "not JSON"),
        (write_record(record())[:-30], "cut"),
        (b"[]\n", "the record is not an object"),
        (write_record(record()) + b" ", "canonical"),
        (write_record(record()).replace(b'"mode":', b'"mode":"observe","mode":'), "a key twice"),
        (changed(more=1), "the record.predicate has the unknown key 'more'"),
        (changed(verdict="fine"), "the record.predicate.verdict is none of passed"),
        (changed(exitCode=True), "the record.predicate.exitCode is not a whole number"),
        (changed(exitCode=1.0), "1.0 is not a whole number"),
        (changed(number=0), "the record.predicate.number is not a whole number from 1"),
        (changed(number=2), "number is not 1, and there is no record before it"),
        (
            changed(previous=[DIGEST, DIGEST]),
            "the record.predicate.previous is not sorted, or has something twice",
        ),
        (changed(previous=["sha256:1"]), "the record.predicate.previous[0] does not have its form"),
        (changed(recordedAt="yesterday"), "the record.predicate.recordedAt does not have its form"),
        (changed(tools=[{"name": "x"}]), "the record.predicate.tools[0] lacks status, version"),
        (changed(target="x" * 2001), "the record.predicate.target is not a text of 1 to 2,000 characters"),
        (changed(policySource="x" * 2_000_000), "larger than 1,024 KiB"),
        (changed(areas=None), "the record.predicate.areas is not a list"),
        (b'{"a":' * 100_000, "not JSON"),
        (
            write_record(record()).replace(b"verdict:v1", b"human-signoff:v1"),
            "it is not the record of a verdict",
        ),
        (write_record(record()).replace(b"git+https://", b"https://"), "does not start with git+https://"),
    ],
)
def test_what_is_no_record_is_refused_with_the_place(raw, told):
    with pytest.raises(ValueError, match=r".") as caught:
        parse_record(raw)
    assert told in str(caught.value)


def test_a_record_that_could_not_be_read_back_is_not_written():
    with pytest.raises(ValueError, match=r"predicate\.change does not have its form"):
        write_record(record(change="twelve"))


def test_an_envelope_without_a_signature_is_read_as_such():
    envelope = Envelope(payload=b"x")
    assert read_envelope(write_envelope(envelope)) == envelope
    assert write_envelope(envelope).count(b"\n") == 1


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"{}", "the file lacks payload, payloadType, signatures"),
        (
            b'{"payload":"?","payloadType":"application/vnd.in-toto+json","signatures":[]}',
            "payload is not base64",
        ),
        (b'{"payload":"eA==","payloadType":"text/plain","signatures":[]}', "payloadType is none of"),
        (
            b'{"payload":"eA==","payloadType":"application/vnd.in-toto+json","signatures":[{"keyid":"","sig":"eA=="}]}',
            "is not an SSH signature",
        ),
        (
            b'{"payload":"eA==","payloadType":"application/vnd.in-toto+json","signatures":['
            + b",".join([b'{"keyid":"","sig":"eA=="}'] * 2)
            + b"]}",
            "is not a list of at most 1",
        ),
    ],
)
def test_what_is_no_envelope_is_refused(raw, told):
    with pytest.raises(ValueError, match=r".") as caught:
        read_envelope(raw)
    assert told in str(caught.value)
