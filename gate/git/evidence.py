"""Records of verdicts under a ref of the repository itself: append only, by compare and swap.

Each record is a file of the tree that the ref names, and each one added is a commit: so the ref carries a second
chain, and whoever may not force it cannot remove anything. The file `ends` only saves reading every record.
"""

from __future__ import annotations

import random
import re
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Protocol

from gate.core.evidence.chain import Ends, Stored
from gate.core.evidence.ends import joined, read_ends, write_ends
from gate.core.evidence.envelope import MAX_BYTES, end_of
from gate.core.evidence.place import path_of
from gate.errors import EvidenceError, GitError
from gate.git import objects
from gate.git.command import fields, text
from gate.turns import turn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gate.core.evidence.chain import Make
    from gate.git.command import Git

#: Seconds of trying against other writers before giving up.
PATIENCE_SECONDS = 120
ENDS = "ends"
_PATH = re.compile(r"([0-9a-f]{2})/([0-9a-f]{62})\.evidence\.json")
_AUTHOR = "ai-merge-gate <ai-merge-gate@localhost>"
#: What is written must be on the disk before it is reported as there.
_SAFE = ("core.fsync=committed,reference", "gc.auto=0", "maintenance.auto=false")


class Remote(Protocol):
    """Where a ref is shared: another repository, asked with whatever rights the user or the job has."""

    name: str

    def fetch(self, ref: str, to: str) -> bool:
        """Bring the remote's ref under the name `to`; False if the remote does not have it."""

    def push(self, ref: str) -> bool:
        """Push the ref under the same name; False if the remote's one is not an ancestor of it."""


class GitRecords:
    """The records under `ref` of one repository. `git` writes to it, `lock` is a file beside its objects.

    With a `remote` a record counts as left only when it is there, too; histories that grew apart are joined.
    """

    def __init__(self, git: Git, ref: str, lock: Path, remote: Remote | None = None) -> None:
        self.name = f"git:{ref}"
        self._git = git.with_settings(*_SAFE)
        self._ref = ref
        self._lock = lock
        self._remote = remote

    @property
    def exists(self) -> bool:
        """Whether this clone has the ref."""
        return self._tip() is not None

    def read(self) -> Iterator[Stored]:
        tip = self._needed_tip()
        listed = self._listed(tip)
        yield from self._stored(listed)

    def newest(self, most: int) -> list[Stored]:
        if self._remote is not None:
            with self._turn():
                self._receive(self._remote)
        tip = self._tip()
        if tip is None:
            return []
        files = ("--name-only", "--no-renames", "--diff-filter=A")
        shown = self._git.run("log", "-m", "-z", f"-{most}", "--format=", *files, tip, "--")
        names = list(dict.fromkeys(name for name in shown.text.split("\0") if _PATH.fullmatch(name)))[:most]
        listed = self._listed(tip, names) if names else {}
        return list(self._stored(listed))

    def share(self) -> None:
        """Push what a run before this one may have left here only."""
        if self._remote is not None and self.exists:
            with self._turn():
                self._receive(self._remote)
                self._send(self._remote)

    def append(self, make: Make) -> Stored:
        with self._turn():
            if self._remote is not None:
                self._receive(self._remote)
            stored = self._append(make)
            if self._remote is not None:
                self._send(self._remote)
        return stored

    def _append(self, make: Make) -> Stored:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            tip = self._tip()
            ends = self._ends(tip)
            data = make(ends)
            end = end_of(data)
            (digest,) = end.digests
            path = path_of(digest)
            files = [_inline(path, data), _inline(ENDS, write_ends(end))]
            if self._commit(f"Record {end.number}: {digest}\n", tip, (), files):
                return Stored(place=path, data=data)
        raise self._error(
            f"no record could be left, other writers were faster for {PATIENCE_SECONDS} seconds",
            "Run the command again.",
        )

    # -- reading ---------------------------------------------------------------------------------------

    def _tip(self, ref: str = "") -> str | None:
        with self._git.objects.ask("info", [f"{ref or self._ref}^{{commit}}"]) as reader:
            found = text(reader.line()).split(" ")
        if len(found) == 3 and found[1] == "commit":
            return found[0]
        present = self._git.run("for-each-ref", "--format=%(objectname)", ref or self._ref)
        if present.text or "broken" in present.err:
            raise self._error("the ref is broken", "Check the clone with `git fsck`, or fetch the ref again.")
        return None

    def _needed_tip(self) -> str:
        tip = self._tip()
        if tip is None:
            raise self._error(
                "this clone does not have the ref",
                f"If records were left elsewhere, fetch them: git fetch origin {self._ref}:{self._ref}",
            )
        return tip

    def _listed(self, tip: str, names: list[str] | None = None) -> dict[str, str]:
        """Blobs by path, in byte order of paths."""
        wanted = ["--", *names] if names else []
        found = {}
        for row in fields(self._git.stream("ls-tree", "-r", "-z", "--full-tree", tip, *wanted), b"\0"):
            facts, _, path = row.partition(b"\t")
            if path != ENDS.encode():
                found[text(path)] = text(facts).split(" ")[2]
        return found

    def _stored(self, listed: dict[str, str]) -> Iterator[Stored]:
        users: dict[str, list[str]] = {}
        for path, blob in listed.items():
            users.setdefault(blob, []).append(path)
        try:
            for blob, content in objects.blobs(self._git, list(users), max_bytes=MAX_BYTES):
                yield from (Stored(place=path, data=content) for path in users.pop(blob))
        except GitError as error:
            raise self._error(f"records cannot be read: {error.message}", error.hint or "") from error
        for paths in users.values():  # larger than any record: its reader refuses it
            yield from (Stored(place=path, data=b" " * (MAX_BYTES + 1)) for path in paths)

    def _ends(self, tip: str | None) -> Ends:
        if tip is None:
            return Ends()
        ends = read_ends(self._small_file(f"{tip}:{ENDS}"))
        paths = [f"{tip}:{path_of(digest)}" for digest in ends.digests] if ends else []
        with self._git.objects.ask("info", paths) as reader:
            there = [b" blob " in reader.line() for _ in paths]
        if ends is None or not there or not all(there):
            raise self._error(
                f"its file {ENDS!r} does not name the newest records",
                "Nothing was added. See `gate evidence verify`, and restore the ref from another clone.",
            )
        return ends

    def _small_file(self, name: str) -> bytes:
        """The content of a file that a writer needs; nothing if it is not there, or is none of ours."""
        with self._git.objects.ask("contents", [name]) as reader:
            head = text(reader.line()).split(" ")
            if len(head) != 3 or head[1] != "blob":
                return b""
            if int(head[2]) > MAX_BYTES:
                raise self._error(
                    f"its file {ENDS!r} is none of this program", "Restore the ref from another clone."
                )
            content = reader.exactly(int(head[2]))
            reader.exactly(1)
        return content

    # -- writing ---------------------------------------------------------------------------------------

    def _commit(self, message: str, tip: str | None, others: tuple[str, ...], files: list[bytes]) -> bool:
        """Put files on top of `tip`; False if the ref is not at `tip` any more."""
        words = message.encode()
        head = f"commit {self._ref}\ncommitter {_AUTHOR} now\ndata {len(words)}\n".encode() + words
        parents = (f"from {tip}\n" if tip else "") + "".join(f"merge {other}\n" for other in others)
        stream = head + parents.encode() + b"".join(files) + b"done\n"
        done = self._git.run(
            "fast-import", "--quiet", "--done", "--date-format=now", stdin=stream, codes=range(256)
        )
        if done.code == 0:
            return True
        moved = "Not updating" in done.err or "cannot lock ref" in done.err or "Unable to create" in done.err
        if (
            moved
            and "No space" not in done.err
            and "Permission" not in done.err
            and "Read-only" not in done.err
        ):
            return False
        told = " ".join(done.err.split())[:300]
        raise self._error(
            f"the record could not be left: git fast-import ended with {done.code}: {told}",
            "Check the rights on the repository, the space on its disk, and `git fsck`. No record was lost.",
        )

    def _receive(self, remote: Remote) -> None:
        """Bring what the remote has; histories that grew apart are joined."""
        with suppress(GitError):
            self._git.run("update-ref", "-d", self._other)
        if not remote.fetch(self._ref, self._other):
            return
        for _ in range(20):
            theirs, ours = self._tip(self._other), self._tip()
            if theirs is None or theirs == ours or self._contains(ours, theirs):
                return
            if ours is None or self._contains(theirs, ours):
                old = ours or "0" * len(theirs)
                if self._git.run("update-ref", self._ref, theirs, old, codes=range(256)).code == 0:
                    return
            elif self._join(ours, theirs):
                return

    def _send(self, remote: Remote) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while not remote.push(self._ref):
            if time.monotonic() > until:
                break
            time.sleep(random.uniform(0, 0.5))  # noqa: S311 - so that two who met do not meet again
            self._receive(remote)
        else:
            return
        raise self._error(
            f"{remote.name} took no record, other writers were faster for {PATIENCE_SECONDS} seconds",
            f"The record is in this clone. Push it: git push {remote.name} {self._ref}",
        )

    @property
    def _other(self) -> str:
        return f"refs/gate/evidence/{self._ref.removeprefix('refs/')}"

    def _contains(self, tip: str | None, commit: str) -> bool:
        return tip is not None and (
            self._git.run("merge-base", "--is-ancestor", commit, tip, codes=(0, 1)).code == 0
        )

    def _join(self, ours: str, theirs: str) -> bool:
        """Put both histories into one commit: all records of both; the next record names the ends of both."""
        mine, other = self._listed(ours), self._listed(theirs)
        ends = joined(self._ends(ours), mine.keys(), self._ends(theirs), other.keys())
        more = [f"M 100644 {blob} {path}\n".encode() for path, blob in other.items() if path not in mine]
        return self._commit(
            "Join records that were left at the same time\n",
            ours,
            (theirs,),
            [*more, _inline(ENDS, write_ends(ends))],
        )

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Let writers of this machine wait for each other: it only saves vain attempts."""
        try:
            with turn(self._lock, seconds=PATIENCE_SECONDS):
                try:
                    yield
                except GitError as error:
                    raise self._error(error.message, error.hint or "") from error
        except OSError as error:
            raise self._error(
                f"the record could not be left: {error.strerror or error}",
                "Give the account of this job the right to write to the repository, or give another store.",
            ) from error

    def _error(self, message: str, hint: str) -> EvidenceError:
        return EvidenceError(f"{self._ref}: {message}", hint=hint)


def _inline(path: str, data: bytes) -> bytes:
    return f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n"
