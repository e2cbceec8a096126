"""The decision procedure: who has to sign a sensitive change, who did, and what is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gate.core.review.authors import Makers, find_makers
from gate.core.review.decisions import APPROVED, OBJECTED, Acceptance, latest_decisions, replaced
from gate.core.review.model import Ignored, Signoff
from gate.core.review.people import People
from gate.core.review.wording import missing_lines
from gate.core.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from gate.core.area import Area, Touch
    from gate.core.authorship import Authorship
    from gate.core.change import Commit
    from gate.core.policy import SignoffPolicy
    from gate.core.review.model import Binding, Decision, ForgeFacts


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
    earlier_commits: Sequence[Commit] = (),
    older_digests: Mapping[str, str] | None = None,
    changed_since: Mapping[str, tuple[str, ...]] | None = None,
) -> Signoff:
    """Return the sign-off decision with everything that it was derived from. Pure; never raises for hostile facts.

    `forge` None is a run that asked no forge: a required area then waits. `now` is ISO 8601 in UTC.
    `is_agent(name, email)` tells identities of machines; a listed human is never one. `earlier_commits` are
    those of earlier heads of the same merge request. `older_digests` gives the change digest of each older
    head that was signed and could be read, `changed_since` the paths that differ between it and now.

    The order of touches, commits and reviews has no effect.
    """
    by_area: dict[str, list[Touch]] = {}
    for touch in sorted(set(touches)):
        by_area.setdefault(touch.area, []).append(touch)
    people = People(policy.humans)
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
        retargeted_at=forge.retargeted_at if forge else None,
        older_digests=older_digests or {},
        changed_since=changed_since or {},
    )
    reviewers = reviewers_of_areas(by_area, areas, policy)
    facts = Signoff(
        outcome=Outcome.PASSED,
        required=bool(by_area),
        areas={area: tuple(found) for area, found in sorted(by_area.items())},
        authors=tuple(sorted(makers.roles)),
        accountable=tuple(sorted(makers.accountable)),
        unresolved=makers.unresolved,
        ai=makers.ai,
        needed=needed_count(policy, makers) if by_area else 0,
        eligible={
            area: tuple(p for p in named if p not in makers.roles and not acceptance.expired(p))
            for area, named in sorted(reviewers.items())
        },
        pushers="known" if forge is not None and forge.pushers is not None else "unknown",
    )
    if binding.missing:
        return replace(facts, outcome=Outcome.INCOMPLETE, missing=tuple(sorted(binding.missing)))
    if not by_area:
        return facts
    if forge is not None and (unusable := _unusable(forge, binding)):
        return replace(facts, outcome=Outcome.INCOMPLETE, missing=tuple(unusable))
    return _weigh(facts, forge, acceptance, reviewers)


def reviewers_of_areas(
    required: Iterable[str], areas: Iterable[Area], policy: SignoffPolicy
) -> dict[str, tuple[str, ...]]:
    """Return the sorted ids of listed humans who review each required area.

    An area without an entry in the policy takes those of the area that its definition names.
    """
    fallback = {area.id: area.reviewers_of for area in areas}
    listed = {human.id for human in policy.humans}
    found = {}
    for area in required:
        source: str | None = area
        seen = set()
        while source is not None and source not in policy.reviewers and source not in seen:
            seen.add(source)
            source = fallback.get(source)
        found[area] = tuple(sorted(listed.intersection(policy.reviewers.get(source or area, ()))))
    return found


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


def _unusable(forge: ForgeFacts, binding: Binding) -> list[str]:
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
    return sorted(found)


def _weigh(
    facts: Signoff,
    forge: ForgeFacts | None,
    acceptance: Acceptance,
    reviewers: Mapping[str, tuple[str, ...]],
) -> Signoff:
    """Steps 4 to 7: latest decisions, objections, acceptance, and whether it is enough."""
    people = acceptance.people
    decisions = forge.decisions if forge else ()
    standing = latest_decisions(people, decisions)
    objecting = {person for person, decision in standing.items() if decision.state == OBJECTED}
    blocking = objecting & {person for named in reviewers.values() for person in named}
    accepted: dict[str, Decision] = {}
    ignored: set[Ignored] = set()
    for decision in decisions:
        if decision.state != APPROVED:
            continue
        person = people.behind(decision.account)
        latest = standing.get(person)
        why = acceptance.why_not(decision)
        if not why and latest is not None:
            why = replaced(latest, decision)
        if why:
            ignored.add(Ignored(who=people.by_account(decision.account) or decision.account.account, why=why))
        elif latest == decision:
            accepted[person] = decision
    served = {area: any(person in accepted for person in named) for area, named in reviewers.items()}
    facts = replace(
        facts,
        accepted=tuple(sorted(accepted)),
        carried_over=tuple(sorted(p for p, d in accepted.items() if acceptance.carried_over(d))),
        ignored=tuple(sorted(ignored)),
        objections=tuple(sorted(objecting)),
        notes=_notes(facts, forge, objecting - blocking),
    )
    if blocking:
        names = ", ".join(sorted(blocking))
        line = f"{names} requested changes: the same person approves, withdraws it, or it is dismissed."
        return replace(facts, outcome=Outcome.BLOCKED, missing=(line,))
    if all(served.values()) and len(accepted) >= facts.needed:
        return facts
    lines = missing_lines(facts, forge, acceptance, reviewers, served)
    return replace(facts, outcome=Outcome.NEEDS_SIGNOFF, missing=lines)


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
