"""Workflow commands of GitHub Actions: the verdict and the worst findings as annotations on the change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.core.finding import Decision, Severity, State
from gate.core.verdict import Outcome
from gate.reports import ai_parts, order, signoff_parts, summary
from gate.reports.escape import one_line, workflow_data, workflow_property
from gate.reports.hints import hint
from gate.reports.markdown_blocks import capital
from gate.reports.messages import Catalogue
from gate.reports.sentences import in_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gate.core.facts import Run
    from gate.core.finding import Finding
    from gate.reports.options import Options

#: GitHub shows ten annotations of a kind in one step and drops the others without a word.
MOST_OF_A_KIND = 10
#: Longer titles and messages are cut by GitHub, in the middle of a word.
MOST_TITLE, MOST_MESSAGE = 200, 2_000

_VERDICTS = {Outcome.SKIPPED: "notice", Outcome.PASSED: "notice", Outcome.NEEDS_SIGNOFF: "warning"}
_KINDS = ("error", "warning", "notice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """One message; without a path it belongs to the whole run."""

    kind: str
    title: str
    message: str
    path: str = ""
    line: int = 0
    end_line: int = 0
    column: int = 0
    end_column: int = 0


def report(run: Run, options: Options) -> str:
    """Return one workflow command a line: the verdict first, then errors, warnings and notices, worst first.

    At most ten of a kind; of more, the tenth says how many there are. Blocking findings are errors, what
    waits for sign-off is a warning, other new findings are notices. Findings from before the change are left to
    the other formats: annotations on code that nobody touched hide those that matter.
    """
    run = in_language(run, options.language)
    say = Catalogue(options.language)
    found = list(_annotations(run, say, options))
    lines = []
    for kind in _KINDS:
        of_kind = [a for a in found if a.kind == kind]
        if len(of_kind) > MOST_OF_A_KIND:
            left = f"{len(of_kind) - MOST_OF_A_KIND + 1:,}"
            more = Annotation(kind=kind, title="ai-merge-gate", message=say("more", n=left))
            of_kind = [*of_kind[: MOST_OF_A_KIND - 1], more]
        lines += [(a is not found[0], command(a)) for a in of_kind]
    return "".join(f"{line}\n" for _, line in sorted(lines, key=lambda row: row[0]))


def command(annotation: Annotation) -> str:
    """Return an annotation as a workflow command; its text cannot begin another one."""
    properties: list[tuple[str, str | int]] = []
    if annotation.path:
        properties.append(("file", workflow_property(annotation.path)))
        if annotation.line > 0:
            properties.append(("line", annotation.line))
            if annotation.end_line > annotation.line:
                properties.append(("endLine", annotation.end_line))
            if annotation.column and annotation.end_line <= annotation.line:
                # GitHub takes columns on one line only.
                properties.append(("col", annotation.column))
                if annotation.end_column > annotation.column:
                    properties.append(("endColumn", annotation.end_column))
    properties.append(("title", workflow_property(one_line(annotation.title, most=MOST_TITLE))))
    listed = ",".join(f"{name}={value}" for name, value in properties)
    return f"::{annotation.kind} {listed}::{workflow_data(one_line(annotation.message, most=MOST_MESSAGE))}"


def _annotations(run: Run, say: Catalogue, options: Options) -> Iterator[Annotation]:
    softened = summary.softened(run)
    kind = "warning" if softened else _VERDICTS.get(run.verdict.outcome, "error")
    next_step = f"{capital(say('next'))}: {summary.next_step(run, say)}"
    yield Annotation(
        kind=kind,
        title=f"ai-merge-gate: {summary.title(run, say)}",
        message=f"{summary.headline(run, say)} {next_step}. "
        f"({run.verdict.outcome.word}, {say('exit', code=run.exit_code)})",
    )
    for reason in run.verdict.reasons:
        if reason.outcome is Outcome.INCOMPLETE:
            yield Annotation(
                kind="error",
                title=f"ai-merge-gate: {reason.rule}",
                message=f"{reason.because} {capital(say('to_pass'))}: {reason.to_pass}"
                if reason.to_pass
                else reason.because,
            )
    yield from _ai(run, say)
    yield from _findings(run.facts.findings, options, softened=softened)
    yield from _areas(run, say)


def _ai(run: Run, say: Catalogue) -> Iterator[Annotation]:
    """How the review by a model ended, if the policy asks for one: never silence about what was not looked at."""
    told = ai_parts.line(run.facts, say)
    if not told:
        return
    review = run.facts.ai
    is_done = review is not None and review.performed
    message = told if is_done else f"{told}. {ai_parts.remedy(review, say)}".rstrip()
    yield Annotation(
        kind="notice" if is_done else "warning",
        title=f"ai-merge-gate: {say('ai')}",
        message=message,
    )


def _findings(findings: Iterable[Finding], options: Options, *, softened: bool) -> Iterator[Annotation]:
    for f in order.findings(findings):
        if f.decision is Decision.BLOCK:
            kind = "warning" if softened else "error"
        elif f.decision is Decision.SIGNOFF:
            kind = "warning"
        elif f.decision is Decision.NOTE and f.state is State.NEW and f.severity > Severity.INFO:
            kind = "notice"
        else:
            continue
        title = f.title or f.family or "finding"
        told = (summary.message(f), hint(f.family, options.language))
        yield Annotation(
            kind=kind,
            title=f"{f.severity.word}: {title}",
            message=" ".join(part for part in told if part) or title,
            path=f.path,
            line=f.range.start_line,
            end_line=f.range.end_line,
            column=f.range.start_column,
            end_column=f.range.end_column,
        )


def _areas(run: Run, say: Catalogue) -> Iterator[Annotation]:
    """One warning an area that waits, at its first line, with the people who can sign."""
    facts = run.facts.signoff
    waiting = summary.unanswered(facts) if facts.required else []
    for area, touches in order.by_area(t for group in facts.areas.values() for t in group).items():
        if area not in waiting:
            continue
        spots, _ = signoff_parts.spots(run.facts.change, touches, most=1, most_lines=1)
        people = ", ".join(facts.eligible.get(area, ())) or say("nobody")
        for spot in spots:
            yield Annotation(
                kind="warning",
                title=f"{say('signoff')}: {area}",
                message=f"{capital(signoff_parts.reasons(spot, say))}. {capital(say('can_sign'))}: {people}",
                path=spot.path,
                line=spot.line,
            )
