"""How many git processes notes cost: none where there are none."""

from __future__ import annotations

import pytest

from gate.git import Repository, command
from gate.pipeline.notes import NoteReader
from tests.support import notes as kit


@pytest.fixture
def started(monkeypatch):
    """The git commands that were started."""
    commands = []
    start = command._popen

    def counted(arguments, *rest):
        commands.append(arguments)
        return start(arguments, *rest)

    monkeypatch.setattr(command, "_popen", counted)
    return commands


def words(commands):
    known = ("ls-tree", "cat-file", "diff-tree", "for-each-ref", "rev-list", "patch-id")
    return [next(word for word in parts if word in known) for parts in commands]


def test_a_clone_without_notes_starts_git_no_further_time(repo, started):
    repo.commit({"a": "1\n"})
    repo.checkout("topic", create=True)
    sha = repo.commit({"a": "2\n"})
    with Repository.open(repo.path) as git:
        git.change("main", "topic")
        started.clear()
        facts = NoteReader(git).read({sha: 1})
        assert facts.states == {"notes_ai": "absent", "notes_agentblame": "absent"}
    assert started == []


def test_the_number_of_processes_does_not_depend_on_the_number_of_notes(repo, started):
    counts = []
    for number in (1, 12):
        shas = [repo.commit({"a": f"{n} of {number}\n"}) for n in range(number)]
        kit.write_notes(repo, {sha: kit.one_session({"a": "1"}, tool=sha) for sha in shas})
        with Repository.open(repo.path) as git:
            started.clear()
            facts = NoteReader(git).read(dict.fromkeys(shas, 1))
        assert len(facts.notes) == number
        counts.append(words(started))
    assert counts[0] == counts[1]
    assert counts[0] == [
        "for-each-ref",
        "ls-tree",
        "cat-file",
        "diff-tree",
        "diff-tree",
    ]


def test_nothing_is_listed_for_no_commits(repo, started):
    sha = repo.commit({"a": "1\n"})
    kit.write_notes(repo, {sha: kit.one_session({"a": "1"})})
    with Repository.open(repo.path) as git:
        started.clear()
        assert NoteReader(git).read({}).notes == {}
    assert "cat-file" not in words(started)
