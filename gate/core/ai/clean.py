"""Texts of a model, before anything of them is kept: what cannot be seen goes, known secrets are masked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gate.core.fold import INVISIBLE
from gate.core.secrets import mask_message

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_TEXT = 1_500
#: A value that is shorter is found in ordinary words.
SHORTEST_SECRET = 8
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]{0,2000}(?:\x07|\x1b\\)?|.?)", re.DOTALL)
_HIDDEN = re.compile(
    f"[{INVISIBLE}\\U000e0000-\\U000e007f\\ufe00-\\ufe0f\\U000e0100-\\U000e01ef\ud800-\udfff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LINES = re.compile(r"[\n\r\u2028\u2029]\s*")


def clean(text: str, secrets: Iterable[str] = (), *, most: int = MAX_TEXT) -> str:
    """Return `text` on one line, cut, without control and invisible characters and without any secret."""
    text = _HIDDEN.sub("", _ESCAPES.sub("", text[: most * 4]))
    text = _CONTROL.sub("", _LINES.sub(" ", text)).strip()
    text = mask_message(text, [s for s in secrets if len(s) >= SHORTEST_SECRET])
    return text if len(text) <= most else text[: most - 1] + "…"
