"""Semgrep: the experimental engine, the classic one when that fails, and a second look for `nosem`."""

from __future__ import annotations

import functools
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gate.scanners import languages
from gate.scanners.accounting import Account, hider
from gate.scanners.interface import Clock, shared_out
from gate.scanners.positions import Sources
from gate.scanners.semgrep_output import Output, join, place_of, read_output, sight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gate.core.policy import ToolPolicy
    from gate.core.scan import ScanReport
    from gate.scanners.interface import Slots
    from gate.scanners.rules import RuleFile, Rules
    from gate.scanners.tree import TargetTree

#: Seconds that one rule may take on one file before Semgrep gives up on the pair and says so.
RULE_SECONDS = 30
#: Source for which one process more pays; its start costs about as much as this.
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

    def scan(self, tree: TargetTree, policy: ToolPolicy, rules: Rules, slots: Slots) -> ScanReport:
        """See Scanner.scan. Targets are the files whose language one of the rules names."""
        words = rules.languages
        targets = tuple(file for file in tree.files.values() if languages.covers(words, file.language))
        present = frozenset(file.language for file in tree.files.values() if file.written)
        chosen = rules.for_languages(present)
        account = Account(tool="semgrep", targets=targets, hide=hider(tree, _names(chosen)))
        executable = self.executable or find_executable("semgrep")
        if not executable:
            account.fail("semgrep is not installed")
        elif chosen and present:
            run = _Run(executable, tree, chosen, slots, Clock(policy.timeout))
            output = run.with_fallback()
            _book(account, output, tree, rules, run.suppressed(output))
            account.seconds = policy.timeout - run.clock.left
        return account.report(required=policy.required)


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


@dataclass(slots=True)
class _Run:
    """The children of one scan of one tree."""

    executable: Path
    tree: TargetTree
    rules: Sequence[RuleFile]
    slots: Slots
    clock: Clock

    def with_fallback(self) -> Output:
        """Run the experimental engine, and the classic one if that failed and time is left."""
        first = join(self.slots.each(functools.partial(self._run, _EXPERIMENTAL), self._roots()))
        self.clock.spend([first.seconds])
        if not first.failure or self.clock.left < LEAST_SECONDS:
            return first
        second = self._run(_CLASSIC, self.tree.root)
        self.clock.spend([second.seconds])
        if not second.failure:
            return second
        # Both failed: what either of them found is shown, under the first one's reason.
        return first if len(first.results) >= len(second.results) else second

    def suppressed(self, output: Output) -> frozenset[tuple[object, ...]]:
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
        again = self._run(output.engine, self.tree.view(sorted(marked)), honour=True)
        self.clock.spend([again.seconds])
        if again.failure:
            output.failure = output.failure or f"inline comments could not be read: {again.failure}"
            return frozenset()
        whole = {
            written
            for written in again.scanned
            if written not in again.unread and not again.unread_everywhere
        }
        candidates = {
            place_of(result)
            for result in output.results
            if result.written in whole and self.tree.path_of(result.written) in marked
        }
        return frozenset(candidates - {place_of(result) for result in again.results})

    def _roots(self) -> list[Path]:
        """Return the folders to scan side by side: the tree, or shares of it balanced by size.

        One process per share: Semgrep's own `--jobs 2` burns up to twice the processor time.
        """
        files = [file for file in self.tree.files.values() if file.written]
        count = min(self.slots.jobs, sum(file.size for file in files if file.language) // SPLIT_BYTES)
        if count < 2:
            return [self.tree.root]
        shares = shared_out(files, count, lambda file: file.size + 1_000)
        return [self.tree.view([file.path for file in share]) for share in shares]

    def _run(self, engine: str, root: Path, *, honour: bool = False) -> Output:
        folder = self.tree.folder("semgrep")
        argv = [
            str(self.executable),
            "scan",
            *(["--experimental"] if engine == _EXPERIMENTAL else []),
            *_OPTIONS,
            *([] if honour else ["--disable-nosem"]),
            f"--timeout={RULE_SECONDS}",
            "--jobs=1",
            *(f"--config={path}" for path in self._rule_paths(folder)),
            str(root),
        ]
        child = self.slots.run(
            argv,
            cwd=folder,
            timeout_seconds=max(0.1, self.clock.left),
            path_first=self.executable.parent,
            **_ENVIRONMENT,
        )
        return read_output(child, engine, root)

    def _rule_paths(self, folder: Path) -> list[Path]:
        """Return where the rule files are; those of the policy are written into the run's own folder."""
        paths = []
        for number, file in enumerate(self.rules):
            path = file.path
            if path is None:
                path = folder / f"rules-{number}.yaml"
                path.write_bytes(file.data)
            paths.append(path)
        return paths


def _names(rules: Sequence[RuleFile]) -> list[tuple[Path, str]]:
    return [(file.path, file.name) for file in rules if file.path]


def _book(
    account: Account,
    output: Output,
    tree: TargetTree,
    rules: Rules,
    suppressed: frozenset[tuple[object, ...]],
) -> None:
    """Enter what Semgrep said into the books."""
    account.version, account.engine = output.version, output.engine
    if output.failure:
        account.fail(output.failure)
    if output.unread_everywhere:
        account.miss_all(output.unread_everywhere)
    for message in output.messages:
        account.note(message)
    account.read.update(path for path in map(tree.path_of, output.scanned) if path)
    for written, reason in output.unread.items():
        path = tree.path_of(written)
        if path is None:
            account.fail(f"semgrep speaks of a file that it was not given: {written!r}")
        else:
            account.miss(path, reason)
    sources = Sources(tree)
    for result in output.results:
        path = tree.path_of(result.written)
        if path is None:
            account.fail(f"semgrep speaks of a file that it was not given: {result.written!r}")
        else:
            sight(account, result, path, sources, rules, suppressed=place_of(result) in suppressed)
