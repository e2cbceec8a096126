"""The verdict on a change whose scan somebody else reports: all that git and the policy can say is done again."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from gate import __version__
from gate.core.baseline.files import Files
from gate.core.change import path_bytes
from gate.core.checks.model import TOOL as CHECKS
from gate.core.facts import Excluded
from gate.core.family import SECRET_FAMILY
from gate.core.finding import Decision, State
from gate.core.merge.place import place_of
from gate.core.rules.ai import decide_ai
from gate.core.rules.findings import decide_findings
from gate.core.scan import ScanReport, ScanStatus, ToolRun, Unscanned
from gate.core.suppression import SUPPRESSION_ADDED, apply_waivers, judge_suppressions
from gate.pipeline import claims
from gate.pipeline.ai.claims import claimed
from gate.pipeline.areas import touched
from gate.pipeline.checks import run_checks
from gate.pipeline.findings import Authors, Judged, judge_findings, markers_in, sources_of, touch_of
from gate.pipeline.report_file import ReportRefused
from gate.pipeline.sides import Scanned
from gate.scanners import languages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gate.core.change import ChangeSet, FileChange
    from gate.core.facts import Run
    from gate.core.finding import Finding
    from gate.core.policy import Policy
    from gate.core.source import Source
    from gate.pipeline.judge import Judge
    from gate.pipeline.report_schema import Report
    from gate.scanners import Rules

_REGULAR = "100"
_UNTOLD = "not in the report"


def recompute(judge: Judge, report: Report, rules: Rules) -> Run:
    """Return the run on the change of `judge`, with the scan that `report` claims.

    Commits, authorship, changed lines, areas, waivers and every decision are made anew; findings and what
    scanners read are claims. Raises ReportRefused if the report speaks of another change, or was made with
    another policy or other rules than the target branch has now.
    """
    _prove_same(judge, report, rules)
    change, policy = judge.change, judge.policy
    told = tuple(run for run in claims.runs(report, policy.scanners) if run.head.tool != CHECKS)
    runs, excluded, uncovered = _accounted(change, policy, told, rules)
    runs = (*runs, run_checks(judge.repository, change, policy, runs))
    review = claimed(report.ai, policy.ai)
    judged = _judged(judge, report, runs)
    judged = replace(judged, findings=decide_ai(judged.findings, review, policy))
    found = touched(judge.repository, change, policy, judge.areas, [claims.area_hits(report)])
    scanned = Scanned(runs=runs, excluded=excluded, uncovered=uncovered)
    return judge.conclude(scanned, judged, found.touches, rules.digest, review, found.context)


def _prove_same(judge: Judge, report: Report, rules: Rules) -> None:
    change, gate = report.change, report.gate
    if (change.head, change.change_digest) != (judge.change.head, judge.change.change_digest):
        raise ReportRefused(
            "the report was refused: it is of another change than that of this merge request",
            hint="Run the check on the head of the merge request; its target branch may have moved.",
        )
    if change.commits != len(judge.change.commits):
        raise ReportRefused(
            f"the report was refused: it counts {change.commits} commits, and there are "
            f"{len(judge.change.commits)}",
            hint="Run the check again with the whole history (fetch-depth: 0, GIT_DEPTH: 0).",
        )
    for what, theirs, ours in (
        ("policy", gate.policy_digest, judge.policy.digest),
        ("rules", gate.rulesets_digest, rules.digest),
        ("agents", gate.registry_digest, judge.registry.digest),
    ):
        if theirs != ours:
            raise ReportRefused(
                f"the report was refused: it was made with another version of the {what} than the target branch has"
                + (
                    ""
                    if gate.version == __version__
                    else f" (by gate {gate.version[:40]}; this is {__version__})"
                ),
                hint="Run the check again. Options that change the policy (--mode, --fail-level, --config) and "
                "the version of gate must be the same in both jobs.",
            )


def _accounted(
    change: ChangeSet, policy: Policy, runs: tuple[ToolRun, ...], rules: Rules
) -> tuple[tuple[ToolRun, ...], tuple[Excluded, ...], tuple[str, ...]]:
    """Return the runs with every file that they owe an answer for, what the policy excludes, and code that no
    rule knows.
    """
    words = rules.weakness_languages
    excluded, uncovered = [], []
    owed: dict[str, set[str]] = {name: set() for name in claims.BUILT_IN}
    for file in change.files:
        if not file.new_mode.startswith(_REGULAR):
            continue
        glob = next((glob for glob in policy.scanners.exclude if glob.matches(file.path)), None)
        if glob is not None:
            excluded.append(Excluded(path=file.path, glob=glob.text))
            continue
        language = _language(file)
        if not languages.is_code(language):
            continue
        is_python = language == "python"
        if is_python and policy.scanners.bandit.enabled:
            owed["bandit"].add(file.path)
        elif policy.scanners.semgrep.enabled and languages.covers(words, language):
            owed["semgrep"].add(file.path)
        elif not is_python and not languages.covers(words, language):
            uncovered.append(file.path)
    told = tuple(replace(run, head=_with_untold(run.head, owed.get(run.head.tool, set()))) for run in runs)
    return (
        told,
        tuple(sorted(excluded, key=lambda one: path_bytes(one.path))),
        tuple(sorted(uncovered, key=path_bytes)),
    )


def _language(file: FileChange) -> str:
    first = b"" if file.shebang is None else b"#!" + file.shebang.encode("utf-8", "surrogateescape") + b"\n"
    return languages.language(file.path, executable=file.new_mode == "100755", data=first)


def _with_untold(report: ScanReport, owed: set[str]) -> ScanReport:
    untold = sorted(owed - set(report.targets), key=path_bytes)
    if not untold or report.status in (ScanStatus.FAILED, ScanStatus.SKIPPED):
        return report
    return replace(
        report,
        status=ScanStatus.PARTIAL,
        targets=tuple(sorted({*report.targets, *untold}, key=path_bytes)),
        unscanned=tuple(
            sorted({*report.unscanned, *(Unscanned(path=path, reason=_UNTOLD) for path in untold)})
        ),
    )


def _judged(judge: Judge, report: Report, runs: Sequence[ToolRun]) -> Judged:
    change, policy = judge.change, judge.policy
    sources = sources_of(
        judge.repository, change, [run.head for run in runs], "new", policy.scanners.max_file_bytes
    )
    files = Files(change)
    findings = [_placed(claims.finding(row), files, sources) for row in report.findings]
    # Findings about comments that hide others are made anew below.
    findings = [one for one in findings if not any(w.rule_id == SUPPRESSION_ADDED for w in one.witnesses)]
    findings += _left_out(judge, runs[-1], findings)
    markers = markers_in(sources.values(), judge.families)
    authors = Authors(judge.repository, change, judge.authorship, findings, markers)
    hidden = judge_suppressions(
        findings,
        claims.earlier(report, findings),
        markers,
        fail_level=policy.findings.fail_level,
        honour_added=policy.findings.honour_suppressions,
        author_kind=authors.kind,
        undeclared_is_ai=policy.authorship.treat_undeclared_as_ai,
    )
    waived = apply_waivers(
        hidden.findings,
        judge.waivers,
        today=judge.now[:10],
        humans={human.id for human in policy.signoff.humans},
        renamed=judge.families.renamed,
    )
    decided = decide_findings((*waived.findings, *hidden.added), policy.findings)
    return Judged(
        findings=tuple(authors.fill(one) for one in decided),
        fixed=tuple(claims.finding(row) for row in report.fixed),
        suppressions=hidden.suppressions + waived.suppressions,
        touches=tuple(touch_of(s) for s in hidden.suppressions if s.needs_signoff),
        covered=Counter(
            {(tool.name, rule): count for tool in report.tools for rule, count in tool.covered.items()}
        ),
    )


def _left_out(judge: Judge, checks: ToolRun, told: Sequence[Finding]) -> list[Finding]:
    """Return what the gate's own checks of the change find, and the report does not have: they need no scanner."""
    if not checks.head.sightings:
        return []
    known = {(one.path, w.tool, w.rule_id, w.range.start_line) for one in told for w in one.witnesses} | {
        (one.id,) for one in told
    }
    own = judge_findings(
        judge.repository,
        judge.change,
        judge.authorship,
        [checks],
        policy=judge.policy,
        families=judge.families,
        waivers=(),
        now=judge.now,
    )
    return [
        replace(one, decision=Decision.NOTE, suppression=None)
        for one in own.findings
        if (one.id,) not in known
        and not all((one.path, w.tool, w.rule_id, w.range.start_line) in known for w in one.witnesses)
    ]


def _placed(finding: Finding, files: Files, sources: Mapping[str, Source]) -> Finding:
    """Return the finding with what git says of its place: in the diff or not, statement, source lines."""
    place = place_of(finding.range, sources.get(finding.path), is_secret=finding.family == SECRET_FAMILY)
    state = finding.state
    if state is State.FIXED or (state is State.EXISTING and files.origin(finding.path) is None):
        state = State.NEW  # of a file that the base does not have nothing can be old
    return replace(
        finding,
        state=state,
        in_diff=files.lines(finding.path).in_diff(finding.range.start_line),
        statement=place.statement.range,
        code=place.statement.code,
        snippet=place.snippet,
        snippet_start=place.snippet_start,
        line_hash=place.line_hash,
    )
