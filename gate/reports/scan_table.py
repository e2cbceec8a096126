"""Tables of findings by name and severity, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.reports.escape import terminal
from gate.reports.scan_summary import SEVERITIES
from gate.reports.terminal import SEVERITIES as STYLES
from gate.reports.terminal import columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gate.core.finding import Severity
    from gate.reports.messages import Catalogue
    from gate.reports.scan_summary import Sum
    from gate.reports.terminal import Page

MOST_ROWS = 10
MIN_NAME = 16
MAX_NAME = 50
MIN_NUMBER = 5


def tables(page: Page, sums: Mapping[str, Sequence[Sum]], say: Catalogue, *, verbose: bool) -> None:
    """Show tables by title: the first rows of each (all if `verbose`), a column for each severity that occurs.

    The columns of all of them stand below each other. On a narrow page those of the least severe go first;
    the sum over all severities stays.
    """
    rows = [row for table in sums.values() for row in (table if verbose else table[:MOST_ROWS])]
    if not rows:
        return
    size = {s: max(len(s.word), MIN_NUMBER) for s in SEVERITIES}
    total = max(columns(say("all")), MIN_NUMBER)
    used = [s for place, s in enumerate(SEVERITIES) if any(row.counts[place] for row in rows)]

    def room() -> int:
        return page.width - 2 - sum(size[s] + 2 for s in used) - total - 2

    while used and room() < MIN_NAME:
        used.pop()
    longest = max(columns(text) for text in (*sums, *(_shown(row) for row in rows)))
    name = max(1, min(MAX_NAME, max(longest, MIN_NAME), room()))
    for title, table in sums.items():
        page.blank()
        head = [(f"{s.word:>{size[s]}}", size[s], "dim") for s in used]
        last = (" " * (total - columns(say("all"))) + say("all"), total, "dim")
        page.row([(title.upper(), name + 2, "bold"), *head, last], indent=0)
        for row in table if verbose else table[:MOST_ROWS]:
            numbers = [_number(row, s, size[s]) for s in used]
            page.row([(_shown(row), name, ""), *numbers, (f"{row.all:>{total},}", total, "")])
        _rest(page, [] if verbose else table[MOST_ROWS:], say)


def _shown(row: Sum) -> str:
    return terminal(row.name, most=200)


def _number(row: Sum, severity: Severity, size: int) -> tuple[str, int, str]:
    n = row.counts[SEVERITIES.index(severity)]
    return (f"{n:>{size},}", size, STYLES[severity.word]) if n else (f"{'·':>{size}}", size, "dim")


def _rest(page: Page, rows: Sequence[Sum], say: Catalogue) -> None:
    if rows:
        findings = say.count("findings", sum(row.all for row in rows))
        page.text(say("more.rows", n=f"{len(rows):,}", findings=findings), indent=2, style="dim")
