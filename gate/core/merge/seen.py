"""A sighting with all that merging needs to know of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from gate.core.family import OTHER

if TYPE_CHECKING:
    from collections.abc import Hashable

    from gate.core.family import Resolved
    from gate.core.finding import Place, Range, Sighting, Statement

#: The tool of a model's sightings; they add witnesses and change nothing that another tool said.
AI_TOOL = "ai"
_RANKS = {"semgrep": 0, "bandit": 1}


def is_ai(tool: str) -> bool:
    """Whether a witness is a model: tool `ai`, or `ai:` and the name of an engine."""
    return tool == AI_TOOL or tool.startswith(f"{AI_TOOL}:")


def rank(tool: str) -> tuple[int, str]:
    """The order of tools: Semgrep, Bandit, imported ones by name, models."""
    return (3 if is_ai(tool) else _RANKS.get(tool.lower(), 2), tool)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One sighting, resolved and located. The statement of its place has no code where the text is unknown."""

    sighting: Sighting
    resolved: Resolved
    place: Place
    join_family: Hashable

    @property
    def statement(self) -> Statement:
        return self.place.statement

    @property
    def range(self) -> Range:
        return self.sighting.range

    @property
    def rule(self) -> tuple[str, str]:
        return (self.sighting.tool, self.sighting.rule_id)

    @property
    def is_partial(self) -> bool:
        """Whether the tool named only lines, or only a part of the statement."""
        own, whole = self.range, self.statement.range
        if not own.start_column:
            return True
        begins = (own.start_line, own.start_column) <= (whole.start_line, whole.start_column)
        ends = (own.last_line, own.end_column) >= (whole.last_line, whole.end_column)
        return not (begins and ends)

    @cached_property
    def anchor_order(self) -> tuple[object, ...]:
        """Sorts the sighting first that gives a finding its title and location."""
        return (
            -self.resolved.severity,
            _width(self.range),
            rank(self.sighting.tool),
            self.sighting.rule_id,
            self.range,
        )


def join_family(resolved: Resolved, coarse: frozenset[int]) -> Hashable:
    """What must be equal for two sightings to be one weakness.

    Rules that no family lists are compared by their CWEs, unless those say nothing.
    """
    if resolved.family.startswith(OTHER) and not coarse.issuperset(resolved.cwe):
        return (OTHER, resolved.cwe)
    return resolved.family


def _width(place: Range) -> tuple[int, int]:
    """Lines, then columns; a range of whole lines is wider than any with columns on as many lines."""
    lines = place.last_line - place.start_line
    if not place.start_column:
        return (lines, 1 << 30)
    return (lines, max(place.end_column - place.start_column, 0) if lines == 0 else place.end_column)
