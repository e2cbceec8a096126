"""One pass from the policy to what is recorded of it. Nothing here raises for what a model or program does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gate.ai.cache import open_answers
from gate.ai.engines.replay import ReplayEngine
from gate.ai.prices import price_of
from gate.ai.prompt import MAX_INSTRUCTIONS, load_categories, load_prompt
from gate.ai.records import check_folder
from gate.ai.request import NO_PRICE
from gate.core.ai import AiPass, AiStatus, Reason, Unreviewed
from gate.core.ai.status import SKIPPED, pass_status
from gate.core.ai.verify import Verifier, secret_values
from gate.core.change import path_bytes
from gate.core.evidence import digest
from gate.core.words import counted
from gate.errors import ConfigError, GateError, UsageError
from gate.pipeline import inputs
from gate.pipeline.ai import recorded
from gate.pipeline.ai.budget import Budget
from gate.pipeline.ai.calls import EFFORT, Caller
from gate.pipeline.ai.conclude import MAX_NOTE, conclude, unread
from gate.pipeline.ai.engines import agent_files, engine_of, stage_of, without_credentials
from gate.pipeline.ai.plan import plan
from gate.pipeline.areas import touched
from gate.reports.escape import cut

if TYPE_CHECKING:
    from gate.ai.prompt import Prompt
    from gate.ai.request import Engine, EngineInfo, Form
    from gate.core.change import ChangeSet
    from gate.core.policy import Policy
    from gate.git import Repository
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
                    cut(error.message, MAX_NOTE)
                    if isinstance(error, GateError)
                    else f"the review stopped: {type(error).__name__}",
                ),
            )

    def _run(self) -> AiPass:
        ai, environment, max_bytes = (
            self.policy.ai,
            self.request.environment,
            self.policy.scanners.max_file_bytes,
        )
        areas = inputs.areas(self.policy)
        agents = agent_files(areas)
        engine, instead = engine_of(
            ai,
            environment,
            recorded.replay(self.request.ai_replay, self.repository, self.change.head),
            stage=stage_of(self.repository, self.change, ai, agents, max_bytes=max_bytes),
            agents_configured=any(g.matches(file.path) for file in self.change.all_files for g in agents),
        )
        found = touched(self.repository, self.change, self.policy, areas, ())
        sensitive = frozenset(touch.path for touch in found.touches)

        def parts(form: Form) -> Plan:
            return plan(self.repository, self.change, ai, form, sensitive=sensitive, max_bytes=max_bytes)

        if isinstance(engine, ReplayEngine):
            engine, planned = recorded.in_recorded_form(engine, self.prompt, parts)
        else:
            planned = parts(engine.form)
        empty = self._empty(planned, engine)
        if not planned.batches:
            status, reason = pass_status((), planned.unreviewed, capped=False)
            return replace(empty, status=status, reason=reason, unreviewed=planned.unreviewed)
        info = engine.probe()
        named = replace(
            empty,
            engine=info.name,
            isolation=info.isolation,
            cli_version=info.version,
            prompt_digest=self._prompt_digest(engine, info),
            notes=(*([instead] if instead else []), *info.notes),
        )
        if info.problem is not None:
            return _not_started(named, info, planned, without_credentials(environment))
        return self._ask(named, planned, engine, info)

    def _ask(self, named: AiPass, planned: Plan, engine: Engine, info: EngineInfo) -> AiPass:
        ai, environment = self.policy.ai, self.request.environment
        price = price_of(ai.model) if info.charges else None
        budget = Budget(policy=ai, price=price, one_request=not info.tells_price)
        caller = Caller(
            engine=engine,
            info=info,
            policy=ai,
            prompt=self.prompt,
            prompt_digest=named.prompt_digest,
            budget=budget,
            verifier=Verifier(
                files=planned.files,
                families=inputs.families(),
                categories=load_categories(),
                secrets=secret_values(environment, [environment[n] for n in ai.env if n in environment]),
            ),
            cache=open_answers(self.request.answers, self.request.cache_secret, environment)
            if info.name != "replay"
            else None,
            ask_again=self.request.ask_again,
            record=self.request.ai_record,
            progress=self.progress,
        )
        calls = caller.planned(planned.batches)
        own = 0 if engine.form.command else len(self.prompt.fill("", "").encode("utf-8", "replace"))
        most = budget.most(engine.form, own, planned.batches, [call.batch for call in calls])
        told = (
            f"at most {most:.2f} USD of {ai.max_usd:g} (prices of {price.as_of}), "
            if most is not None and price is not None
            else ""
        )
        self.progress(
            f"AI review: {told}{counted(len(calls), 'call')} for {counted(len(planned.batches), 'part')} of the change "
            f"to {info.name}"
        )
        notes = [NO_PRICE] if info.charges and price is None and not info.tells_price else []
        if info.tells_price and price is None:
            notes = [f"no price of {ai.model} is known: there is no estimate before a call"]
        if engine.form.command and self.prompt.instructions:
            notes.append(
                f"ai.instructions has no place in the prompt of {engine.form.command} and was not sent"
            )
        named = replace(
            named, estimate_usd=None if most is None else round(most, 4), notes=(*named.notes, *notes)
        )
        return conclude(named, planned, caller.all(planned.batches), ai)

    def _prompt_digest(self, engine: Engine, info: EngineInfo) -> str:
        """What the model is told beside the change; a command of the program is another one in each version."""
        if not engine.form.command:
            return self.prompt.digest
        return digest({"command": engine.form.command, "version": info.version})

    def _empty(self, planned: Plan, engine: Engine) -> AiPass:
        ai = self.policy.ai
        return AiPass(
            status=AiStatus.FAILED,
            reason=Reason.CRASHED,
            engine=ai.engine,
            model=ai.model,
            effort=EFFORT,
            runs=ai.runs,
            batches=len(planned.batches),
            prompt_digest="" if engine.form.command else self.prompt.digest,
            schema_digest=digest(engine.form.schema),
            diff_digest=planned.diff_digest,
            instructions_digest="" if engine.form.command else self.prompt.instructions_digest,
            excluded=planned.excluded,
            reviewable=planned.reviewable,
        )


def prepare(
    repository: Repository, change: ChangeSet, policy: Policy, request: Request, progress: Progress
) -> Review | None:
    """Return the pass that the policy asks for, None if it asks for none.

    Raises ConfigError if the team's instructions are not at the base commit or are too long, UsageError if
    recordings could not be written: that must not come out when the money is spent.
    """
    if not policy.ai.enabled:
        return None
    if request.ai_record is not None:
        check_folder(request.ai_record)
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
        unreviewed=unread(planned, {path: reason for b in planned.batches for path in b.paths}),
        notes=(*empty.notes, *([info.detail] if info.detail else [])),
    )
