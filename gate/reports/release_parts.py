"""What every report on a release says about it, as rows; still hostile text, which each format escapes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.core.policy import AI_WRITTEN
from gate.core.release.model import State
from gate.core.verdict import Outcome
from gate.reports.sentences import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gate.core.change import Commit
    from gate.core.release.model import Release, Released, Step, Unit
    from gate.core.suppression import Suppression
    from gate.reports.messages import Catalogue

#: Places that one row names.
MOST_PLACES = 3
#: Identities that one row names.
MOST_NAMES = 4
#: Rows of a table; a page of more is filed by nobody. The JSON report has all.
MOST_ROWS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A step for people. `proof` is empty where nobody answers."""

    sha: str
    date: str
    subject: str
    brings: int
    authors: str
    agents: str
    areas: tuple[tuple[str, str], ...]
    people: str
    proof: str
    record: str
    state: State
    refused: tuple[str, ...]
    missing: tuple[str, ...]
    remarks: tuple[str, ...]


def row(step: Step, say: Catalogue) -> Row:
    """Return one step as a row."""
    unit, proof = step.unit, step.proof
    return Row(
        sha=unit.sha[:12],
        date=unit.own.committer_date[:10],
        subject=_subject(unit),
        brings=len(unit.commits),
        authors=say.listed(_names(unit.commits), most=MOST_NAMES),
        agents=say.listed(step.agents, most=MOST_NAMES),
        areas=tuple(
            (area, say.listed(places, most=MOST_PLACES)) for area, places in sorted(step.areas.items())
        ),
        people=(say.listed(proof.people, most=MOST_NAMES) or say("rel.asked_nobody")) if proof else "",
        proof=_proof(step, say) if proof else "",
        record=proof.id.removeprefix("sha256:")[:12] if proof and proof.kind == "record" else "",
        state=step.state,
        refused=tuple(sentence(line, say.language) for line in step.refused),
        missing=tuple(sentence(line, say.language) for line in step.missing),
        remarks=tuple(sentence(line, say.language) for line in step.remarks),
    )


def _subject(unit: Unit) -> str:
    """What a step is about: a merge says only that it is one, so what it brings is named, too."""
    if not unit.is_merge or len(unit.commits) < 2:
        return unit.own.subject
    return f"{unit.own.subject} – {unit.commits[1].subject}"


def _names(commits: Sequence[Commit]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(commit.author.name or commit.author.email for commit in commits))


def _proof(step: Step, say: Catalogue) -> str:
    proof = step.proof
    if proof is None:
        return ""
    parts = [say(f"rel.by.{proof.kind}")]
    if proof.change:
        parts.append(say("rel.request", number=proof.change))
    if proof.how is not None:
        parts.append(say(f"rel.how.{proof.how.name.lower()}"))
    if proof.kind == "record":
        parts.append(say("rel.record", id=proof.id.removeprefix("sha256:")[:12]))
    elif proof.id:
        parts.append(say("rel.statement", id=proof.id))
    if proof.at:
        parts.append(proof.at)
    return " · ".join(parts)


def required(release: Release) -> tuple[Step, ...]:
    """Return the steps that somebody answers for, or that were overridden, newest first."""
    return release.in_state(State.COVERED, State.OVERRIDDEN)


def by_area(release: Release) -> Iterator[tuple[str, int, int, tuple[str, ...]]]:
    """Yield area, how many steps touch it, how many of them nobody answers for, and who answered."""
    areas: dict[str, list[Step]] = {}
    for step in release.steps:
        if step.required:
            for area in step.areas:
                areas.setdefault(area, []).append(step)
    for area, steps in sorted(areas.items()):
        people = sorted({who for step in steps if step.proof for who in step.proof.people})
        yield area, len(steps), sum(s.state is State.UNCOVERED for s in steps), tuple(people)


@dataclass(frozen=True, slots=True, kw_only=True)
class AiCommit:
    """A commit in which a machine took part: who it was, and the first thing that says so."""

    commit: Commit
    agents: tuple[str, ...]
    evidence: str
    step: Step


def ai_commits(release: Release) -> Iterator[AiCommit]:
    """Yield each commit of the release in which a machine took part.

    Where only the record of a squash knows it, that is said of the squash.
    """
    for step in release.steps:
        known = {entry.sha: entry for entry in step.unit.authorship.commits}
        found = [
            AiCommit(
                commit=commit,
                agents=entry.agents,
                evidence=next((piece.text for piece in entry.evidence), ""),
                step=step,
            )
            for commit in step.unit.commits
            if (entry := known.get(commit.sha)) is not None and entry.verdict.is_ai
        ]
        yield from found
        if step.ai and not found:
            proof = step.proof
            told = proof.id.removeprefix("sha256:")[:19] if proof and proof.kind == "record" else ""
            yield AiCommit(commit=step.unit.own, agents=step.agents, evidence=told, step=step)


def waivers(released: Released) -> tuple[Suppression, ...]:
    """Return the waivers that the release was judged with, those in effect first."""
    found = [one for one in released.run.facts.suppressions if one.kind == "waiver"]
    return tuple(
        sorted(found, key=lambda one: (not one.effective, one.expires or "", one.path, one.findings))
    )


def overrides(release: Release) -> Iterator[tuple[Step, str, str, str]]:
    """Yield each overridden step with who did it, until when it holds, and why."""
    for step in release.in_state(State.OVERRIDDEN):
        if (told := release.override_of(step)) is not None:
            yield step, told.by, told.expires_at, told.reason


def used_records(release: Release) -> tuple[str, ...]:
    """Return the ids of the records that steps rely on, in the order of the steps."""
    ids = (step.proof.id for step in release.steps if step.proof and step.proof.kind == "record")
    return tuple(dict.fromkeys(one for one in ids if one in release.records))


def tag_line(release: Release, say: Catalogue) -> str:
    """Return what kind of tag the release has."""
    tag = release.tag
    if not tag.annotated:
        return say("rel.lightweight")
    who = f" {tag.tagger}" if tag.tagger else ""
    return say("rel.annotated", who=who.strip() or "?") + (f", {say('rel.signed')}" if tag.signed else "")


def counts(release: Release) -> Mapping[str, int]:
    """Return how many steps are in each state, and commits in all."""
    found = {state.value: len(release.in_state(state)) for state in State}
    found["steps"] = len(release.steps)
    found["commits"] = sum(len(step.unit.commits) for step in release.steps)
    found["ai"] = sum(1 for _ in ai_commits(release))
    return found


def area_name(area: str, say: Catalogue) -> str:
    """Return the name of an area for people: its id, but for the one that only says who wrote."""
    return say("rel.ai_area") if area == AI_WRITTEN else area


def headline(released: Released, say: Catalogue) -> str:
    """Return one or two sentences: what is decided, and who must do what."""
    release, run = released.release, released.run
    open_steps = release.in_state(State.UNCOVERED)
    match run.verdict.outcome:
        case Outcome.PASSED | Outcome.SKIPPED:
            overridden = len(release.in_state(State.OVERRIDDEN))
            if overridden:
                return say("rel.passed_overridden", steps=say.count("steps", overridden))
            return say("rel.passed")
        case Outcome.NEEDS_SIGNOFF if open_steps:
            return say("rel.waits", steps=say.count("steps", len(open_steps)))
        case Outcome.NEEDS_SIGNOFF:
            return say("rel.waits_other")
        case Outcome.BLOCKED:
            return say("rel.blocked")
    return say("rel.incomplete")


def open_steps(release: Release) -> tuple[Step, ...]:
    """Return the steps that nobody answers for."""
    return release.in_state(State.UNCOVERED)
