"""The report on a release for programs: `gate-release/1`, with the report of its range inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gate.core.release.controls import mapped
from gate.reports import json as json_report
from gate.reports.escape import json_path

if TYPE_CHECKING:
    from gate.core.release.model import Found, Imported, Released, Step, Tag
    from gate.core.review import Override
    from gate.reports.options import Options

SCHEMA = "gate-release/1"


def report(released: Released, options: Options) -> str:
    """Return the document: keys as in docs/release.md, sorted; equal releases give equal bytes."""
    return json_report.dump(release_dict(released, options))


def release_dict(released: Released, options: Options) -> dict[str, Any]:
    """Return the document as plain values."""
    release, run = released.release, released.run
    return {
        "schema": SCHEMA,
        "repo": release.repo,
        "previous": _tag(release.previous),
        "tag": _tag(release.tag),
        "first": release.first,
        "change_digest": release.change_digest,
        "judged_at": run.facts.now,
        "verdict": run.verdict.outcome.word,
        "exit_code": run.exit_code,
        "steps": [_step(step) for step in release.steps],
        "evidence": {
            "store": release.store,
            "problems": list(release.store_problems),
            "ends": list(release.store_ends),
            "records": [_record(release.records[name]) for name in sorted(release.records)],
        },
        "statements": [
            {
                "id": fate.id,
                "source": fate.source,
                "reviewer": fate.reviewer,
                "decision": fate.decision,
                "counts": fate.counts,
                "why": fate.why,
            }
            for fate in (release.statements.statements if release.statements else ())
        ],
        "imports": [_imported(one) for one in release.imports],
        "controls": [
            {
                "framework": framework.id,
                "control": control.id,
                "shows": list(control.shows),
                "open": list(missing),
            }
            for framework in released.frameworks
            for control, missing in mapped(framework, released)
        ],
        "notes": list(release.notes),
        "report": json_report.report_dict(run, options),
    }


def _tag(tag: Tag) -> dict[str, Any]:
    return {
        "ref": tag.ref,
        "object": tag.object,
        "commit": tag.commit,
        "tree": tag.tree,
        "annotated": tag.annotated,
        "name_inside": tag.inside,
        "tagger": tag.tagger,
        "has_signature": tag.signed,
        "problem": tag.problem,
    }


def _step(step: Step) -> dict[str, Any]:
    unit, proof = step.unit, step.proof
    return {
        "sha": unit.sha,
        "parent": unit.parent,
        "subject": unit.own.subject,
        "date": unit.own.committer_date,
        "state": step.state.value,
        "ai": step.ai,
        "agents": list(step.agents),
        "areas": {
            area: [json_path(place) for place in places] for area, places in sorted(step.areas.items())
        },
        "commits": [
            {
                "sha": commit.sha,
                "author": {"name": commit.author.name, "email": commit.author.email},
                "date": commit.author_date,
                "subject": commit.subject,
            }
            for commit in unit.commits
        ],
        "change_digest": unit.change_digest,
        "proof": None
        if proof is None
        else {
            "kind": proof.kind,
            "id": proof.id,
            "how": proof.how.value if proof.how else None,
            "change": proof.change,
            "people": list(proof.people),
            "at": proof.at,
            "steps": list(proof.units),
            "override": _override(proof.override),
        },
        "eligible": {area: list(who) for area, who in sorted(step.signoff.eligible.items())}
        if step.signoff is not None
        else {},
        "refused": list(step.refused),
        "missing": list(step.missing),
        "remarks": list(step.remarks),
    }


def _override(override: Override | None) -> dict[str, str] | None:
    if override is None:
        return None
    return {"by": override.by, "reason": override.reason, "expires_at": override.expires_at}


def _record(found: Found) -> dict[str, Any]:
    record = found.record
    override = record.signoff.override
    return {
        "id": found.id,
        "source": found.source,
        "problem": found.problem,
        "signer": found.signer,
        "key": found.key,
        "change": record.change,
        "commit": record.commit,
        "target": record.target,
        "base": record.base,
        "policy_digest": record.policy_digest,
        "verdict": record.verdict,
        "signoff": record.signoff.outcome,
        "accepted": list(record.signoff.accepted),
        "override": {"by": override.by, "reason": override.reason, "expires_at": override.expires_at}
        if override
        else None,
        "waivers": [
            {"owner": one.owner, "expires": one.expires, "reason": one.reason, "findings": list(one.findings)}
            for one in record.waivers
        ],
        "recorded_at": record.recorded_at,
        "job": record.origin.job,
        "actor": record.origin.actor,
        "report_digest": record.report_digest,
    }


def _imported(one: Imported) -> dict[str, Any]:
    return {
        "name": one.name,
        "format": one.format,
        "kind": one.kind,
        "required": one.required,
        "path": one.path,
        "digest": one.digest,
        "made_at": one.made_at,
        "problem": one.problem,
    }
