"""What is in a store of records, as far as it can be believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gate.core.evidence.chain import Chain
    from gate.core.evidence.envelope import Envelope
    from gate.core.evidence.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """A record of a store that could be read. `signer` is the machine that signed it, and `problem` why that
    cannot be believed; a record with a problem informs, and proves nothing.
    """

    place: str
    digest: str
    record: Record
    envelope: Envelope
    signer: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Something in a store that is no record, and why."""

    place: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything in a store, records by number. `chain.problems` and `unreadable` are reasons not to believe that
    nothing is missing.
    """

    store: str
    records: tuple[Proven, ...]
    unreadable: tuple[Unreadable, ...]
    chain: Chain

    @property
    def is_whole(self) -> bool:
        """Whether nothing was altered, removed or put in, as far as the store itself can tell."""
        return not self.unreadable and not self.chain.problems
