"""Records in a PostgreSQL database. A trigger refuses to change, delete or truncate rows, whoever asks.

The driver is optional: `pip install 'ai-merge-gate[postgresql]'`.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gate.core.evidence.chain import Ends, Stored
from gate.core.evidence.envelope import end_of
from gate.core.secrets import mask_tokens
from gate.errors import EvidenceError
from gate.evidence.newest import newest_end

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gate.core.evidence.chain import Make

#: Seconds of waiting for the server, and for other writers.
CONNECT_SECONDS, PATIENCE_SECONDS = 20, 120
#: Any number that other programs on the database do not use; it makes writers wait for each other.
_LOCK = 0x6761_7465_6576
_TABLE = """
CREATE TABLE IF NOT EXISTS gate_evidence (
  number bigint PRIMARY KEY CHECK (number > 0), digest text NOT NULL UNIQUE, envelope bytea NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now(), added_by text NOT NULL DEFAULT session_user);
CREATE OR REPLACE FUNCTION gate_evidence_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'records of verdicts are never changed'; END $$;
CREATE OR REPLACE TRIGGER gate_evidence_rows BEFORE UPDATE OR DELETE ON gate_evidence
  FOR EACH ROW EXECUTE FUNCTION gate_evidence_is_append_only();
CREATE OR REPLACE TRIGGER gate_evidence_table BEFORE TRUNCATE ON gate_evidence
  FOR EACH STATEMENT EXECUTE FUNCTION gate_evidence_is_append_only();
"""


class PostgresqlStore:
    """The records of the table `gate_evidence` of one database, which the first record creates.

    `url` is `postgresql://USER@HOST:PORT/NAME`; a password comes from PGPASSWORD or a password file.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self.name = mask_tokens(url)

    def read(self) -> Iterator[Stored]:
        with self._told("read"), self._connect() as database, database.cursor("gate_evidence") as cursor:
            cursor.itersize = 500
            cursor.execute("SELECT number, envelope FROM gate_evidence ORDER BY number")
            for number, envelope in cursor:
                yield Stored(place=f"row {number}", data=bytes(envelope), order=number)

    def newest(self, most: int) -> list[Stored]:
        with self._told("read"), self._connect() as database:
            if not self._has_table(database):
                return []
            rows = database.execute(
                "SELECT number, envelope FROM gate_evidence ORDER BY number DESC LIMIT %s", (most,)
            ).fetchall()
        return [Stored(place=f"row {number}", data=bytes(data), order=number) for number, data in rows]

    def share(self) -> None:
        pass  # it is in one place only

    def append(self, make: Make) -> Stored:
        with self._told("left"), self._connect() as database:
            database.execute("SELECT set_config('lock_timeout', %s, true)", (f"{PATIENCE_SECONDS}s",))
            database.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            if not self._has_table(database):
                database.execute(_TABLE)
            row = database.execute(
                "SELECT number, envelope FROM gate_evidence ORDER BY number DESC LIMIT 1"
            ).fetchone()
            ends: Ends = newest_end(self.name, row)
            data = make(ends)
            database.execute(
                "INSERT INTO gate_evidence (number, digest, envelope) VALUES (%s, %s, %s)",
                (ends.number + 1, end_of(data).digests[0], data),
            )
        return Stored(place=f"row {ends.number + 1}", data=data, order=ends.number + 1)

    def _connect(self) -> Any:
        """A connection that commits at the end of its block, or takes everything back."""
        try:
            import psycopg  # noqa: PLC0415 - optional
        except ImportError as error:
            raise EvidenceError(
                f"{self.name}: records in PostgreSQL need the package psycopg, which is not installed",
                hint="pip install 'ai-merge-gate[postgresql]'",
            ) from error
        return psycopg.connect(self._url, connect_timeout=CONNECT_SECONDS, application_name="ai-merge-gate")

    @staticmethod
    def _has_table(database: Any) -> bool:
        return bool(database.execute("SELECT to_regclass('gate_evidence') IS NOT NULL").fetchone()[0])

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if not type(error).__module__.startswith("psycopg"):
                raise
            told = " ".join(mask_tokens(str(error)).split())[:300]
            raise EvidenceError(
                f"{self.name}: records could not be {what}: {told}",
                hint=_hint(type(error).__name__),
            ) from error


def _hint(name: str) -> str:
    if name == "UndefinedTable":
        return "The database holds no records: check the address of the store."
    if name in ("LockNotAvailable", "QueryCanceled"):
        return "Another program holds the table. Run the command again; no record was lost."
    if name == "InsufficientPrivilege":
        return "Give the account SELECT and INSERT on the table gate_evidence, and the first time CREATE."
    if name == "ReadOnlySqlTransaction":
        return "The server is read-only: give the address of the primary."
    if name in ("DiskFull", "OutOfMemory"):
        return "The server has no space left. Free some and run the command again; no record was lost."
    return "Check the address, the network, the account and its rights; no record was lost."
