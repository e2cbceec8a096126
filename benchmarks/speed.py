"""Time and peak memory of `gate check` beside the two scanners run by hand, as ratios.

    python benchmarks/speed.py [--repo DIR] [--base REV] [--head REV] [--runs N]

Each round runs, one after the other:
  gate   the whole command: git, authorship, areas, both scanners on both sides, merging, the JSON report
  hand   what a team writes first: git diff --name-only, semgrep scan (classic engine) and bandit in
         turn on the changed files of a checkout of the head, without any base comparison
Rounds are interleaved so that the machine's other load hits both alike. Compare ratios, not seconds.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BIN = Path(sys.executable).parent
RULES = Path(__file__).resolve().parent.parent / "rulesets" / "semgrep"
QUIET = {"SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0"}


def timed(*argvs: list[str], cwd: Path) -> float:
    """Seconds of wall time for the commands run one after the other; exit codes are not judged here."""
    start = time.perf_counter()
    for argv in argvs:
        subprocess.run(argv, cwd=cwd, env={**os.environ, **QUIET}, capture_output=True, check=False)
    return time.perf_counter() - start


def git(repo: Path, *args: str) -> str:
    return subprocess.run(
        ["git", "-C", str(repo), *args], capture_output=True, check=True, text=True
    ).stdout.strip()


def rule_files() -> list[str]:
    """Our own finding rules, without fixtures, for the run by hand."""
    files = [
        p for p in RULES.rglob("*.yaml") if not p.name.endswith(".test.yaml") and p.parent.name != "areas"
    ]
    return [part for path in sorted(files) for part in ("--config", str(path))]


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare gate check with the scanners run by hand.")
    parser.add_argument("--repo", type=Path, default=Path())
    parser.add_argument("--base", default="HEAD~1")
    parser.add_argument("--head", default="HEAD")
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    repo = given.repo.resolve()
    base, head = (git(repo, "rev-parse", f"{rev}^{{commit}}") for rev in (given.base, given.head))
    merge_base = git(repo, "merge-base", base, head)

    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "tree")
        tree.mkdir()
        names = git(repo, "diff", "--name-only", "--diff-filter=d", merge_base, head).splitlines()
        command = ["git", "-C", str(repo), "archive", head, "--", *names]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as archive:
            subprocess.run(["tar", "-x", "-C", str(tree)], stdin=archive.stdout, check=True)
        changed = [name for name in names if (tree / name).is_file()]
        python = [name for name in changed if name.endswith(".py")]
        if not changed:
            sys.exit(f"{merge_base[:12]}..{head[:12]}: no file was changed, nothing to measure")
        print(
            f"{repo.name} {merge_base[:12]}..{head[:12]}: {len(changed)} files, {len(python)} of them Python"
        )

        gate = [str(BIN / "gate"), "check", "--repo", str(repo), "--base", base, "--head", head, "-q"]
        gate += ["-o", f"json={folder}/report.json"]
        semgrep = [str(BIN / "semgrep"), "scan", "--json", "--metrics=off", "--disable-version-check"]
        by_hand = [
            ["git", "-C", str(repo), "diff", "--name-only", merge_base, head],
            [*semgrep, *rule_files(), *changed],
        ]
        if python:
            by_hand.append([str(BIN / "bandit"), "-q", "-f", "json", *python])

        seconds: dict[str, list[float]] = {"gate": [], "hand": []}
        for _ in range(given.runs):
            seconds["gate"].append(timed(gate, cwd=tree))
            seconds["hand"].append(timed(*by_hand, cwd=tree))
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    for name, median in medians.items():
        spread = f"{min(seconds[name]):.2f} to {max(seconds[name]):.2f} s"
        print(
            f"  {name:5} {median:6.2f} s median of {given.runs} ({spread})  ratio {median / medians['hand']:.2f}"
        )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"  largest child process of all runs: {peak:.0f} MB")


if __name__ == "__main__":
    main()
