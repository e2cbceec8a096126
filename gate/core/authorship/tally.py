"""Sums over a history, taken while it passes by: by verdict, by agent and by month."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gate.core.authorship.change import VERDICT_ORDER, Ranks, rank_agents
from gate.core.authorship.grades import Role
from gate.core.authorship.model import AuthorVerdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gate.core.authorship.model import CommitAuthorship


@dataclass(slots=True)
class AgentSums:
    """Commits of one agent, merges included: all, those with each role as the strongest one, and the months of the
    first and the last. A commit of two agents counts for both.
    """

    commits: int = 0
    roles: Counter[str] = field(default_factory=Counter)
    first: str = ""
    last: str = ""


@dataclass(slots=True)
class MonthSums:
    """Commits of one month without merges, those of them by AI, and merges; for each agent its commits."""

    commits: int = 0
    ai: int = 0
    merges: int = 0
    agents: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Tally:
    """What a history comes to. Months are `YYYY-MM` of the committer's date, in the committer's zone, "" where git
    cannot read it.

    `hinted` counts commits without AI verdict that carry a hint, `sessions` those that lead to a recorded session.
    Shares leave merges out, as everywhere.
    """

    commits: int = 0
    merges: int = 0
    ai: int = 0
    hinted: int = 0
    suppressed: int = 0
    sessions: int = 0
    verdicts: Counter[AuthorVerdict] = field(default_factory=Counter)
    by_agent: dict[str, AgentSums] = field(default_factory=dict)
    by_month: dict[str, MonthSums] = field(default_factory=dict)
    _ranks: Ranks = field(default_factory=dict)

    def add(self, judged: Iterable[CommitAuthorship]) -> None:
        """Count further commits, in any order."""
        months, verdicts = self.by_month, self.verdicts
        for entry in judged:
            month = entry.date[:7]
            sums = months.get(month)
            if sums is None:
                sums = months[month] = MonthSums()
            verdicts[entry.verdict] += 1
            self.commits += 1
            if entry.merge:
                sums.merges += 1
                self.merges += 1
            else:
                sums.commits += 1
            if entry.verdict.is_ai:
                self._add_ai(entry, month, sums)
            else:
                self.hinted += bool(entry.hints)
                self.suppressed += entry.suppressed

    def _add_ai(self, entry: CommitAuthorship, month: str, sums: MonthSums) -> None:
        if not entry.merge:
            sums.ai += 1
            self.ai += 1
        self.sessions += any(piece.source == "session" for piece in entry.evidence)
        rank_agents(self._ranks, entry.agents, entry.evidence)
        sums.agents.update(entry.agents)
        for agent in entry.agents:
            of_agent = self.by_agent.setdefault(agent, AgentSums())
            of_agent.commits += 1
            if month:
                of_agent.first = min(of_agent.first or month, month)
                of_agent.last = max(of_agent.last, month)
            roles = (p.role for p in entry.evidence if p.agent == agent and p.role)
            of_agent.roles[min(roles, key=_ROLES.index, default=entry.role or "")] += 1

    @property
    def agents(self) -> tuple[str, ...]:
        """All agents, as a change orders them: strongest role, then best grade, then order of sources."""
        return tuple(sorted(self._ranks, key=self._ranks.__getitem__))

    @property
    def verdict(self) -> AuthorVerdict:
        """The verdict on all commits as one change."""
        return next((v for v in VERDICT_ORDER if self.verdicts[v]), AuthorVerdict.UNDECLARED)

    @property
    def share(self) -> float | None:
        """AI commits / commits without merges, None where there is none."""
        own = self.commits - self.merges
        return self.ai / own if own else None


_ROLES = tuple(Role)
