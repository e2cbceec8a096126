"""Formats of a release (`gate release`): each a function from what was judged to text."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from gate.errors import UsageError
from gate.reports.options import Options

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Unpack

    from gate.core.release.model import Released
    from gate.reports import OptionKeywords

#: Name → function `(Released, Options) -> str`.
FORMATS: Mapping[str, str] = {
    "text": "gate.reports.release_text:report",
    "json": "gate.reports.release_json:report",
    "markdown": "gate.reports.release_markdown:report",
    "html": "gate.reports.release_html:report",
}


def render_release(name: str, released: Released, **options: Unpack[OptionKeywords]) -> str:
    """Return the report of a release in format `name`, ending in a line break. Equal releases give equal text.

    Raises UsageError for a name that is not in FORMATS.
    """
    if name not in FORMATS:
        raise UsageError(f"unknown report format '{name}'", hint=f"Formats: {', '.join(FORMATS)}.")
    module, _, function = FORMATS[name].partition(":")
    return str(getattr(importlib.import_module(module), function)(released, Options(**options)))
