"""What verification needs to know of the files of a change."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from gate.core.change import split_lines
from gate.core.fold import fold
from gate.core.secrets import mask_tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gate.core.change import Hunk


@dataclass(frozen=True)
class Side:
    """The lines of a side of a file, and of each text the 1-based numbers of its lines."""

    lines: Sequence[str]
    places: Mapping[str, Sequence[int]]

    @cached_property
    def _text(self) -> str:
        return "\n".join(self.lines)

    @cached_property
    def _starts(self) -> Sequence[int]:
        return list(accumulate((len(line) + 1 for line in self.lines), initial=0))

    def having(self, part: str, *, most: int) -> list[int]:
        """Return the numbers of the first `most` lines that have `part` in them."""
        found: list[int] = []
        at = self._text.find(part)
        while at >= 0 and len(found) < most:
            number = bisect_right(self._starts, at)
            found.append(number)
            at = self._text.find(part, self._starts[number])
        return found


@dataclass(frozen=True, kw_only=True)
class ChangedText:
    """Both sides of one changed file as text; an absent side, or one that is no text, is empty."""

    path: str
    hunks: tuple[Hunk, ...] = ()
    new: str = ""
    old: str = ""

    @cached_property
    def new_lines(self) -> tuple[str, ...]:
        return split_lines(self.new)

    @cached_property
    def old_lines(self) -> tuple[str, ...]:
        return split_lines(self.old)

    @cached_property
    def changed(self) -> frozenset[int]:
        """The lines of the head that the change brings."""
        return frozenset(n for h in self.hunks for n in range(h.new_start, h.new_start + len(h.new)))

    @cached_property
    def removed(self) -> frozenset[int]:
        """The lines of the merge base that the change takes away."""
        return frozenset(n for h in self.hunks for n in range(h.old_start, h.old_start + len(h.old)))

    @cached_property
    def new_side(self) -> Side:
        """Every line of the head, without blanks around it, with its numbers; also as a model was shown it."""
        return Side(self.new_lines, _places(self.new_lines))

    @cached_property
    def old_side(self) -> Side:
        return Side(self.old_lines, _places(self.old_lines))

    @cached_property
    def new_side_as_seen(self) -> Side:
        """The same as a reader sees it."""
        return _side_as_seen(self.new_lines)

    @cached_property
    def old_side_as_seen(self) -> Side:
        return _side_as_seen(self.old_lines)


def as_seen(line: str) -> str:
    """Return a line as a reader, and a model that copies it, sees it: folded, each blank between words a single one."""
    return " ".join(fold(line).split())


def _side_as_seen(lines: Sequence[str]) -> Side:
    seen = tuple(as_seen(line) for line in lines)
    return Side(seen, _places(seen))


def _places(lines: Sequence[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    shown = mask_tokens("\n".join(lines)).split("\n")
    for number, (line, masked) in enumerate(zip(lines, shown, strict=False), 1):
        for text in {line.strip(), masked.strip()}:
            found.setdefault(text, []).append(number)
    return found
