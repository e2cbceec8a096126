"""Signed statements in the decision: beside reviews, in a row, for some areas; each with its fate."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.core.policy import BreakGlass
from gate.core.review import Member
from gate.core.review.statement import Signed, Statement
from gate.core.verdict import Outcome
from tests.core.test_threats_factories import (
    HEAD,
    LOGIN,
    OLD,
    POLICY,
    REPO,
    TARGET,
    account,
    change_of,
    changed,
    decide,
    forge_of,
    ignored,
    review,
)

P, N, B = Outcome.PASSED, Outcome.NEEDS_SIGNOFF, Outcome.BLOCKED
DAYS = [f"2026-02-{day:02}T00:00:00Z" for day in range(1, 20)]


def signed(
    reviewer: str = "sec1", decision: str = "approve", day: int = 1, files=(LOGIN,), **fields
) -> Signed:
    given = {
        "decision": decision,
        "reviewer": reviewer,
        "repo": REPO,
        "commit": HEAD,
        "tree": "b" * 40,
        "target": TARGET,
        "base": "c" * 40,
        "change_digest": change_of(*files).change_digest,
        "policy_digest": "sha256:" + "0" * 64,
        "created_at": DAYS[day],
        "areas": ("auth",),
    }
    statement = Statement(**{**given, **fields})
    return Signed(source=f"{reviewer}-{decision}-{day}", id=f"{reviewer}{decision}{day}", statement=statement)


def local(*statements: Signed, **options):
    return decide(forge=None, statements=statements, **options)


def fates(signoff) -> list[tuple[str, bool, str]]:
    return [(one.source, one.counts, one.why) for one in signoff.statements]


def test_without_a_forge_being_listed_with_a_key_is_enough():
    signoff = local(signed())
    assert (signoff.outcome, signoff.accepted, signoff.served) == (P, ("sec1",), {"auth": ("sec1",)})
    (fate,) = signoff.statements
    assert (fate.id, fate.reviewer, fate.decision, fate.counts) == ("sec1approve1", "sec1", "approve", True)
    assert signoff.forge == ""


def test_an_author_and_a_person_past_the_last_day_do_not_count():
    assert fates(local(signed("dev"))) == [("dev-approve-1", False, "author of this change")]
    humans = tuple(replace(h, until="2026-02-28") if h.id == "sec1" else h for h in POLICY.humans)
    gone = local(signed(), policy=replace(POLICY, humans=humans))
    assert fates(gone) == [("sec1-approve-1", False, "account not active")]
    assert [b.why for b in gone.barred["auth"]] == ["author of this change", "listed until 2026-02-28 only"]


@pytest.mark.parametrize(
    ("member", "why"),
    [
        (None, "the forge did not say whether this person may write"),
        ({"permission": "read"}, "no write permission"),
        ({"permission": "write", "active": False}, "account not active"),
        ({"permission": "triage"}, "no write permission"),
        ({"permission": "write"}, ""),
        ({"permission": "maintain"}, ""),
    ],
)
def test_beside_a_forge_the_account_must_still_write(member, why):
    members = () if member is None else (Member(account=account("sec1-second"), **member),)
    signoff = decide(forge=forge_of(members=members), statements=(signed(),))
    assert fates(signoff) == [("sec1-approve-1", not why, why)]
    assert signoff.outcome is (N if why else P)
    assert ("sec1" in signoff.eligible["auth"]) is (member is None or not why)


def test_one_of_two_accounts_that_may_write_is_enough():
    members = (
        Member(account=account("sec1"), permission="read"),
        Member(account=account("sec1-second"), permission="write"),
    )
    assert decide(forge=forge_of(members=members), statements=(signed(),)).outcome is P


def test_a_review_of_the_same_person_says_whether_the_account_may_write():
    comment = review("sec1", "commented")
    assert decide(comment, statements=(signed(),)).outcome is P
    assert decide(replace(comment, permission="read"), statements=(signed(),)).outcome is N
    text = replace(comment, source="comment")
    assert fates(decide(text, statements=(signed(),)))[0][2].startswith("the forge did not say")


def test_a_statement_names_its_target_itself_so_retargeting_does_not_make_it_stale():
    forge = forge_of(members=(Member(account=account("sec1"), permission="write"),), retargeted_at=DAYS[18])
    assert decide(forge=forge, statements=(signed(),)).outcome is P


@pytest.mark.parametrize(
    ("rows", "outcome", "lost"),
    [
        ((("approve", 1), ("reject", 2)), B, "the same person requested changes later"),
        ((("approve", 1), ("revoke", 2)), N, "revoked later"),
        ((("reject", 1), ("approve", 2)), P, "replaced by a later decision of the same person"),
        ((("revoke", 1), ("approve", 2)), P, "replaced by a later decision of the same person"),
        ((("approve", 1), ("approve", 2)), P, "replaced by a later decision of the same person"),
    ],
)
def test_the_latest_statement_of_a_person_stands(rows, outcome, lost):
    statements = [signed(decision=word, day=day) for word, day in rows]
    for order in (statements, statements[::-1]):
        signoff = local(*order)
        assert signoff.outcome is outcome
        assert {why for _, counts, why in fates(signoff) if not counts} == {lost}


def test_reviews_and_statements_follow_each_other():
    later = {"at": DAYS[5]}
    assert decide(review("sec1", "changes_requested", **later), statements=(signed(),)).outcome is B
    assert decide(review("sec1", "dismissed", **later), statements=(signed(),)).outcome is N
    assert decide(review("sec1", "changes_requested", **later), statements=(signed(day=6),)).outcome is P


CRYPTO = changed("lib/crypto/aes.py")
BOTH = (LOGIN, CRYPTO)


def test_an_approval_serves_the_areas_that_it_names():
    def one(areas: tuple[str, ...], day: int = 1) -> Signed:
        return signed(files=BOTH, areas=areas, day=day)

    signoff = local(one(("auth",)), files=BOTH)
    assert (signoff.outcome, signoff.waiting, signoff.accepted) == (N, ("crypto",), ("sec1",))
    assert signoff.missing[0] == "crypto: needs 1 of sec1, sec2."
    assert local(one(("auth",)), one(("crypto",), 2), files=BOTH).outcome is P
    assert local(one(("auth", "crypto", "data")), files=BOTH).outcome is P
    neither = local(one(("data",)), files=BOTH)
    assert (neither.accepted, fates(neither)) == (
        (),
        [("sec1-approve-1", False, "it is for data, which this change does not touch")],
    )


def test_an_approval_of_one_area_lifts_no_objection_to_another():
    objection = signed(decision="reject", files=BOTH, areas=())
    lifted = signed(files=BOTH, areas=("auth",), day=2)
    assert local(objection, lifted, files=BOTH).outcome is B
    whole = signed(files=BOTH, areas=("auth", "crypto"), day=3)
    assert local(objection, lifted, whole, files=BOTH).outcome is P


def test_an_older_commit_with_the_same_content_need_not_be_in_the_clone():
    signoff = local(signed(commit="d" * 40))
    assert (signoff.outcome, signoff.carried_over) == (P, ("sec1",))
    assert local(signed()).carried_over == ()


def test_a_stale_statement_takes_nothing_from_a_good_one():
    stale = signed(day=5, commit=OLD, change_digest="sha256:" + "9" * 64)
    signoff = local(signed(), stale)
    assert signoff.outcome is P
    assert ignored(signoff) == {
        "sec1 (sec1-approve-5)": f"stale: signed {OLD[:12]}, which cannot be compared with the present head"
    }


def test_two_people_who_sign_are_two():
    policy = replace(POLICY, min=2)
    assert local(signed("sec1"), policy=policy).outcome is N
    signoff = local(signed("sec1"), signed("bob"), policy=policy)  # bob reviews none of the areas
    assert (signoff.outcome, signoff.accepted, signoff.served) == (P, ("bob", "sec1"), {"auth": ("sec1",)})


GLASS = replace(POLICY, break_glass=BreakGlass(people=("sec2", "dev"), max_hours=48))


def test_an_override_passes_what_waits_and_says_what_is_missing():
    glass = signed("dev", "override", 18, expires_at="2026-03-02T00:00:00Z", text="the shop is down for all")
    glass = replace(glass, statement=replace(glass.statement, created_at="2026-02-28T12:00:00Z"))
    signoff = local(glass, policy=GLASS)
    assert (signoff.outcome, signoff.override.by, signoff.accepted) == (P, "dev", ())
    assert signoff.missing[0] == "auth: needs 1 of alice, sec1, sec2."
    assert fates(signoff) == [("dev-override-18", True, "")]
    assert local(glass, signed(decision="reject"), policy=GLASS).outcome is B
    signed_off = local(glass, signed(), policy=GLASS)
    assert (signed_off.outcome, signed_off.override, signed_off.accepted) == (P, None, ("sec1",))
    assert local(glass, policy=POLICY).override is None


def test_nothing_is_weighed_where_nothing_is_sensitive():
    signoff = local(signed(), files=(changed("README.md"),))
    assert (signoff.outcome, signoff.statements, signoff.waiting) == (P, (), None)


@pytest.mark.parametrize(
    ("end", "why"),
    [
        ("2026-03-01T00:00:00Z", "expired at 2026-03-01T00:00:00Z"),
        ("2026-02-01T00:00:00Z", "expired at 2026-02-01T00:00:00Z"),
        ("2026-03-01T00:00:01Z", ""),
    ],
)
def test_a_statement_counts_until_its_end(end, why):
    assert fates(local(signed(expires_at=end))) == [("sec1-approve-1", not why, why)]
