"""Do the gate and the scanners run by hand say the same about a tree? A table, or every difference.

    python benchmarks/parity.py TREE [TREE...]

Each tree (a folder, git or not) is copied without links, ignore files and settings of scanners, and read by
  classic       semgrep scan, all shipped rules
  experimental  the same with --experimental
  command line  bandit -f json, with the files that the gate takes for Python
  gate          the gate's own way, with its engine, its target tree, its processes
Compared are rule, path, both ends of the range, severity and message of Semgrep's findings; test, path,
range, severity, confidence and message of Bandit's; each as often as it occurs. Columns are those of the gate: code points.
The exit code is 1 if anything differs. The classic engine needs about a minute for 1,000 files.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tokenize
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gate import rulesets
from gate.core.policy import ScannersPolicy, ToolPolicy
from gate.scanners import TargetTree, load_rules, scan, targets_from_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gate.core.scan import ScanReport

BIN = Path(sys.executable).parent
LIMIT = 3_600
#: Files that give orders to git or a scanner; the gate does not write them into its target tree either.
ORDERS = frozenset({".semgrepignore", ".gitignore", ".gitattributes", ".gitmodules", ".bandit"})
#: Bytes of file names in one command line of Bandit.
MAX_ARGUMENT_BYTES = 90_000
MOST_SHOWN = 20

SEMGREP = (
    *("scan", "--json", "--metrics=off", "--disable-version-check", "--no-rewrite-rule-ids"),
    *("--disable-nosem", "--no-git-ignore", "--max-target-bytes", "0", "--timeout", "30"),
)


class Row(NamedTuple):
    """A finding in the gate's terms: 1-based lines that end at a line feed, columns in code points.

    `end` is (0, 0) where the tool does not tell it. `words` are severity, confidence if there is one, and
    message; all empty for a match of an area rule, of which the gate keeps the place alone.
    """

    path: str
    start: tuple[int, int]
    end: tuple[int, int]
    rule: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        """Return path, place and rule on one line."""
        place = ":".join(map(str, (*self.start, *self.end)))
        return f"{self.path!r}:{place}: {self.rule} {' '.join(self.words)[:100]!r}"


@dataclass(slots=True)
class Said:
    """What one way of scanning said about a tree. `unread` are (path, reason)."""

    rows: Counter[Row] = field(default_factory=Counter)
    unread: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0.0
    how: str = ""


def copy_tree(tree: Path, to: Path) -> int:
    """Copy the regular files that may be scanned, and return how many they are."""
    number = 0
    for folder, names, files in os.walk(tree):
        names[:] = [name for name in names if name != ".git"]
        place = to / Path(folder).relative_to(tree)
        place.mkdir(parents=True, exist_ok=True)
        for name in files:
            source = Path(folder, name)
            if name.casefold() not in ORDERS and source.is_file() and not source.is_symlink():
                shutil.copy2(source, place / name)
                number += 1
    (to / ".semgrepignore").touch()
    return number


def _run(argv: Iterable[str], home: Path, codes: tuple[int, ...]) -> Any:
    env = {
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "SEMGREP_SEND_METRICS": "off",
        "SEMGREP_ENABLE_VERSION_CHECK": "0",
    }
    done = subprocess.run(list(argv), cwd=home, env=env, capture_output=True, check=False, timeout=LIMIT)
    if done.returncode not in codes or not done.stdout:
        message = done.stderr.decode("utf-8", "replace")[-2000:]
        raise SystemExit(f"{Path(done.args[0]).name} ended with code {done.returncode}: {message}")
    return json.loads(done.stdout.decode("utf-8", "replace"))


def run_semgrep(root: Path, home: Path, *, experimental: bool) -> Said:
    """Run Semgrep with all shipped rules on a copied tree."""
    top = rulesets.directory() / "semgrep"
    rules = sorted(path for path in top.rglob("*.yaml") if not path.name.endswith(".test.yaml"))
    engine = ["--experimental", "--jobs=1"] if experimental else ["--jobs=2"]
    started = time.monotonic()
    report = _run(
        [str(BIN / "semgrep"), *SEMGREP, *engine, *(f"--config={path}" for path in rules), str(root)],
        home,
        (0, 2),  # 2: a file could not be parsed
    )
    said = Said(seconds=time.monotonic() - started)
    lines = _Lines(root)
    for result in report["results"]:
        path = os.path.relpath(result["path"], root)
        extra = result["extra"]
        is_area = "area" in extra["metadata"]["gate"]
        said.rows[
            Row(
                path=path,
                start=lines.point(path, result["start"]["line"], result["start"]["col"]),
                end=lines.point(path, result["end"]["line"], result["end"]["col"]),
                rule=result["check_id"],
                words=("", "") if is_area else (extra["severity"], extra["message"].strip()),
            )
        ] += 1
    for error in report["errors"]:
        kind = error["type"] if isinstance(error["type"], str) else error["type"][0]
        said.unread.append((os.path.relpath(error.get("path") or root, root), kind))
    return said


def run_bandit(root: Path, home: Path, paths: Iterable[str]) -> Said:
    """Run Bandit's command line on these files of a copied tree."""
    settings = home / "empty.ini"
    settings.write_text("[bandit]\n")
    said = Said()
    started = time.monotonic()
    for chunk in _chunks([str(root / path) for path in paths]):
        options = ["-X", "utf8", "-m", "bandit", "-q", "-f", "json", "--ini", str(settings), "-x", ""]
        report = _run([sys.executable, *options, "--ignore-nosec", *chunk], home, (0, 1))
        texts: dict[str, _PythonText] = {}
        for result in report["results"]:
            path = os.path.relpath(result["filename"], root)
            if path not in texts:
                texts[path] = _PythonText((root / path).read_bytes())
            one_line = len(result["line_range"]) == 1 and result["end_col_offset"] > result["col_offset"]
            line = result["line_number"]
            said.rows[
                Row(
                    path=path,
                    start=texts[path].point(line, result["col_offset"]),
                    end=texts[path].point(line, result["end_col_offset"]) if one_line else (0, 0),
                    rule=result["test_id"],
                    words=(
                        result["issue_severity"],
                        result["issue_confidence"],
                        result["issue_text"].strip(),
                    ),
                )
            ] += 1
        said.unread += [(os.path.relpath(e["filename"], root), e["reason"]) for e in report["errors"]]
    said.seconds = time.monotonic() - started
    return said


def run_gate(root: Path, jobs: int = 2) -> dict[str, Said]:
    """Run the gate's scanners on a copied tree; keys are `semgrep` and `bandit`."""
    policy = ScannersPolicy(semgrep=ToolPolicy(timeout=LIMIT), bandit=ToolPolicy(timeout=LIMIT))
    skipped: list[tuple[str, str]] = []
    targets = targets_from_folder(
        root, policy.max_file_bytes, lambda path, reason: skipped.append((path, reason))
    )
    with TargetTree.write(targets, max_file_bytes=policy.max_file_bytes) as tree:
        reports = scan(tree, policy, load_rules(), only=None, jobs=jobs)
    return {report.tool: _said(report, skipped) for report in reports}


def _said(report: ScanReport, skipped: list[tuple[str, str]]) -> Said:
    said = Said(seconds=report.seconds, how=f"{report.engine}, {report.status}")
    said.unread = [*skipped, *((miss.path, miss.reason) for miss in report.unscanned)]
    for sighting in report.sightings:
        place = sighting.range
        end = (place.end_line, place.end_column)
        words = (
            (sighting.native_severity, sighting.message)
            if report.tool == "semgrep"
            else (sighting.native_severity, sighting.native_confidence, sighting.message)
        )
        said.rows[
            Row(sighting.path, (place.start_line, place.start_column), end, sighting.rule_id, words)
        ] += 1
    for hit in report.area_hits:
        start, end = (
            (hit.range.start_line, hit.range.start_column),
            (hit.range.end_line, hit.range.end_column),
        )
        said.rows[Row(hit.path, start, end, hit.rule_id, ("", ""))] += 1
    return said


def differences(left: Said, right: Said) -> list[tuple[str, Row]]:
    """Return what only one side says, with `-` (left) or `+` (right), in order.

    Where one side does not know the end of a range, the start alone decides.
    """
    ends_unknown = {_without_end(row) for side in (left, right) for row in side.rows if row.end == (0, 0)}

    def comparable(said: Said) -> Counter[Row]:
        rows: Counter[Row] = Counter()
        for row, times in said.rows.items():
            bare = _without_end(row)
            rows[bare if bare in ends_unknown else row] += times
        return rows

    one, other = comparable(left), comparable(right)
    found = [("-", row) for row in (one - other).elements()] + [
        ("+", row) for row in (other - one).elements()
    ]
    return sorted(found, key=lambda pair: (os.fsencode(pair[1].path), pair[1].start, pair[1].rule, pair[0]))


def _without_end(row: Row) -> Row:
    return row._replace(end=(0, 0))


def _chunks(names: Iterable[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    room = MAX_ARGUMENT_BYTES
    for name in names:
        room -= len(os.fsencode(name)) + 1
        if room < 0 and chunk:
            yield chunk
            chunk, room = [], MAX_ARGUMENT_BYTES
        chunk.append(name)
    if chunk:
        yield chunk


class _Lines:
    """Columns of Semgrep (bytes, from 1) as code points; lines end at a line feed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._files: dict[str, list[bytes]] = {}

    def point(self, path: str, line: int, column: int) -> tuple[int, int]:
        if path not in self._files:
            self._files[path] = (self._root / path).read_bytes().split(b"\n")
        lines = self._files[path]
        text = lines[line - 1] if line <= len(lines) else b""
        return line, len(text[: column - 1].decode("utf-8", "replace")) + 1


class _PythonText:
    """Places of Bandit (lines of Python's parser, columns in bytes of UTF-8 from 0) as those of the gate."""

    def __init__(self, data: bytes) -> None:
        encoding = "utf-8"
        with contextlib.suppress(SyntaxError):
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        self._marked = encoding == "utf-8-sig"
        self._pieces = re.split(r"(\r\n|\r|\n)", data.decode(encoding, "replace"))

    def point(self, line: int, column: int) -> tuple[int, int]:
        before = "".join(self._pieces[: 2 * (line - 1)])
        text = self._pieces[2 * (line - 1)].encode()[:column].decode("utf-8", "replace")
        last = (before + text).rpartition("\n")
        return last[0].count("\n") + bool(last[1]) + 1, len(last[2]) + 1 + (self._marked and not last[1])


def compare(tree: Path) -> bool:
    """Print the table of one tree; return whether everything is the same."""
    with tempfile.TemporaryDirectory(prefix="parity-") as folder:
        root, home = Path(folder, "tree"), Path(folder, "home")
        home.mkdir()
        number = copy_tree(tree, root)
        gate = run_gate(root)
        classic = run_semgrep(root, home, experimental=False)
        experimental = run_semgrep(root, home, experimental=True)
        python = [path for path in targets_of_bandit(root) if path not in refused(gate["bandit"])]
        bandit = run_bandit(root, home, python)
    print(f"{tree.resolve().name}: {number:,} files, {len(python):,} of them Python")
    same = _row("semgrep", ("classic", classic), ("experimental", experimental))
    same &= _row("semgrep", ("classic", classic), ("gate", gate["semgrep"]))
    return same & _row("bandit", ("command line", bandit), ("gate", gate["bandit"]))


def targets_of_bandit(root: Path) -> list[str]:
    """Return the files that the gate takes for Python."""
    with TargetTree.write(targets_from_folder(root, 5_000_000, lambda _path, _reason: None)) as tree:
        return [file.path for file in tree.files.values() if file.language == "python"]


def refused(said: Said) -> set[str]:
    """Return the files that the gate names as unscanned without showing them to a scanner."""
    return {path for path, reason in said.unread if reason in {"encoding", "too-large", "binary"}}


def _row(tool: str, left: tuple[str, Said], right: tuple[str, Said]) -> bool:
    found = differences(left[1], right[1])
    sides = "  ".join(
        f"{name} {sum(said.rows.values()):6,} findings {len({path for path, _ in said.unread}):3,} unread "
        f"{said.seconds:6.1f} s"
        for name, said in (left, right)
    )
    how = f" [{right[1].how}]" if right[1].how else ""
    print(f"  {tool:8} {sides}{how}  {f'{len(found)} DIFFERENCES' if found else 'identical'}")
    for sign, row in found[:MOST_SHOWN]:
        print(f"    {sign} {row}")
    if len(found) > MOST_SHOWN:
        print(f"    and {len(found) - MOST_SHOWN} more")
    # The gate names more files: those that it shows to no scanner. That is no difference in what was found.
    one, other = ({path for path, _ in side.unread} for side in (left[1], right[1]))
    for sign, paths in (("-", one - other), ("+", other - one)):
        for path in sorted(paths, key=os.fsencode)[:MOST_SHOWN]:
            print(f"    {sign} not fully read: {path!r}")
    return not found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tree", type=Path, nargs="+")
    results = [compare(tree) for tree in parser.parse_args().tree]
    sys.exit(not all(results))


if __name__ == "__main__":
    main()
