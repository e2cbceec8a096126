"""What an engine is asked and what it brings back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.core.ai import Reason


#: Remark of engines that cannot tell the price of a call.
NO_PRICE = "this engine tells no price: ai.max_usd does not limit it, ai.max_diff_bytes and ai.runs do"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRequest:
    """One call. `key` names it for recordings; `timeout` is seconds; `max_usd` what is left of the budget."""

    key: str
    review_id: str
    prompt: str
    schema: Mapping[str, Any]
    model: str
    effort: str
    timeout: float
    max_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RawReply:
    """What came back. `problem` None: the call ended as a completed one does; the answer itself is unchecked.

    `answers` are all structured answers in their order, also those of calls that failed later. `review_id` is
    the one that they were asked for, None if the engine has none. `tool_attempts` counts other tools that the
    model called. `detail` says for people what went wrong, in our own words.
    """

    answers: tuple[Any, ...] = ()
    problem: Reason | None = None
    detail: str = ""
    review_id: str | None = None
    tool_attempts: Mapping[str, int] = field(default_factory=dict)
    models: tuple[str, ...] = ()
    cost_usd: float | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    retried: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineInfo:
    """What an engine is, found before the first call. `problem`: nothing can be started, and why."""

    name: str
    isolation: str
    version: str = ""
    problem: Reason | None = None
    detail: str = ""
    notes: tuple[str, ...] = ()


class Engine(Protocol):
    """`probe` starts nothing at the model. `review` never raises for what a model or program does."""

    def probe(self) -> EngineInfo: ...
    def review(self, request: ReviewRequest) -> RawReply: ...
