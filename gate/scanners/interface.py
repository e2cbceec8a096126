"""What a scanner is, and what the gate hands to one."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from gate import process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from gate.core.policy import ToolPolicy
    from gate.core.scan import ScanReport
    from gate.scanners.rules import Rules
    from gate.scanners.tree import TargetTree

T = TypeVar("T")
U = TypeVar("U")


class Step(NamedTuple):
    """How far a scanner is: `done` of `asked` files of all sides, and the sightings in them so far."""

    tool: str
    done: int
    asked: int
    sightings: int
    ended: bool = False


class Scanner(Protocol):
    """One tool. A scanner is a module with such a class and one line in gate/scanners/__init__.py."""

    def scan(
        self, trees: Sequence[TargetTree], policy: ToolPolicy, rules: Rules, slots: Slots
    ) -> list[ScanReport]:
        """Return what the tool said about each tree; all sides of a change are given at once.

        Never raises because of the tool: whatever it does or fails to do is a status with a reason, and
        every target is either scanned or named as unscanned.
        """
        ...


@dataclass(slots=True)
class Slots:
    """Starts child processes, at most `jobs` at any time, however many scanners ask."""

    jobs: int
    _free: threading.BoundedSemaphore = field(init=False)
    _interrupted: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.jobs = max(1, self.jobs)
        self._free = threading.BoundedSemaphore(self.jobs)

    def run(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        timeout_seconds: float,
        path_first: Path | None = None,
        **environment: str,
    ) -> process.Completed:
        """Run a child in `cwd` with private `home` and `tmp` folders inside; see gate.process.run.

        `path_first` is a folder to be searched before those of PATH. Waiting for a free slot is not part
        of the time limit.
        """
        home, tmp = cwd / "home", cwd / "tmp"
        home.mkdir(exist_ok=True)
        tmp.mkdir(exist_ok=True)
        env = process.clean_environment(home, tmp, **environment)
        if path_first:
            env["PATH"] = f"{path_first}:{env['PATH']}"
        with self._free:
            if self._interrupted:
                return process.Completed(error="the gate was interrupted")
            return process.run(argv, cwd=cwd, env=env, timeout_seconds=timeout_seconds)

    def each(self, function: Callable[[T], U], items: Iterable[T]) -> list[U]:
        """Return `function(item)` for every item, in order, all at the same time.

        The first exception is raised after all have ended; an interruption of the caller ends all
        children at once.
        """
        work = list(items)
        if len(work) < 2:
            return [function(item) for item in work]
        with ThreadPoolExecutor(max_workers=len(work)) as pool:
            futures = [pool.submit(function, item) for item in work]
            try:
                return [future.result() for future in futures]
            except (KeyboardInterrupt, SystemExit):
                # No second attempt may start for what is killed now, and what was about to start is killed too.
                self._interrupted = True
                while wait(futures, timeout=0.1).not_done:
                    process.stop_all()
                raise


@dataclass(slots=True)
class Clock:
    """The time a tool has for one side: `left` falls by what its own runs took, not by waiting for others."""

    left: float

    def spend(self, seconds: Iterable[float]) -> None:
        """Count runs that were made side by side."""
        self.left -= max(seconds, default=0.0)


def shared_out(items: Iterable[T], count: int, weight: Callable[[T], int]) -> list[list[T]]:
    """Return at most `count` shares of about equal weight, none of them empty: largest first, to the lightest."""
    shares: list[list[T]] = [[] for _ in range(count)]
    loads = [0] * count
    for item in sorted(items, key=weight, reverse=True):
        lightest = loads.index(min(loads))
        shares[lightest].append(item)
        loads[lightest] += weight(item)
    return [share for share in shares if share]
