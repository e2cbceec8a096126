"""What a waiting change still needs, in sentences for a tired person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.words import listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.core.review.decisions import Acceptance
    from gate.core.review.model import ForgeFacts, Signoff

_SHOWN = 8


def missing_lines(
    facts: Signoff,
    forge: ForgeFacts | None,
    acceptance: Acceptance,
    reviewers: Mapping[str, tuple[str, ...]],
    served: Mapping[str, bool],
) -> tuple[str, ...]:
    """Return one sentence for each thing that is missing: areas in order, then the count, then approvals that
    were not asked for. Never empty for a change that waits.
    """
    lines = [_area(area, facts, reviewers[area]) for area in sorted(reviewers) if not served[area]]
    if len(facts.accepted) < facts.needed and (facts.needed > 1 or not lines):
        lines.append(_count(facts, acceptance))
    if forge is None:
        lines.append("Approvals were not asked for: give the merge request's reviews with --reviews FILE.")
    return tuple(lines)


def _area(area: str, facts: Signoff, reviewers: tuple[str, ...]) -> str:
    eligible = facts.eligible[area]
    if eligible:
        return f"{area}: needs 1 of {listed(eligible, most=_SHOWN)}."
    if not reviewers:
        return (
            f"No reviewer is configured for {area}: add signoff.reviewers.{area} to .gate.yml "
            "of the target branch."
        )
    out = [p for p in reviewers if p in facts.authors]
    gone = [p for p in reviewers if p not in facts.authors]
    reasons = [f"{listed(out, most=_SHOWN)} made this change" if out else ""]
    reasons.append(f"{listed(gone, most=_SHOWN)} may no longer sign" if gone else "")
    return (
        f"{area}: no eligible reviewer, {' and '.join(r for r in reasons if r)}. Add another person to "
        f"signoff.reviewers.{area} on the target branch."
    )


def _count(facts: Signoff, acceptance: Acceptance) -> str:
    can = sorted(
        human
        for human in acceptance.people.humans
        if human not in facts.authors and human not in facts.accepted and not acceptance.expired(human)
    )
    more = facts.needed - len(facts.accepted)
    who = (
        f" from {listed(can, most=_SHOWN)} (with write permission)"
        if can
        else ", and signoff.humans lists nobody else who may sign"
    )
    return f"{facts.needed} people must sign off{_why(facts, acceptance)}; {len(facts.accepted)} did: {more} more{who}."


def _why(facts: Signoff, acceptance: Acceptance) -> str:
    """Why more than one is needed."""
    if facts.needed <= acceptance.policy.min:
        return ""
    reasons = []
    if facts.ai and not facts.accountable:
        reasons.append("an AI took part and no listed human opened, requested or pushed this")
    elif facts.ai and facts.needed <= acceptance.policy.ai_min:
        reasons.append("an AI took part")
    if facts.unresolved:
        reasons.append(f"signoff.humans does not list {listed(facts.unresolved, most=3)}")
    return f" because {' and '.join(reasons)}" if reasons else ""
