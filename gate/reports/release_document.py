"""The auditor's report on a release as a plain document, which formats lay out: the same sections in each.

Texts in it are hostile still; a format escapes whatever it prints.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.core.release.rules import sign_command
from gate.core.verdict import Outcome
from gate.reports import release_parts as parts
from gate.reports.release_sections import Code, Section, sections
from gate.reports.terminal import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gate.core.facts import Run
    from gate.core.release.model import Released
    from gate.reports.messages import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why the verdict is as it is."""

    outcome: Outcome
    sign: str
    because: str
    to_pass: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The whole report. `facts` are names and values, `reasons` worst first."""

    title: str
    outcome: Outcome
    sign: str
    verdict: str
    headline: str
    next_step: str
    exit_code: int
    facts: tuple[tuple[str, str], ...]
    reasons: tuple[Reason, ...]
    sections: tuple[Section, ...]


def document(released: Released, run: Run, say: Catalogue, language: str) -> Document:
    """Return the report on a release; `run` is that of `released` with its reasons in the reader's language."""
    release = released.release
    return Document(
        title=say("rel.title", tag=release.tag.shown, repo=release.repo),
        outcome=run.verdict.outcome,
        sign=OUTCOMES[run.verdict.outcome][0],
        verdict=say(run.verdict.outcome.word),
        headline=parts.headline(released, say),
        next_step=next_step(released, say),
        exit_code=run.exit_code,
        facts=tuple(_facts(released, run, say)),
        reasons=tuple(
            Reason(
                outcome=one.outcome,
                sign=OUTCOMES[one.outcome][0],
                because=one.because,
                to_pass="" if one.outcome is Outcome.PASSED else one.to_pass,
                rule=one.rule,
            )
            for one in run.verdict.reasons
        ),
        sections=tuple(sections(released, run, say, language)),
    )


def next_step(released: Released, say: Catalogue) -> str:
    """Return the one thing to do next."""
    outcome, release = released.run.verdict.outcome, released.release
    if outcome in (Outcome.PASSED, Outcome.SKIPPED):
        return say("rel.next.passed", tag=release.tag.shown)
    if outcome is Outcome.NEEDS_SIGNOFF and parts.open_steps(release):
        return say("rel.next.sign", command=sign_command(release))
    return say("rel.next.reasons")


def _facts(released: Released, run: Run, say: Catalogue) -> Iterator[tuple[str, str]]:
    release, stamp, found = released.release, run.stamp, parts.counts(released.release)
    before, tag = release.previous, release.tag
    yield say("rel.release"), Code(f"{tag.ref} = {tag.commit}")
    yield say("rel.tag"), parts.tag_line(release, say)
    yield (
        say("rel.baseline" if release.first else "rel.previous"),
        Code(f"{before.ref} = {before.commit}" if before.name else before.commit),
    )
    sizes = (
        say.count("steps", found["steps"]),
        say.count("commits", found["commits"]),
        say.count("files", len(run.facts.change.files)),
    )
    yield say("rel.size"), " · ".join(sizes)
    yield say("rel.digest"), Code(release.change_digest)
    yield say("rel.policy"), f"{stamp.policy_source} · {run.facts.policy.mode.value} · {stamp.policy_digest}"
    yield (
        say("rel.store"),
        " · ".join((release.store, *release.store_ends[:3])) if release.store else say("rel.no_store"),
    )
    yield say("rel.judged_at"), run.facts.now
    yield say("rel.judged_by"), f"gate {stamp.version} · {stamp.rulesets_digest}"
