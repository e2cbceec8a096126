"""The scanners: one literal registry, and the functions that run them side by side."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from gate.core.scan import ScanReport, ScanStatus, ToolRun
from gate.scanners import languages
from gate.scanners.accounting import SCANNER_FAILED, with_files, with_unread
from gate.scanners.folder import targets_from_folder
from gate.scanners.interface import Scanner, Slots, Step
from gate.scanners.outlined import completed, doubtful, outlines
from gate.scanners.rules import PARSE_PYTHON, Rules, load_rules
from gate.scanners.tree import Target, TargetTree, TreeFile

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from gate.core.finding import Sighting
    from gate.core.policy import ScannersPolicy, ToolPolicy
    from gate.core.source.outline import Outline
    from gate.scanners.cache import Cache
    from gate.scanners.memory import ScanMemory

__all__ = [
    "SCANNERS",
    "Rules",
    "Scanner",
    "Step",
    "Target",
    "TargetTree",
    "TreeFile",
    "identities",
    "load_rules",
    "reading_cost",
    "remember",
    "scan",
    "scan_both",
    "targets_from_folder",
    "uncovered",
]

#: Gives the sightings of one file, by path and content, their places, in the same order.
Locate = Callable[[str, bytes, "Sequence[Sighting]"], "Sequence[Sighting]"]

#: Name in policies and reports -> the class that runs it. The name is also the policy's attribute.
SCANNERS = {
    "semgrep": "gate.scanners.semgrep:Semgrep",
    "bandit": "gate.scanners.bandit:Bandit",
}


def remember(
    cache: Cache | None, policy: ScannersPolicy, rules: Rules, *, only: frozenset[str] | None
) -> ScanMemory | None:
    """Return the memory of a run, to be given to TargetTree.write and to the scan of those trees.

    `policy`, `rules` and `only` must be those of the scan.
    """
    if cache is None:
        return None
    from gate.scanners.memory import ScanMemory  # noqa: PLC0415 - only with a cache

    names = _taking_part(policy, only)
    return ScanMemory(cache, {name: _scanner(name) for name in names}, _rules_beside(names, rules))


def scan(
    tree: TargetTree,
    policy: ScannersPolicy,
    rules: Rules,
    *,
    only: frozenset[str] | None,
    jobs: int,
    progress: Callable[[str], None] = lambda _line: None,
    on_step: Callable[[Step], None] = lambda _step: None,
    memory: ScanMemory | None = None,
    locate: Locate | None = None,
) -> tuple[ScanReport, ...]:
    """Run the scanners of the registry over one tree and return a report of each, in its order.

    `only` (None: all) are the names that may run; a scanner that is left out, or turned off by the
    policy, is `skipped`. What is read goes into `memory`, with which the tree was written. At most `jobs` children run at any time. `progress` gets a line when a scanner
    ends, `on_step` hears of every part of its work, both from any thread. Never raises because of a tool.
    """
    runs = scan_both(
        tree,
        None,
        policy,
        rules,
        only=only,
        jobs=jobs,
        progress=progress,
        on_step=on_step,
        memory=memory,
        locate=locate,
    )
    return tuple(run.head for run in runs)


def scan_both(
    head: TargetTree,
    base: TargetTree | None,
    policy: ScannersPolicy,
    rules: Rules,
    *,
    only: frozenset[str] | None,
    jobs: int,
    progress: Callable[[str], None] = lambda _line: None,
    on_step: Callable[[Step], None] = lambda _step: None,
    memory: ScanMemory | None = None,
    locate: Locate | None = None,
) -> tuple[ToolRun, ...]:
    """Run the scanners over both sides of a change at once; see `scan`.

    `locate` gives sightings of one file (path, content) their places. It is called as soon as one tool has
    ended, while the others still work.
    """
    slots = Slots(jobs)
    trees = [head] if base is None else [head, base]
    together = _rules_beside(_taking_part(policy, only), rules)

    asked: dict[str, int] = {}
    #: What was said about the trees themselves, before outlines were completed, to be remembered.
    said: list[tuple[TargetTree, ScanReport]] = []

    def note(step: Step) -> None:
        asked[step.tool] = step.asked
        on_step(step)

    def one(name: str) -> ToolRun:
        settings: ToolPolicy = getattr(policy, name)
        if only is not None and name not in only:
            reports = _without_a_run(name, settings, trees, "not among the chosen scanners")
        elif not settings.enabled:
            reports = _without_a_run(name, settings, trees, "turned off by the policy")
        else:
            reports = _guarded(name, trees, settings, together, slots, note)
            reports = located(trees, reports)
            said.extend(zip(trees, reports, strict=True))
            if base is not None and (outlined := outlines(base, reports[1])):
                reports[1] = as_whole(name, settings, reports[0], reports[1], outlined)
            for side, report in zip(("head", "base"), reports, strict=False):
                where = name if base is None else f"{name}, {side}"
                read, all_files = len(report.scanned), len(report.targets)
                progress(f"{where}: {read} of {all_files} files, {report.status}")
        files = asked.get(name, sum(len(report.targets) for report in reports))
        sightings = sum(len(report.sightings) for report in reports)
        on_step(Step(tool=name, done=files, asked=files, sightings=sightings, ended=True))
        return ToolRun(head=reports[0], base=None if base is None else reports[1])

    def located(trees: list[TargetTree], reports: list[ScanReport]) -> list[ScanReport]:
        if locate is None:
            return reports
        return [_located(tree, report, locate) for tree, report in zip(trees, reports, strict=True)]

    def as_whole(
        name: str,
        settings: ToolPolicy,
        head_report: ScanReport,
        report: ScanReport,
        outlined: Mapping[str, Outline],
    ) -> ScanReport:
        local = _scanner(name).local
        doubt = doubtful(report, head_report, outlined, local=local)
        if local:
            report = completed(report, head_report, outlined)
        if not doubt or base is None or base.wholes is None:
            return report
        try:
            tree = base.wholes.part(doubt, forget=False)
        except OSError:  # a full disk
            return with_unread(report, dict.fromkeys(doubt, SCANNER_FAILED))
        again = located([tree], _guarded(name, [tree], settings, together, slots, lambda _step: None))[0]
        said.append((tree, again))
        return with_files(report, again, doubt)

    runs = tuple(slots.each(one, SCANNERS))
    runs = _confirmed(runs, trees, policy, rules, slots)
    if memory is not None:
        for tree, report in said:
            run = next(run for run in runs if run.head.tool == report.tool)
            last = run.head if tree is head else run.base
            unread = {miss.path: miss.reason for miss in last.unscanned} if last else {}
            memory.keep(tree, with_unread(report, {p: r for p, r in unread.items() if p in report.scanned}))
    return runs


def uncovered(tree: TargetTree, reports: Iterable[ScanReport], rules: Rules) -> tuple[str, ...]:
    """Return the code files of a tree in which nobody looks for weaknesses, in byte order.

    Those are files that are a target of none of these reports, and files in a language that only area
    rules read: such a reading finds nothing.
    """
    covered = {path for report in reports for path in report.targets}
    words = rules.weakness_languages
    return tuple(
        path
        for path, file in tree.files.items()
        if languages.is_code(file.language)
        and (path not in covered or not (file.language == "python" or languages.covers(words, file.language)))
    )


def identities(policy: ScannersPolicy, rules: Rules, *, only: frozenset[str] | None) -> tuple[str, ...]:
    """Return what decides about the words of each scanner that takes part: versions, options and rules.

    A scanner of which that is not known before it runs gives its name alone.
    """
    names = _taking_part(policy, only)
    beside = _rules_beside(names, rules)
    return tuple(_scanner(name).identity(beside) or name for name in names)


def reading_cost(path: str, size: int) -> int:
    """Return what it costs the scanners to read `size` bytes under this name, in bytes of source for one of them.

    The name alone decides, so that this is the same wherever it is asked.
    """
    language = languages.language(path, executable=False, data=b"")
    if language == "python":  # by both scanners; measured: a fifth more than JavaScript
        return size * 6 // 5
    return size if languages.is_code(language) else size // 10


def _located(tree: TargetTree, report: ScanReport, locate: Locate) -> ScanReport:
    without: dict[str, list[Sighting]] = {}
    for sighting in report.sightings:
        if sighting.place is None:
            without.setdefault(sighting.path, []).append(sighting)
    places: dict[int, Sighting] = {}
    for path, sightings in without.items():
        data = tree.read(path)
        if data is not None:
            places.update(zip(map(id, sightings), locate(path, data, sightings), strict=True))
    return replace(report, sightings=tuple(places.get(id(s), s) for s in report.sightings))


def _taking_part(policy: ScannersPolicy, only: frozenset[str] | None) -> tuple[str, ...]:
    return tuple(n for n in SCANNERS if getattr(policy, n).enabled and (only is None or n in only))


def _rules_beside(names: Collection[str], rules: Rules) -> Rules:
    """Return the rules for Semgrep: where Bandit parses all Python, Semgrep need not be made to do so."""
    return rules.without(PARSE_PYTHON) if "bandit" in names else rules


def _confirmed(
    runs: tuple[ToolRun, ...],
    trees: list[TargetTree],
    policy: ScannersPolicy,
    rules: Rules,
    slots: Slots,
) -> tuple[ToolRun, ...]:
    """Have Semgrep parse the files that Bandit could not parse: it may have called them scanned unparsed."""
    by_name = {run.head.tool: run for run in runs}
    semgrep, bandit = by_name["semgrep"], by_name["bandit"]
    parsing = rules.only(PARSE_PYTHON)
    if not parsing.files or semgrep.head.status in (ScanStatus.SKIPPED, ScanStatus.FAILED):
        return runs

    def confirmed(tree: TargetTree, report: ScanReport, other: ScanReport) -> ScanReport:
        # What is not on disk was parsed in an earlier run, though a Bandit that failed now names it as well.
        scanned = {path for path in report.scanned if tree.files[path].on_disk}
        doubtful = [miss.path for miss in other.unscanned if miss.path in scanned]
        if not doubtful:
            return report
        cut = tree.wholes.files.keys() & doubtful if tree.wholes else set()
        try:
            parts = [tree.part([path for path in doubtful if path not in cut])]
            parts += [tree.wholes.part(cut)] if tree.wholes and cut else []
        except OSError:  # a full disk
            return with_unread(report, dict.fromkeys(doubtful, SCANNER_FAILED))
        again = _guarded("semgrep", parts, policy.semgrep, parsing, slots, lambda _: None)
        return with_unread(report, {miss.path: miss.reason for one in again for miss in one.unscanned})

    head = confirmed(trees[0], semgrep.head, bandit.head)
    base = semgrep.base and bandit.base and confirmed(trees[1], semgrep.base, bandit.base)
    return tuple(ToolRun(head=head, base=base) if run is semgrep else run for run in runs)


def _guarded(
    name: str,
    trees: list[TargetTree],
    policy: ToolPolicy,
    rules: Rules,
    slots: Slots,
    on_step: Callable[[Step], None],
) -> list[ScanReport]:
    """Run one scanner; a crash of ours is a failed run of that tool and says so."""
    try:
        return _scanner(name).scan(trees, policy, rules, slots, on_step)
    except Exception as error:  # noqa: BLE001 -- one of the two places; see the style rules
        reason = f"the gate could not read this tool: {type(error).__name__}"
        return _without_a_run(name, policy, trees, reason, ScanStatus.FAILED)


def _scanner(name: str) -> Scanner:
    module, _, attribute = SCANNERS[name].partition(":")
    scanner: Scanner = getattr(importlib.import_module(module), attribute)()
    return scanner


def _without_a_run(
    name: str,
    policy: ToolPolicy,
    trees: list[TargetTree],
    reason: str,
    status: ScanStatus = ScanStatus.SKIPPED,
) -> list[ScanReport]:
    return [ScanReport(tool=name, status=status, reason=reason, required=policy.required)] * len(trees)
