"""The reasons for a release's verdict, beside those of the scan of its range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.release.model import State
from gate.core.rules import RULES
from gate.core.rules.signoff import signoff
from gate.core.verdict import Outcome, RuleResult, combine
from gate.core.words import counted, listed, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gate.core.facts import Facts
    from gate.core.release.model import Release, Step
    from gate.core.verdict import Verdict

_MOST = 5


def decide_release(facts: Facts, release: Release) -> Verdict:
    """Return the verdict on a release: the scan of its range as that of a change, and who answers for its steps."""
    of_range = (result for rule in RULES if rule is not signoff for result in rule(facts))
    return combine((*of_range, *_waivers(facts), *results(release)))


def _waivers(facts: Facts) -> Iterator[RuleResult]:
    """What was accepted until a day that is over, and is still there at or above the level that blocks."""
    level = facts.policy.findings.fail_level
    severity = {finding.id: finding.severity for finding in facts.findings}
    over = [
        one
        for one in facts.suppressions
        if one.kind == "waiver" and one.expires and one.expires < facts.now[:10]
    ]
    open_ones = [one for one in over if any(severity.get(i, level) >= level for i in one.findings)]
    if open_ones:
        told = [
            f"{shown(one.path) or one.findings[0]} (until {one.expires}, {one.owner})" for one in open_ones
        ]
        yield RuleResult(
            rule="release.waiver",
            outcome=Outcome.BLOCKED,
            because=f"What was accepted for a time is still in the release, and the time is over: {listed(told, most=_MOST)}.",
            to_pass="Fix the findings, or let a reviewer of the area gate agree to a new date in a change of "
            f"{facts.policy.waivers}.",
            findings=tuple(sorted({i for one in open_ones for i in one.findings})),
        )


def results(release: Release) -> Iterator[RuleResult]:
    """Yield what the tags, the store, the imports and the steps of a release say."""
    yield from _tags(release)
    yield from _store(release)
    yield from _forge(release)
    yield from _imports(release)
    yield from _objections(release)
    yield from _steps(release)


def _tags(release: Release) -> Iterator[RuleResult]:
    for tag, what in ((release.tag, "tag"), (release.previous, "previous tag")):
        if tag.problem and tag.commit:
            yield RuleResult(
                rule="release.tag",
                outcome=Outcome.NEEDS_SIGNOFF,
                because=f"The {what} {tag.ref} cannot be believed: {tag.problem}.",
                to_pass=f"Whoever releases makes the tag {tag.name} anew on the commit that is meant: "
                f"`git tag -f -s {tag.name} {tag.commit[:12]}`, and finds out who copied the other one.",
            )
    if release.first:
        yield RuleResult(
            rule="release.baseline",
            outcome=Outcome.PASSED,
            because=f"This is the first release that is judged: everything up to {release.previous.shown} is taken as it is, and "
            "nobody looked at it here.",
        )


def _store(release: Release) -> Iterator[RuleResult]:
    for problem in release.store_problems:
        yield RuleResult(
            rule="release.evidence",
            outcome=Outcome.INCOMPLETE,
            because=f"The recorded evidence in {release.store or 'the store'} cannot be relied on: {problem}",
            to_pass="Restore the store from another copy of it, or find out with `gate evidence verify` which record is wrong "
            "and why; then run again.",
        )


def _forge(release: Release) -> Iterator[RuleResult]:
    for problem in release.forge_problems:
        yield RuleResult(
            rule="release.forge",
            outcome=Outcome.INCOMPLETE,
            because=f"What the forge says of this release could not be read: {problem}",
            to_pass="Run again when the forge answers, or without --forge: then signed statements are what counts.",
        )


def _imports(release: Release) -> Iterator[RuleResult]:
    good = []
    for row in release.imports:
        if not row.problem:
            made = f", made {row.made_at}" if row.made_at else ""
            good.append(f"{row.name} ({row.format}, {row.kind}{made})")
            continue
        yield RuleResult(
            rule="release.import",
            outcome=Outcome.INCOMPLETE if row.required else Outcome.PASSED,
            because=f"The {'required ' if row.required else ''}report of {row.name} cannot speak of this release: {row.problem}",
            to_pass=f"Let the pipeline of the release run {row.name} on this commit and write {row.path}, then run again."
            if row.required
            else "",
        )
    if good:
        yield RuleResult(
            rule="release.import",
            outcome=Outcome.PASSED,
            because=f"Imported for this commit: {listed(good)}.",
        )


def _objections(release: Release) -> Iterator[RuleResult]:
    said = release.statements
    if said is not None and said.outcome is Outcome.BLOCKED:
        yield RuleResult(
            rule="release.objection",
            outcome=Outcome.BLOCKED,
            because=f"{listed(said.objections)} signed against this release.",
            to_pass=" ".join(said.missing),
        )


def _steps(release: Release) -> Iterator[RuleResult]:
    open_steps = release.in_state(State.UNCOVERED)
    if open_steps:
        number = counted(len(open_steps), "step")
        verb = "has" if len(open_steps) == 1 else "have"
        yield RuleResult(
            rule="release.coverage",
            outcome=Outcome.NEEDS_SIGNOFF,
            because=f"{number} of this release that {'is' if len(open_steps) == 1 else 'are'} sensitive or by an AI "
            f"{verb} nobody who answers for {'it' if len(open_steps) == 1 else 'them'}: "
            f"{listed([_told(step) for step in open_steps], most=_MOST)}.",
            to_pass=_to_pass(release, open_steps),
        )
    covered = release.in_state(State.COVERED)
    overridden = release.in_state(State.OVERRIDDEN)
    if covered or not (open_steps or overridden):
        by = [
            f"{count:,} by {words}"
            for kind, words in (
                ("record", "a recorded verdict"),
                ("forge", "the reviews of its merge request"),
                ("statement", "signed statements on it"),
                ("release", "signed statements on the release"),
            )
            if (count := sum(s.proof is not None and s.proof.kind == kind for s in covered))
        ]
        told = f": {listed(by)}" if by else ""
        yield RuleResult(
            rule="release.coverage",
            outcome=Outcome.PASSED,
            because=f"{counted(len(covered), 'sensitive or AI-written step')} answered for{told}."
            if covered
            else "No step of this release is sensitive or by an AI, as far as structure, paths, area rules and what commits declare can tell.",
        )
    for step in overridden:
        proof = step.proof
        until = proof.override.expires_at if proof and proof.override else ""
        yield RuleResult(
            rule="release.override",
            outcome=Outcome.PASSED,
            because=f"OVERRIDDEN: {_told(step)} was not signed off"
            + (f" and holds until {until}. " if until else ". ")
            + " ".join(step.remarks),
        )
    yield from _cancelled(release)


def _cancelled(release: Release) -> Iterator[RuleResult]:
    """A change and what took it back are shown: nobody has to answer for what is not there."""
    gone = [step for step in release.in_state(State.CANCELLED) if step.unit.rows]
    noted = [step for step in gone if step.areas or step.ai]
    if noted:
        yield RuleResult(
            rule="release.cancelled",
            outcome=Outcome.PASSED,
            because=f"Nothing is left in this release of {counted(len(noted), 'step')} that needed an answer, because others took "
            f"it back: {listed([_told(step) for step in noted], most=_MOST)}.",
        )


def _told(step: Step) -> str:
    own = step.unit.own
    areas = ", ".join(sorted(step.areas)) or "no area"
    ai = f", by {listed(step.agents, most=2)}" if step.ai and step.agents else ""
    return f"{step.unit.sha[:12]} “{shown(own.subject)[:80]}” ({areas}{ai})"


def _to_pass(release: Release, steps: tuple[Step, ...]) -> str:
    lines = dict.fromkeys(line for step in steps for line in step.missing)
    return (
        f"{' '.join(list(lines)[:8])} They look at the release and sign it: `{sign_command(release)}`; then `gate release "
        f"{range_of(release)} --signoffs FILE`. {release.store_hint}".rstrip()
    )


def sign_command(release: Release) -> str:
    """Return the command with which somebody signs the release."""
    return f"gate signoff create --release {range_of(release)} --reviewer ID --key FILE"


def range_of(release: Release) -> str:
    """Return the arguments that name this release on a command line."""
    if release.first:
        return f"{release.tag.shown} --baseline {release.previous.shown}"
    return f"{release.previous.shown}..{release.tag.shown}"
