"""A scanned tree for a terminal: how much and where on one screen, then the worst findings first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.scan import ScanStatus
from gate.reports import order, scan_summary, summary
from gate.reports.escape import terminal, terminal_code
from gate.reports.hints import hint
from gate.reports.messages import Catalogue
from gate.reports.scan_table import tables
from gate.reports.terminal import MIN_ROOM, SEVERITIES, Page, columns
from gate.reports.text_parts import detailed, missed_rows, suppressions, tools

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gate.core.baseline import Known
    from gate.core.finding import Finding
    from gate.reports.options import Compared, Options, Scan

#: How much is shown unless `verbose`; what is left out is counted.
MOST_GROUPS = 15
MOST_GONE = 10
#: Places of one group by severity; of the others one.
MOST_PLACES = {"critical": 5, "high": 3}
#: A line of source shares the line of its place if at least so many columns are left for it.
ROOM_FOR_CODE = 30
_INDENT = 11


def report(scan: Scan, options: Options) -> str:
    """Return a summary, the worst findings, and what was not read.

    Against a baseline only what is new is summed up and shown. `verbose` shows every finding.
    """
    page, say = Page(options), Catalogue(options.language)
    every = [f for f in scan.findings if scan_summary.is_open(f)]
    known = [f for f in every if scan.compared is not None and scan_summary.is_known(f)]
    shown = [f for f in every if scan.compared is None or not scan_summary.is_known(f)]
    _headline(page, scan, shown, known, say, options)
    _files(page, scan, say)
    summed = shown if options.verbose else scan_summary.without_info(shown)
    _seen_by(page, summed, say)
    sums = {say("by_family"): scan_summary.by_family(summed)}
    if any("/" in f.path for f in summed):
        sums[say("by_folder")] = scan_summary.by_folder(summed)
    tables(page, sums, say, verbose=options.verbose)
    _worst(page, say("worst" if scan.compared is None else "worst.new"), shown, say, options)
    if options.verbose:
        _known(page, known, say)
    if scan.compared is not None:
        _gone(page, scan.compared, say, options)
    suppressions(page, scan.suppressions, say)
    missed_rows(page, summary.missed_in_tree(scan, say), say)
    tools(page, scan.tools, say)
    page.blank()
    if scan.incomplete:
        page.text(say("exit", code=4), lead=f"? {say('incomplete')}  ", lead_style="bold magenta")
    elif shown and not options.verbose:
        page.text(say("scan.next", all="-v", programs="-o json=FILE"), style="dim")
        if scan.compared is None:
            page.text(say("scan.adopt", write="--write-baseline FILE", read="--baseline FILE"), style="dim")
    return page.done()


def _headline(
    page: Page,
    scan: Scan,
    shown: Sequence[Finding],
    known: Sequence[Finding],
    say: Catalogue,
    options: Options,
) -> None:
    compared = scan.compared
    counted = shown if options.verbose else scan_summary.without_info(shown)
    count = say.count("findings", len(counted))
    parts = [count if compared is None else say("scan.new", findings=count), summary.severities(counted)]
    if tests := scan_summary.in_tests(counted):
        parts.append(say("in_tests", n=f"{tests:,}"))
    if len(shown) > len(counted):
        parts.append(say("scan.info", n=f"{len(shown) - len(counted):,}"))
    if hidden := sum(not scan_summary.is_open(f) for f in scan.findings):
        parts.append(f"{hidden:,} {say('hidden').lower()}")
    title, told = say("scan", place=terminal(scan.place)), " · ".join(part for part in parts if part)
    if columns(title) + 2 <= page.width - MIN_ROOM:
        page.text(told, lead=f"{title}  ", lead_style="bold", hang=2)
    else:
        page.text(title, style="bold", hang=2)
        page.text(told, indent=2, hang=4)
    if scan.incomplete:
        told = say("scan.incomplete", tools="; ".join(terminal(why) for why in order.words(scan.incomplete)))
        page.text(told, indent=2, lead=f"? {say('incomplete')}  ", lead_style="bold magenta", hang=4)
    if compared is None:
        return
    unknown = sum(f.state.value == "unknown" for f in shown)
    numbers = (
        ("scan.known", len(known)),
        ("scan.gone", len(compared.gone)),
        ("scan.unsure", len(compared.unsure)),
        ("scan.unknown", unknown),
    )
    told = " · ".join(say(key, n=f"{n:,}") for key, n in numbers if n or key == "scan.known")
    page.text(f"{terminal(compared.baseline)}: {told}", indent=2, lead=f"{say('baseline')}  ", hang=4)
    for note in order.words(compared.notes):
        page.text(terminal(note), indent=4, lead="! ", lead_style="yellow")


def _files(page: Page, scan: Scan, say: Catalogue) -> None:
    """Say what was read, and first of all if nothing was."""
    files = scan_summary.files(scan)
    if not files.read and files.also_read and not files.missed:
        page.text(say("nothing_read.code"), indent=2, lead="! ", lead_style="bold yellow")
    elif not files.read:
        told = say(_why_nothing(scan, files))
        page.text(told, indent=2, lead=f"! {say('nothing_read')}: ", lead_style="bold yellow", hang=4)
    numbers = (
        ("files.all", files.all),
        ("files.read", files.read),
        ("files.missed", files.missed),
        ("files.also_read", files.also_read),
        ("files.uncovered", files.uncovered),
        ("files.others", files.others),
        ("files.links", scan.links),
    )
    told = " · ".join(say(key, n=f"{n:,}") for key, n in numbers if n)
    if told:
        page.text(told, indent=2, lead=f"{say('files')}  ", hang=4)
    if rows := scan_summary.languages(scan):
        listed = ", ".join(f"{terminal(name)} ({say.count('files', n)})" for name, n in rows)
        page.text(say("uncovered", files=listed), indent=2, lead="! ", lead_style="yellow")


def _why_nothing(scan: Scan, files: scan_summary.Files) -> str:
    worked = (ScanStatus.COMPLETED, ScanStatus.PARTIAL)
    if not files.all:
        return "nothing_read.empty"
    if not any(tool.head.status in worked for tool in scan.tools):
        return "nothing_read.tools"
    return "nothing_read.missed" if files.missed or files.uncovered else "nothing_read.language"


def _seen_by(page: Page, shown: Sequence[Finding], say: Catalogue) -> None:
    rows = scan_summary.by_tool(shown)
    if len(rows) < 2:
        return
    told = []
    for names, n in rows:
        tools = " + ".join(terminal(name, most=40) for name in names) or "?"
        told.append(say("seen.alone", tools=tools, n=f"{n:,}") if len(names) == 1 else f"{tools} {n:,}")
    page.text(" · ".join(told), indent=2, lead=f"{say('seen')}  ", hang=4)


def _worst(page: Page, title: str, found: Sequence[Finding], say: Catalogue, options: Options) -> None:
    if not options.verbose:
        found = scan_summary.without_info(found)
    if not found:
        return
    groups = scan_summary.worst_first(found)
    shown = groups if options.verbose else groups[:MOST_GROUPS]
    page.heading(title)
    for number, group in enumerate(shown):
        if options.verbose:
            if number:
                page.blank()
            detailed(page, group[0], say, options)
            for finding in group[1:]:
                _place(page, finding, indent=4)
        else:
            _group(page, group, say, most=MOST_PLACES.get(group[0].severity.word, 1), options=options)
    left = {id(f) for group in shown for f in group}
    rest = [f for f in found if id(f) not in left]
    if rest:
        told = say("scan.more", n=f"{len(rest):,}", severities=summary.severities(rest))
        page.text(told, indent=2, style="dim")


def _group(page: Page, group: Sequence[Finding], say: Catalogue, *, most: int, options: Options) -> None:
    one = group[0]
    word = one.severity.word
    times = f" ×{len(group):,}" if len(group) > 1 else ""
    lead = page.style(f"{word:<8} ", SEVERITIES[word])
    page.styled(lead, 9, f"{terminal(one.title or one.family, most=160)}{times}", indent=2)
    for finding in group[:most]:
        _place(page, finding, indent=_INDENT)
    if len(group) > most:
        page.text(say.count("more_places", len(group) - most), indent=_INDENT, style="dim")
    if most > 1 and (usual := hint(one.family, options.language)):
        page.text(usual, indent=_INDENT, lead=f"{say('fix')}: ", lead_style="bold")


def _place(page: Page, finding: Finding, *, indent: int) -> None:
    """Show where a finding is, with its line of source beside or below it."""
    place, source = terminal(summary.place(finding)), _source(finding)
    if not source:
        page.text(place, indent=indent, style="cyan")
    elif page.width - indent - columns(place) - 2 >= ROOM_FOR_CODE:
        page.code(f"{place}  ", source, indent=indent, strong=False)
    else:
        page.text(place, indent=indent, style="cyan")
        page.code("", source, indent=indent + 2, strong=False)


def _source(finding: Finding) -> str:
    """The first line of a finding, secrets masked as in its snippet."""
    at = finding.range.start_line - finding.snippet_start
    return terminal_code(finding.snippet[at].strip()) if 0 <= at < len(finding.snippet) else ""


def _known(page: Page, known: Sequence[Finding], say: Catalogue) -> None:
    if not known:
        return
    page.heading(say("worst.known"), say.count("findings", len(known)))
    for group in scan_summary.worst_first(known):
        word = group[0].severity.word
        lead = page.style(f"{word:<8} ", SEVERITIES[word])
        page.styled(lead, 9, terminal(group[0].title or group[0].family, most=160), indent=2)
        for finding in group:
            _place(page, finding, indent=_INDENT)


def _gone(page: Page, compared: Compared, say: Catalogue, options: Options) -> None:
    for title, rows in (("gone", compared.gone), ("unsure", compared.unsure)):
        if not rows or (title == "gone" and not options.verbose):
            continue
        page.heading(say(title), say.count("findings", len(rows)))
        shown = order.known(rows) if options.verbose else order.known(rows)[:MOST_GONE]
        for known in shown:
            _row(page, known)
        if len(rows) > len(shown):
            page.text(say("more.here", n=f"{len(rows) - len(shown):,}"), indent=2, style="dim")


def _row(page: Page, known: Known) -> None:
    word = known.severity.word
    lead = page.style(f"{word:<8} ", SEVERITIES[word])
    place = f"{known.path}:{known.line}" if known.line else known.path
    page.styled(lead, 9, f"{terminal(place)}  {terminal(known.title or known.family, most=160)}", indent=2)
