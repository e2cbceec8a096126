"""Which line of the base a line of the head is, by the hunks of a diff."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from gate.core.finding import InDiff

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gate.core.change import Hunk

#: Lines this near to a hunk are its context.
CONTEXT = 3


class _Stretch(NamedTuple):
    """Changed lines as half-open intervals of line numbers; one side may be empty."""

    new_first: int
    new_end: int
    old_end: int


class LineMap:
    """The lines of one file. `all_new`: a new file whose lines were not read."""

    def __init__(self, hunks: Iterable[Hunk], *, all_new: bool = False) -> None:
        self._stretches = sorted(_stretch(hunk) for hunk in hunks)
        self._firsts = [stretch.new_first for stretch in self._stretches]
        self._all_new = all_new

    def base_line(self, line: int) -> int | None:
        """The line of the base that an unchanged line of the head is; None for a changed or added one."""
        if self._all_new:
            return None
        index = bisect_right(self._firsts, line) - 1
        if index < 0:
            return line
        before = self._stretches[index]
        return None if line < before.new_end else line - before.new_end + before.old_end

    def in_diff(self, line: int) -> InDiff:
        """Where a line of the head stands in relation to the hunks."""
        if self._all_new:
            return InDiff.ADDED
        index = bisect_right(self._firsts, line) - 1
        if index >= 0 and line < self._stretches[index].new_end:
            return InDiff.ADDED
        near = self._stretches[max(index, 0) : index + 2]
        if any(s.new_first - CONTEXT <= line < s.new_end + CONTEXT for s in near):
            return InDiff.CONTEXT
        return InDiff.OUTSIDE


def _stretch(hunk: Hunk) -> _Stretch:
    # Without lines on a side the start is the line after which the other side's lines stand.
    new_first = hunk.new_start if hunk.new else hunk.new_start + 1
    old_first = hunk.old_start if hunk.old else hunk.old_start + 1
    return _Stretch(new_first, new_first + len(hunk.new), old_first + len(hunk.old))
