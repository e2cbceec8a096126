"""Searching a text for many short ones: those that share a part are looked for by it, once."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Lengths of a text that may stand for several needles: a shorter one is in most messages, as are some words.
_COVER: Final = 6
_COVERS: Final = range(_COVER, 16)
_EVERYDAY: Final = " commit "


def covers(needles: Iterable[str]) -> dict[str, list[str]]:
    """Group needles by a text that all of a group contain, where that spares time.

    A search takes less time the longer its text is, so a text of n characters costs 1 / n.
    """
    left, groups = set(needles), dict[str, list[str]]()
    holding: defaultdict[str, set[str]] = defaultdict(set)
    for needle in left:
        for part in _parts(needle):
            holding[part].add(needle)
    spared = {
        part: sum(1 / len(n) for n in held) - 1 / len(part) for part, held in holding.items() if len(held) > 1
    }
    while spared:
        best = max(spared, key=lambda part: (spared[part], part))
        if spared[best] <= 0:
            break
        of_best = holding[best] & left
        groups[best] = sorted(of_best)
        left -= of_best
        for needle in of_best:
            for part in _parts(needle):
                if part in spared:
                    spared[part] -= 1 / len(needle)
    return groups | {needle: [needle] for needle in sorted(left)}


def _parts(needle: str) -> set[str]:
    """The parts of a needle that may stand for it: they begin where a word does, or in front of it."""
    starts = [at for at, before in enumerate(" " + needle[:-1]) if not before.isalnum() or needle[at] == " "]
    parts = {
        needle[start : start + size] for start in starts for size in _COVERS if start + size <= len(needle)
    }
    return parts - {_EVERYDAY}


class Needles:
    """strs in lower case that are looked for together."""

    def __init__(self, needles: Iterable[str]) -> None:
        self._covers = covers(needles)

    def any_in(self, low: str) -> bool:
        """Whether one of them is in a text, which is in lower case."""
        return any(cover in low and any(n in low for n in needles) for cover, needles in self._covers.items())

    def all_in(self, low: str) -> set[str]:
        """Those that are in a text, which is in lower case."""
        return {n for cover, needles in self._covers.items() if cover in low for n in needles if n in low}
