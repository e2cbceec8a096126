"""The auditor's report on a release in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.reports.escape import Markdown, markdown, markdown_code, md, without_quick_actions
from gate.reports.markdown_blocks import blocks, capital, details, lines, table
from gate.reports.messages import Catalogue
from gate.reports.release_document import document
from gate.reports.release_sections import Code
from gate.reports.sentences import in_language

if TYPE_CHECKING:
    from gate.core.release.model import Released
    from gate.reports.options import Options
    from gate.reports.release_document import Document
    from gate.reports.release_sections import Cell, Section

_MOST = 2_000


def report(released: Released, options: Options) -> str:
    """Return the report. Nothing of it is left out for its size: it is a file, and no comment."""
    say = Catalogue(options.language)
    told = document(released, in_language(released.run, options.language), say, options.language)
    text = blocks(
        md("# {}", markdown(told.title, most=_MOST)),
        md(
            "**{} {}** – {}", Markdown(told.sign), markdown(told.verdict), markdown(told.headline, most=_MOST)
        ),
        md(
            "**{}**: {}",
            Markdown(capital(say("next"))),
            markdown(told.next_step, most=_MOST),
        ),
        table(("", ""), [(markdown(capital(name)), _value(value)) for name, value in told.facts]),
        _reasons(told, say),
        *(_section(one, say) for one in told.sections),
    )
    return without_quick_actions(text) + "\n"


def _reasons(told: Document, say: Catalogue) -> Markdown:
    rows = []
    for one in told.reasons:
        rows.append(
            md("- {} {} ({})", Markdown(one.sign), markdown(one.because, most=_MOST), markdown_code(one.rule))
        )
        if one.to_pass:
            rows.append(md("  - **{}**: {}", Markdown(say("to_pass")), markdown(one.to_pass, most=_MOST)))
    return blocks(md("## {}", markdown(say("rel.sec.decision"))), lines(*rows))


def _section(one: Section, say: Catalogue) -> Markdown:
    title = markdown(one.title) if not one.note else md("{} – {}", markdown(one.title), markdown(one.note))
    parts: list[str] = [markdown(text, most=_MOST) for text in one.paragraphs]
    if one.table is not None:
        body = [tuple(_cell(cell) for cell in row) for row in one.table.rows]
        parts.append(table([markdown(capital(head)) for head in one.table.heads], body))
        if one.table.left:
            parts.append(markdown(say("rel.more", n=f"{one.table.left:,}")))
    if one.items:
        parts.append(lines(*(md("- {}", markdown(item, most=_MOST)) for item in one.items)))
    if one.folded:
        return details(title, blocks(*parts))
    return blocks(md("## {}", title), *parts)


def _cell(cell: Cell) -> Markdown:
    return Markdown("<br>".join(_value(part) for part in cell if part) or " ")


def _value(text: str) -> Markdown:
    return markdown_code(text, most=_MOST) if isinstance(text, Code) else markdown(text, most=_MOST)
