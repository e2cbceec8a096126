"""Carrying a plan out."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from gate.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gate.pipeline.init.plan import Plan


def write(plan: Plan) -> Iterator[str]:
    """Write the files of a plan, each whole or not at all, and yield the names of copies of replaced ones.

    Raises UsageError for a file that cannot be written, or that changed since the plan was made; what was
    written before stays, and a second run goes on from there.
    """
    for step in plan.steps:
        if step.new is None:
            continue
        place = plan.root / step.path
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            there = place.read_bytes().decode() if place.exists() else None
            if there != step.old or place.is_symlink() or not _inside(place, plan.root):
                raise UsageError(f"{place}: changed while gate init ran", hint="Run gate init again.")
            if step.action == "replace":
                copy = _copy_name(place)
                copy.write_bytes((step.old or "").encode())
                yield copy.relative_to(plan.root).as_posix()
            _put(place, step.new)
        except (OSError, UnicodeDecodeError) as error:
            told = error.strerror if isinstance(error, OSError) else error
            raise UsageError(
                f"{place}: could not be written: {told}", hint="Check its rights and the free space."
            ) from error


def _inside(place: Path, root: Path) -> bool:
    return place.parent.resolve() == root.resolve() / place.parent.relative_to(root)


def _copy_name(place: Path) -> Path:
    number = 0
    while (copy := place.with_name(f"{place.name}.orig{number or ''}")).exists():
        number += 1
    return copy


def _put(place: Path, text: str) -> None:
    mode = place.stat().st_mode & 0o777 if place.exists() else 0o644
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
        Path(name).chmod(mode)
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
