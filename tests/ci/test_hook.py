"""What pre-commit runs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support.repos import Repo


def hook(repo: Repo, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-m", "gate.cli.hook", *arguments],
        cwd=repo.path,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GATE_NO_CACHE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def repo(tmp_path) -> Repo:
    repo = Repo(tmp_path / "r")
    repo.commit({".gate.yml": "version: 1\n", "a.md": "x\n"})
    repo.checkout("topic", create=True)
    return repo


def test_waiting_for_a_human_does_not_stop_a_push_and_a_flaw_does(repo):
    repo.commit({".github/workflows/x.yml": "on: push\n"})
    assert hook(repo, "--base", "main").returncode == 0
    repo.commit({"b.py": "import os\nfrom flask import request\nos.system(request.args['x'])\n"})
    assert hook(repo, "--base", "main").returncode == 1


def test_a_policy_is_looked_at_as_it_lies_in_the_folder(repo):
    (repo.path / ".gate.yml").write_text("version: 1\nmode: observe\n")
    assert hook(repo, "--policy").returncode == 0
    (repo.path / ".gate.yml").write_text("version: 1\nmoode: observe\n")
    done = hook(repo, "--policy")
    assert done.returncode == 2
    assert ".gate.yml:2:1" in done.stderr
    assert "did you mean" in done.stderr
