"""One report of what a tool said about several shares of one tree."""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from gate.core.scan import ScanReport, ScanStatus, Unscanned
from gate.scanners.accounting import SCANNER_FAILED, summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gate.core.finding import Sighting
    from gate.core.scan import AreaHit

    About = TypeVar("About", Sighting, AreaHit, Unscanned)


def joined(reports: Sequence[ScanReport]) -> ScanReport:
    """Return the report of a tool on all shares, which have no file in common: that of one run over all of them.

    Where the tool failed on one share, its run proves nothing about any file, as in one run. Raises ValueError
    if it was left out in some shares only, or if not all were read by the same version.
    """
    skipped = [report for report in reports if report.status is ScanStatus.SKIPPED]
    if len(skipped) == len(reports):
        return skipped[0]
    if skipped:
        raise ValueError(f"{skipped[0].tool} was left out in some of them")
    failures = [report.reason for report in reports if report.status is ScanStatus.FAILED]
    missed = _by_path(report.unscanned for report in reports)
    if failures:
        read = chain.from_iterable(report.scanned for report in reports)
        lost = (Unscanned(path=path, reason=SCANNER_FAILED) for path in read)
        missed = _by_path([missed, tuple(lost)])
    partial = [report.reason for report in reports if report.status is ScanStatus.PARTIAL]
    status = ScanStatus.FAILED if failures else ScanStatus.PARTIAL if partial else ScanStatus.COMPLETED
    return replace(
        reports[0],
        version=_one({report.version for report in reports} - {""}),
        engine=_engine(reports),
        status=status,
        # The smallest, for runners end in any order.
        reason=min(failures) if failures else summary(missed) or min(partial, default=""),
        targets=_in_byte_order(path for report in reports for path in report.targets),
        scanned=() if failures else _in_byte_order(path for report in reports for path in report.scanned),
        unscanned=missed,
        also_read=() if failures else _in_byte_order(path for report in reports for path in report.also_read),
        errors=tuple(sorted({error for report in reports for error in report.errors})),
        sightings=_by_path(report.sightings for report in reports),
        area_hits=_by_path(report.area_hits for report in reports),
        seconds=max(report.seconds for report in reports),
    )


def _engine(reports: Iterable[ScanReport]) -> str:
    engines = {word for report in reports for word in report.engine.split(" and ") if word}
    return " and ".join(sorted(engines, reverse=True))


def _one(versions: set[str]) -> str:
    if len(versions) > 1:
        raise ValueError(f"they are of versions {' and '.join(sorted(versions))}")
    return next(iter(versions), "")


def _in_byte_order(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(paths, key=os.fsencode))


def _by_path(shares: Iterable[Sequence[About]]) -> tuple[About, ...]:
    """All items in the order of their paths; those of one path stay in the order of their share."""
    return tuple(sorted(chain.from_iterable(shares), key=lambda item: os.fsencode(item.path)))
