"""Report formats: each a function from what was found to text. A format is one file and one line here."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Protocol, TypedDict, Unpack, cast

from gate.errors import UsageError
from gate.reports.options import Compared, Options, Scan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from gate.core.area import Context, Touch
    from gate.core.authorship import Authorship, CommitAuthorship
    from gate.core.authorship.tally import Tally
    from gate.core.facts import Run

__all__ = [
    "AREAS",
    "AUTHORSHIP",
    "FORMATS",
    "SCAN",
    "AuthorshipWriter",
    "Compared",
    "Options",
    "Scan",
    "authorship_writer",
    "render",
    "render_areas",
    "render_authorship",
    "render_scan",
]

#: Formats of a run (`gate check`): name → function `(Run, Options) -> str`.
FORMATS: Mapping[str, str] = {
    "text": "gate.reports.text:report",
    "json": "gate.reports.json:report",
    "sarif": "gate.reports.sarif:report",
    "markdown": "gate.reports.markdown:report",
    "html": "gate.reports.html:report",
    "gitlab-sast": "gate.reports.gitlab_sast:report",
    "codequality": "gate.reports.codequality:report",
    "junit": "gate.reports.junit:report",
    "github": "gate.reports.github:report",
}
#: Formats of a tree (`gate scan`): name → function `(Scan, Options) -> str`.
SCAN: Mapping[str, str] = {
    "text": "gate.reports.scan_text:report",
    "json": "gate.reports.json:scan",
    "sarif": "gate.reports.sarif:scan",
    "gitlab-sast": "gate.reports.gitlab_sast:scan",
    "codequality": "gate.reports.codequality:scan",
}
#: Formats of touched areas (`gate areas`): name → function `(Touched, Options) -> str`.
AREAS: Mapping[str, str] = {
    "text": "gate.reports.areas_text:report",
    "json": "gate.reports.json:areas",
}
#: Formats of authorship (`gate authorship`): name → class whose instances are an AuthorshipWriter.
AUTHORSHIP: Mapping[str, str] = {
    "text": "gate.reports.authorship_text:Writer",
    "json": "gate.reports.authorship_json:Writer",
    "csv": "gate.reports.authorship_csv:Writer",
}


class AuthorshipWriter(Protocol):
    """Writes a history while it is read: its size does not matter to memory."""

    def add(self, commits: Sequence[CommitAuthorship]) -> str:
        """Take further commits, newest first, and return the text that can be written now."""

    def end(self, facts: Authorship, tally: Tally) -> Iterator[str]:
        """Yield the rest, ending in a line break. `facts` are those of the whole, without its commits."""


class OptionKeywords(TypedDict, total=False):
    """The fields of Options as keywords."""

    language: str
    colour: bool
    width: int
    timings: bool
    verbose: bool
    explain_signoff: bool
    report_url: str
    web_url: str
    forge: str
    max_bytes: int
    listing: str


def render(name: str, run: Run, **options: Unpack[OptionKeywords]) -> str:
    """Return the report of a run in format `name`, ending in a line break. The same run gives the same text.

    Raises UsageError for a name that is not in FORMATS.
    """
    return str(_load(FORMATS, name)(run, Options(**options)))


def render_scan(name: str, scan: Scan, **options: Unpack[OptionKeywords]) -> str:
    """Return the report of a scanned tree; see `render`."""
    return str(_load(SCAN, name)(scan, Options(**options)))


def render_areas(
    name: str,
    touches: Sequence[Touch],
    context: Sequence[Context] = (),
    **options: Unpack[OptionKeywords],
) -> str:
    """Return the report of touched areas, and of what came near one; see `render`."""
    from gate.core.area import Touched  # noqa: PLC0415 - the core of areas is loaded where it is used

    touched = Touched(touches=tuple(touches), context=tuple(context))
    return str(_load(AREAS, name)(touched, Options(**options)))


def authorship_writer(name: str, **options: Unpack[OptionKeywords]) -> AuthorshipWriter:
    """Return a writer of who wrote the commits of a range; see `render`."""
    return cast("AuthorshipWriter", _load(AUTHORSHIP, name)(Options(**options)))


def render_authorship(name: str, authorship: Authorship, **options: Unpack[OptionKeywords]) -> str:
    """Return the report of commits that are all at hand; see `render`."""
    from gate.core.authorship.tally import Tally  # noqa: PLC0415

    writer, tally = authorship_writer(name, **options), Tally()
    tally.add(authorship.commits)
    return "".join((writer.add(authorship.commits), *writer.end(authorship, tally)))


def _load(formats: Mapping[str, str], name: str) -> Callable[..., Any]:
    if name not in formats:
        raise UsageError(f"unknown report format '{name}'", hint=f"Formats: {', '.join(formats)}.")
    module, _, function = formats[name].partition(":")
    return cast("Callable[..., Any]", getattr(importlib.import_module(module), function))
