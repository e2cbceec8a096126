"""The decision procedure: who has to sign a sensitive change, who did, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gate.core.policy import CODEOWNERS
from gate.core.review import teams
from gate.core.review.authors import Makers, find_makers
from gate.core.review.decisions import APPROVED, OBJECTED, Acceptance, latest_decisions, moment, replaced
from gate.core.review.groups import groups_of_areas, unread_owners
from gate.core.review.model import Answer, Fate, Ignored, Signoff
from gate.core.review.people import People
from gate.core.review.weigh import Context, Weighed, fate, weigh
from gate.core.review.wording import missing_lines, needed_because
from gate.core.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from gate.core.area import Area, Touch
    from gate.core.authorship import Authorship
    from gate.core.change import Commit
    from gate.core.owners import Owners
    from gate.core.policy import SignoffPolicy
    from gate.core.review.model import Binding, Decision, ForgeFacts, Group
    from gate.core.review.statement import Signed


def decide_signoff(
    *,
    touches: Iterable[Touch],
    areas: Iterable[Area],
    binding: Binding,
    commits: Sequence[Commit],
    authorship: Authorship,
    forge: ForgeFacts | None,
    policy: SignoffPolicy,
    now: str,
    is_agent: Callable[[str, str], bool],
    undeclared_is_ai: bool = False,
    statements: Iterable[Signed] = (),
    owners: Owners | None = None,
    earlier_commits: Sequence[Commit] = (),
    older_digests: Mapping[str, str] | None = None,
    changed_since: Mapping[str, tuple[str, ...]] | None = None,
    trees: Mapping[str, str] | None = None,
) -> Signoff:
    """Return the sign-off decision with everything that it was derived from. Pure; never raises for hostile facts.

    `forge` None is a run that asked no forge: only signed `statements` can count then. `now` is ISO 8601 in
    UTC. `is_agent(name, email)` tells identities of machines; a listed human is never one. `owners` is the
    CODEOWNERS of the base commit. `earlier_commits` are those of earlier heads of the same merge request.
    `older_digests` gives the change digest of each older head that was signed and could be read,
    `changed_since` the paths of the change that differ between it and now, `trees` the tree of each commit that
    was signed.

    The order of touches, commits, reviews and statements has no effect.
    """
    areas = tuple(areas)
    by_area: dict[str, list[Touch]] = {}
    for touch in sorted(set(touches)):
        by_area.setdefault(touch.area, []).append(touch)
    people = People(teams.humans(policy, forge))
    makers = find_makers(
        people,
        commits,
        earlier_commits,
        authorship,
        forge,
        is_agent=is_agent,
        undeclared_is_ai=undeclared_is_ai,
    )
    acceptance = Acceptance(
        people=people,
        roles=makers.roles,
        binding=binding,
        policy=policy,
        now=now,
        forge=forge,
        older_digests=older_digests or {},
        changed_since=changed_since or {},
    )
    groups = groups_of_areas(by_area, areas, policy, people, owners, forge.teams if forge else {})
    reviewers = {area: _people(found) for area, found in sorted(groups.items())}
    facts = Signoff(
        outcome=Outcome.PASSED,
        required=bool(by_area),
        areas={area: tuple(found) for area, found in sorted(by_area.items())},
        authors=tuple(sorted(makers.roles)),
        roles=dict(sorted(makers.roles.items())),
        accountable=tuple(sorted(makers.accountable)),
        unresolved=makers.unresolved,
        ai=makers.ai,
        needed=needed_count(policy, makers) if by_area else 0,
        needed_because=needed_because(policy, makers) if by_area else (),
        groups=dict(sorted(groups.items())),
        eligible={
            area: tuple(p for p in named if not acceptance.barred(p)) for area, named in reviewers.items()
        },
        barred={
            area: tuple(Ignored(who=p, why=why) for p in named if (why := acceptance.barred(p)))
            for area, named in reviewers.items()
        },
        pushers="known" if forge is not None and forge.pushers is not None else "unknown",
        forge=_name_of(forge),
        notes=_owner_notes(by_area, policy, owners),
    )
    if binding.missing:
        return replace(facts, outcome=Outcome.INCOMPLETE, missing=tuple(sorted(binding.missing)))
    if not by_area:
        return facts
    if forge is not None and (unusable := _unusable(forge, binding, policy)):
        return replace(facts, outcome=Outcome.INCOMPLETE, missing=tuple(unusable))
    known = frozenset(
        {c.sha for c in (*commits, *earlier_commits)}
        | {binding.head, *(forge.earlier_heads if forge else ())}
    )
    weighed = weigh(
        statements,
        Context(
            people=people,
            binding=binding,
            policy=policy,
            now=moment(now) or datetime.min.replace(tzinfo=UTC),
            change=forge.change if forge else "",
            known=known,
            older_digests=acceptance.older_digests,
            changed_since=acceptance.changed_since,
            trees=trees or {},
        ),
    )
    return _weigh(facts, acceptance, weighed, unread_owners(by_area, areas, policy, owners, forge))


def _people(groups: Iterable[Group]) -> tuple[str, ...]:
    return tuple(sorted({person for group in groups for person in group.people}))


def _name_of(forge: ForgeFacts | None) -> str:
    """The forge that was asked, by the accounts that it named."""
    if forge is None:
        return ""
    accounts = [forge.opener, *(forge.pushers or ()), *(d.account for d in forge.decisions)]
    return next((a.account.partition(":")[0] for a in accounts if a is not None), "forge")


def needed_count(policy: SignoffPolicy, makers: Makers) -> int:
    """Return how many people have to accept. Evidence of AI and unknown identities only raise it."""
    needed = max(policy.min, 1)
    if makers.ai:
        needed = max(needed, policy.ai_min)
        if not makers.accountable:
            needed = max(needed, 2)
    if makers.unresolved:
        needed = max(needed, 2)
    return needed


def _unusable(forge: ForgeFacts, binding: Binding, policy: SignoffPolicy) -> list[str]:
    """Why the facts of the forge cannot carry a decision; sorted, empty if they can."""
    found = [f"The forge did not tell everything: {what}." for what in forge.missing]
    if not forge.complete and not forge.missing:
        found.append("The forge's answer is not complete.")
    if forge.target_protected is not True:
        state = (
            "is not protected" if forge.target_protected is False else "may not be protected: it is unknown"
        )
        found.append(
            f"The target branch {forge.target or binding.target} {state}, so approvals on it hold nothing."
        )
    if forge.head != binding.head:
        told = f"is at {forge.head[:12]}" if forge.head else "has no known head"
        found.append(
            f"The merge request {told}, but {binding.head[:12]} was judged: run the gate again on its head."
        )
    if "/" in forge.repo and "/" in binding.repo and forge.repo.casefold() != binding.repo.casefold():
        found.append(f"The reviews belong to the repository {forge.repo}, the change to {binding.repo}.")
    branches = [name for name in (forge.target, binding.target) if name.startswith("refs/heads/")]
    if len(branches) == 2 and branches[0] != branches[1]:
        found.append(
            f"The reviews belong to a merge request into {forge.target}, the change goes to {binding.target}."
        )
    found += [
        f"Who is in {team} could not be read, and signoff.humans_from takes humans from there."
        for team in teams.unread(policy, forge)
    ]
    return sorted(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """Who stands where on one area."""

    latest: Mapping[str, Decision]
    accepted: Mapping[str, Decision]
    objecting: frozenset[str]


def _stand(area: str, decisions: Sequence[Decision], acceptance: Acceptance) -> _Standing:
    latest = latest_decisions(acceptance.people, decisions, area, moment(acceptance.now))
    return _Standing(
        latest=latest,
        accepted={p: d for p, d in latest.items() if d.state == APPROVED and not acceptance.why_not(d)},
        objecting=frozenset(p for p, d in latest.items() if d.state == OBJECTED),
    )


def _weigh(facts: Signoff, acceptance: Acceptance, weighed: Weighed, unread: Sequence[str]) -> Signoff:
    """Steps 4 to 8: latest decisions, objections, acceptance, whether it is enough, and the override.

    `unread` are teams that own touched paths and could not be read: with them somebody more could sign, and
    whoever objects may be one of them.
    """
    forge = acceptance.forge
    decisions = (*(forge.decisions if forge else ()), *weighed.decisions)
    standing = {area: _stand(area, decisions, acceptance) for area in facts.areas}
    objecting = {person for one in standing.values() for person in one.objecting}
    blocking = objecting & {person for found in facts.groups.values() for person in _people(found)}
    accepted = {person for one in standing.values() for person in one.accepted}
    served = {
        area: tuple(sorted(one.accepted.keys() & _people(facts.groups[area])))
        for area, one in standing.items()
    }
    waiting = [
        area
        for area, one in standing.items()
        if not all(group.served_by(one.accepted) for group in facts.groups[area])
    ]
    carried = {p for one in standing.values() for p, d in one.accepted.items() if acceptance.carried_over(d)}
    ignored = {*weighed.ignored, *_ignored(decisions, standing.values(), acceptance)}
    facts = replace(
        facts,
        accepted=tuple(sorted(accepted)),
        answers=_answers(standing),
        carried_over=tuple(sorted(carried)),
        ignored=tuple(sorted(ignored)),
        objections=tuple(sorted(objecting)),
        served=served,
        waiting=tuple(waiting),
        statements=_fates(weighed, standing.values(), acceptance),
        notes=tuple(sorted({*facts.notes, *_notes(facts, forge, objecting - blocking), *weighed.notes})),
    )
    if blocking:
        names = ", ".join(sorted(blocking))
        line = f"{names} requested changes: the same person approves, withdraws it, or it is dismissed."
        return replace(facts, outcome=Outcome.BLOCKED, missing=(line,))
    enough = not waiting and len(accepted) >= facts.needed
    if unread and (objecting or not enough):
        told = tuple(
            f"Who is in {team} could not be read, and CODEOWNERS names it as owner." for team in unread
        )
        return replace(facts, outcome=Outcome.INCOMPLETE, missing=told)
    if enough:
        return facts
    lines = missing_lines(facts, acceptance)
    if weighed.overrides:
        return replace(facts, override=weighed.overrides[0], missing=lines)
    return replace(facts, outcome=Outcome.NEEDS_SIGNOFF, missing=lines)


def _answers(standing: Mapping[str, _Standing]) -> tuple[Answer, ...]:
    """Every decision that counts, once, with the areas for which it is somebody's latest."""
    areas: dict[tuple[str, Decision], list[str]] = {}
    for area, one in standing.items():
        for person, decision in one.accepted.items():
            areas.setdefault((person, decision), []).append(area)
    return tuple(
        sorted(
            Answer(who=person, kind=d.source, at=d.at, commit=d.commit or "", areas=tuple(sorted(named)))
            for (person, d), named in areas.items()
        )
    )


def _ignored(
    decisions: Iterable[Decision], standing: Iterable[_Standing], acceptance: Acceptance
) -> set[Ignored]:
    """Every approval that does not count, with the first reason; an older one beside a later one has none."""
    views = list(standing)
    ignored = set()
    for decision in decisions:
        if decision.state == APPROVED and (why := _why_not(decision, views, acceptance)):
            human = acceptance.people.by_account(decision.account)
            ignored.add(Ignored(who=human or decision.account.account, why=why))
    return ignored


def _why_not(decision: Decision, standing: Iterable[_Standing], acceptance: Acceptance) -> str:
    """Why a decision has no effect; empty for one that has, or that a later one of the same kind replaces."""
    if decision.state == APPROVED and (why := acceptance.why_not(decision)):
        return why
    person = acceptance.people.behind(decision.account)
    views = [view.latest[person] for view in standing if person in view.latest]
    if not views or decision in views:
        return ""
    return next((why for latest in views if (why := replaced(latest, decision))), "")


def _fates(weighed: Weighed, standing: Iterable[_Standing], acceptance: Acceptance) -> tuple[Fate, ...]:
    views = list(standing)
    found = list(weighed.refused)
    for decision, signed in weighed.decisions.items():
        why = _why_not(decision, views, acceptance)
        person = acceptance.people.behind(decision.account)
        if not why and not any(view.latest.get(person) == decision for view in views):
            later = any(person in view.latest for view in views)
            why = (
                "replaced by a later decision of the same person"
                if later
                else (f"it is for {', '.join(decision.areas or ())}, which this change does not touch")
            )
        found.append(fate(signed, why))
    found += [fate(signed) for signed in weighed.valid_overrides]
    return tuple(sorted(found))


def _owner_notes(touched: Iterable[str], policy: SignoffPolicy, owners: Owners | None) -> tuple[str, ...]:
    if not any(touched) or not any(CODEOWNERS in listed for listed in policy.reviewers.values()):
        return ()
    if owners is None:
        return ("The policy names codeowners, and the base commit has no CODEOWNERS file.",)
    return tuple(
        f"{owners.path}:{line} could not be understood and gives nobody ownership."
        for line in owners.ignored[:5]
    )


def _notes(facts: Signoff, forge: ForgeFacts | None, others: Iterable[str]) -> tuple[str, ...]:
    notes = [
        f"{person} requested changes, but reviews none of the areas of this change." for person in others
    ]
    if forge is not None and forge.pushers is None:
        notes.append("Who pushed this branch is unknown, so pushers could not be kept from signing.")
    if facts.unresolved:
        notes.append(
            "Identities that belong to nobody in signoff.humans: " + "; ".join(facts.unresolved) + "."
        )
    return tuple(sorted(notes))
