"""Places in imported reports: which file of the repository a location means, and which range."""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

from gate.core.finding import Range
from gate.scanners.words import dig, items

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator
    from pathlib import Path

_MAX_LINE = 10_000_000
_MAX_BASES = 8
_MAX_ROOTS = 50
_MAX_URI = 8_000
_MAX_LOCATIONS = 20
_WIDE = re.compile("[\U00010000-\U0010ffff]")
_DRIVE = re.compile(r"/?([A-Za-z]):[\\/]")


class Places:
    """The files of one side of a change. `roots` are the folders of this machine that hold them."""

    def __init__(
        self, roots: Iterable[Path], paths: Container[str], read: Callable[[str], bytes | None]
    ) -> None:
        self._roots = tuple(
            dict.fromkeys(str(p) for root in roots for p in (root.absolute(), root.resolve()))
        )
        self._paths = paths
        self._read = read
        self._lines: dict[str, list[str]] = {}
        self._wide: dict[tuple[str, int], list[int]] = {}  # where a line has characters of two units

    def find(self, written: str, more_roots: Iterable[str] = ()) -> str:
        """Return the path in git of a decoded path, or "" if it is none of this side's files.

        An absolute path has to be below one of our roots, or of `more_roots`: a file that only has the same
        name as one of ours must not be taken for it.
        """
        for spelling in dict.fromkeys((written, written.replace("\\", "/"))):
            for candidate in _below(_without_drive(spelling), (*self._roots, *more_roots)):
                path = _normal(candidate)
                if path and path in self._paths:
                    return path
        return ""

    def range(self, path: str, region: Any, *, utf16: bool) -> Range:
        """Return the range of a SARIF region; without a line it is the first line as a whole."""
        start = line_number(dig(region, "startLine"))
        if not start:
            return Range(start_line=1)
        column = line_number(dig(region, "startColumn"))
        end = max(start, line_number(dig(region, "endLine")))
        end_column = line_number(dig(region, "endColumn"))
        if end_column and not column:
            column = 1  # the default of the standard, section 3.30.6
        if utf16:
            column, end_column = self._points(path, start, column), self._points(path, end, end_column)
        return Range(start_line=start, start_column=column, end_line=end, end_column=end_column)

    def _points(self, path: str, line: int, column: int) -> int:
        """Return the code-point column of a column in UTF-16 units."""
        if column < 2 or not path:
            return column
        key = (path, line)
        if key not in self._wide:
            if path not in self._lines:
                data = self._read(path)
                self._lines[path] = data.decode("utf-8", "replace").split("\n") if data else []
            lines = self._lines[path]
            text = lines[line - 1] if line <= len(lines) else ""
            self._wide[key] = [found.start() + n for n, found in enumerate(_WIDE.finditer(text))]
        # Each character of two units before the column moves it by one; half of one counts as not yet there.
        return column - bisect_left(self._wide[key], column - 1)


class RunPlaces:
    """Resolves the artifact locations of one SARIF run."""

    def __init__(self, places: Places, run: Any) -> None:
        self._places = places
        self._run = run
        self._roots: list[str] = []
        for root in sorted(set(self._stated_roots()), key=lambda root: (len(root), root)):
            # A base inside of another one is a folder of the repository.
            if not any(root.startswith(f"{known.rstrip('/')}/") for known in self._roots):
                self._roots.append(root)

    def path(self, location: Any) -> str:
        """Return the path in git of an artifactLocation, or "" if it is none of this side's files."""
        if not isinstance(dig(location, "uri"), str):
            index = dig(location, "index")
            location = dig(self._run, "artifacts", index, "location") if type(index) is int else None
        uri = dig(location, "uri")
        if not isinstance(uri, str) or len(uri) > _MAX_URI:
            return ""
        joined, own = self._joined(location), decoded(uri)
        # A base that is no folder says nothing; and some tools do not encode what they write.
        for candidate in (joined,) if joined not in {"", own} else (own, uri):
            if path := self._places.find(candidate, self._roots):
                return path
        return ""

    def physical(self, locations: Any) -> tuple[str, Any]:
        """Return path and region of the first location that is a file of ours, else "" and the first region."""
        physical = [dig(one, "physicalLocation") for one in items(locations)[:_MAX_LOCATIONS]]
        for one in physical:
            if path := self.path(dig(one, "artifactLocation")):
                return path, dig(one, "region")
        return "", next((dig(one, "region") for one in physical if one is not None), None)

    def _stated_roots(self) -> Iterator[str]:
        """Yield the folders of the tool's own machine that the run names as what its paths are relative to."""
        bases = dig(self._run, "originalUriBaseIds")
        named = list(bases.values())[:_MAX_ROOTS] if isinstance(bases, dict) else []
        named += [dig(one, "mappedTo") for one in items(self._run, "versionControlProvenance")[:_MAX_ROOTS]]
        for location in named:
            path = _without_drive(self._joined(location))
            if path.startswith("/"):
                yield path.rstrip("/") or "/"
        # As GitHub takes it; a tool that was started in / says nothing with that.
        started = _without_drive(self._joined(dig(self._run, "invocations", 0, "workingDirectory")))
        if started.startswith("/") and started.strip("/"):
            yield started.rstrip("/")

    def _joined(self, location: Any) -> str:
        """Return the path of a location after all its bases that are known, absolute or not.

        It is "" if a base is no file at all, such as the web address of a repository, or if the bases lead in a
        circle: then nothing is known but the location's own path.
        """
        below = ""
        for _ in range(_MAX_BASES):
            uri = dig(location, "uri")
            if not isinstance(uri, str):
                return below
            scheme = _scheme(uri)
            if scheme not in {"", "file"}:
                return ""
            path = decoded(urlsplit(uri).path if scheme else uri)
            below = f"{path.rstrip('/')}/{below}" if below else path
            if _without_drive(path).startswith("/"):
                return below
            base = dig(location, "uriBaseId")
            location = dig(self._run, "originalUriBaseIds", base) if isinstance(base, str) else None
        return ""


def line_number(value: Any) -> int:
    """Return a line or column of untrusted JSON, 0 if it is none."""
    number = int(value) if type(value) is float and value.is_integer() else value
    return number if type(number) is int and 0 < number <= _MAX_LINE else 0


def decoded(uri: str) -> str:
    """Return the path of a reference, as git has it: percent-decoded, bytes that are not UTF-8 escaped."""
    return os.fsdecode(unquote_to_bytes(uri.encode("utf-8", "surrogatepass")))


def _scheme(uri: str) -> str:
    head, colon, _ = uri.partition(":")
    is_scheme = colon and len(head) > 1 and head.isascii() and head.replace("+", "").isalnum()
    return head.lower() if is_scheme else ""  # one letter is a drive of Windows


def _below(path: str, roots: Iterable[str]) -> Iterator[str]:
    """Yield a relative path as it is, of an absolute one what is below each root."""
    if not path.startswith("/"):
        yield path
        return
    for root in roots:
        if path.startswith(f"{root.rstrip('/')}/"):
            yield path[len(root.rstrip("/")) + 1 :]


def _without_drive(path: str) -> str:
    r"""`C:\a\b` and `/C:/a/b` as `/c:/a/b`; any other path as it is."""
    found = _DRIVE.match(path)
    return f"/{found[1].lower()}:/{path[found.end() :]}".replace("\\", "/") if found else path


def _normal(path: str) -> str:
    """Return a relative path without `.` parts, or "" if it leads outside or nowhere."""
    parts = [part for part in path.split("/") if part not in {"", "."}]
    return "" if path.startswith("/") or ".." in parts else "/".join(parts)
