"""What a line stands in, by indentation: the statement around it, and the definitions around that."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Deeper nesting is not looked through.
MAX_DEPTH = 12

_DEFINITION = re.compile(
    r"(?:^|[\s(])(?:def|class|function\*?|func|fn|fun|sub|interface|struct|impl|trait|module|object|record|enum|namespace|"
    r"protocol|extension|procedure|defp|defmodule)\s+(?:self\.|\([^()]*\)\s*)?(?P<named>[^\W\d][\w.]*)"
    r"|^\s*(?:export\s+)?(?:default\s+)?(?:const|let|var)\s+(?P<bound>[^\W\d]\w*)\s*(?::[^=]+)?=\s*"
    r"(?:async\b\s*)?(?:function\b|\(|\w+\s*=>|\w+\()"
    r"|^\s*(?:[\w$]+\.)*(?P<member>[^\W\d][\w$]*)\s*[:=]\s*(?:async\b\s*)?(?:function\b|\([^()]*\)\s*(?::[^=]+)?=>)"
    r"|^\s*(?:(?:public|private|protected|internal|static|final|abstract|async|override|virtual|suspend|readonly)\s+)+"
    r"(?:[\w<>\[\],.?]+\s+)?(?P<method>[^\W\d]\w*)\s*\("
    r"|^\s*(?!if\b|for\b|while\b|switch\b|catch\b|return\b|else\b)(?:async\s+)?(?P<plain>[^\W\d]\w*)\s*\([^()]*\)\s*(?::[^{]+)?\{\s*$"
)
_CLOSER = re.compile(r"\s*[)\]}]")
_INDENT = re.compile(r"[ \t]*")


class Enclosing:
    """The places around the lines of one file. `lines` are its lines of code, without comments and strings."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._parents = _parents(lines)
        self._names: dict[int, tuple[str, ...]] = {}

    def parent(self, line: int) -> int:
        """The number of the line that the one with this number (from 1) continues or stands below; 0 at the top."""
        return self._parents[line - 1] + 1 if 0 < line <= len(self._lines) else 0

    def statement(self, line: int) -> str:
        """That line itself; empty at the top."""
        parent = self.parent(line)
        return self._lines[parent - 1] if parent else ""

    def names(self, line: int) -> tuple[str, ...]:
        """The names of the definitions around a line, the inner one first; its own if it begins one."""
        if not 0 < line <= len(self._lines):
            return ()
        at = line - 1
        own = _defined(self._lines[at])
        found = [own] if own else []
        parent = self._parents[at]
        if parent not in self._names:
            self._names[parent] = self._names_from(parent)
        return (*found, *self._names[parent])

    def _names_from(self, at: int) -> tuple[str, ...]:
        found: list[str] = []
        for _ in range(MAX_DEPTH):
            if at < 0:
                break
            if name := _defined(self._lines[at]):
                found.append(name)
            at = self._parents[at]
        return tuple(found)


def _defined(line: str) -> str:
    found = _DEFINITION.search(line[:300])
    return (found[found.lastgroup] if found and found.lastgroup else "") or ""


def _parents(lines: Sequence[str]) -> list[int]:
    """For each line the index of the nearest earlier one with less indentation, -1 for none.

    A line that only closes what an earlier one opened stands for that one.
    """
    parents: list[int] = []
    open_lines: list[tuple[int, int]] = []  # indentation, index
    for index, line in enumerate(lines):
        if not line.strip():
            parents.append(open_lines[-1][1] if open_lines else -1)
            continue
        indent = len(_INDENT.match(line)[0].expandtabs(4))  # type: ignore[index]
        while open_lines and open_lines[-1][0] > indent:
            open_lines.pop()
        same = open_lines and open_lines[-1][0] == indent
        before = open_lines[-2][1] if same and len(open_lines) > 1 else -1
        parents.append(before if same else (open_lines[-1][1] if open_lines else -1))
        if same and _CLOSER.match(line):
            continue  # `) -> None:` and `} else {` belong to the line above that opened
        if same:
            open_lines.pop()
        open_lines.append((indent, index))
    return parents
