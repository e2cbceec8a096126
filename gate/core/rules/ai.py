"""What a review by a model leads to. It may only add: nothing here makes any other reason better."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from gate.core.ai.model import AiPass, AiStatus, Reason, Scope
from gate.core.ai.status import REMEDIES
from gate.core.area.model import GATE, Touch
from gate.core.finding import Decision, State
from gate.core.merge import is_ai
from gate.core.policy import AiEffect
from gate.core.verdict import Outcome, RuleResult
from gate.core.words import counted, listed, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gate.core.ai.model import Sighted
    from gate.core.facts import Facts
    from gate.core.finding import Finding
    from gate.core.policy import Policy

LAYER = "ai"


def is_of_models(finding: Finding) -> bool:
    """Whether no scanner says what a model says here."""
    return bool(finding.witnesses) and all(is_ai(witness.tool) for witness in finding.witnesses)


def acting(review: AiPass | None, findings: Iterable[Finding], policy: Policy) -> tuple[Sighted, ...]:
    """Return the sightings that the policy acts on: stable ones at or above the level.

    What a scanner saw at the base already, or what a waiver accepts, is left to those.
    """
    if review is None or policy.ai.findings is AiEffect.NOTE:
        return ()
    settled = {
        (finding.path, witness.range.start_line, witness.rule_id)
        for finding in findings
        for witness in finding.witnesses
        if is_ai(witness.tool)
        and (
            finding.decision is Decision.WAIVED
            or (not is_of_models(finding) and finding.state in (State.EXISTING, State.MOVED))
        )
    }
    return tuple(
        one
        for one in review.sightings
        if one.stable
        and one.finding.severity >= policy.findings.fail_level
        and (one.finding.scope is Scope.REMOVED or _what(one) not in settled)
    )


def _what(one: Sighted) -> tuple[str, int, str]:
    """Where a model says what: one line can have several flaws, and what is settled of one settles no other."""
    return one.finding.path, one.finding.line, one.finding.rule


def decide_ai(findings: Iterable[Finding], review: AiPass | None, policy: Policy) -> tuple[Finding, ...]:
    """Return `findings` with the decisions on those that models alone report; all others stay as they are."""
    findings = tuple(findings)
    acted = {_what(one) for one in acting(review, findings, policy)}
    effect = Decision(policy.ai.findings.value)
    return tuple(
        replace(finding, decision=effect)
        if finding.decision is Decision.NOTE
        and is_of_models(finding)
        and any((finding.path, w.range.start_line, w.rule_id) in acted for w in finding.witnesses)
        else finding
        for finding in findings
    )


def touches(review: AiPass | None, findings: Sequence[Finding], policy: Policy) -> tuple[Touch, ...]:
    """Return what the review makes wait for a human; nothing while the policy says `note`."""
    if review is None:
        return ()
    found = []
    if policy.ai.findings is not AiEffect.NOTE:
        found += [
            Touch(area=row.area, layer=LAYER, rule="ai.area", path=row.path, line=row.line, side="new")
            for row in review.areas
        ]
    if policy.ai.findings is AiEffect.SIGNOFF:
        found += [
            Touch(
                area=GATE,
                layer=LAYER,
                rule="ai.finding",
                path=one.finding.path,
                line=one.finding.line,
                side="old" if one.finding.scope is Scope.REMOVED else "new",
                text=one.finding.category[:200],
            )
            for one in acting(review, findings, policy)
        ]
    if policy.ai.if_missing is AiEffect.SIGNOFF and _is_missing(review):
        found += [
            Touch(
                area=GATE,
                layer=LAYER,
                rule="ai.review",
                path=row.path,
                line=0,
                side="new",
                text=row.reason.value,
            )
            for row in review.unreviewed
        ]
    return tuple(found)


def _is_missing(review: AiPass) -> bool:
    return not review.performed and review.reason is not Reason.NOTHING_REVIEWABLE


def review(facts: Facts) -> Iterator[RuleResult]:
    """Say that the review was performed, or that a required one was not.

    One that is not required and was not performed is told beside the reasons, never among those that passed.
    """
    policy, done = facts.policy.ai, facts.ai
    if not policy.enabled:
        return
    if done is None:
        if policy.required:
            yield RuleResult(
                rule="ai.review",
                outcome=Outcome.INCOMPLETE,
                because="AI review: not performed. Nothing is known of it.",
                to_pass="Run the check again with the policy of the target branch.",
            )
        return
    if done.performed:
        yield RuleResult(rule="ai.review", outcome=Outcome.PASSED, because=told(done))
    elif policy.required and _is_missing(done):
        yield RuleResult(
            rule="ai.review",
            outcome=Outcome.INCOMPLETE,
            because=told(done),
            to_pass=REMEDIES[done.reason or Reason.CRASHED],
        )


def told(done: AiPass) -> str:
    """Return one or two sentences on how a pass ended. Only a completed one says that it was performed."""
    reason = done.reason.value if done.reason else "crashed"
    if done.status is AiStatus.PARTIAL:
        files = len({row.path for row in done.unreviewed})
        of = f"{files:,} of {counted(max(done.reviewable, files), 'file')} not reviewed, " if files else ""
        return f"AI review: incomplete ({of}{reason})."
    if done.status is not AiStatus.COMPLETED:
        return f"AI review: not performed ({reason})."
    what = counted(len(done.sightings), "verified sighting")
    return (
        f"AI review: performed by {done.engine} over {counted(done.reviewable, 'file')}, {what}. "
        "A model's silence approves nothing."
    )


def findings(facts: Facts) -> Iterator[RuleResult]:
    """What models alone or with others saw, and what the policy makes of it."""
    done, policy = facts.ai, facts.policy
    if done is None or not done.sightings:
        return
    acted = acting(done, facts.findings, policy)
    if acted and policy.ai.findings is AiEffect.BLOCK:
        yield RuleResult(
            rule="ai.finding",
            outcome=Outcome.BLOCKED,
            because=f"{counted(len(acted), 'verified sighting')} of a model at or above "
            f"{policy.findings.fail_level.word}: {listed([_place(one) for one in acted], most=3)}.",
            to_pass="Fix the code. If it is a false alarm: a waiver with owner, reason and expiry in "
            f"{policy.waivers}, merged to the target branch on its own.",
            findings=tuple(
                sorted(f.id for f in facts.findings if is_of_models(f) and f.decision is Decision.BLOCK)
            ),
        )
    rest = len(done.sightings) - (len(acted) if policy.ai.findings is AiEffect.BLOCK else 0)
    if rest:
        levels = Counter(one.finding.severity for one in done.sightings)
        words = ", ".join(f"{n} {level.word}" for level, n in sorted(levels.items(), reverse=True))
        wait = (
            f" {len(acted):,} of them must be judged by a human."
            if acted and policy.ai.findings is AiEffect.SIGNOFF
            else ""
        )
        yield RuleResult(
            rule="ai.note",
            outcome=Outcome.PASSED,
            because=f"A model named {counted(len(done.sightings), 'place')} whose lines exist as quoted ({words})."
            + wait,
            findings=tuple(sorted(f.id for f in facts.findings if is_of_models(f))),
        )


def _place(one: Sighted) -> str:
    finding = one.finding
    return f"{finding.category} at {shown(finding.path)}:{finding.line}"
