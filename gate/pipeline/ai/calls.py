"""The calls of a pass: within time and money, remembered, each with what holds of its answer."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gate.ai.prompt import new_review_id
from gate.ai.records import call_key, write_reply
from gate.ai.request import RawReply, ReviewRequest
from gate.core.ai import Reason
from gate.core.ai.price import tokens
from gate.core.evidence import digest
from gate.pipeline.ai.recorded import recording_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gate.ai.cache import AnswerCache
    from gate.ai.prompt import Prompt
    from gate.ai.request import Engine, EngineInfo
    from gate.core.ai.diff import Batch
    from gate.core.ai.verify import Verified, Verifier
    from gate.core.policy import AiPolicy
    from gate.pipeline.ai.budget import Budget
    from gate.pipeline.request import Progress

#: Seconds for one call, whatever is left of the pass.
CALL_SECONDS = 300.0
EFFORT = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One batch in one run."""

    batch: int
    run: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What became of a call. `replies` are all that are known of it, `reason` None if one of them completed."""

    call: Call
    reason: Reason | None
    replies: tuple[RawReply, ...] = ()
    verified: tuple[Verified, ...] = ()
    cached: bool = False
    cost_usd: float | None = None


@dataclass(kw_only=True)
class Caller:
    """Makes the calls of one pass. `prompt_digest` names what the model is told beside the change."""

    engine: Engine
    info: EngineInfo
    policy: AiPolicy
    prompt: Prompt
    prompt_digest: str
    budget: Budget
    verifier: Verifier
    cache: AnswerCache | None
    ask_again: bool
    record: Path | None
    progress: Progress
    _started: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def all(self, batches: Sequence[Batch]) -> list[Answered]:
        """Return what became of every call, in order of batches and runs; parallel as the policy allows."""
        calls = self.planned(batches)
        done = 0

        def one(call: Call) -> Answered:
            nonlocal done
            found = self._one(call, batches[call.batch])
            with self._lock:
                done += 1
                self.progress(f"AI review: {done} of {len(calls)} calls ended")
            return found

        with ThreadPoolExecutor(max_workers=self.policy.jobs) as pool:
            return list(pool.map(one, calls))

    def planned(self, batches: Sequence[Batch]) -> list[Call]:
        """Return every call of the pass, in order of batches and runs."""
        return [
            Call(batch=number, run=run)
            for number, batch in enumerate(batches)
            for run in range(self.runs_of(batch))
        ]

    def runs_of(self, batch: Batch) -> int:
        """How often a batch is asked about."""
        return (self.policy.runs_sensitive or self.policy.runs) if batch.sensitive else self.policy.runs

    def _one(self, call: Call, batch: Batch) -> Answered:
        recording = recording_key(self.prompt, self.engine.form, batch, call.run)
        key = call_key(
            prompt=self.prompt_digest,
            schema=digest(self.engine.form.schema),
            batch=digest(batch.text.encode("utf-8", "surrogatepass").hex()),
            run=call.run,
            engine=self.info.name,
            isolation=self.info.isolation,
            model=self.policy.model,
            effort=EFFORT,
            command=list(self.policy.command),
        )
        known = self.cache.read(key) if self.cache else ()
        if not self.ask_again and any(self._is_complete(reply) for reply in known):
            return self._answered(call, known, cached=True)
        reply, cost = self._ask(recording, batch)
        replies = (*known, reply)
        if self.cache and (self._is_complete(reply) or reply.answers):
            self.cache.write(key, replies)
        if self.record is not None:
            write_reply(self.record, recording, reply)
        return replace(self._answered(call, replies, cached=False), cost_usd=cost)

    def _ask(self, key: str, batch: Batch) -> tuple[RawReply, float | None]:
        """Ask within time and money; return the answer and what it cost, None if nobody knows."""
        left = self.policy.timeout - (time.monotonic() - self._started)
        if left <= 1:
            return RawReply(problem=Reason.TIMEOUT, detail="the time of the pass was used up"), None
        data = batch.text
        review_id = new_review_id(data)
        request = ReviewRequest(
            key=key,
            review_id=review_id,
            prompt=self.prompt.fill(data, review_id),
            schema=self.engine.form.schema,
            model=self.policy.model,
            effort=EFFORT,
            timeout=0.0,
            max_usd=0.0,
            paths=batch.paths,
        )
        share, lacking = self.budget.take(self._tokens(request, data), left)
        if lacking:
            return RawReply(problem=Reason.BUDGET, detail=lacking), None
        left = max(1.0, self.policy.timeout - (time.monotonic() - self._started))
        reply, cost = RawReply(problem=Reason.CRASHED), None
        try:
            reply = self.engine.review(replace(request, max_usd=share, timeout=min(left, CALL_SECONDS)))
        finally:
            cost = self.budget.give_back(share, reply)
        return reply, cost

    def _tokens(self, request: ReviewRequest, data: str) -> int:
        """How many tokens a call sends: as the service counts them, else rather too many."""
        counted = self.engine.count(request)
        if counted is not None:
            return counted
        words = data if self.engine.form.command else request.prompt
        return tokens(len(words.encode("utf-8", "replace")) + self.engine.form.overhead)

    def _is_complete(self, reply: RawReply) -> bool:
        return reply.problem is None and self.verifier.verify(reply.answers, reply.review_id).answered

    def _answered(self, call: Call, replies: tuple[RawReply, ...], *, cached: bool) -> Answered:
        verified = tuple(self.verifier.verify(reply.answers, reply.review_id) for reply in replies)
        # Who asks again wants to know whether that worked; what was found before stays either way.
        counted = slice(-1, None) if self.ask_again else slice(None)
        complete = any(
            reply.problem is None and found.answered
            for reply, found in zip(replies[counted], verified[counted], strict=True)
        )
        reason = None if complete else replies[-1].problem or Reason.INVALID_OUTPUT
        return Answered(call=call, reason=reason, replies=replies, verified=verified, cached=cached)
