"""The file of an imported report: where it may stand, and JSON that two readers understand alike."""

from __future__ import annotations

import json
import os
import stat
from collections import deque
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_BYTES = 20_000_000
MAX_DEPTH = 64
_MAX_LINKS = 40

#: What a file begins with that is no plain JSON, and what to do about it.
_OTHER_FORMATS = (
    (b"\xff\xfe", "is UTF-16 (PowerShell's `>` writes that); write it as UTF-8"),
    (b"\xfe\xff", "is UTF-16; write it as UTF-8"),
    (b"\x1f\x8b", "is compressed; unpack it before the gate runs"),
    (b"PK\x03\x04", "is a ZIP archive; unpack it before the gate runs"),
    (b"<", "is XML or HTML and not JSON; choose the tool's SARIF output"),
)


class ReportError(Exception):
    """The file, or a run in it, says nothing that can be believed. The text says why."""


def read_bytes(name: str, folder: Path, root: Path | None, tracked: Callable[[str], bool]) -> bytes:
    """Return the content of the file `name`, relative to `folder`. Raises ReportError.

    `root` is the work tree of the repository (None: `folder`). The file must not come from the commit under
    review: neither it nor a link or submodule on the way to it may be one that `tracked` knows.
    """
    try:
        path = _follow(name, folder, root or folder, tracked)
        # Without waiting for a pipe's writer.
        number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        with open(number, "rb") as stream:  # noqa: PTH123 -- by its number: the same file that was opened
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise ReportError("is not a regular file")
            data = stream.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ReportError(
            "there is no such file below the folder in which the gate was started; run the scanner before "
            "the gate and let it write its report there"
        ) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a usable path"
        raise ReportError(f"cannot be read ({reason})") from error
    if len(data) > MAX_BYTES:
        raise ReportError(f"is larger than {MAX_BYTES // 1_000_000} MB; let the scanner look at less")
    return data


def parse(data: bytes, *, rows: str = "") -> dict[str, Any]:
    """Return the JSON object that a report is. Raises ReportError.

    With `rows` a list is taken, too, as an object with the list under that key.
    """
    if not data.strip():
        raise ReportError("is empty: the scanner did not finish")
    for begin, what in _OTHER_FORMATS:
        if data.lstrip()[:4].startswith(begin) or data.startswith(begin):
            raise ReportError(what)
    try:
        document = json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_refuse_constant
        )
    except _BadJsonError as error:
        raise ReportError(f"is no JSON that can be trusted: {error}") from error
    except json.JSONDecodeError as error:
        raise ReportError(
            f"is no JSON: it is cut or damaged at line {error.lineno}, column {error.colno}"
        ) from error
    except UnicodeDecodeError as error:
        raise ReportError("is no JSON: it is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise ReportError(
            "is no JSON that can be trusted: it is nested too deeply, or a number is too long"
        ) from error
    if rows and isinstance(document, list):
        document = {rows: document}
    if not isinstance(document, dict):
        raise ReportError("is neither SARIF 2.1.0 nor a security report of GitLab")
    if _depth_exceeds(document, MAX_DEPTH):
        raise ReportError(f"is nested deeper than {MAX_DEPTH} levels")
    return document


def _follow(name: str, folder: Path, root: Path, tracked: Callable[[str], bool]) -> Path:
    """Return where `name` leads, link by link: the commit must not decide on any part of the way."""
    place, top = folder.resolve(), root.resolve()
    rest = deque(PurePosixPath(name).parts)
    links = 0
    while rest:
        part = rest.popleft()
        if part == "/":
            place = Path("/")
            continue
        if part == "..":
            place = place.parent
            continue
        step = place / part
        if step.is_relative_to(top) and step != top and tracked(step.relative_to(top).as_posix()):
            raise ReportError(
                "is part of the commit under review, or reached through a link or submodule of it; a report must "
                "be made by the pipeline"
            )
        if step.is_symlink():
            links += 1
            if links > _MAX_LINKS:
                raise ReportError("cannot be read (too many links)")
            rest.extendleft(reversed(PurePosixPath(os.readlink(step)).parts))  # noqa: PTH115 -- as it stands
        else:
            place = step
    return place


class _BadJsonError(Exception):
    """JSON that two readers could understand differently."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _BadJsonError("a key occurs twice in one object")
    return value


def _refuse_constant(word: str) -> Any:
    raise _BadJsonError(f"{word} is no number of JSON")


def _depth_exceeds(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True
