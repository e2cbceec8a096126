"""What the merged findings mean for this change."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from gate.core.finding import Decision, Finding, State
from gate.core.policy import FindingsPolicy, Scope
from gate.core.rules.ai import is_of_models
from gate.core.verdict import Outcome, RuleResult
from gate.core.words import counted, listed, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gate.core.facts import Facts


def decide_findings(findings: Iterable[Finding], policy: FindingsPolicy) -> tuple[Finding, ...]:
    """Return `findings` with `decision` filled in where nothing was decided yet.

    A finding that is already suppressed, waived or waiting for sign-off keeps its decision. Of the others,
    one that is new (or whose newness is unknown) and at or above `fail_level` blocks. What models alone
    report is left to the rules for models.
    """
    return tuple(
        f if f.decision is not Decision.NOTE or is_of_models(f) else replace(f, decision=_decision(f, policy))
        for f in findings
    )


def _decision(finding: Finding, policy: FindingsPolicy) -> Decision:
    counts_as_new = finding.state in (State.NEW, State.UNKNOWN) or (
        finding.state is State.MOVED and policy.moved_is_new
    )
    if finding.severity >= policy.fail_level and (counts_as_new or policy.scope is Scope.ALL):
        return Decision.BLOCK
    return Decision.NOTE


def new(facts: Facts) -> Iterator[RuleResult]:
    """New findings at or above the level block."""
    level = facts.policy.findings.fail_level.word
    blocking = [f for f in facts.findings if f.decision is Decision.BLOCK and not is_of_models(f)]
    if not blocking:
        yield RuleResult(
            rule="finding.new",
            outcome=Outcome.PASSED,
            because=f"No {'new ' if facts.policy.findings.scope is Scope.NEW else ''}finding at or above {level}.",
        )
        return
    unknown = sum(f.state is State.UNKNOWN for f in blocking)
    names = [
        f"{f.title} at {shown(f.path)}:{f.range.start_line}" if f.path else f"{f.title} (no place)"
        for f in blocking
    ]
    yield RuleResult(
        rule="finding.new",
        outcome=Outcome.BLOCKED,
        because=f"{counted(len(blocking), 'finding')} at or above {level}: {listed(names, most=3)}."
        + (
            f" Of {unknown} it is unknown whether they are new, because the base could not be read, "
            "or an imported report has none for it."
            if unknown
            else ""
        ),
        to_pass="Fix the code. If it is a false alarm: a waiver with owner, reason and expiry in "
        f"{facts.policy.waivers}, merged to the target branch on its own.",
        findings=tuple(sorted(f.id for f in blocking)),
    )


def notes(facts: Facts) -> Iterator[RuleResult]:
    """Say what was seen and not acted on, so that nothing is silent."""
    noted = [f for f in facts.findings if f.decision is Decision.NOTE and not is_of_models(f)]
    if not noted:
        return
    states = Counter(f.state.value for f in noted)
    told = ", ".join(f"{n} {state}" for state, n in sorted(states.items()))
    yield RuleResult(
        rule="finding.note",
        outcome=Outcome.PASSED,
        because=f"{counted(len(noted), 'finding')} below {facts.policy.findings.fail_level.word} or not new ({told}).",
        findings=tuple(sorted(f.id for f in noted)),
    )
