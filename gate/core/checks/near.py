"""Names that are one slip of the pen away from a well-known one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

#: Shorter names are near each other by chance.
SHORTEST = 6
#: No well-known name is longer.
LONGEST = 80


def near_miss(name: str, known: Collection[str]) -> str | None:
    """Return the well-known name that `name` differs from by one letter more, less, other or exchanged.

    None if it is well known itself, or too short to tell. Digits and separators are no slips: `urllib2` and
    `pytest-cov2` are names of their own; but `python_dateutil` for `python-dateutil` is the same name.
    """
    if name in known or not SHORTEST <= len(name) <= LONGEST:
        return None
    for candidate in _neighbours(name):
        if candidate in known and len(candidate) >= SHORTEST:
            return candidate
    return None


def _neighbours(name: str) -> list[str]:
    """Every text that is one slip away from `name`, the likeliest first; the first letter stays."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    places = range(1, len(name))
    found = [
        name[:n] + name[n + 1] + name[n] + name[n + 2 :]
        for n in range(len(name) - 1)
        if name[n] != name[n + 1]
    ]
    found += [name[:n] + name[n + 1 :] for n in places if name[n].isalpha()]
    found += [name[:n] + c + name[n:] for n in range(1, len(name) + 1) for c in letters]
    found += [name[:n] + c + name[n + 1 :] for n in places if name[n].isalpha() for c in letters]
    return found
