"""What `gate init`, `gate doctor` and the log of `gate publish` say, in the reader's language.

Their sentences stand in the catalogue under the context `set-up`, with their values as `{a}`, `{b}`, …; one that no
entry fits stays English, so nothing is lost.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from gate.reports.languages import catalogue
from gate.reports.terminal import columns

if TYPE_CHECKING:
    from collections.abc import Sequence

CONTEXT = "set-up"
#: Columns that a paragraph has at least, however narrow the terminal is.
_LEAST_ROOM = 40
_FIELD = re.compile(r"\{([a-z])\}")
_COUNTED = re.compile(r"\d+ [a-z]+")
_BETWEEN_SENTENCES = re.compile(r"(?<=[.:]) ")
_BETWEEN_PARTS = re.compile(r"; ")


def told(text: str, language: str) -> str:
    """Return a text of one of them in `language`: as a whole, else sentence by sentence."""
    if language == "en" or not text:
        return text
    whole = _known(text, language)
    if whole is not None:
        return whole
    for between, joint in ((_BETWEEN_SENTENCES, " "), (_BETWEEN_PARTS, "; ")):
        parts = between.split(text)
        known = [_known(part, language) for part in parts]
        if len(parts) > 1 and any(known):
            return joint.join(said or part for said, part in zip(known, parts, strict=True))
    return text


def _known(text: str, language: str) -> str | None:
    for pattern, said in _entries(language):
        if found := pattern.fullmatch(text):
            values = {name: _value(value, language) for name, value in found.groupdict().items()}
            return _FIELD.sub(functools.partial(_filled, values), said)
    return None


def _filled(values: dict[str, str], field: re.Match[str]) -> str:
    return values[field[1]]


def _value(text: str, language: str) -> str:
    """A value as it is; but a counted thing, such as `2 reviewers`, is a phrase of ours."""
    return (_known(text, language) if _COUNTED.fullmatch(text) else None) or text


@functools.cache
def _entries(language: str) -> Sequence[tuple[re.Pattern[str], str]]:
    """The sentences of a language; those with most words of their own first."""
    known = getattr(catalogue(language), "_catalog", {})
    begin = f"{CONTEXT}\x04"
    texts = {str(key).removeprefix(begin): said for key, said in known.items() if str(key).startswith(begin)}
    ordered = sorted(texts, key=lambda text: (-len(_FIELD.sub("", text)), text))
    return [(_pattern(text), texts[text]) for text in ordered]


def _pattern(text: str) -> re.Pattern[str]:
    shown = [
        f"(?P<{part}>.+?)" if odd % 2 else re.escape(part) for odd, part in enumerate(_FIELD.split(text))
    ]
    return re.compile("".join(shown), re.DOTALL)


def paragraph(head: str, text: str, width: int) -> list[str]:
    """Return the lines of a text behind `head`, the next ones under its beginning. Words are never broken: they are
    commands and paths to be copied.
    """
    indent = columns(head)
    room = max(width, indent + _LEAST_ROOM)
    lines = [head]
    used, is_empty = indent, True
    for word in text.split():
        needed = columns(word)
        if not is_empty and used + 1 + needed > room:
            lines.append(" " * indent)
            used, is_empty = indent, True
        lines[-1] += word if is_empty else f" {word}"
        used += needed + (not is_empty)
        is_empty = False
    return lines


def padded(text: str, width: int) -> str:
    """Return a text with blanks up to `width` columns."""
    return text + " " * max(0, width - columns(text))
