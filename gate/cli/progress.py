"""What is going on, on standard error: bars on a terminal, a few plain lines elsewhere."""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Protocol

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from gate.scanners import Step

#: Plain lines say how far a scanner is at most this many times.
TIMES_PER_TOOL = 10
#: The number of files at which plain lines first say how many were read; then at each doubling.
FIRST_READ = 5_000
#: On a terminal, fewer files are read before anybody could see their number.
SHOWN_EVERY = 100
#: Longest stage on a terminal, in characters, with bars below it and without.
MAX_STAGE = 28
MAX_STAGE_ALONE = 100


class Display(Protocol):
    """Where a run says how far it is. Every method may be called from any thread, and none raises.

    `silent` says that nobody sees anything, so that numbers need not be found out.
    """

    @property
    def silent(self) -> bool: ...

    def __call__(self, stage: str) -> None:
        """Say that a stage begins."""

    def read(self, files: int) -> None:
        """Say how many files were read so far."""

    def commits(self, done: int, all_of: int | None) -> None:
        """Say how many commits were judged, and of how many if that is known."""

    def step(self, step: Step) -> None:
        """Say how far a scanner is."""


@contextmanager
def progress(*, quiet: bool, verbose: int) -> Iterator[Display]:
    """Give a display that is called with the name of each stage.

    On a terminal there is a line for the stage and a bar for each scanner, gone at the end. In CI (or with
    -v) each stage is a line with the seconds since the start, and so is about each tenth of a scanner's
    work. Otherwise, and with -q, nothing is printed.
    """
    if quiet:
        yield _Silent()
    elif sys.stderr.isatty() and not verbose and os.environ.get("TERM") != "dumb":
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn  # noqa: PLC0415
        from rich.table import Column  # noqa: PLC0415

        columns = (
            SpinnerColumn(finished_text=" "),
            TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True)),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[count]}", markup=False, table_column=Column(no_wrap=True)),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
            yield _OnTerminal(bars)
    elif verbose or os.environ.get("CI"):
        yield _Plain()
    else:
        yield _Silent()


def how_far(step: Step) -> str:
    """Return `120 of 1,810 files, 57 findings so far`."""
    found = "1 finding" if step.sightings == 1 else f"{step.sightings:,} findings"
    return f"{step.done:,} of {step.asked:,} files, {found} so far"


class _Silent:
    silent = True

    def __call__(self, stage: str) -> None:
        pass

    def read(self, files: int) -> None:
        pass

    def commits(self, done: int, all_of: int | None) -> None:
        pass

    def step(self, step: Step) -> None:
        pass


@dataclass(slots=True)
class _Plain:
    """Lines in a log."""

    silent: ClassVar[bool] = False
    start: float = field(default_factory=time.monotonic)
    tenths: dict[str, int] = field(default_factory=dict)
    next_read: int = FIRST_READ
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, stage: str) -> None:
        click.echo(f"gate: {time.monotonic() - self.start:5.1f}s {stage}", err=True)

    def read(self, files: int) -> None:
        if files >= self.next_read:
            self.next_read = files * 2
            self(f"reading files: {files:,} so far")

    def commits(self, done: int, all_of: int | None) -> None:
        tenth = done * TIMES_PER_TOOL // max(all_of, 1) if all_of else 0
        if done >= self.next_read and tenth > self.tenths.get("", 0):
            self.tenths[""] = tenth
            self(f"judging commits: {_of(done, all_of)}")

    def step(self, step: Step) -> None:
        # The end of a scanner is a stage of its own, which also tells its status.
        if step.ended or not step.asked:
            return
        tenth = step.done * TIMES_PER_TOOL // step.asked
        with self.lock:
            if tenth <= self.tenths.get(step.tool, 0):
                return
            self.tenths[step.tool] = tenth
        self(f"{step.tool}: {how_far(step)}")


@dataclass(slots=True)
class _OnTerminal:
    """A spinner with the stage, and a bar for each scanner below it."""

    silent: ClassVar[bool] = False
    bars: Bars
    stage: TaskID = field(init=False)
    tools: dict[str, TaskID] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.stage = self.bars.add_task("starting", total=None, count="")

    def __call__(self, stage: str) -> None:
        # The end of a scanner is on its own bar. Beside bars there is no room for long stages.
        if stage.partition(",")[0] not in self.tools:
            most = MAX_STAGE if self.tools else MAX_STAGE_ALONE
            self.bars.update(self.stage, description=_clean(stage, most), count="")

    def read(self, files: int) -> None:
        if files % SHOWN_EVERY == 0:
            self.bars.update(self.stage, count=f"{files:,} files")

    def commits(self, done: int, all_of: int | None) -> None:
        self.bars.update(self.stage, completed=done, total=all_of, count=_of(done, all_of))

    def step(self, step: Step) -> None:
        with self.lock:
            if step.tool not in self.tools:
                self.tools[step.tool] = self.bars.add_task(step.tool, count="")
            task = self.tools[step.tool]
        total = max(step.asked, 1)
        done = total if step.ended else step.done
        self.bars.update(task, total=total, completed=done, count=how_far(step))


def _of(done: int, all_of: int | None) -> str:
    return f"{done:,} commits" if all_of is None else f"{done:,} of {all_of:,} commits"


def _clean(stage: str, most: int) -> str:
    """A stage may name a path of the tree."""
    from gate.reports.escape import terminal  # noqa: PLC0415

    return terminal(stage, most=most)
