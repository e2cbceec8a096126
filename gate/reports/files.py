"""The changed files as reports list them: a rename is one row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.core.change import Status
from gate.reports import order

if TYPE_CHECKING:
    from gate.core.change import ChangeSet


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """One changed path. `status` is a Status or `renamed`; `old_path` is None for an added file."""

    path: str
    old_path: str | None
    status: str
    added: int
    removed: int
    binary: bool


def file_rows(change: ChangeSet) -> list[FileRow]:
    """Return the changed files by path bytes. A deleted and an added path that git pairs share one row."""
    by_path = {f.path: f for f in change.files}
    renames = [
        rename
        for rename in change.renames
        if (old := by_path.get(rename.old_path)) is not None
        and (new := by_path.get(rename.new_path)) is not None
        and (old.status, new.status) == (Status.DELETED, Status.ADDED)
    ]
    paired = {path for rename in renames for path in (rename.old_path, rename.new_path)}
    rows = [
        FileRow(
            path=f.path,
            old_path=None if f.status is Status.ADDED else f.path,
            status=f.status.value,
            added=f.added,
            removed=f.removed,
            binary=f.binary,
        )
        for f in change.all_files
        if f.path not in paired
    ]
    rows += [
        FileRow(
            path=rename.new_path,
            old_path=rename.old_path,
            status="renamed",
            added=sum(len(hunk.new) for hunk in rename.hunks),
            removed=sum(len(hunk.old) for hunk in rename.hunks),
            binary=by_path[rename.old_path].binary or by_path[rename.new_path].binary,
        )
        for rename in renames
    ]
    return sorted(rows, key=lambda row: (order.path_key(row.path), row.status))
