r"""From a tool's lines and columns to the gate's: lines end at `\\n`, columns count code points from 1."""

from __future__ import annotations

import io
import re
import tokenize
from bisect import bisect_right
from typing import TYPE_CHECKING

from gate.core.finding import Range

if TYPE_CHECKING:
    from gate.scanners.tree import TargetTree

_BREAK = re.compile(r"\r\n|\r|\n")


class Sources:
    """The written files of a tree, read when a tool has said something about them."""

    def __init__(self, tree: TargetTree) -> None:
        self._tree = tree
        self._lines: dict[str, list[bytes]] = {}
        self._texts: dict[str, PythonText] = {}

    def from_bytes(self, path: str, start: tuple[int, int], end: tuple[int, int]) -> Range:
        """Return the range for lines and 1-based columns in bytes, the end column exclusive."""
        return Range(
            start_line=start[0],
            start_column=self._column(path, *start),
            end_line=end[0],
            end_column=self._column(path, *end),
        )

    def from_python(self, path: str, line: int, start: int, end: int) -> Range:
        """Return the range for one line as Python counts them and 0-based columns in UTF-8 bytes.

        An `end` before `start` means that the end is on a later line, or unknown: then the range ends
        with the line.
        """
        text = self._texts.get(path)
        if text is None:
            text = self._texts[path] = PythonText(self._read(path))
        shift = self._tree.files[path].bom
        first = text.place(line, start)
        last = text.place(line, end) if end > start else text.line_end(line)
        return Range(
            start_line=first[0],
            start_column=first[1] + (shift and first[0] == 1),
            end_line=last[0],
            end_column=last[1] + (shift and last[0] == 1),
        )

    def _column(self, path: str, line: int, column: int) -> int:
        lines = self._lines.get(path)
        if lines is None:
            lines = self._lines[path] = self._read(path).split(b"\n")
        text = lines[line - 1] if 0 < line <= len(lines) else b""
        points = len(text[: max(0, column - 1)].decode("utf-8", "replace"))
        # The mark that was cut off is a character of the file in git.
        return points + 1 + (line == 1 and self._tree.files[path].bom)

    def _read(self, path: str) -> bytes:
        return (self._tree.root / self._tree.files[path].written).read_bytes()


class PythonText:
    r"""A Python file as its parser sees it: decoded, and a lone `\\r` ends a line too."""

    def __init__(self, data: bytes) -> None:
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        except (SyntaxError, UnicodeDecodeError):
            encoding = "utf-8"
        self._text = data.decode(encoding, "replace")
        self._starts = [0, *(found.end() for found in _BREAK.finditer(self._text))]
        self._newlines = [0, *(found.end() for found in re.finditer("\n", self._text))]

    def place(self, line: int, column: int) -> tuple[int, int]:
        """Return line and code-point column of a Python line and a 0-based column in UTF-8 bytes.

        A column behind the line's end is that of another line (of B106 the line is that of the keyword, the
        column that of the call): then it is the line's end.
        """
        start = self._starts[min(max(line, 1), len(self._starts)) - 1]
        # A code point has one byte at least, so this many characters hold the column.
        column = min(column, 4 * len(self._text))
        found = _BREAK.search(self._text, start, start + max(column, 0))
        end = found.start() if found else start + max(column, 0)
        prefix = self._text[start:end].encode("utf-8", "surrogatepass")
        return self._at(start + len(prefix[: max(column, 0)].decode("utf-8", "replace")))

    def line_end(self, line: int) -> tuple[int, int]:
        """Return the place behind the last character of a Python line."""
        start = self._starts[min(max(line, 1), len(self._starts)) - 1]
        found = _BREAK.search(self._text, start)
        return self._at(found.start() if found else len(self._text))

    def _at(self, position: int) -> tuple[int, int]:
        line = bisect_right(self._newlines, position)
        return line, position - self._newlines[line - 1] + 1
