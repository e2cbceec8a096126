"""Which finding of the head is which finding of the base."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING, NamedTuple

from gate.core.finding import Finding, State
from gate.core.fingerprint import raw_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from gate.core.baseline.files import Files, Scopes

    Key = Callable[[Finding], Hashable]


class Match(NamedTuple):
    """The number of a finding of the base, and what that makes of the head's."""

    base: int
    state: State


class Pairing:
    """Takes findings of both sides away in pairs, the surest first; `matches` is by number of the head's."""

    def __init__(
        self,
        head: Sequence[Finding],
        base: Sequence[Finding],
        files: Files,
        *,
        takes_part: Callable[[Finding], bool],
    ) -> None:
        self._head, self._base, self._files = head, base, files
        self._heads_left = {n: None for n in _by_position(head) if takes_part(head[n])}
        self._bases_left = {n: None for n in _by_position(base) if takes_part(base[n])}
        self.matches: dict[int, Match] = {}

    def same_scope(self) -> None:
        """Same file, family, scope and code: by lines that the diff maps onto each other, then in order."""
        for heads, bases in self._groups(lambda f: (f.family, f.scope, f.code), in_file=True):
            waiting: dict[int, deque[int]] = defaultdict(deque)
            for b in bases:
                waiting[self._base[b].range.start_line].append(b)
            for h in heads:
                finding = self._head[h]
                line = self._files.lines(finding.path).base_line(finding.range.start_line)
                if line is not None and waiting.get(line):
                    self._pair(h, waiting[line].popleft(), State.EXISTING)
            self._pair_in_order(heads, bases, State.EXISTING)

    def renamed_scope(self, head_scopes: Scopes, base_scopes: Scopes) -> None:
        """Same file, family and code in another scope, if the old one is gone or the new one was not there."""
        for heads, bases in self._groups(lambda f: (f.family, f.code), in_file=True):
            path = self._head[heads[0]].path
            origin = self._files.origin(path) or path
            gone = [b for b in bases if not head_scopes.defines(path, self._base[b].scope)]
            self._pair_in_order(heads, gone, State.MOVED)
            created = [h for h in heads if not base_scopes.defines(origin, self._head[h].scope)]
            self._pair_in_order(created, bases, State.MOVED)

    def other_path(self) -> None:
        """Another file, equal family, scope and code, if exactly one is left on each side."""
        for heads, bases in self._groups(lambda f: (f.family, f.scope, f.code), in_file=False):
            if len(heads) == len(bases) == 1:
                self._pair(heads[0], bases[0], State.MOVED)

    def _groups(self, key: Key, *, in_file: bool) -> list[tuple[list[int], list[int]]]:
        """What is left on both sides by equal keys, each side by position."""
        heads: dict[Hashable, list[int]] = defaultdict(list)
        bases: dict[Hashable, list[int]] = defaultdict(list)
        for h in self._heads_left:
            heads[key(self._head[h]), self._head[h].path if in_file else ""].append(h)
        for b in self._bases_left:
            path = self._files.destination(self._base[b].path) if in_file else ""
            bases[key(self._base[b]), path].append(b)
        return [(heads[found], bases[found]) for found in heads if found in bases]

    def _pair_in_order(self, heads: Sequence[int], bases: Sequence[int], state: State) -> None:
        left = [b for b in bases if b in self._bases_left]
        for h, b in zip([h for h in heads if h in self._heads_left], left, strict=False):
            self._pair(h, b, state)

    def _pair(self, head: int, base: int, state: State) -> None:
        self.matches[head] = Match(base, state)
        del self._heads_left[head]
        del self._bases_left[base]


def _by_position(findings: Sequence[Finding]) -> list[int]:
    def order(number: int) -> tuple[object, ...]:
        f = findings[number]
        return (raw_bytes(f.path), f.statement, f.range, f.ordinal, f.id)

    return sorted(range(len(findings)), key=order)
