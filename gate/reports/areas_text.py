"""Which sensitive areas a change touches, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.words import shown as shown_path
from gate.reports import order
from gate.reports.escape import terminal
from gate.reports.messages import Catalogue
from gate.reports.order import path_key
from gate.reports.terminal import Page
from gate.reports.text_parts import evidence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gate.core.area import Context, Touched
    from gate.reports.options import Options

#: Evidence lines shown per area; all of them with `verbose`.
MOST_EVIDENCE = 10
#: Files shown per reason that need no sign-off.
MOST_CONTEXT = 5
_REASONS = {
    "test": "areas.context.test",
    "documentation": "areas.context.documentation",
    "format": "areas.context.format",
    "rename": "areas.context.rename",
    "translation": "areas.context.translation",
    "generated": "areas.context.generated",
}


def report(touched: Touched, options: Options) -> str:
    """Return the areas in alphabetical order with their evidence, then what came near one and asks for nobody."""
    page, say = Page(options), Catalogue(options.language)
    areas = order.by_area(touched.touches)
    if not areas:
        page.text(say("areas.none"))
    for area, found in areas.items():
        page.blank()
        page.text(say.count("pieces", len(found)), lead=f"{terminal(area)}  ", lead_style="bold", style="dim")
        evidence(page, found, say, most=len(found) if options.verbose else MOST_EVIDENCE)
    if touched.context:
        context(page, touched.context, say, most=None if options.verbose else MOST_CONTEXT)
    return page.done()


def context(page: Page, rows: Iterable[Context], say: Catalogue, *, most: int | None = MOST_CONTEXT) -> None:
    """Show per reason the files that come near an area and need no sign-off, at most `most` of each."""
    page.blank()
    page.text(say("areas.context"), style="dim")
    for reason, paths in near(rows, say):
        shown = paths[:most]
        more = f" {say('more', n=f'{len(paths) - len(shown):,}')}" if len(paths) > len(shown) else ""
        told = ", ".join(terminal(shown_path(path)) for path in shown)
        page.text(f"{told}{more}", indent=2, lead=f"{reason}: ", hang=4, style="dim")


def near(rows: Iterable[Context], say: Catalogue) -> list[tuple[str, list[str]]]:
    """Return each reason why files need no sign-off, in words, with their paths."""
    by_reason: dict[str, set[str]] = {}
    for row in rows:
        by_reason.setdefault(row.reason, set()).add(row.touch.path)
    return [
        (say(_REASONS[reason]), sorted(paths, key=path_key)) for reason, paths in sorted(by_reason.items())
    ]
