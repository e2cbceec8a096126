"""The sums of a history for a terminal: one line on the whole, tables by agent and by month."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gate.core.authorship import Role
from gate.core.authorship.notes import FETCH_NOTES
from gate.core.authorship.tally import MonthSums
from gate.reports import summary
from gate.reports.authorship_parts import fetches, registry_said, suppression
from gate.reports.escape import terminal
from gate.reports.terminal import columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gate.core.authorship import Authorship
    from gate.core.authorship.tally import Tally
    from gate.reports.messages import Catalogue
    from gate.reports.terminal import Page

#: Months that get a row of their own, counted from the last one; older ones share a row unless verbose.
MOST_MONTHS = 24
MOST_AGENTS = 20
_BAR = 20
_MONTH = 14


def sums(page: Page, facts: Authorship, tally: Tally, say: Catalogue) -> None:
    """Add what the whole comes to."""
    parts = [tally.verdict.value]
    if tally.commits:
        share = "" if tally.share is None else f" ({summary.percent(tally.share)})"
        own = tally.commits - tally.merges
        parts.append(say("authorship.commits", ai=f"{tally.ai:,}", all=f"{own:,}") + share)
        if tally.ai and facts.share_lines is not None:
            parts.append(say("authorship.lines", share=summary.percent(facts.share_lines)))
    else:
        parts.append(say("authorship.none"))
    if facts.agents:
        parts.append(say("authorship.agents", agents=", ".join(terminal(a, most=60) for a in facts.agents)))
    page.text(" · ".join(parts))
    counted = [f"{n:,} {verdict.value}" for verdict, n in sorted(tally.verdicts.items()) if n]
    if tally.merges:
        counted.append(say.count("merges", tally.merges))
    if len(counted) > 1:
        page.text(", ".join(counted), style="dim")
    if tally.hinted:
        page.text(say.count("hinted", tally.hinted), style="dim")
    suppression(page, facts, say, indent=0, advise=True)
    told = (f"{terminal(name)} {terminal(state)}" for name, state in sorted(facts.sources.items()))
    if shown := ", ".join(told):
        page.text(shown, lead=f"{say('authorship.sources')}: ", style="dim", hang=2)
    if facts.registry is not None:
        page.text(registry_said(facts.registry, say), style="dim", hang=2)
    fetches(page, facts, say, indent=0)
    for remark in facts.remarks:
        page.text(terminal(remark), style="dim", hang=2)
    if facts.lacks_notes:
        page.text(f"{say('authorship.no_notes')}:", style="dim")
        page.text(FETCH_NOTES, indent=2, style="dim")


def tables(page: Page, tally: Tally, say: Catalogue, *, verbose: bool) -> None:
    """Add a table of agents, most commits first, and one of months, oldest first."""
    if not tally.commits:
        return
    if not tally.by_agent:
        page.blank()
        page.text(say("authorship.none_ai"))
    else:
        _agents(page, tally, say, verbose=verbose)
    _months(page, tally, say, verbose=verbose)


def _agents(page: Page, tally: Tally, say: Catalogue, *, verbose: bool) -> None:
    roles = [role.value for role in Role if any(s.roles[role.value] for s in tally.by_agent.values())]
    heads = [say("authorship.all"), *roles, say("authorship.first"), say("authorship.last")]
    rows = sorted(tally.by_agent.items(), key=lambda item: (-item[1].commits, item[0]))
    shown = rows if verbose else rows[:MOST_AGENTS]
    name = max(_MONTH, *(columns(terminal(agent, most=30)) for agent, _ in shown))
    _head(page, say("authorship.agent"), name, heads)
    for agent, of_agent in shown:
        numbers = [of_agent.commits, *(of_agent.roles[role] for role in roles)]
        cells = [_number(n) for n in numbers] + [of_agent.first, of_agent.last]
        _row(page, terminal(agent, most=30), name, heads, cells)
    if len(rows) > len(shown):
        page.text(say("more.here", n=f"{len(rows) - len(shown):,}"), indent=2, style="dim")


def _months(page: Page, tally: Tally, say: Catalogue, *, verbose: bool) -> None:
    months = sorted(tally.by_month.items())
    shown = months if verbose else months[-MOST_MONTHS:]
    heads = [say("authorship.all"), "AI", say("authorship.share")]
    _head(page, say("authorship.month"), _MONTH, heads)
    if older := months[: len(months) - len(shown)]:
        _month(page, f"{say('authorship.before')} {shown[0][0]}", _together([s for _, s in older]), heads)
    for month, of_month in shown:
        _month(page, terminal(month) or "?", of_month, heads)


def _month(page: Page, name: str, sums: MonthSums, heads: Sequence[str]) -> None:
    share = sums.ai / sums.commits if sums.commits else 0.0
    cells = [_number(sums.commits), _number(sums.ai), summary.percent(share) if sums.ai else "·"]
    agents = [f"{terminal(agent, most=30)} {n:,}" for agent, n in _ranked(sums.agents)]
    _row(
        page,
        name,
        _MONTH,
        heads,
        cells,
        last=("█" * round(share * _BAR)).ljust(_BAR) + "  " + ", ".join(agents),
    )


def _together(months: Sequence[MonthSums]) -> MonthSums:
    agents: Counter[str] = Counter()
    for month in months:
        agents.update(month.agents)
    return MonthSums(
        commits=sum(m.commits for m in months),
        ai=sum(m.ai for m in months),
        merges=sum(m.merges for m in months),
        agents=agents,
    )


def _ranked(agents: Counter[str]) -> list[tuple[str, int]]:
    return sorted(agents.items(), key=lambda item: (-item[1], item[0]))


def _head(page: Page, title: str, name: int, heads: Sequence[str]) -> None:
    page.blank()
    cells = [(" " * (_size(head) - columns(head)) + head, _size(head), "dim") for head in heads]
    page.row([(title.upper(), name + 2, "bold"), *cells], indent=0)


def _row(
    page: Page, name: str, size: int, heads: Sequence[str], cells: Sequence[str], *, last: str = ""
) -> None:
    shown = [(f"{cell:>{_size(head)}}", _size(head), "") for head, cell in zip(heads, cells, strict=True)]
    page.row([(name, size, ""), *shown], last=last)


def _size(head: str) -> int:
    return max(columns(head), 7)


def _number(n: int) -> str:
    return f"{n:,}" if n else "·"
