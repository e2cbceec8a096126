"""Lines of source for the HTML page."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gate.reports.escape import code_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gate.core.finding import Finding
    from gate.reports import signoff_parts


class Source(str):
    """One line of source, made visible already: its blanks stay as they are."""

    __slots__ = ()


class Line(NamedTuple):
    """A line of a snippet; `kind` is its class: marked, plus, minus or none."""

    text: Source
    kind: str


def changed(lines: Sequence[signoff_parts.Line]) -> Iterator[Line]:
    """Yield the changed lines of a place."""
    width = max((len(str(line.number)) for line in lines), default=1)
    for line in lines:
        text = f"{line.sign} {line.number:>{width}} │ {code_line(line.text)}"
        yield Line(Source(text), "plus" if line.sign == "+" else "minus")


def snippet(finding: Finding) -> Iterator[Line]:
    """Yield the source of a finding, its own lines marked."""
    first = finding.snippet_start or 1
    width = len(str(first + len(finding.snippet) - 1))
    for number, text in enumerate(finding.snippet, first):
        marked = finding.range.start_line <= number <= finding.range.last_line
        yield Line(Source(f"{number:>{width}} │ {code_line(text)}"), "marked" if marked else "")
