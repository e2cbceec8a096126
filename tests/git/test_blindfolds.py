"""One line in a change or in a clone must not hide code: each known blindfold, and why it fails here."""

from __future__ import annotations

import dataclasses
import os
import stat
from typing import TYPE_CHECKING

import pytest

from gate.core.change import GITLINK, SYMLINK, Content, Status
from gate.errors import GitError
from gate.git import Repository
from tests.git.reading import as_rows, assert_incomplete, change_of, file_of, paths, rows_by_listing, topic
from tests.support.repos import Repo

if TYPE_CHECKING:
    from pathlib import Path

LOGIN = "def login(user):\n    check(user)\n    return session(user)\n"
BASE = {"auth/login.py": LOGIN, "README.md": "shop\n", "lib/a.py": "a = 1\n"}


# -- inside the change -------------------------------------------------------------------------------------


def test_t29_rename_shows_both_paths(repo):
    repo.commit(BASE)
    topic(repo)
    repo.commit({"auth/login.py": None, "util/helpers.py": LOGIN.replace("check", "skip")})
    assert "auth/login.py" not in repo.git("diff", "--name-only", "main", "topic").split("\n")
    change = change_of(repo)
    assert paths(change) == ["auth/login.py", "util/helpers.py"]
    assert [f.status for f in change.files] == [Status.DELETED, Status.ADDED]
    assert file_of(change, "auth/login.py").hunks[0].old == tuple(LOGIN.splitlines())
    (rename,) = change.renames
    assert (rename.old_path, rename.new_path) == ("auth/login.py", "util/helpers.py")
    assert [(h.old, h.new) for h in rename.hunks] == [(("    check(user)",), ("    skip(user)",))]


def test_t30_all_lines_of_moved_code_are_added_lines(repo):
    repo.commit(BASE)
    topic(repo)
    repo.commit({"auth/login.py": "\n", "utils.py": LOGIN})
    assert file_of(change_of(repo), "utils.py").hunks[0].new == tuple(LOGIN.splitlines())


def test_t31_a_change_of_deleted_lines_only_keeps_them(repo):
    repo.commit(BASE)
    topic(repo)
    repo.commit({"auth/login.py": LOGIN.replace("    check(user)\n", "")})
    (hunk,) = file_of(change_of(repo), "auth/login.py").hunks
    assert (hunk.old_start, hunk.old, hunk.new_start, hunk.new) == (2, ("    check(user)",), 1, ())


@pytest.mark.parametrize(
    "attribute", ["-diff", "binary", "linguist-generated", "diff=evil", "filter=evil -text"]
)
def test_t32_attributes_do_not_hide_lines(repo, attribute):
    repo.commit(BASE)
    topic(repo)
    repo.commit(
        {".gitattributes": f"auth/*.py {attribute}\n", "auth/login.py": LOGIN.replace("check", "skip")}
    )
    repo.checkout("topic")
    if attribute == "-diff":
        assert "Binary files" in repo.git("diff", "main", "topic")
    change = change_of(repo)
    assert paths(change) == [".gitattributes", "auth/login.py"]
    assert file_of(change, "auth/login.py").hunks[0].new == ("    skip(user)",)


def test_attributes_in_the_clone_do_not_hide_lines(repo):
    repo.commit(BASE)
    topic(repo)
    repo.commit({"auth/login.py": LOGIN.replace("check", "skip")})
    (repo.git_dir / "info").mkdir(exist_ok=True)
    (repo.git_dir / "info" / "attributes").write_text("* binary\n")
    repo.config("core.attributesFile", str(repo.git_dir / "info" / "attributes"))
    assert "Binary files" in repo.git("diff", "main", "topic")
    assert file_of(change_of(repo), "auth/login.py").hunks[0].new == ("    skip(user)",)


def test_t33_gitmodules_ignore_all_does_not_hide_a_bump(repo):
    one, two = repo.commit({"x": "1"}, parents=()), repo.commit({"x": "2"})
    repo.commit({**BASE, "x": None}, gitlinks={"vendor/lib": one})
    topic(repo)
    modules = '[submodule "lib"]\n\tpath = vendor/lib\n\turl = https://x.example/lib\n\tignore = all\n'
    repo.commit({".gitmodules": modules}, gitlinks={"vendor/lib": two})
    repo.git("reset", "-q", "--hard")
    assert "vendor/lib" not in repo.git("diff", "--name-only", "main", "topic")
    change = change_of(repo)
    assert paths(change) == [".gitmodules", "vendor/lib"]
    bump = file_of(change, "vendor/lib")
    assert (bump.old_mode, bump.old_blob, bump.new_blob) == (GITLINK, one, two)
    assert (bump.old_content, bump.hunks, bump.binary) == (Content.GITLINK, (), True)


def test_t26_mailmap_does_not_turn_an_agent_into_a_person(repo):
    repo.commit(BASE)
    topic(repo)
    repo.commit(
        {".mailmap": "Alice <alice@acme.example> <noreply@agent.example>\n"},
        author=("Agent", "noreply@agent.example"),
    )
    repo.git("reset", "-q", "--hard")
    repo.config("mailmap.blob", "topic:.mailmap")
    repo.config("log.mailmap", "true")
    assert repo.git("log", "-1", "--format=%aN") == "Alice"
    (commit,) = change_of(repo).commits
    assert (commit.author.name, commit.author.email) == ("Agent", "noreply@agent.example")


def test_t24_a_change_that_only_a_merge_makes_is_seen(repo):
    base = repo.commit(BASE)
    repo.branch("topic", base)
    repo.commit({"lib/a.py": "a = 2\n"})
    repo.checkout("topic")
    repo.commit({"README.md": "shop!\n"})
    merge = repo.merge("main", files={"auth/login.py": "def login(user):\n    return True\n"})
    assert "auth/login.py" not in repo.git("log", "--name-only", "--format=", "main..topic")
    change = change_of(repo)
    assert paths(change) == ["README.md", "auth/login.py"]
    assert next((c.sha, c.update_merge) for c in change.commits) == (merge, False)


def test_t34_a_file_that_becomes_a_link_is_one_row(repo):
    repo.commit(BASE)
    topic(repo)
    repo.commit({"auth/login.py": None}, symlinks={"auth/login.py": "../../etc/passwd"})
    (row,) = change_of(repo).files
    assert (row.status, row.new_mode, row.new_content) == (Status.TYPE_CHANGED, SYMLINK, Content.LINK)
    assert row.binary
    assert [(h.old, h.new) for h in row.hunks] == [(tuple(LOGIN.splitlines()), ())]


def test_t35_look_alike_names_are_kept_as_they_are(repo):
    names = ["AUTH/x.py", "auth/café.py", "auth/café.py", "аuth/x.py", "a\u202eb.py"]
    repo.commit(BASE)
    topic(repo)
    repo.commit(dict.fromkeys(names, "x = 1\n"))
    assert set(paths(change_of(repo))) == set(names)


def test_t36_unreadable_content_is_named_and_never_taken_for_unchanged(repo):
    repo.commit(BASE)
    topic(repo)
    repo.commit(
        {
            "blob.bin": b"\0\1\2",
            "latin.py": "# caf\xe9\n".encode("latin-1"),
            "min.js": "x" * 5000 + "\n",
            "wide.py": "import os\n".encode("utf-16"),
            "huge.py": "y = 1\n" * 300_000,
        }
    )
    change = change_of(repo, max_file_bytes=1_000_000)
    assert {f.path: f.new_content for f in change.files} == {
        "blob.bin": Content.BINARY,
        "latin.py": Content.BINARY,
        "min.js": Content.TEXT,
        "wide.py": Content.WIDE_TEXT,
        "huge.py": Content.LARGE,
    }
    assert {f.path for f in change.files if f.binary} == {"blob.bin", "latin.py", "huge.py"}
    assert file_of(change, "wide.py").hunks[0].new == ("import os",)
    assert file_of(change, "huge.py").new_size == 1_800_000
    assert file_of(change, "min.js").hunks[0].new == ("x" * 5000,)


# -- inside the clone --------------------------------------------------------------------------------------


def test_t49_replace_refs_are_ignored_and_named(repo):
    repo.commit(BASE)
    topic(repo)
    bad = repo.commit({"auth/login.py": "evil\n"}, author=("Mallory", "m@x.example"))
    good = repo.commit({"README.md": "harmless\n"}, parents=["main"])
    repo.git("update-ref", "refs/heads/topic", bad)
    expected = change_of(repo)
    repo.git("replace", bad, good)
    assert "auth/login.py" not in repo.git("diff", "--name-only", "main", "topic")
    change = change_of(repo)
    assert as_rows(change) == as_rows(expected)
    assert paths(change) == ["auth/login.py"]
    assert change.commits == expected.commits
    assert any("replace refs" in note for note in change.notes)
    assert not any("replace refs" in note for note in expected.notes)
    repo.git("replace", "-f", bad, repo.commit({}, parents=[good]))
    with Repository.open(repo.path) as git:
        assert git.resolve(f"{bad}~1") == repo.rev("main")


def test_t49_grafts_are_ignored_and_named(repo):
    repo.commit(BASE)
    topic(repo)
    bad = repo.commit({"auth/login.py": "evil\n"}, author=("Mallory", "m@x.example"))
    tip = repo.commit({"README.md": "harmless\n"})
    expected = change_of(repo)
    (repo.git_dir / "info").mkdir(exist_ok=True)
    (repo.git_dir / "info" / "grafts").write_text(f"{tip} {repo.rev('main')}\n")
    assert bad not in repo.git("log", "--format=%H", "main..topic")
    change = change_of(repo)
    assert change.commits == expected.commits
    assert [c.sha for c in change.commits] == [tip, bad]
    assert any("grafts" in note for note in change.notes)
    with Repository.open(repo.path) as git:
        assert git.resolve("topic~1") == bad


@pytest.mark.parametrize("where", ["tree", "clone"])
def test_merge_attributes_do_not_turn_a_resolved_conflict_into_an_update_merge(repo, where):
    base = repo.commit({"a.txt": "1\n"})
    repo.branch("topic", base)
    repo.commit({"a.txt": "main\n"})
    repo.checkout("topic")
    repo.commit({"a.txt": "topic\n", ".gitattributes": "* merge=union\n"})
    repo.git("reset", "-q", "--hard")
    if where == "clone":
        (repo.git_dir / "info").mkdir(exist_ok=True)
        (repo.git_dir / "info" / "attributes").write_text("* merge=union\n")
    merged = repo.git("merge-tree", "--write-tree", "topic", "main")
    repo.commit(message="Merge\n", parents=["topic", "main"], tree=merged.split("\n")[0])
    assert change_of(repo).commits[0].update_merge is False


def test_t48_a_shallow_clone_is_incomplete_even_if_a_merge_base_is_there(repo, tmp_path):
    repo.commit(BASE)
    repo.commit({"a": "1"})
    repo.commit({"a": "2"})
    clone = repo.clone(tmp_path / "clone", "--depth", "2")
    with Repository.open(clone.path) as git:
        assert git.is_shallow()
        for read in (
            lambda: git.change("HEAD~1", "HEAD"),
            lambda: git.change_digest("HEAD~1", "HEAD"),
            lambda: list(git.commits("HEAD")),
            lambda: git.is_ancestor("HEAD~1", "HEAD"),
        ):
            with pytest.raises(GitError) as error:
                read()
            assert_incomplete(error, "shallow", "fetch-depth: 0")
            assert 'GIT_DEPTH: "0"' in error.value.hint
            assert "git fetch --unshallow" in error.value.hint
        assert git.file_at("HEAD", "a") == b"2"


def test_a_partial_clone_with_all_objects_is_read_and_named(repo, tmp_path):
    repo.commit(BASE)
    topic(repo)
    repo.commit({"a": "1\n"})
    repo.config("uploadpack.allowFilter", "true")
    clone = repo.clone(tmp_path / "clone", "--no-local", "--filter=blob:limit=1m")
    change = change_of(clone, "origin/main", "origin/topic")
    assert paths(change) == ["a"]
    assert any("partial" in note for note in change.notes)


def test_a_missing_object_of_a_partial_clone_is_incomplete_and_never_fetched(repo, tmp_path):
    repo.commit(BASE)
    topic(repo)
    repo.commit({"a": "1\n"})
    repo.config("uploadpack.allowFilter", "true")
    clone = repo.clone(tmp_path / "clone", "--bare", "--no-local", "--filter=blob:none")
    with pytest.raises(GitError) as error:
        change_of(clone)
    assert_incomplete(error, "missing from this clone", "clone in full")


def test_looking_up_a_name_in_a_partial_clone_never_starts_a_fetch(repo, tmp_path):
    repo.commit(BASE)
    repo.config("uploadpack.allowFilter", "true")
    clone = repo.clone(tmp_path / "clone", "--bare", "--no-local", "--filter=tree:0")
    marker = tmp_path / "fetched"
    clone.config("remote.origin.url", f"ext::sh -c touch% {marker}")
    clone.config("protocol.ext.allow", "always")
    clone.git("rev-parse", "HEAD:lib", check=False)
    assert marker.exists(), "the trap must work, or this test proves nothing"
    marker.unlink()
    with Repository.open(clone.path) as git, pytest.raises(GitError):
        git.resolve("HEAD:lib")
    assert not marker.exists()


def test_a_broken_commit_graph_cannot_change_history(repo):
    repo.commit(BASE)
    topic(repo)
    repo.commit({"a": "1\n"})
    repo.git("commit-graph", "write", "--reachable")
    graph = repo.git_dir / "objects" / "info" / "commit-graph"
    graph.chmod(0o644)
    graph.write_bytes(graph.read_bytes()[:-60] + b"\0" * 60)
    assert len(change_of(repo).commits) == 1


def test_tree_objects_made_by_hand_are_refused(repo):
    blob = repo.blob("x\n")
    repo.commit(BASE)

    def handmade(*names: bytes) -> str:
        content = b"".join(b"100644 " + name + b"\0" + bytes.fromhex(blob) for name in names)
        tree = repo.git("hash-object", "-t", "tree", "-w", "--stdin", "--literally", stdin=content)
        return repo.git("commit-tree", "-p", "main", "-m", "x", tree)

    with Repository.open(repo.path) as git:
        for name in (b"..", b".", b".git", b".GIT"):
            head = handmade(name)
            for read in (lambda it: git.change("main", it), git.tree, git.paths_at):
                with pytest.raises(GitError) as error:
                    read(head)
                assert_incomplete(error, "impossible path", "refuse the change")
        with pytest.raises(GitError) as error:
            git.change("main", handmade(b"a", b"a"))
        assert_incomplete(error, "twice", "refuse the change")


# -- nothing runs, nothing is written ----------------------------------------------------------------------


def snapshot(folder: Path) -> dict[str, bytes]:
    """All files with their content. Times are left out: git renews that of an object it would have written."""
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in sorted(folder.rglob("*"))}


def everything(repo: Repo) -> object:
    """Call every method that starts git."""
    with Repository.open(repo.path) as git:
        change = git.change("main", "topic")
        return (
            dataclasses.replace(change, notes=()),
            git.name,
            git.default_base(),
            git.change_digest("main", "topic"),
            list(git.commits("main..topic")),
            list(git.commits_by_id([change.head])),
            git.file_at("topic", "auth/login.py"),
            git.paths_at("topic"),
            git.tree("topic"),
            list(git.blobs([f.new_blob for f in change.files if f.new_size], max_bytes=100)),
            git.blame(change, "auth/login.py", [1, 2, 3]),
            git.is_tracked("topic", "auth/login.py"),
            git.is_ancestor("main~1", "topic"),
        )


def busy(repo: Repo) -> None:
    base = repo.commit(BASE)
    repo.branch("topic", base)
    repo.commit({"lib/a.py": "a = 2\n"})
    repo.checkout("topic")
    repo.commit({"auth/login.py": LOGIN.replace("check", "skip"), "README.md": None, "READ.md": "shop\n"})
    repo.merge("main")
    repo.git("reset", "-q", "--hard")


def test_reading_writes_nothing_into_the_repository(repo):
    busy(repo)
    before = snapshot(repo.path)
    everything(repo)
    assert snapshot(repo.path) == before


def test_programs_that_the_repository_names_are_never_run(repo, tmp_path):
    busy(repo)
    expected = everything(repo)
    marker = tmp_path / "ran"
    script = tmp_path / "evil.sh"
    script.write_text(f'#!/bin/sh\necho "$0 $@" >> {marker}\ncat\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    hooks = repo.git_dir / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in ("reference-transaction", "post-index-change", "pre-auto-gc", "post-checkout", "post-merge"):
        (hooks / hook).symlink_to(script)
    repo.git("reset", "-q", "--hard")
    (repo.git_dir / "info").mkdir(exist_ok=True)
    (repo.git_dir / "info" / "attributes").write_text("* diff=evil filter=evil merge=evil\n")
    for key in (
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "core.sshCommand",
        "core.askPass",
        "core.alternateRefsCommand",
        "pager.log",
        "pager.blame",
        "diff.external",
        "diff.evil.command",
        "diff.evil.textconv",
        "filter.evil.clean",
        "filter.evil.smudge",
        "merge.evil.driver",
        "gpg.program",
        "credential.helper",
        "alias.log",
        "uploadpack.packObjectsHook",
    ):
        repo.config(key, str(script))
    repo.config("core.hooksPath", str(hooks))
    repo.config("log.showSignature", "true")
    repo.config("filter.evil.required", "true")
    marker.unlink(missing_ok=True)
    repo.git("diff", "main", "topic", check=False)
    assert marker.exists(), "the trap must work, or this test proves nothing"
    marker.unlink()
    assert everything(repo) == expected
    assert not marker.exists()


def test_settings_of_the_repository_do_not_change_the_answer(repo):
    busy(repo)
    expected = everything(repo)
    for key, value in {
        "diff.renames": "copies",
        "diff.renameLimit": "1",
        "diff.ignoreSubmodules": "all",
        "diff.noprefix": "true",
        "diff.context": "9",
        "diff.interHunkContext": "9",
        "diff.algorithm": "patience",
        "diff.orderFile": "order",
        "diff.relative": "true",
        "color.ui": "always",
        "core.abbrev": "4",
        "core.quotePath": "true",
        "core.bigFileThreshold": "1",
        "log.showRoot": "false",
        "log.diffMerges": "off",
        "log.follow": "true",
        "log.date": "raw",
        "format.pretty": "%s",
        "i18n.logOutputEncoding": "UTF-16",
        "blame.ignoreRevsFile": "missing",
        "blame.coloring": "repeatedLines",
        "merge.renames": "false",
        "merge.conflictStyle": "diff3",
        "core.worktree": "/",
        "core.splitIndex": "true",
        "core.untrackedCache": "true",
        "core.precomposeUnicode": "true",
        "core.ignoreCase": "true",
    }.items():
        repo.git("config", "-f", repo.git_dir / "config", key, value)
    assert everything(repo) == expected


def test_the_environment_of_the_caller_does_not_change_the_answer(repo, tmp_path, monkeypatch):
    busy(repo)
    expected = everything(repo)
    other = Repo(tmp_path / "other")
    other.commit({"z": "z\n"})
    for name, value in {
        "GIT_DIR": str(other.git_dir),
        "GIT_WORK_TREE": str(other.path),
        "GIT_INDEX_FILE": "/nonexistent",
        "GIT_OBJECT_DIRECTORY": str(other.git_dir / "objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": "/nonexistent",
        "GIT_COMMON_DIR": str(other.git_dir),
        "GIT_NAMESPACE": "x",
        "GIT_EXTERNAL_DIFF": "false",
        "GIT_DIFF_OPTS": "-u9",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "diff.renames",
        "GIT_CONFIG_VALUE_0": "copies",
        "GIT_CONFIG_PARAMETERS": "'diff.context'='9'",
        "GIT_REPLACE_REF_BASE": "refs/heads/",
        "GIT_SHALLOW_FILE": "/nonexistent",
        "GIT_DEFAULT_HASH": "sha256",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_TRACE": str(tmp_path / "trace"),
        "GIT_TRACE2": str(tmp_path / "trace2"),
        "GIT_CEILING_DIRECTORIES": str(tmp_path),
        "HOME": "/nonexistent",
        "XDG_CONFIG_HOME": "/nonexistent",
        "LC_ALL": "de_DE.UTF-8",
        "TZ": "Asia/Seoul",
    }.items():
        monkeypatch.setenv(name, value)
    assert everything(repo) == expected
    # GitPython asks for git's version once, when it is imported; nothing of ours may leave a trace
    assert "diff-tree" not in "".join(p.read_text() for p in tmp_path.glob("trace*"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")
def test_a_repository_of_another_user_is_read(repo):
    busy(repo)
    expected = everything(repo)
    for path in [repo.path, *repo.path.rglob("*")]:
        os.chown(path, 12345, 12345, follow_symlinks=False)
    assert "dubious ownership" in str(_failure_of(repo, "status"))
    assert everything(repo) == expected


def _failure_of(repo: Repo, *arguments: str) -> AssertionError:
    with pytest.raises(AssertionError) as error:
        repo.git(*arguments)
    return error.value


def test_rows_equal_the_comparison_of_two_full_listings(repo):
    busy(repo)
    assert as_rows(change_of(repo)) == rows_by_listing(repo, "main", "topic")
