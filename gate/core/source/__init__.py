"""Source text as identity sees it: lines, statements, scopes and line hashes of one file."""

from gate.core.source.text import Source

__all__ = ["Source"]
