"""Reading a report file that a hostile job may have written: in memory, within limits, word by word."""

from __future__ import annotations

import io
import json
import os
import stat
import zipfile
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from gate.errors import IncompleteError
from gate.pipeline.report_schema import Report

if TYPE_CHECKING:
    from pathlib import Path

NAME = "gate-report.json"
MAX_PACKED = 20 * 1024 * 1024
MAX_BYTES = 64 * 1024 * 1024
MAX_RATIO = 100
MAX_DEPTH = 64


class ReportRefused(IncompleteError):
    """The report cannot be believed, not even read. Nothing of it may be shown or acted on."""


def read_report(path: Path) -> Report:
    """Return the report of a file: `gate-report.json`, or a zip archive with that one member.

    Nothing is unpacked to disk. Raises ReportRefused, with a reason of our own words, for a link, a size or
    depth above the limits, another member, broken or repeated JSON keys, an unknown key or a wrong type.
    """
    data = _read(path)
    if data[:2] == b"PK":
        data = _member(data)
    try:
        document = json.loads(
            data.decode("utf-8"), object_pairs_hook=_object, parse_constant=_constant, parse_int=_whole
        )
        _prove_plain(document)
        return msgspec.convert(document, Report)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at ")
        hint = "Run check and publish with the same version of gate." if "unknown field" in message else None
        _refuse(f"{place.strip('`') or '$'}: {message}", hint)
    except RecursionError:
        _refuse(f"nested deeper than {MAX_DEPTH} levels")
    except UnicodeError:
        _refuse("holds text that is not Unicode")
    except ValueError as error:
        _refuse(f"not valid JSON: {error}")


def _read(path: Path) -> bytes:
    try:
        # A link in a folder that the other job filled could lead anywhere.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        is_link = path.is_symlink()
        _refuse(
            "is a symbolic link" if is_link else f"cannot be read: {error.strerror or error}",
            "Did the check job write it, and was the artifact brought here?",
        )
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        _refuse("is not a regular file")
    with os.fdopen(descriptor, "rb") as file:
        start = file.read(2)
        limit = MAX_PACKED if start == b"PK" else MAX_BYTES
        data = start + file.read(limit + 1 - len(start))
    if len(data) > limit:
        _refuse(f"larger than {limit:,} bytes")
    return data


def _member(data: bytes) -> bytes:
    """The one member of an archive, read without writing anything anywhere."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) != 1 or members[0].filename != NAME:
                _refuse(f"the archive does not hold exactly one file {NAME}")
            member = members[0]
            if stat.S_ISLNK(member.external_attr >> 16):
                _refuse("the archive holds a symbolic link")
            if member.flag_bits & 0x1:
                _refuse("the archive is encrypted")
            if member.file_size > MAX_BYTES or member.file_size > MAX_RATIO * max(member.compress_size, 1):
                _refuse(
                    f"the archive unpacks to more than {MAX_BYTES:,} bytes, or {MAX_RATIO} times its size"
                )
            with archive.open(member) as file:
                found = file.read(MAX_BYTES + 1)
    except ReportRefused:
        raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError) as error:
        _refuse(f"the archive is broken: {type(error).__name__}")
    except Exception as error:  # noqa: BLE001 - zlib and lzma have errors of their own
        _refuse(f"the archive is broken: {type(error).__name__}")
    if len(found) > MAX_BYTES:
        _refuse(f"the archive unpacks to more than {MAX_BYTES:,} bytes")
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return plain


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _whole(digits: str) -> int:
    if len(digits) > 20:
        raise ValueError("a number has more than 20 digits")
    return int(digits)


def _prove_plain(document: Any) -> None:
    """Raise RecursionError for too deep a document, UnicodeError for half of a surrogate pair."""
    level, depth = [document], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise RecursionError
        inner: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                inner += value.values()
                inner += value
            elif isinstance(value, list):
                inner += value
            elif isinstance(value, str):
                value.encode()
        level = inner


def _refuse(reason: str, hint: str | None = None) -> NoReturn:
    raise ReportRefused(
        f"the report was refused: {reason}",
        hint=hint or "Run the check again. If it stays, look at what the check job does with its report.",
    )
