"""What a scanned tree comes to: sums by family, by folder and by tool, and the languages that nobody reads.

Everything returned here is still hostile text; each format escapes it for its own target.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from gate.core.area.kinds import is_test
from gate.core.finding import Decision, Severity, State
from gate.reports import order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gate.core.finding import Finding
    from gate.reports.options import Scan

#: Worst first, as tables have them.
SEVERITIES = tuple(sorted(Severity, reverse=True))
#: A folder that holds more than one in so many findings says too little about where they are.
TELLING_SHARE = 3
MAX_DEPTH = 6

_LANGUAGES = {
    "js": "JavaScript",
    "ts": "TypeScript",
    "php": "PHP",
    "cpp": "C++",
    "csharp": "C#",
    "powershell": "PowerShell",
    "sql": "SQL",
    "ocaml": "OCaml",
    "cmake": "CMake",
    "awk": "AWK",
    "coffeescript": "CoffeeScript",
    "objective-c": "Objective-C",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """How many files of a tree were read, and what became of the others.

    `read` were fully read by every scanner that has rules for them, `missed` were not; `also_read` only by
    rules for every language. `uncovered` are code files in which nobody looks for weaknesses, `others` what
    no rule is for.
    """

    all: int
    read: int
    missed: int
    also_read: int
    uncovered: int
    others: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """The findings of one family or folder; `counts` is by severity, worst first, as SEVERITIES has them."""

    name: str
    counts: tuple[int, ...]

    @property
    def all(self) -> int:
        return sum(self.counts)


def files(scan: Scan) -> Files:
    """Return what became of the files of a tree."""
    heads = [tool.head for tool in scan.tools]
    missed = {miss.path for head in heads for miss in head.unscanned}
    missed.update(scan.unopened, (e.path for e in scan.excluded))
    by_any = {path for head in heads for path in head.also_read}
    # What only the rules for sensitive areas read was read, but not for weaknesses.
    read = {path for head in heads for path in head.scanned} - missed - set(scan.uncovered)
    uncovered = set(scan.uncovered) - missed
    also_read = by_any - read - missed - uncovered
    known = len(read) + len(missed) + len(uncovered) + len(also_read)
    every = max(scan.files + len(scan.unopened), known)
    return Files(
        all=every,
        read=len(read),
        missed=len(missed),
        also_read=len(also_read),
        uncovered=len(uncovered),
        others=every - known,
    )


def languages(scan: Scan) -> list[tuple[str, int]]:
    """Return the languages in which nobody looks for weaknesses with their files, most files first."""
    counts = Counter(_LANGUAGES.get(name, name.title()) for name in scan.uncovered.values())
    return sorted(counts.items(), key=lambda row: (-row[1], row[0]))


def is_open(finding: Finding) -> bool:
    """Whether neither a comment nor a waiver hides a finding."""
    return finding.decision not in (Decision.SUPPRESSED, Decision.WAIVED)


def without_info(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings that are more than a remark."""
    return [finding for finding in findings if finding.severity is not Severity.INFO]


def is_known(finding: Finding) -> bool:
    """Whether a baseline holds a finding."""
    return finding.state in (State.EXISTING, State.MOVED)


def worst_first(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Return findings that read the same (severity, family, title) together.

    The worst severity comes first, then what is not only in tests, then the larger group; in a group, places
    in tests come last.
    """
    groups: dict[tuple[Severity, str, str], list[Finding]] = defaultdict(list)
    for finding in order.findings(findings):
        groups[finding.severity, finding.family, finding.title].append(finding)
    for group in groups.values():
        group.sort(key=lambda f: is_test(f.path))

    def place(key: tuple[Severity, str, str]) -> tuple[object, ...]:
        severity, family, title = key
        return (-severity, is_test(groups[key][0].path), -len(groups[key]), family, title)

    return [groups[key] for key in sorted(groups, key=place)]


def in_tests(findings: Iterable[Finding]) -> int:
    """Return how many findings are in tests, by the usual names of their folders and files."""
    return sum(is_test(finding.path) for finding in findings)


def by_family(findings: Iterable[Finding]) -> list[Sum]:
    """Return the sums of families, the worst first."""
    return _sums(findings, lambda f: f.family)


def by_folder(findings: Sequence[Finding]) -> list[Sum]:
    """Return the sums of folders, the worst first.

    Folders are as deep as it takes to tell something: one that holds more than a third of the findings is
    shown as its subfolders, down to MAX_DEPTH; one whose findings are all in one subfolder is shown as that.
    Files right in such a folder, or in the tree, are `folder/*`.
    """
    folders = {finding.path: finding.path.split("/")[:-1] for finding in findings}
    split: set[str] = set()

    def name(finding: Finding) -> str:
        parts = folders[finding.path]
        for depth in range(1, len(parts) + 1):
            shown = "/".join(parts[:depth])
            if shown not in split:
                return shown
        return "/".join((*(parts or ["."]), "*"))

    above = {"/".join(parts[:n]) for parts in folders.values() for n in range(1, min(len(parts), MAX_DEPTH))}
    while (
        large := {row.name for row in _sums(findings, name) if _tells_little(row, findings)} & above - split
    ):
        split |= large
    shared: dict[str, list[str]] = {}
    for finding in findings:
        shown, parts = name(finding), folders[finding.path]
        shared[shown] = _common(shared.get(shown, parts), parts)
    deeper = {shown: shown if shown.endswith("/*") else "/".join(parts) for shown, parts in shared.items()}
    return _sums(findings, lambda finding: deeper[name(finding)])


def _tells_little(row: Sum, findings: Sequence[Finding]) -> bool:
    return row.all * TELLING_SHARE > len(findings)


def _common(one: list[str], other: list[str]) -> list[str]:
    """The folders that two paths share from the top."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return [name for name, _ in same]


def _sums(findings: Iterable[Finding], name: Callable[[Finding], str]) -> list[Sum]:
    counts: dict[str, Counter[Severity]] = defaultdict(Counter)
    for finding in findings:
        counts[name(finding)][finding.severity] += 1
    sums = [Sum(name=key, counts=tuple(count[s] for s in SEVERITIES)) for key, count in counts.items()]
    return sorted(sums, key=lambda row: (tuple(-n for n in row.counts), order.path_key(row.name)))


def by_tool(findings: Iterable[Finding]) -> list[tuple[tuple[str, ...], int]]:
    """Return which tools see the same findings, and how many: first what several tools see."""
    counts = Counter(tuple(sorted({w.tool for w in finding.witnesses})) for finding in findings)
    return sorted(counts.items(), key=lambda row: (-len(row[0]), -row[1], row[0]))
