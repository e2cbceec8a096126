"""The review by a model, as far as it is a matter of facts: what was asked, what an answer is worth, what is shown."""

from gate.core.ai.model import AiFinding, AiPass, AiStatus, Reason, Scope, Sighted, Unreviewed

__all__ = ["AiFinding", "AiPass", "AiStatus", "Reason", "Scope", "Sighted", "Unreviewed"]
