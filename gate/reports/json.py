"""The report file `gate-report/1`, and the parts of it that other commands print."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gate.reports import ai_parts, order
from gate.reports import json_parts as parts
from gate.reports.escape import json_document, json_path

if TYPE_CHECKING:
    from gate.core.area import Touched
    from gate.core.facts import Run
    from gate.reports.options import Options, Scan

SCHEMA = "gate-report/1"
#: What stands under `ai` where the policy asks for no review by a model.
NO_AI_REVIEW = ai_parts.NONE
#: Characters from which a faster layout pays.
LARGE = 1_000_000


def report(run: Run, options: Options) -> str:
    """Return the report file: keys as in docs/report.md, sorted; equal runs give equal bytes.

    `seconds` of tools is null unless `options.timings`, because a measured time is never the same twice.
    """
    return dump(report_dict(run, options))


def scan(scan: Scan, options: Options) -> str:
    """Return the keys of the report file that a tree has, and what a baseline says about it."""
    return dump(
        {
            "tools": [parts.tool(t, options) for t in order.tools(scan.tools)],
            "findings": [parts.finding(f) for f in order.findings(scan.findings)],
            "suppressions": [parts.suppression(s) for s in order.suppressions(scan.suppressions)],
            "excluded": parts.excluded(scan.excluded),
            "uncovered": [json_path(path) for path in order.paths(scan.uncovered)],
            "unopened": [json_path(path) for path in order.paths(scan.unopened)],
            "installed": [json_path(path) for path in order.paths(scan.installed)],
            "files": scan.files,
            "incomplete": sorted(scan.incomplete),
            "baseline": None if scan.compared is None else parts.compared(scan.compared),
        }
    )


def areas(touched: Touched, _: Options) -> str:
    """Return `{"areas": [...], "context": [...]}`."""
    return dump({"areas": parts.areas(touched.touches), "context": parts.context(touched.context)})


def dump(value: Any) -> str:
    """Return `value` as indented JSON with sorted keys and a line break at the end."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    if len(text) > LARGE:
        return json_document(_indented(text)) + "\n"
    return json_document(json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1)) + "\n"


def _indented(text: str) -> str:
    """Lay out compact JSON as `json.dumps` does, which for that leaves its fast way and takes ten times as long."""
    import msgspec  # noqa: PLC0415 - costs more than it saves for a small report

    return msgspec.json.format(text.encode("utf-8", "surrogatepass"), indent=1).decode(
        "utf-8", "surrogatepass"
    )


def report_dict(run: Run, options: Options) -> dict[str, Any]:
    """Return the report file as plain values."""
    facts = run.facts
    return {
        "schema": SCHEMA,
        "gate": {
            "version": run.stamp.version,
            "policy_source": run.stamp.policy_source,
            "policy_digest": run.stamp.policy_digest,
            "rulesets_digest": run.stamp.rulesets_digest,
            "registry_digest": run.stamp.registry_digest,
            "registry_version": run.stamp.registry_version,
            "registry_overlay": parts.overlay(run.stamp.registry_overlay),
            "preset": facts.policy.preset,
            "mode": facts.policy.mode.value,
        },
        "change": parts.change(facts.change),
        "authorship": parts.authorship(facts.authorship),
        "areas": parts.areas(facts.touches),
        "context": parts.context(facts.context),
        "tools": [parts.tool(t, options) for t in order.tools(facts.tools)],
        "findings": [parts.finding(f) for f in order.findings(facts.findings)],
        "fixed": [parts.finding(f) for f in order.findings(facts.fixed)],
        "suppressions": [parts.suppression(s) for s in order.suppressions(facts.suppressions)],
        "excluded": parts.excluded(facts.excluded),
        "uncovered": [json_path(path) for path in order.paths(facts.uncovered)],
        "signoff": parts.signoff(facts.signoff),
        "ai": ai_parts.ai(facts.ai),
        "reasons": [
            {
                "rule": r.rule,
                "outcome": r.outcome.word,
                "because": r.because,
                "to_pass": r.to_pass,
                "findings": sorted(r.findings),
            }
            for r in run.verdict.reasons
        ],
        "verdict": run.verdict.outcome.word,
        "exit_code": run.exit_code,
        "notes": [*run.notes, *facts.change.notes, *facts.policy.warnings],
    }
