"""Parts of text reports that more than one command prints: findings, suppressions, tools."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gate.core.finding import Decision, State
from gate.core.scan import ScanStatus
from gate.core.words import shown
from gate.reports import order, summary
from gate.reports.escape import terminal, terminal_code
from gate.reports.hints import hint
from gate.reports.terminal import SEVERITIES, clip, columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gate.core.area import Touch
    from gate.core.authorship import Authorship
    from gate.core.finding import Finding
    from gate.core.scan import ToolRun
    from gate.core.suppression import Suppression
    from gate.reports.messages import Catalogue
    from gate.reports.options import Options
    from gate.reports.summary import Missed
    from gate.reports.terminal import Page

#: How much of long lists is shown; the JSON report has everything.
MOST_DETAILED = 10
MOST_ALIKE = 3
MOST_GROUPS = 15
MOST_PLACES = 3
MOST_SUPPRESSIONS = 10
MOST_ERRORS = 3
MOST_MISSED = 15
#: Lines of source shown around the first line of a finding.
LINES_AROUND = 3

_STATUS_SIGNS = {
    ScanStatus.COMPLETED: ("✓", "green"),
    ScanStatus.PARTIAL: ("?", "yellow"),
    ScanStatus.FAILED: ("✗", "red"),
    ScanStatus.SKIPPED: ("-", "dim"),
}


def authorship_line(facts: Authorship, say: Catalogue) -> str:
    """Return the verdict on authorship, the share of AI commits and the agents, on one line."""
    parts = [facts.verdict.value]
    if facts.commits:
        own = [c for c in facts.commits if not c.merge] or list(facts.commits)
        ai = sum(c.verdict.is_ai for c in own)
        share = "" if facts.share_commits is None else f" ({summary.percent(facts.share_commits)})"
        parts.append(say("authorship.commits", ai=f"{ai:,}", all=f"{len(own):,}") + share)
        if ai and facts.share_lines is not None:
            parts.append(say("authorship.lines", share=summary.percent(facts.share_lines)))
    else:
        parts.append(say("authorship.none"))
    if facts.agents:
        parts.append(say("authorship.agents", agents=", ".join(terminal(a, most=60) for a in facts.agents)))
    return " · ".join(parts)


def evidence(page: Page, touches: Sequence[Touch], say: Catalogue, *, most: int) -> None:
    """Show why an area is touched, at most `most` lines."""
    for touch in touches[:most]:
        place = f"{shown(touch.path)}:{touch.line}" if touch.line else shown(touch.path)
        told = terminal(touch.text, most=120) or terminal(touch.rule)
        page.text(told, indent=4, lead=f"{terminal(place)}  ", lead_style="cyan", hang=6)
    if len(touches) > most:
        page.text(say("more", n=f"{len(touches) - most:,}"), indent=4, style="dim")


def blocking_findings(page: Page, found: Iterable[Finding], say: Catalogue, options: Options) -> None:
    """Show each finding that blocks or waits, with its source and a hint."""
    found = list(found)
    for title, decision in (("blocking", Decision.BLOCK), ("waiting", Decision.SIGNOFF)):
        chosen = summary.with_decision(found, decision)
        if not chosen:
            continue
        page.blank()
        page.text("", indent=2, lead=f"{say(title)} ({len(chosen):,})", lead_style="bold")
        shown, rest = _worth_detail(chosen)
        for number, finding in enumerate(shown):
            if number:
                page.blank()
            detailed(page, finding, say, options)
        if rest:
            page.blank()
            _groups(page, rest, say)


def _worth_detail(found: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Return the findings to show in full and the rest: the same story is told three times at most."""
    shown: list[Finding] = []
    rest: list[Finding] = []
    told: Counter[tuple[str, str]] = Counter()
    for finding in found:
        story = (finding.family, finding.title)
        is_shown = len(shown) < MOST_DETAILED and told[story] < MOST_ALIKE
        told[story] += is_shown
        (shown if is_shown else rest).append(finding)
    return shown, rest


def detailed(page: Page, finding: Finding, say: Catalogue, options: Options) -> None:
    """Show one finding in full."""
    word = finding.severity.word
    cwe = " ".join(f"CWE-{number}" for number in sorted(finding.cwe))
    page.text(
        terminal(finding.title or finding.family),
        indent=2,
        lead=f"{word} ",
        lead_style=SEVERITIES[word],
        style="bold",
        hang=4,
    )
    place = summary.place(finding)
    if finding.range.start_line and finding.range.start_column:
        place += f":{finding.range.start_column}"
    # Where no base was scanned every state is unknown: saying so on each finding tells nothing.
    state = (
        "" if finding.state is State.UNKNOWN and finding.decision is Decision.NOTE else finding.state.value
    )
    facts = " · ".join(p for p in (state, terminal(finding.family), cwe, terminal(finding.scope)) if p)
    page.text(facts, indent=4, lead=f"{terminal(place)}  ", lead_style="cyan", style="dim", hang=6)
    _source(page, finding)
    if told := summary.message(finding):
        page.text(terminal(told, most=600), indent=4)
    if usual := hint(finding.family, options.language):
        page.text(usual, indent=4, lead=f"{say('fix')}: ", lead_style="bold")
    seen = ", ".join(
        dict.fromkeys(
            f"{terminal(w.tool)} {terminal(w.rule_id, most=120)}" for w in order.witnesses(finding.witnesses)
        )
    )
    short = finding.id.rpartition(":")[2][:8]
    page.text(
        f"{seen} · gate explain {terminal(short)}", indent=4, lead=f"{say('seen')}: ", style="dim", hang=6
    )


def _source(page: Page, finding: Finding) -> None:
    first, last = finding.range.start_line, finding.range.last_line
    shown = [
        (number, line)
        for number, line in enumerate(finding.snippet, finding.snippet_start or 1)
        if abs(number - first) <= LINES_AROUND
    ]
    size = max((len(str(number)) for number, _ in shown), default=0)
    for number, line in shown:
        here = first <= number <= last
        gutter = f"{'>' if here else ' '} {number:>{size}} │ "
        page.code(gutter, terminal_code(line), indent=4, strong=here)


def noted_findings(page: Page, found: Iterable[Finding], say: Catalogue) -> None:
    """Show the other findings, those that read the same on one row."""
    found = list(found)
    for title, decisions in (
        ("noted", (Decision.NOTE,)),
        ("hidden", (Decision.SUPPRESSED, Decision.WAIVED)),
    ):
        chosen = summary.with_decision(found, *decisions)
        if chosen:
            page.blank()
            page.text("", indent=2, lead=f"{say(title)} ({len(chosen):,})", lead_style="bold")
            _groups(page, chosen, say)


def _groups(page: Page, found: Sequence[Finding], say: Catalogue) -> None:
    groups = summary.grouped(found)
    for group in groups[:MOST_GROUPS]:
        one = group[0]
        word = one.severity.word
        times = f" ×{len(group):,}" if len(group) > 1 else ""
        title = terminal(one.title or one.family, most=160)
        state = one.state.value
        lead = page.style(f"{word:<8} ", SEVERITIES[word]) + page.style(f"{state:<8} ", "dim")
        page.styled(lead, 18, f"{title}{times}", indent=4)
        places = [terminal(summary.place(f)) for f in group]
        page.text(say.listed(places, most=MOST_PLACES), indent=22, style="dim")
    rest = sum(len(group) for group in groups[MOST_GROUPS:])
    if rest:
        page.text(say("more", n=f"{rest:,}"), indent=4, style="dim")


def suppressions(page: Page, items: Iterable[Suppression], say: Catalogue) -> None:
    """Show every suppression and waiver: those added by the change first, with what they hide."""
    rows = sorted(order.suppressions(items), key=lambda s: (not s.needs_signoff, not s.introduced))
    if not rows:
        return
    added = sum(s.introduced for s in rows)
    page.heading(
        say("suppressions"), f"{len(rows):,}" + (f" · {added:,} {say('added_here')}" if added else "")
    )
    for item in rows[:MOST_SUPPRESSIONS]:
        place = f"{shown(item.path)}:{item.line}" if item.line else shown(item.path) or "?"
        rules = say("blanket") if item.blanket else ", ".join(terminal(rule, most=80) for rule in item.rules)
        state = say("waits" if item.needs_signoff else "effective" if item.effective else "ineffective")
        facts = [
            f"{item.kind} {rules}".rstrip(),
            state,
            say("added_here") if item.introduced else "",
            item.author_kind or "" if item.introduced else "",
            terminal(item.owner or ""),
            f"≤ {terminal(item.expires)}" if item.expires else "",
            terminal(item.reason, most=200),
        ]
        page.text(
            " · ".join(f for f in facts if f),
            indent=2,
            lead=f"{terminal(place)}  ",
            lead_style="cyan",
            hang=4,
        )
        if item.why:
            page.text(terminal(item.why), indent=4, style="dim")
    if len(rows) > MOST_SUPPRESSIONS:
        page.text(say("more", n=f"{len(rows) - MOST_SUPPRESSIONS:,}"), indent=2, style="dim")


def tools(page: Page, runs: Iterable[ToolRun], say: Catalogue) -> None:
    """Show each tool with version, how it ended and how much it read."""
    page.heading(say("tools"))
    rows = order.tools(runs)
    if not rows:
        page.text(say("tools.none"), indent=2)
    names = [clip(terminal(f"{r.head.tool} {r.head.version}"), page.width // 3) for r in rows]
    size = max((columns(name) for name in names), default=0)
    for run, name in zip(rows, names, strict=True):
        sign, style = _STATUS_SIGNS[run.head.status]
        facts = [
            run.head.status.value,
            say("tools.files", scanned=f"{len(run.head.scanned):,}", targets=f"{len(run.head.targets):,}"),
            terminal(run.head.engine, most=40),
            terminal(run.head.reason),
        ]
        lead = page.style(sign, style) + f" {name}" + " " * (size - columns(name) + 2)
        page.styled(lead, size + 4, " · ".join(f for f in facts if f), indent=2)
        if run.head.covered:
            left = ", ".join(f"{terminal(rule)} {n:,}" for rule, n in run.head.covered)
            page.text(say("tools.covered", rules=left), indent=6, style="dim")
        for side, label in ((run.head, ""), (run.base, "base: ")):
            for error in side.errors[:MOST_ERRORS] if side else ():
                page.text(terminal(error, most=300), indent=6, lead=label, style="dim")
        if run.base is not None and run.base.status not in (ScanStatus.COMPLETED, run.head.status):
            told = f"{run.base.status.value}: {terminal(run.base.reason)}".rstrip(": ")
            page.text(told, indent=6, lead="base: ")


def missed_rows(page: Page, rows: Sequence[Missed], say: Catalogue) -> None:
    """Show files that were not scanned, each with tool and reason."""
    if not rows:
        return
    page.heading(say("unscanned"), say.count("files", len({row.path for row in rows})))
    for row in rows[:MOST_MISSED]:
        why = ": ".join(terminal(part) for part in (row.tool, row.reason) if part)
        page.text(why, indent=2, lead=f"{terminal(shown(row.path))}  ", lead_style="cyan", hang=4)
    if len(rows) > MOST_MISSED:
        page.text(say("more", n=f"{len(rows) - MOST_MISSED:,}"), indent=2, style="dim")
