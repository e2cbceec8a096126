"""Who wrote the commits of a range, one row a commit or one a month, for spreadsheets and scripts."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from gate.reports.escape import csv_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gate.core.authorship import Authorship, CommitAuthorship
    from gate.core.authorship.tally import Tally
    from gate.reports.options import Options

COLUMNS = (
    "sha",
    "date",
    "verdict",
    "role",
    "agent",
    "agents",
    "certainty",
    "suppressed",
    "merge",
    "grade",
    "signature",
    "source",
    "field",
    "text",
    "hints",
    "subject",
)
MONTH_COLUMNS = ("month", "commits", "merges", "ai")


class Writer:
    """Writes COLUMNS and a row for each commit, newest first, with the first piece of its evidence.

    With listing `none`: MONTH_COLUMNS and a column for each agent, and a row for each month, oldest first.
    """

    def __init__(self, options: Options) -> None:
        self._sums = options.listing == "none"
        self._begun = False

    def add(self, commits: Sequence[CommitAuthorship]) -> str:
        """Return the rows of further commits."""
        if self._sums:
            return ""
        lines = [_text([_row(commit)]) if _tells(commit) else _silent(commit) for commit in commits]
        if not self._begun:
            self._begun = True
            lines.insert(0, _text([COLUMNS]))
        return "".join(lines)

    def end(self, _: Authorship, tally: Tally) -> Iterator[str]:
        """Yield what is left."""
        yield _text(_months(tally)) if self._sums else self.add(())


def _row(commit: CommitAuthorship) -> tuple[str, ...]:
    first = commit.evidence[0] if commit.evidence else None
    told = (
        (first.grade, csv_cell(first.signature), first.source, csv_cell(first.field), csv_cell(first.text))
        if first
        else ("", "", "", "", "")
    )
    return (
        commit.sha,
        commit.date,  # written by git
        commit.verdict,
        commit.role or "",
        csv_cell(commit.agent) if commit.agent else "",
        csv_cell(" ".join(commit.agents)) if commit.agents else "",
        commit.certainty,
        "true" if commit.suppressed else "false",
        "true" if commit.merge else "false",
        *told,
        csv_cell(" ".join(dict.fromkeys(h.signature for h in commit.hints))) if commit.hints else "",
        csv_cell(commit.subject),
    )


def _tells(commit: CommitAuthorship) -> bool:
    """Whether a row holds more than identities, dates and a subject."""
    return bool(commit.evidence or commit.hints or commit.role or commit.agent or commit.agents)


def _silent(commit: CommitAuthorship) -> str:
    """The row of a commit without evidence, as most are, in a fraction of the time: only its subject is free text."""
    subject = csv_cell(commit.subject)
    if "," in subject or '"' in subject:
        subject = '"' + subject.replace('"', '""') + '"'
    suppressed, merge = "true" if commit.suppressed else "false", "true" if commit.merge else "false"
    verdict, certainty = commit.verdict.value, commit.certainty
    return f"{commit.sha},{commit.date},{verdict},,,,{certainty},{suppressed},{merge},,,,,,,{subject}\n"


def _months(tally: Tally) -> Iterator[Sequence[str]]:
    agents = sorted(tally.by_agent)
    yield (*MONTH_COLUMNS, *map(csv_cell, agents))
    for month, sums in sorted(tally.by_month.items()):
        numbers = (sums.commits, sums.merges, sums.ai, *(sums.agents[agent] for agent in agents))
        yield (csv_cell(month), *map(str, numbers))


def _text(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
