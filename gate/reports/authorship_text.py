"""Who wrote the commits of a range, for a terminal: one line a commit, then the sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.reports.authorship_parts import told_of_others
from gate.reports.authorship_sums import sums, tables
from gate.reports.escape import terminal
from gate.reports.messages import Catalogue
from gate.reports.terminal import Page, columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gate.core.authorship import Authorship, CommitAuthorship, Evidence
    from gate.core.authorship.tally import Tally
    from gate.reports.options import Options

#: A list of more commits is no longer read by people, so it is only printed when asked for.
MOST_LISTED = 1_000
_SHA = 10
_DAY = 10
_MOST_AGENT = 24


class Writer:
    """Writes short id, day, verdict, agent and subject of each commit, newest first; `verbose` adds the evidence.

    Listing `none` writes the sums only, and so does `auto` for more than MOST_LISTED commits. The columns are
    as wide as the first MOST_LISTED commits need.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._say = Catalogue(options.language)
        self._held: list[CommitAuthorship] = []
        self._sizes: tuple[int, int] | None = None
        self._listed = options.listing != "none"
        self._left_out = 0

    def add(self, commits: Sequence[CommitAuthorship]) -> str:
        """Return the lines of further commits."""
        if not self._listed:
            self._left_out += len(commits)
            return ""
        if self._sizes is not None:
            return self._lines(commits)
        self._held += commits
        if len(self._held) <= MOST_LISTED:
            return ""
        if self._options.listing == "all":
            return self._release()
        self._listed, self._left_out = False, len(self._held)
        self._held.clear()
        return ""

    def end(self, facts: Authorship, tally: Tally) -> Iterator[str]:
        """Yield the rest: commits that wait, and the sums."""
        say = self._say
        page = Page(self._options)
        yield self._release()
        if self._options.verbose:
            _evidence(page, (*facts.evidence, *facts.hints))
        if tally.commits and self._listed:
            yield "\n"
        sums(page, facts, tally, say)
        if not self._listed or tally.commits > MOST_LISTED:
            tables(page, tally, say, verbose=self._options.verbose)
        if self._left_out and self._options.listing == "auto":
            page.blank()
            page.text(say("authorship.list", commits=say.count("commits", self._left_out)), style="dim")
        yield page.done()

    def _release(self) -> str:
        held, self._held = self._held, []
        if self._sizes is None:
            self._sizes = (
                max((len(_verdict(c)) for c in held), default=0),
                min(_MOST_AGENT, max((columns(_agent(c)) for c in held), default=0)),
            )
        return self._lines(held)

    def _lines(self, commits: Sequence[CommitAuthorship]) -> str:
        if not commits or self._sizes is None:
            return ""
        page, (verdict_size, agent_size) = Page(self._options), self._sizes
        for commit in commits:
            cells = (
                (commit.sha[:_SHA], _SHA, "dim"),
                (terminal(commit.date[:_DAY]), _DAY, "dim"),
                (_verdict(commit), verdict_size, "magenta" if commit.verdict.is_ai else ""),
                (_agent(commit), agent_size, ""),
            )
            page.row(cells, indent=0, last=terminal(commit.subject))
            if self._options.verbose:
                _evidence(page, (*commit.evidence, *commit.hints))
                for told in told_of_others(commit, self._say):
                    page.text(terminal(told), indent=4, style="dim")
                for remark in commit.remarks:
                    page.text(terminal(remark), indent=4, style="dim")
        return page.done()


def _verdict(commit: CommitAuthorship) -> str:
    return f"{commit.verdict.value} (suppressed)" if commit.suppressed else commit.verdict.value


def _agent(commit: CommitAuthorship) -> str:
    return terminal(commit.agent, most=60) if commit.agent else "-"


def _from(one: Evidence) -> str:
    """The commit that a piece of evidence was read from, if it is another one."""
    return f"{terminal(one.sha[:_SHA])} " if one.sha else ""


def _evidence(page: Page, evidence: Iterable[Evidence]) -> None:
    for one in evidence:
        place = f"{terminal(one.field)}:{one.line}" if one.line else terminal(one.field)
        remark = f" ({terminal(one.remark)})" if one.remark else ""
        page.text(
            f"{terminal(one.text)}{remark}",
            indent=4,
            lead=f"{one.grade} {terminal(one.signature)}  {_from(one)}{place}  ",
            lead_style="dim",
            hang=6,
        )
