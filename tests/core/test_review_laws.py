"""Laws of the sign-off decision, on generated changes, people and reviews.

`LAW_EXAMPLES=2000 pytest tests/core/test_review_laws.py` looks longer.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gate.core.area import Touch
from gate.core.authorship import Authorship, AuthorVerdict, CommitAuthorship
from gate.core.change import Person
from gate.core.policy import CarryOver, SignoffPolicy
from gate.core.review import Binding, ForgeFacts, decide_signoff
from gate.core.review.decisions import NATIVE_SOURCES
from gate.core.review.people import People
from gate.core.verdict import Outcome, RuleResult, combine
from tests.core.test_threats_factories import (
    CLAUDE,
    HEAD,
    HUMANS,
    NAMES,
    NOW,
    OLD,
    REPO,
    TARGET,
    WEB,
    account,
    commit,
    forge_of,
    is_agent,
    person,
    review,
    shipped_areas,
)

law = settings(max_examples=int(os.environ.get("LAW_EXAMPLES", "100")))

DIGEST = "sha256:" + "1" * 64
AREAS = ("auth", "authz", "crypto", "data", "gate", "supply", "opaque")
STATES = (
    "approved",
    "approved",
    "changes_requested",
    "changes_requested",
    "dismissed",
    "revoked",
    "commented",
    "odd",
)
SOURCES = ("review", "review", "approval", "statement", "comment", "trailer")

touch = st.builds(
    Touch,
    area=st.sampled_from(AREAS),
    layer=st.just("L1"),
    rule=st.just("L1.word"),
    path=st.sampled_from(("a.py", "b.py")),
    line=st.integers(0, 2),
    side=st.sampled_from(("old", "new")),
)
touches = st.lists(touch, max_size=3)
sensitive_touches = st.lists(touch, min_size=1, max_size=3)
accounts = st.builds(
    account,
    st.sampled_from((*NAMES, "dev-second", "sec1-second", "stranger", "agent[bot]")),
    st.sampled_from(("user", "user", "user", "bot", "unknown")),
)
decisions = st.builds(
    review,
    accounts,
    st.sampled_from(STATES),
    id=st.integers(0, 99).map(str),
    at=st.sampled_from(("2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z", "2026-02-03T00:00:00+00:00", "?")),
    commit=st.sampled_from((HEAD, HEAD, HEAD, OLD, "d" * 40, None)),
    active=st.sampled_from((True, True, True, False)),
    permission=st.sampled_from(("write", "write", "admin", "read")),
    source=st.sampled_from(SOURCES),
)
identities = st.sampled_from(
    (*map(person, NAMES), CLAUDE, WEB, Person(name="X", email="x@home.example"), Person(name="", email=""))
)
people = st.lists(identities, max_size=2).map(tuple)
makings = st.tuples(identities, identities, st.sampled_from(AuthorVerdict), people, people, st.booleans())
policies = st.builds(
    SignoffPolicy,
    min=st.integers(1, 2),
    ai_min=st.integers(1, 2),
    humans=st.just(HUMANS),
    reviewers=st.dictionaries(
        st.sampled_from(AREAS),
        st.lists(st.sampled_from(NAMES), min_size=1, unique=True).map(tuple),
        max_size=5,
    )
    | st.just(dict.fromkeys(AREAS, NAMES)),
    carry_over=st.sampled_from(CarryOver),
)
forges = st.builds(
    ForgeFacts,
    repo=st.just(REPO),
    target=st.just(TARGET),
    target_protected=st.just(True),
    head=st.just(HEAD),
    opener=accounts | st.just(account("dev")),
    requester=st.none() | accounts,
    pushers=st.none() | st.lists(accounts, max_size=2).map(tuple),
    retargeted_at=st.sampled_from((None, None, "2026-02-01T00:00:00Z")),
    commit_accounts=st.dictionaries(
        st.sampled_from([f"{n:040x}" for n in range(3)]),
        st.tuples(st.none() | accounts, st.none() | accounts),
        max_size=2,
    ),
    decisions=st.lists(decisions, max_size=5).map(tuple),
)


#: Half of all worlds are orderly, or hardly any would pass.
approvals = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map(
    lambda names: tuple(map(review, names))
)
orderly_forges = st.builds(
    lambda good, more: forge_of(*good, *more), approvals, st.lists(decisions, max_size=1)
)
orderly_policies = st.builds(
    SignoffPolicy,
    ai_min=st.integers(1, 2),
    humans=st.just(HUMANS),
    reviewers=st.just(dict.fromkeys(AREAS, NAMES)),
)
orderly_makings = st.tuples(
    st.sampled_from((person("dev"), CLAUDE)),
    st.sampled_from((person("dev"), WEB)),
    st.sampled_from(AuthorVerdict),
    st.just(()),
    st.just(()),
    st.booleans(),
)


def made(rows) -> dict:
    """Commits and their authorship from rows of makings."""
    commits, judged = [], []
    for number, (author, committer, verdict, coauthors, signers, update) in enumerate(rows):
        sha = f"{number:040x}"
        commits.append(commit(author, committer, sha=sha, update_merge=update and number > 0))
        judged.append(
            CommitAuthorship(
                sha=sha,
                verdict=verdict,
                coauthors=tuple(p for p in coauthors if p != CLAUDE),
                signers=signers,
                author_is_agent=author == CLAUDE,
                committer_is_agent=committer == CLAUDE,
            )
        )
    return {
        "commits": tuple(commits),
        "authorship": Authorship(verdict=AuthorVerdict.UNDECLARED, commits=tuple(judged)),
    }


@st.composite
def worlds(draw, *, sensitive: bool = True, with_forge: bool = True) -> dict:
    """The arguments of one decision."""
    orderly = draw(st.booleans())
    forge = orderly_forges if orderly else forges
    return {
        "touches": draw(sensitive_touches if sensitive else touches),
        "binding": Binding(repo=REPO, target=TARGET, head=HEAD, change_digest=DIGEST),
        "forge": draw(forge if with_forge else st.none() | forge),
        "policy": draw(orderly_policies if orderly else policies),
        "now": NOW,
        "is_agent": is_agent,
        "undeclared_is_ai": draw(st.booleans()),
        "older_digests": draw(st.sampled_from(({}, {OLD: DIGEST}, {OLD: "sha256:other"}))),
        **made(draw(st.lists(orderly_makings if orderly else makings, max_size=3))),
    }


def decide(world: dict, **changed):
    # The areas are no part of a world: their text would bury a counterexample.
    return decide_signoff(**{"areas": shipped_areas(), **world, **changed})


def with_decisions(world: dict, *more) -> dict:
    forge = world["forge"]
    return {**world, "forge": replace(forge, decisions=(*forge.decisions, *more))}


@law
@given(worlds(), decisions)
def test_law_01_an_approval_of_somebody_who_may_not_sign_changes_nothing(world, extra):
    before = decide(world)
    who = People(HUMANS).behind(extra.account)
    listed = who in NAMES
    assume(
        not listed
        or (
            who in before.authors
            and all(People(HUMANS).behind(d.account) != who for d in world["forge"].decisions)
        )
    )
    after = decide(with_decisions(world, replace(extra, state="approved")))
    assert (after.outcome, after.accepted) == (before.outcome, before.accepted)


@law
@given(worlds(), decisions)
def test_law_02_comments_unknown_states_and_free_text_change_nothing(world, extra):
    before = decide(world).outcome
    for odd in (
        replace(extra, state="commented"),
        replace(extra, state="odd"),
        replace(extra, source="comment"),
    ):
        assert decide(with_decisions(world, odd)).outcome is before


@law
@given(worlds(sensitive=False, with_forge=False), touches)
def test_law_03_more_evidence_never_makes_a_pass_and_removes_no_area(world, more):
    before, after = decide(world), decide(world, touches=[*world["touches"], *more])
    assert before.areas.keys() <= after.areas.keys()
    assert before.outcome is Outcome.PASSED or after.outcome is not Outcome.PASSED


@law
@given(worlds(sensitive=False, with_forge=False), makings)
def test_law_04_one_more_commit_never_makes_a_pass(world, extra):
    before = decide(world)
    rows = made([extra, extra])
    sha = "9" * 40
    after = decide(
        world,
        commits=(replace(rows["commits"][1], sha=sha), *world["commits"]),
        authorship=replace(
            world["authorship"],
            commits=(rows["authorship"].commits[1]._replace(sha=sha), *world["authorship"].commits),
        ),
    )
    assert set(before.authors) <= set(after.authors)
    assert before.outcome is Outcome.PASSED or after.outcome is not Outcome.PASSED
    assert before.needed <= after.needed


@law
@given(worlds(), people, people)
def test_law_04_one_more_trailer_never_makes_a_pass(world, coauthors, signers):
    assume(world["commits"])
    first, *rest = world["authorship"].commits
    more = first._replace(
        coauthors=first.coauthors + tuple(p for p in coauthors if p != CLAUDE),
        signers=first.signers + signers,
    )
    before = decide(world)
    after = decide(world, authorship=replace(world["authorship"], commits=(more, *rest)))
    assert before.outcome is Outcome.PASSED or after.outcome is not Outcome.PASSED


@law
@given(worlds(sensitive=False, with_forge=False), st.sampled_from([v for v in AuthorVerdict if v.is_ai]))
def test_law_05_evidence_of_ai_never_lowers_the_bar(world, verdict):
    before = decide(world)
    judged = [c._replace(verdict=verdict, agents=("claude-code",)) for c in world["authorship"].commits]
    for after in (
        decide(world, authorship=replace(world["authorship"], commits=tuple(judged))),
        decide(world, authorship=replace(world["authorship"], verdict=verdict)),
        decide(world, undeclared_is_ai=True),
    ):
        assert after.needed >= before.needed
        assert after.outcome >= before.outcome


@law
@given(worlds(with_forge=False), st.randoms(use_true_random=False))
def test_law_06_the_order_of_inputs_has_no_effect(world, random):
    def shuffled(items):
        return tuple(random.sample(list(items), len(items)))

    forge = world["forge"] and replace(
        world["forge"],
        decisions=shuffled(world["forge"].decisions),
        pushers=world["forge"].pushers and shuffled(world["forge"].pushers),
    )
    other = decide(
        world,
        touches=shuffled(world["touches"]),
        areas=shuffled(shipped_areas()),
        commits=shuffled(world["commits"]),
        authorship=replace(world["authorship"], commits=shuffled(world["authorship"].commits)),
        forge=forge,
        policy=replace(world["policy"], humans=shuffled(world["policy"].humans)),
    )
    assert repr(other) == repr(decide(world))


@law
@given(worlds())
def test_law_09_a_pass_is_what_it_says(world):
    signoff = decide(world)
    assume(signoff.outcome is Outcome.PASSED)
    assert not set(signoff.accepted) & set(signoff.authors)
    assert len(signoff.accepted) >= max(signoff.needed, 1)
    assert set(signoff.accepted) <= set(NAMES)
    assert all(set(signoff.accepted) & set(able) for able in signoff.eligible.values())
    assert not signoff.missing


@law
@given(worlds(with_forge=False))
def test_law_10_whoever_waits_knows_for_what_and_every_lost_approval_has_a_reason(world):
    signoff = decide(world)
    if signoff.outcome is not Outcome.PASSED:
        assert signoff.missing
        assert all(signoff.missing)
    assert all(one.why for one in signoff.ignored)
    told = {one.who for one in signoff.ignored} | set(signoff.accepted)
    known = People(HUMANS)
    for decision in world["forge"].decisions if world["forge"] else ():
        if decision.state == "approved":
            assert (known.by_account(decision.account) or decision.account.account) in told


@law
@given(
    worlds(),
    st.sampled_from(
        (
            {"complete": False},
            {"missing": ("x",)},
            {"target_protected": None},
            {"target_protected": False},
            {"head": OLD},
        )
    ),
)
def test_law_11_a_missing_fact_is_incomplete_whatever_the_reviews_say(world, fault):
    assert decide(world, forge=replace(world["forge"], **fault)).outcome is Outcome.INCOMPLETE
    unread = replace(world["binding"], missing=("x",))
    assert decide(world, binding=unread).outcome is Outcome.INCOMPLETE


@law
@given(worlds(), st.sampled_from(NAMES), st.sampled_from(("permission", "active", "listing")))
def test_law_12_taking_rights_away_never_improves_the_verdict(world, name, what):
    before = decide(world)
    assume(name not in before.objections)
    known = People(HUMANS)
    faults = {"permission": {"permission": "none"}, "active": {"active": False}, "listing": {}}
    forge = world["forge"]
    reduced = tuple(
        replace(d, **faults[what]) if known.by_account(d.account) == name else d for d in forge.decisions
    )
    policy = world["policy"]
    if what == "listing":
        policy = replace(
            policy,
            humans=tuple(h for h in HUMANS if h.id != name),
            reviewers={a: tuple(r for r in rs if r != name) for a, rs in policy.reviewers.items()},
        )
    after = decide(world, forge=replace(forge, decisions=reduced), policy=policy)
    assert after.outcome >= before.outcome


@law
@given(worlds())
def test_law_14_all_accounts_of_a_person_count_once(world):
    second = {name: f"{name}-second" for name in NAMES}
    twice = [
        replace(d, account=replace(d.account, account=f"github:{second[login]}"))
        for d in world["forge"].decisions
        if (login := d.account.account.partition(":")[2]) in second
    ]
    before, after = decide(world), decide(with_decisions(world, *twice))
    assert len(after.accepted) == len(set(after.accepted))
    assert (after.outcome, after.accepted) == (before.outcome, before.accepted)


@law
@given(worlds(with_forge=False), st.lists(st.sampled_from(Outcome), max_size=3))
def test_law_15_the_sign_off_never_lowers_another_outcome(world, outcomes):
    others = [RuleResult(rule="x", outcome=one, because="x") for one in outcomes]
    mine = RuleResult(rule="signoff.required", outcome=decide(world).outcome, because="x")
    assert combine([*others, mine]).outcome == max([*outcomes, mine.outcome])


def test_law_15_the_order_of_outcomes_is_total():
    assert sorted(Outcome) == [
        Outcome.SKIPPED,
        Outcome.PASSED,
        Outcome.NEEDS_SIGNOFF,
        Outcome.BLOCKED,
        Outcome.INCOMPLETE,
    ]


def test_the_generated_worlds_reach_every_outcome():
    seen = Counter()

    @settings(max_examples=200, database=None, derandomize=True)
    @given(worlds())
    def look(world):
        seen[decide(world).outcome] += 1

    look()
    assert seen.keys() >= {Outcome.PASSED, Outcome.NEEDS_SIGNOFF, Outcome.BLOCKED}
    assert seen[Outcome.PASSED] > 20
    assert set(SOURCES) > NATIVE_SOURCES
