"""Opening a repository: what is found from which path, its name, and what each failure says."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gate.errors import GitError
from gate.git import Repository
from gate.git.location import name_of_url
from tests.git.reading import assert_incomplete, change_of, topic
from tests.support.repos import Repo, git_environment


def opened(path):
    with Repository.open(path) as git:
        return git.root, git.resolve("HEAD")


def test_a_work_tree_a_folder_in_it_and_its_git_directory_are_one_repository(repo):
    head = repo.commit({"src/deep/a.py": "1\n"})
    repo.git("reset", "-q", "--hard")
    for path in (repo.path, repo.path / "src" / "deep", repo.git_dir, repo.git_dir / "refs"):
        assert opened(path) == (repo.path, head)
    assert opened(str(repo.path)) == (repo.path, head)


def test_a_relative_path_is_taken_from_the_current_folder(repo, monkeypatch):
    head = repo.commit({"a": "1\n"})
    monkeypatch.chdir(repo.path)
    assert opened(".") == (repo.path, head)


def test_a_bare_repository_has_no_work_tree(tmp_path):
    repo = Repo(tmp_path / "shop.git", bare=True)
    head = repo.commit({"a": "1\n"})
    assert opened(repo.path) == (None, head)
    assert opened(repo.path / "hooks") == (None, head)
    with Repository.open(repo.path) as git:
        assert git.name == "shop"


def test_a_second_work_tree_has_its_own_head(repo, tmp_path):
    repo.commit({"a": "1\n"})
    topic(repo)
    second = repo.commit({"a": "2\n"})
    repo.checkout("main")
    repo.git("worktree", "add", "-q", tmp_path / "tree", "topic")
    assert opened(tmp_path / "tree") == (tmp_path / "tree", second)
    assert opened(tmp_path / "tree" / ".git") == (tmp_path / "tree", second)
    with Repository.open(tmp_path / "tree") as git:
        assert [f.path for f in git.change("main", "HEAD").files] == ["a"]


def test_a_submodule_with_its_gitfile_is_a_repository(repo, tmp_path):
    inner = Repo(tmp_path / "inner")
    head = inner.commit({"a": "1\n"})
    repo.commit({"b": "1\n"})
    repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner.path), "sub")
    assert opened(repo.path / "sub") == (repo.path / "sub", head)


def test_a_clone_that_borrows_objects_is_read_through_both(repo, tmp_path):
    repo.commit({"a": "1\n"})
    topic(repo)
    head = repo.commit({"a": "2\n"})
    first, second = tmp_path / "first", tmp_path / "second"
    repo.git("clone", "-q", "--shared", repo.path, first)
    (first / ".git" / "objects" / "info" / "alternates").write_text("../../../repo/.git/objects\n")
    repo.git("clone", "-q", "--shared", first, second)
    assert opened(second)[1] == head
    assert len(change_of(Repo(second, init=False), "HEAD~1", "HEAD").files) == 1


def test_sha256_repositories_are_read(tmp_path):
    repo = Repo(tmp_path / "r", object_format="sha256")
    repo.commit({"a.py": "1\n"})
    topic(repo)
    head = repo.commit({"a.py": "2\n"})
    change = change_of(repo)
    assert len(head) == 64
    assert change.head == head
    assert change.files[0].hunks[0].new == ("2",)
    with Repository.open(repo.path) as git:
        assert git.blame(change, "a.py", [1]) == {1: head}


@pytest.mark.parametrize(
    "name", ["with space", "-dash", "new\nline", 'quo"te', "col:on", "#hash", "back\\slash"]
)
def test_the_folder_of_a_repository_may_have_any_name(tmp_path, name):
    repo = Repo(tmp_path / name)
    repo.commit({"a": "1\n"})
    topic(repo)
    repo.commit({"a": "2\n"})
    assert len(change_of(repo).files) == 1


def test_a_missing_path(tmp_path):
    with pytest.raises(GitError) as error:
        Repository.open(tmp_path / "nowhere")
    assert_incomplete(error, "no such folder", "--repo")


def test_a_folder_outside_of_any_repository(tmp_path):
    with pytest.raises(GitError) as error:
        Repository.open(tmp_path)
    assert_incomplete(error, "not a git repository", "--repo")


def test_a_file_that_is_no_link_to_a_git_directory(tmp_path):
    (tmp_path / "x").write_text("hello")
    with pytest.raises(GitError) as error:
        Repository.open(tmp_path / "x")
    assert_incomplete(error, "not a link to a git directory", "path of a repository")


def test_a_gitfile_that_points_nowhere(tmp_path):
    (tmp_path / ".git").write_text("gitdir: ../gone/.git/worktrees/x\n")
    with pytest.raises(GitError) as error:
        Repository.open(tmp_path)
    assert_incomplete(error, "is no git directory", "git worktree repair")


def test_a_folder_that_cannot_be_read(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("gate.git.location._is_git_dir", refuse)
    with pytest.raises(GitError) as error:
        Repository.open(tmp_path)
    assert_incomplete(error, "cannot be read: Permission denied", "permissions")


@pytest.mark.parametrize(
    ("file", "content"),
    [("HEAD", "garbage"), ("config", "[core\n"), ("config", "[core]\n\trepositoryformatversion = 99\n")],
)
def test_a_git_directory_that_git_refuses(repo, file, content):
    repo.commit({"a": "1\n"})
    (repo.git_dir / file).write_text(content)
    with pytest.raises(GitError) as error:
        Repository.open(repo.path)
    assert_incomplete(error, str(repo.git_dir), "git fsck")


def test_git_missing_from_the_path(repo, tmp_path, monkeypatch):
    repo.commit({"a": "1\n"})
    opened(repo.path)
    (tmp_path / "bin").mkdir()
    env = subprocess.run(["which", "env"], capture_output=True, text=True, check=True).stdout.strip()
    (tmp_path / "bin" / "env").symlink_to(env)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(GitError) as error:
        opened(repo.path)
    assert_incomplete(error, "git cannot be started", "install git")


def test_importing_the_module_does_not_import_gitpython():
    code = "import sys, gate.git; sys.exit('git' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=git_environment(), check=False).returncode == 0


def test_the_temporary_folder_is_gone_after_use(repo, tmp_path, monkeypatch):
    repo.commit({"a": "1\n"})
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    with Repository.open(repo.path) as git:
        git.change("HEAD", "HEAD")
        assert list(scratch.iterdir())
    assert not list(scratch.iterdir())
    (repo.git_dir / "HEAD").write_text("garbage")
    with pytest.raises(GitError):
        Repository.open(repo.path)
    assert not list(scratch.iterdir())


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://user:secret@git.example.com/acme/shop.git", "git.example.com/acme/shop"),
        ("https://gitlab-ci-token:t0ken@Git.Example.com:8443/a/b/c.git/", "git.example.com/a/b/c"),
        ("ssh://git@git.example.com:2222/acme/shop", "git.example.com/acme/shop"),
        ("git@git.example.com:acme/shop.git", "git.example.com/acme/shop"),
        ("git.example.com:acme/shop", "git.example.com/acme/shop"),
        ("https://git.example.com/acme/shop.git?token=x#y", "git.example.com/acme/shop"),
        ("file:///srv/git/shop.git", None),
        ("/srv/git/shop.git", None),
        ("../shop", None),
        ("./a:b", None),
        ("https://git.example.com", None),
    ],
)
def test_the_name_comes_from_the_url_without_credentials(repo, url, name):
    assert name_of_url(url) == name
    repo.commit({"a": "1\n"})
    repo.config("remote.origin.url", url)
    with Repository.open(repo.path) as git:
        assert git.name == (name or "repo")
