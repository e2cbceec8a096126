"""How much the shipped rules find and how often they cry wolf, beside Bandit alone.

    python benchmarks/detection.py [--data DIR] [--sarif NAME=SET=FILE ...]   labelled cases
    python benchmarks/detection.py --tree DIR [--tree DIR ...]                ordinary code: noise and time

DIR of --data holds sets of labelled cases, NAME.jsonl, with their own unpack.py and score.py and perhaps
label-notes.tsv, cases whose label does not agree with the code; GATE_DETECTION_DATA names another one. A set
with such cases is shown with and without them. --sarif adds a contender: results of any tool over SET as
unpacked by --keep. A case counts once, by family of weakness; a finding without a CWE counts nowhere.
  recall   vulnerable cases with a finding of their family, per cent
  FPR      clean cases with such a finding, per cent
  Youden   recall - FPR; macro: the mean over the families that have both kinds of cases
  high     the same for findings at or above `high` only, which block by default
Of a tree are printed the findings for each 1,000 lines by severity, the rules with the most of them, and the
time Semgrep takes with the rules of the tree's languages. `info` says what is there and is no finding to act on: it is counted apart.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import ModuleType

BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "rulesets" / "semgrep"
NOTES = "label-notes.tsv"
SEVERITIES = ("critical", "high", "medium", "low", "info")
MOST_SHOWN = 25
#: Folders of rules and the endings of the files that they read.
LANGUAGES = {
    "python": (".py", ".pyw"),
    "javascript": (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx"),
    "go": (".go",),
    "java": (".java",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """Results of one tool over one set, as SARIF files that are taken together."""

    name: str
    sarif: tuple[Path, ...]
    min_level: str = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Per cent; None where there are no cases of that kind."""

    recall: float | None
    fpr: float | None

    @property
    def youden(self) -> float | None:
        return None if self.recall is None or self.fpr is None else self.recall - self.fpr


def main() -> int:
    """Measure what is asked for. Exit code 2 if there is nothing to measure."""
    arguments = _arguments()
    done = 0
    if not arguments.tree or arguments.data:
        done += _labelled(arguments)
    for tree in arguments.tree:
        done += _noise(tree)
    return 0 if done else 2


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder with sets of labelled cases")
    parser.add_argument("--sarif", action="append", default=[], metavar="NAME=SET=FILE")
    parser.add_argument("--keep", type=Path, help="unpack the cases and leave all results in this folder")
    parser.add_argument(
        "--misses", action="store_true", help="list the gate's missed and falsely flagged cases"
    )
    parser.add_argument("--tree", type=Path, action="append", default=[], help="a folder of ordinary code")
    return parser.parse_args()


def _labelled(arguments: argparse.Namespace) -> int:
    """Print a table for each set; return how many there were."""
    data: Path = (
        arguments.data
        or (os.environ.get("GATE_DETECTION_DATA") and Path(os.environ["GATE_DETECTION_DATA"]))
        or ROOT.parent / "shared" / "data" / "detection-dev"
    )
    sets = sorted(data.glob("*.jsonl"))
    if not sets or not (data / "score.py").is_file() or not (data / "unpack.py").is_file():
        print(
            f"skipped labelled cases: {data} has no *.jsonl with score.py and unpack.py. "
            "The data is not part of this repository; name its folder: --data DIR"
        )
        return 0
    scorer = _module(data / "score.py")
    work = arguments.keep or Path(tempfile.mkdtemp(prefix="gate-detection-"))
    try:
        work.mkdir(parents=True, exist_ok=True)
        _run([sys.executable, data / "unpack.py", *sets, "--to", work], {0})
        for name in (path.stem for path in sets):
            given = [text.split("=", 2) for text in arguments.sarif]
            others = [Contender(name=n, sarif=(Path(f),)) for n, s, f in given if s == name]
            _one_set(scorer, work, name, data / NOTES, others, misses=arguments.misses)
    finally:
        if not arguments.keep:
            shutil.rmtree(work, ignore_errors=True)
    return len(sets)


def _one_set(
    scorer: ModuleType, work: Path, name: str, notes: Path, others: Sequence[Contender], *, misses: bool
) -> None:
    cases = scorer.read_manifest(work / f"{name}.tsv")
    files = [str(work / name / case.file) for case in cases]
    gate, bandit = work / f"{name}-gate.sarif", work / f"{name}-bandit.sarif"
    _run([BIN / "gate", "scan", work / name, "--no-cache", "-o", f"sarif={gate}"], {0, 4})
    _bandit(files, bandit)
    contenders = [
        Contender(name="gate", sarif=(gate,)),
        Contender(name="gate high", sarif=(gate,), min_level="error"),
        Contender(name="Bandit", sarif=(bandit,)),
        *others,
    ]
    doubted = set()
    if notes.is_file():
        doubted = {line.split("\t")[0] for line in notes.read_text(encoding="utf-8").splitlines()}
    sure = [case for case in cases if case.id not in doubted]
    if len(sure) < len(cases):
        _table(f"{name}, all {len(cases)} cases", scorer, cases, contenders)
        _table(f"{name}, {len(sure)} cases whose label agrees with the code", scorer, sure, contenders)
    else:
        _table(f"{name}, {len(cases)} cases", scorer, cases, contenders)
    at = _placed(scorer, cases, contenders[0])
    total, repeats = scorer.duplicates(at)
    print(f"gate: {total} findings with a CWE, {repeats} repeat another of the same file, line and family")
    if misses:
        for case, match, here in scorer.judge(sure, at):
            if bool(match) != case.vulnerable:
                said = ", ".join(sorted({f"{f.rule} {f.level}" for f in (match or here)})) or "nothing"
                print(f"{'missed' if case.vulnerable else 'false '} {case.id} {case.cwes}: {said}")
    print()


def _table(title: str, scorer: ModuleType, cases: list[Any], contenders: Sequence[Contender]) -> None:
    print(f"{title}\n{'family':20}{'vuln':>5}{'clean':>6}", end="")
    print("".join(f" | {c.name[:22]:^22}" for c in contenders))
    print(" " * 31 + " | recall    FPR  Youden" * len(contenders))
    columns = [_by_family(scorer, cases, contender) for contender in contenders]
    sizes: dict[str, Counter[bool]] = defaultdict(Counter)
    for case in cases:
        sizes[scorer.label(case.cwes)][case.vulnerable] += 1
        sizes["all"][case.vulnerable] += 1
    for family in sorted(sizes, key=lambda f: (f == "all", -sizes[f][True], f)):
        print(f"{family:20}{sizes[family][True]:5}{sizes[family][False]:6}", end="")
        print("".join(f" | {_cells(column[family])}" for column in columns))
    both = [f for f in sizes if f != "all" and sizes[f][True] and sizes[f][False]]
    if both:
        print(f"{f'macro of {len(both)} families':31}", end="")
        print("".join(f" | {_cells(_mean([column[f] for f in both]))}" for column in columns))


def _by_family(scorer: ModuleType, cases: list[Any], contender: Contender) -> dict[str, Figures]:
    count: dict[str, Counter[tuple[bool, bool]]] = defaultdict(Counter)
    for case, match, _ in scorer.judge(cases, _placed(scorer, cases, contender)):
        for family in (scorer.label(case.cwes), "all"):
            count[family][(case.vulnerable, bool(match))] += 1
    return {
        family: Figures(
            recall=_percent(seen[(True, True)], seen[(True, False)]),
            fpr=_percent(seen[(False, True)], seen[(False, False)]),
        )
        for family, seen in count.items()
    }


def _placed(scorer: ModuleType, cases: list[Any], contender: Contender) -> dict[str, list[Any]]:
    findings = [f for path in contender.sarif for f in scorer.read_sarif(path, contender.min_level)]
    placed: dict[str, list[Any]] = scorer.place(findings, cases)[0]
    return placed


def _percent(hit: int, missed: int) -> float | None:
    return 100 * hit / (hit + missed) if hit + missed else None


def _mean(figures: Sequence[Figures]) -> Figures:
    known = [(f.recall, f.fpr) for f in figures if f.recall is not None and f.fpr is not None]
    return Figures(recall=sum(r for r, _ in known) / len(known), fpr=sum(f for _, f in known) / len(known))


def _cells(figures: Figures) -> str:
    values = (figures.recall, figures.fpr, figures.youden)
    return "".join("      -" if v is None else f"{v:7.1f}" for v in values)[1:] + "  "


def _noise(tree: Path) -> int:
    """Print what the gate says about a folder of ordinary code, and how long the rules take."""
    if not tree.is_dir():
        print(f"skipped {tree}: no such folder")
        return 0
    files = {language: _files(tree, endings) for language, endings in LANGUAGES.items()}
    lines = sum(path.read_bytes().count(b"\n") for paths in files.values() for path in paths)
    if not lines:
        print(f"skipped {tree}: no source of {', '.join(LANGUAGES)} in it")
        return 0
    with tempfile.TemporaryDirectory(prefix="gate-detection-") as folder:
        report = Path(folder, "report.json")
        _run([BIN / "gate", "scan", tree, "--no-cache", "-o", f"json={report}"], {0, 4})
        findings = json.loads(report.read_text(encoding="utf-8"))["findings"]
    count = Counter(finding["severity"] for finding in findings)
    acted = sum(count[severity] for severity in SEVERITIES[:-1])
    print(f"{tree}: {sum(map(len, files.values())):,} files, {lines:,} lines")
    print(f"  findings {acted}, {1_000 * acted / lines:.3f} for each 1,000 lines (goal 0.8)")
    blocking = count["critical"] + count["high"]
    print(f"  high and above {blocking}, {1_000 * blocking / lines:.4f} for each 1,000 lines (goal 0.05)")
    print("  " + ", ".join(f"{severity} {count[severity]}" for severity in SEVERITIES))
    rules: Counter[tuple[str, str]] = Counter()
    for finding in findings:
        for rule in {f"{w['tool']} {w['rule_id']}" for w in finding["witnesses"]}:
            rules[(rule, finding["severity"])] += finding["severity"] != "info"
    for (rule, severity), hits in rules.most_common(MOST_SHOWN):
        if hits:
            print(f"  {hits:6} {1_000 * hits / lines:7.3f}  {severity:8} {rule}")
    for language, paths in files.items():
        if paths and (RULES / language).is_dir():
            wall, cpu = _time(tree, language)
            print(
                f"  {language}: {len(paths):,} files in {wall:.1f} s with two processes, {cpu:.1f} s of CPU time"
            )
    print()
    return 1


def _files(tree: Path, endings: tuple[str, ...]) -> list[Path]:
    return [p for p in tree.rglob("*") if p.suffix in endings and p.is_file() and not p.is_symlink()]


def _time(tree: Path, language: str) -> tuple[float, float]:
    """Seconds on the clock and of the processors for Semgrep with the rules of one language."""
    command = [BIN / "semgrep", "scan", "--experimental", "--oss-only", "--json", "--metrics=off"]
    command += ["--disable-version-check", "--no-rewrite-rule-ids", "--disable-nosem", "--no-git-ignore"]
    command += ["--max-target-bytes", "0", "--timeout", "30", "--jobs", "2"]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    _run([*command, "--config", RULES / language, tree], {0, 1, 2, 3})
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _bandit(files: Sequence[str], target: Path) -> None:
    """Write what Bandit alone says about some files as SARIF; its own CWEs, nothing corrected."""
    results = []
    for first in range(0, len(files), 300):
        done = _run([BIN / "bandit", "-q", "-f", "json", "-x", "", *files[first : first + 300]], {0, 1})
        for issue in json.loads(done.stdout)["results"]:
            region = {"startLine": issue["line_number"], "endLine": issue["line_number"]}
            place = {"artifactLocation": {"uri": issue["filename"]}, "region": region}
            results.append(
                {
                    "ruleId": issue["test_id"],
                    "level": {"HIGH": "error", "MEDIUM": "warning"}.get(issue["issue_severity"], "note"),
                    "properties": {"tags": [f"CWE-{issue['issue_cwe'].get('id', 0)}"]},
                    "locations": [{"physicalLocation": place}],
                }
            )
    run = {"tool": {"driver": {"name": "Bandit", "rules": []}}, "results": results}
    target.write_text(json.dumps({"version": "2.1.0", "runs": [run]}), encoding="utf-8")


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("detection_score", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path}: cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _run(command: Iterable[object], good: set[int]) -> subprocess.CompletedProcess[bytes]:
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, check=False, env=os.environ | {"LANG": "C.UTF-8"})
    if done.returncode not in good:
        said = done.stderr.decode("utf-8", "replace")[-1_500:]
        raise SystemExit(f"{' '.join(words[:4])} … ended with code {done.returncode}\n{said}")
    return done


if __name__ == "__main__":
    sys.exit(main())
