"""A reviews file is read exactly, or refused with the place of the mistake."""

from __future__ import annotations

import contextlib
import json
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.review import Account, Decision, ForgeFacts
from gate.errors import ConfigError, UsageError
from gate.forges.reviews_file import MAX_BYTES, read_reviews

SHA = "a" * 40
OLDER = "b" * 40
EXAMPLE = {
    "schema": "gate-reviews/1",
    "repo": "host/acme/shop",
    "change": "12",
    "target": "refs/heads/main",
    "target_protected": True,
    "head": SHA,
    "complete": True,
    "opener": {"account": "github:dev", "id": 7, "kind": "user"},
    "requester": None,
    "pushers": [{"account": "github:dev", "id": 7, "kind": "user"}],
    "earlier_heads": [OLDER],
    "retargeted_at": None,
    "commit_accounts": {SHA: {"author": "github:dev", "committer": None}},
    "decisions": [
        {
            "id": "101",
            "account": "github:sec1",
            "id_number": 9,
            "kind": "user",
            "state": "approved",
            "at": "2026-01-02T03:04:05Z",
            "commit": SHA,
            "active": True,
            "permission": "write",
            "source": "review",
        }
    ],
}


@pytest.fixture
def read(tmp_path):
    def reading(content) -> ForgeFacts:
        path = tmp_path / "reviews.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return read_reviews(path)

    return reading


def changed(**keys):
    """The example with some keys set, or left out if they are ..."""
    document = {**deepcopy(EXAMPLE), **keys}
    return {key: value for key, value in document.items() if value is not ...}


def with_decision(**keys):
    decision = {**EXAMPLE["decisions"][0], **keys}
    return changed(decisions=[{key: value for key, value in decision.items() if value is not ...}])


def test_the_example_of_the_format(read):
    dev = Account(account="github:dev", number=7, kind="user")
    assert read(EXAMPLE) == ForgeFacts(
        repo="host/acme/shop",
        change="12",
        target="refs/heads/main",
        target_protected=True,
        head=SHA,
        complete=True,
        opener=dev,
        pushers=(dev,),
        earlier_heads=(OLDER,),
        commit_accounts={SHA: (Account(account="github:dev", kind="user"), None)},
        decisions=(
            Decision(
                id="101",
                account=Account(account="github:sec1", number=9, kind="user"),
                state="approved",
                at="2026-01-02T03:04:05Z",
                commit=SHA,
                active=True,
                permission="write",
                source="review",
            ),
        ),
    )


def test_what_is_left_out_is_unknown(read):
    facts = read(
        changed(
            target_protected=...,
            pushers=...,
            requester=...,
            earlier_heads=...,
            commit_accounts=...,
            change=...,
        )
    )
    assert (facts.target_protected, facts.pushers, facts.change) == (None, None, "")


def test_times_become_utc(read):
    facts = read({**with_decision(at="2026-01-02T03:04:05+02:00"), "retargeted_at": "2026-01-02T03:04:05.5Z"})
    assert facts.decisions[0].at == "2026-01-02T01:04:05Z"
    assert facts.retargeted_at == "2026-01-02T03:04:05.500000Z"


def test_accounts_of_commits_may_tell_their_kind(read):
    ghost = {"account": "github:x", "kind": "unknown"}
    facts = read(changed(commit_accounts={SHA: {"author": ghost, "committer": "github:x[bot]"}}))
    assert [one.kind for one in facts.commit_accounts[SHA]] == ["unknown", "bot"]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (changed(schema="gate-reviews/2"), "$.schema: must be 'gate-reviews/1', is 'gate-reviews/2'"),
        (changed(schema=...), "$.schema: must be 'gate-reviews/1', is None"),
        (changed(head=...), "$: Object missing required field `head`"),
        (changed(opener=...), "$: Object missing required field `opener`"),
        (changed(complete=...), "$: Object missing required field `complete`"),
        (changed(decisions=...), "$: Object missing required field `decisions`"),
        (changed(colour="red"), "$: Object contains unknown field `colour`"),
        (changed(complete="yes"), "$.complete: Expected `bool`, got `str`"),
        (changed(complete=1), "$.complete: Expected `bool`, got `int`"),
        (changed(head="abc"), "$.head: Expected `str` matching regex"),
        (changed(head=SHA.upper()), "$.head: Expected `str` matching regex"),
        (changed(target="main"), "$.target: Expected `str` matching regex"),
        (
            changed(opener={"account": "dev", "kind": "user"}),
            "$.opener.account: Expected `str` matching regex",
        ),
        (
            changed(opener={"account": "github:dev", "kind": "person"}),
            "$.opener.kind: Invalid enum value 'person'",
        ),
        (changed(pushers=[1]), "$.pushers[0]: Expected `object`, got `int`"),
        (changed(commit_accounts={"x": {}}), "Expected `str` matching regex"),
        (changed(retargeted_at="2026-01-02"), "$.retargeted_at: '2026-01-02' is no time with an offset"),
        (with_decision(id=101), "$.decisions[0].id: Expected `str`, got `int`"),
        (with_decision(state="aproved"), "$.decisions[0].state: Invalid enum value 'aproved'"),
        (with_decision(source="dream"), "$.decisions[0].source: Invalid enum value 'dream'"),
        (with_decision(permission="root"), "$.decisions[0].permission: Invalid enum value 'root'"),
        (with_decision(commit=...), "$.decisions[0]: Object missing required field `commit`"),
        (with_decision(at="soon"), "$.decisions[0].at: 'soon' is no time with an offset"),
        (with_decision(at="2026-01-02T03:04:05"), "$.decisions[0].at"),
        (with_decision(note="x"), "$.decisions[0]: Object contains unknown field `note`"),
        ([], "$: Expected `object`, got `array`"),
        (None, "$: Expected `object`, got `null`"),
    ],
)
def test_a_mistake_is_told_with_its_place(read, document, told):
    with pytest.raises(ConfigError) as raised:
        read(document)
    assert told in raised.value.message
    assert raised.value.message.split(": ")[0].endswith("reviews.json")
    assert raised.value.hint


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"schema": "gate-reviews/1",\n "head', "reviews.json:2:2: not valid JSON"),
        (b"", "reviews.json:1:1: not valid JSON"),
        (b'{"a": {"b": [{"c": 1, "d": 2, "c": 3}]}}', "$.a.b[0]: the key 'c' stands there twice"),
        (b'{"x y": {"c": 1, "c": 3}}', "$['x y']: the key 'c' stands there twice"),
        (b'{"schema": NaN}', "NaN is not JSON"),
        (b'{"schema": "\xff"}', "not valid JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[" * 900 + b"]" * 900, "$"),
        (b"9" * 5000, "not valid JSON"),
        (json.dumps(EXAMPLE).encode() + b"{}", "not valid JSON: Extra data"),
    ],
)
def test_what_is_no_json_is_refused(read, content, told):
    with pytest.raises(ConfigError) as raised:
        read(content)
    assert told in raised.value.message


def test_every_cut_of_the_file_is_refused(read):
    whole = json.dumps(EXAMPLE).encode()
    for length in range(len(whole)):
        with pytest.raises(ConfigError):
            read(whole[:length])


def test_a_file_that_is_too_large_or_missing_is_a_usage_error(read, tmp_path):
    with pytest.raises(UsageError, match="larger than 5,000,000 bytes"):
        read(b" " * (MAX_BYTES + 1))
    with pytest.raises(UsageError, match="No such file"):
        read_reviews(tmp_path / "none.json")
    with pytest.raises(UsageError, match="Is a directory"):
        read_reviews(tmp_path)
    with pytest.raises(UsageError):
        read_reviews("a\0b")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(key=st.sampled_from(sorted(EXAMPLE)), value=json_values)
def test_any_value_in_any_key_is_read_or_refused(tmp_path_factory, key, value):
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps(changed(**{key: value})))
    with contextlib.suppress(ConfigError):
        assert isinstance(read_reviews(path), ForgeFacts)


def test_branch_and_description_are_read_or_not_said(read):
    told = read(changed(branch="claude/x", body="Does it\n"))
    assert (told.branch, told.body) == ("claude/x", "Does it\n")
    silent = read(EXAMPLE)
    assert (silent.branch, silent.body) == (None, None)
    with pytest.raises(ConfigError, match=r"\$\.body"):
        read(changed(body=["x"]))


def test_members_and_teams_are_read(read):
    facts = read(
        changed(
            members=[
                {"account": "github:sec1", "id": 9, "kind": "user", "active": True, "permission": "write"}
            ],
            teams={
                "github:acme/dev": [{"account": "github:erin", "id": 5, "kind": "user"}],
                "gitlab:acme/shop": None,
            },
        )
    )
    (member,) = facts.members
    assert (member.account, member.active, member.permission) == (
        Account(account="github:sec1", number=9, kind="user"),
        True,
        "write",
    )
    assert facts.teams == {
        "github:acme/dev": (Account(account="github:erin", number=5, kind="user"),),
        "gitlab:acme/shop": None,
    }


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ({"members": [{"account": "github:sec1", "kind": "user", "active": True}]}, "$.members[0]"),
        (
            {"members": [{"account": "github:sec1", "kind": "user", "active": 1, "permission": "write"}]},
            "active",
        ),
        ({"teams": {"acme/dev": []}}, "$.teams"),
        ({"teams": {"github:acme/dev": ["github:erin"]}}, "$.teams[...][0]"),
        ({"decisions": [{**EXAMPLE["decisions"][0], "account": "statement:sec1"}]}, "$.decisions[0].account"),
    ],
)
def test_members_and_teams_have_no_room_for_mistakes(read, keys, place):
    """Nobody can write himself a verified signature into a reviews file."""
    with pytest.raises(ConfigError) as caught:
        read(changed(**keys))
    assert place in caught.value.message
