"""Whose pushes take away the right to sign: everybody's but those that only bring the target branch."""

from __future__ import annotations

import pytest

from gate.core.change import Commit, Person
from gate.core.review import Account, ForgeFacts, Push
from gate.core.review.pushes import pushers_of

DEV, BOB = Account(account="github:dev", kind="user"), Account(account="github:bob", kind="user")
NOBODY = Person(name="x", email="x@example.com")


def commit(sha: str, *parents: str, update: bool = False) -> Commit:
    return Commit(
        sha=sha,
        parents=parents,
        author=NOBODY,
        author_date="",
        committer=NOBODY,
        committer_date="",
        message="",
        update_merge=update,
    )


#: base – a – m (brings the target) – b, and evil, which merges and changes more.
GRAPH = [
    commit("b", "m"),
    commit("m", "a", "target", update=True),
    commit("m2", "m", "target2", update=True),
    commit("evil", "a", "target"),
    commit("a", "base"),
]


def pushed(*pushes: tuple[Account, str, str]) -> tuple[Account, ...]:
    told = tuple(Push(account=who, before=before, after=after) for who, before, after in pushes)
    facts = ForgeFacts(pushers=tuple(dict.fromkeys(push.account for push in told)), pushes=told)
    return pushers_of(facts, GRAPH)


@pytest.mark.parametrize(
    ("pushes", "who"),
    [
        ([(DEV, "", "a"), (BOB, "a", "m")], (DEV,)),
        ([(DEV, "", "a"), (BOB, "a", "m"), (BOB, "m", "m2")], (DEV,)),
        ([(DEV, "", "a"), (BOB, "a", "m"), (BOB, "m", "b")], (DEV, BOB)),
        ([(DEV, "", "a"), (BOB, "a", "evil")], (DEV, BOB)),
        ([(BOB, "gone", "m")], (BOB,)),
        ([(BOB, "a", "gone")], (BOB,)),
        ([(BOB, "m", "a")], (BOB,)),
        ([(BOB, "a", "a")], (BOB,)),
        ([(BOB, "", "m")], (BOB,)),
    ],
    ids=[
        "an update",
        "two updates",
        "an update and a commit",
        "a merge that changes more",
        "from a head that is gone",
        "to a head that is gone",
        "back to an older head",
        "nothing",
        "a new branch",
    ],
)
def test_who_only_brings_the_target_is_no_pusher(pushes, who):
    assert pushed(*pushes) == who


def test_pushers_without_pushes_are_taken_as_they_are_told():
    assert pushers_of(ForgeFacts(pushers=(BOB,)), GRAPH) == (BOB,)
    assert pushers_of(ForgeFacts(pushers=None), GRAPH) == ()
