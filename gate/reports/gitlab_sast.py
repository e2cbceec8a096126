"""GitLab SAST report, schema 15.0.6: what the security widget and the vulnerability report read."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from gate import __version__
from gate.core.verdict import Outcome
from gate.reports import ai_parts, machine, order, summary
from gate.reports.escape import http_url, json_path, one_line
from gate.reports.escape_xml import forge_text
from gate.reports.hints import hint
from gate.reports.json import dump
from gate.reports.messages import Catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gate.core.facts import Run
    from gate.core.finding import Finding
    from gate.reports.options import Options, Scan
    from gate.reports.summary import Missed

#: A report of an unknown MAJOR.MINOR is validated and then not read, so exactly one version is declared.
VERSION = "15.0.6"
#: GitLab reads no more identifiers of a vulnerability, and longer names are refused.
MOST_IDENTIFIERS = 20
MOST_NAME = 255
MOST_MESSAGES = 1_000

_TOOL = {
    "id": "ai-merge-gate",
    "name": "ai-merge-gate",
    "version": __version__,
    "vendor": {"name": "ai-merge-gate"},
}
#: The time of a run that was given none; the schema needs one, and a clock would make each report differ.
_NO_TIME = "1970-01-01T00:00:00"


def report(run: Run, _: Options) -> str:
    """Return every finding that is neither fixed, suppressed nor waived as a vulnerability.

    `scan.status` is `failure` when the verdict is `incomplete`. `scan.messages` say the verdict, why it is
    incomplete, and which files were not read. Both times are the run's one time, in UTC.
    """
    told = [("info", f"Verdict of the gate: {run.verdict.outcome.word}, exit code {run.exit_code}.")]
    told += [("fatal", f"{r.because} {r.to_pass}") for r in machine.incomplete(run)]
    told.append(("info", ai_parts.sentence(run.facts)))
    failed = run.verdict.outcome is Outcome.INCOMPLETE
    return _document(run.facts.findings, told, machine.missed(run), now=run.facts.now, failed=failed)


def scan(scan: Scan, _: Options) -> str:
    """Return the findings of a tree; see `report`. `failure` is a scan in which a required scanner is missing."""
    told = [("fatal", sentence) for sentence in sorted(scan.incomplete)]
    missed = summary.missed_in_tree(scan, Catalogue("en"))
    return _document(scan.findings, told, missed, now=scan.now, failed=bool(scan.incomplete))


def _document(
    findings: Sequence[Finding],
    told: list[tuple[str, str]],
    missed: Sequence[Missed],
    *,
    now: str,
    failed: bool,
) -> str:
    time = now.removesuffix("Z")[:19] or _NO_TIME
    if hidden := machine.hidden(findings):
        told.append(("info", f"{hidden:,} suppressed or waived, not listed here; the JSON report has them."))
    messages = islice((*told, *_missed(missed)), MOST_MESSAGES)
    found = machine.with_ids(machine.open_findings(findings))
    return dump(
        {
            "version": VERSION,
            "scan": {
                "analyzer": _TOOL,
                "scanner": _TOOL,
                "type": "sast",
                "start_time": time,
                "end_time": time,
                "status": "failure" if failed else "success",
                "messages": [{"level": level, "value": one_line(text) or level} for level, text in messages],
            },
            "vulnerabilities": [_vulnerability(own, f) for own, f in found],
        }
    )


def _missed(rows: Sequence[Missed]) -> Iterator[tuple[str, str]]:
    if len(rows) > MOST_MESSAGES // 2:
        yield (
            "warn",
            f"{len(rows):,} files were not scanned; the first ones follow, the JSON report names all.",
        )
    for row in rows:
        why = ": ".join(part for part in (row.tool, row.reason) if part)
        yield "warn" if row.tool else "info", f"Not scanned: {row.path} ({why})."


def _vulnerability(own: str, finding: Finding) -> dict[str, Any]:
    title = forge_text(finding.title or finding.family, most=MOST_NAME - 25)[:MOST_NAME] or "finding"
    value: dict[str, Any] = {
        "id": own,
        "name": title,
        "description": forge_text(finding.message) or title,
        "severity": "Info" if machine.is_remark(finding) else finding.severity.word.capitalize(),
        "identifiers": list(islice(_identifiers(finding), MOST_IDENTIFIERS)),
        "location": {},
        "details": {
            "decision": {"name": "Decision of the gate", "type": "text", "value": finding.decision.value},
            "state": {"name": "Against the target branch", "type": "text", "value": finding.state.value},
            "confidence": {"name": "Confidence", "type": "text", "value": finding.confidence.word},
        },
    }
    if usual := hint(finding.family, "en"):
        value["solution"] = usual
    if links := _links(finding):
        value["links"] = links
    if finding.path:
        start, end = max(1, finding.range.start_line), max(1, finding.range.last_line)
        path = json_path(finding.path)
        value["location"] = {"file": path, "start_line": start, "end_line": end}
        if finding.scope:
            value["tracking"] = _tracking(finding, path, start, end)
    return value


def _identifiers(finding: Finding) -> Iterator[dict[str, str]]:
    """The first one is ours: GitLab compares by it, and a scanner's own rule changes when a witness does."""
    family = forge_text(finding.family, most=200) or "finding"
    yield {"type": "ai_merge_gate", "name": f"ai-merge-gate {family}", "value": family}
    for number in sorted(finding.cwe):
        yield {
            "type": "cwe",
            "name": f"CWE-{number}",
            "value": str(number),
            "url": f"https://cwe.mitre.org/data/definitions/{number}.html",
        }
    rules = dict.fromkeys((w.tool, w.rule_id) for w in order.witnesses(finding.witnesses))
    for tool, rule in rules:
        name, value = forge_text(tool, most=40) or "scanner", forge_text(rule, most=180) or "rule"
        yield {
            "type": f"{name.lower()}_rule_id"[:MOST_NAME],
            "name": f"{name} {value}"[:MOST_NAME],
            "value": value,
        }


def _links(finding: Finding) -> list[dict[str, str]]:
    urls = dict.fromkeys(http_url(w.url) for w in order.witnesses(finding.witnesses))
    return [{"url": url} for url in urls if url]


def _tracking(finding: Finding, path: str, start: int, end: int) -> dict[str, Any]:
    """Follow a finding by our own identity inside its scope, which survives lines that are added above it."""
    scope = "|".join(f"{part}[0]" for part in one_line(finding.scope).split("."))
    value = f"{path}|{scope}:{finding.fingerprints.id_v1}"
    return {
        "type": "source",
        "items": [
            {
                "file": path,
                "start_line": start,
                "end_line": end,
                "signatures": [{"algorithm": "scope_offset", "value": value}],
            }
        ],
    }
