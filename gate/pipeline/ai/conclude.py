"""What the calls of a pass amount to: how it ended, what holds, and how far its runs agree."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from gate.core.ai import Unreviewed, consensus
from gate.core.ai.status import pass_status
from gate.core.change import path_bytes
from gate.reports.escape import cut

#: Characters of a remark; a publisher refuses longer ones, and git's words can be long.
MAX_NOTE = 500

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gate.core.ai import AiPass, Reason
    from gate.core.policy import AiPolicy
    from gate.pipeline.ai.calls import Answered
    from gate.pipeline.ai.plan import Plan


def conclude(empty: AiPass, planned: Plan, answered: Sequence[Answered], policy: AiPolicy) -> AiPass:
    """Return `empty` with all that the calls of a pass brought."""
    failed: dict[str, Reason] = {}
    by_batch: dict[int, list[Answered]] = {}
    for one in answered:
        by_batch.setdefault(one.call.batch, []).append(one)
        if one.reason is not None:
            for path in planned.batches[one.call.batch].paths:
                failed.setdefault(path, one.reason)
    sighted, completed = [], []
    for rows in by_batch.values():
        ended = sum(row.reason is None for row in rows)
        completed.append(ended)
        said = {row.call.run: [f for v in row.verified for f in v.findings] for row in rows}
        sighted += consensus.combine(said, ended)
    verified = [v for one in answered for v in one.verified]
    fresh = [reply for one in answered if not one.cached for reply in one.replies[-1:]]
    costs = [one.cost_usd for one in answered if one.cost_usd is not None]
    unreviewed = unread(planned, failed)
    status, reason = pass_status(
        [one.reason for one in answered], planned.unreviewed, capped=any(v.capped for v in verified)
    )
    models = tuple(sorted({m for one in answered for reply in one.replies for m in reply.models}))
    other = [name for name in models if name != policy.model]
    return replace(
        empty,
        status=status,
        reason=reason,
        models_answered=models,
        runs_completed=min(completed),
        agreement=_agreement(answered, min(completed)),
        cached=sum(one.cached for one in answered),
        cost_usd=round(sum(costs), 6) if costs else None,
        tokens_in=sum(reply.tokens_in for reply in fresh),
        tokens_out=sum(reply.tokens_out for reply in fresh),
        requests_retried=sum(reply.retried for reply in fresh),
        rejected=_sum(v.rejected for v in verified),
        tool_attempts=_sum(reply.tool_attempts for one in answered for reply in one.replies),
        unreviewed=unreviewed,
        sightings=tuple(sorted(sighted, key=consensus.order)),
        areas=tuple(
            sorted({a for v in verified for a in v.areas}, key=lambda a: (a.area, path_bytes(a.path), a.line))
        ),
        notes=(
            *empty.notes,
            *(
                [f"another model than {policy.model} answered: {', '.join(other)}"]
                if other and policy.model
                else []
            ),
            *dict.fromkeys(
                cut(r.detail, MAX_NOTE)
                for one in answered
                if one.reason
                for r in one.replies[-1:]
                if r.detail
            ),
        ),
    )


def _agreement(answered: Sequence[Answered], runs: int) -> float | None:
    """Over the runs that completed everywhere: those are comparable."""
    said: dict[int, set[tuple[str, str, str]]] = {}
    broken = {one.call.run for one in answered if one.reason is not None}
    for one in answered:
        if one.call.run not in broken:
            said.setdefault(one.call.run, set()).update(f.identity for v in one.verified for f in v.findings)
    return consensus.agreement([frozenset(said[run]) for run in sorted(said)]) if runs > 1 else None


def unread(planned: Plan, failed: Mapping[str, Reason]) -> tuple[Unreviewed, ...]:
    """Return what no completed call was shown, with the reasons of planning and of calls."""
    rows = {*planned.unreviewed, *(Unreviewed(path=path, reason=reason) for path, reason in failed.items())}
    return tuple(sorted(rows, key=lambda row: (path_bytes(row.path), row.reason)))


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(sorted(total.items()))
