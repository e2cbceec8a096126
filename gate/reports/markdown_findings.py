"""Findings in the Markdown report: tables, then source and advice of those that need someone to act."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gate.core.finding import Decision, Severity
from gate.reports import links, order, summary
from gate.reports.escape import Markdown, markdown, markdown_block, markdown_code, md
from gate.reports.hints import hint
from gate.reports.markdown_blocks import blocks, capital, details, lines, some, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gate.core.facts import Run
    from gate.core.finding import Finding
    from gate.reports.markdown import Detail
    from gate.reports.messages import Catalogue
    from gate.reports.options import Options

#: The same finding more often than this is one row.
MOST_ROWS_ALIKE = 5
MOST_PLACES = 3
#: Findings whose source is shown.
MOST_ADVICE = 20
#: Of these, how many stand open.
MOST_OPEN = 3

_SECTIONS = (
    ("blocking", (Decision.BLOCK,)),
    ("waiting", (Decision.SIGNOFF,)),
    ("noted", (Decision.NOTE,)),
    ("hidden", (Decision.SUPPRESSED, Decision.WAIVED)),
)
_ACTED_ON = (Decision.BLOCK, Decision.SIGNOFF)


def listing(run: Run, say: Catalogue, options: Options, detail: Detail) -> tuple[Markdown, Markdown]:
    """Return a table for each decision that somebody must act on, and those of the others, folded."""
    found = run.facts.findings
    acted: list[str] = []
    parts: list[str] = []
    omitted = 0
    for key, decisions in _SECTIONS:
        chosen = summary.with_decision(found, *decisions)
        acted_on = decisions[0] in _ACTED_ON
        in_rows = detail.blocking_rows if acted_on else detail.noted_rows
        shown = chosen if detail.minor_rows or acted_on else [f for f in chosen if f.severity > Severity.LOW]
        if not chosen:
            continue
        body = _rows(run, shown, say, options) if in_rows else _by_file(chosen, say, detail)
        omitted += len(chosen) - len(shown) if in_rows else len(chosen)
        title = f"{say(key)} ({len(chosen):,})"
        if acted_on:
            acted.append(blocks(f"**{title}**", body))
        else:
            parts.append(details(title, body))
    if omitted:
        parts.append(say("omitted", n=f"{omitted:,}"))
    return blocks(*acted), blocks(*parts)


def _place(run: Run, finding: Finding, options: Options) -> Markdown:
    url = links.line_url(run.facts.change, options, finding.path, finding.range.start_line)
    return links.linked(summary.place(finding), url)


def _rows(run: Run, found: Sequence[Finding], say: Catalogue, options: Options) -> Markdown:
    rows = []
    for group in summary.grouped(found):
        one = group[0]
        what = md(
            "{} {}", markdown(one.title or one.family, most=300), markdown_code(one.family, most=100)
        ).rstrip(" ")
        if len(group) <= MOST_ROWS_ALIKE:
            rows += [(_severity(one), one.state.value, what, _place(run, f, options)) for f in group]
        else:
            places = some([_place(run, f, options) for f in group], say, most=MOST_PLACES)
            rows.append((_severity(one), one.state.value, f"{what} ×{len(group):,}", places))
    return table((say("severity"), say("state"), say("what"), say("where")), rows)


def _severity(finding: Finding) -> str:
    word = finding.severity.word
    return f"**{word}**" if finding.severity >= Severity.HIGH else word


def _by_file(found: Iterable[Finding], say: Catalogue, detail: Detail) -> Markdown:
    counts = Counter(f.path for f in found)
    paths = order.paths(counts)
    rows = [(markdown_code(path) or "–", f"{counts[path]:,}") for path in paths[: detail.most_items]]
    rest = sum(counts[path] for path in paths[detail.most_items :])
    more = say("more", n=f"{rest:,}") if rest else ""
    return blocks(table((say("file"), say("findings")), rows), more)


def advice(run: Run, say: Catalogue, options: Options, detail: Detail) -> Markdown:
    """Return message, source and the usual fix of the findings that block or wait: the worst open, others folded."""
    if not detail.messages:
        return Markdown("")
    chosen = summary.with_decision(run.facts.findings, *_ACTED_ON)[:MOST_ADVICE]
    told = [_advice(run, finding, say, options, detail) for finding in chosen]
    return blocks(
        *told[:MOST_OPEN], details(f"{say('advice')} ({len(told) - MOST_OPEN:,})", blocks(*told[MOST_OPEN:]))
    )


def _advice(run: Run, finding: Finding, say: Catalogue, options: Options, detail: Detail) -> Markdown:
    title = markdown(finding.title or finding.family, most=300)
    cwe = " ".join(f"CWE-{number}" for number in sorted(finding.cwe))
    usual = hint(finding.family, options.language)
    witnesses = dict.fromkeys(f"{w.tool} {w.rule_id}" for w in order.witnesses(finding.witnesses))
    seen = some([markdown_code(w, most=150) for w in witnesses], say, most=5)
    command = markdown_code(f"gate explain {finding.id.rpartition(':')[2][:8]}")
    source = ""
    if detail.snippets and finding.snippet:
        source = markdown_block(
            finding.snippet, first=finding.snippet_start or 1, marked=finding.range.start_line
        )
    return blocks(
        md("**{}** · {} · {}", title, _place(run, finding, options), cwe).removesuffix(" · "),
        source,
        lines(
            f"- **{capital(say('fix'))}**: {markdown(usual)}" if usual else "",
            f"- {markdown(told, most=600)}" if (told := summary.message(finding)) else "",
            f"- **{capital(say('seen'))}**: {seen} · {command}",
        ),
    )
