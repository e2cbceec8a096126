"""Child processes: what comes back, and that nothing of them stays behind."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from gate import process
from gate.process import clean_environment, run


def sh(script: str, cwd: Path, *, timeout: float = 20, **options: object) -> process.Completed:
    return run(
        ["/bin/sh", "-c", script],
        cwd=cwd,
        env={"PATH": os.environ["PATH"]},
        timeout_seconds=timeout,
        **options,
    )


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{number}/stat").read_text(encoding="utf-8")
    return stat.rpartition(")")[2].split()[0] != "Z"


def dies(number: int) -> bool:
    deadline = time.monotonic() + 5
    while is_alive(number):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_streams_and_exit_code_come_back(tmp_path: Path) -> None:
    done = sh("echo out; echo err >&2; exit 3", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (3, b"out\n", "err\n")
    assert done.trouble == ""


def test_no_shell_reads_the_arguments(tmp_path: Path) -> None:
    done = run(
        [sys.executable, "-c", "import sys; print(sys.argv[1])", "$(id); *"],
        cwd=tmp_path,
        env={},
        timeout_seconds=20,
    )
    assert done.stdout == b"$(id); *\n"


def test_the_environment_is_exactly_the_given_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEMGREP_BASELINE_COMMIT", "abc")
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    monkeypatch.setenv("PATH", f".:relative/bin:{os.environ['PATH']}")
    env = clean_environment(tmp_path / "home", tmp_path / "tmp", EXTRA="1")
    done = run(
        [sys.executable, "-c", "import os; print(sorted(os.environ))"],
        cwd=tmp_path,
        env=env,
        timeout_seconds=20,
    )
    names = eval(done.stdout)
    assert set(names) - {"LC_CTYPE"} == {"EXTRA", "HOME", "LANG", "PATH", "TMPDIR"}
    assert all(entry.startswith("/") for entry in env["PATH"].split(":"))


def test_input_and_large_output_do_not_block(tmp_path: Path) -> None:
    data = os.urandom(3_000_000)
    done = sh("cat; head -c 3000000 /dev/zero >&2", tmp_path, stdin=data)
    assert done.stdout == data
    assert len(done.stderr) == process.MAX_ERROR_BYTES


def test_output_can_go_to_a_file(tmp_path: Path) -> None:
    done = sh("echo kept", tmp_path, stdout_path=tmp_path / "out")
    assert (done.stdout, (tmp_path / "out").read_bytes()) == (b"", b"kept\n")


def test_input_is_empty_unless_given(tmp_path: Path) -> None:
    assert sh("cat; echo end", tmp_path).stdout == b"end\n"


@pytest.mark.parametrize("argv", [["/nowhere/tool"], ["/"], ["a\0b"], ["/bin/sh", "x" * 10_000_000]])
def test_a_program_that_cannot_start_is_a_value(argv: list[str], tmp_path: Path) -> None:
    done = run(argv, cwd=tmp_path, env={}, timeout_seconds=5)
    assert done.returncode is None
    assert done.trouble.startswith("could not be started (")


def test_a_signal_is_named(tmp_path: Path) -> None:
    done = sh("kill -SEGV $$", tmp_path)
    assert (done.returncode, done.signal, done.trouble) == (None, signal.SIGSEGV, "was killed by SIGSEGV")


def test_a_timeout_kills_the_whole_group(tmp_path: Path) -> None:
    """The grandchild ignores SIGTERM, and its parent has gone already."""
    script = "(trap '' TERM; echo $BASHPID > grandchild; exec sleep 600) & sleep 0.3; echo begun; wait"
    started = time.monotonic()
    done = run(["bash", "-c", script], cwd=tmp_path, env={"PATH": os.environ["PATH"]}, timeout_seconds=1)
    assert done.timed_out
    assert done.stdout == b"begun\n"
    assert done.trouble == "gave no answer within 1 seconds"
    assert time.monotonic() - started < 6
    assert dies(int((tmp_path / "grandchild").read_text()))


def test_a_child_that_ends_leaves_no_grandchild(tmp_path: Path) -> None:
    done = sh("sleep 600 & echo $!", tmp_path)
    assert done.returncode == 0
    assert dies(int(done.stdout))


def test_a_child_that_ignores_the_polite_signal_is_killed(tmp_path: Path) -> None:
    done = sh("trap '' TERM; while :; do sleep 0.1; done", tmp_path, timeout=0.3)
    assert done.timed_out
    assert done.seconds < 0.3 + process.GRACE_SECONDS + 2


def test_a_flood_is_stopped(tmp_path: Path) -> None:
    done = sh("cat /dev/zero", tmp_path, max_output_bytes=1_000_000)
    assert done.overflow
    assert len(done.stdout) == 1_000_000
    assert done.trouble == "wrote more output than the gate reads"


def test_a_flood_of_errors_is_stopped(tmp_path: Path) -> None:
    assert sh("cat /dev/zero >&2", tmp_path, max_output_bytes=1_000_000).overflow


def test_stop_all_ends_children_of_other_threads(tmp_path: Path) -> None:
    done: list[process.Completed] = []
    thread = threading.Thread(target=lambda: done.append(sh("sleep 600", tmp_path, timeout=60)))
    thread.start()
    deadline = time.monotonic() + 10
    while not process._live and time.monotonic() < deadline:
        time.sleep(0.01)
    process.stop_all()
    thread.join(10)
    assert done[0].trouble == "was killed by SIGKILL"
    assert not process._live


@pytest.mark.parametrize("how", ["interrupt", "exit"])
def test_an_interrupted_gate_leaves_no_children(how: str, tmp_path: Path) -> None:
    """A child sleeps in another thread; the main thread is interrupted, or the interpreter ends."""
    program = f"""
import pathlib, signal, sys, threading, time
from gate.process import run
# A background job of a shell starts with this signal ignored, and CI may run as one.
signal.signal(signal.SIGINT, signal.default_int_handler)
def work():
    run(["/bin/sh", "-c", "sleep 600 & echo $! > grandchild; wait"],
        cwd=pathlib.Path(), env={{"PATH": "/usr/bin:/bin"}}, timeout_seconds=60)
thread = threading.Thread(target=work, daemon=True)
if {how!r} == "exit":
    thread.start()
    while not pathlib.Path("grandchild").exists() or not pathlib.Path("grandchild").read_text():
        time.sleep(0.01)
    sys.exit(0)
work()
"""
    file = tmp_path / "program.py"
    file.write_text(program)
    import subprocess

    child = subprocess.Popen(
        [sys.executable, str(file)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path.cwd()), "PATH": os.environ["PATH"]},
        stderr=subprocess.DEVNULL,
    )
    try:
        grandchild = tmp_path / "grandchild"
        deadline = time.monotonic() + 20
        while not (grandchild.exists() and grandchild.read_text()) and time.monotonic() < deadline:
            time.sleep(0.02)
        if how == "interrupt":
            child.send_signal(signal.SIGINT)
        child.wait(20)
        assert dies(int(grandchild.read_text()))
    finally:
        child.kill()
        child.wait()
