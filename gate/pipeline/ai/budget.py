"""The money of a pass: what is left, what calls beside each other may still take, and what one may cost."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gate.core.ai import Reason
from gate.core.ai.price import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gate.ai.request import Form, RawReply
    from gate.core.ai.diff import Batch
    from gate.core.ai.price import Price
    from gate.core.policy import AiPolicy


#: Ends of a call that the service may have worked, and charged, for.
_CUT_OFF = frozenset({Reason.TIMEOUT, Reason.CRASHED, Reason.INVALID_OUTPUT})


@dataclass(kw_only=True)
class Budget:
    """`price` None: nobody knows what the model costs, so only what was spent is known. `one_request`: a call is never
    more than one paid request.
    """

    policy: AiPolicy
    price: Price | None
    one_request: bool = False
    _spent: float = 0.0
    _promised: float = 0.0
    _dearest: float = 0.0
    _open: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def most(self, form: Form, prompt: int, batches: Sequence[Batch], calls: Sequence[int]) -> float | None:
        """Return what all calls together cost at most if each is one request, in US dollars.

        `prompt` are the bytes of our own words, `calls` has the number of the batch of each call.
        """
        if self.price is None:
            return None
        sizes = [len(batch.text.encode("utf-8", "replace")) for batch in batches]
        return sum(self.price.most(tokens(sizes[number] + prompt + form.overhead)) for number in calls)

    def take(self, tokens_in: int, patience: float) -> tuple[float, str]:
        """Promise money to a call that sends so many tokens; return how much, and if there is none why not.

        What is only promised to calls beside it may come back: that is waited for, at most `patience` seconds.
        Otherwise it were chance which calls are made.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._fits(tokens_in) or not self._open, patience)
            left = self._left()
            if not self._fits(tokens_in):
                return 0.0, (
                    f"a call may cost {self._wanted(tokens_in):.2f} USD, and {left:.2f} of ai.max_usd were left"
                    if left > 0
                    else "the money of the pass was used up"
                )
            # Calls beside each other share what is left, or each could spend all of it.
            share = min(left, max(self._wanted(tokens_in), self.policy.max_usd / self.policy.jobs))
            if self.one_request and self.price is not None:
                share = self._wanted(tokens_in)
            self._promised += share
            self._open += 1
            return share, ""

    def _left(self) -> float:
        return max(0.0, self.policy.max_usd - self._spent - self._promised)

    def _wanted(self, tokens_in: int) -> float:
        return self.price.most(tokens_in) if self.price is not None else self._dearest

    def _fits(self, tokens_in: int) -> bool:
        return 0 < self._left() >= self._wanted(tokens_in)

    def give_back(self, share: float, reply: RawReply) -> float | None:
        """Take note of what a call cost, and return it; None if neither the engine nor the table knows.

        A call that was cut off tells no cost and may have run up all of it, so all that it was promised counts as spent.
        """
        cost = reply.cost_usd
        if cost is None and self.price is not None and (reply.tokens_in or reply.tokens_out):
            cost = self.price.of(reply.tokens_in, reply.tokens_out)
        unknown = cost is None and reply.started and reply.problem in _CUT_OFF
        with self._changed:
            self._open -= 1
            self._promised = self._promised - share if self._open else 0.0
            self._spent += share if unknown and self.price is not None else cost or 0.0
            self._dearest = max(self._dearest, cost or 0.0)
            self._changed.notify_all()
        return cost
