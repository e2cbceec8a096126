"""Which file of the base a file of the head comes from, and what both sides define."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.baseline.linemap import LineMap
from gate.core.change import ABSENT, REGULAR, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gate.core.change import ChangeSet, FileChange
    from gate.core.source import Source

    Sources = Mapping[str, Source] | Callable[[str], Source | None]


class Files:
    """The files of a change, with git's renames."""

    def __init__(self, change: ChangeSet) -> None:
        self._rows: dict[str, FileChange] = {row.path: row for row in change.files}
        self._new_name = {rename.old_path: rename.new_path for rename in change.renames}
        self._old_name = {rename.new_path: rename.old_path for rename in change.renames}
        self._hunks = {row.path: row.hunks for row in change.files}
        self._hunks |= {rename.new_path: rename.hunks for rename in change.renames}
        self._lines: dict[str, LineMap] = {}

    def destination(self, base_path: str) -> str:
        """The path that a file of the base has in the head, if it is still there."""
        return self._new_name.get(base_path, base_path)

    def origin(self, head_path: str) -> str | None:
        """The path in the base; None for what was no file there."""
        if head_path in self._old_name:
            return self._old_name[head_path]
        row = self._rows.get(head_path)
        is_new = row is not None and (row.old_mode == ABSENT or row.old_mode[:3] != REGULAR[:3])
        return None if is_new else head_path

    def lines(self, head_path: str) -> LineMap:
        """How the lines of a file of the head correspond to those of the base."""
        if head_path not in self._lines:
            hunks = self._hunks.get(head_path, ())
            unread = head_path in self._rows and self.origin(head_path) is None and not hunks
            self._lines[head_path] = LineMap(hunks, all_new=unread)
        return self._lines[head_path]

    def is_deleted(self, base_path: str) -> bool:
        """Whether a file of the base is gone and not renamed."""
        row = self._rows.get(base_path)
        return row is not None and row.status is Status.DELETED and base_path not in self._new_name


class Scopes:
    """Which definitions a file has on one side. Of an unknown file every scope is taken to be there."""

    def __init__(self, sources: Sources) -> None:
        self._look_up = sources if callable(sources) else sources.get
        self._known: dict[str, frozenset[str] | None] = {}

    def defines(self, path: str, scope: str) -> bool:
        if path not in self._known:
            source = self._look_up(path)
            self._known[path] = source.scopes if source is not None else None
        scopes = self._known[path]
        return scopes is None or scope in scopes
