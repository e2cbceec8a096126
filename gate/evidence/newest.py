"""The end of the chain in a table: its newest row."""

from __future__ import annotations

from gate.core.evidence.chain import Ends
from gate.core.evidence.envelope import end_of
from gate.errors import EvidenceError


def newest_end(store: str, row: tuple[int, bytes] | None) -> Ends:
    """Return the end of the chain that the newest row is. Raises EvidenceError for one that cannot be read:
    nothing may be added behind it.
    """
    if row is None:
        return Ends()
    hint = "Nothing was added behind it. See `gate evidence verify`, and restore the table from a copy."
    try:
        ends = end_of(bytes(row[1]))
    except ValueError as error:
        raise EvidenceError(
            f"{store}: row {row[0]}: the newest record cannot be read: {error}", hint=hint
        ) from error
    if ends.number != row[0]:
        raise EvidenceError(f"{store}: row {row[0]} says that it is number {ends.number}", hint=hint)
    return ends
