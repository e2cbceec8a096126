"""One git process that answers many questions about objects, and what can go wrong on the way."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from gate.errors import GitError
from gate.git import Repository, command
from tests.git.reading import assert_incomplete


@pytest.fixture
def started(monkeypatch):
    """The processes of git that answer about objects."""
    processes = []
    start = command._popen

    def kept(arguments, *rest):
        process = start(arguments, *rest)
        if "cat-file" in arguments:
            processes.append(process)
        return process

    monkeypatch.setattr(command, "_popen", kept)
    return processes


def ids(repo, *paths):
    return [repo.git("rev-parse", f"HEAD:{path}") for path in paths]


def test_one_process_answers_all_questions_and_ends_with_the_repository(repo, started):
    repo.commit({"a": "1\n", "b": "2\n" * 100_000})
    a, b = ids(repo, "a", "b")
    with Repository.open(repo.path) as git:
        for _ in range(3):
            assert dict(git.blobs([b, a], max_bytes=1_000_000)) == {b: b"2\n" * 100_000, a: b"1\n"}
            assert git.file_at("HEAD", "a") == b"1\n"
        assert len(started) == 1
    assert started[0].poll() is not None
    assert started[0].stdin.closed


def test_a_repository_that_nobody_closed_leaves_no_process(repo, started):
    repo.commit({"a": "1\n"})
    git = Repository.open(repo.path)
    assert git.file_at("HEAD", "a") == b"1\n"
    del git
    assert started[0].poll() is not None


def test_an_answer_that_nobody_reads_to_its_end_spoils_no_other(repo, started):
    repo.commit({"a": "1\n", "b": "2\n" * 1_000_000})
    a, b = ids(repo, "a", "b")
    with Repository.open(repo.path) as git:
        answers = git.blobs([a, b], max_bytes=10_000_000)
        assert next(answers) == (a, b"1\n")
        inner = git.blobs([b], max_bytes=10_000_000)  # while the first one waits
        assert next(inner) == (b, b"2\n" * 1_000_000)
        answers.close()
        assert git.file_at("HEAD", "a") == b"1\n"
    assert all(process.poll() is not None for process in started)


def test_threads_are_answered_each_by_itself(repo):
    repo.commit({f"f{n}": f"{n}\n" * 2_000 for n in range(40)})
    names = [f"f{n}" for n in range(40)]
    blobs = dict(zip(ids(repo, *names), range(40), strict=True))
    with Repository.open(repo.path) as git, ThreadPoolExecutor(8) as pool:
        for found in pool.map(lambda _: dict(git.blobs(blobs, max_bytes=100_000)), range(24)):
            assert found == {sha: f"{n}\n".encode() * 2_000 for sha, n in blobs.items()}


def test_a_git_that_dies_is_an_error_and_the_next_question_starts_another(repo, started):
    repo.commit({"a": "1\n"})
    (a,) = ids(repo, "a")
    with Repository.open(repo.path) as git:
        assert dict(git.blobs([a], max_bytes=10)) == {a: b"1\n"}
        os.kill(started[0].pid, signal.SIGKILL)
        started[0].wait()
        with pytest.raises(GitError) as error:
            list(git.blobs([a], max_bytes=10))
        assert_incomplete(error, "git cat-file ended with exit code -9", "git fsck")
        assert dict(git.blobs([a], max_bytes=10)) == {a: b"1\n"}
    assert len(started) == 2


def test_a_line_break_in_a_path_is_no_further_question(repo, started):
    odd = b"x\ncontents HEAD"
    repo.commit({"a": "1\n", odd: "2\n"})
    sha = repo.git("rev-parse", "HEAD")
    there = odd.decode()
    absent = ["none\nblob 3 4", "none\n" + sha + " blob 3", "a\n"]
    with Repository.open(repo.path) as git:
        found = git.blobs_at([sha], [*absent, there, "a"], (), most=0)[sha]
        assert list(found) == [there, "a"]
        assert dict(git.blobs(found.values(), max_bytes=10)) == {found["a"]: b"1\n", found[there]: b"2\n"}
    assert len(started) == 1


def test_many_questions_at_once_do_not_block(repo):
    repo.commit({f"d/{n}": f"{n}\n" for n in range(3_000)})
    with Repository.open(repo.path) as git:
        wanted = [entry.blob for entry in git.tree("HEAD")]
        assert len(dict(git.blobs(wanted, max_bytes=100))) == 3_000
