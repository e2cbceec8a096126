"""Bandit: every Python file named to a child, each answer proved file by file."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from gate.scanners import installed
from gate.scanners.accounting import TIMEOUT, Account, hider
from gate.scanners.bandit_output import Answer, death, read_output, sight
from gate.scanners.interface import Clock, Steps, how_many, shared_out
from gate.scanners.positions import Sources

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gate.core.policy import ToolPolicy
    from gate.core.scan import ScanReport
    from gate.process import Completed
    from gate.scanners.interface import Slots, Step
    from gate.scanners.rules import Rules
    from gate.scanners.tree import TargetTree, TreeFile

#: Python source for which one process more pays: a start costs as much as reading 200 KB, and the other processor
#: is Semgrep's.
SPLIT_BYTES = 800_000
#: Python source in one child at most; its memory grows with what it reads.
CHUNK_BYTES = 4_000_000
#: Deaths in one share before it is given up: a start each, and the file that caused it is named.
MAX_DEATHS = 20

# -I: neither the working folder nor PYTHON* variables can bring a module. UTF-8: else names come back broken.
_COMMAND = (
    sys.executable,
    *("-I", "-X", "utf8"),
    str(Path(__file__).with_name("bandit_worker.py")),
)


@dataclass(frozen=True, slots=True)
class Bandit:
    """`command` starts the worker; the default runs the Bandit installed beside the gate."""

    command: tuple[str, ...] = _COMMAND
    local: ClassVar[bool] = True

    def identity(self, _rules: Rules) -> str:
        """See Scanner.identity. Plug-ins of other packages take part, so they are named too."""
        version = installed.version("bandit")
        plugins = installed.with_entry_points(b"[bandit.")
        return f"bandit {version} {_engine()} {' '.join(plugins)}" if version else ""

    def reads(self, file: TreeFile, _rules: Rules) -> bool:
        """See Scanner.reads."""
        return bool(file.written) and file.language == "python"

    def scan(
        self,
        trees: Sequence[TargetTree],
        policy: ToolPolicy,
        rules: Rules,
        slots: Slots,
        on_step: Callable[[Step], None] = lambda _step: None,
    ) -> list[ScanReport]:
        """See Scanner.scan. Targets are the Python files, by extension or first line."""
        work = [
            (tree, file)
            for tree in trees
            for file in tree.files.values()
            if self.reads(file, rules) and file.path not in tree.known_to("bandit")
        ]
        run = _Run(
            command=self.command,
            slots=slots,
            clock=Clock(policy.timeout, slots.jobs),
            file_seconds=max(1.0, policy.timeout / 10),
            steps=Steps("bandit", len(work), on_step),
        )
        size = sum(file.size for _, file in work)
        count = how_many(size, split=SPLIT_BYTES, chunk=CHUNK_BYTES, jobs=slots.jobs)
        slots.each(run.read, shared_out(work, [1] * count, lambda pair: pair[1].size + 1_000))
        return [run.report(tree, required=policy.required) for tree in trees]


@dataclass(slots=True, kw_only=True)
class _Run:
    """One run over all sides. `answers` and `slow` are by the file's whole name on disk."""

    command: Sequence[str]
    slots: Slots
    clock: Clock
    file_seconds: float
    steps: Steps
    answers: dict[str, Answer] = field(default_factory=dict)
    slow: set[str] = field(default_factory=set)
    failures: dict[Path, str] = field(default_factory=dict)
    version: str = ""
    seconds: float = 0.0

    def read(self, work: list[tuple[TargetTree, TreeFile]]) -> None:
        """Read some files in one child. A file that ends it is left out, and a new child goes on behind it."""
        rest = sorted(work, key=lambda pair: os.fsencode(pair[1].path))
        tried = ""
        for _ in range(MAX_DEATHS):
            names = [str(tree.root / file.written) for tree, file in rest]
            limit = self.clock.left
            if limit <= 0:
                self.slow.update(names)
                return
            child = self._start(
                rest[0][0], [(n, f.nosec) for n, (_, f) in zip(names, rest, strict=True)], limit
            )
            output = read_output(child, names)
            self.version = self.version or output.version
            self.answers.update((answer.name, answer) for answer in output.answers)
            self.steps.add(len(output.answers), sum(len(answer.issues) for answer in output.answers))
            if not output.failure:
                return
            rest = rest[len(output.answers) :]
            if child.timed_out:
                self.slow.update(str(tree.root / file.written) for tree, file in rest)
                return
            if not output.version or not rest or not (child.signal or child.returncode):
                self._fail(rest or work, output.failure)
                return
            tree, file = rest[0]
            name = str(tree.root / file.written)
            if output.file_limit:
                self.slow.add(name)
            elif tried == name:
                self._fail([rest[0]], death(child, file.path))
            else:
                tried = name  # a death may have come from outside: the file is tried once more
                continue
            rest = rest[1:]
            if not rest:
                return
        self._fail(rest, f"bandit died {MAX_DEATHS} times")

    def report(self, tree: TargetTree, *, required: bool) -> ScanReport:
        """Return the books of one side."""
        targets = tuple(file for file in tree.files.values() if file.language == "python")
        known = tree.known_to("bandit")
        account = Account(
            tool="bandit",
            targets=targets,
            hide=hider(tree),
            known=known,
            version=self.version or installed.version("bandit"),
            engine=_engine(),
            failure=self.failures.get(tree.root, ""),
            seconds=self.seconds,
        )
        sources = Sources(tree)
        for file in targets:
            name = str(tree.root / file.written)
            answer = self.answers.get(name)
            if name in self.slow:
                account.miss(file.path, TIMEOUT)
            if not file.written or answer is None:
                continue
            account.read.add(file.path)
            if answer.unread:
                account.miss(file.path, answer.unread)
            for message in answer.messages:
                account.note(message)
            account.sightings += (sight(issue, file.path, sources) for issue in answer.issues)
        return account.report(required=required)

    def _start(self, tree: TargetTree, files: list[tuple[str, bool]], limit: float) -> Completed:
        folder = tree.folder("bandit")
        chosen = folder / "files.json"
        chosen.write_text(json.dumps(files), encoding="utf-8")
        child = self.slots.run(
            [*self.command, str(chosen), str(self.file_seconds)],
            cwd=folder,
            timeout_seconds=max(0.1, limit),
        )
        self.clock.spend(child.seconds)
        self.seconds = max(self.seconds, child.seconds)
        return child

    def _fail(self, work: Sequence[tuple[TargetTree, TreeFile]], reason: str) -> None:
        for tree, _ in work:
            self.failures.setdefault(tree.root, reason)


def _engine() -> str:
    return f"python {sys.version.split()[0]}"
