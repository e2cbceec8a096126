"""A store on disk for what scanners said, shared by runs side by side and never trusted more than it deserves.

One SQLite file, one row an entry: key, day of last use, seal, body. It survives a kill at any moment (SQLite's
rollback journal), a second job at the same time (a lock that is waited for, then done without), a full disk
and a broken file (it is thrown away): every trouble is a miss, never an error of the run.

Whoever can write the file could make the gate believe that a file is clean. Hence: only a regular file of the
same user that nobody else may write is opened; its schema must be exactly ours; every entry carries a seal,
an HMAC under the secret in GATE_CACHE_KEY. Without that secret the seal only detects damage, and the file is as
trustworthy as the place it lies in.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import itertools
import os
import sqlite3
import stat
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from gate.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: The number is part of the name, so that another layout never meets an older gate.
FILE_NAME = "results-1.sqlite"
#: Size of the file above which entries go that were not used for the longest time.
MAX_BYTES = 256_000_000
#: Seconds to wait for another job's lock.
_WAIT_SECONDS = 2.0
_DAY_SECONDS = 86_400
_SEAL_BYTES = 16
#: Everything that was ever declared; the index that SQLite makes by itself for a key has no text.
_LOOK = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
_SCHEMA = (
    "CREATE TABLE entries (key BLOB PRIMARY KEY, engine TEXT NOT NULL, day INTEGER NOT NULL, "
    "seal BLOB NOT NULL, body BLOB NOT NULL)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """What a cache holds. `bytes` is the size of the file; `engines` maps a tool's name and version to entries."""

    path: Path
    bytes: int = 0
    entries: int = 0
    engines: Mapping[str, int] = field(default_factory=dict)
    sealed: bool = False
    trouble: str = ""


class Cache:
    """The entries of one folder. Use `open`; a context manager that closes the file at its end.

    `trouble` says why nothing can be read or stored, empty if all is well. `made_anew` says that the file that
    was there was damaged or foreign, and is gone.
    """

    def __init__(self, path: Path, secret: bytes, today: int) -> None:
        self.path = path
        self.trouble = ""
        self.made_anew = False
        self._secret = secret
        self._today = today
        self._database: sqlite3.Connection | None = None
        self._used: set[bytes] = set()

    @classmethod
    def open(cls, folder: Path, *, secret: bytes = b"", now_seconds: float | None = None) -> Self:
        """Open the cache in `folder`, which is made if need be. Never raises: see `trouble`."""
        now = time.time() if now_seconds is None else now_seconds
        cache = cls(folder / FILE_NAME, secret, int(now // _DAY_SECONDS))
        cache.trouble = cache._prepare(folder) or cache._connect()
        return cache

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, key: bytes) -> bytes | None:
        """Return the body stored under a key, or None."""
        if self._database is None:
            return None
        try:
            row = self._database.execute(
                "SELECT day, seal, body FROM entries WHERE key = ?", (key,)
            ).fetchone()
        except (sqlite3.Error, OSError) as error:
            self._give_up(error)
            return None
        if row is None:
            return None
        day, seal, body = row
        if not isinstance(body, bytes) or not isinstance(seal, bytes):
            return None
        if not hmac.compare_digest(seal, self._seal(key, body)):
            return None
        if day != self._today:
            self._used.add(key)
        return body

    def put(self, engine: str, entries: Mapping[bytes, bytes]) -> None:
        """Store bodies under their keys, all or none. `engine` is for people: who said it."""
        if self._database is None or not entries:
            return
        rows = [(key, engine, self._today, self._seal(key, body), body) for key, body in entries.items()]
        try:
            with self._database:
                self._database.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?)", rows)
        except (sqlite3.Error, OSError) as error:
            self._give_up(error)

    def close(self) -> None:
        """Note what was used, let go of what is too much, and close the file."""
        if self._database is None:
            return
        with contextlib.suppress(sqlite3.Error, OSError):
            if self._used:
                with self._database:
                    rows = [(self._today, key) for key in self._used]
                    self._database.executemany("UPDATE entries SET day = ? WHERE key = ?", rows)
            self._shrink()
        with contextlib.suppress(sqlite3.Error, OSError):
            self._database.close()
        self._database = None

    def info(self) -> Info:
        """Count what is stored."""
        sealed = bool(self._secret)
        if self._database is None:
            return Info(path=self.path, sealed=sealed, trouble=self.trouble)
        try:
            rows = self._database.execute(
                "SELECT engine, count(*) FROM entries GROUP BY engine ORDER BY engine"
            )
            engines = {str(engine): int(count) for engine, count in rows}
            size = self.path.stat().st_size
        except (sqlite3.Error, OSError) as error:
            return Info(path=self.path, sealed=sealed, trouble=str(error))
        return Info(path=self.path, bytes=size, entries=sum(engines.values()), engines=engines, sealed=sealed)

    def _prepare(self, folder: Path) -> str:
        """Return why the place cannot be used, or nothing."""
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            return f"{folder}: cannot be made: {error.strerror}"
        for path in (folder, self.path, self.path.with_name(f"{FILE_NAME}-journal")):
            try:
                facts = path.lstat()
            except FileNotFoundError:
                continue
            except OSError as error:
                return f"{path}: {error.strerror}"
            if not (stat.S_ISDIR(facts.st_mode) if path == folder else stat.S_ISREG(facts.st_mode)):
                return f"{path}: is no regular file or folder"
            if facts.st_uid != os.geteuid():
                return f"{path}: belongs to another user"
            if facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and path != folder:
                return f"{path}: others may write it"
            if facts.st_nlink > 1 and path != folder:
                return f"{path}: has a second name, under which others may write it"
        return ""

    def _connect(self) -> str:
        """Open the file, or make it anew if it is broken; return why that cannot be done."""
        try:
            for _ in range(2):
                try:
                    self._database = self._open()
                except _NotOurs:
                    self._close_at_once()
                except sqlite3.Error as error:
                    self._close_at_once()
                    if not _is_broken(error):
                        return f"{self.path}: {error}"
                else:
                    return ""
                remove(self.path)
                self.made_anew = True
        except (OSError, UsageError) as error:
            return str(error)
        return f"{self.path}: cannot be made anew"

    def _open(self) -> sqlite3.Connection:
        is_new = not self.path.exists()
        if is_new:
            with contextlib.suppress(FileExistsError):
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
        # Scanners run in threads of their own; calls are made one after the other all the same.
        self._database = database = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, check_same_thread=False)
        database.execute("PRAGMA trusted_schema = OFF")
        database.execute("PRAGMA cell_size_check = ON")
        # A kill of the process loses nothing; after a crash of the machine a broken file is made anew.
        database.execute("PRAGMA synchronous = OFF")
        found = database.execute(_LOOK).fetchall()
        if not found:
            # The error means that another job has just made it.
            with contextlib.suppress(sqlite3.OperationalError), database:
                database.execute(_SCHEMA)
            found = database.execute(_LOOK).fetchall()
        if found != [("table", "entries", _SCHEMA)]:
            raise _NotOurs
        return database

    def _shrink(self) -> None:
        """Let go of the entries that were not used for the longest time, down to three quarters."""
        size = self.path.stat().st_size
        if self._database is None or size <= MAX_BYTES:
            return
        rows = self._database.execute(
            "SELECT key, length(body) + 200 FROM entries ORDER BY day DESC, key"
        ).fetchall()
        # What a row costs on disk, pages and index included, is known of all together only.
        keep = sum(row[1] for row in rows) * MAX_BYTES * 3 // 4 // size
        ends = itertools.accumulate(row[1] for row in rows)
        old = [(key,) for (key, _), end in zip(rows, ends, strict=True) if end > keep]
        with self._database:
            self._database.executemany("DELETE FROM entries WHERE key = ?", old)
        self._database.execute("VACUUM")

    def _seal(self, key: bytes, body: bytes) -> bytes:
        return hmac.digest(self._secret, key + body, hashlib.sha256)[:_SEAL_BYTES]

    def _give_up(self, error: Exception) -> None:
        self.trouble = f"{self.path}: {error}"
        self._close_at_once()
        if _is_broken(error):
            with contextlib.suppress(UsageError):
                remove(self.path)

    def _close_at_once(self) -> None:
        if self._database is not None:
            with contextlib.suppress(sqlite3.Error, OSError):
                self._database.close()
        self._database = None


class _NotOurs(Exception):
    """The file is a database, and not the one that the gate makes."""


def remove(path: Path) -> bool:
    """Remove the store's own file and its journal; return whether there was one.

    Raises UsageError if it is there and cannot be removed.
    """
    there = False
    for one in (path, path.with_name(f"{path.name}-journal")):
        try:
            one.unlink()
            there = True
        except FileNotFoundError:
            continue
        except OSError as error:
            raise UsageError(f"{one}: cannot be removed: {error.strerror}") from error
    return there


def _is_broken(error: Exception) -> bool:
    """Whether the file itself is damaged, rather than locked, full or forbidden."""
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
