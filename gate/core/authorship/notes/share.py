"""The share of a change's lines that AI wrote: from notes where they fit, from whole commits elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gate.core.ranges import size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.core.authorship.model import Authorship, CommitAuthorship
    from gate.core.ranges import Ranges


def with_line_share(facts: Authorship, added: Mapping[str, Mapping[str, Ranges]]) -> Authorship:
    """Return `facts` with the share of AI lines, from the lines that each commit added (by id, then path).

    Merges do not count. A commit with a note that fits counts the AI lines of the note, any other AI commit
    all of its lines. Without a single added line, or if the lines of a commit are not known, there is no share.
    """
    counted = [entry for entry in facts.commits if not entry.merge]
    if any(entry.sha not in added for entry in counted):
        return facts
    lines = ai = 0
    ways = set()
    for entry in counted:
        own = sum(map(size, added[entry.sha].values()))
        lines += own
        if not entry.verdict.is_ai:
            continue
        by_note = _fitting(entry)
        ways.add("notes" if by_note is not None else "commits")
        ai += own if by_note is None else by_note
    if not lines:
        return facts
    method = "mixed" if len(ways) > 1 else next(iter(ways), "commits")
    return replace(facts, share_lines=ai / lines, share_method=method)


def _fitting(entry: CommitAuthorship) -> int | None:
    """The AI lines of a commit by its notes, None if none of them fits."""
    return entry.lines.ai if entry.lines is not None and entry.lines.ai else None
