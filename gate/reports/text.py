"""The report for a terminal: the verdict and who must do what first, then why, then everything seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.authorship.notes import FETCH_NOTES
from gate.core.verdict import Outcome
from gate.reports import areas_text, signoff_text, summary
from gate.reports.ai_text import ai_review
from gate.reports.authorship_parts import fetches, request_said, suppression
from gate.reports.escape import MAX_INLINE, terminal
from gate.reports.files import file_rows
from gate.reports.messages import Catalogue
from gate.reports.sentences import in_language
from gate.reports.terminal import OUTCOMES, Page
from gate.reports.text_parts import (
    authorship_line,
    blocking_findings,
    missed_rows,
    noted_findings,
    suppressions,
    tools,
)

if TYPE_CHECKING:
    from gate.core.authorship import Authorship
    from gate.core.change import ChangeSet
    from gate.core.facts import Run
    from gate.core.verdict import RuleResult
    from gate.reports.options import Options


def report(run: Run, options: Options) -> str:
    """Return the run as a page of text, `options.width` columns wide. The last line is verdict, exit code and
    the one thing to do next, so that it stands at the end of a CI log.
    """
    run = in_language(run, options.language)
    page, say = Page(options), Catalogue(options.language)
    _headline(page, run, say)
    _reasons(page, run, say)
    signoff_text.section(page, run, say)
    if run.facts.context:
        areas_text.context(page, run.facts.context, say)
    if options.explain_signoff:
        signoff_text.derivation(page, run, say)
    _findings(page, run, say, options)
    suppressions(page, run.facts.suppressions, say)
    advise = not run.facts.policy.authorship.treat_undeclared_as_ai
    _authorship(page, run.facts.authorship, say, advise=advise)
    missed_rows(page, summary.missed(run, say), say)
    ai_review(page, run, say)
    tools(page, run.facts.tools, say)
    _policy(page, run, say)
    _last_line(page, run, say)
    return page.done()


def _headline(page: Page, run: Run, say: Catalogue) -> None:
    outcome = run.verdict.outcome
    sign, colour = OUTCOMES[outcome]
    lead = f"{sign} {terminal(summary.title(run, say))}  "
    page.text(
        terminal(summary.headline(run, say), most=MAX_INLINE), lead=lead, lead_style=f"bold {colour}", hang=2
    )
    page.text(_change(run.facts.change, say), indent=2, style="dim")


def _change(change: ChangeSet, say: Catalogue) -> str:
    rows = file_rows(change)
    added, removed = sum(row.added for row in rows), sum(row.removed for row in rows)
    parts = (
        terminal(change.repo, most=60),
        f"{change.head[:10]} → {terminal(change.target.removeprefix('refs/heads/'), most=60)}",
        say.count("commits", len(change.commits)),
        say.count("files", len(rows)),
        f"+{added:,} −{removed:,}",
    )
    return " · ".join(part for part in parts if part.strip())


def _reasons(page: Page, run: Run, say: Catalogue) -> None:
    open_reasons = [r for r in run.verdict.reasons if r.outcome is not Outcome.PASSED]
    passed = [r for r in run.verdict.reasons if r.outcome is Outcome.PASSED]
    if open_reasons:
        page.heading(say("why"))
        for reason in open_reasons:
            _open_reason(page, reason, say)
    if passed:
        page.heading(say("passed_rules") if open_reasons else say("why"))
        for reason in passed:
            page.text(terminal(reason.because, most=400), indent=2, lead="✓ ", lead_style="green")


def _open_reason(page: Page, reason: RuleResult, say: Catalogue) -> None:
    sign, colour = OUTCOMES[reason.outcome]
    page.text(terminal(reason.because, most=MAX_INLINE), indent=2, lead=f"{sign} ", lead_style=colour)
    if reason.to_pass:
        page.text(
            terminal(reason.to_pass, most=MAX_INLINE),
            indent=4,
            lead=f"→ {say('to_pass')}: ",
            lead_style="bold",
            hang=6,
        )
    page.text(terminal(reason.rule), indent=4, style="dim")


def _findings(page: Page, run: Run, say: Catalogue, options: Options) -> None:
    found, fixed = run.facts.findings, len(run.facts.fixed)
    parts = [say.count("findings", len(found))] if found else [say("findings.none")]
    parts += [p for p in (summary.severities(found), summary.states(found)) if p]
    if fixed:
        parts.append(say("findings.fixed", n=f"{fixed:,}"))
    page.heading(say("findings"), " · ".join(parts))
    blocking_findings(page, found, say, options)
    noted_findings(page, found, say)


def _authorship(page: Page, facts: Authorship, say: Catalogue, *, advise: bool) -> None:
    page.heading(say("authorship"), authorship_line(facts, say))
    unreadable = sorted(name for name, state in facts.sources.items() if state == "unreadable")
    if said := request_said(facts.evidence, say):
        page.text(terminal(said), indent=2, hang=4)
    suppression(page, facts, say, indent=2, advise=advise)
    if unreadable:
        page.text(terminal(say("authorship.unreadable", sources=", ".join(unreadable))), indent=2)
    for remark in facts.remarks:
        page.text(terminal(remark), indent=2, hang=4, style="dim")
    if facts.lacks_notes:
        page.text(f"{say('authorship.no_notes')}:", indent=2, style="dim")
        page.text(FETCH_NOTES, indent=4, style="dim")
    fetches(page, facts, say, indent=2)


def _policy(page: Page, run: Run, say: Catalogue) -> None:
    stamp, policy = run.stamp, run.facts.policy
    page.text(
        f"{terminal(stamp.policy_source)} · {policy.mode.value} · gate {terminal(stamp.version)}",
        indent=2,
        lead=f"{say('policy')}  ",
        style="dim",
    )
    notes = (*run.notes, *run.facts.change.notes, *policy.warnings)
    if notes:
        page.heading(say("notes"))
        for note in notes:
            page.text(terminal(note), indent=2, hang=4)


def _last_line(page: Page, run: Run, say: Catalogue) -> None:
    sign, colour = OUTCOMES[run.verdict.outcome]
    page.blank()
    lead = f"{sign} {run.verdict.outcome.word} · {say('exit', code=run.exit_code)}"
    step = terminal(f"{say('next')}: {summary.next_step(run, say)}")
    # One line whatever its length: it is the last line of a CI log, where people look first.
    page.long_line(f"{page.style(lead, f'bold {colour}')} · {step}")
