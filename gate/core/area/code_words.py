"""Layer L2: words on added and removed lines of code."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from gate.core.area.kinds import PAGES, extension
from gate.core.area.model import Touch
from gate.core.area.shown import shown_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gate.core.area.changed import ChangedCode, Line, Side
    from gate.core.area.model import Pair
    from gate.core.area.vocabulary import Vocabulary

#: Lines of one side of a file that are shown for one area.
MOST_LINES = 20
#: Pages: what stands around a changed line there is layout as often as code.
_PAGES = PAGES | {"jsx", "tsx", "astro", "razor", "jsp"}
#: Languages whose comparisons area rules read.
_BY_RULES = frozenset(["py", "pyi", "js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "go", "java"])
_GOES_ON = re.compile(r"\s*(?:\??\.|&&|\|\||(?:and|or|where)\b)", re.IGNORECASE)


class _Scope(NamedTuple):
    """A pair that counts only where it comes or goes; `inner`: in the midst of what did not change."""

    line: Line
    area: str
    pair: Pair
    word: str
    inner: bool


def code_words(path: str, code: ChangedCode, vocabulary: Vocabulary) -> Iterator[Touch]:
    """Yield the touches of layer L2 of one file: one an area and line, with the line as text."""
    shown: Counter[tuple[str, str]] = Counter()
    ext = extension(path)
    reader = _LineReader(code, vocabulary, is_page=ext in _PAGES)
    found = [(line, area, word) for line, side, at in code.lines for area, word in reader.of(line, side, at)]
    found += _gained_or_lost(reader.scopes)
    if ext not in _BY_RULES and ext not in _PAGES:
        found += [(line, *hit) for line, _, _ in code.lines for hit in vocabulary.compared(line.code)]
    seen: set[tuple[str, str, int]] = set()
    for line, area, word in sorted(found, key=lambda one: (one[0].side, one[0].number)):
        if (area, line.side, line.number) in seen:
            continue
        seen.add((area, line.side, line.number))
        shown[area, line.side] += 1
        if shown[area, line.side] <= MOST_LINES:
            yield Touch(
                area=area,
                layer="L2",
                rule=f"L2.{word.replace('*', '').replace(' ', '-')}",
                path=path,
                line=line.number,
                side=line.side,
                text=shown_line(path, line.text),
            )


class _LineReader:
    """Finds why lines are sensitive, and keeps for later the pairs that ask for a comparison of both sides."""

    def __init__(self, code: ChangedCode, vocabulary: Vocabulary, *, is_page: bool) -> None:
        self._vocabulary = vocabulary
        self._is_page = is_page
        self._changed = {(line.side, at) for line, _, at in code.lines}
        self.scopes: list[_Scope] = []

    def of(self, line: Line, side: Side, at: int) -> Iterator[tuple[str, str]]:
        """Yield (area, word) for each reason, the plainest first."""
        read = self._vocabulary.read
        reading = read(line.code)
        if reading.empty:
            return
        weak = []
        for found in reading.found:
            if found.partners is None:
                yield found.area, found.word
            else:
                weak.append(found)
        above = read(side.enclosing.statement(at))
        self._scopes(line, side, at)
        for pair, area, word in self._vocabulary.pairs(reading.order):
            if not pair.changed:
                yield area, word
        names = () if self._is_page else side.enclosing.names(at)
        around = frozenset().union(*(read(name).words for name in names))
        near = reading.words if self._is_page else reading.words | around | above.words
        for found in weak:
            if found.partners and not found.partners.isdisjoint(near):
                yield found.area, found.word
        for name in names:
            for found in read(name).found:
                if found.partners is None or not found.partners.isdisjoint(around | reading.words):
                    yield found.area, found.word
            for pair, area, word in self._vocabulary.pairs(read(name).order):
                if not pair.changed:
                    yield area, word

    def _scopes(self, line: Line, side: Side, at: int) -> None:
        own = self._vocabulary.read(line.code).order
        above = self._vocabulary.read(side.enclosing.statement(at)).order[-2:]
        kept = (line.side, side.enclosing.parent(at)) not in self._changed
        for pair, area, word in self._vocabulary.pairs((*above, *own)):
            if pair.changed:
                alone = next((True for other, _, _ in self._vocabulary.pairs(own) if other is pair), False)
                inner = kept and (not alone or _GOES_ON.match(line.code) is not None)
                self.scopes.append(_Scope(line, area, pair, word, inner))


def _gained_or_lost(scopes: list[_Scope]) -> Iterator[tuple[Line, str, str]]:
    """Yield those pairs that one side of a place has more often than the other."""
    counts = Counter((scope.line.hunk, scope.pair, scope.line.side) for scope in scopes)
    for scope in scopes:
        if scope.line.alone:
            if scope.inner:
                yield scope.line, scope.area, scope.word
        elif counts[scope.line.hunk, scope.pair, "old"] != counts[scope.line.hunk, scope.pair, "new"]:
            yield scope.line, scope.area, scope.word
