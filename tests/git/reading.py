"""Short ways to read a test repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.change import ABSENT
from gate.git import Repository

if TYPE_CHECKING:
    import pytest

    from gate.core.change import ChangeSet, FileChange
    from gate.errors import GitError
    from tests.support.repos import Repo


def change_of(repo: Repo, base: str = "main", head: str = "topic", **options: int) -> ChangeSet:
    with Repository.open(repo.path) as git:
        return git.change(base, head, **options)


def file_of(change: ChangeSet, path: str) -> FileChange:
    (found,) = [file for file in change.files if file.path == path]
    return found


def paths(change: ChangeSet) -> list[str]:
    return [file.path for file in change.files]


def topic(repo: Repo) -> None:
    """Branch off to `topic` and make it current, with its files in the work tree."""
    repo.checkout("topic", create=True)


def rows_by_listing(repo: Repo, old: str, new: str) -> list[tuple[str, str, str, str, str]]:
    """The raw comparison, done by hand from two plain lists of all files."""

    def listing(revision: str) -> dict[bytes, tuple[str, str]]:
        rows = repo.git_bytes("ls-tree", "-r", "-z", "--full-tree", revision).split(b"\0")[:-1]
        files = {}
        for row in rows:
            facts, path = row.split(b"\t", 1)
            mode, _, sha = facts.decode().split()
            files[path] = (mode, sha)
        return files

    zero = "0" * len(repo.rev(new))
    before, after = listing(old), listing(new)
    return [
        (
            path.decode("utf-8", "surrogateescape"),
            *before.get(path, (ABSENT, zero)),
            *after.get(path, (ABSENT, zero)),
        )
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    ]


def as_rows(change: ChangeSet) -> list[tuple[str, str, str, str, str]]:
    return [(f.path, f.old_mode, f.old_blob, f.new_mode, f.new_blob) for f in change.files]


def assert_incomplete(error: pytest.ExceptionInfo[GitError], message: str, hint: str) -> None:
    """A GitError says what happened and what to do, and ends in exit code 4."""
    assert error.value.exit_code == 4
    assert message in error.value.message
    assert error.value.hint is not None
    assert hint in error.value.hint
