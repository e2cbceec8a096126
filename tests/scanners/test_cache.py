"""The store on disk: whatever happens to it is a miss, and nobody else's word is taken for a scanner's."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from gate.scanners import cache as module
from gate.scanners.cache import FILE_NAME, Cache, remove

if TYPE_CHECKING:
    from pathlib import Path

DAY = 86_400.0


def key(number: int) -> bytes:
    return number.to_bytes(32, "big")


def filled(folder: Path, count: int = 3, secret: bytes = b"") -> Path:
    with Cache.open(folder, secret=secret) as cache:
        cache.put("tool 1", {key(n): b"body %d" % n for n in range(count)})
    return folder / FILE_NAME


def held(folder: Path, count: int = 3, secret: bytes = b"") -> list[bytes | None]:
    with Cache.open(folder, secret=secret) as cache:
        assert cache.trouble == ""
        return [cache.get(key(n)) for n in range(count)]


BODIES = [b"body 0", b"body 1", b"body 2"]
NOTHING = [None, None, None]


def test_what_was_stored_is_found_in_a_later_run_and_nothing_else(tmp_path: Path) -> None:
    path = filled(tmp_path / "new" / "folder")
    assert held(path.parent, 4) == [*BODIES, None]
    assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(p.name for p in path.parent.iterdir()) == [FILE_NAME]


def test_only_entries_sealed_with_the_same_secret_are_believed(tmp_path: Path) -> None:
    filled(tmp_path, secret=b"ours")
    assert held(tmp_path, secret=b"ours") == BODIES
    assert held(tmp_path, secret=b"theirs") == NOTHING
    assert held(tmp_path) == NOTHING


@pytest.mark.parametrize("secret", [b"", b"secret"])
def test_an_entry_that_was_changed_or_moved_to_another_key_is_no_entry(secret: bytes, tmp_path: Path) -> None:
    path = filled(tmp_path, secret=secret)
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE entries SET body = ? WHERE key = ?", (b"clean", key(0)))
        database.execute("UPDATE entries SET key = ? WHERE key = ?", (key(9), key(1)))
        database.execute("UPDATE entries SET body = 7, seal = 'x' WHERE key = ?", (key(2),))
    assert held(tmp_path, 3, secret) == NOTHING
    with Cache.open(tmp_path, secret=secret) as cache:
        assert cache.get(key(9)) is None


def overwrite(path: Path) -> None:
    path.write_bytes(b"no database at all" * 1000)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def scribble(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    path.write_bytes(data)


def trigger(path: Path) -> None:
    """A schema of another's making: a trigger would run inside the gate."""
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TRIGGER t AFTER INSERT ON entries BEGIN DELETE FROM entries; END")


def view(path: Path) -> None:
    path.unlink()
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "CREATE VIEW entries AS SELECT 1 AS key, 'x' AS engine, 1 AS day, x'' AS seal, x'' AS body"
        )


@pytest.mark.parametrize("harm", [overwrite, cut, empty, scribble, trigger, view])
def test_a_broken_or_foreign_file_is_made_anew(harm, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = filled(tmp_path, 200)
    path.chmod(0o600)
    harm(path)
    with Cache.open(tmp_path) as cache:
        assert cache.get(key(150)) is None
        cache.put("tool 1", {key(0): b"again"})
    # A file whose damage shows only while it is read is thrown away then; the next run starts anew.
    filled(tmp_path)
    assert held(tmp_path) == BODIES


def link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def shared(path: Path) -> None:
    path.chmod(0o666)


def twice(path: Path) -> None:
    os.link(path, path.with_name("again"))


def foreign(path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    os.chown(path, 12345, 12345)


def journal(path: Path) -> None:
    path.with_name(f"{FILE_NAME}-journal").symlink_to("/dev/null")


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (link, "is no regular file or folder"),
        (folder, "is no regular file or folder"),
        (pipe, "is no regular file or folder"),
        (journal, "is no regular file or folder"),
        (shared, "others may write it"),
        (twice, "has a second name"),
        (foreign, "belongs to another user"),
    ],
)
def test_a_file_that_others_could_have_made_is_not_opened(harm, told: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = filled(tmp_path)
    harm(path)
    before = path.lstat()
    with Cache.open(tmp_path) as cache:
        assert told in cache.trouble
        assert cache.get(key(0)) is None
        cache.put("tool", {key(0): b"x"})
        assert cache.info().trouble == cache.trouble
    assert path.lstat() == before


def test_a_link_in_place_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    filled(tmp_path / "real")
    (tmp_path / "link").symlink_to("real")
    with Cache.open(tmp_path / "link") as cache:
        assert "is no regular file or folder" in cache.trouble


def test_a_folder_that_cannot_be_made_is_told_and_nothing_more(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with Cache.open(tmp_path / "file" / "below") as cache:
        assert "cannot be made" in cache.trouble
        assert cache.get(key(0)) is None


WRITER = """
import sys, time
from pathlib import Path
from gate.scanners.cache import Cache
start = int(sys.argv[2])
with Cache.open(Path(sys.argv[1])) as cache:
    for n in range(start, start + 200):
        cache.put("tool", {n.to_bytes(32, "big"): b"body %d" % n})
    print(cache.trouble)
"""


def writer(folder: Path, start: int, **options: object) -> subprocess.Popen[str]:
    argv = [sys.executable, "-c", WRITER, str(folder), str(start)]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)  # type: ignore[call-overload,no-any-return]


def test_jobs_side_by_side_all_store_what_they_have(tmp_path: Path) -> None:
    jobs = [writer(tmp_path, start) for start in (0, 200, 400, 600)]
    assert [job.communicate(timeout=60) for job in jobs] == [("\n", "")] * 4
    assert held(tmp_path, 800) == [b"body %d" % n for n in range(800)]


def test_a_kill_at_any_moment_leaves_a_store_with_true_entries(tmp_path: Path) -> None:
    for turn in range(6):
        job = writer(tmp_path, turn * 200)
        deadline = time.monotonic() + 20
        while not (tmp_path / FILE_NAME).exists() and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(0.01 * turn)
        job.send_signal(signal.SIGKILL)
        job.communicate()
    found = held(tmp_path, 1200)
    assert all(body in (None, b"body %d" % n) for n, body in enumerate(found))
    filled(tmp_path)
    assert held(tmp_path) == BODIES
    with contextlib.closing(sqlite3.connect(tmp_path / FILE_NAME)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_another_job_s_lock_is_waited_for_and_then_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(tmp_path)
    monkeypatch.setattr(module, "_WAIT_SECONDS", 0.05)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with Cache.open(tmp_path) as cache:
            assert cache.get(key(0)) is None
            cache.put("tool", {key(5): b"x"})
            assert "locked" in cache.trouble
        other.execute("ROLLBACK")
    assert held(tmp_path) == BODIES, "a lock is no damage"


def test_a_full_disk_costs_the_entries_and_not_the_run(tmp_path: Path) -> None:
    program = WRITER.replace('b"body %d" % n', 'b"x" * 5000')
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
    argv = [sys.executable, "-c", limit + program, str(tmp_path), "0"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert str(tmp_path) in done.stdout, "the trouble is told"
    filled(tmp_path)
    assert held(tmp_path) == BODIES


def test_what_was_not_used_for_the_longest_time_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 280_000)
    for day in range(4):
        with Cache.open(tmp_path, now_seconds=day * DAY) as cache:
            cache.put("tool", {key(day * 100 + n): b"x" * 1000 for n in range(40)})
    with Cache.open(tmp_path, now_seconds=5 * DAY) as cache:
        assert cache.get(key(0)), "the oldest one is used again"
        cache.put("tool", {key(900 + n): b"y" * 2000 for n in range(40)})
    assert (tmp_path / FILE_NAME).stat().st_size <= 280_000
    with Cache.open(tmp_path, now_seconds=6 * DAY) as cache:
        assert cache.get(key(0))
        assert [cache.get(key(n)) for n in range(1, 40)] == [None] * 39
        assert all(cache.get(key(n)) for n in range(900, 940))


def test_clearing_removes_the_store_and_nothing_else(tmp_path: Path) -> None:
    path = filled(tmp_path)
    (tmp_path / "mine.txt").write_text("kept")
    assert remove(path)
    assert not remove(path)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_the_count_is_by_tool_and_version(tmp_path: Path) -> None:
    filled(tmp_path)
    with Cache.open(tmp_path) as cache:
        cache.put("other 2", {key(7): b""})
        info = cache.info()
    assert (info.entries, dict(info.engines), info.sealed) == (4, {"other 2": 1, "tool 1": 3}, False)
    assert info.bytes == (tmp_path / FILE_NAME).stat().st_size
