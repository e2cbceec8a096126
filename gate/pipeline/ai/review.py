"""One pass from the policy to what is recorded of it. Nothing here raises for what a model or program does."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gate.ai.cache import open_answers
from gate.ai.prompt import MAX_INSTRUCTIONS, load_categories, load_prompt
from gate.ai.schema import ANSWER
from gate.core.ai import AiPass, AiStatus, Reason, Unreviewed, consensus
from gate.core.ai.status import SKIPPED, pass_status
from gate.core.ai.verify import Verifier, secret_values
from gate.core.change import path_bytes
from gate.core.evidence import digest
from gate.errors import ConfigError, GateError, UsageError
from gate.pipeline import inputs
from gate.pipeline.ai.calls import EFFORT, Caller
from gate.pipeline.ai.engines import engine_of, without_credentials
from gate.pipeline.ai.plan import plan
from gate.pipeline.areas import touched

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gate.ai.prompt import Prompt
    from gate.ai.request import EngineInfo
    from gate.core.change import ChangeSet
    from gate.core.policy import AiPolicy, Policy
    from gate.git import Repository
    from gate.pipeline.ai.calls import Answered
    from gate.pipeline.ai.plan import Plan
    from gate.pipeline.request import Progress, Request


@dataclass(frozen=True, kw_only=True)
class Review:
    """A pass that is ready to run: everything of the team was read and is right."""

    repository: Repository
    change: ChangeSet
    policy: Policy
    request: Request
    prompt: Prompt
    progress: Progress

    def run(self) -> AiPass:
        """Ask, verify and count. Every end is a value.

        Raises UsageError if a recording that was asked for cannot be written, ConfigError for a broken installation.
        """
        try:
            return self._run()
        except (UsageError, ConfigError):
            raise
        except Exception as error:  # noqa: BLE001 - what stops the review must not stop the scanners' verdict
            ai = self.policy.ai
            paths = sorted({file.path for file in self.change.all_files}, key=path_bytes)
            return AiPass(
                status=AiStatus.FAILED,
                reason=Reason.CRASHED,
                engine=ai.engine,
                model=ai.model,
                runs=ai.runs,
                reviewable=len(paths),
                unreviewed=tuple(Unreviewed(path=path, reason=Reason.CRASHED) for path in paths),
                notes=(
                    error.message
                    if isinstance(error, GateError)
                    else f"the review stopped: {type(error).__name__}",
                ),
            )

    def _run(self) -> AiPass:
        ai, environment = self.policy.ai, self.request.environment
        areas = inputs.areas(self.policy)
        found = touched(self.repository, self.change, self.policy, areas, ())
        planned = plan(
            self.repository,
            self.change,
            ai,
            sensitive=frozenset(touch.path for touch in found.touches),
            max_bytes=self.policy.scanners.max_file_bytes,
        )
        empty = self._empty(planned)
        if not planned.batches:
            status, reason = pass_status((), planned.unreviewed, capped=False)
            return replace(empty, status=status, reason=reason, unreviewed=planned.unreviewed)
        engine = engine_of(ai, environment, self.request.ai_replay)
        info = engine.probe()
        named = replace(
            empty, engine=info.name, isolation=info.isolation, cli_version=info.version, notes=info.notes
        )
        if info.problem is not None:
            return _not_started(named, info, planned, without_credentials(environment))
        verifier = Verifier(
            files=planned.files,
            families=inputs.families(),
            categories=load_categories(),
            secrets=secret_values(environment, [environment[n] for n in ai.env if n in environment]),
        )
        self.progress(f"AI review: {len(planned.batches)} parts of the change to {info.name}")
        caller = Caller(
            engine=engine,
            info=info,
            policy=ai,
            prompt=self.prompt,
            verifier=verifier,
            cache=open_answers(self.request.cache, self.request.cache_secret, environment)
            if info.name != "replay"
            else None,
            record=self.request.ai_record,
            progress=self.progress,
        )
        return _conclude(named, planned, caller.all(planned.batches), ai)

    def _empty(self, planned: Plan) -> AiPass:
        ai = self.policy.ai
        return AiPass(
            status=AiStatus.FAILED,
            reason=Reason.CRASHED,
            engine=ai.engine,
            model=ai.model,
            effort=EFFORT,
            runs=ai.runs,
            batches=len(planned.batches),
            prompt_digest=self.prompt.digest,
            schema_digest=digest(ANSWER),
            diff_digest=planned.diff_digest,
            instructions_digest=self.prompt.instructions_digest,
            excluded=planned.excluded,
            reviewable=planned.reviewable,
        )


def prepare(
    repository: Repository, change: ChangeSet, policy: Policy, request: Request, progress: Progress
) -> Review | None:
    """Return the pass that the policy asks for, None if it asks for none.

    Raises ConfigError if the team's instructions are not at the base commit or are too long.
    """
    if not policy.ai.enabled:
        return None
    hints = ""
    if path := policy.ai.instructions:
        text = inputs.policy_file(repository, change.base, path)
        if text is None:
            raise ConfigError(
                f"{policy.source}: ai.instructions names {path}, which is not there",
                hint="Commit the file on the target branch, or remove the key from the policy there.",
            )
        if len(text) > MAX_INSTRUCTIONS:
            raise ConfigError(
                f"{path} at {change.base[:12]}: {len(text):,} bytes, more than the {MAX_INSTRUCTIONS:,} of hints",
                hint="Keep what the model must know about this repository.",
            )
        hints = text.decode("utf-8", "replace")
    return Review(
        repository=repository,
        change=change,
        policy=policy,
        request=request,
        prompt=load_prompt(hints),
        progress=progress,
    )


def _not_started(empty: AiPass, info: EngineInfo, planned: Plan, lacking: Reason) -> AiPass:
    reason = lacking if info.problem is Reason.NO_CREDENTIALS else info.problem or Reason.CRASHED
    return replace(
        empty,
        status=AiStatus.SKIPPED if reason in SKIPPED else AiStatus.FAILED,
        reason=reason,
        unreviewed=_unreviewed(planned, {path: reason for b in planned.batches for path in b.paths}),
        notes=(*empty.notes, *([info.detail] if info.detail else [])),
    )


def _conclude(empty: AiPass, planned: Plan, answered: Sequence[Answered], policy: AiPolicy) -> AiPass:
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
    costs = [reply.cost_usd for reply in fresh if reply.cost_usd is not None]
    unreviewed = _unreviewed(planned, failed)
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
            *dict.fromkeys(r.detail for one in answered if one.reason for r in one.replies[-1:] if r.detail),
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


def _unreviewed(planned: Plan, failed: dict[str, Reason]) -> tuple[Unreviewed, ...]:
    rows = {*planned.unreviewed, *(Unreviewed(path=path, reason=reason) for path, reason in failed.items())}
    return tuple(sorted(rows, key=lambda row: (path_bytes(row.path), row.reason)))


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(sorted(total.items()))
