"""A file of the base without the inside of functions that a change leaves alone, so that scanners read less.

Most of a changed file is not changed. What a scanner says about such a function it says about the same function
of the head, unless something outside of it that it mentions has changed. A text that is cut at a wrong place does
not parse, and whoever scans it must then read the whole file: nothing here has to understand a language.
"""

from __future__ import annotations

import keyword
import re
from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from gate.core.source.functions import STYLES, indent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gate.core.change import Hunk
    from gate.core.source.functions import Function, Style

#: A file that would not lose this part of its bytes is read as a whole.
LEAST_SAVED = 0.2
#: Files with more changed lines, or more lines at all, are read as a whole.
MAX_CHANGED, MAX_LINES = 2_000, 50_000
#: How often a changed name may make another one a changed name.
MAX_ROUNDS = 10


class Body(NamedTuple):
    """Lines of the base that are left out, and how many lines further down the same ones stand in the head."""

    first: int
    last: int
    shift: int


class Outline(NamedTuple):
    """`data` has as many lines as the file; the `bodies` are comments in it, and all else is as it was."""

    data: bytes
    bodies: tuple[Body, ...]

    def hides(self, line: int) -> bool:
        """Whether this line of the base is left out."""
        at = bisect_left(self.bodies, line, key=lambda body: body.last)
        return at < len(self.bodies) and self.bodies[at].first <= line

    def base_line(self, head_line: int) -> int | None:
        """The left-out line of the base that a line of the head is; None for every other line."""
        at = bisect_left(self.bodies, head_line, key=lambda body: body.last + body.shift)
        if at == len(self.bodies) or self.bodies[at].first + self.bodies[at].shift > head_line:
            return None
        return head_line - self.bodies[at].shift


def outline(data: bytes, hunks: Sequence[Hunk], language: str) -> Outline | None:
    """Return the outline of a file of the base; None if the file has to be read as a whole.

    `hunks` lead from this file to that of the head, `language` is a word of gate.scanners.languages. A
    function is left out if the change touches neither it, nor its class, nor a name that it mentions.
    """
    style = STYLES.get(language)
    if style is None or b"\r" in data or b"\f" in data:
        return None
    if sum(len(hunk.old) + len(hunk.new) for hunk in hunks) > MAX_CHANGED:
        return None
    lines = data.decode("latin-1").split("\n")
    if len(lines) > MAX_LINES:
        return None
    shifts = _Shifts(hunks)
    bodies = []
    saved = 0
    for function in _Change(lines, style).untouched(hunks):
        first, last = function.body, function.last
        bodies.append(Body(first, last, shifts.at(first)))
        opening = lines[first - 1]
        saved += sum(map(len, lines[first - 1 : last]))
        lines[first - 1 : last] = [f"{style.comment}{text}" for text in lines[first - 1 : last]]
        if style.filler:
            lines[first - 1] = f"{opening[: indent(opening)]}{style.filler} {style.comment}{opening}"
    if saved < LEAST_SAVED * len(data):
        return None
    return Outline("\n".join(lines).encode("latin-1"), tuple(bodies))


class _Change:
    """What a change does to the functions of one file, and to what they mention."""

    def __init__(self, lines: Sequence[str], style: Style) -> None:
        self._lines, self._style = lines, style
        self._functions = style.functions(lines)
        #: The innermost function that each line belongs to, from line 1; -1 for none.
        self._owner = [-1] * (len(lines) + 2)
        for number, function in enumerate(self._functions):
            self._owner[function.head : function.end + 1] = [number] * (function.end + 1 - function.head)
        self._touched: set[int] = set()
        self._class = range(0)

    def untouched(self, hunks: Iterable[Hunk]) -> list[Function]:
        """Return the outermost functions that the hunks neither reach nor change the surroundings of."""
        #: What names mean outside of all functions (-1) or directly in one of them, before and after.
        before: dict[int, set[tuple[str, str]]] = defaultdict(set)
        after: dict[int, set[tuple[str, str]]] = defaultdict(set)
        for hunk in hunks:
            first, last = _reach(hunk)
            if first < 1 or last > len(self._lines) + 1:
                return []  # of another file
            owners = set(self._owner[first : last + 1])
            self._touched |= owners
            around = self._shared(owners) if hunk.old else self._owner[first]
            removed = [(n, self._owner[n], self._lines[n - 1]) for n in range(first, last + 1) if hunk.old]
            added = [(first, around, text) for text in _latin(hunk.new)]
            for rows, meanings in ((removed, before), (added, after)):
                if _changes_unseen_names([text for _, _, text in rows]):
                    return []
                for place, scope, text in self._outside(rows):
                    meanings[self._scope(scope, indent(text))] |= self._meanings(text)
                    self._touch_class(place, text)
        for number in sorted(self._touched):
            self._touched |= self._around(number)
        # What is taken away in one place and put back in another has not changed.
        names = {scope: {name for name, _ in before[scope] ^ after[scope]} for scope in (*before, *after)}
        for scope, changed in names.items():
            _spread(changed, [text for n, text in enumerate(self._lines, 1) if self._owner[n] == scope])
        return list(self._without(names))

    def _without(self, names: dict[int, set[str]]) -> Iterator[Function]:
        """Yield the outermost functions that are not touched and mention none of the names around them."""
        end = 0
        for number, function in enumerate(self._functions):
            if function.head <= end or number in self._touched:
                continue
            text = "\n".join(self._lines[function.head - 1 : function.last])
            if self._style.own_import and self._style.own_import.search(text):
                continue  # others may use what it imports
            changed = set().union(*(names.get(scope, ()) for scope in (-1, *self._around(number))))
            if changed.isdisjoint(_WORD.findall(text)):
                end = function.end
                yield function

    def _around(self, number: int) -> set[int]:
        """The functions that a function stands in."""
        around = set()
        while number >= 0 and (number := self._functions[number].parent) >= 0:
            around.add(number)
        return around

    def _shared(self, owners: set[int]) -> int:
        """The innermost function that all of these are in, or are; -1 for none."""
        shared = max(owners)
        for number in owners:
            while shared >= 0 and shared != number and shared not in self._around(number):
                shared = self._functions[shared].parent
        return shared

    def _scope(self, number: int, depth: int) -> int:
        """The innermost of a function and those around it that a line with this indentation can stand in."""
        while number >= 0 and depth <= self._functions[number].indent:
            number = self._functions[number].parent
        return number

    def _outside(self, rows: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
        """Leave out comments, decorators, and what stands inside the functions that these lines define."""
        inside: int | None = None
        for place, scope, text in rows:
            stripped = text.strip()
            if not stripped or _COMMENT.match(stripped):
                continue
            if inside is not None and indent(text) > inside:
                continue
            inside = indent(text) if stripped[0] == "@" or self._style.opens.match(text) else None
            # A decorator, and a call of a bare function with a function, change the meaning of no name.
            if stripped[0] != "@" and not _CALL_WITH_FUNCTION.match(stripped):
                yield place, scope, text

    def _meanings(self, text: str) -> set[tuple[str, str]]:
        """The names that a line speaks of, each with what it says of it."""
        if found := self._style.defines.match(text):
            return {(found[1], text.strip())}
        if found := _IMPORT.match(text):
            named, source = found["named"] or found["names"], found["module"] or found["source"]
            return {(name, f"{source} {part.strip()}") for part in named.split(",") for name in _words(part)}
        return {(name, text.strip()) for name in _words(text)}

    def _touch_class(self, place: int, text: str) -> None:
        """A changed line of a class that is none of its functions touches all of them."""
        depth = indent(text)
        if not depth or self._style.defines.match(text) or place in self._class:
            return
        lines = self._lines
        first = last = min(place, len(lines))
        while first > 1 and (not lines[first - 1].strip() or indent(lines[first - 1]) >= depth):
            first -= 1
        if _CLASS.search(lines[first - 1]):
            opening = indent(lines[first - 1])
            while last < len(lines) and (not lines[last].strip() or indent(lines[last]) > opening):
                last += 1
            self._class = range(first, last + 1)
            self._touched |= {self._owner[n] for n in self._class}


def _spread(names: set[str], outer: Sequence[str]) -> None:
    """Add what is assigned, on these lines, from one of the names."""
    assignments = [
        (_words(left), _words(right))
        for left, equals, right in (text.partition("=") for text in outer)
        if equals and right[:1] != "="
    ]
    for _ in range(MAX_ROUNDS):
        added = {name for left, right in assignments if not names.isdisjoint(right) for name in left}
        if added <= names:
            return
        names |= added


def _changes_unseen_names(lines: Sequence[str]) -> bool:
    """Whether lines import all of a module, or are one end of an import whose names stand on other lines."""
    opened = False
    for text in lines:
        if _IMPORTS_ALL.search(text):
            return True
        if _OPENS_IMPORT.match(text):
            opened = True
        elif opened and text.lstrip()[:1] in (")", "}"):
            opened = False
        elif _CLOSES_IMPORT.match(text):
            return True
    return opened


def _words(text: str) -> set[str]:
    """The names on a line; those inside of texts if there are no others, as in an import of Go."""
    words = _WORD.findall(_TEXT.sub(" ", text)) or _WORD.findall(text)
    return {word for word in words if word not in _KEYWORDS}


class _Shifts:
    """How far the lines of the base have moved in the head."""

    def __init__(self, hunks: Iterable[Hunk]) -> None:
        self._ends: list[int] = []
        self._shifts = [0]
        for hunk in sorted(hunks, key=_old_start):
            self._ends.append(_old_start(hunk) + len(hunk.old))
            self._shifts.append(self._shifts[-1] + len(hunk.new) - len(hunk.old))

    def at(self, line: int) -> int:
        """For a line that no hunk has."""
        return self._shifts[bisect_left(self._ends, line + 1)]


def _old_start(hunk: Hunk) -> int:
    """The first old line, or that before which lines were put."""
    return hunk.old_start if hunk.old else hunk.old_start + 1


def _reach(hunk: Hunk) -> tuple[int, int]:
    """The first and the last old line that a hunk changes; for added lines those on both sides of them."""
    if hunk.old:
        return hunk.old_start, hunk.old_start + len(hunk.old) - 1
    return max(hunk.old_start, 1), hunk.old_start + 1


def _latin(lines: Iterable[str]) -> list[str]:
    """Bring decoded lines into the form in which bytes are read here."""
    return [line.encode("utf-8", "surrogateescape").decode("latin-1") for line in lines]


_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_COMMENT = re.compile(r"#|//|/?\*")
_TEXT = re.compile(r"""(["'])(?:(?!\1)[^\\]|\\.)*\1|[ \t](?:#|//).*""")
_CLASS = re.compile(r"\b(?:class|interface|enum|record|object)\b")
_CALL_WITH_FUNCTION = re.compile(r"[A-Za-z_$][\w$]*\(.*=>[ \t]*\{$")
_IMPORTS_ALL = re.compile(r"\bimport\s*\*\s*(?:#|;|$)|\bimport\b.*\.(?:\*|_)\s*;?\s*$")
_OPENS_IMPORT = re.compile(r"\s*(?:from\s+\S+\s+import\s*\(|import\b[^;]*\{)[^)}]*$")
_CLOSES_IMPORT = re.compile(r"\s*\}\s*from\b")
_IMPORT = re.compile(
    r"""\s*(?:from\s+(?P<module>[\w.]+)\s+import\s+(?P<named>[^()#*]+)$|"""
    r"""import\s+(?P<names>[^'"]+?)\s+from\s+(?P<source>["'][^"']+["'])\s*;?\s*$)"""
)
#: Words that mean the same everywhere.
_KEYWORDS = frozenset(keyword.kwlist).union(
    *map(
        str.split,
        (
            "self cls this super var let const function func type interface struct extends implements package",
            "public private protected static final abstract void int string bool boolean export default async",
            "new throws override readonly declare require module",
        ),
    )
)
