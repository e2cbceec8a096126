"""Where a finding about something that is gone stands in the head, and what is its code."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gate.core.finding import Place, Range, Statement
from gate.core.merge.place import place_of
from gate.core.source import Source

if TYPE_CHECKING:
    from gate.core.checks.model import Pair


def line_range(line: str, number: int, start: int | None = None, end: int | None = None) -> Range:
    """The range of a line's text, or of a part of it by offsets."""
    first = len(line) - len(line.lstrip()) if start is None else start
    last = len(line.rstrip()) if end is None else end
    return Range(
        start_line=number, start_column=first + 1, end_line=number, end_column=max(last, first + 1) + 1
    )


def place_of_removed(pair: Pair, place: Range, gone: str) -> Place:
    """Return the place of what was removed: the scope and source of the head, and the removed text as code.

    So the same removal has the same identity wherever lines shift to. A deleted file has no source.
    """
    code = f"removed {' '.join(gone.split())}"
    if pair.new is None:
        return Place(statement=Statement(range=place, code=code, scope=""))
    found = place_of(place, Source(pair.path, pair.new.encode("utf-8", "surrogateescape")), is_secret=False)
    return replace(found, statement=replace(found.statement, code=code))
