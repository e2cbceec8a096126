"""What a scanner is, and what the gate hands to one."""

from __future__ import annotations

import heapq
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol, TypeVar

from gate import process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from gate.core.policy import ToolPolicy
    from gate.core.scan import ScanReport
    from gate.scanners.rules import Rules
    from gate.scanners.tree import TargetTree, TreeFile

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
    """One tool. A scanner is a module with such a class and one line in gate/scanners/__init__.py.

    `local`: what it says about a function depends on nothing but that function and the names it mentions.
    """

    local: ClassVar[bool]

    def identity(self, rules: Rules) -> str:
        """Return all that decides, beside a file itself, what this tool says about it: versions, options, rules.

        It begins with tool, version and engine as the tool's reports name them, each with a blank behind it.
        Empty if that cannot be known without running the tool; then nothing it says is remembered.
        """
        ...

    def reads(self, file: TreeFile, rules: Rules) -> bool:
        """Whether the tool would look into this file of a tree."""
        ...

    def scan(
        self,
        trees: Sequence[TargetTree],
        policy: ToolPolicy,
        rules: Rules,
        slots: Slots,
        on_step: Callable[[Step], None] = lambda _step: None,
    ) -> list[ScanReport]:
        """Return what the tool said about each tree; all sides of a change are given at once.

        Files that the tool's earlier results are known of (TargetTree.known) are not read again. Never
        raises because of the tool: whatever it does or fails to do is a status with a reason, and every
        target is either scanned or named as unscanned.
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
    """The time a tool has: `left` falls by what its own children take, never by waiting for others.

    Children run side by side, `width` of them at most, so each counts for that part of its time.
    """

    left: float
    width: int
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def spend(self, seconds: float) -> None:
        """Count the wall time of one child."""
        with self._lock:
            self.left -= seconds / self.width


@dataclass(slots=True)
class Steps:
    """Adds up what children that run side by side have read, for `on_step`."""

    tool: str
    asked: int
    on_step: Callable[[Step], None]
    _done: int = 0
    _sightings: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, files: int, sightings: int) -> None:
        """Tell that this many files more are read, with this many sightings in them."""
        with self._lock:
            self._done += files
            self._sightings += sightings
            self.on_step(Step(tool=self.tool, done=self._done, asked=self.asked, sightings=self._sightings))


def shared_out(items: Iterable[T], parts: Sequence[int], weight: Callable[[T], int]) -> list[list[T]]:
    """Return shares whose weights are about as `parts`, none of them empty: largest first, to the lightest."""
    shares: list[list[T]] = [[] for _ in parts]
    loads = [(0.0, number) for number in range(len(parts))]
    for item in sorted(items, key=weight, reverse=True):
        load, lightest = heapq.heappop(loads)
        shares[lightest].append(item)
        heapq.heappush(loads, (load + weight(item) / parts[lightest], lightest))
    return [share for share in shares if share]


def how_many(total_bytes: int, *, split: int, chunk: int, jobs: int) -> int:
    """Return into how many shares to cut this much source.

    One below `split`, for a start would cost more than it saves; else one for each process, or as many as keep a
    share below `chunk`, so that memory stays bounded and no process idles at the end.
    """
    return max(1, min(jobs, total_bytes // split), -(-total_bytes // chunk))
