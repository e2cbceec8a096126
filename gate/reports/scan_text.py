"""A scanned tree for a terminal: what was read, the worst findings first, then where they gather."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gate.core.finding import Decision
from gate.reports import order, summary
from gate.reports.escape import terminal
from gate.reports.messages import Catalogue
from gate.reports.terminal import SEVERITIES, Page
from gate.reports.text_parts import MOST_PLACES, detailed, missed_rows, suppressions, tools

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gate.core.finding import Finding
    from gate.reports.options import Options, Scan

MOST_WORST = 20
MOST_ROWS = 15
#: How many parts of a path make a folder in the sums.
FOLDER_DEPTH = 2


def report(scan: Scan, options: Options) -> str:
    """Return findings worst first (each with its source if `verbose`), then sums by family and folder."""
    page, say = Page(options), Catalogue(options.language)
    # A tree has no decisions but suppressions, so severity leads.
    found = sorted(order.findings(scan.findings), key=lambda f: -f.severity)
    open_findings = [f for f in found if f.decision not in (Decision.SUPPRESSED, Decision.WAIVED)]
    parts = [say.count("findings", len(open_findings)), summary.severities(open_findings)]
    if hidden := len(found) - len(open_findings):
        parts.append(f"{hidden:,} {say('hidden').lower()}")
    page.text(
        " · ".join(part for part in parts if part),
        lead=say("scan", place=terminal(scan.place)) + "  ",
        lead_style="bold",
        hang=2,
    )
    _worst(page, open_findings, say, options)
    _sums(page, say("by_family"), _by_family(open_findings), say)
    _sums(page, say("by_folder"), _by_folder(open_findings), say)
    suppressions(page, scan.suppressions, say)
    missed_rows(page, summary.missed_by_tools(scan.tools, say), say)
    tools(page, scan.tools, say)
    return page.done()


def _worst(page: Page, found: Sequence[Finding], say: Catalogue, options: Options) -> None:
    if not found:
        return
    page.heading(say("worst"))
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for f in found:
        groups.setdefault((f.severity, f.family, f.title), []).append(f)
    shown = list(groups.values())[:MOST_WORST]
    for group in shown:
        if options.verbose:
            page.blank()
            detailed(page, group[0], say, options)
            continue
        word = group[0].severity.word
        times = f" ×{len(group):,}" if len(group) > 1 else ""
        lead = page.style(f"{word:<8} ", SEVERITIES[word])
        page.styled(lead, 9, f"{terminal(group[0].title or group[0].family, most=160)}{times}", indent=2)
        places = [terminal(summary.place(f)) for f in group]
        page.text(say.listed(places, most=MOST_PLACES), indent=11, style="dim")
    if rest := len(found) - sum(len(group) for group in shown):
        page.text(say("more", n=f"{rest:,}"), indent=2, style="dim")


def _by_family(found: Iterable[Finding]) -> Counter[str]:
    return Counter(terminal(f.family, most=60) for f in found)


def _by_folder(found: Iterable[Finding]) -> Counter[str]:
    return Counter(terminal("/".join(f.path.split("/")[:-1][:FOLDER_DEPTH]) or ".", most=60) for f in found)


def _sums(page: Page, title: str, counts: Counter[str], say: Catalogue) -> None:
    if len(counts) < 2:
        return
    page.heading(title)
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    for name, n in rows[:MOST_ROWS]:
        page.text(name, indent=2, lead=f"{n:>6,}  ")
    if rest := sum(n for _, n in rows[MOST_ROWS:]):
        page.text(say("more", n=f"{rest:,}"), indent=2, style="dim")
