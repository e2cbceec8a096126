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
    from collections.abc import Sequence

    from gate.core.area import Context, Touch, Touched
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
    _context(page, touched.context, say, verbose=options.verbose)
    return page.done()


def _context(page: Page, context: Sequence[Context], say: Catalogue, *, verbose: bool) -> None:
    """Show why lines and files of sensitive code need no sign-off."""
    if not context:
        return
    page.blank()
    page.text(say("areas.context"), style="dim")
    by_reason: dict[str, list[Touch]] = {}
    for one in context:
        by_reason.setdefault(one.reason, []).append(one.touch)
    for reason, touches in sorted(by_reason.items()):
        paths = sorted({touch.path for touch in touches}, key=path_key)
        shown = paths if verbose else paths[:MOST_CONTEXT]
        more = f" {say('more', n=f'{len(paths) - len(shown):,}')}" if len(paths) > len(shown) else ""
        told = ", ".join(terminal(shown_path(path)) for path in shown)
        page.text(f"{told}{more}", indent=2, lead=f"{say(_REASONS[reason])}: ", hang=4, style="dim")
