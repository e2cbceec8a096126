"""Time and peak memory of the gate beside the scanners run by hand, as ratios of medians.

    python benchmarks/speed.py --repo DIR --base REV --head REV [--runs N]      a change
    python benchmarks/speed.py --tree DIR [--runs N]                            a folder as it stands

DIR is a clone of any repository, with its history. Contenders, all with the same Semgrep rules (the gate has those of
sensitive areas on top):
  hand      what a team writes first: git diff --name-only, then semgrep scan, then bandit on the changed files
  baseline  semgrep scan --baseline-commit on the checkout, then bandit on the changed files
  expert    semgrep's experimental engine, -j 1, beside bandit
  engine, bandit   each of these two alone: no way to run both is faster than the slower one
  cold      gate check (or gate scan) with an empty cache: git, authorship, areas, both scanners on both sides of
            the change, identity, merging, comparison, the JSON report, and storing what the scanners said
  one new   the same with everything cached but one changed file, which was edited once more
  again     the same run once more: nothing is new
Rounds are interleaved, so that other load on the machine hits all alike: compare ratios, not seconds. Peak memory
is the sum over all processes of a contender, without mapped files, sampled in a run of its own. Before anything is timed, findings of the
gate and of the two tools are compared on the same files, and a difference ends the benchmark (--no-parity skips that).
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import parity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

BIN = Path(sys.executable).parent
RULES = Path(__file__).resolve().parent.parent / "rulesets" / "semgrep"
QUIET = {"SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0"}
SEMGREP = [str(BIN / "semgrep"), "scan", "--json", "--metrics=off", "--disable-version-check"]
BANDIT = [str(BIN / "bandit"), "-q", "-f", "json"]
#: A contender whose commands run at the same time instead of one after the other.
BESIDE = ["expert"]

Commands = list[list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """Commands to time; `prepare` puts the cache into the state that they start from."""

    name: str
    commands: Commands
    cwd: Path
    prepare: Callable[[], None] = lambda: None

    def start(self) -> Iterator[list[subprocess.Popen[bytes]]]:
        """Start the commands and yield those that run now; the next ones start when these have ended."""
        groups = [self.commands] if self.name in BESIDE else [[command] for command in self.commands]
        for group in groups:
            yield [
                subprocess.Popen(
                    command,
                    cwd=self.cwd,
                    env={**os.environ, **QUIET},
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
                for command in group
            ]

    def seconds(self) -> float:
        """Return the wall time of all commands; their exit codes are not judged here."""
        self.prepare()
        start = time.perf_counter()
        for group in self.start():
            for process in group:
                process.wait()
        return time.perf_counter() - start

    def megabytes(self) -> float:
        """Return the largest sum of resident memory that all their processes had at one moment."""
        self.prepare()
        peak = 0
        for group in self.start():
            ended = threading.Event()
            threading.Thread(target=lambda g=group, e=ended: ([p.wait() for p in g], e.set())).start()  # type: ignore[misc]
            while not ended.wait(0.02):
                peak = max(peak, sum(_resident(process.pid) for process in group))
        return peak / 1e6


def _resident(pid: int) -> int:
    """Bytes of resident memory of a process and all below it, without mapped files; Linux only."""
    try:
        sizes = Path(f"/proc/{pid}/statm").read_text().split()
        pages = int(sizes[1]) - int(sizes[2])
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except (OSError, IndexError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(map(_resident, children))


def git(repo: Path, *args: str) -> str:
    done = subprocess.run(["git", "-C", str(repo), *args], capture_output=True, check=False, text=True)
    if done.returncode:
        sys.exit(f"git {args[0]}: {done.stderr.strip()}")
    return done.stdout.strip()


def rule_options() -> list[str]:
    """The shipped rules that find weaknesses, without fixtures and without those of areas."""
    files = [
        p for p in RULES.rglob("*.yaml") if not p.name.endswith(".test.yaml") and p.parent.name != "areas"
    ]
    return [part for path in sorted(files) for part in ("--config", str(path))]


def by_hand(cwd: Path, files: Sequence[str], python: Sequence[str], first: Commands) -> list[Contender]:
    """The contenders that need no gate, on these files or folders."""
    rules = rule_options()
    bandit = [[*BANDIT, *python]] if python else []
    engine = [*SEMGREP, "--experimental", "-j", "1", *rules, *files]
    alone = [Contender(name="bandit", commands=bandit, cwd=cwd)] if bandit else []
    return [
        Contender(name="hand", commands=[*first, [*SEMGREP, *rules, *files], *bandit], cwd=cwd),
        Contender(name="expert", commands=[engine, *bandit], cwd=cwd),
        Contender(name="engine", commands=[engine], cwd=cwd),
        *alone,
    ]


def of_gate(cwd: Path, command: list[str], cache: Path, newer: list[str] | None) -> list[Contender]:
    """The gate's three states. `newer` is the command after one more edit, for `one new`."""
    full = cache.with_name("full")

    def filled() -> None:
        if not full.exists():
            subprocess.run([*command, "--cache-dir", str(full)], cwd=cwd, capture_output=True, check=False)
        shutil.rmtree(cache, ignore_errors=True)
        shutil.copytree(full, cache)

    found = [
        Contender(
            name="cold",
            commands=[[*command, "--cache-dir", str(cache)]],
            cwd=cwd,
            prepare=lambda: shutil.rmtree(cache, ignore_errors=True),
        ),
        Contender(name="again", commands=[[*command, "--cache-dir", str(cache)]], cwd=cwd, prepare=filled),
    ]
    if newer:
        one = Contender(
            name="one new", commands=[[*newer, "--cache-dir", str(cache)]], cwd=cwd, prepare=filled
        )
        found.insert(1, one)
    return found


def change(repo: Path, base: str, head: str, folder: Path) -> tuple[str, list[Contender], list[str]]:
    """Return a headline, the contenders for a change, and the changed files in `folder/tree`."""
    base, head = (git(repo, "rev-parse", f"{rev}^{{commit}}") for rev in (base, head))
    base = git(repo, "merge-base", base, head)
    tree = folder / "tree"
    git(folder, "clone", "-q", "--shared", "--no-checkout", str(repo.resolve()), str(tree))
    git(tree, "checkout", "-q", "--detach", head)
    names = git(
        tree, "-c", "core.quotePath=false", "diff", "--name-only", "--diff-filter=d", base, head
    ).splitlines()
    files = [name for name in names if (tree / name).is_file() and not (tree / name).is_symlink()]
    python = [name for name in files if name.endswith(".py")]
    if not files:
        sys.exit(f"{base[:12]}..{head[:12]}: no file was changed, nothing to measure")

    # One more commit, that edits the changed file of middle size once more.
    code = sorted(python or files, key=lambda name: (tree / name).stat().st_size)
    edited = code[len(code) // 2]
    content = (tree / edited).read_bytes()
    (tree / edited).write_bytes(content + b"\n")
    git(tree, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qnam", "one more edit")
    newer = git(tree, "rev-parse", "HEAD")
    git(tree, "checkout", "-q", "--detach", head)

    def check(head: str) -> list[str]:
        report = f"json={folder / 'report.json'}"
        return [
            str(BIN / "gate"),
            "check",
            "--repo",
            str(tree),
            "--base",
            base,
            "--head",
            head,
            "-q",
            "-o",
            report,
        ]

    first = [["git", "diff", "--name-only", base, head]]
    found = by_hand(tree, files, python, first)
    old = [*SEMGREP, *rule_options(), "--baseline-commit", base]
    bandit = [[*BANDIT, *python]] if python else []
    found.insert(1, Contender(name="baseline", commands=[[*old, "."], *bandit], cwd=tree))
    found += of_gate(tree, check(head), folder / "cache", check(newer))
    headline = (
        f"{repo.resolve().name} {base[:12]}..{head[:12]}: {len(files)} files, {len(python)} of them Python"
    )
    return headline, found, files


def whole(place: Path, folder: Path) -> tuple[str, list[Contender]]:
    """Return a headline and the contenders for a folder as it stands."""
    tree = place.resolve()
    scan = [str(BIN / "gate"), "scan", str(tree), "-q", "-o", f"json={folder / 'report.json'}"]
    python = sum(1 for _ in tree.rglob("*.py"))
    found = by_hand(tree, ["."], ["-r", "."] if python else [], [])
    found += of_gate(tree, scan, folder / "cache", None)
    return (
        f"{tree.name}: {sum(1 for p in tree.rglob('*') if p.is_file()):,} files, {python:,} of them Python",
        found,
    )


def same_findings(tree: Path, files: list[str] | None, folder: Path) -> None:
    """End the program unless the gate and the two tools say the same about the files."""
    some = tree
    if files is not None:
        some = folder / "changed"
        for name in files:
            (some / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(tree / name, some / name)
    if not parity.compare(some):
        sys.exit("the findings differ, so there is nothing to compare by time")


def measure(contenders: list[Contender], runs: int, *, memory: bool) -> None:
    """Print the table."""
    seconds: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for _ in range(runs):
        for contender in contenders:
            seconds[contender.name].append(contender.seconds())
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    hand, expert = medians["hand"], medians["expert"]
    print("\n| contender | median | spread | of hand | of expert | peak memory |\n|---|---|---|---|---|---|")
    for contender in contenders:
        name = contender.name
        peak = f"{contender.megabytes():.0f} MB" if memory else ""
        low, high = min(seconds[name]), max(seconds[name])
        print(
            f"| {name} | {medians[name]:.2f} s | {low:.2f} to {high:.2f} | {medians[name] / hand:.3f} "
            f"| {medians[name] / expert:.2f} | {peak} |",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repo", type=Path, default=Path())
    parser.add_argument("--base", default="HEAD~1")
    parser.add_argument("--head", default="HEAD")
    parser.add_argument("--tree", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--only", metavar="NAMES", help="contenders, separated by commas; hand and expert always run"
    )
    parser.add_argument("--no-parity", action="store_true")
    parser.add_argument("--no-memory", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="speed-") as name:
        folder = Path(name)
        files = None
        if given.tree:
            headline, contenders = whole(given.tree, folder)
        else:
            headline, contenders, files = change(given.repo, given.base, given.head, folder)
        print(headline, flush=True)
        if not given.no_parity:
            same_findings(given.tree or folder / "tree", files, folder)
        wanted = {"hand", "expert", *given.only.split(",")} if given.only else None
        chosen = [c for c in contenders if wanted is None or c.name in wanted]
        measure(chosen, given.runs, memory=not given.no_memory)


if __name__ == "__main__":
    main()
