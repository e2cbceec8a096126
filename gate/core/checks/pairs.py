"""The changed files of a change as pairs of texts; a renamed file is one pair and not two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.change import ABSENT
from gate.core.checks.model import Pair

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.core.change import ChangeSet


def pairs(change: ChangeSet, old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Pair, ...]:
    """Return every changed text file, by path; `old` and `new` are the texts of both sides by path."""
    renamed_from = {rename.new_path: rename for rename in change.renames}
    renamed_away = {rename.old_path for rename in change.renames}
    found = []
    for row in change.files:
        if row.path in renamed_away and row.new_mode == ABSENT:
            continue
        rename = renamed_from.get(row.path) if row.old_mode == ABSENT else None
        old_path = rename.old_path if rename else row.path
        found.append(
            Pair(
                path=row.path,
                old_path=old_path,
                old=old.get(old_path),
                new=new.get(row.path),
                hunks=rename.hunks if rename else row.hunks,
                is_deleted=row.new_mode == ABSENT,
            )
        )
    return tuple(found)
