"""The report on a release for a terminal: the verdict first, what is open and who can close it, then the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gate.core.release.model import State
from gate.core.verdict import Outcome
from gate.reports import release_parts as parts
from gate.reports import summary
from gate.reports.escape import MAX_INLINE, terminal
from gate.reports.messages import Catalogue
from gate.reports.options import Options
from gate.reports.release_document import next_step
from gate.reports.sentences import in_language
from gate.reports.terminal import OUTCOMES, Page
from gate.reports.text_parts import blocking_findings, noted_findings, tools

if TYPE_CHECKING:
    from gate.core.facts import Run
    from gate.core.release.model import Release, Released, Step

#: Steps of one kind that are shown; a terminal is no archive.
MOST_STEPS = 40


def report(released: Released, options: Options) -> str:
    """Return the release as a page of text. The last line is verdict, exit code and the one thing to do next."""
    run, release = in_language(released.run, options.language), released.release
    page, say = Page(options), Catalogue(options.language)
    _headline(page, released, run, say)
    _reasons(page, run, say)
    _steps(page, say, parts.open_steps(release), "rel.sec.open")
    _steps(page, say, parts.required(release), "rel.sec.answered")
    _ai(page, release, say)
    _accepted(page, released, say)
    _steps(page, say, [s for s in release.in_state(State.CANCELLED) if s.unit.rows], "rel.sec.cancelled")
    _findings(page, run, say, options)
    tools(page, run.facts.tools, say)
    _rest(page, released, run, say)
    _last_line(page, released, run, say)
    return page.done()


def before_signing(released: Released, **options: Any) -> str:
    """Return what somebody who signs a release has to read first: each step that nobody answers for."""
    settings = Options(**options)
    page, say = Page(settings), Catalogue(settings.language)
    release = released.release
    page.heading(say("rel.title", tag=terminal(release.tag.shown), repo=terminal(release.repo)))
    _steps(page, say, parts.open_steps(release), "rel.sec.open")
    _ai(page, release, say)
    return page.done() + "\n"


def _headline(page: Page, released: Released, run: Run, say: Catalogue) -> None:
    release, outcome = released.release, run.verdict.outcome
    sign, colour = OUTCOMES[outcome]
    page.text(
        terminal(parts.headline(released, say)),
        lead=f"{sign} {say(outcome.word)}  ",
        lead_style=f"bold {colour}",
        hang=2,
    )
    found = parts.counts(release)
    told = (
        terminal(release.repo, most=60),
        f"{terminal(release.previous.shown, most=60)}..{terminal(release.tag.shown, most=60)}",
        say.count("steps", found["steps"]),
        say.count("commits", found["commits"]),
        say.count("files", len(run.facts.change.files)),
    )
    page.text(" · ".join(told), indent=2, style="dim")


def _reasons(page: Page, run: Run, say: Catalogue) -> None:
    page.heading(say("why"))
    for reason in run.verdict.reasons:
        sign, colour = OUTCOMES[reason.outcome]
        page.text(terminal(reason.because, most=MAX_INLINE), indent=2, lead=f"{sign} ", lead_style=colour)
        if reason.to_pass and reason.outcome is not Outcome.PASSED:
            page.text(
                terminal(reason.to_pass, most=MAX_INLINE),
                indent=4,
                lead=f"→ {say('to_pass')}: ",
                lead_style="bold",
                hang=6,
            )


def _steps(page: Page, say: Catalogue, steps: list[Step] | tuple[Step, ...], title: str) -> None:
    if not steps:
        return
    page.heading(say(title), say.count("steps", len(steps)))
    for step in steps[:MOST_STEPS]:
        row = parts.row(step, say)
        lead = f"{'✗' if step.state is State.UNCOVERED else '·' if step.state is State.CANCELLED else '✓'} {row.sha}  "
        page.text(terminal(row.subject, most=120), indent=2, lead=lead, lead_style="bold")
        who = row.authors + (f" ({say('rel.by_ai', agents=row.agents)})" if row.agents else "")
        page.text(terminal(f"{row.date} · {who}", most=200), indent=6, style="dim")
        for area, places in row.areas:
            page.text(
                terminal(places, most=300),
                indent=6,
                lead=f"{parts.area_name(area, say)}  ",
                lead_style="yellow",
            )
        if row.proof:
            people = f"{row.people} · " if row.people else ""
            page.text(terminal(people + row.proof, most=300), indent=6, lead="✓ ", lead_style="green")
        for line in row.missing:
            page.text(terminal(line, most=400), indent=6, lead="→ ", lead_style="bold", hang=8)
        for line in (*row.refused, *row.remarks):
            page.text(terminal(line, most=400), indent=6, hang=8, style="dim")
    if len(steps) > MOST_STEPS:
        page.text(say("rel.more", n=f"{len(steps) - MOST_STEPS:,}"), indent=2, style="dim")


def _ai(page: Page, release: Release, say: Catalogue) -> None:
    found = list(parts.ai_commits(release))
    page.heading(say("rel.sec.ai"))
    if not found:
        page.text(say("rel.no_ai"), indent=2)
        return
    every = parts.counts(release)["commits"]
    page.text(say("rel.ai_share", ai=f"{len(found):,}", all=say.count("commits", every)), indent=2)
    for one in found[:MOST_STEPS]:
        page.text(
            terminal(f"{one.commit.subject[:100]} · {', '.join(one.agents)} · {one.evidence}", most=300),
            indent=2,
            lead=f"{one.commit.sha[:12]}  ",
            lead_style="dim" if one.step.state is not State.UNCOVERED else "yellow",
        )
    if len(found) > MOST_STEPS:
        page.text(say("rel.more", n=f"{len(found) - MOST_STEPS:,}"), indent=2, style="dim")


def _accepted(page: Page, released: Released, say: Catalogue) -> None:
    waivers = parts.waivers(released)
    if waivers:
        page.heading(say("rel.sec.waived"))
        for one in waivers:
            what = one.path or (one.findings[0] if one.findings else "?")
            told = f"{one.owner or '?'} · ≤ {one.expires} · {one.why}" + (
                f" · {one.reason}" if one.reason else ""
            )
            page.text(
                terminal(told, most=400), indent=2, lead=f"{terminal(what, most=80)}  ", lead_style="bold"
            )
    used = list(parts.overrides(released.release))
    if used:
        page.heading(say("rel.sec.overrides"))
        for step, by, until, reason in used:
            page.text(
                terminal(f"{by} · ≤ {until} · {reason}", most=400),
                indent=2,
                lead=f"{step.unit.sha[:12]}  ",
                lead_style="bold",
            )


def _findings(page: Page, run: Run, say: Catalogue, options: Options) -> None:
    found = run.facts.findings
    told = [say.count("findings", len(found)) if found else say("findings.none")]
    told += [part for part in (summary.severities(found), summary.states(found)) if part]
    page.heading(say("findings"), " · ".join(told))
    blocking_findings(page, found, say, options)
    noted_findings(page, found, say)


def _rest(page: Page, released: Released, run: Run, say: Catalogue) -> None:
    release, stamp = released.release, run.stamp
    page.text(
        f"{terminal(stamp.policy_source)} · {run.facts.policy.mode.value} · gate {terminal(stamp.version)}",
        indent=2,
        lead=f"{say('policy')}  ",
        style="dim",
    )
    told = terminal(release.store, most=200) if release.store else say("rel.no_store")
    page.text(told, indent=2, lead=f"{say('rel.store')}  ", style="dim")
    page.text(terminal(parts.tag_line(release, say)), indent=2, lead=f"{say('rel.tag')}  ", style="dim")
    notes = (*release.notes, *run.notes, *run.facts.change.notes, *run.facts.policy.warnings)
    if notes:
        page.heading(say("notes"))
        for note in dict.fromkeys(notes):
            page.text(terminal(note), indent=2, hang=4)


def _last_line(page: Page, released: Released, run: Run, say: Catalogue) -> None:
    sign, colour = OUTCOMES[run.verdict.outcome]
    page.blank()
    lead = f"{sign} {run.verdict.outcome.word} · {say('exit', code=run.exit_code)}"
    page.long_line(
        f"{page.style(lead, f'bold {colour}')} · {say('next')}: {terminal(next_step(released, say))}"
    )
