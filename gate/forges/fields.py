"""Fields of a forge's answers, checked: an answer that lacks one that is needed is no answer."""

from __future__ import annotations

import re
from typing import Any

from gate.errors import ForgeError

_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def at(value: Any, *keys: str) -> Any:
    """Return a field of a field, None if it is not there."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def text(value: Any, *keys: str) -> str:
    """Return a text that must be there and not be empty. Raises ForgeError."""
    found = at(value, *keys)
    if not isinstance(found, str) or not found:
        raise _missing(keys)
    return found


def number(value: Any, *keys: str) -> int:
    """Return a number that must be there. Raises ForgeError."""
    found = at(value, *keys)
    if type(found) is not int or not 0 <= found < 10**18:
        raise _missing(keys)
    return found


def sha(value: Any, *keys: str) -> str:
    """Return a full commit id that must be there. Raises ForgeError."""
    found = at(value, *keys)
    if not isinstance(found, str) or not _SHA.fullmatch(found):
        raise _missing(keys)
    return found


def items(value: Any, *keys: str) -> list[Any]:
    """Return a list that must be there. Raises ForgeError."""
    found = at(value, *keys)
    if not isinstance(found, list):
        raise _missing(keys)
    return found


def maybe_sha(value: Any, *keys: str) -> str | None:
    """Return a full commit id, None if there is none (or only zeros)."""
    found = at(value, *keys)
    return found if isinstance(found, str) and _SHA.fullmatch(found) and found.strip("0") else None


def maybe_text(value: Any, *keys: str) -> str | None:
    """Return a text, None if it is not there or empty."""
    found = at(value, *keys)
    return found if isinstance(found, str) and found else None


def _missing(keys: tuple[str, ...]) -> ForgeError:
    return ForgeError(
        f"an answer of the forge lacks {'.'.join(keys) or 'the list that was asked for'}",
        hint="Is the address of the API right, and the forge's version supported? See docs/publish.md.",
    )
