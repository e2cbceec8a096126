"""What the evidence of a release is worth, for people and programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Protocol

from gate.reports.escape import terminal
from gate.reports.evidence import MOST_NAMED, SIGNS, dump
from gate.reports.messages import Catalogue
from gate.reports.options import Options
from gate.reports.terminal import Page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.core.evidence.summary import Summary


class Attested(Protocol):
    """What was found out about the file: who signed, and why it is not to be believed."""

    @property
    def signer(self) -> str: ...
    @property
    def summary(self) -> Summary | None: ...
    @property
    def records(self) -> int: ...
    @property
    def statements(self) -> int: ...
    @property
    def problems(self) -> tuple[str, ...]: ...
    @property
    def remarks(self) -> tuple[str, ...]: ...


def verified(name: str, found: Attested, options: Mapping[str, Any]) -> str:
    """Return every problem, and what the summary says, as `text` or `json`."""
    if name == "json":
        return dump(
            {
                "verified": not found.problems,
                "signer": found.signer,
                "summary": None if found.summary is None else asdict(found.summary),
                "records": found.records,
                "statements": found.statements,
                "problems": list(found.problems),
                "remarks": list(found.remarks),
            }
        )
    settings = Options(**options)
    page, say = Page(settings), Catalogue(settings.language)
    if found.summary is not None:
        _summary(page, say, found.summary)
    for problem in found.problems[:MOST_NAMED]:
        page.text(terminal(problem), lead="✗ ", lead_style="red", hang=2)
    if len(found.problems) > MOST_NAMED:
        more = say("evidence.more", n=len(found.problems) - MOST_NAMED)
        page.text(more, lead="✗ ", lead_style="red", hang=2)
    if found.signer:
        told = say("evidence.release.signed", who=terminal(found.signer))
        page.text(told, lead="✓ ", lead_style="green", hang=2)
    if not found.problems:
        records, statements = (
            say.count("records", found.records),
            say.count("evidence.statements", found.statements),
        )
        rests = (
            say("evidence.release.rests", records=records, statements=statements)
            if found.statements
            else say("evidence.release.rests_on_records", records=records)
        )
        page.text(rests, lead="✓ ", lead_style="green", hang=2)
    for remark in found.remarks:
        page.text(terminal(remark), style="dim", hang=2)
    page.text(say("evidence.bad" if found.problems else "evidence.good"), style="bold")
    return page.done()


def _summary(page: Page, say: Catalogue, summary: Summary) -> None:
    sign, style = SIGNS[summary.verdict]
    head = say(
        "evidence.release", tag=terminal(summary.tag), repo=terminal(summary.repo), verdict=summary.verdict
    )
    page.text(head, lead=f"{sign} ", lead_style=style, hang=2)
    rows = [
        ("commit", summary.commit),
        ("tree", summary.tree),
        ("since", f"{summary.previous} ({summary.previous_commit})"),
        ("at", summary.verified_at),
        ("steps", ", ".join(f"{n} {word}" for word, n in summary.steps.items() if n)),
    ]
    for key, value in rows:
        if value:
            lead = f"{say(f'evidence.release.{key}'):<14}"
            page.text(terminal(value), indent=2, lead=lead, lead_style="dim", hang=16)
    for one in summary.exceptions:
        told = say(
            "evidence.release.excused",
            by=terminal(one.by),
            until=terminal(one.until),
            reason=terminal(one.reason),
        )
        page.text(told, indent=2, lead=f"{one.kind:<14}", lead_style="yellow", hang=16)
    page.blank()
