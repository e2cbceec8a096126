"""The folder that a user names, and what in it is passed by."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gate.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def real_place(path: Path) -> Path:
    """Return the folder or regular file that a user means; a link that was named is followed.

    Raises UsageError for anything else: a scan of nothing would look like a clean one.
    """
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links, a NUL in the name
        told = (
            "no such file or folder" if isinstance(error, FileNotFoundError) else f"cannot be read: {error}"
        )
        if isinstance(error, OSError) and error.strerror and not isinstance(error, FileNotFoundError):
            told = f"cannot be read: {error.strerror}"
        raise UsageError(f"{path}: {told}", hint="Give an existing folder: gate scan .") from error
    if real.is_dir():
        if all((real / name).exists() for name in ("HEAD", "objects", "refs")):
            raise UsageError(
                f"{path}: is the store of a git repository and holds no files to scan",
                hint="Check it out and scan that: git clone PATH folder && gate scan folder\n"
                "Or judge a range in it: gate check --repo PATH --base REV --head REV",
            )
        if not os.access(real, os.R_OK | os.X_OK):
            raise UsageError(f"{path}: the folder cannot be read", hint="Check its permissions.")
    elif not real.is_file():
        raise UsageError(
            f"{path}: is neither a folder nor a regular file", hint="Give an existing folder: gate scan ."
        )
    return real


@dataclass(slots=True)
class PassedBy:
    """Remembers what lies in the folder and was not read."""

    unopened: list[str] = field(default_factory=list)
    installed: list[str] = field(default_factory=list)
    links: int = 0

    def __call__(self, name: str, reason: str) -> None:
        if reason == "unreadable":
            self.unopened.append(name)
        if reason == "installed":
            self.installed.append(name)
        self.links += reason == "symlink"


def reader(root: Path) -> Callable[[str], bytes | None]:
    """Return what reads a file below `root`, None for one that cannot be read."""

    def read(path: str) -> bytes | None:
        try:
            return (root / path).read_bytes()
        except OSError:
            return None

    return read
