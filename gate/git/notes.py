"""Notes on commits: which there are under a ref, and what they hold."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from gate.errors import GitError
from gate.git import objects
from gate.git.command import Git, fields, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

#: The refs that are read, by the name that reports have for the source.
NOTES_REFS = {"notes_ai": "refs/notes/ai", "notes_agentblame": "refs/notes/agentblame"}

_COMMIT = re.compile(rb"[0-9a-f]{40}|[0-9a-f]{64}")


class StoredNote(NamedTuple):
    """A note of a commit; without `content`, `problem` says why it cannot be had."""

    commit: str
    content: bytes | None
    problem: str | None = None


class NotesRef:
    """The notes under one ref, listed when first asked for, with one git process.

    `source` is a key of NOTES_REFS, or the full name of another ref. `target` is the id that the ref names, None if
    the clone does not have the ref. `problem` says why the ref cannot be read.
    """

    def __init__(self, git: Git, source: str, target: str | None, problem: str | None = None) -> None:
        self.source = source
        self.name = NOTES_REFS.get(source, source)
        self._git = git
        self._target = target
        self._problem = problem

    @property
    def exists(self) -> bool:
        return self._target is not None or self._problem is not None

    @cached_property
    def problem(self) -> str | None:
        """Why the notes cannot be listed, None if they can."""
        return self._problem or self._listed[1]

    @property
    def commits(self) -> Iterable[str]:
        """The full ids of all commits that have a note, present in this clone or not."""
        return self._listed[0].keys()

    def of(self, commits: Iterable[str], *, max_bytes: int) -> Iterator[StoredNote]:
        """Yield the notes of these commits, in no particular order; one of them is in memory at a time.

        Two notes of one commit (git lets a tree hold them under two names) are both given.
        """
        listed = self._listed[0]
        rows = [(commit, blob) for commit in commits for blob in listed.get(commit, ())]
        if not rows:
            return
        blobs = list(dict.fromkeys(blob for _, blob in rows))
        headers = dict(zip(blobs, objects.headers(self._git, blobs), strict=True))
        problems = _problems(headers, max_bytes)
        self._git.blob_sizes.update((blob, head.size) for blob, head in headers.items() if head is not None)
        users: dict[str, list[str]] = {}
        for commit, blob in rows:
            users.setdefault(blob, []).append(commit)
            if blob in problems:
                yield StoredNote(commit, None, problems[blob])
        good = [blob for blob in blobs if blob not in problems]
        for blob, content in objects.blobs(self._git, good, max_bytes=max_bytes):
            for commit in users[blob]:
                yield StoredNote(commit, content)

    @cached_property
    def _listed(self) -> tuple[Mapping[str, Sequence[str]], str | None]:
        """Blobs of notes by commit, and what went wrong. Folders only spread the ids: names are joined."""
        found: dict[str, list[str]] = {}
        if self._target is None:
            return found, None
        try:
            for row in fields(
                self._git.stream("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", self._target),
                b"\0",
            ):
                facts, _, path = row.partition(b"\t")
                name = path.replace(b"/", b"").lower()
                if _COMMIT.fullmatch(name):
                    found.setdefault(text(name), []).append(text(facts).split(" ")[2])
        except GitError as error:
            return {}, error.message
        return found, None


def _problems(headers: Mapping[str, objects.Header | None], max_bytes: int) -> dict[str, str]:
    problems = {}
    for blob, header in headers.items():
        if header is None:
            problems[blob] = "its content is missing from this clone"
        elif header.kind != "blob":
            problems[blob] = f"it is a {header.kind} and not a text"
        elif header.size > max_bytes:
            problems[blob] = f"it has {header.size:,} bytes, more than the {max_bytes:,} that are read"
    return problems
