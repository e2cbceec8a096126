"""Reviews, the facts around them, and what a sign-off decision was derived from, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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

    A signed statement also says for which `areas` it is (None: all), for which content (`change_digest`),
    and until when (`expires_at`, ISO 8601); a review of a forge says none of that.
    """

    id: str
    account: Account
    state: str
    at: str
    commit: str | None = None
    active: bool = True
    permission: str = "none"
    source: str = "review"
    areas: tuple[str, ...] | None = None
    change_digest: str | None = None
    expires_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What a forge says about the standing of an account in the project."""

    account: Account
    active: bool = True
    permission: str = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One push to the source branch: by whom, and the commit that the branch stood at before and after."""

    account: Account
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgeFacts:
    """What a forge (or a reviews file) says about one merge request. `pushers` None = unknown.

    `requester` is the person whom the forge itself records as having set an agent to work. `pushes` are all that
    the `pushers` did, where the forge tells them.
    `complete` false = something could not be read; `missing` names it. `target_protected` None = unknown.
    `commit_accounts` maps a commit to the accounts the forge itself found for (author, committer).
    `head` is the head of the merge request when reading ended; `retargeted_at` the time at which the
    target branch last changed, None = never. `members` are accounts whose standing was asked for: those of
    people who signed without a review. `teams` maps `github:org/team` or `gitlab:group/path` to its members,
    None where they could not be read. `branch` is the source branch and `body` the description, None = not said.
    """

    repo: str = ""
    change: str = ""
    branch: str | None = None
    body: str | None = None
    target: str = ""
    target_protected: bool | None = None
    head: str = ""
    complete: bool = True
    missing: tuple[str, ...] = ()
    opener: Account | None = None
    requester: Account | None = None
    pushers: tuple[Account, ...] | None = None
    pushes: tuple[Push, ...] = ()
    earlier_heads: tuple[str, ...] = ()
    retargeted_at: str | None = None
    commit_accounts: Mapping[str, tuple[Account | None, Account | None]] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    members: tuple[Member, ...] = ()
    teams: Mapping[str, tuple[Account, ...] | None] = field(default_factory=dict)


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


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Answer:
    """A review that counted: whose, when, of which commit, for which of the areas. `kind`: review, approval or
    statement; `at` is as the forge or the statement says it.
    """

    who: str
    kind: str
    at: str
    commit: str
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Who can answer for some paths of one area: one of `reviewers`, or `needed` of the `owners`.

    `owners` come from CODEOWNERS, `section` is its name there. Sequences are sorted.
    """

    paths: tuple[str, ...]
    reviewers: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    needed: int = 1
    section: str = ""

    @property
    def people(self) -> tuple[str, ...]:
        """Everyone whose word counts here, sorted."""
        return tuple(sorted({*self.reviewers, *self.owners}))

    def served_by(self, accepted: Iterable[str]) -> bool:
        """Whether these people are enough."""
        people = set(accepted)
        if not people.isdisjoint(self.reviewers):
            return True
        return bool(self.owners) and len(people.intersection(self.owners)) >= self.needed


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Fate:
    """What became of one signed statement: `counts` or not, and why not.

    `source` says where it was found, `id` is the start of the SHA-256 of what was signed.
    """

    source: str
    id: str
    reviewer: str
    decision: str
    counts: bool
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A valid break-glass statement: who, why, until when. `recent` counts all of the last 90 days that
    are known, this one included.
    """

    by: str
    reason: str
    expires_at: str
    recent: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Signoff:
    """The derivation of the sign-off decision, as reports show it.

    `areas` maps each required area to its evidence in order; `needed` is how many people must accept,
    `accepted` the ids that did, `eligible` per area whose word can count, `waiting` the areas that are not
    answered for yet (None: not weighed), `missing` one sentence per thing that is missing (never empty when
    `outcome` is NEEDS_SIGNOFF). `roles` says what each author did, `barred` per area which of its reviewers
    cannot sign and why, `answers` are the reviews by which the accepted accepted, `groups` who can answer for
    which paths, `served` who answered for which area.
    `forge` is where reviews came from: `github`, `gitlab`, another name, empty if nobody was asked.
    All sequences are sorted.
    """

    outcome: Outcome
    required: bool = False
    areas: Mapping[str, tuple[Touch, ...]] = field(default_factory=dict)
    authors: tuple[str, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    accountable: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    ai: bool = False
    needed: int = 0
    needed_because: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    carried_over: tuple[str, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    objections: tuple[str, ...] = ()
    groups: Mapping[str, tuple[Group, ...]] = field(default_factory=dict)
    eligible: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    barred: Mapping[str, tuple[Ignored, ...]] = field(default_factory=dict)
    served: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    waiting: tuple[str, ...] | None = None
    missing: tuple[str, ...] = ()
    statements: tuple[Fate, ...] = ()
    override: Override | None = None
    pushers: str = "unknown"
    forge: str = ""
    notes: tuple[str, ...] = ()
