"""What a signed statement is worth for a change, decided from values alone; edges of times and counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gate.core.policy import BreakGlass, CarryOver, SignoffPolicy
from gate.core.review import Binding
from gate.core.review.people import People
from gate.core.review.statement import Signed, Statement
from gate.core.review.weigh import Context, weigh
from tests.core.test_threats_factories import HEAD, HUMANS, OLD, REPO, TARGET

DIGEST = "sha256:" + "1" * 64
OTHER = "sha256:" + "2" * 64
NOW = datetime(2026, 3, 1, tzinfo=UTC)
POLICY = SignoffPolicy(humans=HUMANS, break_glass=BreakGlass(people=("sec1", "dev"), max_hours=48))
BINDING = Binding(repo=REPO, target=TARGET, head=HEAD, change_digest=DIGEST)
CONTEXT = Context(
    people=People(HUMANS),
    binding=BINDING,
    policy=POLICY,
    now=NOW,
    change="12",
    known=frozenset({HEAD, "e" * 40}),
)
APPROVAL = Statement(
    decision="approve",
    reviewer="sec1",
    repo=REPO,
    commit=HEAD,
    tree="b" * 40,
    target=TARGET,
    base="c" * 40,
    change_digest=DIGEST,
    policy_digest=OTHER,
    created_at="2026-02-28T12:00:00Z",
    areas=("auth",),
)
OVERRIDE = replace(
    APPROVAL, decision="override", expires_at="2026-03-02T12:00:00Z", text="  the shop   is down\nfor all "
)


def signed(statement: Statement | None, name: str = "1", **fields) -> Signed:
    return Signed(**{"source": "a.signoff.json", "id": name, "statement": statement, **fields})


def judged(*found: Signed, **context):
    return weigh(found, replace(CONTEXT, **context))


def why(statement: Statement, **context) -> str:
    """Why a statement has no effect; empty if it has one."""
    weighed = judged(signed(statement), **context)
    if weighed.decisions or weighed.overrides:
        assert not weighed.refused
        return ""
    (refused,) = weighed.refused
    (ignored,) = weighed.ignored
    assert (ignored.who, ignored.why) == ("sec1 (a.signoff.json)", refused.why)
    assert (refused.reviewer, refused.decision, refused.counts) == ("sec1", statement.decision, False)
    return refused.why


def test_an_approval_becomes_a_decision_for_its_areas_and_its_content():
    (decision,) = judged(signed(replace(APPROVAL, expires_at="2026-04-01T00:00:00Z"))).decisions
    assert decision.account.account == "statement:sec1"
    assert (decision.state, decision.source, decision.at) == ("approved", "statement", "2026-02-28T12:00:00Z")
    assert (decision.areas, decision.change_digest, decision.commit) == (("auth",), DIGEST, HEAD)
    assert decision.expires_at == "2026-04-01T00:00:00Z"


@pytest.mark.parametrize(("word", "state"), [("reject", "changes_requested"), ("revoke", "revoked")])
def test_an_objection_speaks_of_every_area(word, state):
    (decision,) = judged(signed(replace(APPROVAL, decision=word))).decisions
    assert (decision.state, decision.areas) == (state, None)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, ""),
        ({"repo": REPO.upper()}, ""),
        (
            {"repo": "host.example/acme/shop2"},
            f"it is for the repository host.example/acme/shop2, and this is {REPO}",
        ),
        ({"target": "refs/heads/Main"}, "it is for refs/heads/Main, and this change goes to refs/heads/main"),
        ({"change": "12"}, ""),
        ({"change": "13"}, "it is for merge request 13, and this is 12"),
        ({"created_at": "2026-03-01T00:10:00Z"}, ""),
        ({"created_at": "2026-03-01T00:10:01Z"}, "its date lies in the future (2026-03-01T00:10:01Z)"),
        ({"commit": "d" * 40}, ""),
        (
            {"change_digest": OTHER},
            f"stale: signed {HEAD[:12]}, which cannot be compared with the present head",
        ),
    ],
)
def test_an_approval_is_for_one_repository_target_and_content(fields, told):
    assert why(replace(APPROVAL, **fields)) == told


def test_a_number_counts_where_the_run_knows_it_and_a_rejection_everywhere():
    assert why(replace(APPROVAL, change="13"), change="").startswith(
        "it is for merge request 13, and this run was"
    )
    assert why(replace(APPROVAL, change="13", decision="reject"), change="") == ""


def test_never_carried_over_to_another_commit():
    never = replace(POLICY, carry_over=CarryOver.NEVER)
    assert why(APPROVAL, policy=never) == ""
    assert why(replace(APPROVAL, commit=OLD), policy=never).endswith(
        "carries no approval over to another commit"
    )


def test_an_empty_digest_is_no_content():
    empty = replace(BINDING, change_digest="")
    assert why(replace(APPROVAL, change_digest=""), binding=empty).startswith("stale:")
    assert why(replace(APPROVAL, change_digest="", decision="reject", commit=OLD), binding=empty).startswith(
        "it is about"
    )


def test_files_that_changed_since_are_named():
    since = {OLD: tuple(f"{n}.py" for n in range(7))}
    told = why(
        replace(APPROVAL, commit=OLD, change_digest=OTHER), older_digests={OLD: OTHER}, changed_since=since
    )
    assert told == f"stale: signed {OLD[:12]}, files changed since: 0.py, 1.py, 2.py, 3.py, 4.py and 2 more"


def test_files_that_changed_since_may_not_be_known():
    told = why(replace(APPROVAL, commit=OLD, change_digest=OTHER), older_digests={OLD: OTHER})
    assert told == f"stale: signed {OLD[:12]}, files changed since: not known which"


def test_a_number_alone_does_not_make_an_objection_one_of_this_request():
    elsewhere = replace(APPROVAL, decision="reject", commit="d" * 40, change_digest=OTHER, change="13")
    assert why(elsewhere, change="") == "it is about another change (commit dddddddddddd)"


@pytest.mark.parametrize(
    ("fields", "applies"),
    [
        ({"commit": HEAD, "change_digest": OTHER}, True),
        ({"commit": "e" * 40, "change_digest": OTHER}, True),
        ({"commit": "d" * 40, "change_digest": DIGEST}, True),
        ({"commit": "d" * 40, "change_digest": OTHER, "change": "12"}, True),
        ({"commit": "d" * 40, "change_digest": OTHER}, False),
    ],
)
@pytest.mark.parametrize("word", ["reject", "revoke"])
def test_an_objection_applies_to_the_commits_the_content_or_the_request(word, fields, applies):
    told = why(replace(APPROVAL, decision=word, **fields))
    assert told == ("" if applies else "it is about another change (commit dddddddddddd)")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, ""),
        ({"reviewer": "dev"}, ""),
        ({"expires_at": "2026-03-01T00:00:01Z"}, ""),
        ({"expires_at": "2026-03-01T00:00:00Z"}, "expired at 2026-03-01T00:00:00Z"),
        (
            {"expires_at": "2026-03-02T12:00:01Z"},
            "an override may last 48 hours, and this one ends 2026-03-02T12:00:01Z",
        ),
        ({"expires_at": None}, "an override needs an end (expiresAt)"),
        ({"text": "x" * 15}, ""),
        ({"text": "x" * 14}, "an override needs a reason of at least 15 characters"),
        ({"text": " " * 20}, "an override needs a reason of at least 15 characters"),
        ({"text": None}, "an override needs a reason of at least 15 characters"),
        ({"commit": OLD}, f"an override is for one commit: it names {OLD[:12]}, and this is {HEAD[:12]}"),
        (
            {"change_digest": OTHER},
            "the target branch moved, so the commit changes something else than when it was signed",
        ),
    ],
)
def test_an_override_is_complete_or_nothing(fields, told):
    statement = replace(OVERRIDE, **fields)
    if told:
        assert why(statement) == told
    else:
        (override,) = judged(signed(statement)).overrides
        assert override.by == statement.reviewer


def test_an_override_says_why_until_when_and_how_often():
    (override,) = judged(signed(OVERRIDE)).overrides
    assert (override.reason, override.expires_at) == ("the shop is down for all", "2026-03-02T12:00:00Z")
    assert override.recent == 1


def test_who_may_override_is_named_and_still_listed():
    assert why(OVERRIDE, policy=replace(POLICY, break_glass=None)).startswith("the policy allows no override")
    nobody = replace(POLICY, break_glass=BreakGlass(people=("bob",)))
    assert why(OVERRIDE, policy=nobody) == "signoff.break_glass does not name this person"
    last_day = People(tuple(replace(h, until="2026-03-01") if h.id == "sec1" else h for h in HUMANS))
    assert why(OVERRIDE, people=last_day) == ""
    gone = People(tuple(replace(h, until="2026-02-28") if h.id == "sec1" else h for h in HUMANS))
    assert why(OVERRIDE, people=gone) == "signoff.break_glass does not name this person"


def test_overrides_of_ninety_days_are_counted_also_those_of_other_changes():
    elsewhere = replace(OVERRIDE, commit="9" * 40, change_digest=OTHER)

    def at(time: str, name: str, **fields) -> Signed:
        return signed(replace(elsewhere, created_at=time), name, counted_only=True, **fields)

    others = (
        at("2025-12-01T00:00:00Z", "2"),  # 90 days to the second
        at("2025-11-30T23:59:59Z", "3"),  # too old
        at("2026-03-01T00:10:00Z", "4"),
        at("2026-03-01T00:10:01Z", "5"),  # from the future
        at("2026-02-01T00:00:00Z", "6", problem="it is signed with a key that is not listed"),
        signed(APPROVAL, "0", counted_only=True),
        signed(replace(elsewhere, repo="host.example/acme/other"), "00", counted_only=True),
        signed(None, "8", problem="it is not JSON", counted_only=True),
    )
    weighed = judged(signed(OVERRIDE), *others)
    assert [override.recent for override in weighed.overrides] == [3]
    assert (weighed.refused, weighed.decisions) == ((), {})


def test_of_several_overrides_the_one_that_lasts_longest_stands():
    short = replace(OVERRIDE, expires_at="2026-03-01T06:00:00Z", text="a shorter one of these")
    weighed = judged(signed(short, "1"), signed(replace(OVERRIDE, reviewer="dev"), "2"))
    assert [override.by for override in weighed.overrides] == ["dev", "sec1"]
    assert len(weighed.valid_overrides) == 2


def test_an_authentic_copy_wins_over_a_broken_one():
    broken = signed(APPROVAL, source="z", problem="its content was changed")
    for found in ((broken, signed(APPROVAL)), (signed(APPROVAL), broken)):
        weighed = judged(*found)
        assert len(weighed.decisions) == 1
        assert weighed.refused == ()


def test_what_cannot_be_read_is_named_by_its_place():
    weighed = judged(signed(None, source="x.signoff.json"))
    assert [(i.who, i.why) for i in weighed.ignored] == [("x.signoff.json", "it cannot be read")]
    (refused,) = weighed.refused
    assert (refused.source, refused.reviewer, refused.decision) == ("x.signoff.json", "", "")


def test_ten_refused_statements_are_named_and_the_rest_counted():
    found = [signed(replace(APPROVAL, target="refs/x"), str(n), source=f"{n:02}") for n in range(11)]
    assert len(judged(*found).ignored) == 10
    assert judged(*found).notes == (
        "Signed statements that do not count, beside those named: 1; `gate signoff list` shows each.",
    )
    assert judged(*found[:10]).notes == ()
    assert len(judged(*found).refused) == 11


def test_a_tree_that_is_not_that_of_the_commit_is_refused():
    known = {APPROVAL.commit: "7" * 40}
    assert (
        why(APPROVAL, trees=known)
        == f"its tree {APPROVAL.tree[:12]} is not that of its commit {APPROVAL.commit[:12]}"
    )
    assert why(APPROVAL, trees={APPROVAL.commit: APPROVAL.tree}) == ""
