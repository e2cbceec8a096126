"""Private clones: the change and the text of the head, and nothing that could lead or look anywhere else."""

from __future__ import annotations

import os
import subprocess

import pytest

from gate.errors import GitError
from gate.git import Repository
from tests.support.repos import Repo

TOKEN = "ghp_" + "a" * 36


@pytest.fixture(params=["sha1", "sha256"])
def source(request, tmp_path):
    repo = Repo(tmp_path / "source", object_format=request.param)
    repo.commit({"old.py": "secret_of_history = 1\n"}, message="CANARY-HISTORY")
    repo.commit(
        {
            "a.py": "x = 1\n",
            "gone.py": "y = 1\n",
            "same.py": f"token = '{TOKEN}'\n",
            "old.py": None,
            ".claude/settings.json": "{}\n",
            "pic.bin": b"\0\1",
        },
        message="CANARY-BASE",
        symlinks={"link.py": "/etc/passwd"},
    )
    repo.branch("topic")
    repo.checkout("topic")
    repo.commit(
        {
            "a.py": f"x = 2\r\npassword = '{TOKEN}'\n",
            "gone.py": None,
            "ümlaut -> x.py": "z = 1\n",
            "b.py": "b = 1\n",
            ".gitattributes": "*.py -diff filter=evil text eol=crlf\n[attr]binary -diff\n* binary\n",
        },
        message="CANARY-TOPIC",
    )
    return repo


def clone(source, target, *paths, **more):
    target.mkdir()
    with Repository.open(source.path) as repository:
        change = repository.change("main", "topic")
        staging = repository.staging(
            change.head,
            leave_out=lambda path: path.startswith(".claude/"),
            mask=more.get("mask", lambda text: text.replace(TOKEN, "MASKED")),
            max_bytes=more.get("max_bytes", 1_000_000),
        )
        rows = {file.path: file for file in change.files}
        return staging.clone(target, [rows[path] for path in paths])


def git(target, *arguments):
    clean = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run(
        ["git", *arguments], cwd=target, env=clean, capture_output=True, text=True, check=True
    ).stdout


def test_the_change_is_what_was_asked_for_and_shown_in_full(source, tmp_path):
    target = tmp_path / "clone"
    size = clone(source, target, "a.py", "gone.py", "ümlaut -> x.py")
    diff = git(target, "diff", "origin/HEAD...")
    assert size == len(diff.encode()) + 1  # of the \r that reading as text drops
    assert "+x = 2" in diff
    assert "-y = 1" in diff
    assert "+++ b/ümlaut -> x.py" in diff
    assert "b.py" not in diff
    assert git(target, "status", "--porcelain") == ""
    assert (target / "a.py").read_bytes() == b"x = 2\r\npassword = 'MASKED'\n"


def test_nothing_else_is_there(source, tmp_path):
    target = tmp_path / "clone"
    clone(source, target, "a.py")
    names = {str(path.relative_to(target)) for path in target.rglob("*") if ".git/" not in f"{path}/"}
    assert names == {"a.py", "b.py", "same.py", "ümlaut -> x.py", ".gitattributes"}
    assert "MASKED" in (target / "same.py").read_text()
    assert "CANARY" not in git(target, "log", "--all", "-p")
    assert len(git(target, "rev-list", "--all", "HEAD").split()) == 2
    everything = b"".join(path.read_bytes() for path in (target / ".git").rglob("*") if path.is_file())
    assert str(source.path).encode() not in everything
    assert not [path for path in target.rglob("*") if path.is_symlink()]
    objects = git(target, "cat-file", "--batch-all-objects", "--batch-check", "--unordered")
    blobs = [row.split()[0] for row in objects.splitlines() if row.split()[1] == "blob"]
    assert blobs
    assert TOKEN not in "".join(git(target, "cat-file", "blob", blob) for blob in blobs)
    git(target, "fsck", "--strict")


def test_two_clones_of_one_head_do_not_share_anything(source, tmp_path):
    with Repository.open(source.path) as repository:
        change = repository.change("main", "topic")
        staging = repository.staging(change.head, leave_out=lambda _: False, mask=str, max_bytes=1_000_000)
        rows = {file.path: file for file in change.files}
        for path in ("a.py", "b.py"):
            (tmp_path / path).mkdir()
            staging.clone(tmp_path / path, [rows[path]])
    assert git(tmp_path / "a.py", "diff", "--name-only", "origin/HEAD...").split() == ["a.py"]
    assert git(tmp_path / "b.py", "diff", "--name-only", "origin/HEAD...").split() == ["b.py"]


def test_a_change_that_cannot_be_shown_whole_is_an_error(source, tmp_path):
    with pytest.raises(GitError, match="cannot be shown in full"):
        clone(source, tmp_path / "clone", "a.py", max_bytes=5)


def test_a_head_that_would_fill_the_disk_is_an_error(source, tmp_path, monkeypatch):
    monkeypatch.setattr("gate.git.staging.MAX_HEAD", 50)
    with pytest.raises(GitError, match="more than the 50 of a private clone"):
        clone(source, tmp_path / "clone", "a.py")


def test_a_path_that_git_would_obey_is_an_error(tmp_path):
    repo = Repo(tmp_path / "source")
    repo.commit({"a.py": "x = 1\n"})
    repo.branch("topic")
    repo.checkout("topic")
    repo.commit({"a.py": "x = 2\n"})
    blob = repo.git("rev-parse", "HEAD:a.py")
    evil = subprocess.run(
        ["git", "-C", str(repo.path), "mktree"], input=f"100644 blob {blob}\tconfig\n", text=True,
        capture_output=True, check=True,
    ).stdout.strip()  # fmt: skip
    rows = f"040000 tree {evil}\t.git\n100644 blob {blob}\ta.py\n"
    tree = subprocess.run(
        ["git", "-C", str(repo.path), "mktree"], input=rows, text=True, capture_output=True, check=True
    ).stdout.strip()
    commit = repo.git("commit-tree", tree, "-p", "main", "-m", "x")
    repo.git("update-ref", "refs/heads/topic", commit)
    with pytest.raises(GitError):
        clone(repo, tmp_path / "clone", "a.py")
