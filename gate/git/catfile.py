"""`git cat-file` that waits for the next question: a start of git costs more than most of its answers."""

from __future__ import annotations

import weakref
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterable, Iterator

    from gate.git.command import Reader

#: Questions end with NUL, so that a line break in a path cannot begin another one.
ARGUMENTS = ("cat-file", "--batch-command", "--buffer", "-z")


class Conversation:
    """One process and what it still has to say."""

    def __init__(self, process: subprocess.Popen[bytes], reader: Reader, end: Callable[[], None]) -> None:
        self._process = process
        self.reader = reader
        self.end = end

    def ask(self, questions: bytes) -> None:
        """Send questions. All are read before the first one is answered, so neither side waits for the other."""
        # A git that ended says why when its answer is read.
        with suppress(OSError, ValueError):
            if self._process.stdin is not None:
                self._process.stdin.write(questions)
                self._process.stdin.flush()


class CatFile:
    """Answers questions about objects. Threads may ask at once: each is answered by a process of its own."""

    def __init__(self, start: Callable[[], Conversation]) -> None:
        self._start = start
        self._idle: list[Conversation] = []
        weakref.finalize(self, _end_all, self._idle)

    @contextmanager
    def ask(self, command: str, names: Iterable[str]) -> Iterator[Reader]:
        """Give a reader of the answers to `info` or `contents` of each name, in their order.

        The caller must read every answer; if it does not, for an error or because it needs no more, the
        process is ended. Raises GitError while reading if git ends.
        """
        try:
            one = self._idle.pop()
        except IndexError:
            one = self._start()
        try:
            questions = "".join(f"{command} {name}\0" for name in names)
            one.ask(f"{questions}flush\0".encode("utf-8", "surrogateescape"))
            yield one.reader
        except BaseException:
            one.end()
            raise
        self._idle.append(one)

    def close(self) -> None:
        """End the processes that wait; another question starts a new one."""
        _end_all(self._idle)


def _end_all(idle: list[Conversation]) -> None:
    while idle:
        idle.pop().end()
