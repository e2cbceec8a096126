"""Which sensitive areas a change touches, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.reports import order
from gate.reports.escape import terminal
from gate.reports.messages import Catalogue
from gate.reports.terminal import Page
from gate.reports.text_parts import evidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gate.core.area import Touch
    from gate.reports.options import Options

#: Evidence lines shown per area; all of them with `verbose`.
MOST_EVIDENCE = 10


def report(touches: Sequence[Touch], options: Options) -> str:
    """Return the areas in alphabetical order with their evidence."""
    page, say = Page(options), Catalogue(options.language)
    areas = order.by_area(touches)
    if not areas:
        page.text(say("areas.none"))
    for area, found in areas.items():
        page.blank()
        page.text(say.count("pieces", len(found)), lead=f"{terminal(area)}  ", lead_style="bold", style="dim")
        evidence(page, found, say, most=len(found) if options.verbose else MOST_EVIDENCE)
    return page.done()
