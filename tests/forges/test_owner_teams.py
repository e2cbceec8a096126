"""Which teams a forge is asked for: those of the policy, and those that own what changed."""

from __future__ import annotations

from gate.core.policy import SignoffPolicy
from gate.git import Repository
from gate.pipeline.forge import wanted


def asked(repo, policy: SignoffPolicy, forge: str = "github") -> tuple[str, ...]:
    repo.commit(
        {
            "CODEOWNERS": "* @acme/all\nauth/ @acme/sec @bob\ndocs/ @acme/docs\n",
            "auth/a.py": "x = 1\n",
            "docs/a.md": "a\n",
        }
    )
    repo.branch("topic")
    repo.checkout("topic")
    repo.commit({"auth/a.py": "x = 2\n"})
    with Repository.open(repo.path) as repository:
        change = repository.change("main", "topic")
        return tuple(wanted(repository, change, policy, forge, None).teams)


def test_teams_that_own_changed_paths_are_asked_for(repo):
    policy = SignoffPolicy(reviewers={"auth": ("codeowners",)}, teams=("github:acme/dev",))
    assert asked(repo, policy) == ("github:acme/dev", "github:acme/sec")


def test_owners_are_not_asked_for_where_the_policy_does_not_name_them(repo):
    assert asked(repo, SignoffPolicy(reviewers={"auth": ("bob",)})) == ()
