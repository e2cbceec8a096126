"""Who wrote the commits of a range, one row a commit, for spreadsheets and scripts."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from gate.reports.escape import csv_cell

if TYPE_CHECKING:
    from gate.core.authorship import Authorship
    from gate.reports.options import Options

COLUMNS = (
    "sha",
    "verdict",
    "role",
    "agent",
    "agents",
    "certainty",
    "suppressed",
    "grade",
    "signature",
    "source",
    "field",
    "text",
    "subject",
)


def report(facts: Authorship, _: Options) -> str:
    """Return COLUMNS and a row for each commit, newest first, with the first piece of its evidence."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for commit in facts.commits:
        first = commit.evidence[0] if commit.evidence else None
        writer.writerow(
            csv_cell(value)
            for value in (
                commit.sha,
                commit.verdict.value,
                commit.role or "",
                commit.agent or "",
                " ".join(commit.agents),
                commit.certainty,
                "true" if commit.suppressed else "false",
                first.grade if first else "",
                first.signature if first else "",
                first.source if first else "",
                first.field if first else "",
                first.text if first else "",
                commit.subject,
            )
        )
    return out.getvalue()
