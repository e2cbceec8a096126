"""Laws of the pure part: every commit belongs to one step, joining steps is comparing their ends, order does not matter."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from gate.core.authorship import Authorship, AuthorVerdict
from gate.core.change import ABSENT, REGULAR, Commit, FileChange, Person, change_digest
from gate.core.imports import ReportOrigin, stale, unbound
from gate.core.release.match import picked_from, replayed, requests_named, reverts
from gate.core.release.model import Unit
from gate.core.release.units import cancelled, divide, joined_digest, joined_rows

DEV = Person(name="dev", email="dev@acme.example")
ZERO = "0" * 40


def commit(sha: str, *parents: str, message: str = "change") -> Commit:
    return Commit(
        sha=sha,
        parents=parents,
        author=DEV,
        author_date="2026-01-01T00:00:00Z",
        committer=DEV,
        committer_date="2026-01-01T00:00:00Z",
        message=message,
    )


@st.composite
def histories(draw):
    """Commits, children first, of a random history in which the first parent is always older."""
    count = draw(st.integers(1, 25))
    commits = []
    for number in range(count):
        most = 1 if number else 0
        parents = [f"c{number - 1}"] if most else ["base"]
        if number > 1 and draw(st.booleans()):
            parents.append(f"c{draw(st.integers(0, number - 2))}")
        if number > 2 and draw(st.booleans()):
            parents[0] = f"c{draw(st.integers(0, number - 1))}"
        commits.append(commit(f"c{number}", *dict.fromkeys(parents)))
    tip = f"c{count - 1}"
    by_sha = {one.sha: one for one in commits}
    reached, left = set(), [tip]
    while left:
        one = left.pop()
        if one in by_sha and one not in reached:
            reached.add(one)
            left += by_sha[one].parents
    return [one for one in reversed(commits) if one.sha in reached], tip


@given(histories())
def test_every_commit_belongs_to_exactly_one_step_and_to_the_oldest_that_reaches_it(history):
    commits, tip = history
    groups = divide(commits, tip)
    flat = [one.sha for group in groups for one in group]
    assert sorted(flat) == sorted(one.sha for one in commits)
    line = [group[0].sha for group in groups]
    by_sha = {one.sha: one for one in commits}
    assert line[0] == tip
    assert all(by_sha[a].parents[0] == b for a, b in itertools.pairwise(line))
    seen: set[str] = set()
    for group in reversed(groups):
        seen.update(one.sha for one in group)
        for one in group:  # whatever it stands on came with it or before it
            assert all(parent in seen for parent in one.parents if parent in by_sha)


def unit(sha: str, rows: dict[str, tuple[str, str]], parent: str = "p") -> Unit:
    """A step that changes each path from one blob to another; an empty name is an absent side."""
    files = tuple(
        FileChange(
            path=path,
            old_mode=REGULAR if old else ABSENT,
            old_blob=old or ZERO,
            new_mode=REGULAR if new else ABSENT,
            new_blob=new or ZERO,
        )
        for path, (old, new) in sorted(rows.items())
    )
    return Unit(
        sha=sha,
        parent=parent,
        commits=(commit(sha, parent),),
        rows=files,
        change_digest=change_digest([files]),
        authorship=Authorship(verdict=AuthorVerdict.UNDECLARED),
    )


TREES = st.lists(
    st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["1", "2", "3"])), min_size=2, max_size=8
)


@given(TREES)
def test_steps_joined_are_the_comparison_of_both_ends(trees):
    def between(old, new):
        return {
            path: (old.get(path, ""), new.get(path, ""))
            for path in old.keys() | new.keys()
            if old.get(path) != new.get(path)
        }

    units = [unit(f"s{n}", between(old, new)) for n, (old, new) in enumerate(itertools.pairwise(trees))]
    whole = unit("whole", between(trees[0], trees[-1]))
    newest_first = list(reversed(units))
    assert joined_rows(newest_first) == list(whole.rows)
    assert joined_digest(newest_first) == whole.change_digest
    net = whole.paths
    gone = cancelled(newest_first, net)
    stay = {path for one in units if one.sha not in gone for path in one.paths}
    for one in units:
        if one.sha in gone:
            assert all(trees[0].get(path) == trees[-1].get(path) for path in one.paths)
            assert stay.isdisjoint(one.paths)


def test_what_a_message_names():
    assert requests_named(
        "Merge pull request #12 from x (see !7)\n\nhttps://h.example/a/-/merge_requests/9"
    ) == (
        "12",
        "7",
        "9",
    )
    assert requests_named("issue a#1 and color #fff, 10#3") == ()
    one = unit("u", {})
    one = Unit(
        **{
            **{name: getattr(one, name) for name in one.__slots__},
            "commits": (
                commit(
                    "u",
                    message=f"x\n\n(cherry picked from commit {'a' * 40})\nThis reverts commit {'b' * 12}.",
                ),
            ),
        }
    )
    assert picked_from(one) == ("a" * 40,)
    assert reverts(one) == ("b" * 12,)


def test_nothing_replays_without_a_match():
    assert replayed((), [("a", "d")]) == {}


def test_a_report_is_of_a_commit_or_says_what_to_write():
    origin = ReportOrigin(commit="a" * 7)
    now = "2026-01-02T00:00:00Z"
    assert stale(origin, head="a" * 40, now=now, max_age_hours=None) == ""
    assert "made for" in stale(origin, head="b" * 40, now=now, max_age_hours=None)
    assert "git rev-parse HEAD > zap.json.commit" in unbound(ReportOrigin(), "zap.json")
