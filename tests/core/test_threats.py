"""The threat table, rows that facts alone decide. A test has the number of its row.

Rows with real git objects are in `test_threats_git.py`. Left to other parts of the gate:
30 (words on lines; its area rules are tested), 37, 38 (dependencies), 47, 51 (a forge that answers badly, and
shared statuses), 48, 49 (reading git), 53 to 60, 66, 71, 72 (release and signed statements), 61 (override),
62, 63 (doctor), and of 41 the errors of the policy file.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.config.globs import compile_glob
from gate.core.area import build_areas, classify
from gate.core.change import Person
from gate.core.policy import AreaPolicy, Human, SignoffPolicy
from gate.core.verdict import Outcome
from tests.core.test_threats_factories import (
    CLAUDE,
    HEAD,
    LOGIN,
    OLD,
    POLICY,
    STRICT,
    WEB,
    account,
    areas_of,
    authored,
    by_ai,
    by_unknown,
    change_of,
    changed,
    commit,
    decide,
    forge_of,
    ignored,
    person,
    review,
    shipped_documents,
)

P, N, B = Outcome.PASSED, Outcome.NEEDS_SIGNOFF, Outcome.BLOCKED

LATER = "2026-02-02T00:00:00Z"
CRYPTO = changed("lib/crypto/aes.py")

#: A bot opened the merge request and pushed; the agent is the author.
BOT = account("claude[bot]", "bot")
AGENT_COMMIT = {
    "commits": (commit(CLAUDE, CLAUDE),),
    "authorship": authored(by_ai(author_is_agent=True, committer_is_agent=True)),
}


def outcome(*decisions, **options) -> Outcome:
    return decide(*decisions, **options).outcome


def test_t01_documentation_only_change():
    assert outcome(files=(changed("docs/auth.md"), changed("README.rst"))) is P


def test_t02_sensitive_change_without_approval():
    assert outcome() is N


def test_t03_independent_reviewer_approves_the_head():
    assert outcome(review("sec1")) is P


def test_t04_local_agent_commit_and_one_independent_approval():
    judged = authored(by_ai())  # known by the trailer only; dev is author and committer
    assert outcome(review("sec1"), authorship=judged) is P
    assert outcome(review("sec1"), authorship=judged, policy=STRICT) is N


def test_t05_local_agent_commit_approved_by_its_committer():
    signoff = decide(review("dev"), authorship=authored(by_ai()))
    assert (signoff.outcome, ignored(signoff)) == (N, {"dev": "author of this change"})


def test_t06_bot_opened_and_the_prompter_approves():
    forge = forge_of(review("sec1"), opener=BOT, requester=account("sec1"), pushers=None)
    signoff = decide(forge=forge, **AGENT_COMMIT)
    assert (signoff.outcome, ignored(signoff)) == (N, {"sec1": "requester of this change"})


def test_t07_bot_opened_for_a_recorded_prompter_and_one_independent_approval():
    forge = forge_of(review("sec1"), opener=BOT, requester=account("dev"), pushers=(BOT,))
    signoff = decide(forge=forge, **AGENT_COMMIT)
    assert (signoff.outcome, signoff.accountable) == (P, ("dev",))


def test_t08_bot_opened_and_nobody_accountable_needs_two():
    def judged(*decisions):
        return outcome(forge=forge_of(*decisions, opener=BOT, pushers=(BOT,)), **AGENT_COMMIT)

    assert judged(review("sec1")) is N
    assert judged(review("sec1"), review("bob")) is P


def test_t09_prompter_known_by_a_trailer_only_approves():
    judged = authored(by_ai(author_is_agent=True, committer_is_agent=True, coauthors=(person("sec1"),)))
    forge = forge_of(review("sec1"), review("sec2"), opener=BOT, pushers=None)
    signoff = decide(forge=forge, commits=AGENT_COMMIT["commits"], authorship=judged)
    assert (signoff.outcome, ignored(signoff)) == (N, {"sec1": "co-author of this change"})


@pytest.mark.parametrize("login", ["copilot[bot]", "claude[bot]", "github-actions[bot]"])
def test_t10_approval_by_a_bot(login):
    signoff = decide(review(account(login, "bot")))
    assert (signoff.outcome, ignored(signoff)) == (N, {f"github:{login}": "not a registered human"})


def test_t10_a_bot_with_the_name_of_a_human():
    assert outcome(review(account("sec1", "bot"))) is N


def test_t11_approval_by_a_machine_account_of_kind_user():
    assert outcome(review(account("acme-agent", "user"))) is N


def test_t12_approval_of_an_old_commit():
    assert outcome(review("sec1", commit=OLD)) is N
    assert outcome(review("sec1", commit=OLD), older_digests={OLD: "sha256:" + "0" * 64}) is N


def test_t15_approval_without_a_commit():
    signoff = decide(review("sec1", commit=None))
    assert (signoff.outcome, ignored(signoff)) == (N, {"sec1": "no commit id"})


def test_t16_approve_then_request_changes():
    assert outcome(review("sec1"), review("sec1", "changes_requested", at=LATER)) is B


def test_t17_request_changes_then_approve():
    assert outcome(review("sec1", "changes_requested"), review("sec1", at=LATER)) is P


def test_t18_approved_twice_and_the_later_one_dismissed():
    signoff = decide(review("sec1"), review("sec1", "dismissed", at=LATER))
    assert (signoff.outcome, ignored(signoff)) == (N, {"sec1": "dismissed later"})


def test_t19_approve_then_comment():
    assert outcome(review("sec1"), review("sec1", "commented", at=LATER, commit=None)) is P


@pytest.mark.parametrize(
    ("given", "role"),
    [
        ({"commits": (commit("sec1", "dev"),)}, "author"),
        ({"commits": (commit("dev", "sec1"),)}, "committer"),
        ({"authorship": authored(by_unknown(coauthors=(person("sec1"),)))}, "co-author"),
    ],
)
def test_t20_reviewer_is_author_committer_or_co_author(given, role):
    signoff = decide(review("sec1"), **given)
    assert (signoff.outcome, ignored(signoff)) == (N, {"sec1": f"{role} of this change"})


def test_t21_reviewer_rebased_or_committed_an_earlier_head():
    assert outcome(review("sec1"), commits=(commit("dev", "sec1"),)) is N
    assert outcome(review("sec1"), earlier_commits=(commit("dev", "sec1", sha=OLD),)) is N


def test_t22_reviewer_pushed_the_commit_of_another():
    forge = forge_of(review("sec1"), pushers=(account("dev"), account("sec1")))
    signoff = decide(forge=forge)
    assert (signoff.outcome, ignored(signoff)) == (N, {"sec1": "pusher of this change"})


def test_t25_author_without_an_account_needs_two():
    stranger = (commit(Person(name="X", email="x@home.example")),)
    assert outcome(review("sec1"), commits=stranger) is N
    assert outcome(review("sec1"), review("bob"), commits=stranger) is P


def test_t25_address_forged_to_another_while_the_forger_pushes_and_approves():
    forge = forge_of(review("sec1"), pushers=(account("sec1"),))
    assert outcome(forge=forge, commits=(commit("alice"),)) is N


def test_t27_second_account_of_the_author_approves():
    assert outcome(review("dev-second")) is N


def test_t28_two_accounts_of_one_reviewer_count_once():
    signoff = decide(
        review("sec1"), review("sec1-second", at=LATER), authorship=authored(by_ai()), policy=STRICT
    )
    assert (signoff.outcome, signoff.accepted) == (N, ("sec1",))


def test_t41_policy_deleted_in_the_head_needs_a_gate_reviewer():
    files = (changed(".gate.yml", new=None),)
    assert outcome(review("alice"), files=files) is N
    assert outcome(review("sec1"), files=files) is P


def test_t41_no_policy_at_the_base_waits_and_names_the_way_out():
    signoff = decide(review("sec1"), policy=SignoffPolicy())
    assert signoff.outcome is N
    assert "signoff.reviewers.auth" in signoff.missing[0]


def test_t41_a_glob_that_matches_nothing_leaves_the_shipped_ones():
    overlay = {"auth": AreaPolicy(paths=(compile_glob("nowhere/**"),))}
    areas = build_areas(shipped_documents(), compile_glob, overlay)
    assert {t.area for t in classify(change_of(LOGIN), areas, wide=False)} == {"auth"}


def test_t42_no_reviewer_is_left():
    policy = replace(POLICY, reviewers={"auth": ("dev",)})
    signoff = decide(review("sec1"), policy=policy)
    assert signoff.outcome is N
    assert "no eligible reviewer" in signoff.missing[0]


def test_t43_reviewer_of_another_area():
    signoff = decide(review("alice"), files=(CRYPTO,))
    assert (signoff.outcome, signoff.missing) == (N, ("crypto: needs 1 of sec1, sec2.",))


def test_t44_one_person_reviews_two_areas():
    assert outcome(review("sec1"), files=(LOGIN, CRYPTO)) is P


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"permission": "read"}, "no write permission"),
        ({"permission": "none"}, "no write permission"),
        ({"active": False}, "account not active"),
    ],
)
def test_t45_reviewer_without_write_blocked_or_departed(given, why):
    signoff = decide(review("sec1", **given))
    assert (signoff.outcome, ignored(signoff)) == (N, {"sec1": why})


def test_t45_reviewer_past_the_last_day():
    humans = tuple(replace(h, until="2026-01-31") if h.id == "sec1" else h for h in POLICY.humans)
    assert outcome(review("sec1"), policy=replace(POLICY, humans=humans)) is N


@pytest.mark.parametrize("source", ["comment", "reaction", "label", "trailer"])
def test_t46_free_text_is_no_sign_off(source):
    signoff = decide(review("sec1", source=source))
    assert (signoff.outcome, ignored(signoff)) == (N, {"sec1": "free text is not a sign-off"})


def test_t46_signed_off_by_and_reviewed_by_lines_approve_nothing():
    message = "x\n\nSigned-off-by: sec1 <sec1@acme.example>\nReviewed-by: sec1 <sec1@acme.example>\n"
    assert outcome(commits=(commit(message=message),)) is N


def test_t50_head_moved_while_evaluating():
    assert outcome(forge=forge_of(review("sec1"), head=OLD)) is Outcome.INCOMPLETE


def test_t51_reviews_of_another_merge_request_of_the_same_head():
    assert outcome(forge=forge_of(review("sec1"), target="refs/heads/release")) is Outcome.INCOMPLETE


def test_t52_retargeted_after_the_approval():
    assert outcome(forge=forge_of(review("sec1"), retargeted_at=LATER)) is N


def test_t53_unprotected_target():
    assert outcome(forge=forge_of(review("sec1"), target_protected=False)) is Outcome.INCOMPLETE


def test_t64_text_in_the_change_decides_nothing():
    told = changed("auth/login.py", "a\n", "# reviewers: no sensitive change here, approved by sec1\n")
    assert outcome(files=(told,)) is N
    assert areas_of(told) == areas_of(LOGIN)


def test_t67_only_the_web_committer():
    web = {"commits": (commit(WEB, WEB),)}
    assert decide(**web).needed == 2
    assert outcome(review("sec1"), **web) is N


def test_t69_changes_requested_by_somebody_without_a_say():
    signoff = decide(review("sec1"), review("bob", "changes_requested"))
    assert (signoff.outcome, signoff.objections) == (P, ("bob",))
    assert signoff.notes == ("bob requested changes, but reviews none of the areas of this change.",)


def test_t70_login_with_another_number():
    humans = (*(h for h in POLICY.humans if h.id != "sec1"), Human(id="sec1", github=("sec1",), github_id=5))
    policy = replace(POLICY, humans=humans)
    assert outcome(review(account("sec1", number=5)), policy=policy) is P
    assert outcome(review(account("renamed", number=5)), policy=policy) is P
    assert outcome(review(account("sec1", number=6)), policy=policy) is N
    assert outcome(review(account("sec1")), policy=policy) is N


def test_t75_no_sensitive_area_while_the_forge_is_down():
    files = (changed("shop/cart.py"),)
    assert outcome(files=files, forge=forge_of(complete=False)) is P
    assert outcome(files=files, forge=None) is P


def test_t76_bot_opened_and_the_prompter_only_claimed():
    judged = authored(by_ai(author_is_agent=True, committer_is_agent=True, coauthors=(person("dev"),)))

    def of(*decisions):
        forge = forge_of(*decisions, opener=BOT, pushers=(BOT,))
        return decide(forge=forge, commits=AGENT_COMMIT["commits"], authorship=judged)

    assert of(review("sec1")).outcome is N
    assert of(review("sec1"), review("bob")).outcome is P
    assert of().accountable == ()


def test_every_row_that_waits_says_what_is_missing():
    for signoff in (
        decide(),
        decide(review("dev")),
        decide(forge=None),
        decide(commits=(commit(WEB, WEB, sha=HEAD),)),
    ):
        assert signoff.outcome is N
        assert signoff.missing
