"""The report file `gate-report/1`, and the parts of it that other commands print."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gate.reports import order
from gate.reports.escape import json_document, json_path
from gate.reports.files import file_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gate.core.area import Touch
    from gate.core.authorship import Authorship, CommitAuthorship, Evidence
    from gate.core.change import ChangeSet
    from gate.core.facts import Run
    from gate.core.finding import Finding, Range, Witness
    from gate.core.review import Signoff
    from gate.core.scan import ScanReport, ToolRun
    from gate.core.suppression import Suppression
    from gate.reports.options import Options, Scan

SCHEMA = "gate-report/1"

#: The AI review is no part of this run.
_NO_AI_REVIEW: Mapping[str, Any] = {
    "status": "skipped",
    "reason": "disabled",
    "engine": None,
    "model": None,
    "cli_version": None,
    "runs": 0,
    "agreement": None,
    "cost_usd": None,
    "unreviewed": [],
}


def report(run: Run, options: Options) -> str:
    """Return the report file: keys as in docs/report.md, sorted; equal runs give equal bytes.

    `seconds` of tools is null unless `options.timings`, because a measured time is never the same twice.
    """
    return dump(report_dict(run, options))


def scan(scan: Scan, options: Options) -> str:
    """Return `{"findings", "suppressions", "tools"}` of a tree."""
    return dump(
        {
            "tools": [_tool(t, options) for t in order.tools(scan.tools)],
            "findings": [_finding(f) for f in order.findings(scan.findings)],
            "suppressions": [_suppression(s) for s in order.suppressions(scan.suppressions)],
        }
    )


def areas(touches: Sequence[Touch], _: Options) -> str:
    """Return `{"areas": [...]}`."""
    return dump({"areas": _areas(touches)})


def authorship(facts: Authorship, _: Options) -> str:
    """Return the `authorship` object of the report file."""
    return dump(_authorship(facts))


def dump(value: Any) -> str:
    """Return `value` as indented JSON with sorted keys and a line break at the end."""
    return json_document(json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False)) + "\n"


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
            "preset": facts.policy.preset,
            "mode": facts.policy.mode.value,
        },
        "change": _change(facts.change),
        "authorship": _authorship(facts.authorship),
        "areas": _areas(facts.touches),
        "tools": [_tool(t, options) for t in order.tools(facts.tools)],
        "findings": [_finding(f) for f in order.findings(facts.findings)],
        "fixed": [_finding(f) for f in order.findings(facts.fixed)],
        "suppressions": [_suppression(s) for s in order.suppressions(facts.suppressions)],
        "excluded": [
            {"path": json_path(e.path), "glob": e.glob}
            for e in sorted(facts.excluded, key=lambda e: (order.path_key(e.path), e.glob))
        ],
        "uncovered": [json_path(path) for path in order.paths(facts.uncovered)],
        "signoff": _signoff(facts.signoff),
        "ai": _NO_AI_REVIEW,
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


def _change(change: ChangeSet) -> dict[str, Any]:
    return {
        "repo": change.repo,
        "target": change.target,
        "base": change.base,
        "merge_base": change.merge_base,
        "merge_bases": list(change.merge_bases),
        "head": change.head,
        "change_digest": change.change_digest,
        "commits": len(change.commits),
        "files": [
            {
                "path": json_path(row.path),
                "old_path": None if row.old_path is None else json_path(row.old_path),
                "status": row.status,
                "added": row.added,
                "removed": row.removed,
                "binary": row.binary,
            }
            for row in file_rows(change)
        ],
    }


def _authorship(facts: Authorship) -> dict[str, Any]:
    return {
        "verdict": facts.verdict.value,
        "agents": list(facts.agents),
        "commits": [_commit(c) for c in facts.commits],
        "share": {"commits": _rounded(facts.share_commits), "lines": _rounded(facts.share_lines)},
        "suppressed": facts.suppressed,
        "evidence": [_evidence(e) for e in facts.evidence],
        "hints": [_evidence(e) for e in facts.hints],
        "sources": dict(facts.sources),
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _commit(commit: CommitAuthorship) -> dict[str, Any]:
    return {
        "sha": commit.sha,
        "verdict": commit.verdict.value,
        "role": commit.role,
        "agent": commit.agent,
        "agents": list(commit.agents),
        "certainty": commit.certainty,
        "suppressed": commit.suppressed,
        "evidence": [_evidence(e) for e in commit.evidence],
        "hints": [_evidence(e) for e in commit.hints],
        "remarks": list(commit.remarks),
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "signature": evidence.signature,
        "agent": evidence.agent,
        "agent_name": evidence.agent_name,
        "role": evidence.role,
        "grade": evidence.grade,
        "registry_grade": evidence.registry_grade,
        "source": evidence.source,
        "field": evidence.field,
        "place": evidence.place,
        "line": evidence.line,
        "text": evidence.text,
        "sha": evidence.sha,
        "prompter": evidence.prompter,
        "remark": evidence.remark,
    }


def _areas(touches: Iterable[Touch]) -> list[dict[str, Any]]:
    return [
        {
            "area": area,
            "evidence": [
                {
                    "layer": t.layer,
                    "rule": t.rule,
                    "path": json_path(t.path),
                    "line": t.line,
                    "side": t.side,
                    "text": t.text,
                }
                for t in evidence
            ],
        }
        for area, evidence in order.by_area(touches).items()
    ]


def _tool(run: ToolRun, options: Options) -> dict[str, Any]:
    return _side(run.head, options) | {"base": None if run.base is None else _side(run.base, options)}


def _side(report: ScanReport, options: Options) -> dict[str, Any]:
    return {
        "name": report.tool,
        "version": report.version,
        "engine": report.engine,
        "status": report.status.value,
        "reason": report.reason,
        "required": report.required,
        "targets": [json_path(p) for p in order.paths(report.targets)],
        "scanned": [json_path(p) for p in order.paths(report.scanned)],
        "unscanned": [
            {"path": json_path(u.path), "reason": u.reason} for u in order.unscanned(report.unscanned)
        ],
        "errors": list(report.errors),
        "seconds": round(report.seconds, 3) if options.timings else None,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    prints = finding.fingerprints
    return {
        "id": finding.id,
        "fingerprints": {"id/v1": prints.id_v1, "moved/v1": prints.moved_v1, "code/v1": prints.code_v1},
        "line_hash": finding.line_hash,
        "family": finding.family,
        "cwe": sorted(finding.cwe),
        "title": finding.title,
        "message": finding.message,
        "severity": finding.severity.word,
        "confidence": finding.confidence.word,
        "location": {
            "path": json_path(finding.path),
            **_range(finding.range),
            "scope": finding.scope,
            "in_diff": finding.in_diff.value,
        },
        "snippet": "\n".join(finding.snippet),
        "snippet_start": finding.snippet_start,
        "commit": None
        if finding.commit is None
        else {"sha": finding.commit, "author_kind": finding.author_kind},
        "witnesses": [_witness(w) for w in order.witnesses(finding.witnesses)],
        "state": finding.state.value,
        "matched": finding.matched,
        "suppression": finding.suppression,
        "decision": finding.decision.value,
    }


def _range(place: Range) -> dict[str, Any]:
    return {
        "start": {"line": place.start_line, "col": place.start_column},
        "end": {"line": place.last_line, "col": place.end_column},
    }


def _witness(witness: Witness) -> dict[str, Any]:
    return {
        "tool": witness.tool,
        "rule_id": witness.rule_id,
        "native_severity": witness.native_severity,
        "native_confidence": witness.native_confidence,
        "range": _range(witness.range),
        "message": witness.message,
        "url": witness.url,
        "suppressed": witness.suppressed,
    }


def _suppression(item: Suppression) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "path": json_path(item.path),
        "line": item.line,
        "rules": list(item.rules),
        "blanket": item.blanket,
        "reason": item.reason,
        "owner": item.owner,
        "expires": item.expires,
        "findings": sorted(item.findings),
        "introduced": item.introduced,
        "author_kind": item.author_kind,
        "effective": item.effective,
        "needs_signoff": item.needs_signoff,
        "why": item.why,
    }


def _signoff(signoff: Signoff) -> dict[str, Any]:
    return {
        "required": signoff.required,
        "areas": {
            area: [
                {"rule": t.rule, "path": json_path(t.path), "line": t.line, "side": t.side}
                for t in order.by_area(touches).get(area, ())
            ]
            for area, touches in signoff.areas.items()
        },
        "authors": sorted(signoff.authors),
        "accountable": sorted(signoff.accountable),
        "unresolved": sorted(signoff.unresolved),
        "ai": signoff.ai,
        "needed": signoff.needed,
        "accepted": sorted(signoff.accepted),
        "carried_over": sorted(signoff.carried_over),
        "ignored": [{"who": i.who, "why": i.why} for i in sorted(signoff.ignored)],
        "objections": sorted(signoff.objections),
        "eligible": {area: sorted(people) for area, people in signoff.eligible.items()},
        "missing": sorted(signoff.missing),
        "override": None,
        "pushers": signoff.pushers,
        "notes": sorted(signoff.notes),
    }
