"""What the text of a file says about one sighting; read once, it can be kept and handed in again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gate.core import secrets
from gate.core.family import SECRET_FAMILY
from gate.core.finding import Place, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gate.core.family import Families
    from gate.core.finding import Range, Sighting
    from gate.core.source import Source

MAX_SNIPPET = 20


def with_places(sightings: Iterable[Sighting], source: Source, families: Families) -> tuple[Sighting, ...]:
    """Return the sightings of one file in their order, each with its place in the text of that file.

    `merge` makes the same findings of them, byte for byte, and does not need the file any more (but for what
    models say). A place depends on nothing but the file's path and content, the range, and whether the
    families call the sighting a secret; it stays valid with another table of families.
    """
    return tuple(
        replace(s, place=place_of(s.range, source, is_secret=families.resolve(s).family == SECRET_FAMILY))
        for s in sightings
    )


def place_of(place: Range, source: Source | None, *, is_secret: bool) -> Place:
    """Return what a text says about a range.

    Where the text or the line is not known, the range itself is the statement and has no code.
    """
    bare = Statement(range=place, code="", scope="")
    if source is None:
        return Place(statement=bare, is_secret=is_secret)
    statement = source.statement(place) or bare
    whole = statement.range
    start, snippet = _snippet(place, whole, source, hide=is_secret)
    return Place(
        statement=statement,
        snippet=snippet,
        snippet_start=start,
        line_hash=source.line_hash(place.start_line),
        is_secret=is_secret,
        literals=tuple(secrets.literals(source, whole.start_line, whole.last_line)) if is_secret else (),
    )


def _snippet(place: Range, whole: Range, source: Source, *, hide: bool) -> tuple[int, tuple[str, ...]]:
    """The statement if it is short and holds the place, else the lines from the place on."""
    holds = whole.start_line <= place.start_line <= whole.last_line
    first, last = (
        (whole.start_line, max(whole.last_line, place.last_line))
        if holds
        else (place.start_line, place.last_line)
    )
    if last - first >= MAX_SNIPPET:
        first = place.start_line
        last = min(last, first + MAX_SNIPPET - 1)
    lines = secrets.snippet(source, first, last, column=place.start_column or 1, hide=hide)
    return (first, lines) if lines else (0, ())
