"""Semgrep: the experimental engine, the classic one when that fails, and a second look for `nosem`."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from gate.scanners import languages
from gate.scanners.accounting import Account, hider
from gate.scanners.interface import Clock, shared_out
from gate.scanners.semgrep_output import Output, book, join, place_of, read_output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gate.core.policy import ToolPolicy
    from gate.core.scan import ScanReport
    from gate.scanners.interface import Slots
    from gate.scanners.rules import RuleFile, Rules
    from gate.scanners.tree import TargetTree

#: Seconds that one rule may take on one file before Semgrep gives up on the pair and says so.
RULE_SECONDS = 30
#: Source for which one process more pays. Below it the start costs more than reading, so that both
#: sides of a change are read by one.
SPLIT_BYTES = 60_000
#: With less time left than this a second attempt is not worth its start.
LEAST_SECONDS = 3.0

_EXPERIMENTAL = "experimental"
_CLASSIC = "classic"
_OPTIONS = [
    "--oss-only",
    "--json",
    "--verbose",
    "--metrics=off",
    "--disable-version-check",
    "--no-rewrite-rule-ids",
    "--no-git-ignore",
    "--max-target-bytes=0",
]
_ENVIRONMENT = {"SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0"}


@dataclass(frozen=True, slots=True)
class Semgrep:
    """`executable` None means: the one installed beside this interpreter, else the first in PATH."""

    executable: Path | None = None

    def scan(
        self, trees: Sequence[TargetTree], policy: ToolPolicy, rules: Rules, slots: Slots
    ) -> list[ScanReport]:
        """See Scanner.scan. Targets are the files whose language one of the rules names."""
        executable = self.executable or find_executable("semgrep")
        sides = [_Side.of(tree, rules, policy.timeout, slots, executable) for tree in trees]
        working = [side for side in sides if side.has_work]
        if executable:
            firsts = _together(working) if _is_small(working) else [None] * len(working)
            slots.each(lambda pair: pair[0].finish(pair[1]), zip(working, firsts, strict=True))
        for side in working:
            if not executable:
                side.account.fail("semgrep is not installed")
            side.account.seconds = policy.timeout - side.clock.left
        return [side.account.report(required=policy.required) for side in sides]


def find_executable(name: str) -> Path | None:
    """Return the program installed beside this interpreter, else the first in absolute entries of PATH.

    The one beside it has the version that was installed for this gate.
    """
    beside = Path(sys.executable).parent / name
    if os.access(beside, os.X_OK):
        return beside
    entries = os.environ.get("PATH", "").split(os.pathsep)
    found = shutil.which(name, path=os.pathsep.join(entry for entry in entries if entry.startswith("/")))
    return Path(found) if found else None


def _is_small(sides: Sequence[_Side]) -> bool:
    """Whether one child for all sides is faster than one for each: most of its time is the start."""
    return len(sides) > 1 and sum(side.bytes_to_read for side in sides) < SPLIT_BYTES


def _together(sides: Sequence[_Side]) -> list[Output]:
    """Scan all sides in one child. What fails here is tried again for each side alone."""
    chosen = tuple(dict.fromkeys(file for side in sides for file in side.chosen))
    limit = sides[0].clock.left / 2
    outputs = sides[0].start(_EXPERIMENTAL, [side.tree.root for side in sides], rules=chosen, limit=limit)
    for side in sides:
        side.clock.spend([outputs[0].seconds])
    return outputs


@dataclass(slots=True, kw_only=True)
class _Side:
    """One tree, the rules that can match in it, its time and its books."""

    executable: Path
    tree: TargetTree
    rules: Rules
    chosen: tuple[RuleFile, ...]
    slots: Slots
    clock: Clock
    account: Account

    @classmethod
    def of(
        cls, tree: TargetTree, rules: Rules, seconds: float, slots: Slots, executable: Path | None
    ) -> Self:
        """Open the books for a tree."""
        words = rules.languages
        targets = tuple(file for file in tree.files.values() if languages.covers(words, file.language))
        chosen = rules.for_languages(frozenset(f.language for f in tree.files.values() if f.written))
        names = [(file.path, file.name) for file in chosen if file.path]
        account = Account(tool="semgrep", targets=targets, hide=hider(tree, names))
        return cls(
            executable=executable or Path("semgrep"),
            tree=tree,
            rules=rules,
            chosen=chosen,
            slots=slots,
            clock=Clock(seconds),
            account=account,
        )

    @property
    def has_work(self) -> bool:
        """Whether there is a file and a rule that could match in it."""
        return bool(self.chosen) and any(file.written for file in self.tree.files.values())

    @property
    def bytes_to_read(self) -> int:
        return sum(file.size for file in self.tree.files.values() if file.written and file.language)

    def finish(self, first: Output | None) -> None:
        """Complete a first run, or make it, and enter what Semgrep said into the books."""
        output = first if first and not first.failure else self._with_fallback(first)
        book(self.account, output, self.tree, self.rules, self._suppressed(output))

    def start(
        self,
        engine: str,
        roots: Sequence[Path],
        *,
        rules: Sequence[RuleFile] = (),
        honour: bool = False,
        limit: float | None = None,
    ) -> list[Output]:
        """Run one child over some roots and return what it said about each.

        The defaults are the rules of this side, no regard to inline comments, and all the time left.
        """
        folder = self.tree.folder("semgrep")
        argv = [
            str(self.executable),
            "scan",
            *(["--experimental"] if engine == _EXPERIMENTAL else []),
            *_OPTIONS,
            *([] if honour else ["--disable-nosem"]),
            f"--timeout={RULE_SECONDS}",
            "--jobs=1",
            *(f"--config={path}" for path in _rule_paths(rules or self.chosen, folder)),
            *map(str, roots),
        ]
        child = self.slots.run(
            argv,
            cwd=folder,
            timeout_seconds=max(0.1, self.clock.left if limit is None else limit),
            path_first=self.executable.parent,
            **_ENVIRONMENT,
        )
        return read_output(child, engine, roots)

    def _with_fallback(self, failed: Output | None) -> Output:
        """Run the experimental engine, and the classic one if that failed and time is left."""
        if failed and self.clock.left < LEAST_SECONDS:
            return failed
        parts = self.slots.each(lambda root: self.start(_EXPERIMENTAL, [root]), self._roots())
        first = join([output for part in parts for output in part])
        self.clock.spend([first.seconds])
        if not first.failure or self.clock.left < LEAST_SECONDS:
            return first
        (second,) = self.start(_CLASSIC, [self.tree.root])
        self.clock.spend([second.seconds])
        if not second.failure:
            return second
        # Both failed: what either of them found is shown, under that one's reason.
        return first if len(first.results) >= len(second.results) else second

    def _roots(self) -> list[Path]:
        """Return the folders to scan side by side: the tree, or shares of it balanced by size.

        One process per share: Semgrep's own `--jobs 2` burns up to twice the processor time.
        """
        count = min(self.slots.jobs, self.bytes_to_read // SPLIT_BYTES)
        if count < 2:
            return [self.tree.root]
        files = [file for file in self.tree.files.values() if file.written]
        shares = shared_out(files, count, lambda file: file.size + 1_000)
        return [self.tree.view([file.path for file in share]) for share in shares]

    def _suppressed(self, output: Output) -> frozenset[tuple[object, ...]]:
        """Return the places of results that an inline comment suppresses.

        Only files that hold the bytes `nosem` and have results are scanned again. What is not read as
        a whole the second time suppresses nothing.
        """
        marked = {
            path
            for path in (self.tree.path_of(result.written) for result in output.results)
            if path is not None and self.tree.files[path].nosem
        }
        if not marked:
            return frozenset()
        (again,) = self.start(output.engine, [self.tree.view(sorted(marked))], honour=True)
        self.clock.spend([again.seconds])
        if again.failure:
            output.fail(f"inline comments could not be read: {again.failure}")
            return frozenset()
        whole = set() if again.unread_everywhere else again.scanned - again.unread.keys()
        candidates = {
            place_of(result)
            for result in output.results
            if result.written in whole and self.tree.path_of(result.written) in marked
        }
        return frozenset(candidates - {place_of(result) for result in again.results})


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
