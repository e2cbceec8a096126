"""Laws of the sign-off decision with signed statements, owners of paths and overrides, on generated worlds."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.owners import parse_owners
from gate.core.policy import BreakGlass
from gate.core.review import Member
from gate.core.review.statement import Signed, Statement
from gate.core.verdict import Outcome
from tests.core.test_review_laws import AREAS, DIGEST, decide, law, worlds
from tests.core.test_threats_factories import HEAD, NAMES, OLD, REPO, TARGET, account

GLASS = BreakGlass(people=("sec1", "bob", "dev"), max_hours=72)
OTHER = "sha256:" + "2" * 64

statement = st.builds(
    Statement,
    decision=st.sampled_from(("approve", "approve", "approve", "reject", "revoke", "override")),
    reviewer=st.sampled_from((*NAMES, "stranger")),
    repo=st.sampled_from((REPO, REPO, REPO, REPO.upper(), "host.example/acme/other")),
    commit=st.sampled_from((HEAD, HEAD, HEAD, OLD, "d" * 40)),
    tree=st.just("e" * 40),
    target=st.sampled_from((TARGET, TARGET, TARGET, "refs/tags/v1")),
    base=st.just("c" * 40),
    change_digest=st.sampled_from((DIGEST, DIGEST, DIGEST, OTHER)),
    policy_digest=st.just(OTHER),
    created_at=st.sampled_from(
        ("2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z", "2026-02-28T12:00:00Z", "2026-03-05T00:00:00Z")
    ),
    areas=st.just(AREAS)
    | st.lists(st.sampled_from(AREAS), min_size=1, max_size=3, unique=True).map(sorted).map(tuple),
    change=st.sampled_from((None, None, "12", "13")),
    expires_at=st.sampled_from((None, None, "2026-02-20T00:00:00Z", "2026-03-02T00:00:00Z")),
    text=st.sampled_from((None, "short", "the shop is down for everybody")),
)
signed = st.builds(
    lambda given, problem, source: Signed(
        source=source, id=f"{zlib.crc32(repr(given).encode()):012x}", statement=given, problem=problem
    ),
    statement,
    st.sampled_from(("", "", "", "its content was changed")),
    st.sampled_from(("a", "b")),
)
overriding = st.sampled_from(NAMES).map(
    lambda who: Signed(
        source="glass",
        id=f"override {who}",
        statement=Statement(
            decision="override",
            reviewer=who,
            repo=REPO,
            commit=HEAD,
            tree="e" * 40,
            target=TARGET,
            base="c" * 40,
            change_digest=DIGEST,
            policy_digest=OTHER,
            created_at="2026-02-28T12:00:00Z",
            expires_at="2026-03-02T00:00:00Z",
            text="the shop is down for everybody",
        ),
    )
)
several = st.lists(signed | signed | overriding, max_size=4)
owners = st.sampled_from(
    (
        None,
        parse_owners(b"* @sec1 @bob\n", "CODEOWNERS", forge="github"),
        parse_owners(b"a.py @sec1\nb.py @priv1 @stranger\n", "CODEOWNERS", forge="github"),
    )
)
members = st.lists(
    st.builds(
        Member,
        account=st.sampled_from(NAMES).map(account),
        active=st.sampled_from((True, True, False)),
        permission=st.sampled_from(("write", "write", "read")),
    ),
    max_size=4,
).map(tuple)


@st.composite
def signing_worlds(draw) -> dict:
    world = draw(worlds(with_forge=draw(st.booleans())))
    policy, forge = world["policy"], world["forge"]
    if draw(st.booleans()):
        policy = replace(policy, reviewers={a: (*them, "codeowners") for a, them in policy.reviewers.items()})
    if forge is not None:
        forge = replace(forge, members=draw(members))
    glass = draw(st.sampled_from((None, None, GLASS)))
    return {
        **world,
        "policy": replace(policy, break_glass=glass),
        "forge": forge,
        "statements": draw(several),
        "owners": draw(owners),
    }


@law
@given(signing_worlds(), signed)
def test_law_02_a_statement_that_is_not_authentic_or_foreign_changes_nothing(world, extra):
    before = decide(world)
    for odd in (
        replace(extra, problem="it is signed with a key that is not listed"),
        replace(extra, statement=replace(extra.statement, target="refs/heads/elsewhere")),
        replace(extra, statement=replace(extra.statement, repo="host.example/acme/elsewhere")),
        replace(extra, statement=None, problem="it is not JSON"),
    ):
        after = decide({**world, "statements": [*world["statements"], replace(odd, id="extra")]})
        assert (after.outcome, after.accepted) == (before.outcome, before.accepted)
        # Overrides of other branches stand for nothing here and are counted all the same.
        assert (after.override and after.override.by) == (before.override and before.override.by)


@law
@given(signing_worlds(), st.randoms(use_true_random=False))
def test_law_06_order_and_copies_of_statements_have_no_effect(world, random):
    copies = [replace(one, source="copy") for one in world["statements"]]
    mixed = [*world["statements"], *world["statements"]]
    random.shuffle(mixed)
    before, after = decide(world), decide({**world, "statements": mixed})
    assert before == after
    copied = decide({**world, "statements": copies + mixed})
    assert (copied.outcome, copied.accepted, copied.missing) == (
        before.outcome,
        before.accepted,
        before.missing,
    )


@law
@given(signing_worlds())
def test_law_09_a_pass_is_what_it_says(world):
    signoff = decide(world)
    if signoff.outcome is not Outcome.PASSED or not signoff.required:
        return
    if signoff.override is not None:
        assert signoff.override.by in GLASS.people
        assert world["policy"].break_glass is GLASS
        assert signoff.missing
        return
    assert not set(signoff.accepted) & set(signoff.authors)
    assert len(signoff.accepted) >= signoff.needed >= 1
    assert set(signoff.accepted) <= set(NAMES)
    assert signoff.waiting == ()
    for area, groups in signoff.groups.items():
        served = set(signoff.served[area])
        assert served <= set(signoff.accepted)
        assert all(group.served_by(served) for group in groups)
        assert {path for group in groups for path in group.paths} == {t.path for t in signoff.areas[area]}


@law
@given(signing_worlds())
def test_law_10_every_statement_has_a_fate_and_every_lost_one_a_reason(world):
    signoff = decide(world)
    if signoff.outcome is Outcome.NEEDS_SIGNOFF:
        assert signoff.missing
    if signoff.waiting is not None:
        assert {one.id for one in signoff.statements} == {one.id for one in world["statements"]}
        assert all(bool(one.why) != one.counts for one in signoff.statements)


@law
@given(signing_worlds())
def test_an_override_passes_what_waits_and_nothing_else(world):
    without = decide({**world, "policy": replace(world["policy"], break_glass=None)})
    signoff = decide({**world, "policy": replace(world["policy"], break_glass=GLASS)})
    if signoff.override is None:
        assert signoff.outcome is without.outcome
        assert signoff.outcome is not Outcome.NEEDS_SIGNOFF or not {"override sec1", "override bob"} & {
            one.id for one in world["statements"]
        }
    else:
        assert (without.outcome, signoff.outcome) == (Outcome.NEEDS_SIGNOFF, Outcome.PASSED)
    assert (signoff.accepted, signoff.needed, signoff.areas) == (
        without.accepted,
        without.needed,
        without.areas,
    )


@law
@given(signing_worlds(), st.sampled_from(NAMES))
def test_law_12_losing_write_or_place_in_the_team_never_improves(world, name):
    signoff = decide(world)
    if name in signoff.objections or world["forge"] is None:
        return
    forge = world["forge"]
    weaker = replace(
        forge,
        members=tuple(
            replace(m, permission="read") if name in m.account.account else m for m in forge.members
        ),
        decisions=tuple(
            replace(d, permission="read") if name in d.account.account else d for d in forge.decisions
        ),
    )
    after = decide({**world, "forge": weaker})
    assert after.outcome >= signoff.outcome


@law
@given(signing_worlds())
def test_the_word_codeowners_without_a_named_reviewer_lets_only_owners_in(world):
    """Nobody signs a path by CODEOWNERS whom neither the file nor the policy names."""
    signoff = decide(world)
    for area, groups in signoff.groups.items():
        named = set(world["policy"].reviewers.get(area, ()))
        for group in groups:
            assert set(group.owners) <= {"sec1", "bob", "priv1"}
            assert not named or set(group.reviewers) <= named


def test_the_generated_worlds_reach_every_fate():
    seen: Counter[object] = Counter()

    @settings(max_examples=500)
    @given(signing_worlds())
    def look(world):
        signoff = decide(world)
        seen[signoff.outcome] += 1
        seen["override"] += signoff.override is not None
        seen["statement counts"] += any(one.counts for one in signoff.statements)
        seen["passed by statements"] += (
            signoff.outcome is Outcome.PASSED and world["forge"] is None and signoff.override is None
        )
        seen["owners"] += any(group.owners for groups in signoff.groups.values() for group in groups)

    look()
    for what in (*list(Outcome)[1:4], "override", "statement counts", "owners"):
        assert seen[what], what
