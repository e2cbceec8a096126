"""Plain columns for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, width: int) -> str:
    """Return aligned columns with a head, each line at most `width` long; the last column is cut with `…`."""
    sizes = [max(len(row[n]) for row in (heads, *rows)) for n in range(len(heads))]
    lines = []
    for row in (heads, *rows):
        line = "  ".join(cell.ljust(size) for cell, size in zip(row, sizes, strict=True)).rstrip()
        lines.append(line if len(line) <= width else line[: width - 1] + "…")
    return "\n".join(lines) + "\n"
