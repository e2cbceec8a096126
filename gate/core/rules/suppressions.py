"""Suppressions and waivers: what they hide is never silent, and hiding more needs a human."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.area.scanner_tables import SCANNER_MANIFESTS
from gate.core.change import path_bytes
from gate.core.verdict import Outcome, RuleResult
from gate.core.words import counted, listed, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gate.core.facts import Facts
    from gate.core.suppression import Suppression


#: What a suppression is called where its kind says too little.
_KINDS = {"sarif": "a comment that an imported report honours"}

#: Files by which Bandit and Semgrep are told what to leave out, besides tables in SCANNER_MANIFESTS.
_SETTINGS = frozenset({".bandit", ".semgrepignore"})


def added(facts: Facts) -> Iterator[RuleResult]:
    """A suppression added in this change that hides enough waits for a reviewer of area `gate`."""
    waiting = [s for s in facts.suppressions if s.needs_signoff]
    if not waiting or "gate" in _answered_areas(facts):
        return
    yield RuleResult(
        rule="suppression.added",
        outcome=Outcome.NEEDS_SIGNOFF,
        because=f"This change adds {counted(len(waiting), 'inline suppression')}: {listed(_places(waiting), most=5)}.",
        to_pass="Remove the comment and fix the finding, or a reviewer of the area gate signs off.",
        findings=tuple(sorted({i for s in waiting for i in s.findings})),
    )


def _answered_areas(facts: Facts) -> frozenset[str]:
    """Areas for which the sign-off already passed."""
    if facts.signoff.outcome is Outcome.PASSED and facts.signoff.required:
        return frozenset(facts.signoff.areas)
    return frozenset()


def notes(facts: Facts) -> Iterator[RuleResult]:
    """Count what was hidden, and name what hides nothing."""
    effective = [s for s in facts.suppressions if s.effective and not s.needs_signoff]
    useless = [s for s in facts.suppressions if not s.effective]
    if effective:
        yield RuleResult(
            rule="suppression.note",
            outcome=Outcome.PASSED,
            because=f"{counted(len(effective), 'suppression')} in effect: {listed(_places(effective), most=5)}.",
            findings=tuple(sorted({i for s in effective for i in s.findings})),
        )
    if useless:
        yield RuleResult(
            rule="suppression.note",
            outcome=Outcome.PASSED,
            because=f"{counted(len(useless), 'suppression')} without effect: "
            f"{listed([f'{p} ({s.why})' for p, s in zip(_places(useless), useless, strict=True)], most=5)}.",
        )


def ignored(facts: Facts) -> Iterator[RuleResult]:
    """Say that settings of scanners in the change do nothing here, and where such wishes belong."""
    paths = sorted(
        {
            t.path
            for t in facts.touches
            if t.rule == "L0.scanner" and t.side == "new" and _is_settings(t.path)
        },
        key=path_bytes,
    )
    if paths:
        yield RuleResult(
            rule="suppression.ignored",
            outcome=Outcome.PASSED,
            because=f"Settings of scanners in this change have no effect on the gate: {listed([shown(p) for p in paths], most=5)}. What "
            "should not be scanned belongs in scanners.exclude of the policy, and a finding that is accepted in "
            f"{facts.policy.waivers}, both on the target branch.",
        )


def _is_settings(path: str) -> bool:
    name = path.rpartition("/")[2].casefold()
    return name in _SETTINGS or name in SCANNER_MANIFESTS


def _places(suppressions: Iterable[Suppression]) -> list[str]:
    return [
        f"{_KINDS.get(s.kind, s.kind)} at {shown(s.path)}:{s.line}"
        if s.line
        else f"{s.kind} for {shown(s.path) or '?'}"
        for s in suppressions
    ]
