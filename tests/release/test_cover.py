"""What answers for each step of a release, and what does not."""

from __future__ import annotations

import pytest

from gate.core.release.model import How, State
from gate.core.verdict import Outcome
from gate.reports.release_parts import ai_commits
from tests.release.kit import CLAUDE, LOGIN, Keys, Story, person

OTHER = LOGIN.replace("return", "return user.ok and")


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> Keys:
    return Keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def story(repo, keys, tmp_path) -> Story:
    return Story(repo, keys, tmp_path).start()


@pytest.mark.parametrize(
    ("how", "told"),
    [("squash", How.SQUASH), ("merge", How.MERGE), ("forward", How.AS_IS), ("rebase", How.SQUASH)],
)
def test_a_record_answers_however_the_request_was_merged(story, how, told):
    sha = story.request({"auth/login.py": OTHER}, how)
    story.tag()
    released = story.release()
    step = story.step(released, sha)
    assert (step.state, step.proof.how, step.proof.people) == (State.COVERED, told, ("sec1",))
    assert step.areas["auth"]
    assert released.run.verdict.outcome is Outcome.PASSED
    assert released.run.exit_code == 0


@pytest.mark.parametrize("how", ["squash", "merge", "rebase"])
def test_a_record_answers_although_the_line_changed_the_same_file_meanwhile(story, how):
    story.request({"auth/login.py": LOGIN + "\n" * 9 + "def logout(): pass\n"})
    story.branch()
    text = LOGIN + "\n" * 9 + "def logout(): pass\n"
    story.topic({"auth/login.py": OTHER + "\n" * 9 + "def logout(): pass\n"})
    number = story.judge()
    story.repo.checkout("main")
    story.repo.commit({"auth/login.py": text + "# the end\n"}, message="direct\n", author=person("dev"))
    sha = story.merge(number, how)
    story.tag()
    step = story.step(story.release(), sha)
    assert step.state is State.COVERED, step.refused
    assert step.proof.change == number


def test_a_rebase_of_several_commits_is_one_request(story):
    story.branch()
    story.topic({"auth/login.py": OTHER}, message="one\n")
    story.topic({"auth/token.py": "token = 1\n"}, message="two\n")
    number = story.judge()
    story.repo.checkout("main")
    story.repo.commit({"README": "x\n"}, message="readme\n")
    newest = story.merge(number, "rebase")
    story.tag()
    released = story.release()
    steps = [s for s in released.release.steps if s.proof and s.proof.change == number]
    assert [s.proof.how for s in steps] == [How.REBASE, How.REBASE]
    assert steps[0].proof.units == (newest, story.repo.rev(f"{newest}^"))
    assert released.run.verdict.outcome is Outcome.PASSED


def test_t54_a_direct_push_is_named_with_who_can_answer_for_it(story):
    sha = story.repo.commit({"auth/login.py": OTHER}, message="quick fix\n", author=person("dev"))
    story.tag()
    released = story.release()
    step = story.step(released, sha)
    assert step.state is State.UNCOVERED
    assert any(line.startswith("auth: needs 1 of alice, sec1, sec2") for line in step.missing), step.missing
    assert released.run.verdict.outcome is Outcome.NEEDS_SIGNOFF
    assert released.run.exit_code == 3
    (reason,) = [r for r in released.run.verdict.reasons if r.outcome is Outcome.NEEDS_SIGNOFF]
    assert "quick fix" in reason.because
    assert "gate signoff create --release v1.0..v1.1" in reason.to_pass


def test_what_an_ai_wrote_without_a_record_is_named_although_it_is_not_sensitive(story):
    sha = story.repo.commit({"README": "better\n"}, message=f"words\n\n{CLAUDE}\n", author=person("dev"))
    story.tag()
    released = story.release()
    step = story.step(released, sha)
    assert (step.state, list(step.areas)) == (State.UNCOVERED, ["ai-written"])
    assert step.ai
    assert released.run.verdict.outcome is Outcome.NEEDS_SIGNOFF


def test_a_clone_by_another_name_says_which_repository_it_is(story, tmp_path):
    sha = story.request({"auth/login.py": OTHER})
    story.tag()
    other = story.repo.clone(tmp_path / "elsewhere")
    other.git("fetch", "-q", "origin", "refs/notes/gate-evidence:refs/notes/gate-evidence")
    step = story.step(story.release(repo=other.path), sha)
    assert any("it is of the repository repo, and this is elsewhere" in line for line in step.refused)
    assert story.step(story.release(repo=other.path, repository="repo"), sha).state is State.COVERED


def test_what_an_ai_wrote_and_a_record_judged_is_answered_for(story):
    sha = story.request({"README": "better\n"}, message=f"words\n\n{CLAUDE}\n")
    story.tag()
    released = story.release()
    assert story.step(released, sha).state is State.COVERED
    assert released.run.verdict.outcome is Outcome.PASSED
    # The message of the squash does not say it any more; its record does.
    (told,) = ai_commits(released.release)
    assert (told.commit.sha, told.agents) == (sha, ("claude-code",))


def test_an_administrator_who_merged_without_an_approval_is_seen(story):
    sha = story.request({"auth/login.py": OTHER}, approve=None)
    story.tag()
    step = story.step(story.release(), sha)
    assert step.state is State.UNCOVERED
    assert any("its sign-off was needs_signoff" in line for line in step.refused)


def test_an_evil_merge_is_not_what_was_judged(story):
    story.branch()
    story.topic({"auth/login.py": OTHER})
    number = story.judge()
    story.repo.checkout("main")
    story.repo.merge(
        "topic", message=f"Merge pull request #{number}\n", files={"auth/back.py": "token = 'x'\n"}
    )
    story.tag()
    released = story.release()
    assert released.release.steps[0].state is State.UNCOVERED


def test_t55_a_change_and_its_revert_are_shown_and_need_nobody(story):
    first = story.repo.commit({"auth/login.py": OTHER}, message="risky\n", author=person("dev"))
    second = story.repo.commit(
        {"auth/login.py": LOGIN},
        message=f"Revert risky\n\nThis reverts commit {first}.\n",
        author=person("dev"),
    )
    story.repo.commit({"README": "x\n"}, message="words\n")
    story.tag()
    released = story.release()
    assert {story.step(released, sha).state for sha in (first, second)} == {State.CANCELLED}
    assert released.run.verdict.outcome is Outcome.PASSED
    assert any("others took it back" in r.because for r in released.run.verdict.reasons)
    assert f"Takes back {first[:12]}." in story.step(released, second).remarks


def test_a_cherry_pick_with_the_same_content_is_covered_and_one_on_other_surroundings_is_not(story):
    story.repo.branch("old")
    sha = story.request({"auth/login.py": OTHER})
    story.repo.checkout("old")
    picked = story.repo.commit(
        {"auth/login.py": OTHER},
        message=f"A change\n\n(cherry picked from commit {sha})\n",
        author=person("dev"),
    )
    story.repo.tag("v1.0.1", message="v1.0.1")
    released = story.release("v1.0..v1.0.1")
    step = story.step(released, picked)
    assert (step.state, step.proof.how) == (State.COVERED, How.PICK)

    story.repo.checkout("old")
    other = story.repo.commit({"auth/login.py": LOGIN + "# old\n"}, message="old\n", author=person("sec2"))
    moved = story.repo.commit(
        {"auth/login.py": OTHER + "# old\n"},
        message=f"A change\n\n(cherry picked from commit {sha})\n",
        author=person("dev"),
        parents=[other],
    )
    story.repo.tag("v1.0.2", message="v1.0.2")
    step = story.step(story.release("v1.0..v1.0.2"), moved)
    assert step.state is State.UNCOVERED
    assert f"Cherry-picked from {sha[:12]}." in step.remarks


@pytest.mark.parametrize(
    ("key", "why"), [("", "it is not signed"), ("mallory", "not listed"), ("sec1", "not listed")]
)
def test_a_record_without_a_signature_or_by_a_foreign_key_proves_nothing(story, monkeypatch, key, why):
    # Such a record is not left by the gate itself, so it is put there as somebody with write access would.
    monkeypatch.setattr("gate.pipeline.evidence._signed", unproven(key, story))
    monkeypatch.setattr("gate.pipeline.evidence._same", lambda *_, **__: None)
    sha = story.request({"auth/login.py": OTHER})
    story.tag()
    step = story.step(story.release(), sha)
    assert step.state is State.UNCOVERED
    assert any(why in line for line in step.refused), step.refused


def unproven(key: str, story: Story):
    from gate.core.evidence.envelope import Envelope
    from gate.core.evidence.record import write_record
    from gate.signing import EVIDENCE, sign

    def signed(record, *_, **__):
        payload = write_record(record)
        if not key:
            return Envelope(payload=payload), ""
        signature, keyid = sign(payload, story.keys.private(key), namespace=EVIDENCE, at_terminal=False)
        return Envelope(payload=payload, signature=signature, keyid=keyid), key

    return signed


def test_a_policy_that_only_a_side_branch_had_makes_no_record_count(story, keys):
    story.repo.branch("evil")
    story.repo.checkout("evil")
    evil = story.policy.replace("reviewers: {auth: [", "reviewers: {auth: [mallory, ")
    story.repo.commit({".gate.yml": evil}, message="mine\n", author=person("mallory"))
    story.repo.branch("topic")
    story.repo.checkout("topic")
    story.topic({"auth/login.py": OTHER})
    # Judged against the branch of the attacker, whose policy lets him approve.
    real, story.repo_main = story.repo.rev("main"), None
    story.repo.branch("main", "evil")
    number = story.judge(approve="mallory")
    assert story.run.verdict.outcome is Outcome.PASSED
    story.repo.branch("main", real)
    story.repo.checkout("main")
    sha = story.repo.commit({"auth/login.py": OTHER}, message=f"A change (#{number})\n", author=person("dev"))
    story.tag()
    step = story.step(story.release(), sha)
    assert step.state is State.UNCOVERED
    assert any("not on the released line" in line for line in step.refused), step.refused


def test_what_was_taken_back_and_is_brought_again_is_not_answered_for_by_the_old_record(story):
    """The record of the first time would let anybody bring back what somebody found reason to remove."""
    first = story.request({"auth/login.py": OTHER})
    story.repo.commit(
        {"auth/login.py": LOGIN}, message="Revert: it locks people out\n", author=person("sec2")
    )
    again = story.repo.commit({"auth/login.py": OTHER}, message="A change (#1)\n", author=person("dev"))
    story.tag()
    step = story.step(story.release(), again)
    assert step.state is State.UNCOVERED
    assert any(f"came onto the line before, with {first[:12]}" in line for line in step.refused), step.refused


def test_nor_is_it_where_the_first_time_was_released_already(story):
    first = story.request({"auth/login.py": OTHER})
    story.repo.commit(
        {"auth/login.py": LOGIN}, message="Revert: it locks people out\n", author=person("sec2")
    )
    story.tag("v1.1")
    again = story.repo.commit({"auth/login.py": OTHER}, message="A change (#1)\n", author=person("dev"))
    story.tag("v1.2")
    step = story.step(story.release("v1.1..v1.2"), again)
    assert step.state is State.UNCOVERED
    assert any(f"came onto the line before, with {first[:12]}" in line for line in step.refused), step.refused


def test_but_a_request_that_brings_it_again_and_was_judged_anew_is(story):
    story.request({"auth/login.py": OTHER})
    story.repo.commit({"auth/login.py": LOGIN}, message="Revert\n", author=person("sec2"))
    again = story.request({"auth/login.py": OTHER}, approve="sec2")
    story.tag()
    step = story.step(story.release(), again)
    assert (step.state, step.proof.people) == (State.COVERED, ("sec2",)), step.refused


def test_a_policy_can_name_who_answers_for_what_an_ai_wrote(repo, keys, tmp_path):
    story = Story(repo, keys, tmp_path).start()
    text = story.policy.replace("reviewers: {auth", "reviewers: {ai-written: [alice], auth")
    story.repo.commit({".gate.yml": text}, message="policy\n")
    story.repo.git("tag", "-d", "v1.0")
    story.repo.tag("v1.0", message="v1.0")
    story.repo.commit({"README": "x\n"}, message=f"words\n\n{CLAUDE}\n", author=person("dev"))
    story.tag()
    (step,) = story.release().release.steps
    assert "ai-written: needs alice." in step.missing


def test_under_strict_somebody_looked_at_what_an_ai_wrote(repo, keys, tmp_path):
    """Elsewhere a record answers without a name: nobody is asked where nothing sensitive is touched."""
    story = Story(repo, keys, tmp_path).start(more="extends: strict\n")
    sha = story.request({"README": "x\n"}, message=f"words\n\n{CLAUDE}\n", approve=None)
    story.tag()
    step = story.step(story.release(), sha)
    assert step.state is State.UNCOVERED
    assert any("nobody looked at what an AI wrote" in line for line in step.refused), step.refused


def test_a_tag_that_an_agent_made_is_noted(story):
    story.repo.commit({"README": "x\n"})
    story.tag()
    sha = story.repo.git("rev-parse", "v1.1")
    text = story.repo.git("cat-file", "tag", sha).replace(
        "tagger Dev <dev@acme.example>", "tagger Claude <noreply@anthropic.com>"
    )
    made = story.repo.git("hash-object", "-t", "tag", "-w", "--stdin", stdin=f"{text}\n".encode())
    story.repo.git("update-ref", "refs/tags/v1.1", made)
    assert any(
        "was made by Claude, which is an agent or a bot" in note for note in story.release().release.notes
    )
