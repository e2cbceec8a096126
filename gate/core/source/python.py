"""Statements and scopes of Python, from its syntax tree."""

from __future__ import annotations

import ast
import re
import warnings
from array import array
from bisect import bisect_right
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from gate.core.lexer import PYTHON, Kind, Token, tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Scopes deeper than this repeat the one above, so that hostile nesting stays linear.
MAX_DEPTH = 20

_BLOCKS = frozenset(["body", "cases", "handlers", "orelse", "finalbody"])
_Place = tuple[int, int]
_Node = ast.stmt | ast.ExceptHandler | ast.match_case
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Unit(NamedTuple):
    """A simple statement, the header of a compound one, or one decorator; offsets in code points."""

    start: int
    end: int
    scope: str
    defines: bool


def parse(text: str) -> Module | None:
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
    return Module(tree, readable)


def tokens_of(text: str, unit: Unit) -> list[Token]:
    """The tokens of a unit without comments; the name that a header defines is `_`."""
    tokens = [t for t in tokenize(text, PYTHON, unit.start, unit.end) if t.kind is not Kind.COMMENT]
    if unit.defines:
        keyword = next((i for i, token in enumerate(tokens) if token.text in ("def", "class")), None)
        if keyword is not None and keyword + 1 < len(tokens):
            tokens[keyword + 1] = tokens[keyword + 1]._replace(text="_")
    return tokens


class Module:
    """The units of a module, which do not overlap, and where its scopes begin and end.

    Places are kept as the tree gives them, by line and UTF-8 byte: few of them are ever asked for. Of the tree
    itself, which is many times larger than the text, nothing is kept.
    """

    def __init__(self, tree: ast.Module, text: str) -> None:
        self._text = text
        # Python ends lines at a lone \r too.
        self._lines = [0, *(found.end() for found in re.finditer(r"\r\n?|\n", text))]
        self._bytes: dict[int, Sequence[int]] = {}
        self._begins: list[_Place] = []
        # Of each unit the end, if it does not end where the next one begins; scope; whether it defines a name.
        self._units: list[tuple[_Place | None, str, bool]] = []
        # Place; order in one place: inner ends, outer ends, begins; scope from there on.
        self._changes: list[tuple[_Place, int, str]] = []
        self._read(tree)
        self.scopes = frozenset({"", *(scope for _, _, scope in self._changes)})

    def unit_at(self, offset: int) -> Unit | None:
        """The last unit that begins at or before an offset."""
        index = bisect_right(self._begins, self._place(offset)) - 1
        if index < 0:
            return None
        end, scope, defines = self._units[index]
        begin, end = self._begins[index], end or self._begins[index + 1]
        return Unit(self._offset(begin), self._offset(end), scope, defines)

    def scope_at(self, offset: int) -> str:
        """The dotted names of the definitions around an offset."""
        index = bisect_right(self._changes, self._place(offset), key=lambda change: change[0]) - 1
        return self._changes[index][2] if index >= 0 else ""

    def _read(self, tree: ast.Module) -> None:
        """One pass over the statements in the order of the text, without recursion."""
        waiting: list[tuple[_Node, str, int]] = [(node, "", 0) for node in reversed(tree.body)]
        while waiting:
            node, scope, depth = waiting.pop()
            begin, end = self._span(node)
            inner = (scope, depth)
            if isinstance(node, _Definition):
                for decorator in node.decorator_list:
                    self._begins.append(self._keyword("@", decorator))
                    self._units.append((None, scope, False))
                if depth < MAX_DEPTH:
                    inner = (f"{scope}.{node.name[:100]}" if scope else node.name[:100], depth + 1)
                self._changes += [(begin, 1, inner[0]), (end, -depth, scope)]
            children = [child for field in _blocks(node._fields) for child in getattr(node, field)]
            waiting += [(child, *inner) for child in reversed(children)]
            self._begins.append(begin)
            self._units.append((None if children else end, scope, isinstance(node, _Definition)))
        self._changes.sort(key=lambda change: change[:2])

    def _span(self, node: _Node) -> tuple[_Place, _Place]:
        if isinstance(node, ast.match_case):  # has no place of its own, and ends with its last statement
            return self._keyword("case", node.pattern), self._span(node.body[-1])[1]
        return (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)

    def _keyword(self, word: str, node: ast.expr | ast.pattern) -> _Place:
        """The place of the word before a node, which has none of its own."""
        offset = self._offset((node.lineno, node.col_offset))
        return self._place(max(self._text.rfind(word, 0, offset), 0))

    def _offset(self, place: _Place) -> int:
        line, column = place
        line = min(line, len(self._lines))
        return self._lines[line - 1] + bisect_right(self._ends(line), column)

    def _place(self, offset: int) -> _Place:
        line = bisect_right(self._lines, offset)
        before = offset - self._lines[line - 1]
        return line, self._ends(line)[before - 1] if before else 0

    def _ends(self, line: int) -> Sequence[int]:
        """After how many bytes of a line each of its characters ends."""
        if line not in self._bytes:
            end = self._lines[line] if line < len(self._lines) else len(self._text)
            text = self._text[self._lines[line - 1] : end]
            widths = accumulate(map(_width, text))
            self._bytes[line] = range(1, len(text) + 1) if text.isascii() else array("L", widths)
        return self._bytes[line]


@cache
def _blocks(fields: tuple[str, ...]) -> tuple[str, ...]:
    """Which fields of a node hold statements, handlers or cases; the grammar has them in the order of the text."""
    return tuple(field for field in fields if field in _BLOCKS)


def _width(character: str) -> int:
    code = ord(character)
    return 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4
