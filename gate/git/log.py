"""The commits of a history as `git log` prints them, in one stream."""

from __future__ import annotations

import re
from threading import Thread
from typing import TYPE_CHECKING

from gate.core.change import RawCommit
from gate.errors import GitError
from gate.git.command import Git, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

FULL_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_RAW_ID = re.compile(rb"[0-9a-f]{40}|[0-9a-f]{64}")
#: Commits that are handed on at once: their messages fill a processor's cache, and a bar moves often enough.
BATCH = 1_000
#: Nine fields; each ends in NUL, which git cannot print inside of one.
FORMAT = "%H%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B"
FIELDS = 9
_LOG = (
    "log",
    "-z",
    "--no-patch",
    "--no-show-signature",
    "--no-notes",
    "--no-color",
    "--no-mailmap",
    "--encoding=UTF-8",
    f"--format={FORMAT}",
)


def batches(
    git: Git,
    tip: str,
    *,
    since: str | None = None,
    order: str | None = None,
    counted: Callable[[int], None] | None = None,
) -> Iterator[list[RawCommit]]:
    """Yield the same commits by BATCH, as bytes, in git's default order, which starts at once; or in `order`.

    Calls `counted` with their number as soon as git has counted them, from another thread. Raises GitError at
    the end if git did not print all of them.
    """
    revisions = tip if since is None else f"{since}..{tip}"
    printed = _log(git, *([order] if order else []), "--end-of-options", revisions, "--")
    if counted is None and since is None:
        yield from closed(printed)
        return
    number = _Count(git, revisions, counted or (lambda _: None))
    number.start()
    found = 0
    try:
        for batch in printed:
            found += len(batch)
            yield batch
    finally:
        number.join()
    if number.answer() != found:
        raise GitError(
            f"{revisions}: git printed {found} commits and counts {number.answer()}",
            hint="check with `git fsck`",
        )


def closed(printed: Iterable[list[RawCommit]]) -> Iterator[list[RawCommit]]:
    """Yield a whole history. Raises GitError at the end if the parent of a commit is not in it.

    That spares the second walk of a count. A child with a wrong clock can come behind its parent, so all ids are
    kept, as bytes in rows.
    """
    awaited: set[bytes] = set()
    rows: list[bytes] = []
    for batch in printed:
        ids = [raw.sha for raw in batch]
        awaited.update(b" ".join([raw.parents for raw in batch]).split())
        awaited.difference_update(ids)
        rows.append(b" ".join(ids))
        yield batch
    for row in rows if awaited else ():
        awaited.difference_update(row.split())
    if awaited:
        raise GitError(
            f"git log left out {len(awaited):,} commit{'s' * (len(awaited) > 1)}, such as {text(min(awaited))}",
            hint="check with `git fsck`",
        )


def batches_by_id(git: Git, shas: Iterable[str]) -> Iterator[list[RawCommit]]:
    """Yield the same commits by BATCH, as bytes."""
    shas = list(dict.fromkeys(shas))
    for sha in shas:
        if not FULL_ID.fullmatch(sha):
            raise GitError(f"{sha!r} is not a full commit id", hint="resolve it first")
    if not shas:
        return
    asked = "".join(f"{sha}\n" for sha in shas).encode()
    wanted = iter(shas)
    for batch in _log(git, "--no-walk=unsorted", "--stdin", stdin=asked):
        for raw in batch:  # a tree is left out without a word, a tag gives the commit it names
            expected = next(wanted, None)
            if expected is None:
                raise GitError(
                    "git log printed more commits than were asked for", hint="check with `git fsck`"
                )
            if raw.sha.decode() != expected:
                raise _no_commit(expected)
        yield batch
    left_out = next(wanted, None)
    if left_out is not None:
        raise _no_commit(left_out)


def batches_beside(
    git: Git, tips: Iterable[str], without: Iterable[str], *, most: int
) -> Iterator[list[RawCommit]]:
    """Yield commits reachable from `tips` and not from `without`, children first, at most `most`, by BATCH."""
    asked = "".join([*(f"{sha}\n" for sha in tips), *(f"^{sha}\n" for sha in without)]).encode()
    yield from _log(git, "--topo-order", f"--max-count={most}", "--stdin", stdin=asked)


class _Count(Thread):
    """Counts commits beside the process that prints them."""

    def __init__(self, git: Git, revisions: str, counted: Callable[[int], None]) -> None:
        super().__init__(daemon=True)
        self._git, self._revisions, self._counted = git, revisions, counted
        self._answer: int | GitError | None = None

    def run(self) -> None:
        try:
            self._answer = int(
                self._git.run("rev-list", "--count", "--end-of-options", self._revisions, "--").text
            )
        except GitError as error:
            self._answer = error
        else:
            self._counted(self._answer)

    def answer(self) -> int:
        """Return the number, once the thread has ended. Raises GitError if git could not count."""
        if isinstance(self._answer, int):
            return self._answer
        raise self._answer or GitError("git did not count the commits", hint="check with `git fsck`")


def _log(git: Git, *arguments: str, stdin: bytes = b"") -> Iterator[list[RawCommit]]:
    """Yield the commits that git prints, by BATCH."""
    held: list[bytes] = []
    for piece in words(git.stream(*_LOG, *arguments, stdin=stdin)):
        held += piece
        while len(held) >= BATCH * FIELDS:
            yield _records(held[: BATCH * FIELDS])
            del held[: BATCH * FIELDS]
    if held:
        yield _records(held)


def words(chunks: Iterator[bytes]) -> Iterator[list[bytes]]:
    """Yield what stands before each NUL, several at once; a rest without one comes last if not empty."""
    pending: list[bytes] = []
    for chunk in chunks:
        first, *others = chunk.split(b"\0")
        pending.append(first)
        if others:
            yield [b"".join(pending), *others[:-1]]
            pending = others[-1:]
    if rest := b"".join(pending):
        yield [rest]


def _records(row: list[bytes]) -> list[RawCommit]:
    if b"%aI" in row[4::FIELDS] or b"%cI" in row[7::FIELDS]:  # what git prints for a date it cannot read
        row = [b"" if at % FIELDS in (4, 7) and word[:1] == b"%" else word for at, word in enumerate(row)]
    found = list(map(RawCommit._make, zip(*[iter(row)] * FIELDS, strict=False)))
    broken = next((raw.sha for raw in found if not _RAW_ID.fullmatch(raw.sha)), None)
    if broken is None and len(row) % FIELDS:
        broken = row[len(found) * FIELDS]
    if broken is not None:
        raise GitError(
            f"git log printed a broken record: {text(broken)[:100]!r}", hint="check with `git fsck`"
        )
    return found


def _no_commit(sha: str) -> GitError:
    return GitError(f"object {sha} is not a commit", hint="give ids of commits, not of tags or trees")
