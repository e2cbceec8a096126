"""Records in PostgreSQL, on a server of their own; skipped where server or driver are not installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from gate.core.evidence.chain import check_chain
from gate.errors import EvidenceError
from gate.evidence.postgresql import PostgresqlStore
from tests.evidence.kit import Writer, record
from tests.evidence.test_stores import commits, links

psycopg = pytest.importorskip("psycopg", reason="pip install psycopg[binary]")
pytestmark = pytest.mark.skipif(
    shutil.which("initdb") is None or shutil.which("postgres") is None, reason="no PostgreSQL server"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A URL without the name of a database. A server refuses to run as root, so root becomes somebody else."""
    folder = tmp_path_factory.mktemp("postgresql")
    become = []
    if os.getuid() == 0:
        become = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        os.chown(folder, 65534, 65534)
        for parent in folder.parents[:2]:  # those that pytest made, for root alone
            parent.chmod(0o711)
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C", "TZ": "UTC"}
    data = folder / "data"
    made = subprocess.run(
        [*become, "initdb", "-D", data, "-U", "gate", "--auth=trust", "--no-sync"],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        pytest.skip(f"no server can be made here: {made.stderr[:200]}")
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            [*become, "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"],
            env=environment,
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    for _ in range(100):
        try:
            psycopg.connect(f"postgresql://gate@/postgres?host={folder}").close()
            break
        except psycopg.OperationalError:
            assert running.poll() is None, (folder / "log").read_text()
            time.sleep(0.1)
    yield folder
    running.terminate()
    running.wait(30)


@pytest.fixture
def url(server, request) -> str:
    """The address of a database of this test alone."""
    name = f"db{abs(hash(request.node.name))}"
    with psycopg.connect(f"postgresql://gate@/postgres?host={server}", autocommit=True) as database:
        database.execute(f"CREATE DATABASE {name}")
    return f"postgresql://gate@/{name}?host={server}"


def test_records_are_read_back_as_they_were_left(url):
    store = PostgresqlStore(url)
    assert store.newest(3) == []
    left = [store.append(Writer().of(record(n))) for n in range(1, 6)]
    assert list(PostgresqlStore(url).read()) == left
    assert [one.place for one in store.newest(2)] == ["row 5", "row 4"]
    chain = check_chain(links(store))
    assert (chain.problems, chain.beginnings, chain.ends.number) == ((), 1, 5)


_CHILD = """
import sys
from gate.evidence.postgresql import PostgresqlStore
from tests.evidence.kit import Writer, record
store = PostgresqlStore(sys.argv[1])
for number in range(int(sys.argv[2]), int(sys.argv[2]) + 12):
    store.append(Writer().of(record(number)))
"""


def test_eight_writers_at_once_lose_nothing(url):
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _CHILD, url, str(1 + 12 * n)],
            cwd=Path(__file__).parents[2],
            stderr=subprocess.PIPE,
            text=True,
        )
        for n in range(8)
    ]
    for writer in writers:
        _, said = writer.communicate(timeout=300)
        assert writer.returncode == 0, said
    store = PostgresqlStore(url)
    assert commits(store) == set(range(1, 97))
    assert check_chain(links(store)).problems == ()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE gate_evidence SET digest = 'x'", "DELETE FROM gate_evidence", "TRUNCATE gate_evidence"],
)
def test_rows_are_never_changed(url, statement):
    store = PostgresqlStore(url)
    store.append(Writer().of(record(1)))
    with (
        psycopg.connect(url) as database,
        pytest.raises(psycopg.errors.RaiseException, match="never changed"),
    ):
        database.execute(statement)
    assert commits(store) == {1}


def test_an_account_that_may_only_add_is_enough(url):
    store = PostgresqlStore(url)
    store.append(Writer().of(record(1)))
    role = f"ci{abs(hash(url))}"
    with psycopg.connect(url) as database:
        database.execute(f"CREATE ROLE {role} LOGIN")
        database.execute(f"GRANT SELECT, INSERT ON gate_evidence TO {role}")
    own = url.replace("gate@", f"{role}@")
    PostgresqlStore(own).append(Writer().of(record(2)))
    assert commits(PostgresqlStore(own)) == {1, 2}
    with psycopg.connect(url) as database:
        database.execute(f"REVOKE INSERT ON gate_evidence FROM {role}")
    with pytest.raises(EvidenceError, match="permission denied") as caught:
        PostgresqlStore(own).append(Writer().of(record(3)))
    assert "SELECT and INSERT" in caught.value.hint


def test_a_table_that_somebody_holds_is_waited_for_and_then_named(url, monkeypatch):
    monkeypatch.setattr("gate.evidence.postgresql.PATIENCE_SECONDS", 1)
    store = PostgresqlStore(url)
    store.append(Writer().of(record(1)))
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with psycopg.connect(url) as database:
            database.execute("LOCK TABLE gate_evidence IN ACCESS EXCLUSIVE MODE")
            held.set()
            done.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(30)
    with pytest.raises(EvidenceError, match="lock timeout") as caught:
        store.append(Writer().of(record(2)))
    assert "no record was lost" in caught.value.hint
    done.set()
    holder.join()
    store.append(Writer().of(record(2)))
    assert commits(store) == {1, 2}


def test_nothing_is_added_behind_what_cannot_be_read(url):
    store, writer = PostgresqlStore(url), Writer()
    store.append(writer.of(record(1)))
    with psycopg.connect(url) as database:
        database.execute("ALTER TABLE gate_evidence DISABLE TRIGGER gate_evidence_rows")
        database.execute("UPDATE gate_evidence SET envelope = 'x'")
    with pytest.raises(EvidenceError, match="newest record cannot be read"):
        store.append(writer.of(record(2)))
    assert writer.calls == 1


def test_a_database_without_records_is_an_error_for_readers(url):
    with pytest.raises(EvidenceError, match="does not exist") as caught:
        list(PostgresqlStore(url).read())
    assert "holds no records" in caught.value.hint


def test_a_server_that_does_not_answer_is_named_without_its_password():
    store = PostgresqlStore("postgresql://gate:secret-word@127.0.0.1:1/none")
    with pytest.raises(EvidenceError, match="records could not be left") as caught:
        store.append(Writer().of(record(1)))
    assert "secret-word" not in caught.value.message
