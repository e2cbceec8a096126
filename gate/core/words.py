"""Small pieces of English for reasons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Where a line is laid out, white space at an end is dropped and any other becomes one blank.
_LOST_BLANK = re.compile(
    r"^ | $|(?<= ) |[\t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
)


def shown(path: str) -> str:
    r"""Return a path for a sentence: blanks that would be lost there, and line breaks, as `\uXXXX`.

    Else two files could read the same. Other characters that a reader cannot see are the reports' work.
    """
    return _LOST_BLANK.sub(lambda found: f"\\u{ord(found[0]):04x}", path)


def counted(number: int, noun: str) -> str:
    """Return `1 finding`, `2 findings`; the plural is made with `s`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed(items: Sequence[str], *, most: int = 10) -> str:
    """Return `a, b, c`, at most `most` of them, then how many more there are."""
    shown = ", ".join(items[:most])
    return shown if len(items) <= most else f"{shown} and {len(items) - most:,} more"
