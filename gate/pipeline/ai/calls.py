"""The calls of a pass: within time and money, remembered, each with what holds of its answer."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gate.ai.prompt import new_review_id
from gate.ai.records import call_key, write_reply
from gate.ai.request import RawReply, ReviewRequest
from gate.ai.schema import ANSWER
from gate.core.ai import Reason
from gate.core.evidence import digest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gate.ai.cache import AnswerCache
    from gate.ai.prompt import Prompt
    from gate.ai.request import Engine, EngineInfo
    from gate.core.ai.diff import Batch
    from gate.core.ai.verify import Verified, Verifier
    from gate.core.policy import AiPolicy
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


@dataclass(kw_only=True)
class Caller:
    """Makes the calls of one pass."""

    engine: Engine
    info: EngineInfo
    policy: AiPolicy
    prompt: Prompt
    verifier: Verifier
    cache: AnswerCache | None
    record: Path | None
    progress: Progress
    _spent: float = 0.0
    _promised: float = 0.0
    _dearest: float = 0.0
    _started: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def all(self, batches: Sequence[Batch]) -> list[Answered]:
        """Return what became of every call, in order of batches and runs; parallel as the policy allows."""
        calls = [
            Call(batch=number, run=run)
            for number, batch in enumerate(batches)
            for run in range(self.runs_of(batch))
        ]
        done = 0

        def one(call: Call) -> Answered:
            nonlocal done
            found = self._one(call, batches[call.batch])
            with self._lock:
                done += 1
                self.progress(f"AI review: {done} of {len(calls)} calls done")
            return found

        with ThreadPoolExecutor(max_workers=self.policy.jobs) as pool:
            return list(pool.map(one, calls))

    def runs_of(self, batch: Batch) -> int:
        """How often a batch is asked about."""
        return (self.policy.runs_sensitive or self.policy.runs) if batch.sensitive else self.policy.runs

    def _one(self, call: Call, batch: Batch) -> Answered:
        asked = {
            "prompt": self.prompt.digest,
            "schema": digest(ANSWER),
            "batch": digest(batch.text.encode("utf-8", "surrogatepass").hex()),
            "run": call.run,
        }
        recording = call_key(**asked)  # whoever answered: a recording is for another engine
        key = call_key(
            **asked,
            engine=self.info.name,
            isolation=self.info.isolation,
            model=self.policy.model,
            effort=EFFORT,
            command=list(self.policy.command),
        )
        known = self.cache.read(key) if self.cache else ()
        if any(self._is_complete(reply) for reply in known):
            return self._answered(call, known, cached=True)
        reply = self._ask(recording, batch)
        replies = (*known, reply)
        if self.cache and (self._is_complete(reply) or reply.answers):
            self.cache.write(key, replies)
        if self.record is not None:
            write_reply(self.record, recording, reply)
        return self._answered(call, replies, cached=False)

    def _ask(self, key: str, batch: Batch) -> RawReply:
        left = self.policy.timeout - (time.monotonic() - self._started)
        if left <= 1:
            return RawReply(problem=Reason.TIMEOUT, detail="the time of the pass was used up")
        with self._lock:
            money = self.policy.max_usd - self._spent - self._promised
            # The price of a call is known when it is over: what the dearest one cost must still be there.
            if money <= 0 or self._dearest > money:
                return RawReply(problem=Reason.BUDGET, detail="the money of the pass was used up")
            # Calls beside each other share what is left, or each could spend all of it.
            money = min(money, self.policy.max_usd / self.policy.jobs)
            self._promised += money
        data = batch.text
        review_id = new_review_id(data)
        reply = self.engine.review(
            ReviewRequest(
                key=key,
                review_id=review_id,
                prompt=self.prompt.fill(data, review_id),
                schema=ANSWER,
                model=self.policy.model,
                effort=EFFORT,
                timeout=min(left, CALL_SECONDS),
                max_usd=money,
            )
        )
        with self._lock:
            self._promised -= money
            self._spent += reply.cost_usd or 0.0
            self._dearest = max(self._dearest, reply.cost_usd or 0.0)
        return reply

    def _is_complete(self, reply: RawReply) -> bool:
        return reply.problem is None and self.verifier.verify(reply.answers, reply.review_id).answered

    def _answered(self, call: Call, replies: tuple[RawReply, ...], *, cached: bool) -> Answered:
        verified = tuple(self.verifier.verify(reply.answers, reply.review_id) for reply in replies)
        complete = any(
            reply.problem is None and found.answered for reply, found in zip(replies, verified, strict=True)
        )
        reason = None if complete else replies[-1].problem or Reason.INVALID_OUTPUT
        return Answered(call=call, reason=reason, replies=replies, verified=verified, cached=cached)
