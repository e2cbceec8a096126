"""Which sign-offs count, why one does not, and who can still give one."""

from __future__ import annotations

from gate.core.review.decide import decide_signoff
from gate.core.review.model import Account, Binding, Decision, ForgeFacts, Ignored, Signoff

__all__ = ["Account", "Binding", "Decision", "ForgeFacts", "Ignored", "Signoff", "decide_signoff"]
