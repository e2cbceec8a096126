"""Child processes: a fixed environment, a time limit, output to files, and the whole group ends together."""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

#: Bytes of standard error that are kept, from its start.
MAX_ERROR_BYTES = 1_000_000
#: Seconds between the polite and the hard end of a group.
GRACE_SECONDS = 2.0
#: Seconds between two looks at the size of the output.
_LOOK_SECONDS = 0.25

_live: set[subprocess.Popen[bytes]] = set()
_live_lock = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """How a child ended.

    `returncode` is None if it was never started or ended by a signal; then `error` or `signal` says so.
    `stdout` is empty if the output went to a path of the caller's. `stderr` is decoded with replacement
    and cut at MAX_ERROR_BYTES. `overflow`: it wrote more than the limit and was killed.
    `seconds` is wall time.
    """

    returncode: int | None = None
    stdout: bytes = b""
    stderr: str = ""
    timed_out: bool = False
    overflow: bool = False
    signal: int | None = None
    error: str = ""
    seconds: float = 0.0

    @property
    def trouble(self) -> str:
        """Why there is no exit code to trust, for people; empty if the child ended by itself."""
        if self.error:
            return f"could not be started ({self.error})"
        if self.timed_out:
            return f"gave no answer within {self.seconds:.0f} seconds"
        if self.overflow:
            return "wrote more output than the gate reads"
        if self.signal is not None:
            return f"was killed by {signal_name(self.signal)}"
        return ""


def clean_environment(home: Path, tmp: Path, **extra: str) -> dict[str, str]:
    """Return the whole environment of a child: search path, UTF-8, private folders, and `extra`.

    Nothing else of the caller's environment is inherited: tokens, proxies and settings of tools stay out.
    Relative entries of PATH are dropped, for they would point into the repository under review.
    """
    entries = os.environ.get("PATH", os.defpath).split(os.pathsep)
    path = os.pathsep.join(entry for entry in entries if entry.startswith("/"))
    return {"PATH": path, "LANG": "C.UTF-8", "HOME": str(home), "TMPDIR": str(tmp), **extra}


def run(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    timeout_seconds: float,
    max_output_bytes: int = 200_000_000,
    stdin: bytes = b"",
    stdout_path: Path | None = None,
) -> Completed:
    """Run a program without a shell and wait for it; `env` is its whole environment.

    It becomes the leader of a session of its own. When it ends, runs out of time or floods a stream, and
    when the caller is interrupted, every process that is left of that group is killed. Both streams
    and the input are files, so no side ever waits for the other. A program that cannot be started is a
    value (`Completed.error`), not an exception.
    """
    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        source: int | BinaryIO = subprocess.DEVNULL
        if stdin:
            source = stack.enter_context(tempfile.TemporaryFile())
            source.write(stdin)
            source.seek(0)
        out: BinaryIO = stack.enter_context(
            stdout_path.open("wb+") if stdout_path else tempfile.TemporaryFile()  # noqa: SIM115
        )
        err: BinaryIO = stack.enter_context(tempfile.TemporaryFile())
        try:
            child = subprocess.Popen(
                list(argv),
                cwd=cwd,
                env=dict(env),
                stdin=source,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            return Completed(error=reason, seconds=time.monotonic() - started)
        with _live_lock:
            _live.add(child)
        try:
            timed_out, overflow = _wait(child, started + timeout_seconds, (out, err), max_output_bytes)
        finally:
            _end(child)
            with _live_lock:
                _live.discard(child)
        code = child.returncode
        return Completed(
            returncode=code if code >= 0 else None,
            stdout=b"" if stdout_path else _read(out, max_output_bytes),
            stderr=_read(err, MAX_ERROR_BYTES).decode("utf-8", "replace"),
            timed_out=timed_out,
            overflow=overflow,
            signal=-code if code < 0 else None,
            seconds=time.monotonic() - started,
        )


def run_at_terminal(argv: Sequence[str], *, env: Mapping[str, str]) -> Completed:
    """Run a program that talks to the user at this process's terminal, and wait for it without a limit.

    It stays in the caller's session, or it could not ask for a passphrase. Its output goes where ours goes,
    except that standard output becomes standard error: reports own the former.
    """
    started = time.monotonic()
    try:
        code = subprocess.call(list(argv), env=dict(env), stdout=2)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return Completed(error=reason, seconds=time.monotonic() - started)
    return Completed(
        returncode=code if code >= 0 else None,
        signal=-code if code < 0 else None,
        seconds=time.monotonic() - started,
    )


def stop_all() -> None:
    """Kill the groups of all children that still run, at once. Their `run` returns with the signal."""
    with _live_lock:
        children = tuple(_live)
    for child in children:
        _kill(child, signal.SIGKILL)


atexit.register(stop_all)


def _wait(
    child: subprocess.Popen[bytes], deadline: float, streams: tuple[BinaryIO, ...], max_bytes: int
) -> tuple[bool, bool]:
    """Wait for the leader's end; on a limit end the group. Returns (timed out, flooded)."""
    ended = threading.Event()
    threading.Thread(target=_watch, args=(child, ended), daemon=True).start()
    while True:
        left = deadline - time.monotonic()
        if ended.wait(max(0.0, min(left, _LOOK_SECONDS))):
            return False, False
        overflow = any(os.fstat(stream.fileno()).st_size > max_bytes for stream in streams)
        if overflow or left <= 0:
            _kill(child, signal.SIGTERM)
            ended.wait(GRACE_SECONDS)
            return not overflow, overflow


def _watch(child: subprocess.Popen[bytes], ended: threading.Event) -> None:
    """Say when the leader has ended, at once; `Popen.wait` with a timeout would poll."""
    try:
        if hasattr(os, "waitid"):
            # Not reaped yet: until then its number, which names the group, cannot be taken by another.
            os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        else:
            child.wait()
    except ChildProcessError:
        pass
    ended.set()


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the group, also what outlived its leader, and reap the leader."""
    _kill(child, signal.SIGKILL)
    child.wait()


def _kill(child: subprocess.Popen[bytes], how: signal.Signals) -> None:
    # The group may be gone, or (macOS) hold only a zombie.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, how)


def _read(stream: BinaryIO, max_bytes: int) -> bytes:
    stream.seek(0)
    return stream.read(max_bytes)


def signal_name(number: int) -> str:
    """Return the name of a signal, such as SIGKILL."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
