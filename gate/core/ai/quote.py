"""Finding the place of a quote. What a model says about a line number is a hint and nothing more."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gate.core.ai.model import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gate.core.ai.files import ChangedText

#: Characters that are no blanks: of a whole line, and of a part of one.
WHOLE, PART = 4, 12
MAX_LINES = 20


class Place(NamedTuple):
    """Where a quote stands: first and last line, and on which side."""

    first: int
    last: int
    scope: Scope


def find_quote(quote: str, claimed: int, file: ChangedText) -> Place | None:
    """Return where a quote stands verbatim in a file of the change, nearest to `claimed`; None if nowhere.

    Lines of the change come first. Only what the head does not have is looked for among the lines that the
    change takes away.
    """
    for wanted in _readings(quote):
        if sum(len("".join(line.split())) for line in wanted) < WHOLE:
            continue
        starts = _starts(wanted, file.new_places, file.new_lines)
        if starts:
            size = len(wanted)
            best = min(
                starts,
                key=lambda n: (file.changed.isdisjoint(range(n, n + size)), abs(n - claimed), n),
            )
            touched = not file.changed.isdisjoint(range(best, best + size))
            return Place(best, best + size - 1, Scope.CHANGED if touched else Scope.CONTEXT)
    for wanted in _readings(quote):
        if sum(len("".join(line.split())) for line in wanted) < WHOLE:
            continue
        size = len(wanted)
        starts = [
            n
            for n in _starts(wanted, file.old_places, file.old_lines)
            if file.removed.issuperset(range(n, n + size))
        ]
        if starts:
            best = min(starts, key=lambda n: (abs(n - claimed), n))
            return Place(best, best + size - 1, Scope.REMOVED)
    return None


def _readings(quote: str) -> list[list[str]]:
    """The lines of a quote as they are, and without the sign of a diff."""
    lines = [line.strip() for line in quote.replace("\r", "").strip("\n").split("\n")][:MAX_LINES]
    readings = [lines]
    if any(line.startswith(("+", "-")) for line in lines):
        readings.append([line[1:].strip() if line.startswith(("+", "-")) else line for line in lines])
    return [reading for reading in readings if any(reading)]


def _starts(wanted: Sequence[str], places: Mapping[str, Sequence[int]], lines: Sequence[str]) -> list[int]:
    whole = [
        n
        for n in places.get(wanted[0], ())
        if all(n + at in places.get(line, ()) for at, line in enumerate(wanted[1:], 1))
    ]
    if whole or len(wanted) > 1 or len("".join(wanted[0].split())) < PART:
        return whole
    return [n for n, line in enumerate(lines, 1) if wanted[0] in line]
