"""The ends of a chain in a store in git: one small file, so that a writer need not read every record."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from gate.core.evidence.canonical import canonical_json
from gate.core.evidence.chain import Ends
from gate.core.evidence.place import path_of

if TYPE_CHECKING:
    from collections.abc import Container

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def write_ends(ends: Ends) -> bytes:
    """Return the content of the file."""
    return canonical_json({"digests": list(ends.digests), "number": ends.number}) + b"\n"


def read_ends(raw: bytes) -> Ends | None:
    """Return what the file says, None if it is none of ours."""
    try:
        told = json.loads(raw)
        digests, number = told["digests"], told["number"]
        good = all(isinstance(d, str) and _DIGEST.fullmatch(d) for d in digests) and type(number) is int
        return Ends(digests=tuple(digests), number=number) if good else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def joined(mine: Ends, my_paths: Container[str], other: Ends, other_paths: Container[str]) -> Ends:
    """Return the ends of both stores together: an end of one that the other has goes on there."""
    digests = [
        *(d for d in mine.digests if d in other.digests or path_of(d) not in other_paths),
        *(d for d in other.digests if d in mine.digests or path_of(d) not in my_paths),
    ]
    return Ends(digests=tuple(sorted(set(digests))), number=max(mine.number, other.number))
