"""SARIF 2.1.0 for code scanning: one run, the gate as its tool, every finding that is not fixed."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from gate import __version__
from gate.core.finding import Decision, Severity, State
from gate.core.merge import is_ai
from gate.core.scan import ScanStatus
from gate.core.verdict import Outcome
from gate.reports import ai_parts, machine, order, scan_summary, summary
from gate.reports.escape import MAX_PART, json_document, percent_encoded, sarif, visible
from gate.reports.hints import hint
from gate.reports.messages import Catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gate.core.facts import Facts, Run
    from gate.core.finding import Finding
    from gate.core.scan import ToolRun
    from gate.core.suppression import Suppression
    from gate.reports.options import Options, Scan
    from gate.reports.summary import Missed

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

#: GitHub keeps 5,000 results of a run, not the worst ones, and refuses more than 25,000. So the gate cuts.
MOST_RESULTS = 5_000
#: GitHub keeps ten tags of a rule; `security` and nine weaknesses.
MOST_CWE_TAGS = 9
MOST_NOTIFICATIONS = 1_000

_LEVELS = {
    Severity.CRITICAL: ("error", "9.5"),
    Severity.HIGH: ("error", "8.0"),
    Severity.MEDIUM: ("warning", "5.5"),
    Severity.LOW: ("note", "3.0"),
    Severity.INFO: ("note", "0.5"),
}
#: A finding whose base could not be read is decided like a new one, and said to be new.
_BASELINE = {
    State.NEW: "new",
    State.UNKNOWN: "new",
    State.EXISTING: "unchanged",
    State.MOVED: "updated",
    State.FIXED: "absent",
}


def report(run: Run, _: Options) -> str:
    """Return a SARIF log whose results stand in the order of all reports, at most MOST_RESULTS of them.

    How many are missing is `properties.omitted` of the run. The text is English: GitHub keys alerts on it.
    """
    facts = run.facts
    properties = {
        "verdict": run.verdict.outcome.word,
        "exitCode": run.exit_code,
        "fixed": len(facts.fixed),
        **({"aiReview": _ai(facts)} if facts.policy.ai.enabled else {}),
    }
    invocation = {
        "executionSuccessful": run.verdict.outcome is not Outcome.INCOMPLETE,
        "exitCode": run.exit_code,
        "exitCodeDescription": visible(run.verdict.outcome.word),
        "toolExecutionNotifications": _notifications(facts.tools, summary.missed(run, Catalogue("en"))),
    }
    return _log(facts.findings, facts.suppressions, facts.tools, invocation, properties)


def _ai(facts: Facts) -> dict[str, Any]:
    """What a reader must know of the review by a model; never a word of success unless it was completed."""
    done = ai_parts.ai(facts.ai)
    keys = ("status", "reason", "engine", "model", "cli_version", "runs", "agreement", "prompt_digest")
    return {
        "told": sarif(ai_parts.sentence(facts)),
        **{
            key: sarif(value) if isinstance(value, str) else value
            for key, value in done.items()
            if key in keys
        },
    }


def scan(scan: Scan, _: Options) -> str:
    """Return a SARIF log of a scanned tree; see `report`."""
    say = Catalogue("en")
    notes = _notifications(scan.tools, summary.missed_in_tree(scan, say))
    if uncovered := scan_summary.languages(scan):
        listed = ", ".join(f"{name} ({say.count('files', n)})" for name, n in uncovered)
        notes.append({"level": "note", "message": {"text": sarif(say("uncovered", files=listed))}})
    invocation = {"executionSuccessful": not scan.incomplete, "toolExecutionNotifications": notes}
    return _log(scan.findings, scan.suppressions, scan.tools, invocation, {})


def _log(
    found: Iterable[Finding],
    suppressions: Iterable[Suppression],
    tools: Iterable[ToolRun],
    invocation: dict[str, Any],
    properties: dict[str, Any],
) -> str:
    findings, tools = order.findings(found), order.tools(tools)
    shown = findings[:MOST_RESULTS]
    rules = _rules(shown)
    places = {rule["id"]: place for place, rule in enumerate(rules)}
    kinds = _suppression_kinds(suppressions)
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "ai-merge-gate",
                        "version": __version__,
                        "semanticVersion": __version__,
                        "rules": rules,
                    },
                    "extensions": _extensions(tools),
                },
                "automationDetails": {"id": "ai-merge-gate/"},
                "columnKind": "unicodeCodePoints",
                "invocations": [invocation],
                "results": [_result(f, places, kinds) for f in shown],
                "properties": {
                    **properties,
                    "bySeverity": _counts(f.severity.word for f in findings),
                    "byState": _counts(f.state.value for f in findings),
                    "omitted": len(findings) - len(shown),
                    "tools": {sarif(t.head.tool, most=MAX_PART): t.head.status.value for t in tools},
                },
            }
        ],
    }
    return json_document(json.dumps(log, sort_keys=True, indent=1, ensure_ascii=False)) + "\n"


def _counts(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))


def _rule_id(finding: Finding) -> str:
    """Family and severity: GitHub keys alerts on the rule and takes the severity from it alone. A rule id of
    a scanner would close and open alerts whenever a witness changes. What only a model says is another rule.
    """
    if machine.is_remark(finding):
        return f"{sarif(finding.family, most=200)}/ai"
    return f"{sarif(finding.family, most=200)}/{finding.severity.word}"


def _rules(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    by_id: dict[str, list[Finding]] = {}
    for finding in findings:
        by_id.setdefault(_rule_id(finding), []).append(finding)
    rules = []
    for rule_id, members in sorted(by_id.items()):
        remark = machine.is_remark(members[0])
        level, score = ("note", "") if remark else _LEVELS[members[0].severity]
        family = rule_id.rpartition("/")[0]
        cwe = sorted({number for finding in members for number in finding.cwe})
        usual = hint(members[0].family, "en")
        text = " ".join(part for part in (f"Findings of the family {family}.", usual) if part)
        rules.append(
            {
                "id": rule_id,
                "name": family,
                "shortDescription": {"text": family},
                "fullDescription": {"text": text},
                "help": {"text": f"{text} gate explain {family} says more."},
                "defaultConfiguration": {"level": level},
                "properties": {
                    **({"security-severity": score} if score else {}),
                    "tags": [
                        *(["ai"] if remark else ["security"]),
                        *(f"external/cwe/cwe-{n:03}" for n in cwe[:MOST_CWE_TAGS]),
                    ],
                },
            }
        )
    return rules


def _result(finding: Finding, places: dict[str, int], kinds: dict[str, str]) -> dict[str, Any]:
    rule_id = _rule_id(finding)
    title = sarif(finding.title) or sarif(finding.family) or "finding"  # a result without a text is refused
    message = sarif(finding.message)
    witnesses = dict.fromkeys(
        f"{w.tool} {w.rule_id}" + (f" ({w.native_confidence})" if is_ai(w.tool) else "")
        for w in order.witnesses(finding.witnesses)
    )
    result: dict[str, Any] = {
        "ruleId": rule_id,
        "ruleIndex": places[rule_id],
        "kind": "fail",
        "level": "note" if machine.is_remark(finding) else _LEVELS[finding.severity][0],
        "message": {"text": title if message in ("", title) else f"{title}. {message}"},
        "locations": [_location(finding)],
        "fingerprints": {
            "id/v1": finding.fingerprints.id_v1,
            "moved/v1": finding.fingerprints.moved_v1,
            "code/v1": finding.fingerprints.code_v1,
        },
        "baselineState": _BASELINE[finding.state],
        "properties": {
            "id": finding.id,
            "state": finding.state.value,
            "decision": finding.decision.value,
            "severity": finding.severity.word,
            "confidence": finding.confidence.word,
            "witnesses": [sarif(w, most=MAX_PART) for w in witnesses],
        },
    }
    if finding.line_hash:
        result["partialFingerprints"] = {"primaryLocationLineHash": finding.line_hash}
    suppression = _suppression(finding, kinds)
    if suppression:
        result["suppressions"] = [suppression]
    return result


def _location(finding: Finding) -> dict[str, Any]:
    """Every result has a place; one that no scanner could place stands at the top of the tree."""
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri(finding.path)}}
    place = finding.range
    if finding.path:
        region = {"startLine": max(1, place.start_line)}
        if place.start_column:
            region["startColumn"] = place.start_column
        if place.end_line >= place.start_line > 0:
            region["endLine"] = place.end_line
            if place.end_column and place.start_column:
                region["endColumn"] = place.end_column
        physical["region"] = region
    location: dict[str, Any] = {"physicalLocation": physical}
    if finding.scope:
        location["logicalLocations"] = [{"fullyQualifiedName": sarif(finding.scope, most=MAX_PART)}]
    return location


def uri(path: str) -> str:
    """Return a path as a relative URI: every byte but unreserved characters and `/` is percent-encoded."""
    return percent_encoded(order.path_key(path)) or "."


def _suppression_kinds(items: Iterable[Suppression]) -> dict[str, str]:
    return {
        finding_id: "external" if s.kind == "waiver" else "inSource"
        for s in order.suppressions(items)
        for finding_id in s.findings
    }


def _suppression(finding: Finding, kinds: dict[str, str]) -> dict[str, Any] | None:
    """A suppression that waits for a human is under review, which leaves the alert open."""
    usual = "external" if finding.decision is Decision.WAIVED else "inSource"
    if finding.decision in (Decision.SUPPRESSED, Decision.WAIVED):
        status = "accepted"
    elif finding.decision is Decision.SIGNOFF and finding.suppression:
        status = "underReview"
    else:
        return None
    return {
        "kind": kinds.get(finding.id, usual),
        "status": status,
        "justification": sarif(finding.suppression or finding.decision.value),
    }


def _extensions(tools: Iterable[ToolRun]) -> list[dict[str, Any]]:
    rows = []
    for tool in tools:
        row = {"name": sarif(tool.head.tool, most=MAX_PART) or "unknown"}
        if tool.head.version:
            row["version"] = sarif(tool.head.version, most=MAX_PART)
        rows.append(row)
    return rows


def _notifications(tools: Iterable[ToolRun], missed: Sequence[Missed]) -> list[dict[str, Any]]:
    """One note for each tool that did not complete, and one for each file that nobody read."""
    notes: list[dict[str, Any]] = [
        {
            "level": "error"
            if tool.head.required and tool.head.status is not ScanStatus.PARTIAL
            else "warning",
            "message": {
                "text": sarif(f"{tool.head.tool} {tool.head.status.value}: {tool.head.reason}").rstrip(": ")
            },
        }
        for tool in order.tools(tools)
        if tool.head.status is not ScanStatus.COMPLETED
    ]
    notes += [
        {
            "level": "warning" if row.tool else "note",
            "message": {"text": sarif(": ".join(p for p in ("not scanned", row.tool, row.reason) if p))},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(row.path)}}}],
        }
        for row in missed[:MOST_NOTIFICATIONS]
    ]
    if len(missed) > MOST_NOTIFICATIONS:
        left = (
            f"{len(missed) - MOST_NOTIFICATIONS:,} more files were not scanned; the JSON report names them."
        )
        notes.append({"level": "warning", "message": {"text": left}})
    return notes
