"""Records as numbered files of one folder.

The name of a file is its number in the chain, and it is linked into the folder only when it is complete. So the
file system itself lets one writer have a number and tells the others, on local disks and network shares alike.
"""

from __future__ import annotations

import errno
import os
import re
import tempfile
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from gate.core.evidence.chain import Ends, Stored
from gate.core.evidence.envelope import MAX_BYTES, end_of
from gate.core.evidence.place import SUFFIX
from gate.errors import EvidenceError
from gate.turns import turn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gate.core.evidence.chain import Make

_NAME = re.compile(r"(\d{9,12})\.evidence\.json")
#: Seconds of trying against other writers before giving up.
PATIENCE_SECONDS = 120
_HINTS = {
    errno.ENOSPC: "The disk is full. Free some space and run the command again; no record was lost.",
    errno.EDQUOT: "The quota is used up. Free some space and run the command again; no record was lost.",
    errno.EROFS: "The file system is read-only. Give another store, or mount it writable.",
    errno.EACCES: "Give the account of this job the right to write there.",
    errno.EPERM: "Give the account of this job the right to write there.",
}


class FileStore:
    """The records of the folder `folder`, which the first record creates."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.name = f"files:{folder}"

    def read(self) -> Iterator[Stored]:
        for number, name in self._numbered():
            yield self._stored(number, name)

    def newest(self, most: int) -> list[Stored]:
        if not self._folder.exists():
            return []
        return [self._stored(number, name) for number, name in self._numbered()[-most:]]

    def share(self) -> None:
        pass  # it is in one place only

    def append(self, make: Make) -> Stored:
        with _told(self._folder, "left"):
            self._folder.mkdir(parents=True, exist_ok=True)
            with turn(self._folder / ".turn", seconds=PATIENCE_SECONDS):
                return self._append(make)

    def _append(self, make: Make) -> Stored:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            ends = self._ends()
            name = f"{ends.number + 1:09}{SUFFIX}"
            data = make(ends)
            if self._put(name, data):
                return Stored(place=name, data=data, order=ends.number + 1)
        raise EvidenceError(
            f"{self._folder}: no record could be left there, other writers were faster for {PATIENCE_SECONDS} seconds",
            hint="Run the command again.",
        )

    def _put(self, name: str, data: bytes) -> bool:
        """Whether the file has its name now; False if another writer took it."""
        descriptor, temporary = tempfile.mkstemp(prefix=".new-", dir=self._folder)
        try:
            with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor
                file.write(data)
                file.flush()
                os.fchmod(file.fileno(), 0o444)
                os.fsync(file.fileno())
            try:
                os.link(temporary, self._folder / name)
            except FileExistsError:
                return False
        finally:
            with suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108 - a text path
        _sync(self._folder)
        return True

    def _ends(self) -> Ends:
        last = self.newest(1)
        if not last:
            return Ends()
        try:
            ends = end_of(last[0].data)
        except ValueError as error:
            raise EvidenceError(
                f"{self._folder / last[0].place}: the newest record cannot be read: {error}",
                hint="Nothing was added behind it. See `gate evidence verify`, and restore the file from a copy.",
            ) from error
        if ends.number != last[0].order:
            raise EvidenceError(
                f"{self._folder / last[0].place}: says that it is number {ends.number}",
                hint="Nothing was added behind it. See `gate evidence verify`, and restore the folder from a copy.",
            )
        return ends

    def _numbered(self) -> list[tuple[int, str]]:
        with _told(self._folder, "read"), os.scandir(self._folder) as entries:
            found = [
                (int(match[1]), entry.name) for entry in entries if (match := _NAME.fullmatch(entry.name))
            ]
        return sorted(found)

    def _stored(self, number: int, name: str) -> Stored:
        with _told(self._folder / name, "read"):
            descriptor = os.open(self._folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor
                return Stored(place=name, data=file.read(MAX_BYTES + 1), order=number)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _told(place: Path, what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        hint = "Check the path of the store."
        if what == "left" and error.errno is not None:
            hint = _HINTS.get(error.errno, hint)
        raise EvidenceError(
            f"{place}: records could not be {what}: {error.strerror or error}", hint=hint
        ) from error
