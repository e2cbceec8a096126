"""Which comment makes a scanner keep quiet about a finding."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.core.finding import Finding, Range, Witness
from gate.core.merge import is_ai

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gate.core.suppression.markers import Marker

#: Bandit looks at all lines of a node, also at those of its body; so far below a finding its comment can be.
_BODY_LINES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a suppression stands: a marker, or the finding itself for what an imported report says."""

    kind: str
    path: str
    line: int
    rules: tuple[str, ...] = ()
    blanket: bool = False
    text: str = ""
    in_string: bool = False
    is_plain: bool = True

    @property
    def range(self) -> Range:
        return Range(start_line=self.line)


def attribute(findings: Sequence[Finding], markers: Iterable[Marker]) -> list[list[tuple[Witness, Place]]]:
    """Return for each finding its suppressed witnesses, each with the place that suppresses it.

    A witness has a plain comment for its place if there is one that the tool obeys there.
    """
    known: dict[tuple[str, str], list[Marker]] = defaultdict(list)
    for marker in sorted(markers, key=lambda m: (m.path, m.line)):
        known[marker.path, marker.kind].append(marker)
    return [
        [(w, _place(f, w, known)) for w in f.witnesses if w.suppressed and not is_ai(w.tool)]
        for f in findings
    ]


def _place(finding: Finding, witness: Witness, known: dict[tuple[str, str], list[Marker]]) -> Place:
    tool = witness.tool.lower()
    if tool not in ("bandit", "semgrep"):
        return Place(kind="sarif", path=finding.path, line=finding.range.start_line, rules=(witness.rule_id,))
    kind = "nosec" if tool == "bandit" else "nosemgrep"
    markers = known.get((finding.path, kind), [])
    near = _for_bandit(finding, witness, markers) if tool == "bandit" else _for_semgrep(witness, markers)
    if near:
        found = min(near, key=lambda m: (not m.is_plain, m.line))
        return Place(
            kind=kind,
            path=found.path,
            line=found.line,
            rules=found.rules,
            blanket=found.blanket,
            text=found.text,
            in_string=found.in_string,
            is_plain=found.is_plain,
        )
    # Bandit obeys comments only; of Semgrep it is not known what it obeyed.
    return Place(
        kind=kind,
        path=finding.path,
        line=witness.range.start_line,
        rules=(witness.rule_id,),
        in_string=tool == "semgrep",
        is_plain=tool == "bandit",
    )


def _for_bandit(finding: Finding, witness: Witness, markers: Sequence[Marker]) -> list[Marker]:
    """Any line of the node; where the node is longer than the statement, the next comment below."""
    first = min(finding.statement.start_line, witness.range.start_line)
    last = max(finding.statement.last_line, witness.range.last_line)
    below = bisect_left(markers, first, key=lambda m: m.line)
    fitting = [m for m in _until(markers, below, last + _BODY_LINES) if m.names(witness.rule_id)]
    return [m for m in fitting if m.line <= last] or fitting[:1]


def _for_semgrep(witness: Witness, markers: Sequence[Marker]) -> list[Marker]:
    """The first line of the match, or the line above if no code is on it."""
    line = witness.range.start_line
    start = bisect_left(markers, line - 1, key=lambda m: m.line)
    return [
        m for m in _until(markers, start, line) if m.names(witness.rule_id) and (m.line == line or m.alone)
    ]


class Idle:
    """Says what a comment that hides nothing missed."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._near: dict[tuple[str, str, int], list[tuple[Finding, Witness]]] = defaultdict(list)
        for finding in findings:
            place = finding.statement
            for witness in finding.witnesses:
                first = min(place.start_line, witness.range.start_line)
                last = min(max(place.last_line, witness.range.last_line), first + _BODY_LINES)
                for line in range(first - 1, last + 1):
                    self._near[finding.path, witness.tool.lower(), line].append((finding, witness))

    def why(self, marker: Marker) -> str:
        """Return for people why a comment hides nothing, with what would."""
        if marker.unread:
            return f"hides nothing: {marker.unread}"
        tool, name = ("bandit", "Bandit") if marker.kind == "nosec" else ("semgrep", "Semgrep")
        near = self._near.get((marker.path, tool, marker.line), [])
        for finding, witness in near:
            if not self._is_read(marker, finding, witness):
                continue
            if not marker.blanket:
                return (
                    f"hides nothing: it names {', '.join(marker.rules)}, and {name} found {witness.rule_id}"
                )
        elsewhere = [(f, w) for f, w in near if not self._is_read(marker, f, w) and not w.suppressed]
        if elsewhere:
            line = min(w.range.start_line for _, w in elsewhere)
            return f"hides nothing: {name} looks for it in line {line}"
        return "hides nothing: no finding of this tool and rule at this place"

    def _is_read(self, marker: Marker, finding: Finding, witness: Witness) -> bool:
        """Whether the tool looks for its word in the line of a marker when it finds this."""
        if marker.kind == "nosec":
            return marker.line in range(
                min(finding.statement.start_line, witness.range.start_line),
                max(finding.statement.last_line, witness.range.last_line) + 1,
            )
        start = witness.range.start_line
        return marker.line == start or (marker.alone and marker.line == start - 1)


def _until(markers: Sequence[Marker], start: int, last: int) -> Iterable[Marker]:
    for number in range(start, len(markers)):
        if markers[number].line > last:
            return
        yield markers[number]
