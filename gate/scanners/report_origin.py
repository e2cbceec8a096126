"""What an imported report says of its own commit and time, and what the job that made it wrote beside it."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from gate.core.imports import ReportOrigin
from gate.scanners.sarif_file import ReportError, parse, read_bytes
from gate.scanners.words import dig, items

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: The file beside a report: its commit in the first line, and perhaps the time in the second one.
SUFFIX = ".commit"
#: Snyk writes a list where it looked at several projects.
PROJECTS = "projects"
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SAID_COMMIT = re.compile(r"[0-9a-f]{7,64}")


def read_with_origin(
    name: str, folder: Path, root: Path | None, tracked: Callable[[str], bool]
) -> tuple[dict[str, Any], ReportOrigin]:
    """Return the JSON object in a report and where it comes from. Raises ReportError.

    Raises it, too, if the report and the file beside it contradict each other.
    """
    data = read_bytes(name, folder, root, tracked)
    document = parse(data, rows=PROJECTS)
    commit, made_at = _beside(name, folder, root, tracked)
    said = _commit(document)
    if commit and said and not commit.startswith(said):
        raise ReportError(f"says that it is of {said[:12]}, and {name}{SUFFIX} says {commit[:12]}")
    return document, ReportOrigin(
        digest="sha256:" + hashlib.sha256(data).hexdigest(),
        commit=commit or said,
        made_at=_time(document) or made_at,
    )


def _beside(name: str, folder: Path, root: Path | None, tracked: Callable[[str], bool]) -> tuple[str, str]:
    if not (folder / f"{name}{SUFFIX}").exists():
        return "", ""
    try:
        lines = read_bytes(f"{name}{SUFFIX}", folder, root, tracked)[:500].decode("ascii").split()
    except UnicodeDecodeError:
        lines = []
    except ReportError as error:
        raise ReportError(f"has a file beside it, {name}{SUFFIX}, which {error}") from error
    made_at = _iso(lines[1]) if len(lines) == 2 else ""
    if not 1 <= len(lines) <= 2 or not _COMMIT.fullmatch(lines[0]) or (len(lines) == 2 and not made_at):
        raise ReportError(
            f"has a file beside it, {name}{SUFFIX}, which is not a full commit id and perhaps a time, each on a line"
        )
    return lines[0], made_at


def _commit(document: dict[str, Any]) -> str:
    """The commit that a SARIF log names, where all its runs name the same one."""
    found = {
        word.strip().lower()
        for run in items(document, "runs")
        for provenance in items(run, "versionControlProvenance")
        if isinstance(word := dig(provenance, "revisionId"), str)
    }
    return next(iter(found)) if len(found) == 1 and _SAID_COMMIT.fullmatch(min(found)) else ""


def _time(document: dict[str, Any]) -> str:
    """The oldest time at which a part of the report was made; none if one does not say it."""
    return min(times) if (times := list(_times(document))) and all(times) else ""


def _times(document: dict[str, Any]) -> Iterator[str]:
    if "site" in document:
        yield _iso(document.get("created")) or _iso(document.get("@generated"))
    elif "runs" in document:
        for run in items(document, "runs"):
            ends = [
                _iso(dig(one, "endTimeUtc")) or _iso(dig(one, "startTimeUtc"))
                for one in items(run, "invocations")
            ]
            yield max(ends, default="")
    elif dig(document, "scan"):
        yield _iso(dig(document, "scan", "end_time"))


def _iso(told: Any) -> str:
    """A time as `YYYY-MM-DDThh:mm:ssZ`, of what tools write; one without an offset is taken as UTC."""
    if not isinstance(told, str) or len(told) > 100:
        return ""
    try:
        parsed = datetime.fromisoformat(told.strip())
    except ValueError:
        try:
            parsed = parsedate_to_datetime(told.strip())
        except (ValueError, TypeError, IndexError):
            return ""
    parsed = parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    return parsed.strftime("%Y-%m-%dT%H:%M:%SZ")
