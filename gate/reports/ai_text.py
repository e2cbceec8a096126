"""The review by a model in the text report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.reports import ai_parts
from gate.reports.escape import terminal

if TYPE_CHECKING:
    from gate.core.facts import Run
    from gate.reports.messages import Catalogue
    from gate.reports.terminal import Page


def ai_review(page: Page, run: Run, say: Catalogue) -> None:
    """Say how the review ended, what to do about it and which files it did not see; nothing if none was asked for."""
    told = ai_parts.line(run.facts, say)
    if not told:
        return
    review = run.facts.ai
    sign, style = ("✓", "green") if review is not None and review.performed else ("?", "yellow")
    page.heading(say("ai"))
    page.text(terminal(told), indent=2, lead=f"{sign} ", lead_style=style, hang=4)
    if remedy := ai_parts.remedy(review, say):
        page.text(terminal(remedy), indent=4, lead="→ ", style="dim", hang=6)
    for line in (*ai_parts.unreviewed(review, say), *ai_parts.details(review, say)):
        page.text(terminal(line, most=300), indent=4, style="dim", hang=6)
