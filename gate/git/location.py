"""Where a repository is: the git directory and the work tree that belong to a path."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from gate.errors import GitError

#: A gitfile holds one path; more than this is something else.
GITFILE_BYTES = 8192


class Location(NamedTuple):
    """The git directory, and the work tree or None if there is none."""

    git_dir: Path
    root: Path | None


def locate(path: Path) -> Location:
    """Return the repository that `path` is in: a work tree, a folder of one, a git directory or a gitfile.

    git's own search is not used: it stops at repositories of another user, as in every CI container.
    Raises GitError if the path is missing or unreadable, or no repository holds it.
    """
    path = Path(path).absolute()
    try:
        if not path.exists():
            raise GitError(
                f"{path}: no such folder", hint="give the path of a git repository, such as `--repo .`"
            )
        if path.is_file():
            return Location(_gitfile(path), path.parent)
        for folder in (path, *path.parents):
            inner = folder / ".git"
            if inner.is_file():
                return Location(_gitfile(inner), folder)
            if _is_git_dir(inner):
                return Location(inner.resolve(), folder)
            if _is_git_dir(folder):
                return Location(folder.resolve(), folder.parent if folder.name == ".git" else None)
    except OSError as error:
        raise GitError(
            f"{path}: cannot be read: {error.strerror}",
            hint="check the owner and the permissions of the folder",
        ) from error
    raise GitError(
        f"{path}: not a git repository, nor inside one",
        hint="run inside the clone, or give its path with `--repo`",
    )


def _is_git_dir(folder: Path) -> bool:
    """The test that git itself applies, without reading anything."""
    objects = (folder / "objects").is_dir() and (folder / "refs").is_dir()
    head = folder / "HEAD"
    return (objects or (folder / "commondir").is_file()) and (head.is_file() or head.is_symlink())


def _gitfile(path: Path) -> Path:
    with path.open("rb") as file:
        content = file.read(GITFILE_BYTES)
    prefix, _, target = content.partition(b"gitdir: ")
    if prefix or not target:
        raise GitError(
            f"{path}: a file, and not a link to a git directory", hint="give the path of a repository"
        )
    git_dir = path.parent / Path(target.rstrip(b"\r\n").decode("utf-8", "surrogateescape"))
    if not _is_git_dir(git_dir):
        raise GitError(
            f"{path}: points to {git_dir}, which is no git directory",
            hint="the clone was moved or its main repository is gone: `git worktree repair`, or clone afresh",
        )
    return git_dir.resolve()


def name_of_url(url: str) -> str | None:
    """Return `host/group/repo` of a remote's URL without user, password and port, or None for a local path."""
    scheme, mark, rest = url.partition("://")
    if mark:
        if scheme.lower() == "file":
            return None
        host, slash, path = rest.partition("/")
        host = re.sub(r":\d*$", "", host.rpartition("@")[2])
    else:
        # scp form; git takes it for a local path if a slash stands before the colon
        host, slash, path = url.partition(":")
        host = host.rpartition("@")[2]
        if "/" in host:
            return None
    path = path.split("?")[0].split("#")[0].strip("/").removesuffix(".git").strip("/")
    return f"{host.lower()}/{path}" if host and slash and path else None
