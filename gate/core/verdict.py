"""The outcome of rules, and how outcomes combine into one verdict."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Outcome(IntEnum):
    """What one rule says; ordered, the worst one is the verdict."""

    SKIPPED = 0
    PASSED = 1
    NEEDS_SIGNOFF = 2
    BLOCKED = 3
    INCOMPLETE = 4

    @property
    def word(self) -> str:
        """The word used in reports: passed, needs_signoff, blocked, incomplete."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """What one rule found out about one run.

    `because` says what happened and where, `to_pass` who can do what to make it pass (empty when it
    passes already); both are plain text of one or a few sentences and may quote hostile text.
    `findings` are ids of the findings it speaks of, sorted.
    """

    rule: str
    outcome: Outcome
    because: str
    to_pass: str = ""
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome of a run and every reason for it, worst first, then by rule and text."""

    outcome: Outcome
    reasons: tuple[RuleResult, ...]


def combine(results: Iterable[RuleResult]) -> Verdict:
    """Return the worst outcome of `results` with all reasons that were not skipped.

    Nothing left to judge by is INCOMPLETE, never a pass. The order of `results` has no effect.
    """
    reasons = sorted(
        (r for r in results if r.outcome is not Outcome.SKIPPED),
        key=lambda r: (-r.outcome, r.rule, r.because, r.to_pass, r.findings),
    )
    if not reasons:
        nothing = RuleResult(
            rule="verdict.empty",
            outcome=Outcome.INCOMPLETE,
            because="No rule judged this change.",
            to_pass="Turn at least one scanner or sign-off rule on in the policy.",
        )
        return Verdict(outcome=Outcome.INCOMPLETE, reasons=(nothing,))
    return Verdict(outcome=max(r.outcome for r in reasons), reasons=tuple(reasons))
