"""How right and how fast the gate tells who wrote a commit.

    python benchmarks/authorship.py [--labels FILE]                  labelled commits: precision, recall, agent, role
    python benchmarks/authorship.py --repo DIR [--rev REV | --all]   a history: what hits, what may be missed, speed

FILE holds one labelled commit a line, as the README beside it says; default: authorship-dev.jsonl in GATE_DEV_DATA or
in ../shared/data. Without it that part says so and is skipped. DIR is any repository with its whole history.

Of a history there are no labels, so people read it:
  signatures  how often each one decides, with samples (--samples N, drawn with a fixed seed) to be read for false ones
  early       AI verdicts on commits from before 2021-07-01, when no AI agent existed: each one is false
  unsure      hints, and lines that name an agent or AI in commits without an AI verdict, most frequent first
              (--suspects N), to be read for missed ones
  speed       `gate authorship REV -o csv` beside a bare `git log` of the same fields, rounds interleaved (--runs N);
              the time of a range of 200 commits beyond that of an empty one; peak memory without mapped files
Both ways of judging (whole history and commit by commit) are compared on every commit that is read here.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import statistics
import subprocess
import sys
from collections import Counter, defaultdict
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.speed import Contender
from gate import config
from gate.core.authorship import Registry, attribute, attribute_commit, build_registry
from gate.core.authorship.sieve import Sieve
from gate.core.change import Commit, Person
from gate.git import Repository
from gate.reports.escape import terminal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gate.core.authorship import CommitAuthorship
    from gate.core.change import RawCommit

ROOT = Path(__file__).resolve().parent.parent
GATE = str(Path(sys.executable).parent / "gate")
DATA = "authorship-dev.jsonl"
BEFORE_AGENTS = "2021-07-01"
NOT_AI = ("human", "undeclared", "bot")
#: Roles that a signature states on purpose although the label says more; see the README of the data.
LESS = {("copilot", "assisted"), ("entire", "linked")}
FIELDS = "%H%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B"
SUSPECT = re.compile(
    r"🤖|\b(?:claude|copilot|codex|cursor(?:agent)?|devin|gemini|chatgpt|gpt-?\d|openai|anthropic|aider|windsurf|jules"
    r"|cline|roo[ -]?code|kiro|junie|openhands|opencode|antigravity|llm|ai[- ](?:assisted|generated|agent|help)"
    r"|vibe[- ]cod\w+|generated (?:by|with)|assisted[- ]by)\b",
    re.IGNORECASE,
)


def registry() -> Registry:
    return build_registry(tuple(config.load_agents().values()), bots=config.load_bots())


def wilson(right: int, n: int) -> str:
    """A share with its 95 % Wilson interval."""
    if not n:
        return "no case"
    z, p = 1.959964, right / n
    middle, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)
    return f"{p:.4f}  [{max(0.0, low):.4f}, {min(1.0, high):.4f}]  {right} of {n}"


# -- labelled commits ---------------------------------------------------------------------------------


def labelled(path: Path, known: Registry) -> None:
    """Print figures on labelled commits."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    hits = misses = wrong = agents = roles = silent = 0
    told = []
    for row in rows:
        if row["tier"] == "weak":
            continue
        sources = row.get("source_commits") if row["tier"] == "pr" else None
        change = attribute([commit(r) for r in sources or [row]], known)
        label, found = row["label"], change.verdict.is_ai
        if label in NOT_AI:
            wrong += found
            silent += not found
        elif found:
            hits += 1
            agents += label in change.agents
            roles += any(right_role(row, c) for c in change.commits)
        else:
            misses += 1
        if found != (label not in NOT_AI):
            told.append(
                f"  {row['repo']}@{row['sha'][:12]} is {label}, judged {change.verdict}"
                + (f" ({row['disputed']})" if row.get("disputed") else "")
            )
    print(f"labelled commits: {len(rows)} in {path.name}")
    print(f"  precision  {wilson(hits, hits + wrong)}")
    print(f"  recall     {wilson(hits, hits + misses)}")
    print(f"  agent      {wilson(agents, hits)}")
    print(f"  role       {wilson(roles, hits)}")
    print(f"  no AI, and none found: {silent}")
    print("\n".join(told))


def right_role(row: dict[str, Any], found: CommitAuthorship) -> bool:
    return found.role == row["role"] or (row["label"], found.role) in LESS or row["tier"] == "pr"


def commit(row: dict[str, Any]) -> Commit:
    return Commit(
        sha=row["sha"],
        parents=tuple(row["parents"]),
        author=Person(name=row["author_name"], email=row["author_email"]),
        author_date=row["author_date"],
        committer=Person(name=row["committer_name"], email=row["committer_email"]),
        committer_date=row["committer_date"],
        message=row["message"],
    )


# -- a history ----------------------------------------------------------------------------------------


class Reading:
    """What a history holds that people should read."""

    def __init__(self, known: Registry, samples: int) -> None:
        self.known, self.sieve = known, Sieve(known)
        self.commits = self.ai = self.early_commits = 0
        self.early: list[str] = []
        self.counts: Counter[str] = Counter()
        self.samples: defaultdict[str, list[str]] = defaultdict(list)
        self.lines: Counter[str] = Counter()
        self.where: dict[str, str] = {}
        self.hints: Counter[str] = Counter()
        self._most, self._random = samples, random.Random(1)

    def read(self, batch: Sequence[RawCommit]) -> None:
        for raw, found in zip(batch, self.sieve.judge(batch), strict=True):
            whole = raw.decoded()
            if found._replace(signers=()) != attribute_commit(whole, self.known)._replace(signers=()):
                sys.exit(f"{found.sha}: the two ways of judging differ")
            self.commits += 1
            early = max(whole.author_date, whole.committer_date)[:10] < BEFORE_AGENTS
            self.early_commits += early
            if found.verdict.is_ai:
                self.ai += 1
                self._hit(found, early=early)
            elif not early:
                self._miss(whole, found)

    def _hit(self, found: CommitAuthorship, *, early: bool) -> None:
        decisive = found.evidence[0]
        if early:
            self.early.append(f"{found.sha[:12]} {decisive.signature}: {decisive.text}")
        for name in {f"{e.signature} {e.grade} {e.place}" for e in found.evidence}:
            self.counts[name] += 1
            text = next(e.text for e in found.evidence if f"{e.signature} {e.grade} {e.place}" == name)
            sample = f"{found.sha[:12]} {found.verdict} {found.agent}: {text}"
            held = self.samples[name]
            if len(held) < self._most:
                held.append(sample)
            elif (place := self._random.randrange(self.counts[name])) < self._most:
                held[place] = sample

    def _miss(self, whole: Commit, found: CommitAuthorship) -> None:
        for hint in found.hints:
            self.hints[f"{hint.signature} {hint.place}"] += 1
        lines = [*whole.message.split("\n")[1:], f"author: {whole.author.name} <{whole.author.email}>"]
        for line in lines:
            if SUSPECT.search(line):
                key = re.sub(r"[0-9a-f]{7,40}|\d+", "#", line.strip())[:160]
                self.lines[key] += 1
                self.where.setdefault(key, whole.sha[:12])

    def show(self, suspects: int) -> None:
        print(f"  {self.commits:,} commits, {self.ai:,} by AI")
        print(f"  before {BEFORE_AGENTS}: {self.early_commits:,} commits, {len(self.early)} AI verdicts")
        for line in self.early:
            print(f"    FALSE {terminal(line)}")
        print("  signatures")
        for name, n in self.counts.most_common():
            print(f"    {n:6,} {name}")
            for sample in self.samples[name]:
                print(f"           {terminal(sample, most=230)}")
        print("  unsure: hints without a verdict")
        for name, n in self.hints.most_common():
            print(f"    {n:6,} {name}")
        print(f"  unsure: lines in commits without an AI verdict, {len(self.lines):,} different ones")
        for line, n in self.lines.most_common(suspects):
            print(f"    {n:6,} {self.where[line]} {terminal(line, most=170)}")


def batches(repo: Path, rev: str, *, every: bool) -> Iterator[Sequence[RawCommit]]:
    with Repository.open(repo) as repository:
        if every:
            listed = subprocess.run(
                ["git", "-C", str(repo), "rev-list", "--all"], capture_output=True, check=True, text=True
            )
            yield from repository.commit_batches_by_id(listed.stdout.split())
        else:
            yield from repository.commit_batches(rev)


# -- speed --------------------------------------------------------------------------------------------


def speed(repo: Path, rev: str, runs: int) -> None:
    """Print ratios of medians; rounds are interleaved, so that other load on the machine hits all alike."""
    gate = [GATE, "authorship", "--repo", str(repo), "-q"]
    log = ["git", "-C", str(repo), "log", "-z", "--encoding=UTF-8", f"--format={FIELDS}", rev]
    first = about(repo, rev, 200)
    contenders = {
        "git log": log,
        "csv": [*gate, rev, "-o", "csv"],
        "text": [*gate, rev],
        "json": [*gate, rev, "-o", "json"],
        "empty": [*gate, f"{rev}..{rev}"],
        **({"200": [*gate, f"{first}..{rev}"]} if first else {}),
    }
    made = {name: Contender(name=name, commands=[command], cwd=ROOT) for name, command in contenders.items()}
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    burnt: defaultdict[str, list[float]] = defaultdict(list)
    for _ in range(runs):
        for name, contender in made.items():
            before = processor_seconds()
            seconds[name].append(contender.seconds())
            burnt[name].append(processor_seconds() - before)
    median = {name: statistics.median(times) for name, times in seconds.items()}
    n = commits_of(repo, rev)
    print(f"  speed, medians of {runs} interleaved rounds, {n:,} commits, start of the process included")
    for name in ("git log", "csv", "text", "json"):
        ratio = f"{median[name] / median['git log']:.2f}x git log"
        peak = "" if name == "git log" else f", {made[name].megabytes():,.0f} MB with git"
        cpu = f"{statistics.median(burnt[name]):.2f} s of processors"
        print(f"    {name:8} {median[name]:6.2f} s  {n / median[name]:9,.0f} commits/s  {ratio}, {cpu}{peak}")
    if first:
        more = statistics.median(a - b for a, b in zip(seconds["200"], seconds["empty"], strict=True))
        real = commits_of(repo, f"{first}..{rev}")
        print(
            f"    a range of {real} commits: {more * 1000:.0f} ms beyond an empty one ({median['empty'] * 1000:.0f} ms)"
        )


def processor_seconds() -> float:
    """What all ended child processes have used, theirs included."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def about(repo: Path, rev: str, wanted: int) -> str:
    """The nearest ancestor in the line of first parents with `wanted` or more commits above it, else ""."""
    steps = (f"{rev}~{step}" for step in range(1, wanted + 1))
    return next((a for a in steps if commits_of(repo, f"{a}..{rev}") >= wanted), "")


def commits_of(repo: Path, rev: str) -> int:
    done = subprocess.run(
        ["git", "-C", str(repo), "rev-list", "--count", rev, "--"],
        capture_output=True,
        check=False,
        text=True,
    )
    return int(done.stdout) if done.returncode == 0 else 0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--repo", type=Path, action="append", default=[])
    parser.add_argument("--rev", default="HEAD")
    parser.add_argument(
        "--all", action="store_true", help="every commit that a ref reaches, requests included"
    )
    parser.add_argument("--samples", type=int, default=5)
    parser.add_argument("--suspects", type=int, default=40)
    parser.add_argument("--runs", type=int, default=5, help="0: no speed")
    arguments = parser.parse_args()
    known = registry()
    if not arguments.repo or arguments.labels:
        place = Path(os.environ.get("GATE_DEV_DATA") or ROOT.parent / "shared" / "data")
        path = arguments.labels or (place / DATA if place.is_dir() else place)
        if path.is_file():
            labelled(path, known)
        else:
            print(f"labelled commits: SKIPPED, {path} is not there (set GATE_DEV_DATA or give --labels)")
    for repo in arguments.repo:
        if not commits_of(repo, arguments.rev):
            sys.exit(f"{repo}: no commits at {arguments.rev}; give a repository with its history")
        print(f"{repo}")
        reading = Reading(known, arguments.samples)
        for batch in batches(repo, arguments.rev, every=arguments.all):
            reading.read(batch)
        reading.show(arguments.suspects)
        if arguments.runs:
            speed(repo, arguments.rev, arguments.runs)


if __name__ == "__main__":
    main()
