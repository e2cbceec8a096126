"""Signed statements on releases and on their steps: which count, and why one does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.core.release.model import State
from gate.core.review.statement import Statement
from gate.core.verdict import Outcome
from tests.release.kit import CLAUDE, LOGIN, NOW, Keys, Story, person

OTHER = LOGIN.replace("return", "return user.ok and")


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> Keys:
    return Keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def story(repo, keys, tmp_path) -> Story:
    """A release v1.1 with one direct push of dev to auth."""
    story = Story(repo, keys, tmp_path).start()
    story.pushed = repo.commit({"auth/login.py": OTHER}, message="quick fix\n", author=person("dev"))
    story.tag()
    return story


def statement(story: Story, who: str = "sec1", **fields) -> Statement:
    release = story.release().release
    made = Statement(
        decision="approve",
        reviewer=who,
        repo=release.repo,
        commit=release.tag.commit,
        tree=release.tag.tree,
        target=release.tag.ref,
        base=release.previous.commit,
        change_digest=release.change_digest,
        policy_digest="sha256:" + "0" * 64,
        created_at="2026-01-20T00:00:00Z",
        areas=("auth",),
    )
    return replace(made, **fields)


def sign(story: Story, told: Statement, *, key: str | None = None, name: str = "a") -> None:
    story.signoffs.mkdir(exist_ok=True)
    (story.signoffs / f"{name}.signoff.json").write_bytes(story.keys.bundle(told, key or told.reviewer))


def test_a_reviewer_signs_the_release_and_it_passes(story):
    sign(story, statement(story))
    released = story.release()
    step = story.step(released, story.pushed)
    assert (step.state, step.proof.kind, step.proof.people) == (State.COVERED, "release", ("sec1",))
    assert released.run.verdict.outcome is Outcome.PASSED


def test_statements_reach_the_gate_as_notes_on_the_tagged_commit(story, tmp_path):
    (tmp_path / "note").write_bytes(story.keys.bundle(statement(story), "sec1"))
    story.repo.git("notes", "--ref", "gate-signoff", "append", "-F", tmp_path / "note", "v1.1^{commit}")
    assert story.step(story.release(), story.pushed).state is State.COVERED


def test_who_wrote_a_step_cannot_sign_the_release_for_it_but_for_another_one(story):
    other = story.repo.commit({"auth/token.py": "token = 1\n"}, message="by sec2\n", author=person("sec2"))
    story.repo.git("tag", "-d", "v1.1")
    story.tag()
    sign(story, statement(story, "dev"), name="dev")
    released = story.release()
    assert story.step(released, other).state is State.COVERED
    step = story.step(released, story.pushed)
    assert step.state is State.UNCOVERED
    assert any("author of this change" in line for line in step.refused), step.refused


def test_a_statement_on_the_step_itself_counts(story):
    unit = next(s.unit for s in story.release().release.steps)
    told = statement(
        story,
        commit=unit.sha,
        target="refs/heads/main",
        base=unit.parent,
        change_digest=unit.change_digest,
        tree=story.repo.tree(unit.sha),
    )
    sign(story, told)
    step = story.step(story.release(), story.pushed)
    assert (step.state, step.proof.kind) == (State.COVERED, "statement")


@pytest.mark.parametrize("released_before", [False, True])
def test_what_was_taken_back_is_not_brought_again_by_the_old_statement(story, released_before):
    """Somebody had a reason to take it back, and who signed it the first time has not looked since."""
    repo = story.repo
    unit = next(s.unit for s in story.release().release.steps)
    told = statement(
        story,
        commit="9" * 40,  # the head that was squashed, which this clone does not have
        target="refs/heads/main",
        base=unit.parent,
        change_digest=unit.change_digest,
    )
    sign(story, told)
    assert story.step(story.release(), story.pushed).proof.kind == "statement"
    repo.commit({"auth/login.py": LOGIN}, message="Revert: it locks people out\n", author=person("dev"))
    if released_before:
        story.tag("v1.2")
    again = repo.commit({"auth/login.py": OTHER}, message="quick fix\n", author=person("dev"))
    story.tag("v1.3")
    step = story.step(story.release("v1.2..v1.3" if released_before else "v1.0..v1.3"), again)
    assert step.state is State.UNCOVERED
    assert any(f"came onto the line before, with {story.pushed[:12]}" in line for line in step.refused)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"target": "refs/tags/v1.2"}, "it is for refs/tags/v1.2, and this release is refs/tags/v1.1"),
        ({"repo": "git.example/other/shop"}, "it is for the repository git.example/other/shop"),
        ({"base": "1" * 40}, "it is for the changes since 111111111111"),
        ({"commit": "2" * 40}, "the tag was moved"),
        ({"areas": ("crypto",)}, "it is for crypto, which this change does not touch"),
        ({"expires_at": "2026-01-21T00:00:00Z"}, "expired at 2026-01-21T00:00:00Z"),
        ({"created_at": "2027-01-20T00:00:00Z"}, "its date lies in the future"),
    ],
)
def test_t56_a_statement_on_something_else_is_ignored_with_the_reason(story, fields, why):
    sign(story, statement(story, **fields))
    released = story.release()
    step = story.step(released, story.pushed)
    assert step.state is State.UNCOVERED
    assert any(why in line for line in step.refused), step.refused
    assert released.run.exit_code == 3


def test_t57_a_statement_of_a_foreign_key_is_ignored(story):
    sign(story, statement(story), key="mallory")
    step = story.step(story.release(), story.pushed)
    assert step.state is State.UNCOVERED
    assert any("signed with a key that is not listed for sec1" in line for line in step.refused)


def test_t59_signers_added_inside_the_range_sign_nothing(story):
    grown = story.policy.replace("auth: [", "auth: [mallory, ").replace(
        "github: mallory,", f'github: mallory, keys: ["{story.keys.public("mallory")}"],'
    )
    story.request({".gate.yml": grown}, approve="sec1")
    story.repo.git("tag", "-d", "v1.1")
    story.tag()
    sign(story, statement(story, "mallory"), key="mallory")
    step = story.step(story.release(), story.pushed)
    assert step.state is State.UNCOVERED
    assert any("not listed for mallory" in line for line in step.refused), step.refused


def test_a_rejection_by_a_reviewer_blocks_a_release_that_records_cover(story):
    sign(story, statement(story))
    sign(story, statement(story, "sec2", decision="reject", areas=(), text="not yet"), name="b")
    released = story.release()
    assert released.run.verdict.outcome is Outcome.BLOCKED
    assert any("sec2 signed against this release" in r.because for r in released.run.verdict.reasons)


def test_an_ai_without_an_accountable_human_needs_two_people(story):
    story.repo.commit({"README": "x\n"}, message=f"words\n\n{CLAUDE}\n", author=person("dev"))
    story.repo.git("tag", "-d", "v1.1")
    story.tag()
    sign(story, statement(story, areas=("ai-written", "auth")))
    step = story.release().release.steps[0]
    assert step.state is State.UNCOVERED
    assert any("2 people must sign off because an AI took part" in line for line in step.missing)
    sign(story, statement(story, "alice", areas=("ai-written",)), name="b")
    assert story.release().run.verdict.outcome is Outcome.PASSED


OVERRIDE = {
    "decision": "override",
    "areas": (),
    "text": "everybody is away and the site is down",
    "expires_at": "2026-02-02T00:00:00Z",
    "created_at": "2026-01-31T00:00:00Z",
}


def overridden(repo, keys, tmp_path, more: str = "") -> Story:
    story = Story(repo, keys, tmp_path).start(more=more)
    story.repo.commit(
        {".gate.yml": story.policy + "  break_glass: {people: [sec1], max_hours: 72}\n"}, message="glass\n"
    )
    story.repo.git("tag", "-d", "v1.0")
    story.repo.tag("v1.0", message="v1.0")
    story.pushed = repo.commit({"auth/login.py": OTHER}, message="quick fix\n", author=person("dev"))
    story.tag()
    sign(story, statement(story, **OVERRIDE))
    return story


def test_t61_an_override_covers_until_it_ends_and_is_named(repo, keys, tmp_path):
    story = overridden(repo, keys, tmp_path)
    released = story.release()
    assert story.step(released, story.pushed).state is State.OVERRIDDEN
    assert released.run.verdict.outcome is Outcome.PASSED
    assert any(r.because.startswith("OVERRIDDEN") for r in released.run.verdict.reasons)
    assert story.release(now="2026-02-02T00:00:01Z").run.verdict.outcome is Outcome.NEEDS_SIGNOFF


def test_under_strict_an_override_is_no_sign_off_for_a_release(repo, keys, tmp_path):
    story = overridden(repo, keys, tmp_path, more="extends: strict\n")
    assert story.step(story.release(), story.pushed).state is State.UNCOVERED


def test_the_order_of_statements_has_no_effect(story):
    sign(story, statement(story), name="z")
    sign(story, statement(story, "sec2", areas=("auth",)), name="a")
    first = story.release()
    (story.signoffs / "z.signoff.json").rename(story.signoffs / "0.signoff.json")
    again = story.release()
    assert [s.state for s in first.release.steps] == [s.state for s in again.release.steps]
    assert first.release.steps[0].proof.people == again.release.steps[0].proof.people == ("sec1", "sec2")
    assert first.run.facts.now == NOW
