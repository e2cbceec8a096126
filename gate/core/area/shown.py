"""A changed line as evidence shows it: short, and without what could be a secret."""

from __future__ import annotations

import re

from gate.core.area.kinds import Kind, extension, kind_of
from gate.core.area.model import TEXT_CHARACTERS
from gate.core.area.notebook import cell_line
from gate.core.secrets import mask_tokens

_HIDDEN = "…"
_SECRETIVE = re.compile(
    r"pass|pwd|secret|token|key|credential|salt|auth|cookie|pin\b|cipher|crypt|hmac", re.IGNORECASE
)
_STRING = re.compile(r"(?P<quote>['\"`])(?:(?!(?P=quote))[^\\]|\\.){4,}+(?:(?P=quote)|$)")
_VALUE = re.compile(r"^(?P<before>\s*(?:-\s+)?(?:export\s+)?[\w.$/-]+\s*[:=]\s*)(?P<value>[^\s'\"\[{].{3,})$")
#: An action and its version: public, and what a reviewer of a pipeline has to see.
_ACTION = re.compile(r"^\s*(?:-\s+)?uses\s*:\s*[\w.-]+/[\w./-]+@[\w./-]+(?:\s+#[^=:]{0,60})?$")
_WORD = re.compile(r"['\"`]?(?:true|false|null|none|yes|no|on|off|\d{1,6}[a-z]?)['\"`]?[,;]?", re.IGNORECASE)


def shown_line(path: str, line: str) -> str:
    """Return a line without its indentation, at most 200 characters.

    Known tokens are masked everywhere; strings and values of configuration too where the line could speak
    of a secret. What was hidden can be read in the change itself.
    """
    return without_secrets(path, line.strip()[: 4 * TEXT_CHARACTERS]).strip()[:TEXT_CHARACTERS]


def without_secrets(path: str, line: str) -> str:
    """Return a line in which what could be a secret is hidden; its indentation stays."""
    text = mask_tokens(cell_line(line) if extension(path) == "ipynb" else line)
    config = kind_of(path) is Kind.CONFIG
    if config and _ACTION.match(text):
        return text
    if config or _SECRETIVE.search(text):
        text = _STRING.sub(lambda found: f"{found['quote']}{_HIDDEN}{found['quote']}", text)
    if config and (found := _VALUE.match(text)) and not _WORD.fullmatch(found["value"].strip()):
        text = found["before"] + _HIDDEN
    return text
