"""The reports of shares, as one run over all of them would have made it."""

from __future__ import annotations

from typing import Any

import pytest

from gate.core.finding import Confidence, Range, Severity, Sighting
from gate.core.scan import ScanReport, ScanStatus, Unscanned
from gate.scanners.accounting import MAX_ERRORS, shortened
from gate.scanners.joined import joined


def sighting(path: str, line: int = 1) -> Sighting:
    return Sighting(
        tool="semgrep",
        rule_id="r",
        path=path,
        range=Range(start_line=line),
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
    )


def report(*paths: str, **more: Any) -> ScanReport:
    values = {"targets": paths, "scanned": paths, "version": "1", "engine": "experimental", **more}
    return ScanReport(tool="semgrep", **values)


def test_all_that_was_said_is_there_in_the_order_of_paths() -> None:
    one = report("b", "é", sightings=(sighting("b", 2), sighting("b"), sighting("é")), errors=("z", "a"))
    two = report("a", "\udcff", sightings=(sighting("a"),), errors=("a", "m"), also_read=("x",), seconds=3.0)
    both = joined([one, two])
    assert both.targets == both.scanned == ("a", "b", "é", "\udcff")
    assert [(s.path, s.range.start_line) for s in both.sightings] == [("a", 1), ("b", 2), ("b", 1), ("é", 1)]
    assert (both.errors, both.also_read, both.seconds) == (("a", "m", "z"), ("x",), 3.0)
    assert (both.status, both.reason) == (ScanStatus.COMPLETED, "")


def test_what_one_share_could_not_read_is_said_once_for_all() -> None:
    parts = [
        report(
            path, scanned=(), unscanned=(Unscanned(path=path, reason="timeout"),), status=ScanStatus.PARTIAL
        )
        for path in ("b", "a")
    ]
    both = joined(parts)
    assert (both.status, both.reason) == (ScanStatus.PARTIAL, "2 files not fully read (timeout)")
    assert [miss.path for miss in both.unscanned] == ["a", "b"]


def test_a_tool_that_failed_on_one_share_proves_nothing_about_the_others() -> None:
    failed = report(
        "b",
        scanned=(),
        unscanned=(Unscanned(path="b", reason="scanner-failed"),),
        status=ScanStatus.FAILED,
        reason="semgrep died",
    )
    both = joined([report("a", sightings=(sighting("a"),), also_read=("x",)), failed])
    assert (both.status, both.reason, both.scanned, both.also_read) == (
        ScanStatus.FAILED,
        "semgrep died",
        (),
        (),
    )
    assert [miss.path for miss in both.unscanned] == ["a", "b"]
    assert both.sightings, "what was found is true"


def test_a_tool_without_work_in_a_share_has_no_version_there() -> None:
    both = joined([report(version="", engine=""), report("a", engine="classic and experimental")])
    assert (both.version, both.engine) == ("1", "experimental and classic")
    with pytest.raises(ValueError, match="1 and 2"):
        joined([report("a"), report("b", version="2")])


def test_a_tool_that_nobody_ran_stays_skipped() -> None:
    left_out = ScanReport(tool="bandit", status=ScanStatus.SKIPPED, reason="turned off by the policy")
    assert joined([left_out, left_out]) == left_out
    with pytest.raises(ValueError, match="bandit was left out"):
        joined([left_out, ScanReport(tool="bandit")])


def test_messages_are_cut_after_they_were_joined() -> None:
    halves = [report(errors=tuple(f"{n:04}" for n in range(start, 2 * MAX_ERRORS, 2))) for start in (0, 1)]
    whole = shortened(report(errors=tuple(f"{n:04}" for n in range(2 * MAX_ERRORS))))
    assert shortened(joined(halves)).errors == whole.errors
    assert whole.errors[-1] == f"… and {MAX_ERRORS} more messages"
