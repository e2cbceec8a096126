"""What one scanner looked at and said, with every file it did not read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gate.core.finding import Range, Sighting


#: In the reason of a report of which results were cut off: what stood behind is not known.
CUT = "were not read"


class ScanStatus(StrEnum):
    """How a scan ended. Only `completed` says that every target was read."""

    COMPLETED = "completed"
    PARTIAL = "partial"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Unscanned:
    """A target that was not, or not fully, read. `reason` is a short word or phrase of ours."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaHit:
    """A match of an area rule: a fact about sensitive code, never a finding."""

    area: str
    rule_id: str
    path: str
    range: Range


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanReport:
    """One scanner's run over one tree.

    `targets` = `scanned` + the paths of `unscanned`, without overlap, each in byte order. `also_read` are
    files that are no targets, read whole by rules for every language. `errors` are
    messages of the tool without temporary paths. `covered` counts, by rule, what the tool alone said where
    shipped rules looked for the same and found nothing: no findings. `seconds` is wall time, for people; it is no part of
    anything that is hashed or compared.
    """

    tool: str
    version: str = ""
    engine: str = ""
    status: ScanStatus = ScanStatus.COMPLETED
    reason: str = ""
    required: bool = True
    targets: tuple[str, ...] = ()
    scanned: tuple[str, ...] = ()
    unscanned: tuple[Unscanned, ...] = ()
    also_read: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    area_hits: tuple[AreaHit, ...] = ()
    covered: tuple[tuple[str, int], ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolRun:
    """One scanner on both sides of a change; `base` is None where there is no base to compare with."""

    head: ScanReport
    base: ScanReport | None = None
