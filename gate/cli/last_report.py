"""The last report of each repository, kept in the user's cache for `gate explain`."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path


def keep(repo: str, report: str) -> None:
    """Remember `report` as the last one, quietly doing nothing where the cache cannot be written.

    It is a convenience for people at a terminal, nothing is decided by it.
    """
    with contextlib.suppress(OSError):
        path = place(repo)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_suffix(f".{os.getpid()}")
        temporary.write_text(report, encoding="utf-8")
        temporary.replace(path)
        latest = path.parent / "latest.json"
        temporary.write_text(report, encoding="utf-8")
        temporary.replace(latest)


def place(repo: str | None) -> Path:
    """Where the last report of `repo` (its name in reports), or of any repository, is kept."""
    home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    name = (
        "latest" if repo is None else hashlib.sha256(repo.encode("utf-8", "surrogateescape")).hexdigest()[:24]
    )
    return Path(home).expanduser() / "ai-merge-gate" / "reports" / f"{name}.json"
