"""The report as a comment and job summary: Markdown that fits a limit without losing what decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.core.verdict import Outcome
from gate.reports.escape import without_quick_actions
from gate.reports.markdown_blocks import blocks
from gate.reports.markdown_parts import (
    ai_review,
    all_reasons,
    authorship,
    findings,
    footer,
    headline,
    last_line,
    not_scanned,
    open_reasons,
    suppressions,
)
from gate.reports.markdown_signoff import near, signoff
from gate.reports.messages import Catalogue
from gate.reports.sentences import in_language

if TYPE_CHECKING:
    from gate.core.facts import Run
    from gate.reports.options import Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What of a report is written out. Each step of STEPS gives up a little more, in this order: snippets,
    messages, rows of low and info findings, then counts by file instead of rows; at last long lists and
    sentences are cut, with a count of what is missing.
    """

    snippets: bool = True
    messages: bool = True
    minor_rows: bool = True
    noted_rows: bool = True
    blocking_rows: bool = True
    most_items: int = 10_000
    most_text: int = 4_000


STEPS = (
    Detail(),
    Detail(snippets=False),
    Detail(snippets=False, messages=False),
    Detail(snippets=False, messages=False, minor_rows=False),
    Detail(snippets=False, messages=False, minor_rows=False, noted_rows=False),
    Detail(snippets=False, messages=False, minor_rows=False, noted_rows=False, blocking_rows=False),
    *(
        Detail(
            snippets=False,
            messages=False,
            minor_rows=False,
            noted_rows=False,
            blocking_rows=False,
            most_items=items,
            most_text=text,
        )
        for items, text in ((200, 1_000), (50, 500), (20, 200), (5, 100), (1, 60))
    ),
)


def report(run: Run, options: Options) -> str:
    """Return the comment, at most `options.max_bytes` of UTF-8, with as much detail as fits.

    What somebody has to do stands open, in the order in which a reader asks: who must do what, what cannot be
    told, who can sign for which lines, what to fix. The rest is folded. Verdict, counts, reasons with their way to pass, areas with evidence and eligible people, approvals that
    do not count, files that were not scanned and the link to the report stay at every step.
    """
    run = in_language(run, options.language)
    text = ""
    for detail in STEPS:
        text = _body(run, options, detail)
        if len(text.encode()) <= options.max_bytes:
            return text
    return _cut(text, options.max_bytes)


def _body(run: Run, options: Options, detail: Detail) -> str:
    say = Catalogue(options.language)
    answers = signoff(run, say, options, detail)
    waits = run.facts.signoff.outcome is not Outcome.PASSED
    sections = (
        headline(run, say, detail),
        open_reasons(run, say, detail),
        answers if waits else "",
        findings(run, say, options, detail),
        "" if waits else answers,
        near(run, say, detail),
        all_reasons(run, say, detail),
        suppressions(run.facts.suppressions, say, detail),
        ai_review(run, say, detail),
        authorship(run.facts.authorship, say, detail),
        not_scanned(run, say, detail),
        footer(run, say, detail),
        last_line(run, say, options),
    )
    return without_quick_actions(blocks(*sections)) + "\n"


_FOLD, _END_OF_FOLD, _MARK = "<details>", "</details>", "…"


def _cut(text: str, most: int) -> str:
    """Return the first lines of a report that is too long even in its shortest form.

    That form has no fences. A fold is opened only as a whole and closed in any case.
    """
    room = most - len(f"\n\n{_MARK}\n\n{_END_OF_FOLD}\n".encode())
    kept: list[str] = []
    is_open = False
    for block in text.rstrip("\n").split("\n\n"):
        size = len(block.encode()) + 2
        if size > room:
            if not block.startswith(_FOLD):
                kept += _first_lines(block, room)
            break
        room -= size
        is_open = block.startswith(_FOLD) or (is_open and block != _END_OF_FOLD)
        kept.append(block)
    return "\n\n".join((*kept, _MARK, *([_END_OF_FOLD] if is_open else ()))) + "\n"


def _first_lines(block: str, room: int) -> list[str]:
    """Return a block of the lines that fit, or none."""
    lines = []
    for line in block.split("\n"):
        room -= len(line.encode()) + 1
        if room < 1:
            break
        lines.append(line)
    return ["\n".join(lines)] if lines else []
