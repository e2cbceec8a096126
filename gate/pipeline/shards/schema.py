"""The shard report `gate-shard/1`: types and no unknown key, for it may have been changed on its way."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from gate.core.shard import MAX_SHARDS

SCHEMA = "gate-shard/1"

Line = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
Number = Annotated[int, msgspec.Meta(ge=1, le=MAX_SHARDS)]
Level = Annotated[int, msgspec.Meta(ge=1, le=5)]
Sure = Annotated[int, msgspec.Meta(ge=1, le=3)]
Corners = tuple[Line, Line, Line, Line]
#: See gate.scanners.rows: the rows of a place and of a sighting.
PlaceRow = tuple[Corners, str, str, list[str], Line, str, bool, list[str]]
SightingRow = tuple[
    str, Corners, Level, Sure, str, str, str | None, list[Line], str, str, str, bool, PlaceRow | None
]


class _Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A JSON object without room for what this version does not know."""


class Numbered(_Strict):
    number: Number
    of: Number


class Side(_Strict):
    """A scanner's report on one side. `sightings` and `area_hits` are rows behind their path."""

    tool: str
    version: str
    engine: str
    status: Literal["completed", "partial", "failed", "skipped"]
    reason: str
    required: bool
    targets: list[str]
    scanned: list[str]
    unscanned: list[tuple[str, str]]
    also_read: list[str]
    errors: list[str]
    sightings: list[tuple[str, SightingRow]]
    area_hits: list[tuple[str, str, str, Corners]]
    seconds: float


class Run(_Strict):
    head: Side
    base: Side | None


class Document(_Strict):
    """`scan` says what was scanned by what; `files` are the paths that this shard had to scan.

    `digest` is over all the rest but `seal`, which is the same under a secret, and empty without one.
    """

    schema: Literal["gate-shard/1"]
    shard: Numbered
    scan: dict[str, str]
    files: list[str]
    tools: list[Run]
    digest: str
    seal: str
