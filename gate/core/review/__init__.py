"""Which sign-offs count, why one does not, and who can still give one."""

from __future__ import annotations

from gate.core.review.decide import decide_signoff
from gate.core.review.decisions import compared_commits
from gate.core.review.model import (
    Account,
    Binding,
    Decision,
    Fate,
    ForgeFacts,
    Group,
    Ignored,
    Member,
    Override,
    Push,
    Signoff,
)

__all__ = [
    "Account",
    "Binding",
    "Decision",
    "Fate",
    "ForgeFacts",
    "Group",
    "Ignored",
    "Member",
    "Override",
    "Push",
    "Signoff",
    "compared_commits",
    "decide_signoff",
]
