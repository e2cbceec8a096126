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
from typing import TYPE_CHECKING

from gate import core
from gate.core.scan import AreaHit, ScanStatus
from gate.scanners.rows import corners, read_range, read_sighting, sighting_row
from gate.scanners.tree import Known, Recalled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gate.core.finding import Sighting
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
        code = code_digest()
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


def code_digest() -> str:
    """Return a digest of the gate's own code between a tool's output and what is kept of it.

    The version alone would let what an older commit of the gate stored speak for a newer one.
    """
    whole = hashlib.sha256()
    for path in (*sorted(Path(__file__).parent.glob("*.py")), *sorted(Path(core.__path__[0]).rglob("*.py"))):
        whole.update(path.read_bytes())
    return whole.hexdigest()


def _encode(sightings: list[Sighting], hits: list[AreaHit]) -> bytes:
    facts = [[hit.area, hit.rule_id, corners(hit.range)] for hit in hits]
    return json.dumps([list(map(sighting_row, sightings)), facts], separators=(",", ":")).encode()


def _decode(tool: str, path: str, body: bytes) -> Known | None:
    """Return what was stored, or None if this is nothing that `_encode` writes."""
    try:
        rows, facts = json.loads(body)
        hits = tuple(
            AreaHit(area=area, rule_id=rule_id, path=path, range=read_range(numbers))
            for area, rule_id, numbers in facts
        )
        return Known(sightings=tuple(read_sighting(tool, path, row) for row in rows), area_hits=hits)
    except (ValueError, TypeError, RecursionError):
        return None
