"""A change as rows, contents, hunks and renames."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gate.core.change import ABSENT, Content, Hunk, Status
from gate.errors import GitError
from gate.git import Repository
from tests.git.reading import (
    as_rows,
    assert_incomplete,
    change_of,
    file_of,
    paths,
    rows_by_listing,
    topic,
)
from tests.support.repos import Repo, git_environment

LINES = "".join(f"line {number}\n" for number in range(1, 9))


def edit(repo, old, new, **options):
    """The change of one file `f`; None means that it is absent."""
    repo.commit({"f": old, "keep": "1\n"} if old is not None else {"keep": "1\n"})
    topic(repo)
    repo.commit({"f": new})
    return file_of(change_of(repo, **options), "f")


def test_hunks_have_no_context_and_count_from_one(repo):
    new = LINES.replace("line 2\n", "").replace("line 5\n", "five\n5\n").replace("line 8\n", "line 8\nnine\n")
    found = edit(repo, LINES, new)
    assert found.hunks == (
        Hunk(old_start=2, old=("line 2",), new_start=1, new=()),
        Hunk(old_start=5, old=("line 5",), new_start=4, new=("five", "5")),
        Hunk(old_start=8, old=(), new_start=9, new=("nine",)),
    )
    assert (found.added, found.removed, found.old_size, found.new_size) == (3, 2, len(LINES), len(new))


def test_all_lines_of_an_added_or_deleted_file_are_one_hunk(tmp_path):
    one, two = Repo(tmp_path / "one"), Repo(tmp_path / "two")
    added, deleted = edit(one, None, "a\nb\n"), edit(two, "a\nb\n", None)
    assert added.hunks == (Hunk(old_start=0, old=(), new_start=1, new=("a", "b")),)
    assert deleted.hunks == (Hunk(old_start=1, old=("a", "b"), new_start=0, new=()),)
    assert (added.status, added.old_content, added.old_mode) == (Status.ADDED, Content.ABSENT, ABSENT)
    assert (deleted.status, deleted.new_content) == (Status.DELETED, Content.ABSENT)


FORGED = "@@ -1 +1 @@\n--- a/0\n+++ b/0\ndiff --git a/9 b/9\n\\ No newline at end of file\n"


@pytest.mark.parametrize(
    ("old", "new", "removed", "added"),
    [
        ("a\n", "b", ["a"], ["b"]),
        ("a\n", "a", ["a"], ["a"]),
        ("a", "a\n", ["a"], ["a"]),
        ("a\r\n", "a\n", ["a\r"], ["a"]),
        ("a\rb\n", "a\nb\n", ["a\rb"], ["a", "b"]),
        ("x\n", FORGED, ["x"], FORGED.splitlines()),
        (FORGED, "x", FORGED.splitlines(), ["x"]),
        ("-- \n", "++ \n", ["-- "], ["++ "]),
        ("\n\n", "\n", [""], []),
        ("\u2028a\x0b\x0c\x1c\x85\n", "b\u2028\n", ["\u2028a\x0b\x0c\x1c\x85"], ["b\u2028"]),
        ("", "\n", [], [""]),
        ("\ufeffa\n", "a\n", ["\ufeffa"], ["a"]),
        ("a\n", "", ["a"], []),
    ],
)
def test_only_a_line_feed_ends_a_line_and_content_cannot_forge_a_hunk(repo, old, new, removed, added):
    found = edit(repo, old, new)
    assert [line for hunk in found.hunks for line in hunk.old] == removed
    assert [line for hunk in found.hunks for line in hunk.new] == added


def test_a_mode_change_has_no_lines(repo):
    repo.commit({"run": "#!/bin/sh -e\necho\n"})
    topic(repo)
    repo.commit(executable={"run"})
    (found,) = change_of(repo).files
    assert (found.old_mode, found.new_mode, found.status) == ("100644", "100755", Status.MODIFIED)
    assert (found.hunks, found.shebang) == ((), "/bin/sh -e")


def test_the_shebang_is_that_of_the_side_that_is_left(tmp_path):
    assert (
        edit(Repo(tmp_path / "1"), "#!/bin/sh\n", "#!/usr/bin/env python3\r\n").shebang
        == "/usr/bin/env python3"
    )
    assert edit(Repo(tmp_path / "2"), "#!/bin/sh", None).shebang == "/bin/sh"
    assert edit(Repo(tmp_path / "3"), "#!/bin/sh\n", "x\n").shebang is None
    assert edit(Repo(tmp_path / "4"), None, b"#!/bin/sh\n\0payload").shebang == "/bin/sh"


def test_wide_text_is_compared_by_its_lines(repo):
    found = edit(repo, "a\nb\n".encode("utf-16"), "a\nc\n".encode("utf-32"))
    assert (found.old_content, found.new_content, found.binary) == (
        Content.WIDE_TEXT,
        Content.WIDE_TEXT,
        False,
    )
    assert found.hunks == (Hunk(old_start=2, old=("b",), new_start=2, new=("c",)),)


def test_a_file_that_only_changes_its_encoding_has_no_lines(repo):
    found = edit(repo, "a\nb\n", "a\nb\n".encode("utf-16"))
    assert (found.old_content, found.new_content, found.hunks) == (Content.TEXT, Content.WIDE_TEXT, ())


def test_beside_a_side_that_is_no_text_all_lines_count(repo):
    found = edit(repo, b"\0\1", "a\nb\n")
    assert (found.old_content, found.new_content, found.binary) == (Content.BINARY, Content.TEXT, True)
    assert found.hunks == (Hunk(old_start=0, old=(), new_start=1, new=("a", "b")),)


def test_a_side_above_the_limit_has_no_lines_and_leaves_none_to_the_other(repo):
    found = edit(repo, "a\n", "b" * 101, max_file_bytes=100)
    assert (found.new_content, found.new_size, found.hunks, found.binary) == (Content.LARGE, 101, (), True)


def test_a_blob_of_exactly_the_limit_is_read(repo):
    assert edit(repo, "a\n", "b" * 100, max_file_bytes=100).hunks[0].new == ("b" * 100,)


def test_one_blob_under_two_names_is_judged_by_each_name(repo):
    png = b"\x89PNG\r\n\x1a\n\0\0"
    repo.commit({"keep": "1\n"})
    topic(repo)
    repo.commit({"a.png": png, "a.txt": png}, symlinks={"link": png.decode("latin-1")[:4]})
    change = change_of(repo)
    assert file_of(change, "a.png").new_content is Content.MEDIA
    assert file_of(change, "a.txt").new_content is Content.BINARY
    assert file_of(change, "link").new_content is Content.LINK


def test_files_above_the_limit_cost_no_memory(tmp_path):
    """50 MB on both sides and as a rename pair; the peak of git's processes stays far below one copy."""
    repo = Repo(tmp_path / "r")
    big = b"0123456789abcdef\n" * 2_900_000
    repo.commit({"big": big, "moved": big[:-5], "a": "1\n", "b.py": LINES})
    topic(repo)
    repo.commit(
        {"big": big + b"x", "moved": None, "moved2": big[:-7], "a": "2\n", "b.py": None, "c.py": LINES + "x"}
    )
    code = """if True:
        import resource, sys
        from gate.git import Repository
        with Repository.open(sys.argv[1]) as git:
            change = git.change("main", "topic")
        print(*(f.path for f in change.files if f.new_content == "large"))
        print(*(r.new_path for r in change.renames))
        print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
    """
    done = subprocess.run(
        [sys.executable, "-c", code, repo.path],
        env=git_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    large, renames, peak = done.stdout.splitlines()
    assert (large, renames) == ("big moved2", "c.py")
    assert int(peak) < 45, "MiB"


def test_names_survive_whatever_their_bytes(repo):
    names = [
        b"-rf",
        b"--output=x",
        b'quo"te',
        b"new\nline",
        b"tab\t",
        b"back\\slash",
        b"caf\xe9.py",
        b"a b",
        b"\xff",
    ]
    names += [
        b":(glob)*",
        b":!x",
        b"*",
        b"d/\x01",
        b"d/-",
        b"x" * 250,
        "한글.py".encode(),
        "😀".encode(),
        b"#",
        b"100644 blob",
    ]
    repo.commit({b"keep": "1\n"})
    topic(repo)
    repo.commit(dict.fromkeys(names, b"1\n"))
    change = change_of(repo)
    assert paths(change) == [name.decode("utf-8", "surrogateescape") for name in sorted(names)]
    assert all(file.hunks[0].new == ("1",) for file in change.files)
    with Repository.open(repo.path) as git:
        for path in paths(change):
            assert git.file_at("topic", path) == b"1\n"
            assert git.blame(change, path, [1]) == {1: change.head}


def test_rows_equal_the_listing_when_files_and_folders_trade_places(repo):
    repo.commit({"a": "1", "b/c": "1", "x.y": "1", "x/y": "1"})
    topic(repo)
    repo.commit({"a": None, "b/c": None})
    repo.commit({"a/b": "1", "b": "1", "x-y": "1", "x/z": "2"})
    change = change_of(repo)
    assert as_rows(change) == rows_by_listing(repo, "main", "topic")
    assert paths(change) == ["a", "a/b", "b", "b/c", "x-y", "x/z"]


def test_a_rename_can_be_found_beside_large_files_with_hostile_names(repo):
    big = "x" * 2000
    repo.commit({"old.py": LINES, "*": big, ":(exclude)*": big + "1"})
    topic(repo)
    repo.commit({"old.py": None, "new.py": LINES + "x\n", "*": None, ":(exclude)*": None, ":!new.py": big})
    (rename,) = change_of(repo, max_file_bytes=1000).renames
    assert (rename.old_path, rename.new_path) == ("old.py", "new.py")


def test_links_submodules_and_empty_files_are_never_renames(repo):
    sub = repo.commit({"s": "1"}, parents=())
    repo.commit({"empty": "", "s": None}, symlinks={"l": "t"}, gitlinks={"g": sub})
    topic(repo)
    repo.commit({"empty": None, "l": None, "g": None})
    repo.commit({"empty2": ""}, symlinks={"l2": "t"}, gitlinks={"g2": sub})
    assert change_of(repo).renames == ()


def test_all_merge_bases_are_compared(repo):
    """Criss-cross: both sides have merged each other's first commit."""
    start = repo.commit({"a": "0\n", "b": "0\n"})
    left = repo.commit({"a": "1\n"})
    repo.branch("topic", start)
    repo.checkout("topic")
    right = repo.commit({"b": "1\n"})
    repo.merge(left)
    head = repo.commit({"c": "1\n"})
    repo.checkout("main")
    repo.merge(right)
    change = change_of(repo)
    assert set(change.merge_bases) == {left, right}
    assert change.merge_base == change.merge_bases[0]
    assert {f.path for f in change.all_files} == {"a", "b", "c"}
    assert as_rows(change) == rows_by_listing(repo, change.merge_base, head)
    other = {f.path: f for f in change.other_files}
    assert len(other) == 1
    assert next(iter(other.values())).hunks[0].new == ("1",)
    assert not set(as_rows(change)) & {
        (f.path, f.old_mode, f.old_blob, f.new_mode, f.new_blob) for f in change.other_files
    }
    with Repository.open(repo.path) as git:
        assert git.change_digest("main", "topic") == change.change_digest


@pytest.mark.parametrize("head", ["main", "main~1"])
def test_a_head_that_brings_nothing_gives_an_empty_change(repo, head):
    repo.commit({"a": "1\n"})
    repo.commit({"a": "2\n"})
    change = change_of(repo, "main", head)
    assert (change.files, change.commits, change.renames) == ((), (), ())
    assert change.merge_base == change.head


def test_unrelated_histories_are_incomplete(repo):
    repo.commit({"a": "1\n"})
    repo.checkout("topic", create=True)
    repo.commit({"a": "1\n"}, parents=(), message="other")
    with pytest.raises(GitError) as error:
        change_of(repo)
    assert_incomplete(error, "main and topic have no common history", "whole history")


def test_a_head_that_is_not_checked_out_is_noted(repo):
    repo.commit({"a": "1\n"})
    topic(repo)
    repo.commit({"a": "2\n"})
    assert change_of(repo).notes == ()
    repo.checkout("main")
    assert any("not what is checked out" in note for note in change_of(repo).notes)


@pytest.mark.parametrize("damage", ["truncated", "gone", "garbage"])
def test_damaged_objects_are_incomplete(repo, damage):
    repo.commit({"a": "1\n"})
    topic(repo)
    repo.commit({"a": "2\n"})
    blob = repo.git("rev-parse", "topic:a")
    file = repo.git_dir / "objects" / blob[:2] / blob[2:]
    file.chmod(0o644)
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-8] if damage == "truncated" else b"garbage")
    with pytest.raises(GitError) as error:
        change_of(repo)
    assert error.value.exit_code == 4
    assert error.value.hint


@pytest.mark.parametrize("revision", ["topic^{tree}", "topic~1"])
def test_missing_trees_and_commits_are_incomplete(repo, revision):
    repo.commit({"a": "1\n"})
    repo.checkout("topic", create=True)
    repo.commit({"a": "2\n"})
    repo.commit({"a": "3\n"})
    sha = repo.git("rev-parse", revision)
    (repo.git_dir / "objects" / sha[:2] / sha[2:]).unlink()
    with pytest.raises(GitError) as error:
        change_of(repo)
    assert error.value.exit_code == 4
    assert error.value.hint


def test_a_large_change_needs_no_process_per_file_or_commit(repo, monkeypatch):
    from gate.git import command

    repo.commit({f"d{n % 9}/f{n}": f"{n}\n" for n in range(300)})
    topic(repo)
    started = []
    popen = command._popen
    monkeypatch.setattr(command, "_popen", lambda *a: started.append(a) or popen(*a))
    repo.commit({"d0/f0": "x\n"})
    change_of(repo)
    few = len(started)
    for number in range(30):
        repo.commit({f"d{n % 9}/f{n}": f"{n}!\n" for n in range(number * 10, number * 10 + 10)})
    started.clear()
    change = change_of(repo)
    assert (len(change.files), len(change.commits)) == (300, 31)
    assert len(started) == few
