"""Starting git: the environment, the end of hung processes, and output read in pieces."""

from __future__ import annotations

import os
import stat
import time

import pytest

from gate.errors import GitError
from gate.git import command
from gate.git.command import ENVIRONMENT, Git, Reader, fields
from tests.git.reading import assert_incomplete


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """Make `git` a shell script; the answer starts it."""

    def start(script: str) -> Git:
        folder = tmp_path / "bin"
        folder.mkdir()
        program = folder / "git"
        program.write_text("#!/bin/sh\n" + script)
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        (tmp_path / "empty").mkdir()
        import git  # noqa: F401  (GitPython looks for the real git once)

        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
        return Git(tmp_path / "repo", tmp_path / "empty")

    return start


def test_the_environment_of_git_is_built_from_scratch(fake, monkeypatch):
    for name in ("GIT_DIR", "SECRET_TOKEN", "LD_SOMETHING", "LANGUAGE"):
        monkeypatch.setenv(name, "x")
    printed = fake('env; pwd; echo "$@"').run("status").text.split("\n")
    *variables, folder, arguments = printed
    names = {line.partition("=")[0] for line in variables}
    assert names - {"PWD", "SHLVL", "_", "OLDPWD"} == {*ENVIRONMENT, "PATH", "HOME"}
    assert folder.endswith("/empty")
    assert arguments.startswith("--git-dir=")
    assert "-c core.bare=true" in arguments
    assert "-c core.hooksPath=/dev/null -c" in arguments
    assert arguments.endswith(" status")


def test_a_silent_git_is_ended_with_all_its_children(fake, tmp_path, monkeypatch):
    monkeypatch.setattr(command, "STALL_SECONDS", 0.3)
    marker = tmp_path / "alive"
    git = fake(f"(sleep 1.5; touch {marker}) & sleep 30")
    start = time.monotonic()
    with pytest.raises(GitError) as error:
        git.run("log")
    assert time.monotonic() - start < 10
    assert_incomplete(error, "git log printed nothing for 0.3 seconds", "git fsck")
    time.sleep(2)
    assert not marker.exists()


def test_a_git_that_closes_its_output_and_stays_is_ended(fake, monkeypatch):
    monkeypatch.setattr(command, "STALL_SECONDS", 0.3)
    with pytest.raises(GitError) as error:
        fake("exec >&- 2>&-; sleep 30").run("log")
    assert_incomplete(error, "printed nothing", "git fsck")


def test_a_flood_of_errors_neither_blocks_nor_fills_memory(fake):
    git = fake("head -c 3000000 /dev/zero | tr '\\0' x >&2; echo out; exit 3")
    with pytest.raises(GitError) as error:
        git.run("log")
    assert_incomplete(error, "git log ended with exit code 3: xxx", "git fsck")
    assert len(error.value.message) < command.ERROR_BYTES + 100
    assert git.run("log", codes=(3,)).text == "out"


def test_an_abandoned_stream_ends_its_process(fake, tmp_path):
    git = fake("echo one; sleep 30; echo two")
    start = time.monotonic()
    stream = git.stream("log")
    assert next(stream) == b"one\n"
    stream.close()
    assert time.monotonic() - start < 10


def test_a_failure_after_output_is_not_taken_for_the_end(fake):
    with pytest.raises(GitError) as error:
        list(fake("echo one; echo broken >&2; exit 128").stream("log"))
    assert_incomplete(error, "git log ended with exit code 128: broken", "git fsck")


def test_large_input_and_output_pass_at_once(fake):
    data = os.urandom(3_000_000)
    assert fake("cat").run("x", stdin=data).out == data


def test_fields_are_cut_at_separators_wherever_the_pieces_end():
    whole = b"a\0\0bc\0" + b"d" * 10 + b"\0rest"
    for size in range(1, len(whole) + 1):
        pieces = iter([whole[at : at + size] for at in range(0, len(whole), size)])
        assert list(fields(pieces, b"\0")) == [b"a", b"", b"bc", b"d" * 10, b"rest"]
    assert list(fields(iter([]), b"\0")) == []
    assert list(fields(iter([b"\0"]), b"\0")) == [b""]


def test_a_reader_gives_lines_and_counted_bytes_wherever_the_pieces_end():
    whole = b"head 5\nab\ncd\nhead 0\n\n"
    for size in range(1, len(whole) + 1):
        reader = Reader(iter([whole[at : at + size] for at in range(0, len(whole), size)]))
        assert (reader.line(), reader.exactly(5), reader.exactly(1)) == (b"head 5", b"ab\ncd", b"\n")
        assert (reader.line(), reader.exactly(0), reader.exactly(1)) == (b"head 0", b"", b"\n")
        reader.finish()
    with pytest.raises(GitError) as error:
        Reader(iter([b"abc"])).exactly(4)
    assert_incomplete(error, "ended in the middle", "git fsck")
    with pytest.raises(GitError) as error:
        Reader(iter([b"abc"])).finish()
    assert_incomplete(error, "more than was asked", "git fsck")
