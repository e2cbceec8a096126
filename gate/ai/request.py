"""What an engine is asked and what it brings back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from gate.ai.schema import ANSWER
from gate.core.ai.diff import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.core.ai import Reason


#: Remark of engines that cannot tell the price of a call.
NO_PRICE = "nobody knows the price of a call: ai.max_usd does not limit it, ai.max_diff_bytes and ai.runs do"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How an engine takes a change and answers.

    `command` is the engine's own in the place of our prompt, empty where ours is used. `most` is a limit of
    its own to the bytes of one call, `whole`: files are not split, `context`: lines around a hunk, `overhead`:
    bytes that it sends beside prompt and change.
    """

    schema: Mapping[str, Any] = field(default_factory=lambda: ANSWER)
    command: str = ""
    most: int | None = None
    whole: bool = False
    context: int = CONTEXT
    overhead: int = 3_000

    @property
    def with_id(self) -> bool:
        """Whether an answer must bear the id of its call."""
        return not self.command


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRequest:
    """One call. `key` names it for recordings; `timeout` is seconds; `max_usd` what is left of the budget.

    `paths` are the files of the change that it is about.
    """

    key: str
    review_id: str
    prompt: str
    schema: Mapping[str, Any]
    model: str
    effort: str
    timeout: float
    max_usd: float
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RawReply:
    """What came back. `problem` None: the call ended as a completed one does; the answer itself is unchecked.

    `answers` are all structured answers in their order, also those of calls that failed later. `review_id` is
    the one that they were asked for, None if the engine has none. `tool_attempts` counts other tools that the
    model called. `detail` says for people what went wrong, in our own words. `started` False: nobody was asked.
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
    started: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineInfo:
    """What an engine is, found before the first call. `problem`: nothing can be started, and why.

    `charges`: its calls cost money; `tells_price`: it says itself how much.
    """

    name: str
    isolation: str
    version: str = ""
    problem: Reason | None = None
    detail: str = ""
    notes: tuple[str, ...] = ()
    charges: bool = False
    tells_price: bool = False


class Engine(Protocol):
    """`probe` starts nothing at the model. `review` never raises for what a model or program does.

    `count` asks how many tokens a call would send, None where nobody can be asked for nothing.
    """

    @property
    def form(self) -> Form: ...
    def probe(self) -> EngineInfo: ...
    def count(self, request: ReviewRequest) -> int | None: ...
    def review(self, request: ReviewRequest) -> RawReply: ...
