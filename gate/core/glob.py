"""Path patterns with gitignore meaning, compiled at the edge and matched in the core."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Glob:
    """A pattern as its author wrote it, and the regular expression it means."""

    text: str
    regex: str

    def matches(self, path: str) -> bool:
        """Whether a repository-relative path with `/` is matched; newlines in names are ordinary characters."""
        return _compiled(self.regex).search(path) is not None


@functools.cache
def _compiled(regex: str) -> re.Pattern[str]:
    return re.compile(regex, re.DOTALL)
