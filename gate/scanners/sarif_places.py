"""Places in SARIF files: which file of the repository an artifact location means, and which range."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

from gate.core.finding import Range
from gate.scanners.words import dig

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator
    from pathlib import Path

_MAX_LINE = 10_000_000
_MAX_BASES = 8


class Places:
    """Resolves locations against one side of a change."""

    def __init__(self, folder: Path, paths: Container[str], read: Callable[[str], bytes | None]) -> None:
        self._roots = tuple(dict.fromkeys((str(folder.absolute()), str(folder.resolve()))))
        self._paths = paths
        self._read = read
        self._lines: dict[str, list[str]] = {}

    def path(self, run: Any, location: Any) -> str:
        """Return the path in git of an artifactLocation, or "" if it is none of this side's files."""
        for candidate in self._candidates(run, location):
            path = _normal(candidate)
            if path and path in self._paths:
                return path
        return ""

    def range(self, path: str, region: Any, *, utf16: bool) -> Range:
        """Return the range of a SARIF region; without a line it is the first line as a whole."""
        start = _number(dig(region, "startLine"))
        if not start:
            return Range(start_line=1)
        column = _number(dig(region, "startColumn"))
        end = max(start, _number(dig(region, "endLine")))
        end_column = _number(dig(region, "endColumn"))
        if end_column and not column:
            column = 1  # the default of the standard, section 3.30.6
        if utf16:
            column, end_column = self._points(path, start, column), self._points(path, end, end_column)
        return Range(start_line=start, start_column=column, end_line=end, end_column=end_column)

    def _candidates(self, run: Any, location: Any) -> Iterator[str]:
        """Yield paths that a location may mean, the surest first, relative to the repository."""
        if not isinstance(dig(location, "uri"), str):
            index = dig(location, "index")
            location = dig(run, "artifacts", index, "location") if type(index) is int else None
        uri = dig(location, "uri")
        if not isinstance(uri, str) or len(uri) > 8_000:
            return
        joined = _joined(run, location)
        yield joined
        for root in self._roots:
            if joined.startswith(f"{root}/"):
                yield joined[len(root) + 1 :]
        # A base on another machine says nothing here, but what is relative to it is the same file.
        if not _scheme(uri) and not uri.startswith("/"):
            yield _decode(uri)
            yield _decode(uri).replace("\\", "/")

    def _points(self, path: str, line: int, column: int) -> int:
        """Return the code-point column of a column in UTF-16 units."""
        if column < 2 or not path:
            return column
        if path not in self._lines:
            data = self._read(path)
            self._lines[path] = data.decode("utf-8", "replace").split("\n") if data else []
        lines = self._lines[path]
        text = lines[line - 1] if line <= len(lines) else ""
        if text.isascii():
            return column
        units = text.encode("utf-16-le")
        before = units[: 2 * (column - 1)]
        # Columns behind the text stay as far behind it.
        return len(before.decode("utf-16-le", "ignore")) + 1 + (column - 1 - len(before) // 2)


def _joined(run: Any, location: Any) -> str:
    """Return the path of a location after all its bases that are known, absolute or not, or ""."""
    below = ""
    for _ in range(_MAX_BASES):
        uri = dig(location, "uri")
        scheme = _scheme(uri) if isinstance(uri, str) else ""
        if not isinstance(uri, str) or scheme not in {"", "file"}:
            return "" if scheme else below
        path = _decode(urlsplit(uri).path if scheme else uri)
        below = f"{path.rstrip('/')}/{below}" if below else path
        if path.startswith("/"):
            return below
        base = dig(location, "uriBaseId")
        location = dig(run, "originalUriBaseIds", base) if isinstance(base, str) else None
    return below


def _scheme(uri: str) -> str:
    head, colon, _ = uri.partition(":")
    return head.lower() if colon and head.isascii() and head.replace("+", "").isalnum() else ""


def _decode(uri: str) -> str:
    """Return the path of a reference, as git has it: percent-decoded, bytes that are not UTF-8 escaped."""
    return os.fsdecode(unquote_to_bytes(uri.encode("utf-8", "surrogatepass")))


def _normal(path: str) -> str:
    """Return a relative path without `.` parts, or "" if it leads outside or nowhere."""
    parts = [part for part in path.split("/") if part not in {"", "."}]
    return "" if path.startswith("/") or ".." in parts else "/".join(parts)


def _number(value: Any) -> int:
    return value if type(value) is int and 0 < value <= _MAX_LINE else 0
