"""The auditor's report on a release as one HTML page: nothing loaded, no script, fit for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from gate.reports.escape import one_line
from gate.reports.html import file_of, policy_of, template_of
from gate.reports.languages import LANGUAGES
from gate.reports.messages import Catalogue
from gate.reports.release_document import document
from gate.reports.release_sections import Code
from gate.reports.sentences import in_language

if TYPE_CHECKING:
    from gate.core.release.model import Released
    from gate.reports.options import Options
    from gate.reports.release_sections import Cell

_MOST = 4_000


def report(released: Released, options: Options) -> str:
    """Return a page that stands alone. Its policy allows one style, by its hash, and nothing else."""
    say = Catalogue(options.language)
    told = document(released, in_language(released.run, options.language), say, options.language)
    css = file_of("report.css")
    return template_of("release.html.j2").render(
        say=say,
        language=options.language if options.language in LANGUAGES else "en",
        css=Markup(css),  # noqa: S704 - a file of ours, byte for byte as its hash says
        policy=policy_of(css),
        told=told,
        pieces=_pieces,
        version=released.run.stamp.version,
    )


def _pieces(cell: Cell | str) -> list[dict[str, Any]]:
    """Return the lines of a cell as the template prints them."""
    parts = (cell,) if isinstance(cell, str) else cell
    return [
        {"code": isinstance(part, Code), "text": one_line(str(part), most=_MOST)} for part in parts if part
    ]
