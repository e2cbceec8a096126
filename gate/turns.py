"""Turns of writers on one machine, in the order in which they came."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def turn(path: Path, *, seconds: float) -> Iterator[None]:
    """Wait until it is this writer's turn at the lock file `path`, which is made if it is missing.

    It only keeps writers from getting in each other's way, so nothing may depend on it: after `seconds`, and on a
    file system without locks, the block runs all the same. Raises OSError if the file cannot be made.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
    try:
        _wait(descriptor, seconds)
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int, seconds: float) -> None:
    import fcntl  # noqa: PLC0415 - readers need none

    with suppress(OSError):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # Only a call that waits keeps its place in the queue, and a call cannot be told how long to wait.
            waiter = threading.Thread(target=_block, args=(os.dup(descriptor),), daemon=True)
            waiter.start()
            waiter.join(seconds)


def _block(descriptor: int) -> None:
    import fcntl  # noqa: PLC0415

    try:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
    finally:
        os.close(descriptor)
