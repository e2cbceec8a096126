"""The share of added lines that AI wrote: from notes where they fit, from whole commits elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gate.core.ranges import size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.core.authorship.model import CommitAuthorship
    from gate.core.ranges import Ranges


@dataclass(slots=True)
class LineShare:
    """Sums over commits, in any order. Merges do not count.

    A commit with a note that fits counts the AI lines of the note, any other AI commit all of its lines.
    """

    _lines: int = 0
    _ai: int = 0
    _ways: set[str] = field(default_factory=set)

    def add(self, entry: CommitAuthorship, added: Mapping[str, Ranges]) -> None:
        """Count a commit that added these lines, by path."""
        if entry.merge:
            return
        own = sum(map(size, added.values()))
        self._lines += own
        if not entry.verdict.is_ai:
            return
        # without a single AI line among the added ones no note fits
        noted = entry.lines.ai if entry.lines is not None else 0
        self._ai += noted or own
        self._ways.add("notes" if noted else "commits")

    @property
    def share(self) -> float | None:
        """AI lines / added lines, None without any."""
        return self._ai / self._lines if self._lines else None

    @property
    def method(self) -> str | None:
        """How AI lines were counted: `notes`, `commits` (whole ones) or `mixed`; None without a share."""
        if not self._lines:
            return None
        return "mixed" if len(self._ways) > 1 else next(iter(self._ways), "commits")
