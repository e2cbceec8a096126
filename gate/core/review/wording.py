"""What a waiting change still needs, in sentences for a tired person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.words import listed, shown

if TYPE_CHECKING:
    from gate.core.policy import SignoffPolicy
    from gate.core.review.authors import Makers
    from gate.core.review.decisions import Acceptance
    from gate.core.review.model import Group, Signoff

_SHOWN = 8


def needed_because(policy: SignoffPolicy, makers: Makers) -> tuple[str, ...]:
    """Return why more people are needed than the policy asks for at least; empty if no more are."""
    least = max(policy.min, 1)
    reasons = []
    if makers.ai and not makers.accountable and least < 2:
        reasons.append("an AI took part and no listed human opened, requested or pushed this")
    elif makers.ai and policy.ai_min > least:
        reasons.append("an AI took part")
    if makers.unresolved and least < 2:
        reasons.append(f"signoff.humans does not list {listed(makers.unresolved, most=3)}")
    return tuple(reasons)


def missing_lines(facts: Signoff, acceptance: Acceptance) -> tuple[str, ...]:
    """Return one sentence for each thing that is missing: areas in order, then the count, then approvals that
    were not asked for. Never empty for a change that waits.
    """
    lines = [line for area in facts.waiting or () for line in _area(area, facts)]
    if len(facts.accepted) < facts.needed and (facts.needed > 1 or not lines):
        lines.append(_count(facts, acceptance))
    if acceptance.forge is None:
        lines.append(
            "Approvals were not asked for: give the merge request's reviews with --reviews FILE, or signed "
            "statements with --signoffs PATH."
        )
    return tuple(lines)


def _area(area: str, facts: Signoff) -> list[str]:
    eligible = set(facts.eligible.get(area, ()))
    accepted = set(facts.served.get(area, ()))
    groups = [group for group in facts.groups[area] if not group.served_by(accepted)]
    if not any(group.people for group in facts.groups[area]):
        return [
            f"No reviewer is configured for {area}: add signoff.reviewers.{area} to .gate.yml of the target branch."
        ]
    if len(facts.groups[area]) == 1 and not groups[0].owners:
        return [f"{area}: {_group(area, groups[0], eligible, accepted, facts)}"]
    return [
        f"{area}, {listed([shown(path) for path in group.paths], most=3)}: "
        f"{_group(area, group, eligible, accepted, facts)}"
        for group in groups
    ]


def _group(area: str, group: Group, eligible: set[str], accepted: set[str], facts: Signoff) -> str:
    can = sorted(eligible.intersection(group.people) - accepted)
    owners = eligible.intersection(group.owners)
    enough = len(owners) >= group.needed or not eligible.isdisjoint(group.reviewers)
    if can and enough:
        if group.needed > 1 and group.owners:
            alone = sorted(eligible.intersection(group.reviewers))
            either = f", or 1 of {listed(alone, most=_SHOWN)}" if alone else ""
            section = f" of section {group.section}" if group.section else ""
            return (
                f"needs {group.needed} owners{section} of {listed(sorted(owners), most=_SHOWN)}"
                f"{_so_far(accepted & owners)}{either}."
            )
        return f"needs {'1 of ' if len(can) > 1 else ''}{listed(can, most=_SHOWN)}."
    if not group.people:
        return f"no listed human owns this: add one to signoff.reviewers.{area} or to CODEOWNERS on the target branch."
    if owners:
        return (
            f"needs {group.needed} owners, and only {listed(sorted(owners), most=_SHOWN)} can sign. Add another person to "
            f"signoff.reviewers.{area} on the target branch."
        )
    barred = {one.who: one.why for one in facts.barred.get(area, ())}
    made = [p for p in group.people if p in facts.roles]
    others = [f"{p} ({barred[p]})" for p in group.people if p not in facts.roles and p in barred]
    reasons = [f"{listed(made, most=_SHOWN)} made this change" if made else ""]
    reasons.append(f"{listed(others, most=_SHOWN)} may not sign" if others else "")
    return (
        f"no eligible reviewer, {' and '.join(r for r in reasons if r)}. Add another person to "
        f"signoff.reviewers.{area} on the target branch."
    )


def _so_far(accepted: set[str]) -> str:
    return f" ({listed(sorted(accepted))} did)" if accepted else ""


def _count(facts: Signoff, acceptance: Acceptance) -> str:
    can = sorted(
        human
        for human in acceptance.people.humans
        if human not in facts.accepted and not acceptance.barred(human)
    )
    more = facts.needed - len(facts.accepted)
    who = (
        f" from {listed(can, most=_SHOWN)} (with write permission)"
        if can
        else ", and signoff.humans lists nobody else who may sign"
    )
    because = f" because {' and '.join(facts.needed_because)}" if facts.needed_because else ""
    return f"{facts.needed} people must sign off{because}; {len(facts.accepted)} did: {more} more{who}."
