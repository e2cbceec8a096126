"""The sections of the Markdown report. Each returns Markdown without a line break at its end, or nothing.

No line of them starts with text from outside: GitLab takes a line that starts with `/` for a command.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gate.core.authorship.notes import FETCH_NOTES
from gate.core.verdict import Outcome
from gate.reports import ai_parts, order, summary
from gate.reports.authorship_parts import marker_said, request_said
from gate.reports.escape import Markdown, http_url, markdown, markdown_code, md
from gate.reports.files import file_rows
from gate.reports.markdown_blocks import blocks, capital, details, lines, more, some
from gate.reports.markdown_findings import advice, listing
from gate.reports.terminal import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gate.core.authorship import Authorship
    from gate.core.facts import Run
    from gate.core.suppression import Suppression
    from gate.core.verdict import RuleResult
    from gate.reports.markdown import Detail
    from gate.reports.messages import Catalogue
    from gate.reports.options import Options


def headline(run: Run, say: Catalogue, detail: Detail) -> Markdown:
    sign, _ = OUTCOMES[run.verdict.outcome]
    change = run.facts.change
    rows = file_rows(change)
    facts = (
        md(
            "{} → {}",
            markdown_code(change.head[:10]),
            markdown_code(change.target.removeprefix("refs/heads/"), most=100),
        ),
        markdown_code(change.repo, most=100),
        say.count("commits", len(change.commits)),
        say.count("files", len(rows)),
        f"+{sum(row.added for row in rows):,} −{sum(row.removed for row in rows):,}",
    )
    told = markdown(summary.headline(run, say), most=detail.most_text)
    return blocks(
        md("### {} {} – {}", Markdown(sign), markdown(summary.title(run, say), most=200), told),
        md(
            "**{}**: {}",
            Markdown(capital(say("next"))),
            markdown(summary.next_step(run, say), most=min(600, detail.most_text)),
        ),
        " · ".join(fact for fact in facts if fact),
    )


#: Reasons whose evidence and way to pass have a section of their own.
_ELSEWHERE = frozenset({"signoff.required", "finding.new"})


def open_reasons(run: Run, say: Catalogue, detail: Detail) -> Markdown:
    """What keeps the change from passing and has no section of its own, above all what could not be checked."""
    told = [
        line
        for reason in run.verdict.reasons
        if reason.outcome is not Outcome.PASSED and _stands_here(run, reason)
        for line in _reason(reason, say, detail)
    ]
    return blocks(f"#### {say('why')}", lines(*told)) if told else Markdown("")


def all_reasons(run: Run, say: Catalogue, detail: Detail) -> Markdown:
    """The other reasons, folded: those that a section above explains, and what passed."""
    others, passed = [], []
    above = 0
    for reason in run.verdict.reasons:
        if reason.outcome is Outcome.PASSED:
            passed += _reason(reason, say, detail)
        elif _stands_here(run, reason):
            above += 1
        else:
            others += _reason(reason, say, detail)
    title = say("other_reasons" if above else "all_reasons")
    return details(
        f"{title} ({len(run.verdict.reasons) - above:,})",
        lines(*others, *passed[: detail.most_items], more(len(passed), say, most=detail.most_items)),
    )


def _stands_here(run: Run, reason: RuleResult) -> bool:
    if reason.rule == "signoff.required":
        return not run.facts.signoff.areas or reason.outcome is Outcome.INCOMPLETE
    return reason.rule not in _ELSEWHERE


def _reason(reason: RuleResult, say: Catalogue, detail: Detail) -> list[str]:
    sign, _ = OUTCOMES[reason.outcome]
    because = markdown(reason.because, most=detail.most_text)
    told: list[str] = [md("- {} {} {}", Markdown(sign), because, markdown_code(reason.rule))]
    if reason.to_pass and reason.outcome is not Outcome.PASSED:
        to_pass = markdown(reason.to_pass, most=detail.most_text)
        told.append(md("  - **{}** → {}", Markdown(say("to_pass")), to_pass))
    return told


def findings(run: Run, say: Catalogue, options: Options, detail: Detail) -> Markdown:
    facts = run.facts
    fixed = say("findings.fixed", n=f"{len(facts.fixed):,}") if facts.fixed else ""
    counts = (
        say.count("findings", len(facts.findings))
        if facts.findings
        else f"{say('findings')} · {say('findings.none')}",
        summary.severities(facts.findings),
        summary.states(facts.findings),
        fixed,
    )
    ways = [
        md("**{}** → {}", Markdown(capital(say("to_pass"))), markdown(reason.to_pass, most=detail.most_text))
        for reason in run.verdict.reasons
        if reason.rule == "finding.new" and reason.to_pass and reason.outcome is not Outcome.PASSED
    ]
    acted_on, others = listing(run, say, options, detail)
    return blocks(
        f"#### {capital(' · '.join(part for part in counts if part))}",
        acted_on,
        advice(run, say, options, detail),
        lines(*ways),
        others,
    )


def not_scanned(run: Run, say: Catalogue, detail: Detail) -> Markdown:
    """Every file is named, files with one reason together."""
    rows = summary.missed(run, say)
    grouped: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        grouped.setdefault((row.tool, row.reason), []).append(row.path)
    if not rows:
        return Markdown("")
    told = []
    for (tool, reason), paths in list(grouped.items())[: detail.most_items]:
        why = ": ".join(part for part in (tool, reason) if part)
        shown = some([markdown_code(path) for path in paths], say, most=detail.most_items)
        told.append(md("- **{}** ({}): {}", markdown(why, most=detail.most_text), len(paths), shown))
    return blocks(
        f"#### {say('unscanned')} · {say.count('files', len({row.path for row in rows}))}",
        lines(*told, more(len(grouped), say, most=detail.most_items)),
    )


def suppressions(items: Iterable[Suppression], say: Catalogue, detail: Detail) -> Markdown:
    rows = sorted(order.suppressions(items), key=lambda s: (not s.needs_signoff, not s.introduced))
    told = []
    for item in rows[: detail.most_items]:
        rules = say("blanket") if item.blanket else ", ".join(item.rules)
        state = say("waits" if item.needs_signoff else "effective" if item.effective else "ineffective")
        facts = (
            f"{item.kind} {rules}".rstrip(),
            state,
            say("added_here") if item.introduced else "",
            item.owner or "",
            f"≤ {item.expires}" if item.expires else "",
            item.reason if detail.messages else "",
            item.why,
        )
        place = markdown_code(f"{item.path}:{item.line}" if item.line else item.path or "?")
        shown = " · ".join(markdown(fact, most=min(300, detail.most_text)) for fact in facts if fact)
        told.append(md("- {} {}", place, Markdown(shown)))
    added = sum(item.introduced for item in rows)
    note = f" · {added:,} {say('added_here')}" if added else ""
    return details(
        f"{say('suppressions')} ({len(rows):,}){note}",
        lines(*told, more(len(rows), say, most=detail.most_items)),
    )


def authorship(facts: Authorship, say: Catalogue, detail: Detail) -> Markdown:
    parts = [markdown_code(facts.verdict.value)]
    if facts.commits:
        own = [c for c in facts.commits if not c.merge] or list(facts.commits)
        ai = sum(c.verdict.is_ai for c in own)
        share = "" if facts.share_commits is None else f" ({summary.percent(facts.share_commits)})"
        told = say("authorship.commits", ai=f"{ai:,}", all=f"{len(own):,}")
        parts.append(Markdown(told + share))
        if ai and facts.share_lines is not None:
            parts.append(Markdown(say("authorship.lines", share=summary.percent(facts.share_lines))))
    else:
        parts.append(Markdown(say("authorship.none")))
    if facts.agents:
        agents = some([markdown(a, most=60) for a in facts.agents], say, most=min(10, detail.most_items))
        parts.append(Markdown(say("authorship.agents", agents=agents)))
    if said := request_said(facts.evidence, say):
        parts.append(markdown(said, most=detail.most_text))
    if facts.suppressed:
        parts.append(Markdown(say("authorship.suppressed") + _markers(facts, say, detail)))
    unreadable = sorted(name for name, state in facts.sources.items() if state == "unreadable")
    if unreadable:
        parts.append(markdown(say("authorship.unreadable", sources=", ".join(unreadable))))
    parts += [
        markdown(remark, most=detail.most_text) for remark in facts.remarks[: min(3, detail.most_items)]
    ]
    return Markdown(f"**{say('authorship')}**: " + " · ".join(parts))


def _markers(facts: Authorship, say: Catalogue, detail: Detail) -> Markdown:
    told = [markdown(marker_said(m, say), most=detail.most_text) for m in facts.markers]
    return Markdown(f": {some(told, say, most=min(3, detail.most_items))}" if told else "")


def footer(run: Run, say: Catalogue, detail: Detail) -> Markdown:
    """Tools with version, how they ended and what they read; policy and gate version."""
    told = []
    for tool in order.tools(run.facts.tools)[: detail.most_items]:
        head = tool.head
        facts = (
            head.status.value,
            say("tools.files", scanned=f"{len(head.scanned):,}", targets=f"{len(head.targets):,}"),
            head.engine,
            head.reason,
        )
        shown = ", ".join(markdown(fact, most=min(300, detail.most_text)) for fact in facts if fact)
        name = markdown(f"{head.tool} {head.version}".rstrip(), most=80)
        told.append(md("- **{}**: {}", name, Markdown(shown)))
    if not told:
        told.append(Markdown(f"- {say('tools.none')}"))
    policy = f"{run.stamp.policy_source} · {run.facts.policy.mode.value} · gate {run.stamp.version}"
    told.append(md("- **{}**: {}", Markdown(say("policy")), markdown(policy, most=300)))
    notes = (*run.notes, *run.facts.change.notes, *run.facts.policy.warnings)
    told += [
        md("- **{}**: {}", Markdown(say("notes")), markdown(n, most=detail.most_text))
        for n in notes[: detail.most_items]
    ]
    told += [
        Markdown(f"- **{capital(say('authorship'))}**: {hint}")
        for hint in _to_fetch(run.facts.authorship, say)
    ]
    counts = Counter(tool.head.status.value for tool in run.facts.tools)
    states = ", ".join(f"{n} {state}" for state, n in sorted(counts.items()))
    return details(f"{say('tools')} · {states}" if states else say("tools"), lines(*told))


def _to_fetch(facts: Authorship, say: Catalogue) -> Iterator[str]:
    """What a clone lacks that could say more of who wrote this: for who runs the job, not for who reviews."""
    if facts.lacks_notes:
        yield f"{say('authorship.no_notes')}: {markdown_code(FETCH_NOTES)}"
    if facts.fetches:
        commands = ", ".join(markdown_code(command) for command in facts.fetches)
        yield f"{say('authorship.no_requests')}: {commands}"


def ai_review(run: Run, say: Catalogue, detail: Detail) -> Markdown:
    """How the review by a model ended, in the open: one that was not performed must not look like silence."""
    told = ai_parts.line(run.facts, say)
    if not told:
        return Markdown("")
    review = run.facts.ai
    rows = [ai_parts.remedy(review, say), *ai_parts.unreviewed(review, say), *ai_parts.details(review, say)]
    most = detail.most_items + 2
    shown = [f"- {markdown(row, most=min(600, detail.most_text))}" for row in rows if row]
    if len(shown) > most:
        shown[most:] = [f"- {markdown(say('more', n=f'{len(shown) - most:,}'))}"]
    head = md("**{}**: {}", Markdown(say("ai")), markdown(told))
    return Markdown("\n".join([head, "", *shown]) if shown else head)


def last_line(run: Run, say: Catalogue, options: Options) -> Markdown:
    """Verdict and exit code as programs know them, what judged, and the link to the whole report."""
    url = http_url(options.report_url)
    return Markdown(
        " · ".join(
            part
            for part in (
                str(markdown_code(run.verdict.outcome.word)),
                say("exit", code=run.exit_code),
                markdown(f"gate {run.stamp.version}", most=40),
                md("{} {}", Markdown(say("policy")), markdown(run.stamp.policy_source, most=120)),
                md("{} {}", Markdown(say("page.rules")), markdown_code(run.stamp.rulesets_digest[:19])),
                f"[{say('full_report')}]({url})" if url else "",
            )
            if part
        )
    )
