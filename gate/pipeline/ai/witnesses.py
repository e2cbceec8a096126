"""What a model saw at the head, as sightings beside those of scanners."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.ai import Scope
from gate.core.finding import Confidence, Range, Sighting
from gate.core.merge import AI_TOOL
from gate.pipeline import inputs

if TYPE_CHECKING:
    from gate.core.ai import AiPass, Sighted
    from gate.core.family import Families

_SURE, _LIKELY = 0.8, 0.5


def sightings(review: AiPass | None) -> tuple[Sighting, ...]:
    """Return one sighting for each place of the head; what was removed has no place there."""
    if review is None:
        return ()
    families = inputs.families()
    return tuple(
        _sighting(one, review.engine, families)
        for one in review.sightings
        if one.finding.scope is not Scope.REMOVED
    )


def _sighting(one: Sighted, engine: str, families: Families) -> Sighting:
    finding = one.finding
    confidence = (
        Confidence.HIGH
        if finding.confidence >= _SURE
        else Confidence.MEDIUM
        if finding.confidence >= _LIKELY
        else Confidence.LOW
    )
    stable = "" if one.stable else ", unstable"
    seen = f", seen {one.seen}/{one.runs}{stable}" if one.runs > 1 else ""
    what = families.title(finding.family) if finding.family else finding.category or "finding"
    return Sighting(
        tool=f"{AI_TOOL}:{engine}",
        rule_id=finding.rule,
        title=f"{what} (AI review{seen})",
        path=finding.path,
        range=Range(start_line=finding.line, end_line=finding.last_line),
        severity=finding.severity,
        confidence=confidence,
        native_severity=finding.severity.word.upper(),
        native_confidence=f"{finding.confidence:.2f}, seen {one.seen}/{one.runs}{stable}",
        family=finding.family,
        cwe=finding.cwe,
        message=f"{finding.message} {finding.recommendation}".strip(),
    )
