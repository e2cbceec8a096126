"""Every mistake of a user or of a hostile repository ends in a clear sentence and the right exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gate.cli import run

POLICY = "version: 1\nsignoff:\n  humans: [{id: alice, emails: [alice@acme.example]}]\n"


@pytest.fixture(autouse=True)
def quiet_surroundings(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "CI"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def topic(repo):
    """A branch `topic` with one harmless commit on `main`."""
    repo.commit({"a.py": "x = 1\n"})
    repo.branch("topic")
    repo.checkout("topic")
    repo.commit({"a.py": "x = 2\n"})
    return repo


def check(repo, *more):
    return run(["check", "--repo", str(repo.path), "--base", "main", "--head", "topic", *more])


@pytest.mark.parametrize(
    ("policy", "code", "says"),
    [
        ("version: 1\nfindngs: {}\n", 2, ".gate.yml:2:1"),
        ("version: 1\nfindings: {fail_level: 3}\n", 2, ".gate.yml:2:"),
        ("version: 1\nversion: 1\n", 2, ".gate.yml:2:1"),
        ("", 2, ".gate.yml"),
        ("version: [\n", 2, ".gate.yml"),
        (
            "version: 1\nsignoff:\n  humans: &a [x, x, x, x]\n"
            + "".join(f"k{n}: &b{n} [*a, *a]\n" for n in range(9)),
            2,
            ".gate.yml",
        ),
    ],
)
def test_a_wrong_policy_at_the_base_is_named_by_line(repo, capsys, policy, code, says):
    repo.commit({".gate.yml": policy, "a.py": "x = 1\n"})
    repo.branch("topic")
    repo.checkout("topic")
    repo.commit({"a.py": "x = 2\n"})
    assert check(repo) == code
    assert says in capsys.readouterr().err


def test_a_policy_that_is_a_link_is_not_passed_over(repo, capsys):
    repo.commit({"real.yml": "version: 1\nextends: strict\n"}, symlinks={".gate.yml": "real.yml"})
    repo.branch("topic")
    repo.checkout("topic")
    repo.commit({"a.py": "x = 2\n"})
    assert check(repo) == 2
    assert "link" in capsys.readouterr().err


def test_a_policy_with_the_other_extension_is_not_passed_over(repo, capsys):
    repo.commit({".gate.yaml": POLICY})
    repo.branch("topic")
    repo.checkout("topic")
    repo.commit({"a.py": "x = 2\n"})
    assert check(repo) == 2
    assert "Rename it to .gate.yml" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--base", ""], 2, "--base is empty"),
        (["--base", "mian"], 4, "main"),
        (["--now", "tomorrow"], 2, "ISO 8601"),
        (["--scanners", "semgrp"], 2, "semgrep"),
        (["-o", "txt"], 2, "text"),
        (["-o", "text", "-o", "json"], 2, "standard output"),
        (["--reviews", "nowhere.json"], 2, "nowhere.json"),
        (["--config", "nowhere.yml"], 2, "nowhere.yml"),
        (["--fail-level", "huge"], 2, "huge"),
    ],
)
def test_a_wrong_option_is_named(topic, capsys, arguments, code, says):
    assert check(topic, *arguments) == code
    printed = capsys.readouterr().err
    assert says in printed
    assert "Traceback" not in printed


def test_an_unwritable_output_is_found_before_the_scan(topic, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert check(topic, "-o", f"json={tmp_path}/file/report.json", "-v") == 2
    assert "scanning" not in capsys.readouterr().err


def test_a_device_stays_a_device(topic):
    assert check(topic, "-o", "json=/dev/null") == 0
    assert Path("/dev/null").is_char_device()


def test_a_full_disk_behind_standard_output_is_no_bug_and_no_pass(topic):
    command = [
        sys.executable,
        "-m",
        "gate",
        "check",
        "--repo",
        str(topic.path),
        "--base",
        "main",
        "--head",
        "topic",
    ]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert "not a pass" in done.stderr


def test_a_reader_who_goes_away_does_not_turn_a_block_into_a_pass(repo):
    repo.commit({"a.py": "import os\n"})
    repo.branch("topic")
    repo.checkout("topic")
    repo.commit({"a.py": "import os\nimport flask\nos.system('ls ' + flask.request.args['x'])\n"})
    command = [
        sys.executable,
        "-m",
        "gate",
        "check",
        "--repo",
        str(repo.path),
        "--base",
        "main",
        "--head",
        "topic",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        child.stdout.close()
        printed = child.stderr.read()
    assert child.returncode == 1, printed


def test_an_empty_range_says_that_there_is_nothing_to_judge(topic, capsys):
    assert run(["check", "--repo", str(topic.path), "--base", "topic", "--head", "main"]) == 0
    assert "are base and head swapped?" in " ".join(capsys.readouterr().out.split())


def test_a_repository_without_a_commit(repo, capsys):
    assert run(["check", "--repo", str(repo.path), "--base", "main"]) == 4
    assert "Traceback" not in capsys.readouterr().err


def test_no_repository(tmp_path, capsys):
    assert run(["check", "--repo", str(tmp_path), "--base", "main"]) == 4
    assert "not a git repository" in capsys.readouterr().err


def test_a_missing_scanner_is_incomplete(topic, monkeypatch, tmp_path, capsys):
    # The program is looked for beside the interpreter, then on PATH: an empty folder stands for both.
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert check(topic) == 4
    assert "semgrep" in capsys.readouterr().out


def test_terminal_escapes_of_a_message_and_a_name_are_shown_and_not_obeyed(repo, capsys):
    repo.commit({"a": "1\n"})
    repo.branch("topic")
    repo.checkout("topic")
    repo.commit({b"\x1b[2J\n::error::x.py": "eval(input())\n"}, message="\x1b]0;owned\x07 \x1b[31mred\n")
    check(repo, "--color", "never")
    run(["authorship", "main..topic", "--repo", str(repo.path)])
    printed = capsys.readouterr()
    assert "\x1b" not in printed.out + printed.err
    assert not any(line.startswith("::") for line in printed.out.splitlines())


def test_two_runs_give_the_same_bytes_whatever_the_number_of_processes(topic, tmp_path):
    for number in (1, 2):
        outputs = [f"-o{name}={tmp_path}/{number}.{name}" for name in ("json", "sarif", "markdown", "text")]
        assert check(topic, *outputs, "--jobs", str(number), "--now", "2026-01-01T00:00:00Z") == 0
    for name in ("json", "sarif", "markdown", "text"):
        assert (tmp_path / f"1.{name}").read_bytes() == (tmp_path / f"2.{name}").read_bytes()


def test_a_finding_is_explained_by_the_first_digits_of_its_id(repo, capsys):
    repo.commit({"a.py": "import yaml\n"})
    repo.branch("topic")
    repo.checkout("topic")
    repo.commit({"a.py": "import yaml\nyaml.load(open('x'))\n"})
    check(repo, "-o", "json")
    report = json.loads(capsys.readouterr().out)
    digits = report["findings"][0]["id"].removeprefix("id/v1:")[:8]
    assert run(["explain", digits]) == 0
    assert "a.py:2" in capsys.readouterr().out


def test_observe_softens_a_block_and_says_so(repo, capsys):
    repo.commit({"a.py": "import os\n"})
    repo.branch("topic")
    repo.checkout("topic")
    repo.commit({"a.py": "import os\nimport flask\nos.system('ls ' + flask.request.args['x'])\n"})
    assert check(repo) == 1
    capsys.readouterr()
    assert check(repo, "--mode", "observe") == 0
    assert "observe" in capsys.readouterr().out
