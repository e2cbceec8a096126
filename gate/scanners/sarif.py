"""Import of reports that other scanners wrote (SARIF 2.1.0, GitLab): hostile, believed only where they can be."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from gate.core.scan import CUT, ScanReport, ScanStatus, ToolRun, Unscanned
from gate.scanners.gitlab_report import GitlabReader, check_report, is_gitlab_report
from gate.scanners.sarif_file import ReportError, read_report
from gate.scanners.sarif_log import check_run, runs_of
from gate.scanners.sarif_places import Places
from gate.scanners.sarif_results import RunReader
from gate.scanners.words import dig

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator
    from pathlib import Path

    from gate.core.finding import Sighting
    from gate.core.policy import SarifPolicy

#: GitHub keeps 25,000 results of a file, so no tool means to write more.
MAX_RESULTS = 25_000
_MAX_NOTES = 200
_MAX_WORD = 60


def import_sarif(
    row: SarifPolicy,
    *,
    head: str,
    folder: Path,
    tracked: Callable[[str], bool],
    paths: Container[str],
    read: Callable[[str], bytes | None] = lambda _path: None,
    base: str | None = None,
    base_paths: Container[str] = (),
    read_base: Callable[[str], bytes | None] = lambda _path: None,
    root: Path | None = None,
) -> ToolRun:
    """Read the report of a policy row for the head, and the one for the base if the row names one.

    `folder` is the working folder, `root` the work tree of the repository (None: the working folder), `head`
    and `base` are commit ids (empty: not known), `tracked` says whether the head commit has a file of that
    path, `paths` are all files of that side, and `read` gives a file's content, for columns that count UTF-16
    units. A sighting whose place is not in `paths` has the path "". `targets` are only the files that the tool
    itself says it could not read: such a report proves of no file that it was read. Never raises because of
    the file.
    """
    roots = (folder,) if root is None else (root,)

    def imported(name: str, commit: str, places: Places) -> ScanReport:
        try:
            return _report(row, read_report(name, folder, root, tracked), commit, places)
        except ReportError as error:
            return ScanReport(
                tool=row.name, status=ScanStatus.FAILED, reason=f"{name}: {error}", required=row.required
            )

    return ToolRun(
        head=imported(row.path, head, Places(roots, paths, read)),
        base=None
        if row.base is None
        else imported(row.base, base or "", Places(roots, base_paths, read_base)),
    )


class _Reader(Protocol):
    """What understands the results of one run of a tool."""

    def sight(self, result: Any) -> Sighting | None: ...

    def missed(self) -> dict[str, str]: ...

    def notes(self) -> list[str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One run of a tool: its results, what understands them, and what the tool calls itself."""

    results: list[Any]
    reader: _Reader
    tool: Any


def _parts(document: dict[str, Any], row: SarifPolicy, commit: str, places: Places) -> Iterator[_Part]:
    """Yield the runs of a report, whatever its format. Raises ReportError if one did not do its work."""
    if is_gitlab_report(document):
        found = check_report(document)
        yield _Part(
            results=found,
            reader=GitlabReader(document, row.name, places),
            tool=dig(document, "scan", "scanner"),
        )
        return
    for run in runs_of(document):
        check_run(run, commit)
        yield _Part(
            results=run["results"],
            reader=RunReader(run, row.name, places),
            tool=dig(run, "tool", "driver"),
        )


def _report(row: SarifPolicy, document: dict[str, Any], commit: str, places: Places) -> ScanReport:
    """Read all runs of a report. Raises ReportError if one of them did not do its work."""
    sightings: list[Sighting] = []
    notes: list[str] = []
    missed: dict[str, str] = {}
    engines: dict[str, str] = {}
    cut, room = 0, MAX_RESULTS
    for part in _parts(document, row, commit, places):
        cut += max(0, len(part.results) - room)
        sightings += [s for result in part.results[:room] if (s := part.reader.sight(result))]
        room = max(0, room - len(part.results))
        missed |= part.reader.missed()
        notes += part.reader.notes()
        version = dig(part.tool, "semanticVersion") or dig(part.tool, "version")
        engines.setdefault(_word(dig(part.tool, "name")), _word(version))
    reasons = [f"{cut} results beyond {MAX_RESULTS} {CUT}"] if cut else []
    if missed:
        reasons.append(f"the tool names {len(missed)} files that it did not read")
    unscanned = tuple(Unscanned(path=path, reason=missed[path]) for path in sorted(missed, key=os.fsencode))
    return ScanReport(
        tool=row.name,
        version=next(iter(engines.values())) if len(engines) == 1 else "",
        engine=", ".join(sorted(filter(None, engines)))[:_MAX_WORD],
        status=ScanStatus.PARTIAL if reasons else ScanStatus.COMPLETED,
        reason="; ".join(reasons),
        required=row.required,
        targets=tuple(miss.path for miss in unscanned),
        unscanned=unscanned,
        errors=tuple(sorted(set(notes)))[:_MAX_NOTES],
        sightings=tuple(
            sorted(sightings, key=lambda s: (os.fsencode(s.path), s.range, s.rule_id, s.message))
        ),
    )


def _word(value: Any) -> str:
    return value[:_MAX_WORD] if isinstance(value, str) else ""
