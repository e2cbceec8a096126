"""The report as one HTML page: nothing loaded, no script, every text from outside shown and never obeyed."""

from __future__ import annotations

import base64
import functools
import hashlib
import importlib.resources
from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from gate.reports.escape import one_line
from gate.reports.html_parts import page
from gate.reports.languages import LANGUAGES
from gate.reports.messages import Catalogue
from gate.reports.sentences import in_language

if TYPE_CHECKING:
    from jinja2 import Template

    from gate.core.facts import Run
    from gate.reports.options import Options


def report(run: Run, options: Options) -> str:
    """Return a page that stands alone. Its policy allows one style, by its hash, and nothing else.

    Findings can be filtered, folded and printed without a script: also where a server forbids scripts.
    """
    run = in_language(run, options.language)
    say = Catalogue(options.language)
    css = file_of("report.css")
    return template_of("report.html.j2").render(
        say=say,
        language=options.language if options.language in LANGUAGES else "en",
        css=Markup(css),  # noqa: S704 - a file of ours, byte for byte as its hash says
        policy=policy_of(css),
        **page(run, say, options),
    )


def policy_of(css: str) -> str:
    """Return the content security policy of a page with this one style."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@functools.cache
def template_of(name: str) -> Template:
    """Return a template of ours; whatever it prints is escaped and made visible."""
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.from_string(file_of(name))


@functools.cache
def file_of(name: str) -> str:
    """Return a file that stands beside the templates."""
    return (importlib.resources.files("gate.reports") / "templates" / name).read_text("utf-8")


def _shown(value: object) -> object:
    """Whatever a template prints goes through here, so that no text reaches the page as it came.

    Lines of source are of a type of their own: they are made visible already, and their blanks stay.
    """
    return one_line(value) if type(value) is str else value
