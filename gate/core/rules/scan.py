"""Was everything read that had to be read? A scan that did not happen is never "no findings"."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gate.core.change import path_bytes
from gate.core.policy import Coverage
from gate.core.scan import CUT, ScanStatus
from gate.core.verdict import Outcome, RuleResult
from gate.core.words import counted, listed, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gate.core.facts import Facts

#: More findings of one tool than this cannot be judged one by one (findings are cut, never dropped silently).
MAX_FINDINGS_PER_TOOL = 10_000

#: Reasons that no other scanner makes up for: who wants to hide from one tool can choose them.
NEVER_COVERED = frozenset({"regex-limit"})

#: What to do about an unscanned file, by its reason.
REMEDIES = {
    "syntax-error": "run the gate on a newer Python, or correct the file",
    "PartialParsing": "correct the syntax of the file; if it is right, {tool} does not know this syntax yet: exclude the file in the policy of the target branch",
    "regex-limit": "split the file (rules are not reliable in files above 950,000 bytes), or exclude it in the policy of the target branch",
    "too-large": "raise scanners.max_file_bytes in the policy of the target branch, or split the file",
    "encoding": "store the file as UTF-8",
    "timeout": "raise scanners.{tool}.timeout in the policy of the target branch, or split the file",
    # The time of one rule on one file is no setting.
    "Timeout": "split the file: a rule took too long on it; or exclude it in the policy of the target branch",
    "tool-warning": "correct what {tool} warns about (its report says it), or exclude the file in its own settings",
}
OTHER_REMEDY = "correct the file, or add it to scanners.exclude in the policy of the target branch"

#: What to do about a scanner that did not do its work, by words of its reason; the first row counts.
RUN_REMEDIES = (
    (
        "gave no answer within",
        "Raise scanners.{tool}.timeout in the policy of the target branch. If one file takes all the time, split it, or add it to scanners.exclude there.",
    ),
    (
        "was killed by",
        "Run the gate again; if it stays, give the job more memory: the system kills what needs more than there is.",
    ),
    ("is not installed", "Install it beside the gate: pip install {tool}."),
    ("could not be started", "Install it beside the gate: pip install --force-reinstall {tool}."),
    (
        "turned off by the policy",
        "Set scanners.{tool}.enabled: true, or scanners.{tool}.required: false, in the policy of the target branch.",
    ),
    ("not among the chosen scanners", "Run the gate without --scanners, or name {tool} there, too."),
)
OTHER_RUN_REMEDY = (
    "Make {tool} run: the report shows what it said. Installing the gate again installs it too."
)


def required(facts: Facts) -> Iterator[RuleResult]:
    """Every required scanner must have run to its end."""
    bad = False
    imported = _imported(facts)
    runs = sorted(facts.tools, key=lambda run: run.head.tool)
    for run in runs:
        report = run.head
        if report.status not in (ScanStatus.FAILED, ScanStatus.SKIPPED):
            continue
        if not report.required:
            if report.status is ScanStatus.FAILED:
                yield RuleResult(
                    rule="scan.required",
                    outcome=Outcome.PASSED,
                    because=f"{report.tool}, which the policy does not require, failed: "
                    f"{report.reason or 'no reason given'}.",
                )
            continue
        bad = True
        if report.tool in imported:
            yield RuleResult(
                rule="scan.required",
                outcome=Outcome.INCOMPLETE,
                because=f"The required report of {report.tool} cannot be used: {report.reason or 'no reason given'}.",
                to_pass=f"Let the pipeline make that report for this commit before the gate runs, or correct the row "
                f"{report.tool} of scanners.sarif in the policy of the target branch.",
            )
            continue
        yield RuleResult(
            rule="scan.required",
            outcome=Outcome.INCOMPLETE,
            because=f"The required scanner {report.tool} {_ended(report.status)}: {report.reason or 'no reason given'}.",
            to_pass=_run_remedy(report.tool, report.reason),
        )
    if not bad and any(run.head.required for run in runs):
        names = listed(
            [
                f"{r.head.tool} (imported)"
                if r.head.tool in imported
                else f"{r.head.tool} ({counted(len(r.head.scanned), 'file')})"
                for r in runs
                if r.head.required
            ]
        )
        yield RuleResult(
            rule="scan.required", outcome=Outcome.PASSED, because=f"Every required scanner ran: {names}."
        )


def _imported(facts: Facts) -> frozenset[str]:
    return frozenset(row.name for row in facts.policy.scanners.sarif)


def _run_remedy(tool: str, reason: str) -> str:
    fitting = (remedy for words, remedy in RUN_REMEDIES if words in reason)
    return next(fitting, OTHER_RUN_REMEDY).format(tool=tool)


def _ended(status: ScanStatus) -> str:
    return "failed" if status is ScanStatus.FAILED else "did not run"


def coverage(facts: Facts) -> Iterator[RuleResult]:
    """Every changed file that a required scanner covers must have been read fully by one (or by every one)."""
    yield from _cut(facts)
    read: set[str] = set()
    unread: dict[str, dict[str, str]] = {}  # path -> tool -> reason
    elsewhere: dict[str, dict[str, str]] = {}
    changed = {file.path for file in facts.change.all_files}
    imported = _imported(facts)
    for run in facts.tools:
        if not run.head.required or run.head.status in (ScanStatus.FAILED, ScanStatus.SKIPPED):
            continue  # scan.required speaks of these
        read.update(run.head.scanned)
        for miss in run.head.unscanned:
            # An imported report speaks of the whole tree.
            is_ours = miss.path in changed or run.head.tool not in imported
            (unread if is_ours else elsewhere).setdefault(miss.path, {})[run.head.tool] = miss.reason
    every = facts.policy.scanners.coverage is Coverage.EVERY
    missing = {
        p: tools
        for p, tools in unread.items()
        if every or p not in read or NEVER_COVERED & set(tools.values())
    }
    partly = {p: tools for p, tools in unread.items() if p not in missing}
    for reason, paths in sorted(_by_reason(missing).items()):
        remedy = _file_remedy(missing[paths[0]], every=every)
        yield RuleResult(
            rule="scan.coverage",
            outcome=Outcome.INCOMPLETE,
            because=f"{_files(paths)} not fully scanned ({reason}): {_names(paths)}.",
            to_pass=f"{remedy[0].upper()}{remedy[1:]}.",
        )
    for reason, paths in sorted(_by_reason(partly).items()):
        yield RuleResult(
            rule="scan.coverage",
            outcome=Outcome.PASSED,
            because=f"{_files(paths)} not fully read by one scanner ({reason}), but by another: {_names(paths)}.",
        )
    for reason, paths in sorted(_by_reason(elsewhere).items()):
        yield RuleResult(
            rule="scan.coverage",
            outcome=Outcome.PASSED,
            because=f"{counted(len(paths), 'file')} that this change does not touch not fully scanned ({reason}): "
            f"{_names(paths)}.",
        )
    if facts.excluded:
        names = [f"{shown(e.path)} (by {e.glob})" for e in facts.excluded]
        yield RuleResult(
            rule="scan.coverage",
            outcome=Outcome.PASSED,
            because=f"The policy excludes {len(names)} changed file(s) from scanning: {listed(names, most=5)}.",
        )
    if facts.uncovered:
        yield RuleResult(
            rule="scan.coverage",
            outcome=Outcome.PASSED,
            because=f"Nobody looked for weaknesses in {counted(len(facts.uncovered), 'changed code file')}, because no "
            "rule knows the language: "
            f"{_names(facts.uncovered)}.",
        )


def _cut(facts: Facts) -> Iterator[RuleResult]:
    """A report that was read to a limit only may hold anything behind it."""
    for run in sorted(facts.tools, key=lambda run: run.head.tool):
        report = run.head
        if report.required and report.status is ScanStatus.PARTIAL and CUT in report.reason:
            yield RuleResult(
                rule="scan.coverage",
                outcome=Outcome.INCOMPLETE,
                because=f"Of the report of {report.tool} not everything was read: {report.reason}.",
                to_pass=f"Let {report.tool} look at less, or narrow its rules, so that its report stays below the limit.",
            )


def _by_reason(unread: dict[str, dict[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for path in sorted(unread, key=path_bytes):
        told = "; ".join(f"{tool}: {reason}" for tool, reason in sorted(unread[path].items()))
        first = next(iter(sorted(unread[path].values())))
        key = first if len(set(unread[path].values())) == 1 else told
        tools = ", ".join(sorted(unread[path]))
        grouped.setdefault(f"{key} by {tools}" if key == first else key, []).append(path)
    return grouped


def _file_remedy(tools: dict[str, str], *, every: bool) -> str:
    """Return what lets one of the tools (or every one) read files that they did not read for these reasons."""
    remedies = [
        REMEDIES.get(reason, OTHER_REMEDY).format(tool=tool) for tool, reason in sorted(tools.items())
    ]
    return ("; and " if every else "; or ").join(dict.fromkeys(remedies))


def _names(paths: Sequence[str]) -> str:
    return listed([shown(path) for path in paths], most=5)


def _files(paths: list[str]) -> str:
    return "1 changed file was" if len(paths) == 1 else f"{len(paths)} changed files were"


def base(facts: Facts) -> Iterator[RuleResult]:
    """The base side must have been scanned as a whole where new and existing are to be told apart."""
    for run in facts.tools:
        if run.base is None or not run.base.required or run.head.status is ScanStatus.FAILED:
            continue
        if run.base.status is ScanStatus.FAILED:
            yield RuleResult(
                rule="scan.base",
                outcome=Outcome.INCOMPLETE,
                because=f"{run.base.tool} failed on the base {facts.change.merge_base[:12]}: {run.base.reason}.",
                to_pass="Run the gate again; if it stays, correct on the target branch what the reason names.",
            )


def limit(facts: Facts) -> Iterator[RuleResult]:
    """A flood of findings cannot be judged."""
    counts = Counter(s.tool for run in facts.tools for s in run.head.sightings)
    for tool, count in sorted(counts.items()):
        if count > MAX_FINDINGS_PER_TOOL:
            yield RuleResult(
                rule="finding.limit",
                outcome=Outcome.INCOMPLETE,
                because=f"{tool} reported {count:,} findings; more than {MAX_FINDINGS_PER_TOOL:,} cannot be judged.",
                to_pass="Narrow the rules or exclude generated folders in the policy of the target branch.",
            )
