"""What scanners said about files in earlier runs, so that no file is read twice by the same tool.

A scanner's word on a file depends on the file's own content, path and mode, and on the tool, its version, its
options and its rules: rules that look at more than one file are refused when they are loaded. All of that, and
the gate's code that reads the tools, is in the key. Remembered is only what was read as a whole by a run that
did not fail.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gate import core
from gate.core.finding import Confidence, Place, Range, Severity, Sighting, Statement
from gate.core.scan import AreaHit, ScanStatus
from gate.scanners.tree import Known, Recalled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gate.core.scan import ScanReport
    from gate.scanners.cache import Cache
    from gate.scanners.interface import Scanner
    from gate.scanners.rules import Rules
    from gate.scanners.tree import TargetTree, TreeFile


@dataclass(frozen=True, slots=True)
class Tool:
    """A scanner that takes part in a run; `engine` is its identity, empty if nothing may be remembered."""

    scanner: Scanner
    engine: str


class ScanMemory:
    """The memory of one run over a cache. `tools` are the scanners that take part, by name."""

    def __init__(self, cache: Cache, tools: Mapping[str, Scanner], rules: Rules) -> None:
        self._cache = cache
        self._rules = rules
        code = _code_digest()
        self._tools = {
            name: Tool(scanner, f"{identity}\0{code}" if (identity := scanner.identity(rules)) else "")
            for name, scanner in tools.items()
        }

    def recall(self, file: TreeFile) -> Recalled:
        """See Memory.recall."""
        known: dict[str, Known] = {}
        complete = True
        for name, tool in self._tools.items():
            if not tool.scanner.reads(file, self._rules):
                continue
            body = self._cache.get(_key(tool.engine, file)) if tool.engine else None
            found = _decode(name, file.path, body) if body is not None else None
            if found is None:
                complete = False
            else:
                known[name] = found
        return Recalled(known, complete)

    def keep(self, tree: TargetTree, report: ScanReport) -> None:
        """Remember what a scanner said about those files of a tree that it has now read as a whole.

        What another version or engine said than the one that the identity names is not remembered.
        """
        tool = self._tools.get(report.tool)
        said_by = f"{report.tool} {report.version} {report.engine} "
        if tool and report.status is not ScanStatus.FAILED and tool.engine.startswith(said_by):
            self._cache.put(said_by.strip(), dict(self._fresh(tree, report, tool)))

    def _fresh(self, tree: TargetTree, report: ScanReport, tool: Tool) -> Iterator[tuple[bytes, bytes]]:
        sightings: dict[str, list[Sighting]] = {}
        for sighting in report.sightings:
            sightings.setdefault(sighting.path, []).append(sighting)
        hits: dict[str, list[AreaHit]] = {}
        for hit in report.area_hits:
            hits.setdefault(hit.path, []).append(hit)
        known = tree.known_to(report.tool)
        for path in (*report.scanned, *report.also_read):
            if path not in known:
                body = _encode(sightings.get(path, []), hits.get(path, []))
                yield _key(tool.engine, tree.files[path]), body


def _key(engine: str, file: TreeFile) -> bytes:
    fields = (engine, file.path, file.written, str(file.executable), file.digest)
    whole = hashlib.sha256()
    for one in fields:
        data = one.encode("utf-8", "surrogateescape")
        whole.update(b"%d\0" % len(data) + data)
    return whole.digest()


def _code_digest() -> str:
    """Return a digest of the gate's own code between a tool's output and what is kept of it.

    The version alone would let what an older commit of the gate stored speak for a newer one.
    """
    whole = hashlib.sha256()
    for path in (*sorted(Path(__file__).parent.glob("*.py")), *sorted(Path(core.__path__[0]).rglob("*.py"))):
        whole.update(path.read_bytes())
    return whole.hexdigest()


def _encode(sightings: list[Sighting], hits: list[AreaHit]) -> bytes:
    facts = [[hit.area, hit.rule_id, _corners(hit.range)] for hit in hits]
    return json.dumps([list(map(_row, sightings)), facts], separators=(",", ":")).encode()


def _decode(tool: str, path: str, body: bytes) -> Known | None:
    """Return what was stored, or None if this is nothing that `_encode` writes."""
    try:
        rows, facts = json.loads(body)
        hits = tuple(
            AreaHit(area=area, rule_id=rule_id, path=path, range=_range(corners))
            for area, rule_id, corners in facts
        )
        return Known(sightings=tuple(_sighting(tool, path, row) for row in rows), area_hits=hits)
    except (ValueError, TypeError, RecursionError):
        return None


def _row(sighting: Sighting) -> list[Any]:
    return [
        sighting.rule_id,
        _corners(sighting.range),
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


def _sighting(tool: str, path: str, row: list[Any]) -> Sighting:
    rule_id, corners, severity, confidence, *words, family, cwe, title, message, url, hidden, place = row
    native_severity, native_confidence = words
    return Sighting(
        tool=tool,
        rule_id=rule_id,
        path=path,
        range=_range(corners),
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
        _corners(place.statement.range),
        place.statement.code,
        place.statement.scope,
        place.snippet,
        place.snippet_start,
        place.line_hash,
        place.is_secret,
        place.literals,
    ]


def _place(row: list[Any]) -> Place:
    corners, code, scope, snippet, start, line_hash, is_secret, literals = row
    return Place(
        statement=Statement(range=_range(corners), code=code, scope=scope),
        snippet=tuple(snippet),
        snippet_start=start,
        line_hash=line_hash,
        is_secret=is_secret,
        literals=tuple(literals),
    )


def _range(corners: list[int]) -> Range:
    start_line, start_column, end_line, end_column = corners
    return Range(start_line=start_line, start_column=start_column, end_line=end_line, end_column=end_column)


def _corners(place: Range) -> tuple[int, int, int, int]:
    return place.start_line, place.start_column, place.end_line, place.end_column
