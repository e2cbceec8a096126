"""The review by a model in the report file and, in a line, everywhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gate.core.ai import Reason, Scope
from gate.core.ai.status import REMEDIES
from gate.core.change import path_bytes
from gate.core.rules.ai import told
from gate.core.words import shown
from gate.reports.escape import json_path
from gate.reports.sentences import sentence as sentence_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.core.ai import AiPass, Sighted
    from gate.core.facts import Facts
    from gate.reports.messages import Catalogue

_CENT = 0.01
#: Claims on removed code in reports for people, the worst first.
_MOST_REMOVED = 10

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
            cost(done, say),
        ]
        return " · ".join(part for part in parts if part)
    files = len({row.path for row in done.unreviewed})
    if done.status.value == "partial":
        return say("ai.incomplete", n=f"{files:,}", of=f"{max(done.reviewable, files):,}", reason=reason)
    return say("ai.not_performed", reason=reason)


def cost(review: AiPass, say: Catalogue) -> str:
    """Return what the review cost and what it could have cost at most, empty where nobody knows either."""
    if review.cost_usd is None:
        return "" if review.estimate_usd is None else say("ai.most", usd=f"{review.estimate_usd:.2f}")
    spent = f"{review.cost_usd:.2f} USD" if review.cost_usd >= _CENT or not review.cost_usd else "<0.01 USD"
    if review.estimate_usd is None:
        return spent
    return f"{spent} ({say('ai.most', usd=f'{review.estimate_usd:.2f}')})"


def remedy(review: AiPass | None, say: Catalogue) -> str:
    """Return what to do about a review that was not completed, empty for one that was."""
    if review is None or review.reason is None:
        return ""
    return sentence_in(REMEDIES[review.reason], say.language)


def details(review: AiPass | None, say: Catalogue) -> list[str]:
    """Return further lines: removed code, rejected claims, tools that a model reached for, notes.

    What a model says of removed code stands nowhere else in a report for people.
    """
    if review is None:
        return []
    gone = sorted(
        (one for one in review.sightings if one.finding.scope is Scope.REMOVED),
        key=lambda one: -one.finding.severity,
    )
    lines = [_removed(one, say) for one in gone[:_MOST_REMOVED]]
    if len(gone) > _MOST_REMOVED:
        lines.append(say("more", n=f"{len(gone) - _MOST_REMOVED:,}"))
    if review.rejected:
        told_of = ", ".join(f"{n} {cause}" for cause, n in review.rejected.items())
        lines.append(f"{say('ai.rejected')}: {told_of}")
        if not review.sightings:
            lines.append(say("ai.all_rejected"))
    if review.tool_attempts:
        tried = ", ".join(f"{name} ×{n}" for name, n in review.tool_attempts.items())
        lines.append(f"{say('ai.tried')}: {tried}")
    return [*lines, *review.notes]


def _removed(one: Sighted, say: Catalogue) -> str:
    found = one.finding
    where = say("ai.removed", place=f"{shown(found.path)}:{found.line}")
    seen = "" if one.runs < 2 else " · " + say("ai.seen", n=f"{one.seen}/{one.runs}")
    # A secret that was removed is still one, and its words may hold it.
    what = "" if found.family == "hardcoded-secret" or not found.message else f": {found.message}"
    return f"{found.severity.word} · {found.category} · {where}{seen}{what}"


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
