"""Which versions of the scanners are installed beside the gate, read from the folder of packages itself.

`importlib.metadata` would say the same and cost more than the whole look into the cache.
"""

from __future__ import annotations

import functools
import sysconfig
from pathlib import Path


def version(package: str) -> str:
    """Return the version of a package in this interpreter's environment, or an empty string."""
    prefix = f"{package}-"
    found = [name for name in _distributions() if name.startswith(prefix)]
    return found[0].removeprefix(prefix).removesuffix(".dist-info") if len(found) == 1 else ""


def with_entry_points(group: bytes) -> tuple[str, ...]:
    """Return the installed packages that offer plug-ins of a group (given as it begins, with the bracket)."""
    found = []
    for name in _distributions():
        try:
            data = (_folder() / name / "entry_points.txt").read_bytes()
        except OSError:
            continue
        if group in data:
            found.append(name.removesuffix(".dist-info"))
    return tuple(found)


@functools.cache
def _distributions() -> tuple[str, ...]:
    try:
        return tuple(sorted(p.name for p in _folder().iterdir() if p.suffix == ".dist-info"))
    except OSError:
        return ()


def _folder() -> Path:
    return Path(sysconfig.get_path("purelib"))
