"""The files of a folder as it stands, for a scan without a change."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from gate.scanners.tree import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def targets_from_folder(root: Path, max_bytes: int, on_skip: Callable[[str, str], None]) -> Iterator[Target]:
    """Yield the regular files below `root`, or `root` itself, in byte order, one content at a time.

    Links are not followed and `.git` is left out. `on_skip` gets path and reason (`symlink`, `special`,
    `unreadable`, `installed`) of everything else that is not yielded; `installed` is a folder below `root`
    into which a package manager put other people's code. Of a file above `max_bytes` one byte more than
    that is read, so that a target tree with the same limit names it as too large.
    """
    if root.is_dir():
        yield from _walk(root, "", max_bytes, on_skip)
    else:
        yield from _yield_file(root, root.name, max_bytes, on_skip)


def _walk(folder: Path, prefix: str, max_bytes: int, on_skip: Callable[[str, str], None]) -> Iterator[Target]:
    try:
        with os.scandir(folder) as scan:
            entries = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in scan]
    except OSError:
        on_skip(prefix.rstrip("/") or ".", "unreadable")
        return
    # A folder sorts as its files do: with the slash behind its name.
    for name, is_folder in sorted(entries, key=lambda e: os.fsencode(e[0] + "/" * e[1])):
        if name == ".git":
            continue
        if is_folder and _is_installed(folder / name):
            on_skip(prefix + name, "installed")
        elif is_folder:
            yield from _walk(folder / name, f"{prefix}{name}/", max_bytes, on_skip)
        else:
            yield from _yield_file(folder / name, prefix + name, max_bytes, on_skip)


def _is_installed(folder: Path) -> bool:
    """Whether a folder is that of npm's packages, or a virtual environment (PEP 405) of Python."""
    return folder.name == "node_modules" or (folder / "pyvenv.cfg").is_file()


def _yield_file(
    file: Path, path: str, max_bytes: int, on_skip: Callable[[str, str], None]
) -> Iterator[Target]:
    target = _read(file, path, max_bytes)
    if isinstance(target, Target):
        yield target
    else:
        on_skip(path, target)


def _read(file: Path, path: str, max_bytes: int) -> Target | str:
    """Return the target, or why there is none."""
    try:
        if file.is_symlink():
            return "symlink"
        # Not blocking: a pipe without a writer would stop the scan for ever.
        number = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(number, "rb") as stream:  # noqa: PTH123
            mode = os.fstat(number).st_mode
            if not stat.S_ISREG(mode):
                return "special"
            data = stream.read(max_bytes + 1)
    except OSError:
        return "unreadable"
    return Target(path=path, mode="100755" if mode & stat.S_IXUSR else "100644", data=data)
