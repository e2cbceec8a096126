"""Sets of line numbers as sorted ranges that neither overlap nor touch; both ends belong to a range."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Ranges = tuple[tuple[int, int], ...]


def merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return the same lines, whatever the order and overlap of `ranges` (each first <= last)."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            if last > joined[-1][1]:
                joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return tuple(joined)


def in_both(one: Ranges, other: Ranges) -> Ranges:
    """Return the lines that are in both."""
    found: list[tuple[int, int]] = []
    a, b = 0, 0
    while a < len(one) and b < len(other):
        first = max(one[a][0], other[b][0])
        last = min(one[a][1], other[b][1])
        if first <= last:
            found.append((first, last))
        if one[a][1] < other[b][1]:
            a += 1
        else:
            b += 1
    return tuple(found)


def size(ranges: Ranges) -> int:
    """Return the number of lines."""
    return sum(last - first + 1 for first, last in ranges)
