"""The decision procedure, and the sentences that it gives to people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.core.change import Person
from gate.core.policy import Human, SignoffPolicy
from gate.core.verdict import Outcome
from tests.core.test_threats_factories import (
    HEAD,
    NOW,
    OLD,
    POLICY,
    STRICT,
    TARGET,
    account,
    authored,
    by_ai,
    changed,
    commit,
    decide,
    forge_of,
    ignored,
    review,
)


def test_no_sensitive_area_needs_nobody():
    signoff = decide(files=(changed("shop/cart.py"),), forge=forge_of(complete=False))
    assert (signoff.outcome, signoff.required, signoff.missing) == (Outcome.PASSED, False, ())


def test_a_missing_fact_of_git_is_incomplete_even_without_an_area():
    signoff = decide(files=(), missing=("The history is shallow.",))
    assert (signoff.outcome, signoff.missing) == (Outcome.INCOMPLETE, ("The history is shallow.",))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"complete": False}, "The forge's answer is not complete."),
        ({"missing": ("page 2 of the reviews: HTTP 403",)}, "page 2 of the reviews: HTTP 403"),
        ({"target_protected": False}, "refs/heads/main is not protected"),
        ({"target_protected": None}, "may not be protected"),
        ({"head": OLD}, "The merge request is at bbbbbbbbbbbb, but aaaaaaaaaaaa was judged"),
        ({"head": ""}, "has no known head"),
        ({"repo": "host.example/acme/other"}, "belong to the repository host.example/acme/other"),
        ({"target": "refs/heads/next"}, "a merge request into refs/heads/next"),
    ],
)
def test_facts_that_cannot_carry_a_decision_are_incomplete_whatever_the_reviews_say(fields, told):
    for reviews in ((), (review("sec1"),), (review("sec1", "changes_requested"),)):
        signoff = decide(forge=forge_of(*reviews, **fields))
        assert signoff.outcome is Outcome.INCOMPLETE
        assert told in " ".join(signoff.missing)


def test_names_without_a_host_and_plain_revisions_are_not_compared():
    assert decide(forge=forge_of(review("sec1"), repo="shop", target="main")).outcome is Outcome.PASSED


def test_a_run_without_a_forge_waits_and_says_that_nobody_was_asked():
    signoff = decide(forge=None)
    assert signoff.outcome is Outcome.NEEDS_SIGNOFF
    assert signoff.missing == (
        "auth: needs 1 of alice, sec1, sec2.",
        (
            "Approvals were not asked for: give the merge request's reviews with --reviews FILE, or signed "
            "statements with --signoffs PATH."
        ),
    )


def test_missing_names_who_can_sign():
    signoff = decide()
    assert signoff.missing == ("auth: needs 1 of alice, sec1, sec2.",)
    assert signoff.eligible == {"auth": ("alice", "sec1", "sec2")}


def test_missing_says_that_nobody_is_configured():
    signoff = decide(policy=SignoffPolicy())
    assert signoff.missing == (
        "No reviewer is configured for auth: add signoff.reviewers.auth to .gate.yml of the target branch.",
        (
            "2 people must sign off because signoff.humans does not list dev@acme.example (author of aaaaaaaaaaaa); "
            "0 did: 2 more, and signoff.humans lists nobody else who may sign."
        ),
    )


def test_missing_says_that_all_reviewers_are_out():
    policy = replace(
        POLICY,
        humans=(*POLICY.humans, Human(id="gone", github=("gone",), until="2026-02-28")),
        reviewers={"auth": ("dev", "gone")},
    )
    assert decide(policy=policy).missing == (
        (
            "auth: no eligible reviewer, dev made this change and gone (listed until 2026-02-28 only) may not sign. Add another person to "
            "signoff.reviewers.auth on the target branch."
        ),
    )


def test_missing_says_why_two_are_needed_and_who_else_can():
    signoff = decide(review("sec1"), authorship=authored(by_ai()), policy=STRICT)
    assert signoff.outcome is Outcome.NEEDS_SIGNOFF
    assert signoff.missing == (
        (
            "2 people must sign off because an AI took part; 1 did: 1 more from alice, bob, mallory, priv1, sec2 "
            "(with write permission)."
        ),
    )


def test_missing_gives_no_reason_where_the_policy_itself_asks_for_more():
    assert decide(review("sec1"), policy=replace(POLICY, min=2)).missing == (
        (
            "2 people must sign off; 1 did: 1 more from alice, bob, mallory, priv1, sec2 (with write permission)."
        ),
    )


def test_missing_joins_the_reasons_and_cuts_long_lists_of_people():
    many = tuple(Human(id=f"p{n}", github=(f"p{n}",)) for n in range(9))
    stranger = commit(Person(name="X", email="x@home.example"), sha="1" * 40)
    signoff = decide(
        commits=(stranger,),
        authorship=authored(by_ai("1" * 40)),
        forge=forge_of(opener=account("zoe"), pushers=()),
        policy=replace(POLICY, humans=(*many, *POLICY.humans), reviewers={"auth": ("p0",)}),
    )
    assert signoff.missing[1] == (
        "2 people must sign off because an AI took part and no listed human opened, requested or pushed this and "
        "signoff.humans does not list x@home.example (author of 111111111111); 0 did: 2 more from alice, bob, dev, "
        "mallory, p0, p1, p2, p3 and 8 more (with write permission)."
    )
    assert signoff.needed_because == (
        "an AI took part and no listed human opened, requested or pushed this",
        "signoff.humans does not list x@home.example (author of 111111111111)",
    )


def test_an_area_that_waits_is_not_a_number_that_is_missing():
    signoff = decide(review("bob"), review("mallory"), policy=replace(POLICY, min=2))
    assert signoff.missing == ("auth: needs 1 of alice, sec1, sec2.",)


def test_everybody_who_objects_is_named():
    signoff = decide(review("sec2", "changes_requested"), review("sec1", "changes_requested"))
    assert signoff.missing == (
        "sec1, sec2 requested changes: the same person approves, withdraws it, or it is dismissed.",
    )


def test_areas_fall_back_to_the_reviewers_that_their_file_names():
    policy = replace(POLICY, reviewers={"auth": ("sec1",), "gate": ("sec2",)})
    files = (changed("lib/rbac.py"), changed("vendor/x", new_mode="160000"))
    assert decide(files=files, policy=policy).eligible == {"authz": ("sec1",), "supply": ("sec2",)}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (review(account("zoe")), "not a registered human"),
        (review(account("sec1", "bot")), "not a registered human"),
        (review("sec1", active=False), "account not active"),
        (review("sec1", permission="read"), "no write permission"),
        (review("sec1", permission="triage"), "no write permission"),
        (review("dev"), "author of this change"),
        (review("sec1", source="comment"), "free text is not a sign-off"),
        (review("sec1", source="label"), "free text is not a sign-off"),
        (review("sec1", commit=None), "no commit id"),
        (
            review("sec1", commit=OLD),
            "stale: signed bbbbbbbbbbbb, which cannot be compared with the present head",
        ),
        (review("sec1", at="yesterday"), "its date cannot be read"),
    ],
)
def test_an_approval_that_does_not_count_says_why_first(given, why):
    signoff = decide(given)
    assert signoff.outcome is Outcome.NEEDS_SIGNOFF
    assert list(ignored(signoff).values()) == [why]


@pytest.mark.parametrize("permission", ["write", "maintain", "admin"])
def test_write_permission_and_more_counts(permission):
    assert decide(review("sec1", permission=permission)).outcome is Outcome.PASSED


def test_an_older_head_with_the_same_content_carries_over():
    digest = _digest()
    signoff = decide(review("sec1", commit=OLD), older_digests={OLD: digest})
    assert (signoff.outcome, signoff.accepted, signoff.carried_over) == (Outcome.PASSED, ("sec1",), ("sec1",))
    strict = decide(review("sec1", commit=OLD), older_digests={OLD: digest}, policy=STRICT)
    assert ignored(strict) == {
        "sec1": "stale: signed bbbbbbbbbbbb, and the policy carries no approval over to another commit"
    }


def test_an_older_head_with_other_content_names_the_files():
    given = {"older_digests": {OLD: "sha256:other"}}
    signed = review("sec1", commit=OLD)
    assert ignored(decide(signed, changed_since={OLD: ("b.py", "a.py")}, **given)) == {
        "sec1": "stale: signed bbbbbbbbbbbb, files changed since: a.py, b.py"
    }
    assert ignored(decide(signed, **given))["sec1"].endswith("files changed since: not known which")


def test_an_empty_digest_never_carries_over():
    signoff = decide(review("sec1", commit=None), older_digests={"": _digest()})
    assert signoff.outcome is Outcome.NEEDS_SIGNOFF


def test_an_approval_given_before_the_target_changed_is_stale():
    for at, outcome in (
        ("2026-02-01T00:00:00Z", Outcome.NEEDS_SIGNOFF),
        ("2026-01-31T23:00:00-02:00", Outcome.PASSED),
    ):
        signoff = decide(forge=forge_of(review("sec1", at=at), retargeted_at="2026-02-01T00:00:00Z"))
        assert signoff.outcome is outcome
    assert decide(forge=forge_of(review("sec1"), retargeted_at="?")).outcome is Outcome.NEEDS_SIGNOFF


def test_until_is_the_last_day():
    policy = replace(POLICY, humans=tuple(replace(h, until="2026-03-01") for h in POLICY.humans))
    assert decide(review("sec1"), policy=policy, now=NOW).outcome is Outcome.PASSED
    assert ignored(decide(review("sec1"), policy=policy, now="2026-03-02T00:00:00Z")) == {
        "sec1": "account not active"
    }


def test_at_the_same_time_the_stricter_decision_stands():
    states = ["approved", "dismissed", "revoked", "changes_requested"]
    expected = [Outcome.PASSED, Outcome.NEEDS_SIGNOFF, Outcome.NEEDS_SIGNOFF, Outcome.BLOCKED]
    for upto, outcome in enumerate(expected, 1):
        reviews = [review("sec1", state, id=str(9 - n)) for n, state in enumerate(states[:upto])]
        assert decide(*reviews).outcome is outcome
        assert decide(*reviews[::-1]).outcome is outcome


def test_times_are_compared_across_offsets():
    later = review("sec1", at="2026-02-01T01:00:00+00:00", id="2")
    earlier = review("sec1", "changes_requested", at="2026-02-01T02:00:00+02:00")
    assert decide(later, earlier).outcome is Outcome.PASSED


def test_an_objection_without_a_readable_time_stands():
    assert decide(review("sec1"), review("sec1", "changes_requested", at="?")).outcome is Outcome.BLOCKED


def test_an_objection_needs_neither_head_nor_permission():
    given = review("sec2", "changes_requested", commit=OLD, permission="none", active=False)
    signoff = decide(review("sec1"), given)
    assert (signoff.outcome, signoff.objections) == (Outcome.BLOCKED, ("sec2",))
    assert signoff.missing == (
        "sec2 requested changes: the same person approves, withdraws it, or it is dismissed.",
    )


def test_free_text_neither_objects_nor_lifts_an_objection():
    objection = review("sec1", "changes_requested")
    text = review("sec1", at="2026-02-02T00:00:00Z", source="comment")
    assert decide(objection, text).outcome is Outcome.BLOCKED
    assert decide(review("sec1"), replace(text, state="changes_requested")).outcome is Outcome.PASSED


def test_an_approval_before_a_later_objection_says_so():
    signoff = decide(review("sec1"), review("sec1", "changes_requested", at="2026-02-02T00:00:00Z"))
    assert ignored(signoff) == {"sec1": "the same person requested changes later"}


def test_an_older_approval_beside_a_newer_one_is_not_worth_a_word():
    signoff = decide(review("sec1", id="1"), review("sec1", id="2", at="2026-02-02T00:00:00Z"))
    assert (signoff.accepted, signoff.ignored) == (("sec1",), ())


def test_notes_name_strangers_and_unknown_pushers():
    stranger = commit(Person(name="X", email="x@home.example"), "dev")
    signoff = decide(commits=(stranger,), forge=forge_of(pushers=None))
    assert signoff.pushers == "unknown"
    assert signoff.notes == (
        f"Identities that belong to nobody in signoff.humans: x@home.example (author of {HEAD[:12]}).",
        "Who pushed this branch is unknown, so pushers could not be kept from signing.",
    )


def test_the_target_is_named_where_the_forge_does_not():
    signoff = decide(forge=forge_of(target="", target_protected=False))
    assert TARGET in signoff.missing[0]


def _digest() -> str:
    from tests.core.test_threats_factories import LOGIN, change_of

    return change_of(LOGIN).change_digest


def test_an_approval_from_the_future_counts_for_nothing_and_shadows_nothing():
    future = review("sec1", at="2026-03-01T00:11:00Z")
    signoff = decide(forge=forge_of(future))
    assert signoff.outcome is Outcome.NEEDS_SIGNOFF
    assert [one.why for one in signoff.ignored] == ["its date lies in the future (2026-03-01T00:11:00Z)"]
    objection = review("sec1", state="changes_requested", at="2026-02-20T00:00:00Z", id="2")
    assert decide(forge=forge_of(objection, future)).outcome is Outcome.BLOCKED
    assert decide(forge=forge_of(review("sec1", at="2026-03-01T00:09:00Z"))).outcome is Outcome.PASSED
