"""The review by a model in the report file and, in a line, everywhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gate.core.ai import Reason, Scope
from gate.core.ai.status import REMEDIES
from gate.core.change import path_bytes
from gate.core.rules.ai import told
from gate.core.words import shown
from gate.reports.escape import json_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.core.ai import AiPass, Sighted
    from gate.core.facts import Facts
    from gate.reports.messages import Catalogue

#: What stands in the report where the policy asks for no review by a model.
NONE: Mapping[str, Any] = {
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


def ai(review: AiPass | None) -> Mapping[str, Any]:
    """Return the key `ai` of the report file."""
    if review is None:
        return NONE
    return {
        "status": review.status.value,
        "reason": review.reason.value if review.reason else None,
        "engine": review.engine,
        "isolation": review.isolation,
        "model": review.model or None,
        "models_answered": list(review.models_answered),
        "cli_version": review.cli_version or None,
        "effort": review.effort,
        "runs": review.runs,
        "runs_completed": review.runs_completed,
        "agreement": review.agreement,
        "batches": review.batches,
        "cached": review.cached,
        "cost_usd": review.cost_usd,
        "estimate_usd": review.estimate_usd,
        "tokens": {"in": review.tokens_in, "out": review.tokens_out},
        "requests_retried": review.requests_retried,
        "prompt_digest": review.prompt_digest,
        "schema_digest": review.schema_digest,
        "diff_digest": review.diff_digest,
        "instructions_digest": review.instructions_digest or None,
        "rejected": dict(review.rejected),
        "tool_attempts": dict(review.tool_attempts),
        "reviewable": review.reviewable,
        "excluded": [json_path(path) for path in sorted(review.excluded, key=path_bytes)],
        "unreviewed": [
            {"path": json_path(row.path), "reason": row.reason.value}
            for row in sorted(review.unreviewed, key=lambda row: (path_bytes(row.path), row.reason))
        ],
        "sightings": [_sighted(one) for one in review.sightings],
        "areas": [{"area": a.area, "path": json_path(a.path), "line": a.line} for a in review.areas],
        "notes": list(review.notes),
    }


def _sighted(one: Sighted) -> dict[str, Any]:
    """Texts stand in the finding that a sighting is a witness of; what was removed has none."""
    found = one.finding
    removed = found.scope is Scope.REMOVED and found.family != "hardcoded-secret"
    return {
        "path": json_path(found.path),
        "line": found.line,
        "last_line": found.last_line,
        "scope": found.scope.value,
        "severity": found.severity.word,
        "confidence": found.confidence,
        "category": found.category,
        "family": found.family,
        "cwe": list(found.cwe),
        "message": found.message if removed else "",
        "seen": one.seen,
        "runs": one.runs,
        "stable": one.stable,
        "quote_digest": found.quote_digest,
    }


def line(facts: Facts, say: Catalogue) -> str:
    """Return one sentence on the review for people, empty where the policy asks for none."""
    if not facts.policy.ai.enabled:
        return ""
    done = facts.ai
    if done is None:
        return say("ai.not_performed", reason=Reason.CRASHED.value)
    reason = done.reason.value if done.reason else Reason.CRASHED.value
    if done.performed:
        parts = [
            say("ai.performed", engine=done.engine, files=say.count("files", done.reviewable)),
            done.model,
            done.cli_version,
            say("ai.runs", n=f"{done.runs_completed}/{done.runs}") if done.runs > 1 else "",
            say("ai.agreement", share=f"{done.agreement:.2f}") if done.agreement is not None else "",
            f"{done.cost_usd:.2f} USD" if done.cost_usd is not None else "",
        ]
        return " · ".join(part for part in parts if part)
    files = len({row.path for row in done.unreviewed})
    if done.status.value == "partial":
        return say("ai.incomplete", n=f"{files:,}", of=f"{max(done.reviewable, files):,}", reason=reason)
    return say("ai.not_performed", reason=reason)


def remedy(review: AiPass | None) -> str:
    """Return what to do about a review that was not completed, empty for one that was."""
    return REMEDIES[review.reason] if review is not None and review.reason is not None else ""


def details(review: AiPass | None) -> list[str]:
    """Return further lines: removed code, rejected claims, tools that a model reached for, notes."""
    if review is None:
        return []
    lines = [
        f"{one.finding.severity.word} · {one.finding.category} · removed code, "
        f"{one.finding.path}:{one.finding.line} at the merge base · seen {one.seen}/{one.runs}"
        for one in review.sightings
        if one.finding.scope is Scope.REMOVED
    ]
    if review.rejected:
        told_of = ", ".join(f"{n} {cause}" for cause, n in review.rejected.items())
        lines.append(f"claims that were thrown away: {told_of}")
    if review.tool_attempts:
        tried = ", ".join(f"{name} ×{n}" for name, n in review.tool_attempts.items())
        lines.append(f"the model tried what it was not given or allowed: {tried}")
    return [*lines, *review.notes]


def unreviewed(review: AiPass | None, say: Catalogue, *, most: int = 10) -> list[str]:
    """Return the files that were not reviewed, each with its reason; what is beyond `most` is counted."""
    rows = review.unreviewed if review is not None else ()
    lines = [f"{say('ai.unreviewed')}: {shown(row.path)} ({row.reason.value})" for row in rows[:most]]
    return lines + ([say("more", n=f"{len(rows) - most:,}")] if len(rows) > most else [])


def sentence(facts: Facts) -> str:
    """Return the English sentence for machines that read reports."""
    if not facts.policy.ai.enabled or facts.ai is None:
        return f"AI review not performed: {Reason.DISABLED.value}."
    return told(facts.ai)
