"""What a call may cost, known before it is made."""

from __future__ import annotations

from dataclasses import dataclass

#: Tokens that an answer may have at most; engines tell the service so.
MAX_OUTPUT = 16_000
#: Source code has more bytes for a token; this errs on the dear side.
_BYTES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """US dollars for a million tokens that are sent, and that come back. `as_of` is the day of the table."""

    sent: float
    answered: float
    as_of: str = ""

    def of(self, tokens_in: int, tokens_out: int) -> float:
        """Return what so many tokens cost, in US dollars."""
        return (tokens_in * self.sent + tokens_out * self.answered) / 1_000_000

    def most(self, tokens_in: int) -> float:
        """Return what a call costs whose answer is as long as it may be."""
        return self.of(tokens_in, MAX_OUTPUT)


def tokens(size: int) -> int:
    """Return how many tokens so many bytes are, rather too many than too few."""
    return -(-size // _BYTES)
