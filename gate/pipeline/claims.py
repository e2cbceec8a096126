"""What a report file claims, as values of the core: findings, scanners' accounts, matches of area rules.

A claim may add to what is recomputed and never takes anything away: decisions, places in the diff and source
lines come from git and the policy, whatever the report says of them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gate.core.checks.model import TOOL
from gate.core.finding import (
    Confidence,
    Decision,
    Finding,
    Fingerprints,
    Range,
    Severity,
    Sighting,
    State,
    Witness,
)
from gate.core.scan import AreaHit, ScanReport, ScanStatus, ToolRun, Unscanned
from gate.reports.escape import path_from_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gate.core.policy import ScannersPolicy
    from gate.pipeline import report_schema as told

#: Built-in scanners, whose settings stand under their own names in the policy.
BUILT_IN = ("semgrep", "bandit")
#: Longest piece of text that a claim may carry into a decision.
MOST_TEXT = 2000


def runs(report: told.Report, policy: ScannersPolicy) -> tuple[ToolRun, ...]:
    """Return what each scanner claims to have read. Whether one is required is the policy's word.

    A scanner that the policy requires and the report does not name has failed.
    """
    required = {name: getattr(policy, name).required for name in BUILT_IN}
    required |= {row.name: row.required for row in policy.sarif}
    sightings = _sightings(report.findings)
    found = [
        ToolRun(
            head=_side(tool, required.get(tool.name, False), sightings.get(tool.name, ())),
            base=None if tool.base is None else _side(tool.base, required.get(tool.name, False), ()),
        )
        for tool in report.tools
    ]
    found = [_needed(run) if run.head.tool == TOOL else run for run in found]
    required[TOOL] = True
    named = {tool.name for tool in report.tools}
    found += [
        ToolRun(
            head=ScanReport(
                tool=name, status=ScanStatus.FAILED, reason="the report does not speak of it", required=True
            )
        )
        for name, is_required in required.items()
        if is_required and name not in named
    ]
    return tuple(found)


def _needed(run: ToolRun) -> ToolRun:
    """The gate's own checks as check ran them: that they failed must not be passed over."""
    return replace(run, head=replace(run.head, required=run.head.status is not ScanStatus.COMPLETED))


def _side(side: told.Side, required: bool, sightings: Sequence[Sighting]) -> ScanReport:  # noqa: FBT001
    unscanned = {path_from_json(miss.path): _cut(miss.reason) for miss in side.unscanned}
    targets = {path_from_json(path) for path in side.targets} | unscanned.keys()
    scanned = {path_from_json(path) for path in side.scanned} & targets - unscanned.keys()
    # What is a target and neither read nor said to be unread was not read.
    unscanned |= dict.fromkeys(targets - scanned - unscanned.keys(), "not accounted for")
    return ScanReport(
        tool=_cut(side.name),
        version=_cut(side.version),
        engine=_cut(side.engine),
        status=ScanStatus(side.status),
        reason=_cut(side.reason),
        required=required,
        targets=tuple(sorted(targets)),
        scanned=tuple(sorted(scanned)),
        unscanned=tuple(Unscanned(path=path, reason=why) for path, why in sorted(unscanned.items())),
        errors=tuple(_cut(error) for error in side.errors),
        sightings=tuple(sightings),
    )


def _sightings(findings: Iterable[told.Finding]) -> Mapping[str, list[Sighting]]:
    """One sighting for each witness, for what counts sightings or reads the files that have some."""
    found: dict[str, list[Sighting]] = {}
    for row in findings:
        for witness in row.witnesses:
            found.setdefault(witness.tool, []).append(
                Sighting(
                    tool=witness.tool,
                    rule_id=witness.rule_id,
                    path=path_from_json(row.location.path),
                    range=_range(witness.range.start, witness.range.end),
                    severity=Severity[row.severity.upper()],
                )
            )
    return found


def finding(row: told.Finding) -> Finding:
    """Return a claimed finding without a decision. `suppressed`: all its witnesses say so."""
    witnesses = tuple(
        Witness(
            tool=_cut(w.tool),
            rule_id=_cut(w.rule_id),
            range=_range(w.range.start, w.range.end),
            native_severity=_cut(w.native_severity),
            native_confidence=_cut(w.native_confidence),
            message=_cut(w.message),
            url=_cut(w.url) if w.url.startswith(("https://", "http://")) else "",
            suppressed=w.suppressed,
        )
        for w in row.witnesses
    )
    place = _range(row.location.start, row.location.end)
    prints = row.fingerprints
    hidden = row.decision in ("suppressed", "signoff") and bool(witnesses)
    return Finding(
        id=row.id,
        fingerprints=Fingerprints(id_v1=prints.id_v1, moved_v1=prints.moved_v1, code_v1=prints.code_v1),
        family=_cut(row.family),
        cwe=tuple(row.cwe),
        title=_cut(row.title),
        message=_cut(row.message),
        severity=Severity[row.severity.upper()],
        confidence=Confidence[row.confidence.upper()],
        path=path_from_json(row.location.path),
        range=place,
        scope=_cut(row.location.scope),
        code="",
        ordinal=0,
        statement=place,
        witnesses=witnesses,
        suppressed=hidden and all(w.suppressed for w in witnesses),
        state=State(row.state),
        matched=row.matched,
        decision=Decision.NOTE,
    )


def earlier(report: told.Report, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings of the base that had their comment before: those that a row says are not new."""
    old = {one for row in report.suppressions if not row.introduced for one in row.findings}
    return tuple(
        replace(one, id=one.matched) for one in findings if one.matched is not None and one.id in old
    )


def area_hits(report: told.Report) -> ToolRun:
    """Return the claimed matches of area rules, which only a scanner can look for, as a run that found nothing else.

    Whether one stands on a changed line, and what that line says, is left to git.
    """
    sides: dict[str, list[AreaHit]] = {"new": [], "old": []}
    for area in report.areas:
        for row in area.evidence:
            if row.layer == "L3":
                hit = AreaHit(
                    area=area.area,
                    rule_id=_cut(row.rule),
                    path=path_from_json(row.path),
                    range=Range(start_line=row.line),
                )
                sides[row.side].append(hit)
    return ToolRun(
        head=ScanReport(tool="semgrep", area_hits=tuple(sides["new"])),
        base=ScanReport(tool="semgrep", area_hits=tuple(sides["old"])),
    )


def _range(start: told.Point, end: told.Point) -> Range:
    return Range(start_line=start.line, start_column=start.col, end_line=end.line, end_column=end.col)


def _cut(text: str) -> str:
    return text[:MOST_TEXT]
