"""Reviews, the facts around them, and what a sign-off decision was derived from, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.core.area import Touch
    from gate.core.verdict import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account of a forge: `account` is `forge:login`, `kind` user, bot or unknown, `number` its numeric id."""

    account: str
    number: int | None = None
    kind: str = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One review event. `state`: approved, changes_requested, dismissed, revoked, commented or an unknown
    word. `at` is ISO 8601 in UTC. `source`: review, approval, statement, comment, reaction, label, trailer.
    """

    id: str
    account: Account
    state: str
    at: str
    commit: str | None = None
    active: bool = True
    permission: str = "none"
    source: str = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgeFacts:
    """What a forge (or a reviews file) says about one merge request. `pushers` None = unknown.

    `complete` false = something could not be read; `missing` names it. `target_protected` None = unknown.
    `commit_accounts` maps a commit to the accounts the forge itself found for (author, committer).
    `head` is the head of the merge request when reading ended; `retargeted_at` the time at which the
    target branch last changed, None = never.
    """

    repo: str = ""
    change: str = ""
    target: str = ""
    target_protected: bool | None = None
    head: str = ""
    complete: bool = True
    missing: tuple[str, ...] = ()
    opener: Account | None = None
    requester: Account | None = None
    pushers: tuple[Account, ...] | None = None
    earlier_heads: tuple[str, ...] = ()
    retargeted_at: str | None = None
    commit_accounts: Mapping[str, tuple[Account | None, Account | None]] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What a sign-off is bound to. `missing` names facts of git that could not be read.

    `repo` is `host/path`, or a plain name where no host is known; `target` the full name of the target
    ref, or a revision as the user gave it. A plain name or revision is not compared with what a forge says.
    """

    repo: str
    target: str
    head: str
    change_digest: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Ignored:
    """An approval that did not count, and the first reason why."""

    who: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signoff:
    """The derivation of the sign-off decision, as reports show it.

    `areas` maps each required area to its evidence in order; `needed` is how many people must accept,
    `accepted` the ids that did, `eligible` per area who may still sign, `missing` one sentence per thing
    that is missing (never empty when `outcome` is NEEDS_SIGNOFF). All sequences are sorted.
    """

    outcome: Outcome
    required: bool = False
    areas: Mapping[str, tuple[Touch, ...]] = field(default_factory=dict)
    authors: tuple[str, ...] = ()
    accountable: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    ai: bool = False
    needed: int = 0
    accepted: tuple[str, ...] = ()
    carried_over: tuple[str, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    objections: tuple[str, ...] = ()
    eligible: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    pushers: str = "unknown"
    notes: tuple[str, ...] = ()
