"""Which commits does the gate call sensitive? Against labels, or over the history of any repository.

    python benchmarks/sensitive.py --labels LABELS.jsonl --clones DIR [--no-rules] [--misses] [--tsv FILE]
    python benchmarks/sensitive.py --repo PATH --commits 300 [--no-rules] [--list]

LABELS.jsonl has one commit a line: `repo` (owner/name), `sha`, `areas` (of auth, authz, crypto, data), and `grade`:
  core   the behaviour of that area changes: must be flagged
  none   must not be flagged
  touch  sensitive code is touched and behaves as before: may be flagged, never scored
DIR holds the clones as `owner/name`, `owner+name` or `name`, plain or bare; what is absent is skipped and named.
Each commit is compared with its only parent, under the preset `balanced`. auth and authz may stand for each other.
`--no-rules` leaves the Semgrep area rules out: layers L0, L1, L2 and L4 alone, a hundred commits a second or two.
Structural areas (gate, supply, opaque) are counted by themselves, and never as right or wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gate import config
from gate.errors import GateError
from gate.git import Repository
from gate.pipeline import inputs
from gate.pipeline.areas import touched
from gate.pipeline.sides import scan_areas

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gate.core.area import Touched

AREAS = ("auth", "authz", "crypto", "data")
#: Goals on commits that nobody looked at while writing words and rules.
GOALS = {"authz": 90, "data": 88}
POLICY = config.load_policy(None)
LOADED = inputs.areas(POLICY)


@dataclass(frozen=True)
class Answer:
    """What the gate says of one commit; `seconds` of processor time without the scanners."""

    sha: str
    subject: str
    touched: Touched
    files: int
    seconds: float

    @property
    def areas(self) -> set[str]:
        return {touch.area for touch in self.touched.touches}


def ask(repository: Repository, sha: str, *, rules: bool) -> Answer:
    """Classify one commit against its parent."""
    base = repository.resolve(f"{sha}^")
    change = repository.change(base, sha, max_file_bytes=POLICY.scanners.max_file_bytes)
    runs = scan_areas(repository, change, POLICY, jobs=2, progress=lambda _: None) if rules else ()
    start = time.process_time()
    found = touched(repository, change, POLICY, LOADED, runs)
    seconds = time.process_time() - start
    subject = change.commits[0].subject if change.commits else ""
    return Answer(sha, subject, found, len(change.files), seconds)


def find_clone(folder: Path, name: str) -> Path | None:
    owner, _, short = name.partition("/")
    forms = (f"{owner}/{short}", f"{owner}+{short}/repo", f"{owner}+{short}", f"{owner}_{short}", short)
    return next((folder / form for form in forms if (folder / form).is_dir()), None)


def labelled(rows: Sequence[dict], folder: Path, *, rules: bool) -> Iterator[tuple[dict, Answer]]:
    """Yield each labelled commit with the answer; print what is skipped."""
    by_repo: dict[str, list[dict]] = {}
    for row in rows:
        by_repo.setdefault(row["repo"], []).append(row)
    for name, of_repo in by_repo.items():
        clone = find_clone(folder, name)
        if clone is None:
            print(f"skipped: {name} has no clone under {folder} ({len(of_repo)} commits)")
            continue
        with Repository.open(clone) as repository:
            for row in of_repo:
                try:
                    yield row, ask(repository, row["sha"], rules=rules)
                except GateError as error:
                    print(f"skipped: {name} {row['sha'][:10]}: {error}")


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:5.1f}" if whole else "    -"


def judge(answers: Sequence[tuple[dict, Answer]]) -> None:
    """Print the table of recall, noise and areas named."""
    flagged: Counter[str] = Counter()
    total: Counter[str] = Counter()
    named: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for row, answer in answers:
        got = answer.areas & set(AREAS)
        total[row["grade"]] += 1
        flagged[row["grade"]] += bool(got)
        for area in row["areas"] if row["grade"] == "core" else ():
            wanted[area] += 1
            flagged[area] += bool(got)
            alike = {"auth", "authz"} if area in ("auth", "authz") else {area}
            named[area] += bool(alike & got)
    print(f"\n{'':18}{'n':>5}{'flagged %':>11}{'area named %':>14}{'goal %':>8}")
    for area in AREAS:
        if wanted[area]:
            goal = GOALS.get(area, "")
            print(f"core, {area:12}{wanted[area]:>5}{percent(flagged[area], wanted[area]):>11}"
                  f"{percent(named[area], wanted[area]):>14}{goal:>8}")  # fmt: skip
    every = percent(sum(named.values()), sum(wanted.values()))
    print(
        f"{'core, all':18}{total['core']:>5}{percent(flagged['core'], total['core']):>11}{every:>14}{'95, 85':>8}"
    )
    print(f"{'touch':18}{total['touch']:>5}{percent(flagged['touch'], total['touch']):>11}")
    print(f"{'none':18}{total['none']:>5}{percent(flagged['none'], total['none']):>11}{'':14}{'≤ 7':>8}")


def summarise(answers: Sequence[Answer]) -> None:
    """Print how many commits touch which area, and what that took."""
    counts = Counter(area for answer in answers for area in answer.areas)
    sensitive = sum(bool(answer.areas & set(AREAS)) for answer in answers)
    context = sum(bool(answer.touched.context) and not answer.areas & set(AREAS) for answer in answers)
    number = len(answers)
    print(f"\n{number} commits: {sensitive} touch one of {', '.join(AREAS)} ({percent(sensitive, number).strip()} %), "
          f"{context} more come near one")  # fmt: skip
    print("  " + "  ".join(f"{area} {counts[area]}" for area in (*AREAS, "gate", "supply", "opaque")))
    files = sum(answer.files for answer in answers)
    seconds = sum(answer.seconds for answer in answers)
    print(
        f"  {seconds:.1f} s of processor time beyond the scanners, {1000 * seconds / max(files, 1):.1f} ms a file"
    )


def show(answer: Answer, lead: str = "") -> None:
    print(f"{lead}{answer.sha[:10]} {answer.subject[:80]} [{' '.join(sorted(answer.areas)) or '-'}]")
    seen: set[str] = set()
    for touch in answer.touched.touches:
        if touch.area in AREAS and touch.area not in seen:
            seen.add(touch.area)
            print(
                f"      {touch.area} {touch.rule} {touch.path}:{touch.line} ({touch.side}) {touch.text[:80]!r}"
            )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--labels", type=Path, help="labelled commits, JSON lines")
    source.add_argument("--repo", type=Path, help="a repository whose history is read")
    parser.add_argument("--clones", type=Path, default=Path(), help="folder of clones for --labels")
    parser.add_argument(
        "--commits", type=int, default=300, help="so many commits, newest first, without merges"
    )
    parser.add_argument("--head", default="HEAD", help="where to begin")
    parser.add_argument("--no-rules", action="store_true", help="without the Semgrep area rules")
    parser.add_argument(
        "--misses", action="store_true", help="show labelled commits that are answered wrongly"
    )
    parser.add_argument("--list", action="store_true", help="show every flagged commit of --repo")
    parser.add_argument("--tsv", type=Path, help="write `repo sha areas` of --labels")
    given = parser.parse_args()
    rules = not given.no_rules
    if given.labels:
        rows = [json.loads(line) for line in given.labels.read_text("utf-8").splitlines() if line.strip()]
        pairs = list(labelled(rows, given.clones, rules=rules))
        for row, answer in pairs if given.misses else ():
            if row["grade"] != "touch" and (row["grade"] == "core") != bool(answer.areas & set(AREAS)):
                show(answer, "missed  " if row["grade"] == "core" else "flagged ")
        if given.tsv:
            lines = [f"{r['repo']}\t{r['sha']}\t{'|'.join(sorted(a.areas)) or 'none'}\n" for r, a in pairs]
            given.tsv.write_text("repo\tsha\tareas\n" + "".join(lines), "utf-8")
        judge(pairs)
        summarise([answer for _, answer in pairs])
        return 0 if pairs else 1
    answers = []
    with Repository.open(given.repo) as repository:
        head = repository.resolve(given.head)
        for commit in repository.commits(head):
            if len(answers) == given.commits:
                break
            if len(commit.parents) != 1:
                continue
            try:
                answers.append(ask(repository, commit.sha, rules=rules))
            except GateError as error:
                print(f"skipped: {commit.sha[:10]}: {error}")
                continue
            if given.list and answers[-1].areas & set(AREAS):
                show(answers[-1])
    summarise(answers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
