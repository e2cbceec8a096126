"""Tags, clones and stores that are not what they seem: each is named, and none is a pass."""

from __future__ import annotations

import subprocess

import pytest

from gate.core.release.model import State
from gate.core.verdict import Outcome
from gate.errors import EvidenceError, GitError, UsageError
from gate.git import Repository
from gate.pipeline.evidence import open_store
from gate.pipeline.release.records import read_records
from tests.evidence.kit import REF
from tests.release.kit import LOGIN, Keys, Story, person
from tests.release.test_signed import sign, statement

OTHER = LOGIN.replace("return", "return user.ok and")


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> Keys:
    return Keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def story(repo, keys, tmp_path) -> Story:
    return Story(repo, keys, tmp_path).start()


def reasons(released, outcome: Outcome) -> str:
    return " ".join(r.because + " " + r.to_pass for r in released.run.verdict.reasons if r.outcome is outcome)


def test_t58_a_tag_object_under_another_name_is_named_even_if_nothing_is_sensitive(story):
    story.repo.commit({"README": "x\n"})
    story.tag("v1.1")
    story.repo.git("update-ref", "refs/tags/v9.9", story.repo.git("rev-parse", "v1.1"))
    released = story.release("v1.0..v9.9")
    assert released.run.exit_code == 3
    assert "refs/tags/v9.9 cannot be believed: the name inside of it is 'v1.1'" in reasons(
        released, Outcome.NEEDS_SIGNOFF
    )


def test_a_tag_that_was_moved_after_it_was_signed_is_named(story):
    story.repo.commit({"auth/login.py": OTHER}, message="fix\n", author=person("dev"))
    story.tag()
    sign(story, statement(story))
    assert story.release().run.verdict.outcome is Outcome.PASSED
    story.repo.commit({"README": "x\n"})
    story.repo.git("tag", "-d", "v1.1")
    story.tag()
    released = story.release()
    assert released.run.exit_code == 3
    assert "it was moved: sec1 signed it on" in reasons(released, Outcome.NEEDS_SIGNOFF)


def test_a_previous_tag_that_was_moved_forward_over_a_push_is_named(story):
    story.repo.commit({"auth/login.py": OTHER}, message="fix\n", author=person("dev"))
    story.tag()
    sign(story, statement(story))
    story.repo.commit({"auth/back.py": "token = 1\n"}, message="bad\n", author=person("mallory"))
    story.repo.git("tag", "-d", "v1.1")
    story.tag()
    story.repo.commit({"README": "y\n"})
    story.tag("v1.2")
    released = story.release("v1.1..v1.2")
    assert released.run.exit_code == 3
    assert "The previous tag refs/tags/v1.1 cannot be believed: it was moved" in reasons(
        released, Outcome.NEEDS_SIGNOFF
    )


@pytest.mark.parametrize(
    ("range_", "error", "told"),
    [
        ("v1.0", UsageError, "names one end only"),
        ("v1.0..", UsageError, "no range of a release"),
        ("v1.0...v1.1", UsageError, "no range of a release"),
        ("main..v1.1", GitError, "main is no tag"),
        ("v0.9..v1.1", GitError, "v0.9 is no tag of this clone"),
        ("v1.0..main", GitError, "main is no tag of this clone"),
        ("v1.1..v1.0", GitError, "v1.1 is no ancestor of v1.0"),
        ("v1.0..--help", GitError, "cannot be the name of a tag"),
        ("v1.0..tree", GitError, "it names a tree and no commit"),
    ],
)
def test_a_range_that_is_no_release_says_what_to_write(story, range_, error, told):
    story.repo.commit({"README": "x\n"})
    story.tag()
    story.repo.tag("tree", story.repo.tree(), message="a tree")
    with pytest.raises(error) as caught:
        story.release(range_)
    assert told in caught.value.message
    assert caught.value.hint


def test_the_first_release_names_its_beginning_and_says_that_nobody_looked_before(story):
    story.repo.commit({"README": "x\n"})
    story.tag()
    released = story.release("v1.1", baseline="v1.0")
    assert released.run.verdict.outcome is Outcome.PASSED
    assert released.release.first
    assert "everything up to" in reasons(released, Outcome.PASSED)
    with pytest.raises(UsageError, match="both say where the release begins"):
        story.release("v1.0..v1.1", baseline="v1.0")


def test_t48_a_shallow_clone_cannot_tell(story, tmp_path):
    story.repo.commit({"README": "x\n"})
    story.tag()
    shallow = story.repo.clone(tmp_path / "shallow", "--depth", "1", "--branch", "v1.1")
    shallow.git("fetch", "-q", "--depth", "1", "origin", "tag", "v1.0")
    with pytest.raises(GitError, match="shallow"):
        story.release(repo=shallow.path)


def test_t60_records_that_were_not_fetched_are_named_with_the_command(story, tmp_path):
    story.request({"auth/login.py": OTHER})
    story.tag()
    clone = story.repo.clone(tmp_path / "clone" / story.repo.path.name)
    released = story.release(repo=clone.path)
    assert released.run.exit_code == 3
    assert "git fetch origin refs/notes/gate-evidence:refs/notes/gate-evidence" in reasons(
        released, Outcome.NEEDS_SIGNOFF
    )


@pytest.mark.parametrize("store", ["files:/nowhere/at/all", "sqlite:/nowhere/at/all.db"])
def test_a_store_that_is_not_there_is_an_error_and_no_pass(story, store):
    story.repo.commit({"README": "x\n"})
    story.tag()
    with pytest.raises(EvidenceError) as caught:
        story.release(evidence=store)
    assert caught.value.exit_code == 4


def test_a_record_that_was_removed_makes_the_release_incomplete(story, tmp_path):
    """Records as files, of which somebody takes the one in the middle away."""
    from gate.core.evidence.record import Origin
    from gate.git import Repository
    from gate.pipeline.evidence import leave, open_store
    from gate.reports import render

    folder = tmp_path / "records"
    for number, text in enumerate(("one", "two", "three"), 1):
        story.branch()
        story.topic({"README": text})
        story.judge(record=False)
        with Repository.open(story.repo.path) as opened:
            leave(
                story.run,
                opened,
                open_store(f"files:{folder}"),
                report=render("json", story.run),
                change=str(number),
                origin=Origin(job="", actor=""),
                key=str(story.keys.private("ci")),
            )
        story.merge(str(number))
    story.tag()
    assert story.release(evidence=f"files:{folder}").run.verdict.outcome is Outcome.PASSED
    sorted(folder.glob("*.evidence.json"))[1].unlink()
    released = story.release(evidence=f"files:{folder}")
    assert released.run.exit_code == 4
    assert "was removed or altered" in reasons(released, Outcome.INCOMPLETE)


def test_the_newest_records_cannot_be_cut_off_where_somebody_noted_the_end(story):
    """The chain of what is left is whole: only who knows its end can tell."""
    story.branch()
    story.topic({"auth/login.py": OTHER})
    number = story.judge()
    end = story.repo.rev(REF)
    story.judge(approve=None)
    with Repository.open(story.repo.path) as opened:
        noted = read_records(open_store("git", opened)).ends
    story.merge(number)
    story.tag()
    story.repo.git("update-ref", REF, end)
    released = story.release(expected=noted)
    assert released.run.exit_code == 4
    assert noted[0][:19] in reasons(released, Outcome.INCOMPLETE)


def test_t53_a_request_into_an_unprotected_branch_answers_for_nothing(story):
    story.branch()
    story.topic({"auth/login.py": OTHER})
    reviews = story._reviews
    story._reviews = lambda *given: {**reviews(*given), "target_protected": False}
    number = story.judge()
    sha = story.merge(number)
    story.tag()
    step = story.step(story.release(), sha)
    assert step.state is State.UNCOVERED
    assert any("its sign-off was incomplete" in line for line in step.refused)


def test_a_bumped_submodule_is_a_step_that_needs_an_answer(story):
    sha = story.repo.commit({}, message="bump\n", author=person("dev"), gitlinks={"lib/crypto": "3" * 40})
    story.tag()
    step = story.step(story.release(), sha)
    assert step.state is State.UNCOVERED
    assert "supply" in step.areas


def test_a_change_that_is_sensitive_only_in_sum_makes_every_step_on_its_file_sensitive(repo, keys, tmp_path):
    """The rules that read code run over the range; which step of several made them speak cannot be told."""
    story = Story(repo, keys, tmp_path).start(scan=True, files={"app.py": "def view(x):\n    return x\n"})
    one = story.repo.commit(
        {"app.py": "def guard(f):\n    return f\n\n\ndef view(x):\n    return x\n"},
        message="first\n",
        author=person("dev"),
    )
    two = story.repo.commit(
        {
            "app.py": "from django.contrib.auth.decorators import login_required\n\n\n@login_required\ndef view(x):\n    return x\n"
        },
        message="second\n",
        author=person("dev"),
    )
    story.tag()
    released = story.release()
    assert story.step(released, two).state is State.UNCOVERED
    assert story.step(released, one).state in (State.PLAIN, State.UNCOVERED)
    assert released.run.exit_code == 3


def test_nothing_of_the_repository_is_executed(story, tmp_path):
    mark = tmp_path / "ran"
    hook = story.repo.git_dir / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {mark}\n")
    hook.chmod(0o755)
    story.repo.config("core.fsmonitor", f"touch {mark}")
    story.repo.commit({"auth/login.py": OTHER}, author=person("dev"))
    story.tag()
    story.release()
    assert not mark.exists()
    assert subprocess.run(["test", "-e", mark], check=False).returncode == 1
