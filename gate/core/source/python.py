"""Statements and scopes of Python, from its syntax tree."""

from __future__ import annotations

import ast
import re
import warnings
from array import array
from bisect import bisect_right
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from gate.core.lexer import PYTHON, Kind, Token, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Scopes deeper than this repeat the one above, so that hostile nesting stays linear.
MAX_DEPTH = 20

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Unit(NamedTuple):
    """A simple statement, the header of a compound one, or one decorator; offsets in code points."""

    start: int
    end: int
    scope: str
    defines: bool


class Units:
    """All units of a file, which do not overlap, and where its scopes begin and end."""

    def __init__(self, units: list[Unit], changes: list[tuple[int, str]]) -> None:
        self._units = sorted(units)
        self._starts = [unit.start for unit in self._units]
        self._changes = changes
        self._places = [offset for offset, _ in changes]
        self.scopes = frozenset({"", *(scope for _, scope in changes)})

    def at(self, offset: int) -> Unit | None:
        """The last unit that begins at or before an offset."""
        index = bisect_right(self._starts, offset) - 1
        return self._units[index] if index >= 0 else None

    def scope_at(self, offset: int) -> str:
        """The dotted names of the definitions around an offset."""
        index = bisect_right(self._places, offset) - 1
        return self._changes[index][1] if index >= 0 else ""


def parse(text: str) -> Units | None:
    """Return the units of a module; None if this interpreter cannot parse it.

    `coding:` lines are not followed: an undecodable byte counts as one unknown character.
    """
    readable = text.encode("utf-8", "replace").decode()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(readable)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return _Walk(readable).units(tree)


def tokens_of(text: str, unit: Unit) -> list[Token]:
    """The tokens of a unit without comments; the name that a header defines is `_`."""
    tokens = [t for t in tokenize(text, PYTHON, unit.start, unit.end) if t.kind is not Kind.COMMENT]
    if unit.defines:
        keyword = next((i for i, token in enumerate(tokens) if token.text in ("def", "class")), None)
        if keyword is not None and keyword + 1 < len(tokens):
            tokens[keyword + 1] = tokens[keyword + 1]._replace(text="_")
    return tokens


class _Walk:
    """One pass over the statements of a tree, without recursion."""

    def __init__(self, text: str) -> None:
        self._text = text
        # Python ends lines at a lone \r too.
        self._lines = [0, *(found.end() for found in re.finditer(r"\r\n?|\n", text))]
        self._ascii = text.isascii()
        self._bytes: dict[int, array[int]] = {}

    def units(self, tree: ast.Module) -> Units:
        found: list[Unit] = []
        changes: list[
            tuple[int, int, str]
        ] = []  # offset; order at one offset: inner ends, outer ends, begins; scope
        waiting: list[tuple[ast.AST, tuple[str, ...]]] = [(node, ()) for node in tree.body]
        while waiting:
            node, names = waiting.pop()
            scope = ".".join(names)
            inner = names
            if isinstance(node, _Definition):
                found.extend(self._decorators(node, scope))
                inner = (*names, node.name[:100])[:MAX_DEPTH]
                changes.append((self._begin(node), 1, ".".join(inner)))
                changes.append((self._end(node), -len(names), scope))
            children = list(_children(node))
            waiting.extend((child, inner) for child in children)
            start = self._begin(node)
            end = min(map(self._first, children)) if children else self._end(node)
            found.append(Unit(start, end, scope, isinstance(node, _Definition)))
        changes.sort(key=lambda change: change[:2])
        return Units(found, [(offset, scope) for offset, _, scope in changes])

    def _decorators(self, node: _Definition, scope: str) -> Iterator[Unit]:
        starts = [*map(self._at_sign, node.decorator_list), self._begin(node)]
        for start, end in pairwise(starts):
            yield Unit(start, end, scope, defines=False)

    def _first(self, node: ast.AST) -> int:
        """Where a statement begins, decorators included."""
        if isinstance(node, _Definition) and node.decorator_list:
            return self._at_sign(node.decorator_list[0])
        return self._begin(node)

    def _at_sign(self, decorator: ast.expr) -> int:
        start = self._offset(decorator.lineno, decorator.col_offset)
        return max(self._text.rfind("@", 0, start), 0)

    def _begin(self, node: ast.AST) -> int:
        if isinstance(node, ast.match_case):  # has no place of its own
            return max(self._text.rfind("case", 0, self._begin(node.pattern)), 0)
        return self._offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]

    def _end(self, node: ast.AST) -> int:
        return self._offset(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def _offset(self, line: int, column: int) -> int:
        """The offset of a place that the tree gives as line and UTF-8 byte."""
        start = self._lines[min(line, len(self._lines)) - 1]
        if self._ascii:
            return start + column
        if line not in self._bytes:
            end = self._lines[line] if line < len(self._lines) else len(self._text)
            self._bytes[line] = array("L", accumulate(map(_width, self._text[start:end])))
        return start + bisect_right(self._bytes[line], column)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """The statements, handlers and cases inside a compound statement."""
    for field in ("body", "cases", "handlers", "orelse", "finalbody"):
        block = getattr(node, field, None)
        if isinstance(block, list):
            yield from block


def _width(character: str) -> int:
    code = ord(character)
    return 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4
