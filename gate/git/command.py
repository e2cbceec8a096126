"""The one place that starts git, with nothing of the caller's environment and little of the repository's.

GitPython starts the process. It would hand down the whole environment of the gate, `GIT_*` included, so
what it starts is `env -i` with a list of variables of our own.
"""

from __future__ import annotations

import copy
import fcntl
import os
import selectors
import signal
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from gate.errors import GitError
from gate.git.catfile import ARGUMENTS, CatFile, Conversation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

#: Seconds without any output after which git is taken for hung and killed.
STALL_SECONDS = 300
#: Bytes of standard error that are kept for the message.
ERROR_BYTES = 16_384
CHUNK_BYTES = 1 << 18
#: Bytes that may wait in a pipe, so that git need not stop for each step of its reader.
PIPE_BYTES = 1 << 20

#: Settings that win over the repository's own configuration file.
SETTINGS = (
    "core.attributesFile=/dev/null",
    "core.commitGraph=false",  # a file beside the objects that could tell another history
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.quotePath=false",
    "core.warnAmbiguousRefs=true",
    "advice.graftFileDeprecated=false",
)
ENVIRONMENT = {
    "LC_ALL": "C",
    "TZ": "UTC",
    "GIT_ALLOW_PROTOCOL": "",  # an absent object is an error and never a connection; older git lacks the next one
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_FLUSH": "0",  # else git log writes each commit by itself, which costs more than reading it
    "GIT_GRAFT_FILE": "/dev/null",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}


class Output(NamedTuple):
    """What one finished git process printed, and its exit code."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        """Standard output as text without the last line end."""
        return text(self.out).removesuffix("\n")


class Git:
    """Starts git on one git directory, from an empty working directory.

    Every method raises GitError if git is missing, is silent for `STALL_SECONDS`, or ends with an exit
    code that was not asked for.
    """

    def __init__(self, git_dir: Path, empty: Path, *, bare: bool = True) -> None:
        """`empty` is an existing empty folder; `bare=False` leaves that question to the repository."""
        self._empty = empty
        #: Sizes in bytes of blobs that were asked for once; see objects.sizes.
        self.blob_sizes: dict[str, int] = {}
        variables = ENVIRONMENT | {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(empty)}
        settings = (*SETTINGS, "core.bare=true") if bare else SETTINGS
        self._start = (
            "env",
            "-i",
            *(f"{name}={value}" for name, value in sorted(variables.items())),
            "git",
            f"--git-dir={git_dir}",
            *(part for setting in settings for part in ("-c", setting)),
        )
        self.objects = self._cat_file()

    def with_settings(self, *settings: str) -> Git:
        """Return the same with further settings (`section.key=value`)."""
        other = copy.copy(self)
        more = (part for setting in settings for part in ("-c", setting))
        other._start = (*self._start, *more)  # noqa: SLF001 - its own class
        other.objects = other._cat_file()  # noqa: SLF001
        return other

    def run(self, *arguments: str, stdin: bytes = b"", codes: Collection[int] = (0,)) -> Output:
        """Return everything that git prints. An exit code outside of `codes` is a GitError."""
        with self._process(arguments, stdin) as process:
            error = bytearray()
            out = b"".join(_chunks(process, error, arguments))
            code = _wait(process, arguments)
        if code not in codes:
            raise _failure(arguments, code, error)
        return Output(code, out, text(bytes(error)))

    def stream(self, *arguments: str, stdin: bytes = b"") -> Iterator[bytes]:
        """Yield standard output in pieces as git prints it; memory stays bounded.

        The exit code is judged at the end: what was yielded is complete only when the iterator is
        exhausted without GitError.
        """
        with self._process(arguments, stdin) as process:
            error = bytearray()
            yield from _chunks(process, error, arguments)
            code = _wait(process, arguments)
        if code != 0:
            raise _failure(arguments, code, error)

    def _cat_file(self) -> CatFile:
        return CatFile(partial(_converse, (*self._start, *ARGUMENTS), self._empty))

    @contextmanager
    def _process(self, arguments: tuple[str, ...], stdin: bytes) -> Iterator[subprocess.Popen[bytes]]:
        with tempfile.TemporaryFile() as source:
            source.write(stdin)
            source.seek(0)
            process = _popen((*self._start, *arguments), self._empty, source)
            try:
                yield process
            finally:
                _end(process)


def text(raw: bytes) -> str:
    """Decode bytes from git so that every byte survives a round trip."""
    return raw.decode("utf-8", "surrogateescape")


def fields(chunks: Iterator[bytes], separator: bytes) -> Iterator[bytes]:
    """Yield what stands before each one-byte `separator`; a rest without one comes last if not empty."""
    pending: list[bytes] = []
    for chunk in chunks:
        first, *others = chunk.split(separator)
        pending.append(first)
        if others:
            yield b"".join(pending)
            yield from others[:-1]
            pending = [others[-1]]
    if rest := b"".join(pending):
        yield rest


class Reader:
    """Reads lines and counted bytes from pieces of output."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = b""
        self._at = 0

    def line(self) -> bytes:
        """The next line without its end; empty at the end of the output."""
        parts = []
        while True:
            end = self._held.find(b"\n", self._at)
            if end >= 0:
                parts.append(self._held[self._at : end])
                self._at = end + 1
                return b"".join(parts)
            parts.append(self._held[self._at :])
            if not self._refill():
                return b"".join(parts)

    def exactly(self, count: int) -> bytes:
        """The next `count` bytes. Raises GitError if the output ends before."""
        parts = []
        while True:
            part = self._held[self._at : self._at + count]
            parts.append(part)
            self._at += len(part)
            count -= len(part)
            if count == 0:
                return b"".join(parts)
            if not self._refill():
                raise GitError(
                    "git's output ended in the middle of an object", hint="check the clone with `git fsck`"
                )

    def finish(self) -> None:
        """Judge the exit code. Raises GitError for a failed git, or if output is left."""
        if self._held[self._at :] or self._refill():
            raise GitError("git printed more than was asked for", hint="check the clone with `git fsck`")

    def _refill(self) -> bool:
        self._held, self._at = next(self._chunks, b""), 0
        return bool(self._held)


def _popen(command: tuple[str, ...], cwd: Path, stdin: BinaryIO | int) -> subprocess.Popen[bytes]:
    try:
        from git.cmd import Git as Starter  # noqa: PLC0415  (0.1 s, and only needed here)
        from git.exc import GitCommandNotFound  # noqa: PLC0415
    except ImportError as error:
        raise GitError(f"git cannot be started: {error}", hint="install git 2.38 or newer") from error
    try:
        started = Starter(str(cwd)).execute(
            list(command), istream=stdin, as_process=True, shell=False, start_new_session=True
        )
    except (GitCommandNotFound, OSError) as error:
        raise GitError(f"git cannot be started: {error}", hint="install git 2.38 or newer") from error
    process = started.proc
    started.proc = None  # its own destructor would wait for the child; `_process` ends it
    if process is None:
        raise GitError("git cannot be started: GitPython returned no process", hint="upgrade GitPython")
    with suppress(AttributeError, OSError):  # only Linux has it, and a user may have no more of it
        fcntl.fcntl(process.stdout or -1, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return process


def _chunks(
    process: subprocess.Popen[bytes], error: bytearray, arguments: tuple[str, ...]
) -> Iterator[bytes]:
    """Yield standard output; collect the first bytes of standard error in `error` on the way."""
    with selectors.DefaultSelector() as selector:
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map():
            ready = selector.select(STALL_SECONDS)
            if not ready:
                raise _stalled(arguments)
            for key, _ in ready:
                piece = os.read(key.fd, CHUNK_BYTES)
                if not piece:
                    selector.unregister(key.fileobj)
                elif key.fileobj is process.stdout:
                    yield piece
                else:
                    error += piece[: ERROR_BYTES - len(error)]


def _converse(command: tuple[str, ...], cwd: Path) -> Conversation:
    """Start a git that reads questions from a pipe until it is ended."""
    process = _popen(command, cwd, subprocess.PIPE)
    return Conversation(process, Reader(_answers(process)), partial(_end, process))


def _answers(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    """Yield what a git prints that should not end by itself."""
    error = bytearray()
    yield from _chunks(process, error, ARGUMENTS)
    raise _failure(ARGUMENTS, _wait(process, ARGUMENTS), error)


def _wait(process: subprocess.Popen[bytes], arguments: tuple[str, ...]) -> int:
    try:
        return process.wait(STALL_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise _stalled(arguments) from error


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError, PermissionError):  # it may end by itself at this moment
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with suppress(OSError):  # unsent questions to a git that ended
                pipe.close()


def _stalled(arguments: tuple[str, ...]) -> GitError:
    return GitError(
        f"git {arguments[0]} printed nothing for {STALL_SECONDS} seconds and was ended",
        hint="check the clone with `git fsck`, and the load of the machine",
    )


def _failure(arguments: tuple[str, ...], code: int, error: bytearray) -> GitError:
    words = text(bytes(error)).strip()
    if code == 127 and words.startswith("env:"):
        return GitError("git cannot be started: it is not on PATH", hint="install git 2.38 or newer")
    return GitError(
        f"git {arguments[0]} ended with exit code {code}: {words or 'no message'}",
        hint="an object may be missing or broken: check the clone with `git fsck`, or clone afresh and in full",
    )
