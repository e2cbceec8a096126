"""Commits with the same patch, as a rebase leaves them."""

from __future__ import annotations

import pytest

from gate.errors import GitError
from gate.git import Repository

LINES = "".join(f"line {number}\n" for number in range(1, 31))


def same(repo, wanted, candidates, **options):
    with Repository.open(repo.path) as git:
        return git.same_patch(wanted, candidates, **options)


@pytest.fixture
def rebased(repo):
    """Two commits on a topic branch, and the same two on top of a newer main; (old, old, new, new)."""
    repo.commit({"a": LINES, "b": "1\n"})
    repo.branch("topic")
    repo.commit({"c": "new on main\n"})
    repo.checkout("topic")
    old = [repo.commit({"a": LINES + "more\n"}, message="one"), repo.commit({"b": "1\n2\n"}, message="two")]
    repo.git("reset", "-q", "--hard")
    repo.git("rebase", "-q", "main")
    return [*old, *repo.git("rev-list", "--reverse", "main..topic").split()]


def test_a_rebase_keeps_patches(repo, rebased):
    one, two, new_one, new_two = rebased
    assert same(repo, [new_two, new_one], [one, two]) == {new_one: (one,), new_two: (two,)}


def test_absent_commits_and_other_objects_are_no_candidates(repo, rebased):
    one, _, new_one, _ = rebased
    tree = repo.git("rev-parse", f"{one}^{{tree}}")
    assert same(repo, [new_one], [one, "f" * 40, tree]) == {new_one: (one,)}
    assert same(repo, [new_one], []) == {}
    assert same(repo, [], [one]) == {}


def test_an_ancestor_with_the_same_patch_is_no_earlier_head(repo):
    repo.commit({"a": "1\n"})
    first = repo.commit({"a": "2\n"})
    repo.commit({"a": "1\n"})
    again = repo.commit({"a": "2\n"})
    assert same(repo, [again], [first]) == {}


def test_two_commits_with_one_patch_belong_to_nobody(repo):
    base = repo.commit({"a": "1\n"})
    old = repo.commit({"a": "2\n"}, message="old", parents=[base])
    first = repo.commit({"a": "2\n"}, message="first", parents=[base])
    back = repo.commit({"a": "1\n"}, message="back", parents=[first])
    second = repo.commit({"a": "2\n"}, message="second", parents=[back])
    assert same(repo, [first, second], [old]) == {}
    assert same(repo, [first], [old]) == {first: (old,)}


def test_several_candidates_are_all_named(repo):
    base = repo.commit({"a": "1\n"})
    old = sorted(repo.commit({"a": "2\n"}, message=m, parents=[base]) for m in ("x", "y"))
    new = repo.commit({"a": "2\n"}, message="z", parents=[base])
    assert same(repo, [new], old) == {new: tuple(old)}


def test_other_content_other_paths_and_other_surroundings_are_other_patches(repo):
    base = repo.commit({"a": LINES})
    old = repo.commit({"a": LINES.replace("line 9\n", "nine\n")}, parents=[base])
    others = [
        repo.commit({"a": LINES.replace("line 9\n", "NINE\n")}, parents=[base]),
        repo.commit({"b": LINES, "a": LINES.replace("line 9\n", "nine\n")}, parents=[base]),
        repo.commit({"a": LINES.replace("line 9\n", "nine\n").replace("line 8\n", "8\n")}, parents=[base]),
    ]
    assert same(repo, others, [old]) == {}


def test_changes_without_text_are_not_compared(repo):
    base = repo.commit({"a": b"\0\1", "run": "1\n"})
    old = repo.commit({"a": b"\0\2"}, parents=[base])
    new = repo.commit({"a": b"\0\2"}, message="new", parents=[base])
    mode = [repo.commit({}, executable=["run"], message=m, parents=[base]) for m in "xy"]
    assert same(repo, [new, mode[0]], [old, mode[1]]) == {}


def test_too_much_to_compare_is_said(repo, rebased, monkeypatch):
    one, two, new_one, _ = rebased
    monkeypatch.setattr("gate.git.patches.MAX_CANDIDATES", 1)
    with pytest.raises(GitError, match="2 commits could be them, more than the 1 that are compared"):
        same(repo, [new_one], [one, two])
    monkeypatch.setattr("gate.git.patches.MAX_NAMES", 1)
    with pytest.raises(GitError, match="there are 2 commits to look up, more than the 1 that are"):
        same(repo, [new_one], [one, two])
    monkeypatch.setattr("gate.git.patches.MAX_NAMES", 2)
    monkeypatch.setattr("gate.git.patches.MAX_CANDIDATES", 2)
    monkeypatch.setattr("gate.git.patches.MAX_PATCH_BYTES", 10)
    with pytest.raises(GitError, match="more than the 10 bytes that are compared"):
        same(repo, [new_one], [one, two])
