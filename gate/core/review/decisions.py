"""The latest decision of each person, and why an approval does not count."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from gate.core.policy import CarryOver
from gate.core.review.people import STATEMENT
from gate.core.words import listed, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gate.core.policy import SignoffPolicy
    from gate.core.review.model import Binding, Decision, ForgeFacts
    from gate.core.review.people import People

#: Sources that are an act of reviewing; the rest is text that anyone can write anywhere.
NATIVE_SOURCES = frozenset({"review", "approval", "statement"})
WRITE_PERMISSIONS = frozenset({"write", "maintain", "admin"})
APPROVED = "approved"
OBJECTED = "changes_requested"

#: A clock may run ahead by this much; what comes from further in the future is refused.
CLOCK_SKEW = timedelta(minutes=10)

#: States that decide; at the same time the stricter one wins.
_STRICTNESS = {APPROVED: 0, "dismissed": 1, "revoked": 2, OBJECTED: 3}
_REPLACED = {
    OBJECTED: "the same person requested changes later",
    "revoked": "revoked later",
    "dismissed": "dismissed later",
}


def moment(at: str) -> datetime | None:
    """Return a time in UTC, or None if it cannot be read. A time without an offset is taken as UTC."""
    try:
        parsed = datetime.fromisoformat(at)
    except ValueError:
        return None
    return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def in_future(at: str, now: datetime | None) -> bool:
    """Whether a time lies further in the future than clocks differ."""
    told = moment(at)
    return told is not None and now is not None and told > now + CLOCK_SKEW


def _order(decision: Decision) -> tuple[datetime, int, str, str]:
    # A time that cannot be read is the newest, so that an objection is never lost.
    at = moment(decision.at) or datetime.max.replace(tzinfo=UTC)
    return at, _STRICTNESS[decision.state], decision.id, repr(decision)


def latest_decisions(
    people: People, decisions: Iterable[Decision], area: str, now: datetime | None = None
) -> dict[str, Decision]:
    """Return the decision at which each person stands on one area, by person.

    Comments, unknown states and free text decide nothing and replace nothing; nor does an approval
    whose time cannot be read or lies in the future, or one for other areas. All accounts of a human are one person.
    """
    standing: dict[str, Decision] = {}
    for decision in decisions:
        if decision.source not in NATIVE_SOURCES or decision.state not in _STRICTNESS:
            continue
        if decision.state == APPROVED and (moment(decision.at) is None or in_future(decision.at, now)):
            continue
        if decision.areas is not None and area not in decision.areas:
            continue
        person = people.behind(decision.account)
        before = standing.get(person)
        if before is None or _order(before) < _order(decision):
            standing[person] = decision
    return standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """The facts against which an approval is held."""

    people: People
    roles: Mapping[str, str]
    binding: Binding
    policy: SignoffPolicy
    now: str
    #: None: no forge was asked, and being listed with a key stands for its permission.
    forge: ForgeFacts | None = None
    older_digests: Mapping[str, str] = field(default_factory=dict)
    changed_since: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def expired(self, human: str) -> bool:
        """Whether the policy lists a human only until a day that is over."""
        return self.people.expired(human, moment(self.now))

    def barred(self, human: str) -> str:
        """Return why nothing that this human signs can count, as far as it is known before; else an empty text."""
        if role := self.roles.get(human):
            return f"{role} of this change"
        if self.expired(human):
            return f"listed until {self.people.humans[human].until} only"
        return self._standing(human) or ""

    def _standing(self, human: str) -> str | None:
        """Why the forge lets none of a human's accounts write; empty if one may, None if it did not say."""
        if self.forge is None:
            return ""
        native = (d for d in self.forge.decisions if d.source in NATIVE_SOURCES)
        told = [(m.account, m.active, m.permission) for m in self.forge.members]
        told += [(d.account, d.active, d.permission) for d in native]
        known = [rest for account, *rest in told if self.people.by_account(account) == human]
        if not known:
            return None
        if any(active and permission in WRITE_PERMISSIONS for active, permission in known):
            return ""
        return "no write permission" if any(active for active, _ in known) else "account not active"

    def why_not(self, decision: Decision) -> str:
        """Return the first reason why an approval does not count, or an empty string if it does."""
        human = self.people.by_account(decision.account)
        if human is None:
            return "not a registered human"
        if not decision.active or self.expired(human):
            return "account not active"
        if is_statement(decision):
            standing = self._standing(human)
            if standing is None:
                return "the forge did not say whether this person may write"
            if standing:
                return standing
        elif decision.permission not in WRITE_PERMISSIONS:
            return "no write permission"
        if role := self.roles.get(human):
            return f"{role} of this change"
        if decision.source not in NATIVE_SOURCES:
            return "free text is not a sign-off"
        if decision.expires_at is not None:
            end, now = moment(decision.expires_at), moment(self.now)
            if end is None or now is None or end <= now:
                return f"expired at {decision.expires_at}"
        if in_future(decision.at, moment(self.now)):
            return f"its date lies in the future ({decision.at})"
        if decision.commit is None:
            return "no commit id"
        return self._stale(decision)

    def carried_over(self, decision: Decision) -> bool:
        """Whether an approval of an older head stands for the same content."""
        digest = decision.change_digest or self.older_digests.get(decision.commit or "")
        same = bool(digest) and digest == self.binding.change_digest
        return decision.commit != self.binding.head and same and self.policy.carry_over is CarryOver.DIGEST

    def _stale(self, decision: Decision) -> str:
        at = moment(decision.at)
        if at is None:
            return "its date cannot be read"
        # A statement names its target itself; a review of a forge does not.
        retargeted = None if is_statement(decision) or self.forge is None else self.forge.retargeted_at
        if retargeted is not None:
            since = moment(retargeted)
            if since is None or at <= since:
                return "stale: given before the target branch was changed"
        commit = decision.commit or ""
        if commit == self.binding.head or self.carried_over(decision):
            return ""
        return stale(
            commit,
            never=self.policy.carry_over is CarryOver.NEVER,
            readable=commit in self.older_digests,
            changed=self.changed_since.get(commit, ()),
        )


def compared_commits(decisions: Iterable[Decision]) -> tuple[str, ...]:
    """Return the commits whose content says whether an approval still counts, each once.

    Those of comments and of accounts that may not write are none: anybody can leave thousands of them.
    """
    weighed = (d for d in decisions if d.state == "approved" and d.permission in WRITE_PERMISSIONS)
    return tuple(dict.fromkeys(d.commit for d in weighed if d.commit))


def is_statement(decision: Decision) -> bool:
    """Whether a decision was signed with a key instead of given on a forge."""
    return decision.account.account.startswith(f"{STATEMENT}:")


def stale(commit: str, *, never: bool, readable: bool, changed: Iterable[str]) -> str:
    """Return why an approval of another commit does not count. `changed` are the files that differ since."""
    signed = f"stale: signed {commit[:12]}"
    if never:
        return f"{signed}, and the policy carries no approval over to another commit"
    if not readable:
        return f"{signed}, which cannot be compared with the present head"
    paths = [shown(path) for path in sorted(changed)]
    return f"{signed}, files changed since: {listed(paths, most=5) if paths else 'not known which'}"


def replaced(standing: Decision, decision: Decision) -> str:
    """Return why an approval does not count beside the later decision of the same person, or an empty string."""
    return "" if standing == decision else _REPLACED.get(standing.state, "")
