"""Import of SARIF 2.1.0 files that other scanners wrote: read as hostile, believed only where they can be."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Any

from gate.core.scan import ScanReport, ScanStatus, ToolRun, Unscanned
from gate.scanners.sarif_log import SarifError, check_run, load
from gate.scanners.sarif_places import Places
from gate.scanners.sarif_results import RunReader
from gate.scanners.words import dig

if TYPE_CHECKING:
    from collections.abc import Callable, Container
    from pathlib import Path

    from gate.core.finding import Sighting
    from gate.core.policy import SarifPolicy

#: GitHub keeps 25,000 results of a file, so no tool means to write more.
MAX_BYTES = 20_000_000
MAX_RESULTS = 25_000
_MAX_NOTES = 200


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
) -> ToolRun:
    """Read the report of a policy row for the head, and the one for the base if the row names one.

    `folder` is the working folder, `head` and `base` are commit ids (empty: not known), `tracked` says
    whether the head commit has a file of that path, `paths` are all files of that side, and `read` gives
    a file's content, for columns that count UTF-16 units. A sighting whose place is not in `paths` has
    the path "". `targets` are only the files that the tool itself says it could not read: a SARIF file
    proves of no file that it was read. Never raises because of the file.
    """
    before = None
    if row.base is not None:
        places = Places(folder, base_paths, read_base)
        before = _import(row, row.base, base or "", places, lambda name: _read_file(name, folder, tracked))
    places = Places(folder, paths, read)
    after = _import(row, row.path, head, places, lambda name: _read_file(name, folder, tracked))
    return ToolRun(head=after, base=before)


def _import(
    row: SarifPolicy, name: str, commit: str, places: Places, open_report: Callable[[str], bytes]
) -> ScanReport:
    try:
        return _report(row, load(open_report(name)), commit, places)
    except SarifError as error:
        return ScanReport(
            tool=row.name, status=ScanStatus.FAILED, reason=f"{name}: {error}", required=row.required
        )


def _report(row: SarifPolicy, log: dict[str, Any], commit: str, places: Places) -> ScanReport:
    """Read all runs of a log. Raises SarifError if one of them did not do its work."""
    sightings: list[Sighting] = []
    notes: list[str] = []
    missed: dict[str, str] = {}
    cut = 0
    for run in log["runs"]:
        check_run(run, commit)
        reader = RunReader(run, row.name, places)
        results = run["results"]
        room = MAX_RESULTS - len(sightings)
        cut += max(0, len(results) - room)
        sightings += [sighting for result in results[:room] if (sighting := reader.sight(result))]
        missed |= reader.missed()
        notes += reader.notes()
    reasons = [f"{cut} results beyond {MAX_RESULTS} were not read"] if cut else []
    if missed:
        reasons.append(f"the tool names {len(missed)} files that it did not read")
    driver = dig(log, "runs", 0, "tool", "driver")
    version = dig(driver, "semanticVersion") or dig(driver, "version")
    engine = dig(driver, "name")
    unscanned = tuple(Unscanned(path=path, reason=missed[path]) for path in sorted(missed, key=os.fsencode))
    return ScanReport(
        tool=row.name,
        version=version[:60] if isinstance(version, str) else "",
        engine=engine[:60] if isinstance(engine, str) else "",
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


def _read_file(name: str, folder: Path, tracked: Callable[[str], bool]) -> bytes:
    """Return the content of a report, which must not come from the commit under review."""
    top = folder.resolve()
    try:
        path = (top / name).resolve()
        # Under its own name and under the one that links lead to: the change can bring a link too.
        if any(tracked(known) for known in _known_as(name, path, top)):
            raise SarifError("is part of the commit under review; a report must be made by the pipeline")
        number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        with open(number, "rb") as stream:  # noqa: PTH123 -- opened without waiting for a pipe's writer
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise SarifError("is not a regular file")
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a usable path"
        raise SarifError(f"cannot be read ({reason}); run the scanner before the gate") from error
    if len(data) > MAX_BYTES:
        raise SarifError(f"is larger than {MAX_BYTES // 1_000_000} MB")
    return data


def _known_as(name: str, path: Path, top: Path) -> list[str]:
    known = [os.path.normpath(name)]
    if path.is_relative_to(top):
        known.append(path.relative_to(top).as_posix())
    return known
