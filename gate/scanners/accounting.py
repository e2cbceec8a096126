"""The books of one tool on one side: every target ends as scanned or as unscanned with a reason."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from gate.core.finding import Sighting
from gate.core.scan import AreaHit, ScanReport, ScanStatus, Unscanned
from gate.scanners.words import unknown_words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    from gate.scanners.tree import Known, TargetTree, TreeFile

About = TypeVar("About", Sighting, AreaHit, Unscanned)

#: Reason of targets that the tool never mentioned, and of all targets of a tool that failed.
NOT_SELECTED = "not-selected"
SCANNER_FAILED = "scanner-failed"
TIMEOUT = "timeout"
#: A file in which a tool's rules cannot be relied on, whatever the tool says.
REGEX_LIMIT = "regex-limit"

MAX_ERRORS = 200
MAX_ERROR_CHARACTERS = 500


@dataclass(slots=True, kw_only=True)
class Account:
    """Collects what a tool did; `report` closes it.

    `failure` is the reason why the run counts as failed, the first one stays. `unscanned` is by path as
    git has it, `read` are the paths that the tool says it read, `known` what an earlier run said of files
    that were not read again.
    """

    tool: str
    targets: tuple[TreeFile, ...]
    hide: Callable[[str], str]
    version: str = ""
    engine: str = ""
    failure: str = ""
    partial: str = ""
    read: set[str] = field(default_factory=set)
    unscanned: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)
    area_hits: list[AreaHit] = field(default_factory=list)
    known: Mapping[str, Known] = field(default_factory=dict)
    seconds: float = 0.0

    def fail(self, reason: str) -> None:
        """The run proves nothing about any file. Findings that were read are kept."""
        self.failure = self.failure or self.hide(reason)

    def miss(self, path: str, reason: str) -> None:
        """The tool did not read this file as a whole."""
        self.unscanned.setdefault(path, reason)

    def miss_all(self, reason: str) -> None:
        """The tool did not read something, and did not say where."""
        self.partial = self.partial or reason

    def note(self, message: str) -> None:
        """Keep a message of the tool, without temporary paths and cut."""
        self.errors.append(_cut(self.hide(message)))

    def report(self, *, required: bool) -> ScanReport:
        """Return the report; `targets` = `scanned` + `unscanned`, each in byte order."""
        sightings = [*self.sightings, *(s for known in self.known.values() for s in known.sightings)]
        area_hits = [*self.area_hits, *(hit for known in self.known.values() for hit in known.area_hits)]
        self.errors += filter(None, map(unknown_words, sightings))
        unscanned: dict[str, str] = {}
        for file in self.targets:
            if file.reason:
                unscanned[file.path] = file.reason
            elif self.failure:
                unscanned[file.path] = self.unscanned.get(file.path, SCANNER_FAILED)
            elif file.path in self.unscanned:
                unscanned[file.path] = self.unscanned[file.path]
            elif self.partial:
                unscanned[file.path] = self.partial
            elif file.path not in self.read and file.path not in self.known:
                unscanned[file.path] = NOT_SELECTED
        targets = _in_byte_order(file.path for file in self.targets)
        scanned = tuple(path for path in targets if path not in unscanned)
        missed = tuple(Unscanned(path=path, reason=unscanned[path]) for path in targets if path in unscanned)
        if len(targets) != len(scanned) + len(missed):
            raise AssertionError(f"{self.tool}: the books do not balance")
        return ScanReport(
            tool=self.tool,
            version=self.version,
            engine=self.engine,
            status=self._status(bool(missed)),
            reason=self.failure or summary(missed),
            required=required,
            targets=targets,
            scanned=scanned,
            unscanned=missed,
            also_read=self._also_read(set(targets)),
            errors=_each_once(self.errors),
            sightings=tuple(sorted(sightings, key=_sighting_order)),
            area_hits=tuple(sorted(area_hits, key=_hit_order)),
            seconds=self.seconds,
        )

    def _also_read(self, targets: set[str]) -> tuple[str, ...]:
        if self.failure or self.partial:
            return ()
        return _in_byte_order((self.read | self.known.keys()) - targets - self.unscanned.keys())

    def _status(self, missed: bool) -> ScanStatus:  # noqa: FBT001
        if self.failure:
            return ScanStatus.FAILED
        return ScanStatus.PARTIAL if missed or self.partial else ScanStatus.COMPLETED


def with_unread(report: ScanReport, unread: Mapping[str, str]) -> ScanReport:
    """Return a report in which these scanned files (path to reason) were not read as a whole after all."""
    if not unread:
        return report
    missed = sorted(
        (*report.unscanned, *(Unscanned(path=path, reason=reason) for path, reason in unread.items())),
        key=lambda miss: os.fsencode(miss.path),
    )
    return replace(
        report,
        status=max(report.status, ScanStatus.PARTIAL, key=list(ScanStatus).index),
        reason=report.reason if report.status is ScanStatus.FAILED else summary(tuple(missed)),
        scanned=tuple(path for path in report.scanned if path not in unread),
        unscanned=tuple(missed),
    )


def with_files(report: ScanReport, again: ScanReport, files: Collection[str]) -> ScanReport:
    """Return a report in which `again` has the only word about these files.

    One that `again` does not account for was not read as a whole.
    """

    def others(items: Iterable[About]) -> list[About]:
        return [item for item in items if item.path not in files]

    told = {*again.scanned, *again.also_read, *(miss.path for miss in again.unscanned)}
    lost = [Unscanned(path=path, reason=SCANNER_FAILED) for path in files if path not in told]
    missed = (*others(report.unscanned), *again.unscanned, *lost)
    missed = tuple(sorted(missed, key=lambda miss: os.fsencode(miss.path)))
    failed = report.status is ScanStatus.FAILED
    errors = [error for error in report.errors if not any(path in error for path in files)]
    return replace(
        report,
        status=report.status if failed else ScanStatus.PARTIAL if missed else ScanStatus.COMPLETED,
        reason=report.reason if failed else summary(missed),
        scanned=_in_byte_order((*(path for path in report.scanned if path not in files), *again.scanned)),
        unscanned=missed,
        errors=_each_once((*errors, *again.errors)),
        sightings=tuple(sorted((*others(report.sightings), *again.sightings), key=_sighting_order)),
        area_hits=tuple(sorted((*others(report.area_hits), *again.area_hits), key=_hit_order)),
        seconds=report.seconds + again.seconds,
    )


def hider(tree: TargetTree, replacements: Iterable[tuple[Path, str]] = ()) -> Callable[[str], str]:
    """Return a function that takes the tree's temporary paths out of a message.

    An alias becomes the path in git again. `replacements` are further paths and what to say instead.
    """
    pairs = [(f"{tree.root}/", ""), (str(tree.root), ".")]
    pairs += [(str(path), text) for path, text in replacements]
    aliases = {file.written: file.path for file in tree.files.values() if file.written not in {"", file.path}}
    # Also the folder of the change's other side: one child may have read both.
    private = re.compile(rf"{re.escape(str(tree.private.parent))}/gate-[\w]+(?:/[^/\s]+/?)?")

    def hide(message: str) -> str:
        for path, text in pairs:
            message = message.replace(path, text)
        message = private.sub("", message)
        for written, path in aliases.items():
            message = message.replace(written, path)
        return message

    return hide


def _cut(text: str) -> str:
    text = text.strip()
    return text if len(text) <= MAX_ERROR_CHARACTERS else f"{text[: MAX_ERROR_CHARACTERS - 1]}…"


def shortened(report: ScanReport) -> ScanReport:
    """Return a report with no more messages than people read; the last line says how many more there were."""
    more = len(report.errors) - MAX_ERRORS
    if more <= 0:
        return report
    return replace(report, errors=(*report.errors[:MAX_ERRORS], f"… and {more} more messages"))


def _each_once(errors: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(errors)))


def summary(missed: tuple[Unscanned, ...]) -> str:
    """Return the reason of a report with these files that were not read as a whole, empty if there are none."""
    if not missed:
        return ""
    reasons = sorted({miss.reason for miss in missed})
    files = "1 file" if len(missed) == 1 else f"{len(missed)} files"
    return f"{files} not fully read ({', '.join(reasons)})"


def _in_byte_order(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(paths, key=os.fsencode))


def _hit_order(hit: AreaHit) -> tuple[object, ...]:
    return (hit.path, hit.range, hit.area, hit.rule_id)


def _sighting_order(sighting: Sighting) -> tuple[object, ...]:
    return (
        os.fsencode(sighting.path),
        sighting.range,
        sighting.rule_id,
        sighting.message,
        sighting.suppressed_inline,
    )
