"""Every kind of store: append only, any number of writers at once, and errors that say what to do."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess

import pytest

from gate.core.evidence.chain import Link, check_chain
from gate.core.evidence.envelope import read_envelope
from gate.core.evidence.record import parse_record
from gate.errors import EvidenceError
from tests.evidence.kit import KINDS, REF, Writer, make_store, record, start_writer

#: Root may write everywhere, unless it gives that power up.
WITHOUT_POWERS = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if os.getuid() == 0 else ()


def links(store) -> list[Link]:
    found = []
    for stored in store.read():
        envelope = read_envelope(stored.data)
        found.append(
            Link(
                place=stored.place,
                digest=envelope.digest,
                record=parse_record(envelope.payload),
                order=stored.order,
            )
        )
    return found


def commits(store) -> set[int]:
    return {int(link.record.commit, 16) for link in links(store)}


@pytest.mark.parametrize("kind", KINDS)
def test_records_are_read_back_as_they_were_left(kind, tmp_path):
    store, writer = make_store(kind, tmp_path), Writer()
    left = [store.append(writer.of(record(n))) for n in range(1, 8)]
    again = make_store(kind, tmp_path)
    assert {(one.place, one.data) for one in again.read()} == {(one.place, one.data) for one in left}
    chain = check_chain(links(again))
    assert (chain.problems, chain.beginnings, chain.ends.number) == ((), 1, 7)
    newest = {int(parse_record(read_envelope(one.data).payload).commit, 16) for one in again.newest(3)}
    assert newest == {5, 6, 7}


@pytest.mark.parametrize("kind", KINDS)
def test_eight_writers_at_once_lose_nothing(kind, tmp_path):
    each = 12
    make_store(kind, tmp_path)
    writers = [start_writer(kind, tmp_path, 1 + each * n, each) for n in range(8)]
    for writer in writers:
        _, said = writer.communicate(timeout=300)
        assert writer.returncode == 0, said
    store = make_store(kind, tmp_path)
    assert commits(store) == set(range(1, 8 * each + 1))
    chain = check_chain(links(store))
    assert (chain.problems, chain.beginnings, chain.ends.number) == ((), 1, 8 * each)


@pytest.mark.parametrize("kind", KINDS)
def test_a_writer_that_is_killed_leaves_a_whole_store(kind, tmp_path):
    make_store(kind, tmp_path).append(Writer().of(record(1)))
    writer = start_writer(kind, tmp_path, 1000, 100_000)
    deadline = 200
    while len(commits(make_store(kind, tmp_path))) < 4 and deadline:
        deadline -= 1
        try:
            writer.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError(writer.communicate())
    writer.kill()
    writer.communicate()
    store = make_store(kind, tmp_path)
    before = commits(store)
    store.append(Writer().of(record(2)))
    assert commits(store) >= before | {2}  # git itself may have outlived its killed parent
    assert check_chain(links(store)).problems == ()


@pytest.mark.parametrize("kind", KINDS)
def test_a_store_that_is_not_there_is_an_error_for_readers_and_made_by_writers(kind, tmp_path):
    store = make_store(kind, tmp_path)
    with pytest.raises(EvidenceError) as caught:
        list(store.read())
    assert caught.value.hint
    assert store.newest(5) == []
    store.append(Writer().of(record(1)))
    assert commits(store) == {1}


@pytest.mark.parametrize("kind", KINDS)
def test_a_disk_without_room_is_named_and_nothing_is_lost(kind, tmp_path):
    """A limit on the size of files does to a program what a full disk does."""
    store = make_store(kind, tmp_path)
    store.append(Writer().of(record(1)))

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))

    writer = start_writer(kind, tmp_path, 2, 1, preexec_fn=little_room)
    _, said = writer.communicate(timeout=60)
    assert writer.returncode != 0
    assert "EvidenceError" in said
    assert "be left" in said or "could not be" in said
    store = make_store(kind, tmp_path)
    assert commits(store) == {1}
    store.append(Writer().of(record(3)))
    assert commits(store) == {1, 3}
    assert check_chain(links(store)).problems == ()


def test_a_database_without_room_for_its_first_record_can_be_used_when_there_is_some(tmp_path):
    """The file that was begun is empty then, and no store for those who read."""
    (tmp_path / "records.db").touch()
    store = make_store("sqlite", tmp_path)
    with pytest.raises(EvidenceError, match="could not be read"):
        list(store.read())
    assert store.newest(5) == []
    store.append(Writer().of(record(1)))
    assert commits(store) == {1}


@pytest.mark.parametrize("kind", KINDS)
def test_a_store_that_may_not_be_written_is_named(kind, tmp_path):
    store = make_store(kind, tmp_path)
    store.append(Writer().of(record(1)))
    everything = [tmp_path, *tmp_path.rglob("*")]
    for path in everything:
        path.chmod(0o555 if path.is_dir() else 0o444)
    writer = start_writer(kind, tmp_path, 2, 1, before=WITHOUT_POWERS)
    _, said = writer.communicate(timeout=60)
    for path in everything:
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert writer.returncode != 0
    assert "EvidenceError" in said, said
    assert commits(make_store(kind, tmp_path)) == {1}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_added_behind_what_cannot_be_read(kind, tmp_path):
    store = make_store(kind, tmp_path)
    for n in (1, 2):
        store.append(Writer().of(record(n)))
    writer = Writer()
    if kind == "files":
        newest = max((tmp_path / "records").glob("0*"))
        newest.chmod(0o644)
        newest.write_bytes(newest.read_bytes()[:-40])
    elif kind == "sqlite":
        with sqlite3.connect(tmp_path / "records.db") as database:
            database.execute("DROP TRIGGER gate_evidence_no_UPDATE")
            database.execute("UPDATE gate_evidence SET envelope = 'x' WHERE number = 2")
        database.close()
    else:
        git = ["git", "--git-dir", tmp_path / "store.git", "-c", "user.name=x", "-c", "user.email=x@x"]
        tree = subprocess.run(
            [*git, "mktree"],
            input=b"".join(
                line + b"\n"
                for line in subprocess.run(
                    [*git, "ls-tree", REF], capture_output=True, check=True
                ).stdout.split(b"\n")
                if line and not line.endswith(b"ends")
            ),
            capture_output=True,
            check=True,
        ).stdout.strip()
        commit = subprocess.run(
            [*git, "commit-tree", tree, "-p", REF, "-m", "x"], capture_output=True, check=True
        ).stdout.strip()
        subprocess.run([*git, "update-ref", REF, commit], check=True)
    with pytest.raises(EvidenceError, match=r"newest record"):
        make_store(kind, tmp_path).append(writer.of(record(3)))
    assert writer.calls == 0


def test_rows_are_never_changed(tmp_path):
    store = make_store("sqlite", tmp_path)
    store.append(Writer().of(record(1)))
    database = sqlite3.connect(tmp_path / "records.db")
    for statement in ("UPDATE gate_evidence SET digest = 'x'", "DELETE FROM gate_evidence"):
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            database.execute(statement)
    database.close()
    assert commits(store) == {1}


def test_a_database_that_somebody_holds_is_waited_for_and_then_named(tmp_path, monkeypatch):
    monkeypatch.setattr("gate.evidence.sqlite.PATIENCE_SECONDS", 0.2)
    store = make_store("sqlite", tmp_path)
    store.append(Writer().of(record(1)))
    other = sqlite3.connect(tmp_path / "records.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(EvidenceError, match="locked") as caught:
        store.append(Writer().of(record(2)))
    assert "no record was lost" in caught.value.hint
    other.execute("ROLLBACK")
    other.close()
    store.append(Writer().of(record(2)))
    assert commits(store) == {1, 2}


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"not a database at all, but long enough" * 50, "not a database"), (b"", "no such table")],
)
def test_a_file_that_is_no_store_is_named(content, told, tmp_path):
    (tmp_path / "records.db").write_bytes(content)
    with pytest.raises(EvidenceError, match=told) as caught:
        list(make_store("sqlite", tmp_path).read())
    assert "path of the store" in caught.value.hint


def test_a_folder_that_is_a_file_is_named(tmp_path):
    (tmp_path / "records").write_text("x")
    store = make_store("files", tmp_path)
    for act in (lambda: list(store.read()), lambda: store.append(Writer().of(record(1)))):
        with pytest.raises(EvidenceError, match="records could not be"):
            act()


def test_a_link_in_a_folder_of_records_is_not_followed(tmp_path):
    store = make_store("files", tmp_path)
    store.append(Writer().of(record(1)))
    (tmp_path / "records" / "000000002.evidence.json").symlink_to("/etc/hostname")
    with pytest.raises(EvidenceError, match=r"000000002\.evidence\.json"):
        list(store.read())
