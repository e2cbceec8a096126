"""`gate cache`, and what the cache does to a whole check: nothing but time."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import pytest

from gate.cli import run
from gate.scanners.cache import FILE_NAME, Cache

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.repos import Repo

CODE = b"import os\n\ndef view(request):\n    os.system(request.args['x'])\n"


@pytest.fixture(autouse=True)
def with_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("GATE_NO_CACHE")
    monkeypatch.delenv("GATE_CACHE_KEY", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))


@pytest.fixture
def change(repo: Repo) -> Repo:
    repo.commit({"README.md": b"hello\n"})
    repo.git("checkout", "-q", "-b", "topic")
    repo.commit({"app.py": CODE, "notes.md": b"text\n"})
    return repo


def check(repo: Repo, out: Path, *options: str) -> tuple[int, bytes]:
    code = run(
        [
            *("check", "--repo", str(repo.path), "--base", "main", "--now", "2026-01-01T00:00:00Z"),
            *("-q", "-o", f"json={out}", *options),
        ]
    )
    report = json.loads(out.read_bytes())
    for tool in report["tools"]:
        tool["seconds"] = 0
    return code, json.dumps(report).encode()


def test_cold_warm_and_without_a_cache_give_the_same_bytes(change: Repo, tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    without = check(change, out, "--no-cache")
    assert without[0] == 1
    assert not (tmp_path / "home" / "ai-merge-gate" / FILE_NAME).exists()
    assert [check(change, out) for _ in range(2)] == [without] * 2
    assert (tmp_path / "home" / "ai-merge-gate" / FILE_NAME).is_file()


def poison(folder: Path) -> None:
    """Make every entry say that its file is clean, with the seal of someone who does not know the secret."""
    with sqlite3.connect(folder / FILE_NAME) as database:
        keys = [key for (key,) in database.execute("SELECT key FROM entries")]
    database.close()
    with Cache.open(folder) as cache:
        cache.put("hostile", dict.fromkeys(keys, b"[[],[]]"))


def test_a_cache_that_the_change_brings_along_is_not_believed(change: Repo, tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    folder = change.path / ".gate-cache"
    check(change, out, "--cache-dir", str(folder))
    poison(folder)
    assert check(change, out, "--cache-dir", str(folder))[0] != 1, "so much power has who can write it"
    change.commit({f".gate-cache/{FILE_NAME}": (folder / FILE_NAME).read_bytes()})
    assert check(change, out, "--cache-dir", str(folder))[0] == 1
    assert check(change, out, "--cache-dir", str(folder / "below"))[0] == 1


@pytest.mark.parametrize("before", ["", "missing/../"])
@pytest.mark.parametrize("below", ["", "/deeper"])
def test_a_link_that_the_change_puts_in_place_of_the_folder_is_not_followed(
    below: str, before: str, change: Repo, tmp_path: Path
) -> None:
    out = tmp_path / "report.json"
    check(change, out, "--cache-dir", str(tmp_path / "elsewhere" / "deeper"))
    poison(tmp_path / "elsewhere" / "deeper")
    (change.path / ".gate-cache").symlink_to(tmp_path / "elsewhere" / ("" if below else "deeper"))
    target = str((change.path / ".gate-cache").readlink())
    change.commit(symlinks={".gate-cache": target})
    assert check(change, out, "--cache-dir", f"{change.path}/{before}.gate-cache{below}")[0] == 1
    assert not (change.path / "missing").exists()


def test_with_a_secret_only_what_was_sealed_with_it_counts(
    change: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, folder = tmp_path / "report.json", tmp_path / "cache"
    check(change, out, "--cache-dir", str(folder))
    poison(folder)
    monkeypatch.setenv("GATE_CACHE_KEY", "a secret of the protected branch")
    first = check(change, out, "--cache-dir", str(folder))
    assert first[0] == 1
    assert check(change, out, "--cache-dir", str(folder)) == first


def test_a_store_that_cannot_be_used_costs_time_and_nothing_else(
    change: Repo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    out = tmp_path / "report.json"
    code = run(
        [
            *("check", "--repo", str(change.path), "--base", "main", "-v", "-o", f"json={out}"),
            *("--cache-dir", str(tmp_path / "file")),
        ]
    )
    assert code == 1
    assert "no cache:" in capsys.readouterr().err


def test_an_empty_folder_name_is_an_error(change: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--repo", str(change.path), "--base", "main", "--cache-dir", ""]) == 2
    assert "--cache-dir is empty" in capsys.readouterr().err


def test_info_and_clear(change: Repo, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cache", "info"]) == 0
    assert "nothing is stored there yet" in capsys.readouterr().out
    check(change, tmp_path / "report.json")
    assert run(["cache", "info"]) == 0
    out = capsys.readouterr().out
    assert "files    3\n" in out
    assert "bandit 1." in out
    assert "semgrep 1." in out
    assert "GATE_CACHE_KEY is not set" in out
    assert run(["cache", "clear"]) == 0
    assert "removed" in capsys.readouterr().out
    assert run(["cache", "clear"]) == 0
    assert "nothing is stored there" in capsys.readouterr().out


def test_info_tells_why_a_store_cannot_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / FILE_NAME).mkdir()
    assert run(["cache", "info", "--cache-dir", str(tmp_path)]) == 0
    assert "trouble" in capsys.readouterr().out
