"""Hostile text made safe for XML and for fields that a forge may render as Markdown. See `gate.reports.escape`."""

from __future__ import annotations

import re

from gate.reports.escape import MAX_INLINE, one_line, visible

# Characters that are no XML 1.0 and that `visible` leaves alone, because a reader sees them as boxes.
_NOT_XML = re.compile("[\ufffe\uffff]")
_ZERO_WIDTH = "\u200b"
# Only what begins something: text between is left as it is, since some places show it without rendering.
_BEGINS_MARKUP = re.compile(
    r"@(?=\w)|<(?=[A-Za-z/!?])|\](?=[(:\[])|:(?=//)|[!#&%~$](?=\w)|\b(?:www|gh)(?=[.-])", re.IGNORECASE
)


def xml(text: str, *, most: int = MAX_INLINE) -> str:
    """Return text on one line for XML 1.0; what can be no character there is shown. Markup is the writer's job."""
    return _NOT_XML.sub(_show, one_line(text, most=most))


def xml_lines(text: str) -> str:
    """Return text of several lines for XML 1.0; see `xml`."""
    return "\n".join(_NOT_XML.sub(_show, visible(line)) for line in text.split("\n"))


def _show(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def forge_text(text: str, *, most: int = MAX_INLINE) -> str:
    """Return one line for a field that a forge shows as plain text in one place and as Markdown in another.

    Mentions, references, links, images and HTML are broken by a zero-width space; backslashes, which would be
    seen in the plain place, are not used.
    """
    return _BEGINS_MARKUP.sub(lambda m: m[0] + _ZERO_WIDTH, one_line(text, most=most))
