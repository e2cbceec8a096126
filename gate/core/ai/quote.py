"""Finding the place of a quote. What a model says about a line number is a hint and nothing more."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gate.core.ai.files import as_seen
from gate.core.ai.model import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gate.core.ai.files import ChangedText, Side

#: Characters that are no blanks: of a whole line, and of a part of one.
WHOLE, PART = 4, 12
MAX_LINES = 20
#: Places of a part of a line that are looked at; a model that floods must not keep the gate.
MAX_PLACES = 200


class Place(NamedTuple):
    """Where a quote stands: first and last line, and on which side."""

    first: int
    last: int
    scope: Scope


def find_quote(quote: str, claimed: int, file: ChangedText) -> Place | None:
    """Return where a quote stands verbatim in a file of the change, nearest to `claimed`; None if nowhere.

    Lines of the change come first. Only what the head does not have is looked for among the lines that the
    change takes away. What stands nowhere letter by letter is compared again as a reader sees it: a model
    copies no zero-width characters, odd blanks and decomposed letters, and an author could hide a line by them.
    """
    return _find(_readings(quote), claimed, file, file.new_side, file.old_side) or _find(
        [[as_seen(line) for line in reading] for reading in _readings(quote)],
        claimed,
        file,
        file.new_side_as_seen,
        file.old_side_as_seen,
    )


def _find(
    readings: Sequence[Sequence[str]], claimed: int, file: ChangedText, new: Side, old: Side
) -> Place | None:
    readings = [r for r in readings if sum(len("".join(line.split())) for line in r) >= WHOLE]
    for wanted in readings:
        size = len(wanted)
        starts = _starts(wanted, new)
        if starts:
            best = min(
                starts,
                key=lambda n: (file.changed.isdisjoint(range(n, n + size)), abs(n - claimed), n),
            )
            touched = not file.changed.isdisjoint(range(best, best + size))
            return Place(best, best + size - 1, Scope.CHANGED if touched else Scope.CONTEXT)
    for wanted in readings:
        size = len(wanted)
        starts = [n for n in _starts(wanted, old) if file.removed.issuperset(range(n, n + size))]
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


def _starts(wanted: Sequence[str], side: Side) -> list[int]:
    whole = [
        n
        for n in side.places.get(wanted[0], ())
        if all(n + at in side.places.get(line, ()) for at, line in enumerate(wanted[1:], 1))
    ]
    if whole or len(wanted) > 1 or len("".join(wanted[0].split())) < PART:
        return whole
    return side.having(wanted[0], most=MAX_PLACES)
