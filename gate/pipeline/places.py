"""Where in the text sightings stand, found out while other scanners still work."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from gate.pipeline import inputs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gate.core.family import Families
    from gate.core.finding import Sighting


@cache
def _families() -> Families:
    return inputs.families()


def locate(path: str, data: bytes, sightings: Sequence[Sighting]) -> Sequence[Sighting]:
    """Return the sightings of one file with their places in its text; see gate.core.merge.with_places."""
    from gate.core.merge import with_places  # noqa: PLC0415 - loaded while scanners work
    from gate.core.source import Source  # noqa: PLC0415

    return with_places(sightings, Source(path, data), _families())
