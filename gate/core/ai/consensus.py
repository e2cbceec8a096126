"""Several runs over the same change: who said what how often, and how far they agree."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from gate.core.ai.model import Sighted
from gate.core.change import path_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gate.core.ai.model import AiFinding


def combine(answers: Mapping[int, Sequence[AiFinding]], completed: int) -> list[Sighted]:
    """Return the union of what the runs of one batch found, each with m of k.

    `answers` has the verified findings of each run, also those of runs that failed later; `completed` runs
    ended well. The claim with the highest severity, then confidence, speaks for the others.
    """
    said: dict[tuple[str, str, str], dict[int, AiFinding]] = {}
    for run, findings in answers.items():
        for finding in findings:
            runs = said.setdefault(finding.identity, {})
            if run not in runs or _weight(finding) > _weight(runs[run]):
                runs[run] = finding
    found = []
    for runs in said.values():
        first = max(sorted(runs.items()), key=lambda row: (_weight(row[1]), -row[0]))[1]
        # What only a run that failed later said must not look more certain, nor vanish.
        found.append(Sighted(finding=first, seen=len(runs), runs=max(completed, len(runs))))
    return sorted(found, key=order)


def order(sighted: Sighted) -> tuple[object, ...]:
    """By path and line."""
    f = sighted.finding
    return (path_bytes(f.path), f.line, -f.severity, f.category, f.quote_digest)


def agreement(runs: Sequence[frozenset[tuple[str, str, str]]]) -> float | None:
    """Return the mean pairwise Jaccard index of what the runs found; two empty sets agree. None for one run."""
    if len(runs) < 2:
        return None
    pairs = [1.0 if not a | b else len(a & b) / len(a | b) for a, b in combinations(runs, 2)]
    return round(sum(pairs) / len(pairs), 4)


def _weight(finding: AiFinding) -> tuple[object, ...]:
    return (finding.severity, finding.confidence, -finding.line, finding.message)
