"""Import of reports that other scanners wrote (SARIF 2.1.0, GitLab): hostile, believed only where they can be."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from gate.core.imports import stale
from gate.core.scan import CUT, ScanReport, ScanStatus, ToolRun, Unscanned
from gate.scanners.gitlab_report import GitlabReader, check_report, is_gitlab_report
from gate.scanners.report_origin import read_with_origin
from gate.scanners.sarif_file import ReportError
from gate.scanners.sarif_log import check_run, runs_of
from gate.scanners.sarif_places import Places
from gate.scanners.sarif_results import RunReader
from gate.scanners.snyk_report import SnykReader, is_snyk_report, projects_of
from gate.scanners.words import dig
from gate.scanners.zap_report import ZapReader, alerts_of, is_zap_report

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator
    from pathlib import Path

    from gate.core.finding import Sighting
    from gate.core.policy import SarifPolicy

#: GitHub keeps 25,000 results of a file, so no tool means to write more.
MAX_RESULTS = 25_000
_MAX_NOTES = 200
_MAX_WORD = 60
_NAMES = {
    "sarif": "SARIF or a report of GitLab",
    "snyk-json": "a report of Snyk",
    "zap-json": "a report of ZAP",
}


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
    now: str = "",
) -> ToolRun:
    """Read the report of a policy row for the head, and the one for the base if the row names one.

    `folder` is the working folder, `root` the work tree of the repository (None: the working folder), `head`
    and `base` are commit ids (empty: not known), `tracked` says whether the head commit has a file of that
    path, `paths` are all files of that side, and `read` gives a file's content, for columns that count UTF-16
    units. `now` is the time at which a report must not be too old (empty: no age is asked for). A sighting whose place is not in `paths` has the path "". `targets` are only the files that the tool
    itself says it could not read: such a report proves of no file that it was read. Never raises because of
    the file.
    """
    roots = (folder,) if root is None else (root,)

    def imported(name: str, commit: str, places: Places, *, fresh: bool) -> ScanReport:
        try:
            document, origin = read_with_origin(name, folder, root, tracked)
            age = row.max_age_hours if fresh and now else None
            why = stale(origin, head=commit or origin.commit, now=now, max_age_hours=age)
            return _refused(row, name, why) if why else _report(row, document, commit, places)
        except ReportError as error:
            return _refused(row, name, str(error))

    return ToolRun(
        head=imported(row.path, head, Places(roots, paths, read), fresh=True),
        base=None
        if row.base is None
        else imported(row.base, base or "", Places(roots, base_paths, read_base), fresh=False),
    )


def _refused(row: SarifPolicy, name: str, why: str) -> ScanReport:
    return ScanReport(tool=row.name, status=ScanStatus.FAILED, reason=f"{name}: {why}", required=row.required)


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
    """Yield the runs of a report in the format of its row. Raises ReportError if one did not do its work."""
    _check_format(document, row)
    if row.format == "snyk-json":
        for project in projects_of(document):
            yield _Part(
                results=project["vulnerabilities"],
                reader=SnykReader(project, row.name, places),
                tool={"name": "Snyk"},
            )
        return
    if row.format == "zap-json":
        tool = {"name": "ZAP", "version": document.get("@version")}
        yield _Part(results=alerts_of(document), reader=ZapReader(row.name, places), tool=tool)
        return
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


def _check_format(document: dict[str, Any], row: SarifPolicy) -> None:
    """Raise ReportError for a report in another format than its row says, naming that format."""
    looks = "snyk-json" if is_snyk_report(document) else "zap-json" if is_zap_report(document) else "sarif"
    if looks == row.format:
        return
    if looks == "sarif":
        raise ReportError(f"is not {_NAMES[row.format]}: what such a report holds is not there")
    raise ReportError(f"is {_NAMES[looks]}; its row in the policy says format: {row.format}")


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
