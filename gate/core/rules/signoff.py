"""Did an independent human answer for what is sensitive in this change?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.verdict import Outcome, RuleResult
from gate.core.words import listed, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gate.core.area import Touch
    from gate.core.facts import Facts
    from gate.core.review import Signoff

_RULE = "signoff.required"
_EVIDENCE_LINES = 3


def signoff(facts: Facts) -> Iterator[RuleResult]:
    """Yield the outcome of the sign-off decision with the touched areas, who signed, and what is missing."""
    decided = facts.signoff
    yield RuleResult(
        rule=_RULE,
        outcome=decided.outcome,
        because=_because(decided),
        to_pass="" if decided.outcome is Outcome.PASSED else " ".join(decided.missing),
    )


def _because(decided: Signoff) -> str:
    if not decided.required:
        if decided.outcome is Outcome.INCOMPLETE:
            return "Which sensitive areas this change touches cannot be told."
        return "No sensitive area is touched, as far as structure, paths and area rules can tell."
    touched = "; ".join(f"{area} ({_places(found)})" for area, found in sorted(decided.areas.items()))
    sentences = [*_override(decided), f"Sensitive areas are touched: {touched}."]
    if decided.outcome is Outcome.INCOMPLETE:
        sentences.append("Whether a human signed off cannot be told.")
    if decided.objections:
        sentences.append(f"Changes were requested by {listed(decided.objections)}.")
    if decided.accepted:
        sentences.append(f"Signed off by {listed(_names(decided))}.")
    if (decided.outcome is not Outcome.PASSED or decided.override) and decided.ignored:
        told = [f"{one.who} ({one.why})" for one in decided.ignored]
        sentences.append(f"Approvals that do not count: {listed(told)}.")
    return " ".join(sentences)


def _override(decided: Signoff) -> Iterator[str]:
    override = decided.override
    if override is None:
        return
    yield f"OVERRIDDEN by {override.by} until {override.expires_at}: {override.reason.rstrip('.')}."
    if override.recent > 1:
        yield f"This is override {override.recent} of the last 90 days."
    yield f"Not signed off: {' '.join(decided.missing)}"


def _places(found: Sequence[Touch]) -> str:
    """Up to three places, each path and line once, places with a line first."""
    places = dict.fromkeys(
        f"{shown(touch.path)}:{touch.line}" if touch.line else shown(touch.path)
        for touch in sorted(found, key=lambda touch: touch.line == 0)
    )
    return listed(list(places), most=_EVIDENCE_LINES)


def _names(decided: Signoff) -> list[str]:
    return [
        f"{who} (for an earlier commit with the same content)" if who in decided.carried_over else who
        for who in decided.accepted
    ]
