"""Signed statements for people: what is about to be signed, and what became of those that were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gate.core.verdict import Outcome
from gate.reports import json as json_report
from gate.reports import json_parts, order, signoff_text
from gate.reports.escape import terminal
from gate.reports.messages import Catalogue
from gate.reports.options import Options
from gate.reports.sentences import sentence
from gate.reports.terminal import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gate.core.area import Touch
    from gate.core.change import ChangeSet
    from gate.core.review import Fate, Signoff
    from gate.core.review.statement import Statement

FORMATS = ("text", "json")
#: A signer sees everything, up to what nobody would read.
MOST_SPOTS = 200
MOST_LINES = 120


def render(name: str, signoff: Signoff, **options: Any) -> str:
    """Return the list of statements as `text`, or as `json` with the keys of the report file's `signoff`."""
    if name == "json":
        return json_report.dump({"signoff": json_parts.signoff(signoff)})
    return report(signoff, signoff.statements, options)


def report(signoff: Signoff, fates: Sequence[Fate], options: Mapping[str, Any]) -> str:
    """Return a row for each statement: whether it counts, and why not."""
    settings = Options(**options)
    page, say = Page(settings), Catalogue(settings.language)
    said = {fate: sentence(fate.why, settings.language) for fate in fates}
    for one in sorted(fates):
        sign, style = ("✓", "green") if one.counts else ("✗", "red")
        who = " ".join(terminal(part) for part in (one.reviewer, one.decision) if part)
        told = say("statement.counts") if one.counts else f"{say('not_counted')}: {terminal(said[one])}"
        page.text(
            f"{told} · {terminal(one.id)}",
            lead=f"{sign} {terminal(one.source)}  {who}{'  ' if who else ''}",
            lead_style=style,
            hang=4,
        )
    if not fates and signoff.outcome is not Outcome.INCOMPLETE:
        page.text(say("statement.none" if signoff.areas else "statement.no_area"))
    if signoff.outcome is Outcome.INCOMPLETE:
        for line in signoff.missing:
            page.text(terminal(sentence(line, settings.language)), lead="? ", lead_style="magenta", hang=2)
    for note in signoff.notes:
        page.text(terminal(sentence(note, settings.language)), style="dim", hang=2)
    return page.done()


def before_signing(
    change: ChangeSet, touched: Iterable[Touch], statement: Statement, options: Mapping[str, Any]
) -> str:
    """Return what a person has to read before signing: the sensitive hunks, and what the signature will say."""
    settings = Options(**options)
    page, say = Page(settings), Catalogue(settings.language)
    page.heading(say("areas"))
    for area, touches in order.by_area(touched).items():
        marked = area if area in statement.areas else f"{area} ({say('statement.not_signed')})"
        page.text("", indent=2, lead=terminal(marked), lead_style="bold")
        signoff_text.evidence(page, change, touches, say, most=MOST_SPOTS, most_lines=MOST_LINES)
    page.heading(say("statement.says"))
    rows = (
        ("decision", statement.decision),
        ("reviewer", statement.reviewer),
        ("areas", ", ".join(statement.areas)),
        ("repository", statement.repo),
        ("target", statement.target),
        ("commit", statement.commit),
        ("content", statement.change_digest),
        ("change", statement.change or ""),
        ("expires", statement.expires_at or ""),
        ("statement", statement.text or ""),
    )
    for name, value in rows:
        if value:
            page.text(terminal(value), indent=2, lead=f"{name:<11}", lead_style="dim", hang=13)
    page.blank()
    return page.done() + "\n"
