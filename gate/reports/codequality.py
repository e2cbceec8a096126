"""GitLab Code Quality: a list of entries that the merge request widget compares with the target branch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gate.core.finding import Severity
from gate.reports import machine, summary
from gate.reports.escape import json_path
from gate.reports.escape_xml import forge_text
from gate.reports.hints import hint
from gate.reports.json import dump
from gate.reports.messages import Catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gate.core.facts import Run
    from gate.core.finding import Finding
    from gate.reports.options import Options, Scan
    from gate.reports.summary import Missed

#: GitLab's own five words, worst last.
_SEVERITIES = {
    Severity.INFO: "info",
    Severity.LOW: "minor",
    Severity.MEDIUM: "major",
    Severity.HIGH: "critical",
    Severity.CRITICAL: "blocker",
}
#: Stands for the whole tree, where an entry needs a path and there is none.
TREE = "."


def report(run: Run, _: Options) -> str:
    """Return every finding that is not fixed, suppressed or waived, in the order of reports.

    An incomplete run is never an empty list: each reason for it, and each file that was not read, is an entry.
    """
    why = [(r.rule, f"{r.because} {r.to_pass}") for r in machine.incomplete(run)]
    return _document(run.facts.findings, why, machine.missed(run))


def scan(scan: Scan, _: Options) -> str:
    """Return the findings of a tree; see `report`. Of a tree all are listed, so two of them can be compared."""
    why = [("scan.required", sentence) for sentence in sorted(scan.incomplete)]
    return _document(scan.findings, why, summary.missed_in_tree(scan, Catalogue("en")))


def _document(
    findings: Iterable[Finding], incomplete: Iterable[tuple[str, str]], missed: Iterable[Missed]
) -> str:
    found = machine.with_ids(machine.open_findings(findings))
    return dump([*_incomplete(incomplete), *_missed(missed), *(_entry(own, f) for own, f in found)])


def _entry(own: str, finding: Finding) -> dict[str, Any]:
    usual = hint(finding.family, "en")
    title = forge_text(finding.title or finding.family, most=255) or "finding"
    message = forge_text(summary.message(finding), most=1_000)
    told = (title, message, usual)
    place = finding.range
    lines = {"begin": max(1, place.start_line)}
    if place.end_line > place.start_line > 0:
        lines["end"] = place.end_line
    return {
        "description": " ".join(
            part if part.endswith((".", "!", "?")) else f"{part}." for part in told if part
        ),
        "check_name": f"{forge_text(finding.family, most=100) or 'finding'}/{finding.severity.word}",
        "fingerprint": own,
        "severity": _SEVERITIES[Severity.INFO if machine.is_remark(finding) else finding.severity],
        "location": {"path": json_path(finding.path) or TREE, "lines": lines},
    }


def _incomplete(reasons: Iterable[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    for rule, told in reasons:
        yield {
            "description": forge_text(f"Incomplete: {told}", most=2_000),
            "check_name": f"gate/{rule}",
            "fingerprint": machine.digest("incomplete", rule, told),
            "severity": "blocker",
            "location": {"path": TREE, "lines": {"begin": 1}},
        }


def _missed(rows: Iterable[Missed]) -> Iterator[dict[str, Any]]:
    for row in rows:
        why = ": ".join(part for part in (row.tool, row.reason) if part)
        yield {
            "description": forge_text(f"Not scanned ({why}).", most=1_000),
            "check_name": "gate/not-scanned",
            "fingerprint": machine.digest("not-scanned", row.path, row.tool, row.reason),
            "severity": "major" if row.tool else "info",
            "location": {"path": json_path(row.path) or TREE, "lines": {"begin": 1}},
        }
