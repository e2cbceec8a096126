"""Sightings as rows of plain JSON values, for files that another run reads again."""

from __future__ import annotations

from typing import Any

from gate.core.finding import Confidence, Place, Range, Severity, Sighting, Statement


def sighting_row(sighting: Sighting) -> list[Any]:
    """Return all of a sighting but its tool and its path."""
    return [
        sighting.rule_id,
        corners(sighting.range),
        int(sighting.severity),
        int(sighting.confidence),
        sighting.native_severity,
        sighting.native_confidence,
        sighting.family,
        sighting.cwe,
        sighting.title,
        sighting.message,
        sighting.url,
        sighting.suppressed_inline,
        _place_row(sighting.place) if sighting.place else None,
    ]


def read_sighting(tool: str, path: str, row: list[Any]) -> Sighting:
    """Return the sighting of a row. Raises ValueError or TypeError for anything that `sighting_row` does not make."""
    rule_id, numbers, severity, confidence, *words, family, cwe, title, message, url, hidden, place = row
    native_severity, native_confidence = words
    return Sighting(
        tool=tool,
        rule_id=rule_id,
        path=path,
        range=read_range(numbers),
        severity=Severity(severity),
        confidence=Confidence(confidence),
        native_severity=native_severity,
        native_confidence=native_confidence,
        family=family,
        cwe=tuple(cwe),
        title=title,
        message=message,
        url=url,
        suppressed_inline=hidden,
        place=_place(place) if place else None,
    )


def _place_row(place: Place) -> list[Any]:
    return [
        corners(place.statement.range),
        place.statement.code,
        place.statement.scope,
        place.snippet,
        place.snippet_start,
        place.line_hash,
        place.is_secret,
        place.literals,
    ]


def _place(row: list[Any]) -> Place:
    numbers, code, scope, snippet, start, line_hash, is_secret, literals = row
    return Place(
        statement=Statement(range=read_range(numbers), code=code, scope=scope),
        snippet=tuple(snippet),
        snippet_start=start,
        line_hash=line_hash,
        is_secret=is_secret,
        literals=tuple(literals),
    )


def read_range(numbers: list[int]) -> Range:
    """Return the range of four numbers. Raises ValueError or TypeError for anything else."""
    start_line, start_column, end_line, end_column = numbers
    return Range(start_line=start_line, start_column=start_column, end_line=end_line, end_column=end_column)


def corners(place: Range) -> tuple[int, int, int, int]:
    """Return the four numbers of a range, as `read_range` takes them."""
    return place.start_line, place.start_column, place.end_line, place.end_column
