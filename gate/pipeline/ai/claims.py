"""The review by a model as a report file claims it: hostile, read strictly, weighed by the policy again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from gate.core.ai import AiFinding, AiPass, AiStatus, Reason, Scope, Sighted, Unreviewed
from gate.core.ai.model import AiArea
from gate.core.finding import Severity
from gate.pipeline.report_file import ReportRefused
from gate.reports.escape import path_from_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.core.policy import AiPolicy

Count = Annotated[int, msgspec.Meta(ge=0, le=10**12)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Short = Annotated[str, msgspec.Meta(max_length=2_000)]


class _Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A JSON object without room for what this version does not know."""


class _Unread(_Strict):
    path: str
    reason: Reason


class _Tokens(_Strict, rename={"taken": "in", "given": "out"}):
    taken: Count
    given: Count


class _Area(_Strict):
    area: Literal["auth", "authz", "crypto", "data"]
    path: str
    line: Count


class _Sighted(_Strict):
    path: str
    line: Count
    last_line: Count
    scope: Scope
    severity: Literal["high", "medium", "low"]
    confidence: Share
    category: Short
    family: Short | None
    cwe: list[Count]
    message: Annotated[str, msgspec.Meta(max_length=4_000)]
    seen: Annotated[int, msgspec.Meta(ge=1, le=5)]
    runs: Annotated[int, msgspec.Meta(ge=1, le=5)]
    stable: bool
    quote_digest: Short


class _Ai(_Strict):
    status: AiStatus
    reason: Reason | None
    engine: Short | None
    model: Short | None
    cli_version: Short | None
    runs: Count
    agreement: Share | None
    cost_usd: Annotated[float, msgspec.Meta(ge=0, le=1e9)] | None
    unreviewed: list[_Unread]
    isolation: Short = ""
    models_answered: list[Short] = []
    effort: Short = ""
    runs_completed: Count = 0
    batches: Count = 0
    cached: Count = 0
    estimate_usd: Annotated[float, msgspec.Meta(ge=0, le=1e9)] | None = None
    tokens: _Tokens | None = None
    requests_retried: Count = 0
    prompt_digest: Short = ""
    schema_digest: Short = ""
    diff_digest: Short = ""
    instructions_digest: Short | None = None
    rejected: dict[Short, Count] = {}
    tool_attempts: dict[Short, Count] = {}
    reviewable: Count = 0
    excluded: list[str] = []
    sightings: list[_Sighted] = []
    areas: list[_Area] = []
    notes: list[Short] = []


def claimed(value: Mapping[str, Any], policy: AiPolicy) -> AiPass | None:
    """Return the review that a report claims, None where the policy asks for none.

    Raises ReportRefused for anything that no report of ours says.
    """
    if not policy.enabled:
        return None
    try:
        told = msgspec.convert(value, _Ai)
    except msgspec.ValidationError as error:
        raise ReportRefused(
            f"the report was refused: ai: {error}",
            hint="Run check and publish with the same version of gate.",
        ) from error
    complete = told.status is AiStatus.COMPLETED
    if complete is not (told.reason is None) or (complete and told.unreviewed):
        raise ReportRefused(
            "the report was refused: ai: a completed review has neither a reason nor unreviewed files, and every other one has a reason",
            hint="Run the check again. If it stays, look at what the check job does with its report.",
        )
    return AiPass(
        status=told.status,
        reason=told.reason,
        engine=told.engine or policy.engine,
        isolation=told.isolation,
        model=told.model or "",
        models_answered=tuple(told.models_answered),
        cli_version=told.cli_version or "",
        effort=told.effort,
        runs=told.runs,
        runs_completed=told.runs_completed,
        agreement=told.agreement,
        batches=told.batches,
        cached=told.cached,
        cost_usd=told.cost_usd,
        estimate_usd=told.estimate_usd,
        tokens_in=told.tokens.taken if told.tokens else 0,
        tokens_out=told.tokens.given if told.tokens else 0,
        requests_retried=told.requests_retried,
        prompt_digest=told.prompt_digest,
        schema_digest=told.schema_digest,
        diff_digest=told.diff_digest,
        instructions_digest=told.instructions_digest or "",
        rejected=told.rejected,
        tool_attempts=told.tool_attempts,
        excluded=tuple(map(path_from_json, told.excluded)),
        reviewable=told.reviewable,
        unreviewed=tuple(
            Unreviewed(path=path_from_json(row.path), reason=row.reason) for row in told.unreviewed
        ),
        sightings=tuple(map(_sighted, told.sightings)),
        areas=tuple(AiArea(area=a.area, path=path_from_json(a.path), line=a.line) for a in told.areas),
        notes=tuple(told.notes),
    )


def _sighted(row: _Sighted) -> Sighted:
    finding = AiFinding(
        path=path_from_json(row.path),
        line=row.line,
        last_line=row.last_line,
        scope=row.scope,
        severity=Severity[row.severity.upper()],
        confidence=row.confidence,
        category=row.category,
        family=row.family,
        cwe=tuple(row.cwe),
        message=row.message,
        recommendation="",
        quote_digest=row.quote_digest,
    )
    return Sighted(finding=finding, seen=row.seen, runs=row.runs)
