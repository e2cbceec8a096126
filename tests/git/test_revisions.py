"""Names of commits: what resolves, which base is the default, and what each failure says."""

from __future__ import annotations

import hashlib

import pytest

from gate.errors import GitError
from gate.git import Repository
from tests.git.reading import assert_incomplete, topic


def resolve(repo, revision):
    with Repository.open(repo.path) as git:
        return git.resolve(revision)


def refuse(repo, revision, message, hint):
    with pytest.raises(GitError) as error:
        resolve(repo, revision)
    assert_incomplete(error, message, hint)


def test_branches_tags_ids_and_expressions_resolve_to_full_ids(repo):
    first = repo.commit({"a": "1\n"})
    second = repo.commit({"a": "2\n"})
    repo.tag("v1", first)
    repo.tag("v2", second, message="two")
    for revision in ("main", "HEAD", "@", "refs/heads/main", "v2", second, second[:10], second.upper()):
        assert resolve(repo, revision) == second
    for revision in ("v1", "HEAD~1", "main^", "v2~1", ":/change"):
        assert resolve(repo, revision) in {first, second}
    assert resolve(repo, "v2~1") == first


def test_an_unknown_name_gets_a_suggestion(repo):
    repo.commit({"a": "1\n"})
    repo.branch("feature/login")
    refuse(repo, "feature/logn", "unknown revision 'feature/logn'", "did you mean feature/login?")
    repo.git("update-ref", "refs/remotes/origin/trunk", "HEAD")
    refuse(repo, "trunk", "unknown revision 'trunk'", "did you mean origin/trunk?")
    refuse(repo, "zzzzzzz", "unknown revision", "git fetch")


def test_an_id_that_the_clone_does_not_have(repo):
    repo.commit({"a": "1\n"})
    refuse(repo, "1" * 40, "not in this clone", "git fetch origin 1111")
    refuse(repo, "1" * 64, "not in this clone", "git fetch")


def test_an_object_that_is_no_commit(repo):
    repo.commit({"a": "1\n"})
    refuse(repo, repo.tree(), "is a tree and not a commit", "commit id")
    refuse(repo, "HEAD:a", "is a blob and not a commit", "commit id")
    repo.git("tag", "tree", repo.tree())
    refuse(repo, "tree", "is a tree and not a commit", "commit id")


def test_a_branch_and_a_tag_of_one_name_are_ambiguous(repo):
    first = repo.commit({"a": "1\n"})
    second = repo.commit({"a": "2\n"})
    repo.branch("release", first)
    repo.tag("release", second)
    repo.config("core.warnAmbiguousRefs", "false")
    refuse(repo, "release", "ambiguous", "refs/heads/")
    assert resolve(repo, "refs/heads/release") == first
    assert resolve(repo, "refs/tags/release") == second


def test_a_short_id_that_begins_several_objects_is_ambiguous(repo):
    by_beginning: dict[str, str] = {}
    for number in range(10_000):
        content = str(number)
        sha = hashlib.sha1(f"blob {len(content)}\0{content}".encode()).hexdigest()
        twin = by_beginning.setdefault(sha[:4], content)
        if twin != content:
            break
    assert repo.blob(twin)[:4] == repo.blob(content)[:4]
    repo.commit({"a": "1\n"})
    refuse(repo, sha[:4], "ambiguous", "all digits")


def test_a_branch_that_is_named_like_an_id_is_not_that_id(repo):
    first = repo.commit({"a": "1\n"})
    second = repo.commit({"a": "2\n"})
    repo.git("update-ref", f"refs/heads/{first}", second)
    assert resolve(repo, first) == first


@pytest.mark.parametrize("revision", ["", "-h", "--all", "--output=x", "a\nb", "a\0b"])
def test_what_cannot_be_a_revision(repo, revision):
    repo.commit({"a": "1\n"})
    refuse(repo, revision, "cannot be a revision", "branch")


@pytest.mark.parametrize("revision", ["main..main", "main...main", "..", "main.."])
def test_a_range_is_not_one_commit(repo, revision):
    repo.commit({"a": "1\n"})
    refuse(repo, revision, "is a range", "two ends")


def test_a_repository_without_a_commit(repo):
    refuse(repo, "HEAD", "has none yet", "commit something")
    refuse(repo, "main", "unknown revision", "fetch")


# -- the default base ----------------------------------------------------------------------------------------


def default_base(repo):
    with Repository.open(repo.path) as git:
        base = git.default_base()
        git.resolve(base)
        return base


def remote(repo, name, branch):
    repo.git("config", f"remote.{name}.url", "https://x.example/a/b")
    repo.git("update-ref", f"refs/remotes/{name}/{branch}", "HEAD")


def no_default_base(repo):
    with pytest.raises(GitError) as error:
        default_base(repo)
    assert_incomplete(error, "no default branch", "--base")


def test_the_default_base_is_the_head_of_origin(repo):
    repo.commit({"a": "1\n"})
    remote(repo, "origin", "develop")
    remote(repo, "origin", "main")
    repo.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/develop")
    assert default_base(repo) == "origin/develop"


def test_the_default_base_is_the_head_of_the_only_remote(repo):
    repo.commit({"a": "1\n"})
    remote(repo, "upstream", "trunk")
    repo.git("symbolic-ref", "refs/remotes/upstream/HEAD", "refs/remotes/upstream/trunk")
    assert default_base(repo) == "upstream/trunk"
    remote(repo, "fork", "trunk")
    no_default_base(repo)


def test_the_default_base_is_main_or_master_of_origin(repo):
    repo.commit({"a": "1\n"})
    remote(repo, "origin", "master")
    assert default_base(repo) == "origin/master"
    remote(repo, "origin", "main")
    assert default_base(repo) == "origin/main"
    repo.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/gone")
    assert default_base(repo) == "origin/main"


def test_a_local_main_is_the_default_base_only_from_another_branch(repo):
    repo.commit({"a": "1\n"})
    no_default_base(repo)
    topic(repo)
    assert default_base(repo) == "main"
    repo.checkout(repo.rev())
    no_default_base(repo)


# -- the target ----------------------------------------------------------------------------------------------


def test_the_target_is_the_full_name_of_the_branch_at_its_home(repo):
    sha = repo.commit({"a": "1\n"})
    remote(repo, "origin", "release/1")
    repo.tag("v1")
    with Repository.open(repo.path) as git:
        for base, target in {
            "main": "refs/heads/main",
            "origin/release/1": "refs/heads/release/1",
            "refs/remotes/origin/release/1": "refs/heads/release/1",
            "v1": "refs/tags/v1",
            sha: sha,
            "main~0": "main~0",
        }.items():
            assert git.change(base, "HEAD").target == target
        assert git.change(sha, "HEAD", target="refs/heads/x").target == "refs/heads/x"


def test_ancestors(repo):
    first = repo.commit({"a": "1\n"})
    repo.commit({"a": "2\n"})
    with Repository.open(repo.path) as git:
        assert git.is_ancestor(first, "main")
        assert git.is_ancestor("main", "main")
        assert not git.is_ancestor("main", first)
