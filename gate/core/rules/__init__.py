"""The decision: every rule judges the same facts, the worst outcome is the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.rules import ai, authorship, change, findings, scan, signoff, suppressions
from gate.core.verdict import Verdict, combine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gate.core.facts import Facts
    from gate.core.verdict import RuleResult

#: Every rule kind. A rule yields what it has to say about the facts; the order here has no effect.
RULES: tuple[Callable[[Facts], Iterator[RuleResult]], ...] = (
    change.empty,
    authorship.required,
    authorship.suppressed,
    scan.required,
    scan.coverage,
    scan.base,
    scan.limit,
    findings.new,
    findings.notes,
    suppressions.added,
    suppressions.notes,
    suppressions.ignored,
    signoff.signoff,
    ai.review,
    ai.findings,
)

#: What each rule asks, for `gate explain` and `gate rules`.
SUMMARIES = {
    "change.empty": "The head brings no commit and no file that the base does not have.",
    "authorship.suppressed": "The repository switches off what coding agents leave in commits.",
    "authorship.source": "A source of authorship that the policy requires is not in this clone, or unreadable.",
    "scan.required": "A required scanner failed, was skipped or is missing.",
    "scan.coverage": "A changed file was not fully read by a required scanner.",
    "scan.base": "The base could not be scanned, so new and existing findings cannot be told apart.",
    "finding.limit": "One tool reported more than 10,000 findings.",
    "finding.new": "A new finding at or above the policy's level.",
    "finding.note": "A finding that the policy does not act on.",
    "suppression.added": "This change hides a finding with an inline comment; a human must agree.",
    "suppression.note": "Suppressions and waivers that had an effect, or had none.",
    "suppression.ignored": "Settings of scanners in the change, which have no effect.",
    "ai.review": "How the review by a model ended, where the policy asks for one.",
    "ai.finding": "A model named places, and the policy makes that block.",
    "ai.note": "What a model named, for people to judge.",
    "signoff.required": "A sensitive area was changed; an independent human must answer for it.",
    # Of a release besides; see gate.core.release.rules.
    "release.coverage": "A step of a release is sensitive or by an AI; somebody who did not write it must answer for it.",
    "release.tag": "A tag names itself otherwise, names no commit, or is not where people signed it.",
    "release.baseline": "Where the first release begins; nobody looked at what is before.",
    "release.evidence": "Recorded verdicts were removed, altered or cannot be read.",
    "release.forge": "The forge was asked for merged requests and did not answer.",
    "release.import": "A report of another scanner is missing, of another commit, or too old.",
    "release.objection": "A reviewer signed against the release.",
    "release.override": "A break-glass statement stands in place of a sign-off, until its end.",
    "release.waiver": "What was accepted for a time is still in the release after that time.",
    "release.cancelled": "What was changed and taken back inside of the release.",
}


def decide(facts: Facts) -> Verdict:
    """Return the verdict on `facts` with every reason. Pure: equal facts give an equal verdict."""
    return combine(result for rule in RULES for result in rule(facts))
