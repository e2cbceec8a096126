"""Records in an SQLite database. Triggers refuse to change or delete a row, whoever asks."""

from __future__ import annotations

import os
import sqlite3
from contextlib import AbstractContextManager, closing, contextmanager
from typing import TYPE_CHECKING

from gate.core.evidence.chain import Ends, Stored
from gate.core.evidence.envelope import end_of
from gate.errors import EvidenceError
from gate.evidence.newest import newest_end
from gate.turns import turn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gate.core.evidence.chain import Make

#: Seconds of waiting for other writers.
PATIENCE_SECONDS = 120
_TABLE = """
CREATE TABLE IF NOT EXISTS gate_evidence (
  number INTEGER PRIMARY KEY CHECK (number > 0), digest TEXT NOT NULL UNIQUE, envelope BLOB NOT NULL)
"""
_GUARD = """
CREATE TRIGGER IF NOT EXISTS gate_evidence_no_{0} BEFORE {0} ON gate_evidence
BEGIN SELECT RAISE(ABORT, 'records of verdicts are never changed'); END
"""
_HINTS = {
    "SQLITE_BUSY": "Another program holds the database. Run the command again; no record was lost.",
    "SQLITE_FULL": "The disk is full. Free some space and run the command again; no record was lost.",
    "SQLITE_READONLY": "Give the account of this job the right to write to the file and its folder.",
    "SQLITE_CANTOPEN": "Check the path of the store and the rights on its folder.",
    "SQLITE_NOTADB": "The file is no SQLite database: check the path of the store.",
    "SQLITE_CORRUPT": "Restore the file from a copy.",
}


class SqliteStore:
    """The records of the database file `path`, which the first record creates."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = f"sqlite:{path}"

    def read(self) -> Iterator[Stored]:
        yield from self._rows("ORDER BY number", ())

    def newest(self, most: int) -> list[Stored]:
        # A first record for which there was no room leaves an empty file behind.
        if not self._path.exists() or not self._path.stat().st_size:
            return []
        return list(self._rows("ORDER BY number DESC LIMIT ?", (most,)))

    def share(self) -> None:
        pass  # it is in one place only

    def append(self, make: Make) -> Stored:
        # SQLite lets whoever asks at the right moment go first: among many, one may never be asked.
        with self._told("left"), self._turn(), closing(self._connect(write=True)) as database:
            database.execute("PRAGMA synchronous = FULL")
            database.execute("BEGIN IMMEDIATE")
            try:
                for statement in (_TABLE, _GUARD.format("UPDATE"), _GUARD.format("DELETE")):
                    database.execute(statement)
                ends = self._ends(database)
                data = make(ends)
                database.execute(
                    "INSERT INTO gate_evidence (number, digest, envelope) VALUES (?, ?, ?)",
                    (ends.number + 1, end_of(data).digests[0], data),
                )
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")
        return Stored(place=f"row {ends.number + 1}", data=data, order=ends.number + 1)

    def _turn(self) -> AbstractContextManager[None]:
        return turn(self._path.with_name(f"{self._path.name}.turn"), seconds=PATIENCE_SECONDS)

    def _ends(self, database: sqlite3.Connection) -> Ends:
        row = database.execute(
            "SELECT number, envelope FROM gate_evidence ORDER BY number DESC LIMIT 1"
        ).fetchone()
        return newest_end(self.name, (row[0], _bytes(row[1])) if row else None)

    def _rows(self, rest: str, values: tuple[int, ...]) -> Iterator[Stored]:
        with self._told("read"), closing(self._connect(write=False)) as database:
            for number, envelope in database.execute(
                f"SELECT number, envelope FROM gate_evidence {rest}",  # noqa: S608 - a constant
                values,
            ):
                yield Stored(place=f"row {number}", data=_bytes(envelope), order=number)

    def _connect(self, *, write: bool) -> sqlite3.Connection:
        if not write and not self._path.is_file():
            raise EvidenceError(
                f"{self._path}: records could not be read: there is no such file",
                hint="Check the path of the store. The first record creates it.",
            )
        mode = "rwc"
        if not write:
            # Who may write also reads so: what a killed writer left behind is rolled back by whoever comes next.
            mode = "rw" if os.access(self._path, os.W_OK) and os.access(self._path.parent, os.W_OK) else "ro"
        uri = f"{self._path.absolute().as_uri()}?mode={mode}"
        return sqlite3.connect(uri, uri=True, timeout=PATIENCE_SECONDS, isolation_level=None)

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise EvidenceError(
                f"{self._path}: records could not be {what}: {error.strerror or error}",
                hint="Check the path of the store and the rights on its folder.",
            ) from error
        except sqlite3.Error as error:
            name = getattr(error, "sqlite_errorname", "")
            hint = next((text for key, text in _HINTS.items() if name.startswith(key)), "Check the database.")
            if "no such table" in str(error):
                hint = "The database holds no records: check the path of the store."
            raise EvidenceError(f"{self._path}: records could not be {what}: {error}", hint=hint) from error


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
