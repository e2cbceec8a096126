"""A page of text for a terminal: wrapped to its width, with colour that never carries meaning alone."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from gate.core.verdict import Outcome
from gate.reports.escape import log_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gate.reports.options import Options

#: Narrower pages are not tried: fewer columns than this wrap in the terminal.
MIN_WIDTH = 40
#: Text is not squeezed into fewer columns than this beside a lead; it begins below it instead.
MIN_ROOM = 16

_STYLES = {
    "": "",
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "magenta": "35",
    "cyan": "36",
    "bold red": "1;31",
    "bold green": "1;32",
    "bold yellow": "1;33",
    "bold magenta": "1;35",
}
#: Sign and colour of an outcome.
OUTCOMES = {
    Outcome.SKIPPED: ("-", "dim"),
    Outcome.PASSED: ("✓", "green"),
    Outcome.NEEDS_SIGNOFF: ("◷", "yellow"),
    Outcome.BLOCKED: ("✗", "red"),
    Outcome.INCOMPLETE: ("?", "magenta"),
}
SEVERITIES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "", "info": "dim"}


class Page:
    """Lines under way. Text given to it must be escaped already (`escape.terminal`)."""

    def __init__(self, options: Options) -> None:
        self._colour = options.colour
        self.width = max(MIN_WIDTH, options.width)
        self._lines: list[str] = []

    def style(self, text: str, style: str) -> str:
        """Return `text` in a style, if this page has colour."""
        code = _STYLES[style]
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour and code and text else text

    def blank(self) -> None:
        """Add an empty line, never two in a row."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def heading(self, title: str, note: str = "") -> None:
        """Begin a section; `note` stands beside the title and wraps below it."""
        self.blank()
        self.text(note, lead=title.upper() + ("  " if note else ""), lead_style="bold", style="dim", hang=2)

    def text(
        self,
        text: str,
        *,
        indent: int = 0,
        lead: str = "",
        lead_style: str = "",
        style: str = "",
        hang: int | None = None,
    ) -> None:
        """Add a paragraph. `lead` starts its first line; the others begin `hang` columns in (default: below
        the text). Long words are broken.
        """
        indent = min(indent, self.width // 2)
        hanging = indent + columns(lead) if hang is None else hang
        hanging = min(hanging, self.width // 2)
        if columns(lead) > self.width - indent - MIN_ROOM:
            # A lead that leaves no room is a paragraph of its own.
            for line in wrap(lead, first=self.width - indent, rest=self.width - hanging):
                self._add(" " * indent + self.style(line, lead_style))
                indent = hanging
            if not text:
                return
            lead = ""
        first = " " * indent + self.style(lead, lead_style)
        room = self.width - indent - columns(lead)
        for line in wrap(text, first=room, rest=self.width - hanging):
            self._add(first + self.style(line, style))
            first = " " * hanging

    def row(self, cells: Iterable[tuple[str, int, str]], *, indent: int = 2, last: str = "") -> None:
        """Add one line of cells `(text, columns, style)`, cut to their columns; `last` takes what is left."""
        line, left = " " * indent, self.width - indent
        for text, size, style in cells:
            shown = clip(text, min(size, left))
            line += self.style(shown, style) + " " * (size - columns(shown)) + "  "
            left = max(0, left - size - 2)
        self._add(line + clip(last, left))

    def styled(self, lead: str, size: int, text: str, *, indent: int = 0) -> None:
        """Add a paragraph after a lead of `size` columns that is styled already."""
        first, hanging = " " * indent + lead, indent + size
        if self.width - hanging < MIN_ROOM:
            self._add(first)
            hanging = min(indent + 2, self.width // 2)
            first = " " * hanging
        for line in wrap(text, first=self.width - hanging, rest=self.width - hanging):
            self._add(first + line)
            first = " " * hanging

    def code(self, gutter: str, line: str, *, indent: int, strong: bool) -> None:
        """Add one line of source, cut at the width of the page: wrapped source reads as other source."""
        room = self.width - indent - columns(gutter)
        shown = self.style(clip(line, room), "bold" if strong else "")
        self._add(" " * indent + self.style(gutter if shown else gutter.rstrip(" "), "dim") + shown)

    def long_line(self, line: str) -> None:
        """Add one line as it is, however long."""
        self._add(line)

    def _add(self, line: str) -> None:
        self._lines.append(log_line(line.rstrip(" ")))

    def done(self) -> str:
        """Return the page, ending in a line break."""
        return "\n".join(self._lines).rstrip("\n") + "\n"


def columns(text: str) -> int:
    """Return how many columns plain text takes: East Asian wide characters take two, marks none."""
    if text.isascii():
        return len(text)
    return sum(_columns(c) for c in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def clip(text: str, most: int) -> str:
    """Return text of at most `most` columns; what is cut off is marked by an ellipsis."""
    if columns(text) <= most:
        return text
    if most < 1:
        return ""
    return _head(text, most - 1).rstrip(" ") + "…"


def _head(text: str, most: int) -> str:
    used = 0
    for place, character in enumerate(text):
        used += _columns(character)
        if used > most:
            return text[:place]
    return text


def wrap(text: str, *, first: int, rest: int) -> Iterator[str]:
    """Yield the lines of a paragraph: the first of at most `first` columns, the others of at most `rest`.

    Always yields at least one line. A word longer than `rest` is broken.
    """
    first, rest = max(first, MIN_ROOM), max(rest, MIN_ROOM)
    line, room = "", first
    for word in text.split(" "):
        for piece in _pieces(word, rest):
            joined = f"{line} {piece}" if line else piece
            if columns(joined) <= room:
                line = joined
            else:
                yield line
                line, room = piece, rest
    yield line


def _pieces(word: str, most: int) -> Iterator[str]:
    while columns(word) > most:
        piece = _head(word, most)
        yield piece
        word = word[len(piece) :]
    yield word
