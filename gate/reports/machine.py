"""What formats for other programs share: which findings they list, ids that are unique, and what was not read."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from gate.core.finding import Decision
from gate.core.rules.ai import is_of_models
from gate.core.verdict import Outcome
from gate.reports import order, summary
from gate.reports.messages import Catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gate.core.facts import Run
    from gate.core.finding import Finding
    from gate.core.verdict import RuleResult
    from gate.reports.summary import Missed

_HIDDEN = (Decision.SUPPRESSED, Decision.WAIVED)


def open_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that are neither suppressed nor waived, in the order of reports."""
    return [f for f in order.findings(findings) if f.decision not in _HIDDEN]


def is_remark(finding: Finding) -> bool:
    """Whether only a model says so and the policy makes nothing of it.

    Forges have rules of their own about severities, and must not block by them what the policy only shows.
    """
    return finding.decision is Decision.NOTE and is_of_models(finding)


def hidden(findings: Iterable[Finding]) -> int:
    """Return how many findings are suppressed or waived."""
    return sum(f.decision in _HIDDEN for f in findings)


def incomplete(run: Run) -> list[RuleResult]:
    """Return the reasons why not everything could be judged."""
    return [r for r in run.verdict.reasons if r.outcome is Outcome.INCOMPLETE]


def missed(run: Run) -> Sequence[Missed]:
    """Return the files that nobody read fully; these formats are English in every language."""
    return summary.missed(run, Catalogue("en"))


def with_ids(findings: Iterable[Finding]) -> Iterator[tuple[str, Finding]]:
    """Yield each finding with 32 hexadecimal digits that no other one of these has.

    They are those of its identity, so they survive line shifts; a repeated one gets digits of its own, because
    forges keep one entry of several with the same id and drop the others silently.
    """
    seen: dict[str, int] = {}
    for finding in findings:
        own = finding.fingerprints.id_v1
        count = seen[own] = seen.get(own, 0) + 1
        yield own if count == 1 else digest(own, str(count)), finding


def digest(*parts: str) -> str:
    """Return 32 hexadecimal digits of some texts."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
