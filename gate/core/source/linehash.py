"""GitHub's primaryLocationLineHash, for SARIF only: it covers following lines too, so it is no identity.

Source: github/codeql-action, src/fingerprints.ts. A rolling hash over 100 UTF-16 units without blanks and
tabs; its value for a line is a polynomial of the 100 units from the line's first on, so it is computed for
the lines that are asked for, and only equal stretches of text are counted for the others.
"""

from __future__ import annotations

import re
from functools import cached_property
from operator import mul

_UNITS = 100
_FACTOR = 37
_MASK = (1 << 64) - 1
_POWERS = [pow(_FACTOR, exponent, 1 << 64) for exponent in reversed(range(_UNITS))]
_END = "\uffff" + "\0" * _UNITS
_TWO_UNITS = re.compile("[\U00010000-\U0010ffff]")


class LineHashes:
    r"""Hashes of the lines of one text. The text has its byte order mark and `\ufffd` for undecodable bytes."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[int, str] = {}

    def of(self, line: int) -> str:
        r"""The hash of a line, counted from 1 and separated by `\n`: hexadecimal digits, a colon, a count."""
        if line not in self._known:
            number = self._numbers[line - 1] if self._numbers is not None else line - 1
            window, count = self._windows[number]
            self._known[line] = f"{_polynomial(window):x}:{count}"
        return self._known[line]

    @cached_property
    def _numbers(self) -> list[int] | None:
        r"""For each of our lines GitHub's, from 0: it ends lines at a lone `\r` too. None if they are equal."""
        if "\r" not in self._text.replace("\r\n", ""):
            return None
        numbers, count = [], 0
        for line in self._text.split("\n"):
            numbers.append(count)
            count += 1 + line.removesuffix("\r").count("\r")
        return numbers

    @cached_property
    def _windows(self) -> list[tuple[str, int]]:
        """For each of GitHub's lines the units from its start on, and how often they occurred so far."""
        text = self._text.replace("\r\n", "\n").replace("\r", "\n").replace(" ", "").replace("\t", "")
        units = _TWO_UNITS.sub(_surrogates, text)
        padded = units + _END
        counts: dict[str, int] = {}
        windows = []
        start = 0
        for line in units.split("\n"):
            window = padded[start : start + _UNITS]
            counts[window] = count = counts.get(window, 0) + 1
            windows.append((window, count))
            start += len(line) + 1
        return windows


def _surrogates(found: re.Match[str]) -> str:
    """A character as the two units that UTF-16 has for it."""
    code = ord(found[0]) - 0x10000
    return chr(0xD800 + (code >> 10)) + chr(0xDC00 + (code & 0x3FF))


def _polynomial(window: str) -> int:
    value: int = sum(map(mul, map(ord, window), _POWERS))
    return value & _MASK
