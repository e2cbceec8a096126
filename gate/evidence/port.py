"""What every store of records can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gate.core.evidence.chain import Make, Stored


class Store(Protocol):
    """Records that are added and never changed; any number of writers at once.

    `name` says for people where it is. Every method raises EvidenceError if the store is not there, is locked,
    full, read-only or broken: then nothing was added, and nothing that was there is lost.
    """

    name: str

    def read(self) -> Iterator[Stored]:
        """Yield every record, the oldest first where the store counts them."""

    def newest(self, most: int) -> list[Stored]:
        """Return up to `most` of the records that were added last, in no particular order."""

    def share(self) -> None:
        """Make sure that what is in the store is also where the store is shared, if it is."""

    def append(self, make: Make) -> Stored:
        """Add one record behind the present end of the chain and return it when it is safely there."""
