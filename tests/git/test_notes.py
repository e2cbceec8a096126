"""Notes refs: which notes there are, at every depth of folders, and what happens to broken ones."""

from __future__ import annotations

import pytest

from gate.core.authorship.notes import REFS
from gate.git import Repository
from gate.git.notes import NOTES_REFS
from tests.support import notes as kit
from tests.support.repos import Repo

MOST = 1_000_000


def test_core_and_git_mean_the_same_refs():
    assert dict(REFS) == NOTES_REFS


def refs(repo):
    with Repository.open(repo.path) as git:
        yield from git.notes_refs()


def read(repo, source="notes_ai", commits=None, most=MOST):
    """State and notes of one source, those of all annotated commits or of the given ones."""
    with Repository.open(repo.path) as git:
        (ref,) = [r for r in git.notes_refs() if r.source == source]
        asked = sorted(ref.commits) if commits is None else commits
        return (
            ref.exists,
            ref.problem,
            {n.commit: n.content or n.problem for n in ref.of(asked, max_bytes=most)},
        )


def test_absent_refs_exist_nowhere_and_are_no_problem(repo):
    repo.commit({"a": "1"})
    for source in NOTES_REFS:
        assert read(repo, source) == (False, None, {})


@pytest.mark.parametrize("fanout", [0, 1, 2, 3, 19])
def test_folders_only_spread_the_ids(repo, fanout):
    shas = [repo.commit({"a": str(n)}) for n in range(3)]
    kit.write_notes(repo, {sha: f"note of {sha}" for sha in shas}, fanout=fanout)
    assert read(repo) == (True, None, {sha: f"note of {sha}".encode() for sha in shas})


def test_depths_may_be_mixed_and_other_names_are_no_notes(repo):
    one, two = repo.commit({"a": "1"}), repo.commit({"a": "2"})
    blob = repo.git("hash-object", "-w", "--stdin", stdin=b"note")
    rows = [
        (one, blob),
        (f"{two[:2]}/{two[2:4]}/{two[4:]}", blob),
        ("README", blob),
        (f"x/{one}", blob),
        (one[:39], blob),
    ]
    kit.set_tree(repo, rows, kit.AI_REF)
    assert read(repo)[2] == {one: b"note", two: b"note"}


def test_git_itself_writes_notes_that_are_read(repo):
    sha = repo.commit({"a": "1"})
    repo.git("notes", "--ref=ai", "add", "-m", "hello", sha)
    repo.git("notes", "--ref=agentblame", "add", "-m", "other", sha)
    assert read(repo)[2] == {sha: b"hello\n"}
    assert read(repo, "notes_agentblame")[2] == {sha: b"other\n"}


def test_two_notes_of_one_commit_are_both_given(repo):
    sha = repo.commit({"a": "1"})
    blobs = [repo.git("hash-object", "-w", "--stdin", stdin=text) for text in (b"one", b"two")]
    kit.set_tree(repo, [(sha, blobs[0]), (f"{sha[:2]}/{sha[2:]}", blobs[1])], kit.AI_REF)
    with Repository.open(repo.path) as git:
        found = [n.content for n in git.notes_refs()[0].of([sha], max_bytes=MOST)]
    assert sorted(found) == [b"one", b"two"]


def test_only_the_notes_of_the_commits_that_are_asked_for_are_read(repo):
    one, two = repo.commit({"a": "1"}), repo.commit({"a": "2"})
    kit.write_notes(repo, {one: "1", two: "2"})
    assert read(repo, commits=[two])[2] == {two: b"2"}
    assert read(repo, commits=[])[2] == {}
    assert read(repo, commits=["f" * 40])[2] == {}


def test_a_note_that_is_too_large_is_named_and_not_loaded(repo):
    one, two = repo.commit({"a": "1"}), repo.commit({"a": "2"})
    kit.write_notes(repo, {one: "x" * 101, two: "x" * 100})
    assert read(repo, most=100)[2] == {
        one: "it has 101 bytes, more than the 100 that are read",
        two: b"x" * 100,
    }


def test_a_note_whose_content_is_missing_is_named_and_the_others_are_read(repo):
    one, two = repo.commit({"a": "1"}), repo.commit({"a": "2"})
    kit.write_notes(repo, {one: "gone", two: "here"})
    blob = repo.git("rev-parse", f"{kit.AI_REF}:{one}")
    (repo.git_dir / "objects" / blob[:2] / blob[2:]).unlink()
    assert read(repo)[2] == {one: "its content is missing from this clone", two: b"here"}


def test_a_ref_that_names_no_tree_is_unreadable(repo):
    repo.commit({"a": "1"})
    blob = repo.git("hash-object", "-w", "--stdin", stdin=b"x")
    repo.git("update-ref", kit.AI_REF, blob)
    exists, problem, notes = read(repo)
    assert exists
    assert "ls-tree" in problem
    assert notes == {}


@pytest.mark.parametrize("content", ["0" * 40, "f" * 40, "nonsense", ""])
def test_a_broken_ref_is_unreadable_and_not_absent(repo, content):
    repo.commit({"a": "1"})
    path = repo.git_dir / kit.AI_REF
    path.parent.mkdir(parents=True)
    path.write_text(f"{content}\n")
    exists, problem, notes = read(repo)
    assert (exists, notes) == (True, {})
    assert problem


def test_a_broken_neighbour_breaks_no_notes(repo):
    repo.commit({"a": "1"})
    path = repo.git_dir / "refs" / "notes" / "agentblame-analytics"
    path.parent.mkdir(parents=True)
    path.write_text("nonsense\n")
    assert read(repo, "notes_agentblame") == (False, None, {})


def test_a_folder_of_refs_of_that_name_is_no_notes_ref(repo):
    sha = repo.commit({"a": "1"})
    repo.git("update-ref", "refs/notes/ai/more", sha)
    assert read(repo)[0] is False


def test_refs_are_read_from_a_linked_work_tree_and_with_sha256(tmp_path):
    repo = Repo(tmp_path / "big", object_format="sha256")
    sha = repo.commit({"a": "1"})
    kit.write_notes(repo, {sha: "note"}, fanout=1)
    repo.git("worktree", "add", "-q", tmp_path / "linked", "HEAD", "--detach")
    for place in (repo, Repo(tmp_path / "linked", init=False)):
        assert read(place)[2] == {sha: b"note"}


def test_replaced_objects_do_not_change_a_note(repo):
    sha = repo.commit({"a": "1"})
    kit.write_notes(repo, {sha: "true"})
    other = repo.git("hash-object", "-w", "--stdin", stdin=b"false")
    repo.git("replace", repo.git("rev-parse", f"{kit.AI_REF}:{sha}"), other)
    assert read(repo)[2] == {sha: b"true"}
