"""Where results of scanners are remembered between runs, and when that place may be believed."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gate.git import Repository
    from gate.pipeline.request import Progress, Request
    from gate.scanners.cache import Cache

#: Name of the environment variable with the secret that seals entries. Never an option: options are logged.
SECRET = "GATE_CACHE_KEY"


def default_folder(environment: Mapping[str, str]) -> Path | None:
    """Return the user's own cache folder, by the XDG base directory rules; None without a home."""
    base = environment.get("XDG_CACHE_HOME", "")
    if base.startswith("/"):
        return Path(base, "ai-merge-gate")
    home = environment.get("HOME", "")
    return Path(home, ".cache", "ai-merge-gate") if home.startswith("/") else None


def secret(environment: Mapping[str, str]) -> bytes:
    """Return the secret that seals entries, empty if none is set."""
    return environment.get(SECRET, "").encode("utf-8", "surrogateescape")


@contextmanager
def open_cache(
    request: Request, progress: Progress, repository: Repository | None = None, head: str = ""
) -> Iterator[Cache | None]:
    """Give the cache of a run, closed at the end; None if it is off or cannot be believed, which is told.

    A cache in the work tree that the commit `head`, or the one that is checked out, brings along is the word
    of whoever wrote that commit.
    """
    if request.cache is None:
        yield None
        return
    if repository is not None and is_brought(request.cache, repository, head):
        progress(f"no cache: {request.cache} is part of the commit under review")
        yield None
        return
    from gate.scanners.cache import Cache  # noqa: PLC0415 - only with a cache

    with Cache.open(request.cache, secret=request.cache_secret) as cache:
        if cache.trouble:
            progress(f"no cache: {cache.trouble}")
        elif cache.made_anew:
            progress(f"the cache was damaged or foreign and is made anew: {cache.path}")
        before = cache.trouble
        yield cache
        if cache.trouble != before:
            progress(f"the cache was given up: {cache.trouble}")


def is_brought(folder: Path, repository: Repository, head: str) -> bool:
    """Whether a file or folder is part of the commit `head`, or of the one that is checked out: then its author wrote it."""
    """Whether a place lies in the work tree and the commit `head`, or the one that is checked out, has it."""
    root = repository.root
    if root is None:
        return False
    # As written, without `..`, and as it really is: a link in the work tree may lead out of it.
    places = {folder.absolute(), Path(os.path.normpath(folder.absolute())), folder.resolve()}
    tops = {root.absolute(), root.resolve()}
    inside = {
        place.relative_to(top).as_posix() for place in places for top in tops if place.is_relative_to(top)
    }
    return any(repository.brings(commit, path) for commit in (head, "HEAD") for path in sorted(inside))
