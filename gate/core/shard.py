"""Shares of one scan: which files each of several runners reads, the same on every machine."""

from __future__ import annotations

import heapq
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.core.change import path_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

#: More shares than any CI system starts for one job.
MAX_SHARDS = 256
#: What a file costs whatever is in it, in bytes of source.
FILE_COST = 1_000


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """Share `number` of `of`, counted from 1."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Part:
        """Return the part that `I/N` names. Raises ValueError, whose text says what is wrong with it."""
        found = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", text)
        if found is None:
            raise ValueError("write I/N, for example 2/4")
        number, of = int(found[1]), int(found[2])
        if not 1 <= of <= MAX_SHARDS:
            raise ValueError(f"the number of shards is 1 to {MAX_SHARDS}")
        if not 1 <= number <= of:
            raise ValueError(f"shards are counted from 1, so the number is 1 to {of}")
        return cls(number, of)

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


def split(
    costs: Mapping[str, int], of: int, *, together: Callable[[str], str] = str
) -> tuple[frozenset[str], ...]:
    """Return `of` sets of paths of about the same cost, some of them empty if there are too few files.

    The dearest go first, each to the share that has the least so far; equal ones in byte order of their paths,
    so that nothing but `costs` decides. Paths for which `together` gives the same word stay in one share.
    """
    groups: dict[str, list[str]] = {}
    for path in sorted(costs, key=path_bytes):
        groups.setdefault(together(path), []).append(path)
    shares: list[set[str]] = [set() for _ in range(of)]
    loads = [(0, number) for number in range(of)]
    for paths in sorted(groups.values(), key=lambda paths: (-_sum(costs, paths), path_bytes(paths[0]))):
        load, lightest = heapq.heappop(loads)
        shares[lightest].update(paths)
        heapq.heappush(loads, (load + _sum(costs, paths), lightest))
    return tuple(map(frozenset, shares))


def _sum(costs: Mapping[str, int], paths: Iterable[str]) -> int:
    return sum(costs[path] for path in paths)
