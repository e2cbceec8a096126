"""The scales of authorship: roles, places, and what a place makes of a registered grade."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What an agent did for a commit, the strongest first."""

    AUTHORED = "authored"
    CO_AUTHORED = "co_authored"
    ASSISTED = "assisted"
    LINKED = "linked"


class Place(StrEnum):
    """Where a piece of evidence stands."""

    IDENTITY = "identity"
    LAST_BLOCK = "last_block"
    OWN_LINE = "own_line"
    SUBJECT = "subject"
    REPAIRED = "repaired"
    COMMITTER = "committer"
    RECOMMITTER = "recommitter"
    INDENTED = "indented"
    QUOTED = "quoted"
    FENCED = "fenced"
    COMMENT = "comment"
    INLINE = "inline"
    BRANCH = "branch"
    NOTE = "note"


ROLES: Final = {role.value: rank for rank, role in enumerate(Role)}
#: Effective grades, the best first. `N` is a registered grade only.
GRADES: Final = {"A": 0, "B": 1, "weak": 2, "C": 3}

_LOWERED: Final = {"A": "B", "B": "weak", "C": "C"}
_EFFECTIVE: Final = {
    Place.IDENTITY: {"A": "A", "B": "B", "C": "C"},
    Place.LAST_BLOCK: {"A": "A", "B": "B", "C": "C"},
    # A lowered A still declares: squash merges put real trailers into the middle of a message.
    Place.OWN_LINE: _LOWERED,
    Place.SUBJECT: _LOWERED,
    Place.REPAIRED: _LOWERED,
    Place.COMMITTER: {"A": "weak", "B": "C", "C": "C"},
}


def effective(grade: str, place: Place) -> str:
    """Return the grade that a registered A, B or C has at a place: A, B, weak or C."""
    return _EFFECTIVE[place][grade] if place in _EFFECTIVE else "C"


def capped(role: str | None, strongest: Role) -> str | None:
    """Return the weaker of two roles; None stays None."""
    return role if role is None or ROLES[role] >= ROLES[strongest] else strongest.value
