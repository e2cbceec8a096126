"""Trees and blobs as they are stored: no filter, no checkout, no attribute takes part."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from gate.core.change import GITLINK, path_bytes
from gate.errors import GitError
from gate.git.command import Git, Reader, fields, text
from gate.git.log import FULL_ID

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MISSING_HINT = (
    "the clone is partial or damaged: clone in full (no `--filter`), or fetch the missing objects with "
    "`git fetch --refetch` before the gate runs"
)


class TreeEntry(NamedTuple):
    """One file of a tree; `size` in bytes, 0 for a submodule."""

    path: str
    mode: str
    blob: str
    size: int


class Header(NamedTuple):
    """What git knows of an object without its content."""

    sha: str
    kind: str
    size: int


def headers(git: Git, names: Iterable[str]) -> list[Header | None]:
    """Return one header per name (an id, or one with a suffix such as `^{commit}`), None for what is absent."""
    names = list(names)
    if not names:
        return []
    with git.objects.ask("info", names) as answers:
        return [_answer(answers, name) for name in names]


def _answer(answers: Reader, name: str) -> Header | None:
    header = _header(text(answers.line()))
    if header is None:
        # What is absent is named once more, with all line breaks in its name.
        for _ in range(name.count("\n")):
            answers.line()
    return header


def sizes(git: Git, ids: Iterable[str]) -> dict[str, int]:
    """Return the size in bytes of each blob, in the order given. A missing one, or no blob, is a GitError."""
    ids = list(dict.fromkeys(ids))
    unknown = [sha for sha in ids if sha not in git.blob_sizes]
    for sha, header in zip(unknown, headers(git, unknown), strict=True):
        if header is None:
            raise GitError(f"object {sha} is missing from this clone", hint=MISSING_HINT)
        if header.kind != "blob":
            raise GitError(f"object {sha} is a {header.kind} where a file is expected", hint=MISSING_HINT)
        git.blob_sizes[sha] = header.size
    return {sha: git.blob_sizes[sha] for sha in ids}


def blobs(git: Git, ids: Iterable[str], *, max_bytes: int) -> Iterator[tuple[str, bytes]]:
    """Yield id and content of each distinct blob, in the order given; those above `max_bytes` are left out.

    One process for all; one blob at a time is in memory. A missing object is a GitError.
    """
    wanted = {sha: size for sha, size in sizes(git, ids).items() if size <= max_bytes}
    if not wanted:
        return
    last = next(reversed(wanted))
    with git.objects.ask("contents", wanted) as answers:
        for sha, size in wanted.items():
            header = _header(text(answers.line()))
            if header != (sha, "blob", size):
                raise GitError(f"object {sha} cannot be read", hint=MISSING_HINT)
            content = answers.exactly(size)
            answers.exactly(1)
            if sha != last:
                yield sha, content
    # When nothing is left to be read, the process is free for others, even if nobody asks this iterator again.
    yield last, content


def tree(git: Git, commit: str) -> tuple[TreeEntry, ...]:
    """Return all files of a commit's tree in byte order of paths, submodules and links included."""
    return tuple(
        sorted(_entries(git, "-r", "-z", "--long", "--full-tree", commit), key=lambda e: path_bytes(e.path))
    )


def entry(git: Git, commit: str, path: str) -> TreeEntry | None:
    """Return the file at `path`, or None if there is none; a folder is none."""
    if not path or path.endswith("/"):
        return None
    found = _entries(git, "-z", "--long", "--full-tree", commit, "--", f":(top,literal){argument(path)}")
    return next((entry for entry in list(found) if entry.path == path), None)


def below(git: Git, commit: str, folder: str) -> tuple[TreeEntry, ...]:
    """Return all files below a folder, or all of the tree for `.`."""
    where = [] if folder == "." else ["--", f":(top,literal){argument(folder)}/"]
    return tuple(_entries(git, "-r", "-z", "--long", "--full-tree", commit, *where))


def paths(git: Git, commit: str) -> tuple[str, ...]:
    """Return all paths of a commit's tree in byte order."""
    raw = git.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit).out
    return tuple(checked_path(path) for path in sorted(raw.split(b"\0")) if path)


def checked_path(raw: bytes) -> str:
    """Return a path of a tree as text. Raises GitError for one that git itself would never check out.

    Only a handmade tree object holds such a name; written to disk it could leave its folder.
    """
    for part in raw.split(b"/"):
        if part in {b"", b".", b".."} or part.lower() == b".git":
            raise GitError(
                f"the tree holds an impossible path: {text(raw)!r}",
                hint="the tree was made by hand to attack its readers: refuse the change (`git fsck` names the tree)",
            )
    return text(raw)


def _entries(git: Git, *arguments: str) -> Iterator[TreeEntry]:
    for row in fields(git.stream("ls-tree", *arguments), b"\0"):
        facts, _, path = row.partition(b"\t")
        mode, kind, blob, size = text(facts).split()
        if kind == "tree":
            continue
        if mode != GITLINK and not size.isdigit():
            raise GitError(f"{text(path)}: object {blob} is missing from this clone", hint=MISSING_HINT)
        yield TreeEntry(checked_path(path), mode, blob, int(size) if size.isdigit() else 0)


def _header(line: str) -> Header | None:
    parts = line.split(" ")
    if len(parts) == 3 and parts[2].isdigit() and FULL_ID.fullmatch(parts[0]):
        return Header(parts[0], parts[1], int(parts[2]))
    return None


def argument(path: str) -> str:
    """A path as the text that becomes exactly its bytes in the child's argument list."""
    return os.fsdecode(path_bytes(path))
