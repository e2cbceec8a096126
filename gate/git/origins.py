"""Which commit of a change each line of its head comes from."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from gate.git import history, objects

if TYPE_CHECKING:
    from collections.abc import Collection

    from gate.core.change import ChangeSet
    from gate.git.command import Git


class Origins:
    """The origins of lines in one change. git is asked about a file only if more than one commit touches it."""

    def __init__(self, git: Git, change: ChangeSet) -> None:
        self.change = change
        self._git = git
        self._rows = {row.path: row for row in change.files}
        self._inside = {commit.sha for commit in change.commits}

    def of(self, path: str, lines: Collection[int]) -> dict[int, str]:
        """Return the commit of each of these lines (1-based, of the head) that a commit of the change brought."""
        wanted = {line for line in lines if line > 0}
        if not wanted or not self._inside or not self._mode(path).startswith("100"):
            return {}
        row = self._rows.get(path)
        if row is not None and row.hunks and path in self._sole:
            added = {n for hunk in row.hunks for n in range(hunk.new_start, hunk.new_start + len(hunk.new))}
            return dict.fromkeys(sorted(wanted & added), self._sole[path])
        blamed = history.blame(self._git, self.change.merge_base, self.change.head, path, wanted)
        return {line: sha for line, sha in blamed if sha in self._inside}

    @cached_property
    def _sole(self) -> dict[str, str]:
        return history.only_touched_by(self._git, self.change.commits)

    def _mode(self, path: str) -> str:
        row = self._rows.get(path)
        if row is not None:
            return row.new_mode
        found = objects.entry(self._git, self.change.head, path)
        return found.mode if found else ""
