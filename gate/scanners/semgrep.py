"""Semgrep: the experimental engine, the classic one when that fails, and a second look for `nosem`."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from gate.scanners import installed
from gate.scanners.accounting import REGEX_LIMIT, TIMEOUT, Account, hider
from gate.scanners.interface import Clock, Steps, how_many, shared_out
from gate.scanners.languages import covers
from gate.scanners.semgrep_output import Output, book, join, place_of, read_output, weaknesses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from gate.core.policy import ToolPolicy
    from gate.core.scan import ScanReport
    from gate.scanners.interface import Slots, Step
    from gate.scanners.rules import RuleFile, Rules
    from gate.scanners.tree import TargetTree, TreeFile

#: Seconds that one rule may take on one file before Semgrep gives up on the pair and says so.
RULE_SECONDS = 10
#: Source for which one process more pays: a start costs as much as reading 200 KB.
SPLIT_BYTES = 200_000
#: Source in one child at most; its memory grows with what it reads.
CHUNK_BYTES = 1_500_000
#: Regular expressions over a whole file, as many rules have them, silently find nothing in a larger one: PCRE
#: gives up after a million steps, and neither engine says so.
MAX_REGEX_BYTES = 950_000
#: With less time left than this a second attempt is not worth its start.
LEAST_SECONDS = 3.0

EXPERIMENTAL = "experimental"
CLASSIC = "classic"
_OPTIONS = (
    "--oss-only",
    "--json",
    "--verbose",
    "--metrics=off",
    "--disable-version-check",
    "--no-rewrite-rule-ids",
    "--no-git-ignore",
    "--max-target-bytes=0",
)
# A larger nursery for OCaml's collector saves a third of the time and costs 8 MB.
_ENVIRONMENT = {
    "SEMGREP_SEND_METRICS": "off",
    "SEMGREP_ENABLE_VERSION_CHECK": "0",
    "OCAMLRUNPARAM": "s=1M",
}


@dataclass(frozen=True, slots=True)
class Semgrep:
    """`executable` None means: the one installed beside this interpreter, else the first in PATH."""

    executable: Path | None = None
    #: Rules also ask what a file does elsewhere.
    local: ClassVar[bool] = False

    def identity(self, rules: Rules) -> str:
        """See Scanner.identity. Of a program from PATH the version is not known before it has run."""
        version = installed.version("semgrep")
        if self.executable or not version or find_executable("semgrep") != _beside("semgrep"):
            return ""
        return f"semgrep {version} {EXPERIMENTAL} {RULE_SECONDS} {' '.join(_OPTIONS)} {rules.digest}"

    def reads(self, file: TreeFile, rules: Rules) -> bool:
        """See Scanner.reads. Rules for every language also read files that are no targets."""
        return bool(file.written) and (rules.universal or covers(rules.languages, file.language))

    def scan(
        self,
        trees: Sequence[TargetTree],
        policy: ToolPolicy,
        rules: Rules,
        slots: Slots,
        on_step: Callable[[Step], None] = lambda _step: None,
    ) -> list[ScanReport]:
        """See Scanner.scan. Targets are the files whose language one of the rules names."""
        executable = self.executable or find_executable("semgrep")
        work = [
            (number, file)
            for number, tree in enumerate(trees)
            for file in tree.files.values()
            if self.reads(file, rules) and file.path not in tree.known_to("semgrep")
        ]
        chosen = rules.for_languages(frozenset(file.language for _, file in work))
        run = _Run(
            executable=executable or Path("semgrep"),
            trees=trees,
            rules=chosen,
            slots=slots,
            clock=Clock(policy.timeout, slots.jobs),
            steps=Steps("semgrep", len(work), on_step),
        )
        size = sum(file.size for _, file in work)
        count = how_many(size, split=SPLIT_BYTES, chunk=CHUNK_BYTES, jobs=slots.jobs)
        if executable and chosen:
            python = sum(file.size for _, file in work if file.language == "python")
            parts = _parts(count, size, python)
            slots.each(run.read, shared_out(work, parts, lambda pair: pair[1].size + 1_000))
        reports = []
        for number, tree in enumerate(trees):
            known = tree.known_to("semgrep")
            account = Account(
                tool="semgrep",
                targets=tuple(f for f in tree.files.values() if covers(rules.languages, f.language)),
                hide=hider(tree, [(file.path, file.name) for file in rules.files if file.path]),
                known=known,
                version=installed.version("semgrep") if known else "",
                engine=EXPERIMENTAL if known else "",
            )
            if number in run.outputs:
                output = join(run.outputs[number])
                account.seconds = output.seconds
                # Of files in no language of the rules Semgrep names only those in which it found something.
                others = (f for side, f in work if side == number and not covers(rules.languages, f.language))
                account.read.update(file.path for file in others)
                if any(file.spans_files for file in chosen):
                    for side, file in work:
                        if side == number and file.size > MAX_REGEX_BYTES:
                            account.miss(file.path, REGEX_LIMIT)
                book(account, output, tree, rules)
            elif not executable and any(side == number for side, _ in work):
                account.fail("semgrep is not installed")
            reports.append(account.report(required=policy.required))
        return reports


def _parts(count: int, size: int, python: int) -> list[int]:
    """Return the proportions of the shares.

    Of two, the smaller one is for the processor that reads Python with Bandit too, which takes half as long.
    """
    if count != 2:
        return [1] * count
    first = round(100 * (size + python / 2) / (2 * size))
    return [first, 100 - first]


def find_executable(name: str) -> Path | None:
    """Return the program installed beside this interpreter, else the first in absolute entries of PATH.

    The one beside it has the version that was installed for this gate.
    """
    beside = _beside(name)
    if os.access(beside, os.X_OK):
        return beside
    entries = os.environ.get("PATH", "").split(os.pathsep)
    found = shutil.which(name, path=os.pathsep.join(entry for entry in entries if entry.startswith("/")))
    return Path(found) if found else None


def _beside(name: str) -> Path:
    return Path(sys.executable).parent / name


#: A file and the number of its side.
Item = tuple[int, "TreeFile"]


def _joined(parts: Iterable[Mapping[int, Output]]) -> dict[int, Output]:
    outputs: dict[int, list[Output]] = {}
    for part in parts:
        for side, output in part.items():
            outputs.setdefault(side, []).append(output)
    return {side: join(found) for side, found in outputs.items()}


@dataclass(slots=True, kw_only=True)
class _Run:
    """One run over all sides of a change. `outputs` are by the side's number in `trees`."""

    executable: Path
    trees: Sequence[TargetTree]
    rules: tuple[RuleFile, ...]
    slots: Slots
    clock: Clock
    steps: Steps
    outputs: dict[int, list[Output]] = field(default_factory=dict)

    def read(self, work: Sequence[Item]) -> None:
        """Read some files of any side in one child, and what they suppress in another."""
        found = self._attempt(work)
        for side, output in found.items():
            output.hidden = self._hidden(side, output)
            self.outputs.setdefault(side, []).append(output)
        self.steps.add(len(work), sum(map(weaknesses, found.values())))

    def _attempt(self, work: Sequence[Item]) -> dict[int, Output]:
        """Run the experimental engine; if it fails, on less at once, and in the end the classic one."""
        roots = {side: self._root(side, work) for side in sorted({side for side, _ in work})}
        first = self._start(EXPERIMENTAL, roots)
        if not any(output.failure for output in first.values()):
            return first
        if any(output.timed_out for output in first.values()):
            return self._without_slow(work)
        if self.clock.left < LEAST_SECONDS:
            return first
        if len(roots) > 1:
            return _joined(self._attempt([item for item in work if item[0] == side]) for side in roots)
        second = self._start(CLASSIC, roots)
        if not any(output.failure for output in second.values()):
            return second
        # Both failed: what either of them found is shown, under that one's reason.
        return max(first, second, key=lambda outputs: sum(len(o.results) for o in outputs.values()))

    def _without_slow(self, work: Sequence[Item]) -> dict[int, Output]:
        """Read the others without the largest file, which most likely took the time, and then that alone."""
        if len(work) == 1 or self.clock.left < LEAST_SECONDS:
            late: dict[int, Output] = {}
            for side, file in work:
                late.setdefault(side, Output(engine=EXPERIMENTAL)).unread[file.written] = TIMEOUT
            return late
        slow, *rest = sorted(work, key=lambda item: item[1].size, reverse=True)
        return _joined([self._attempt(rest), self._attempt([slow])])

    def _root(self, side: int, work: Sequence[Item]) -> Path:
        """Return a folder that holds exactly the files of one side."""
        tree = self.trees[side]
        paths = [file.path for number, file in work if number == side]
        on_disk = sum(1 for file in tree.files.values() if file.on_disk)
        return tree.root if len(paths) == on_disk else tree.view(paths)

    def _start(self, engine: str, roots: Mapping[int, Path], *, honour: bool = False) -> dict[int, Output]:
        """Run one child over some roots and return what it said about each; `honour` inline comments."""
        folder = self.trees[min(roots)].folder("semgrep")
        argv = [
            str(self.executable),
            "scan",
            *(["--experimental"] if engine == EXPERIMENTAL else []),
            *_OPTIONS,
            *([] if honour else ["--disable-nosem"]),
            f"--timeout={RULE_SECONDS}",
            "--jobs=1",
            *(f"--config={path}" for path in _rule_paths(self.rules, folder)),
            *map(str, roots.values()),
        ]
        child = self.slots.run(
            argv,
            cwd=folder,
            # Half of the time is kept for another attempt.
            timeout_seconds=max(0.1, self.clock.left / (2 if engine == EXPERIMENTAL else 1)),
            path_first=self.executable.parent,
            **_ENVIRONMENT,
        )
        self.clock.spend(child.seconds)
        return dict(zip(roots, read_output(child, engine, list(roots.values())), strict=True))

    def _hidden(self, side: int, output: Output) -> set[tuple[object, ...]]:
        """Return the places of results that an inline comment suppresses.

        Only files that hold the bytes `nosem` and have results are scanned again. What is not read as
        a whole the second time suppresses nothing.
        """
        tree = self.trees[side]
        marked = {
            path
            for path in (tree.path_of(result.written) for result in output.results)
            if path is not None and tree.files[path].nosem
        }
        if not marked:
            return set()
        again = self._start(output.engine, {side: tree.view(sorted(marked))}, honour=True)[side]
        if again.failure:
            output.fail(f"inline comments could not be read: {again.failure}")
            return set()
        whole = set() if again.unread_everywhere else again.scanned - again.unread.keys()
        candidates = {
            place_of(result)
            for result in output.results
            if result.written in whole and tree.path_of(result.written) in marked
        }
        return candidates - {place_of(result) for result in again.results}


def _rule_paths(rules: Sequence[RuleFile], folder: Path) -> list[Path]:
    """Return where the rule files are; those of the policy are written into the run's own folder."""
    paths = []
    for number, file in enumerate(rules):
        path = file.path
        if path is None:
            path = folder / f"rules-{number}.yaml"
            path.write_bytes(file.data)
        paths.append(path)
    return paths
