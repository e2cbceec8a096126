"""Who wrote the commits of a range, for a terminal: one line a commit, then the sums."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gate.reports.escape import terminal
from gate.reports.messages import Catalogue
from gate.reports.terminal import Page, columns
from gate.reports.text_parts import authorship_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gate.core.authorship import Authorship, Evidence
    from gate.reports.options import Options

_SHA = 10
_MOST_AGENT = 24


def report(facts: Authorship, options: Options) -> str:
    """Return short id, verdict, agent and subject of each commit, newest first; `verbose` adds the evidence."""
    page, say = Page(options), Catalogue(options.language)
    verdict_size = max((len(c.verdict) for c in facts.commits), default=0)
    agents = [terminal(c.agent or "-", most=60) for c in facts.commits]
    agent_size = min(_MOST_AGENT, max((columns(agent) for agent in agents), default=0))
    for commit, agent in zip(facts.commits, agents, strict=True):
        style = "magenta" if commit.verdict.is_ai else ""
        cells = (
            (commit.sha[:_SHA], _SHA, "dim"),
            (commit.verdict.value, verdict_size, style),
            (agent, agent_size, ""),
        )
        page.row(cells, indent=0, last=terminal(commit.subject))
        if options.verbose:
            _evidence(page, (*commit.evidence, *commit.hints))
            for remark in commit.remarks:
                page.text(terminal(remark), indent=4, style="dim")
    if options.verbose:
        _evidence(page, (*facts.evidence, *facts.hints))
    page.blank()
    _sums(page, facts, say)
    return page.done()


def _evidence(page: Page, evidence: Iterable[Evidence]) -> None:
    for one in evidence:
        place = f"{terminal(one.field)}:{one.line}" if one.line else terminal(one.field)
        remark = f" ({terminal(one.remark)})" if one.remark else ""
        page.text(
            f"{terminal(one.text)}{remark}",
            indent=4,
            lead=f"{one.grade} {terminal(one.signature)}  {place}  ",
            lead_style="dim",
            hang=6,
        )


def _sums(page: Page, facts: Authorship, say: Catalogue) -> None:
    page.text(authorship_line(facts, say))
    counts = Counter(c.verdict.value for c in facts.commits)
    if len(counts) > 1:
        page.text(", ".join(f"{n:,} {verdict}" for verdict, n in sorted(counts.items())), style="dim")
    if facts.suppressed:
        page.text(say("authorship.suppressed"))
    told = (f"{terminal(name)} {terminal(state)}" for name, state in sorted(facts.sources.items()))
    if shown := ", ".join(told):
        page.text(shown, lead=f"{say('authorship.sources')}: ", style="dim", hang=2)
