"""The objects of the report file as plain values, each key as docs/report.md describes it.

Sequences are sorted here, so the order of the facts has no effect. Text is as it came: making the document
safe is `escape.json_document`'s job, and only paths are written in a form of their own.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from gate.reports import order
from gate.reports.escape import json_path
from gate.reports.files import file_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gate.core.area import Context, Touch
    from gate.core.authorship import Authorship, CommitAuthorship, Evidence
    from gate.core.authorship.model import Marker
    from gate.core.baseline import Known
    from gate.core.change import ChangeSet
    from gate.core.facts import Excluded, SiteOverlay
    from gate.core.finding import Finding, Range, Witness
    from gate.core.review import Group, Signoff
    from gate.core.scan import ScanReport, ToolRun
    from gate.core.suppression import Suppression
    from gate.reports.options import Compared, Options


def change(change: ChangeSet) -> dict[str, Any]:
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


def overlay(overlay: SiteOverlay | None) -> dict[str, Any] | None:
    if overlay is None:
        return None
    return {
        "path": json_path(overlay.path),
        "added": sorted(overlay.added),
        "disabled": sorted(overlay.disabled),
        "bots": sorted(overlay.bots),
        "noreply_hosts": sorted(overlay.noreply_hosts),
    }


def authorship(facts: Authorship) -> dict[str, Any]:
    return {
        "verdict": facts.verdict.value,
        "agents": list(facts.agents),
        "commits": [commit(c) for c in facts.commits],
        "share": {
            "commits": rounded(facts.share_commits),
            "lines": rounded(facts.share_lines),
            "method": facts.share_method,
        },
        "suppressed": facts.suppressed,
        "evidence": [evidence(e) for e in facts.evidence],
        "hints": [evidence(e) for e in facts.hints],
        "sources": dict(facts.sources),
        "remarks": list(facts.remarks),
        "suppression": [marker(m) for m in facts.markers],
        "fetches": list(facts.fetches),
        "registry": None if facts.registry is None else asdict(facts.registry),
    }


def marker(marker: Marker) -> dict[str, Any]:
    return {
        "agent": marker.agent,
        "file": json_path(marker.file),
        "key": marker.key,
        "line": marker.line,
        "text": marker.text,
        "side": marker.side,
        "introduced": marker.introduced,
        "intent": marker.intent,
    }


def rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def commit(commit: CommitAuthorship) -> dict[str, Any]:
    return {
        "sha": commit.sha,
        "verdict": commit.verdict.value,
        "role": commit.role,
        "agent": commit.agent,
        "agents": list(commit.agents),
        "certainty": commit.certainty,
        "suppressed": commit.suppressed,
        "evidence": [evidence(e) for e in commit.evidence],
        "hints": [evidence(e) for e in commit.hints],
        "remarks": list(commit.remarks),
        "lines": None if commit.lines is None else asdict(commit.lines),
        "squash": commit.squash is not None,
        "squash_of": None if commit.squash is None else asdict(commit.squash),
        "cherry_picked_from": list(commit.cherry_picked_from),
        "reverts": [
            {"sha": one.sha, "verdict": one.verdict and one.verdict.value, "agents": list(one.agents)}
            for one in commit.reverted
        ],
    }


def evidence(evidence: Evidence) -> dict[str, Any]:
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


def context(rows: Iterable[Context]) -> list[dict[str, Any]]:
    """What came near an area and needs no sign-off, with the reason why."""
    return [
        {"area": row.touch.area, "reason": row.reason, **_touch(row.touch)}
        for row in sorted(rows, key=lambda row: (order.path_key(row.touch.path), row.touch, row.reason))
    ]


def areas(touches: Iterable[Touch]) -> list[dict[str, Any]]:
    return [
        {"area": area, "evidence": [_touch(t) for t in evidence]}
        for area, evidence in order.by_area(touches).items()
    ]


def _touch(touch: Touch) -> dict[str, Any]:
    return {
        "layer": touch.layer,
        "rule": touch.rule,
        "path": json_path(touch.path),
        "line": touch.line,
        "side": touch.side,
        "text": touch.text,
    }


def tool(run: ToolRun, options: Options) -> dict[str, Any]:
    return side(run.head, options) | {"base": None if run.base is None else side(run.base, options)}


def side(report: ScanReport, options: Options) -> dict[str, Any]:
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
        "covered": dict(report.covered),
        "seconds": round(report.seconds, 3) if options.timings else None,
    }


def finding(finding: Finding) -> dict[str, Any]:
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
            **place(finding.range),
            "scope": finding.scope,
            "in_diff": finding.in_diff.value,
        },
        "snippet": "\n".join(finding.snippet),
        "snippet_start": finding.snippet_start,
        "commit": None
        if finding.commit is None
        else {"sha": finding.commit, "author_kind": finding.author_kind},
        "witnesses": [witness(w) for w in order.witnesses(finding.witnesses)],
        "state": finding.state.value,
        "matched": finding.matched,
        "suppression": finding.suppression,
        "decision": finding.decision.value,
    }


def place(place: Range) -> dict[str, Any]:
    return {
        "start": {"line": place.start_line, "col": place.start_column},
        "end": {"line": place.last_line, "col": place.end_column},
    }


def witness(witness: Witness) -> dict[str, Any]:
    return {
        "tool": witness.tool,
        "rule_id": witness.rule_id,
        "native_severity": witness.native_severity,
        "native_confidence": witness.native_confidence,
        "range": place(witness.range),
        "message": witness.message,
        "url": witness.url,
        "suppressed": witness.suppressed,
    }


def excluded(items: Iterable[Excluded]) -> list[dict[str, Any]]:
    return [
        {"path": json_path(e.path), "glob": e.glob}
        for e in sorted(items, key=lambda e: (order.path_key(e.path), e.glob))
    ]


def compared(compared: Compared) -> dict[str, Any]:
    return {
        "gone": [known(k) for k in order.known(compared.gone)],
        "unsure": [known(k) for k in order.known(compared.unsure)],
        "notes": sorted(compared.notes),
    }


def known(known: Known) -> dict[str, Any]:
    return {
        "id": known.id,
        "family": known.family,
        "path": json_path(known.path),
        "line": known.line,
        "severity": known.severity.word,
        "title": known.title,
    }


def suppression(item: Suppression) -> dict[str, Any]:
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


def group(group: Group) -> dict[str, Any]:
    return {
        "paths": [json_path(path) for path in group.paths],
        "reviewers": list(group.reviewers),
        "owners": list(group.owners),
        "needed": group.needed,
        "section": group.section,
    }


def signoff(signoff: Signoff) -> dict[str, Any]:
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
        "roles": dict(sorted(signoff.roles.items())),
        "accountable": sorted(signoff.accountable),
        "unresolved": sorted(signoff.unresolved),
        "ai": signoff.ai,
        "needed": signoff.needed,
        "needed_because": list(signoff.needed_because),
        "accepted": sorted(signoff.accepted),
        "carried_over": sorted(signoff.carried_over),
        "ignored": [{"who": i.who, "why": i.why} for i in sorted(signoff.ignored)],
        "objections": sorted(signoff.objections),
        "eligible": {area: sorted(people) for area, people in signoff.eligible.items()},
        "barred": {
            area: [{"who": b.who, "why": b.why} for b in sorted(people)]
            for area, people in signoff.barred.items()
        },
        "groups": {area: [group(g) for g in groups] for area, groups in signoff.groups.items()},
        "served": {area: sorted(people) for area, people in signoff.served.items()},
        "waiting": None if signoff.waiting is None else sorted(signoff.waiting),
        "missing": sorted(signoff.missing),
        "statements": [
            {
                "source": f.source,
                "id": f.id,
                "reviewer": f.reviewer,
                "decision": f.decision,
                "counts": f.counts,
                "why": f.why,
            }
            for f in sorted(signoff.statements)
        ],
        "override": None
        if signoff.override is None
        else {
            "by": signoff.override.by,
            "reason": signoff.override.reason,
            "expires_at": signoff.override.expires_at,
            "recent": signoff.override.recent,
        },
        "pushers": signoff.pushers,
        "forge": signoff.forge,
        "notes": sorted(signoff.notes),
    }
