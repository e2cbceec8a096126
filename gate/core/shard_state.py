"""Whether one share of a scan was read as a whole; what is in it is judged with the others only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.change import path_bytes
from gate.core.policy import Coverage
from gate.core.rules.scan import NEVER_COVERED
from gate.core.scan import ScanStatus
from gate.core.words import counted, listed, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gate.core.scan import ToolRun


def left_open(runs: Sequence[ToolRun], coverage: Coverage) -> tuple[str, ...]:
    """Return why a share is incomplete, a sentence each; empty if required scanners read all that they have to read.

    A file that one of them could not read counts only where no other read it, or `coverage` asks for every one.
    """
    required = [run for run in runs if run.head.required]
    told = [
        f"{report.tool} {report.status.value}: {report.reason or 'no reason given'}"
        for run in required
        for report in (run.head, run.base)
        if report is not None and report.status in (ScanStatus.FAILED, ScanStatus.SKIPPED)
    ]
    heads = [run.head for run in required if run.head.status in (ScanStatus.COMPLETED, ScanStatus.PARTIAL)]
    read = {path for report in heads for path in report.scanned}
    missed = {
        miss.path: f"{report.tool}: {miss.reason}"
        for report in heads
        for miss in report.unscanned
        if coverage is Coverage.EVERY or miss.path not in read or miss.reason in NEVER_COVERED
    }
    if missed:
        named = [f"{shown(path)} ({missed[path]})" for path in sorted(missed, key=path_bytes)]
        told.append(f"{counted(len(missed), 'file')} not fully scanned: {listed(named, most=5)}")
    return tuple(dict.fromkeys(told))
