"""Merge requests as clones keep them: their heads, their commits, and what both they and their squash change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gate.git import Repository
from gate.git.requests import Asked

if TYPE_CHECKING:
    from tests.support.repos import Repo


@pytest.mark.parametrize(
    ("ref", "key"),
    [
        ("refs/pull/12/head", ("#", 12)),
        ("refs/merge-requests/12/head", ("!", 12)),
        ("refs/remotes/origin/pull/12", ("#", 12)),
        ("refs/remotes/origin/pull/12/head", ("#", 12)),
        ("refs/remotes/upstream/pr/12", ("#", 12)),
        ("refs/remotes/origin/merge-requests/12", ("!", 12)),
        ("refs/remotes/origin/merge-requests/12/head", ("!", 12)),
        ("refs/remotes/origin/mr/12", ("!", 12)),
    ],
)
def test_heads_are_found_where_forges_and_fetches_put_them(repo: Repo, ref, key):
    sha = repo.commit({"a": "1"})
    repo.git("update-ref", ref, sha)
    for other in (
        "refs/pull/x/head",
        "refs/pull/3/merge",
        "refs/heads/pull/4/head",
        "refs/remotes/origin/main",
    ):
        repo.git("update-ref", other, sha)
    with Repository.open(repo.path) as repository:
        assert repository.request_heads == {key: sha}


def test_the_ref_of_the_forge_wins_over_a_branch_that_is_called_like_it(repo: Repo):
    other = repo.commit({"a": "1"})
    sha = repo.commit({"a": "2"})
    repo.git("update-ref", "refs/pull/12/head", sha)
    repo.git("update-ref", "refs/remotes/origin/pr/12", other)
    with Repository.open(repo.path) as repository:
        assert repository.request_heads == {("#", 12): sha}


def test_the_commits_of_a_request_and_its_paths_with_an_update_merge_in_it(repo: Repo):
    repo.commit({"a": "1"})
    repo.checkout("topic", create=True)
    first = repo.commit({"b": "1"})
    repo.checkout("main")
    repo.commit({"c": "other work"})
    repo.checkout("topic")
    update = repo.merge("main")
    last = repo.commit({"b": "2", "d": "1"})
    repo.checkout("main")
    parent = repo.rev("main")
    squash = repo.commit({"b": "2", "d": "1"}, message="Add b (#1)")
    asked = Asked(squash, parent, last)
    with Repository.open(repo.path) as repository:
        sources = repository.source_commits([asked])
        paths = repository.request_paths(sources)[asked]
    assert [commit.sha.decode() for commit in sources[asked].commits] == [last, update, first]
    assert paths.whole == paths.own == {b"b", b"d"}


def test_a_request_that_was_merged_as_it_is_has_no_commits_of_its_own(repo: Repo):
    repo.commit({"a": "1"})
    head = repo.commit({"b": "1"})
    later = repo.commit({"c": "1"}, message="Follow up (#1)")
    with Repository.open(repo.path) as repository:
        assert repository.source_commits([Asked(later, head, head)]) == {}


def test_many_requests_are_told_apart(repo: Repo):
    base = repo.commit({"a": "1"})
    asked, paths = [], {}
    for number in range(5):
        repo.checkout(base)
        head = repo.commit({f"file {number}\n": "1"})
        repo.checkout("main")
        parent = repo.rev("HEAD")
        changed = {f"file {number}\n": "1"} if number else {"elsewhere": "1"}
        squash = repo.commit(changed)
        asked.append(Asked(squash, parent, head))
        paths[asked[-1]] = (frozenset({f"file {number}\n".encode()}), frozenset(map(str.encode, changed)))
    with Repository.open(repo.path) as repository:
        sources = repository.source_commits(asked)
        found = repository.request_paths(sources)
    assert found == paths
    assert all(len(one.commits) == 1 for one in sources.values())


def test_a_request_of_an_unrelated_history_has_no_paths(repo: Repo):
    parent = repo.commit({"a": "1"})
    squash = repo.commit({"b": "1"})
    root = repo.commit({"b": "1"}, parents=())
    asked = Asked(squash, parent, root)
    with Repository.open(repo.path) as repository:
        found = repository.request_paths(repository.source_commits([asked]))[asked]
    assert found == (None, {b"b"})


def test_commits_are_known_by_full_and_short_ids_and_nothing_else_is(repo: Repo):
    sha = repo.commit({"a": "1"})
    blob = repo.blob("1")
    with Repository.open(repo.path) as repository:
        found = repository.known_commits([sha, sha[:9], "0" * 40, blob, "abcdef1"])
    assert {name: commit.sha for name, commit in found.items()} == {sha: sha, sha[:9]: sha}
