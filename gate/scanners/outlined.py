"""What scanners say about a base of which they read outlines, completed to what they say about the whole.

An outline leaves out functions that stand in the head as they were. What a scanner says in the head about such a
function it says of the base too, if it judges each function alone. Of other scanners the outline only tells which
files need not be read: those in which nothing is found that the head has not, and the head has nothing more.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from gate.core.scan import ScanStatus
from gate.scanners.accounting import TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.core.finding import Range, Sighting
    from gate.core.scan import ScanReport
    from gate.core.source.outline import Outline
    from gate.scanners.tree import TargetTree


def outlines(tree: TargetTree, report: ScanReport) -> dict[str, Outline]:
    """Return the outlines among the targets of a report on a tree, by path."""
    return {path: found for path in report.targets if (found := tree.files[path].outline)}


def completed(report: ScanReport, head: ScanReport, outlined: Mapping[str, Outline]) -> ScanReport:
    """Return the report of a base with what the head's says about the functions that outlines leave out.

    What was found inside of them is dropped: there they are comments.
    """
    kept = [s for s in report.sightings if not _is_hidden(s, outlined)]
    copied = [
        _moved(sighting, line - sighting.range.start_line)
        for sighting in head.sightings
        if (line := _base_line(sighting, outlined)) is not None
    ]
    return replace(
        report, sightings=tuple(sorted((*kept, *copied), key=lambda s: (s.path, s.range, s.rule_id)))
    )


def doubtful(
    report: ScanReport, head: ScanReport, outlined: Mapping[str, Outline], *, local: bool
) -> list[str]:
    """Return the outlined files of a base that the scanner must read as a whole to know what it says of them."""
    if ScanStatus.FAILED in (report.status, head.status):
        return []
    read, read_in_head = set(report.scanned), set(head.scanned)
    late = {miss.path for miss in report.unscanned if miss.reason == TIMEOUT}
    # What nobody can parse on either side, and has nothing to be compared, need not be tried again.
    hopeless = outlined.keys() - read - read_in_head - {sighting.path for sighting in head.sightings}
    doubt = outlined.keys() - (read & read_in_head) - late - hopeless
    if not local:
        differing: dict[str, Counter[tuple[object, ...]]] = {path: Counter() for path in outlined}
        for sighting in head.sightings:
            if sighting.path in outlined:
                differing[sighting.path][_same(sighting)] += 1
            if _base_line(sighting, outlined) is not None:
                doubt.add(sighting.path)
        for sighting in report.sightings:
            if sighting.path in outlined and not _is_hidden(sighting, outlined):
                differing[sighting.path][_same(sighting)] -= 1
        doubt |= {path for path, counts in differing.items() if any(counts.values())}
    return sorted(doubt)


def _is_hidden(sighting: Sighting, outlined: Mapping[str, Outline]) -> bool:
    return sighting.path in outlined and outlined[sighting.path].hides(sighting.range.start_line)


def _base_line(sighting: Sighting, outlined: Mapping[str, Outline]) -> int | None:
    return outlined[sighting.path].base_line(sighting.range.start_line) if sighting.path in outlined else None


def _same(sighting: Sighting) -> tuple[object, ...]:
    """What two sightings on both sides have in common if they are the same."""
    code = sighting.place.statement.code if sighting.place else sighting.range
    return sighting.rule_id, sighting.suppressed_inline, code


def _moved(sighting: Sighting, lines: int) -> Sighting:
    place = sighting.place
    if place is not None:
        statement = replace(place.statement, range=_shifted(place.statement.range, lines))
        start = place.snippet_start + lines if place.snippet_start else place.snippet_start
        place = replace(place, statement=statement, snippet_start=start)
    return replace(sighting, range=_shifted(sighting.range, lines), place=place)


def _shifted(place: Range, lines: int) -> Range:
    return replace(place, start_line=place.start_line + lines, end_line=place.end_line + lines)
