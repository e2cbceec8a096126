"""Bandit: named files in chunks, the whole list proved file by file, and a second look for `nosec`."""

from __future__ import annotations

import functools
import platform
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gate.scanners.accounting import TIMEOUT, Account, hider
from gate.scanners.bandit_output import Issue, Output, read_output, sight
from gate.scanners.interface import Clock, shared_out
from gate.scanners.positions import Sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gate.core.policy import ToolPolicy
    from gate.core.scan import ScanReport
    from gate.process import Completed
    from gate.scanners.interface import Slots
    from gate.scanners.rules import Rules
    from gate.scanners.tree import TargetTree, TreeFile

#: Bytes of file names in one command line; systems allow 128 KiB for one argument list at the least.
MAX_ARGUMENT_BYTES = 90_000
#: Python source above which two processes are faster than one: a start costs as much as some 30 KB.
SPLIT_BYTES = 60_000

# -I: neither the working folder nor PYTHON* variables can bring a module. UTF-8: else names come back broken.
_COMMAND = (sys.executable, "-I", "-X", "utf8", "-m", "bandit")


@dataclass(frozen=True, slots=True)
class Bandit:
    """`command` starts Bandit; the default runs the one installed beside the gate."""

    command: tuple[str, ...] = _COMMAND

    def scan(
        self, trees: Sequence[TargetTree], policy: ToolPolicy, _rules: Rules, slots: Slots
    ) -> list[ScanReport]:
        """See Scanner.scan. Targets are the Python files, by extension or first line."""
        runs = [_Run(self.command, tree, slots, Clock(policy.timeout), policy.timeout) for tree in trees]
        working = [run for run in runs if run.files]
        firsts = _together(working) if _is_small(working) else [None] * len(working)
        slots.each(lambda pair: pair[0].finish(pair[1]), zip(working, firsts, strict=True))
        for run in working:
            run.account.seconds = policy.timeout - run.clock.left
        return [run.account.report(required=policy.required) for run in runs]


@dataclass(slots=True)
class _Run:
    """One tree, its Python files, its time and its books. `slow` are files that did not end in their time."""

    command: Sequence[str]
    tree: TargetTree
    slots: Slots
    clock: Clock
    limit: float
    slow: set[str] = field(default_factory=set)
    files: list[TreeFile] = field(init=False)
    account: Account = field(init=False)

    def __post_init__(self) -> None:
        targets = tuple(file for file in self.tree.files.values() if file.language == "python")
        self.files = [file for file in targets if file.written]
        self.account = Account(
            tool="bandit",
            targets=targets,
            hide=hider(self.tree),
            version=_version(),
            engine=f"python {platform.python_version()}",
        )

    def finish(self, first: Output | None) -> None:
        """Complete a first run, or make it, and enter what Bandit said into the books."""
        outputs = [first] if first and not first.failure else self._chunks(self.files, "--ignore-nosec")
        _book(self.account, outputs, self.tree, self)

    def honoured(self, paths: Iterable[str]) -> list[Output]:
        """Read these files (paths in git) as their authors want them read."""
        return self._chunks([self.tree.files[path] for path in paths])

    def _chunks(self, files: Sequence[TreeFile], *options: str) -> list[Output]:
        """Run chunks side by side; what did not end in half of the time left is run again file by file."""
        work = _split(files, prefix=len(str(self.tree.root)), slots=self.slots.jobs)
        limit = self.clock.left if len(files) == 1 else self.clock.left / 2
        outputs = self.slots.each(lambda chunk: self._run(chunk, limit, options), work)
        self.clock.spend(output.child.seconds for output in outputs)
        ended = [output for output in outputs if not output.child.timed_out]
        again = [
            file
            for chunk, output in zip(work, outputs, strict=True)
            for file in chunk
            if output.child.timed_out
        ]
        return ended + (self._one_by_one(again, options) if len(files) > 1 else self._give_up(again))

    def _one_by_one(self, files: Sequence[TreeFile], options: tuple[str, ...]) -> list[Output]:
        outputs = []
        width = self.slots.jobs
        for start in range(0, len(files), width):
            batch = files[start : start + width]
            limit = min(self.clock.left, max(1.0, self.limit / 10))
            if limit <= 0:
                self._give_up(batch)
                continue
            alone = functools.partial(self._run, limit=limit, options=options)
            tries = self.slots.each(alone, [[file] for file in batch])
            self.clock.spend(output.child.seconds for output in tries)
            outputs += [output for output in tries if not output.child.timed_out]
            self._give_up([f for f, output in zip(batch, tries, strict=True) if output.child.timed_out])
        return outputs

    def _give_up(self, files: Iterable[TreeFile]) -> list[Output]:
        self.slow.update(file.path for file in files)
        return []

    def _run(self, files: Sequence[TreeFile], limit: float, options: tuple[str, ...]) -> Output:
        names = [str(self.tree.root / file.written) for file in files]
        return read_output(self.start(names, limit, options), [self.tree.root])[0]

    def start(self, names: Iterable[str], limit: float, options: Iterable[str]) -> Completed:
        """Run one child over files, given by their whole names."""
        folder = self.tree.folder("bandit")
        settings = folder / "empty.ini"
        settings.write_text("[bandit]\n")
        argv = [
            *self.command,
            *("-q", "-f", "json", "--ini", str(settings)),
            *("-x", ""),  # the default is matched as a substring: `.git` hides `.github/tool.py`
            *options,
            *names,
        ]
        return self.slots.run(argv, cwd=folder, timeout_seconds=max(0.1, limit))


def _is_small(runs: Sequence[_Run]) -> bool:
    """Whether one child for all sides is faster than one for each: most of its time is the start."""
    sizes = [file.size + 1_000 for run in runs for file in run.files]
    return len(runs) > 1 and sum(sizes) < SPLIT_BYTES


def _together(runs: Sequence[_Run]) -> list[Output]:
    """Read all sides in one child. What fails here, also for its time, is tried again for each side alone."""
    names = [str(run.tree.root / file.written) for run in runs for file in run.files]
    child = runs[0].start(names, runs[0].clock.left / 2, ["--ignore-nosec"])
    for run in runs:
        run.clock.spend([child.seconds])
    return read_output(child, [run.tree.root for run in runs])


def _split(files: Sequence[TreeFile], *, prefix: int, slots: int) -> list[list[TreeFile]]:
    """Share files out by size into one process or two, each in as many chunks as its command line needs."""
    large = sum(file.size for file in files) >= SPLIT_BYTES
    chunks: list[list[TreeFile]] = []
    for share in shared_out(files, min(slots, 2) if large else 1, lambda file: file.size + 1_000):
        room = 0
        for file in share:
            need = len(file.written.encode()) + prefix + 2
            room -= need
            if room < 0:
                chunks.append([])
                room = MAX_ARGUMENT_BYTES - need
            chunks[-1].append(file)
    return chunks


def _book(account: Account, outputs: Sequence[Output], tree: TargetTree, run: _Run) -> None:
    """Enter what Bandit said into the books."""
    issues: list[tuple[str, Issue]] = []
    for output in outputs:
        if output.failure:
            account.fail(output.failure)
        for message in output.messages:
            account.note(message)
        account.read.update(path for path in map(tree.path_of, output.read) if path)
        for written, reason in output.unread.items():
            path = tree.path_of(written)
            if path is None:
                account.fail(f"bandit speaks of a file that it was not given: {written!r}")
            else:
                account.miss(path, reason)
        for issue in output.issues:
            path = tree.path_of(issue.written)
            if path is None:
                account.fail(f"bandit speaks of a file that it was not given: {issue.written!r}")
            else:
                issues.append((path, issue))
    for path in run.slow:
        account.miss(path, TIMEOUT)
    suppressed = _suppressed(account, issues, tree, run)
    sources = Sources(tree)
    for path, issue in issues:
        sight(account, issue, path, sources, suppressed=issue in suppressed)


def _suppressed(
    account: Account, issues: Sequence[tuple[str, Issue]], tree: TargetTree, run: _Run
) -> frozenset[Issue]:
    """Return the issues that an inline comment hides.

    Only files that hold the bytes `nosec` and have issues are read again. What is not read as a whole
    the second time hides nothing.
    """
    marked = sorted({path for path, _ in issues if tree.files[path].nosec})
    if not marked:
        return frozenset()
    whole: set[str] = set()
    left: set[Issue] = set()
    for output in run.honoured(marked):
        if output.failure:
            account.fail(f"inline comments could not be read: {output.failure}")
        else:
            whole |= output.read - output.unread.keys()
        left.update(output.issues)
    candidates = {issue for path, issue in issues if issue.written in whole and path in marked}
    return frozenset(candidates - left)


def _version() -> str:
    import importlib.metadata  # noqa: PLC0415 -- only when Bandit runs

    try:
        return importlib.metadata.version("bandit")
    except importlib.metadata.PackageNotFoundError:
        return ""
