"""What splitting a check over several jobs gains, and that it changes nothing.

    python benchmarks/shards.py --repo DIR --range BASE..HEAD [--range …] [--of N]
    python benchmarks/shards.py --make DIR [--commits N]        a history to try: N commits on one branch, one change

DIR is a clone of any repository, with its history. Each range is judged by one run, then by N runs with --shard and
by gate merge-reports; every format of report must have the same bytes, or the benchmark ends with 1. Runs follow
each other on this machine without a cache and with one process at a time, and what they use is CPU time, which
other load does not change: `one` is what one job computes, `slowest` the shard that takes longest, `join` the job
behind them, `gain` how much less computing stands between the push and the verdict: one / (slowest + join).
`even` is the work of the slowest shard by that of an average one. Starting and reading the change are in every one of
these numbers: where they are most of the work, there is nothing to gain.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from gate.reports import FORMATS

GATE = str(Path(sys.executable).parent / "gate")
NOW = ("--now", "2026-01-01T00:00:00Z")


def cpu(*command: str) -> tuple[float, int]:
    """Run a command of the gate; return the seconds of CPU that it and its children used, and its exit code."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([GATE, *command], capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1, 3, 4):
        raise SystemExit(f"gate {' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.returncode


def reports(folder: Path) -> list[str]:
    folder.mkdir()
    return [f"--output={name}={folder / name}" for name in FORMATS]


def differing(one: Path, other: Path) -> list[str]:
    return [name for name in FORMATS if (one / name).read_bytes() != (other / name).read_bytes()]


def measure(repo: str, ends: str, of: int) -> bool:
    """Judge a range both ways and print a row; return whether all reports are the same."""
    base, _, head = ends.partition("..")
    change = ("--repo", repo, "--base", base, "--head", head)
    alone = ("--no-cache", "--jobs", "1", "-q")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        one, code = cpu("check", *change, *alone, *NOW, *reports(place / "one"))
        shards, files = [], []
        for number in range(1, of + 1):
            file = place / f"{number}.json"
            taken, _ = cpu("check", *change, *alone, "--shard", f"{number}/{of}", f"--output=shard={file}")
            shards.append(taken)
            files.append(str(file))
        join, joined = cpu("merge-reports", *files, *change, *NOW, "-q", *reports(place / "joined"))
        wrong = differing(place / "one", place / "joined") + (["exit code"] if code != joined else [])
    slowest, average = max(shards), sum(shards) / of
    git = ["git", "-C", repo, "diff", "--name-only", f"{base}...{head}"]
    changed = len(subprocess.run(git, capture_output=True, check=True).stdout.splitlines())
    print(
        f"| {ends} | {changed:,} | {code} | {one:.1f} | {slowest:.1f} | {join:.1f} | {one / (slowest + join):.1f} "
        f"| {slowest / average:.2f} | {'differs: ' + ', '.join(wrong) if wrong else 'same bytes'} |",
        flush=True,
    )
    return not wrong


def make(folder: Path, commits: int) -> None:
    """Write a repository with this many commits on `main` and a change of three files on `topic`."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    importer = subprocess.Popen(
        ["git", "-C", str(folder), "fast-import", "--quiet", "--force"], stdin=subprocess.PIPE
    )
    assert importer.stdin is not None
    write = importer.stdin.write
    for number in range(commits + 1):
        branch = "main" if number < commits else "topic"
        who = f"Dev {number % 97} <dev{number % 97}@acme.example> {1_000_000_000 + number * 60} +0000"
        message = f"Change {number}\n"
        write(f"commit refs/heads/{branch}\ncommitter {who}\ndata {len(message)}\n{message}\n".encode())
        if number == commits:
            write(b"from refs/heads/main\n")
        for file in range(3 if number == commits else 1):
            path = f"src/p{number % 50}/m{(number + file) % 1000}.py"
            text = f"import os\n\n\ndef f{number}(x):\n    return os.path.join('{number}', x)\n"
            write(f"M 100644 inline {path}\ndata {len(text)}\n{text}\n".encode())
    importer.stdin.close()
    if importer.wait():
        raise SystemExit("git fast-import failed")
    subprocess.run(["git", "-C", str(folder), "commit-graph", "write", "--reachable"], check=True)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repo")
    parser.add_argument("--range", action="append", default=[], dest="ranges", metavar="BASE..HEAD")
    parser.add_argument("--of", type=int, default=4)
    parser.add_argument("--make", type=Path, metavar="DIR")
    parser.add_argument("--commits", type=int, default=500_000)
    given = parser.parse_args()
    if given.make is not None:
        make(given.make, given.commits)
        return 0
    if not given.repo or not given.ranges:
        parser.error("give --repo and at least one --range")
    print(f"{given.of} shards; seconds of CPU")
    print("| range | files | exit | one | slowest | join | gain | even | reports |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    wrong = sum(not measure(given.repo, ends, given.of) for ends in given.ranges)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
