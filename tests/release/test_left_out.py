"""What a release changes and no step seems to: it is somebody's to answer for all the same."""

from __future__ import annotations

import pytest

from gate.core.release.model import State
from tests.release.kit import LOGIN, Keys, Story, person

FIXED = LOGIN + "\n\ndef audit():\n    log(password)\n"


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> Keys:
    return Keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def side(repo, keys, tmp_path) -> Story:
    """v1.1 has a reviewed fix in auth; the line that is released next left it before, and stands at `main`."""
    story = Story(repo, keys, tmp_path).start()
    start = repo.rev()
    story.request({"auth/login.py": FIXED})
    story.tag("v1.1")
    repo.git("update-ref", "refs/heads/main", start)
    repo.commit({"README": "a shop, and more\n"}, message="words\n", author=person("dev"))
    return story


def test_a_merge_that_leaves_the_previous_release_out_is_open(side):
    """Its first parent never had the fix, and so a comparison with that parent shows nothing."""
    joint = side.repo.merge("v1.1", message="Merge v1.1\n", files={"auth/login.py": LOGIN})
    side.tag("v1.2")
    released = side.release("v1.1..v1.2")
    step = side.step(released, joint)
    assert (step.state, released.run.exit_code) == (State.UNCOVERED, 3)
    assert "auth/login.py" in step.areas["auth"]


def test_a_merge_that_keeps_the_previous_release_needs_nobody(side):
    joint = side.repo.merge("v1.1", message="Merge v1.1\n")
    side.tag("v1.2")
    released = side.release("v1.1..v1.2")
    assert side.step(released, joint).state is State.CANCELLED
    assert released.run.exit_code == 0


def test_of_a_conflict_with_the_previous_release_only_its_own_files_are_looked_at(side):
    """What the line itself did since it left is in its own steps."""
    story = side
    story.repo.commit({"auth/other.py": LOGIN}, message="direct\n", author=person("dev"))
    story.repo.commit({"auth/login.py": LOGIN + "# end\n"}, message="end\n", author=person("dev"))
    resolved = {"auth/login.py": FIXED.replace("log(", "send(") + "# end\n"}
    joint = story.repo.merge("v1.1", message="Merge v1.1\n", files=resolved)
    story.tag("v1.2")
    step = story.step(story.release("v1.1..v1.2"), joint)
    assert step.state is State.UNCOVERED
    assert {place.partition(":")[0] for places in step.areas.values() for place in places} == {
        "auth/login.py"
    }


def test_a_line_that_begins_anew_and_drops_what_was_released_is_open(side):
    repo = side.repo
    root = repo.git("commit-tree", repo.tree(side.repo.commit({"auth/login.py": None})), "-m", "anew")
    joint = repo.git(
        "commit-tree", repo.tree(root), "-p", root, "-p", repo.rev("v1.1^{commit}"), "-m", "join"
    )
    repo.git("update-ref", "refs/heads/main", joint)
    side.tag("v1.2")
    released = side.release("v1.1..v1.2")
    assert "auth/login.py" in side.step(released, joint).areas["auth"]
    assert released.run.exit_code == 3


def test_another_step_that_is_sensitive_in_the_same_file_hides_no_place(repo, keys, tmp_path):
    """Rules that read code run over the range: a place that no step shows is one of every step on its file."""
    code = "def view(c, x):\n    return x\n"
    story = Story(repo, keys, tmp_path).start(scan=True, files={"app.py": code})
    words = "personal_data = load()\n"
    first = repo.commit({"app.py": words + code}, message="first\n", author=person("dev"))
    found_by_a_rule = words + code.replace("return x", "return c.executescript(x)")
    second = repo.commit({"app.py": found_by_a_rule}, message="second\n", author=person("dev"))
    story.tag()
    released = story.release()
    assert story.step(released, first).areas == {"data": ("app.py:1", "app.py:3")}
    assert story.step(released, second).areas == {"data": ("app.py:3",)}
    assert story.step(released, second).state is State.UNCOVERED


def test_half_of_what_was_reviewed_as_one_is_not_taken_back_for_free(repo, keys, tmp_path):
    """Nobody looked at the login without its guard, although no file differs that the second step touched."""
    story = Story(repo, keys, tmp_path).start()
    whole = {"auth/login.py": FIXED, "auth/guard.py": "def guard(password):\n    check(password)\n"}
    story.request(whole)
    half = repo.commit({"auth/guard.py": None}, message="Revert the guard\n", author=person("dev"))
    story.tag()
    released = story.release()
    assert (story.step(released, half).state, released.run.exit_code) == (State.UNCOVERED, 3)


def test_what_is_taken_back_with_all_that_came_with_it_needs_nobody(repo, keys, tmp_path):
    story = Story(repo, keys, tmp_path).start()
    first = story.request({"auth/login.py": FIXED, "auth/guard.py": "x = password\n"})
    second = repo.commit({"auth/guard.py": None}, message="one half\n", author=person("dev"))
    third = repo.commit({"auth/login.py": LOGIN}, message="and the other\n", author=person("dev"))
    story.tag()
    released = story.release()
    assert {story.step(released, sha).state for sha in (first, second, third)} == {State.CANCELLED}
    assert released.run.exit_code == 0
