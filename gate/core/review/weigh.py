"""What a signed statement is worth for one change: a decision, an override, or nothing and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from gate.core.policy import CarryOver
from gate.core.review.decisions import APPROVED, CLOCK_SKEW, OBJECTED, moment, stale
from gate.core.review.model import Account, Decision, Fate, Ignored, Override
from gate.core.review.people import STATEMENT
from gate.core.review.statement import APPROVE, OVERRIDE, REJECT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from gate.core.policy import SignoffPolicy
    from gate.core.review.model import Binding
    from gate.core.review.people import People
    from gate.core.review.statement import Signed, Statement

#: An override has to say why, in at least this many characters.
LEAST_REASON = 15
#: The window in which overrides are counted.
OVERRIDE_WINDOW = timedelta(days=90)
#: More refused statements than this are counted instead of named.
MOST_REFUSED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a statement is compared with. `known` are the commits of the change and its older heads, `trees` the
    trees of commits that were signed, as far as they can be read.
    """

    people: People
    binding: Binding
    policy: SignoffPolicy
    now: datetime
    change: str = ""
    known: frozenset[str] = frozenset()
    older_digests: Mapping[str, str] = field(default_factory=dict)
    changed_since: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    trees: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Decisions that statements make, valid overrides, and the fate of those that make none."""

    decisions: Mapping[Decision, Signed] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    valid_overrides: tuple[Signed, ...] = ()
    refused: tuple[Fate, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    notes: tuple[str, ...] = ()


def weigh(found: Iterable[Signed], context: Context) -> Weighed:
    """Return what signed statements say about this change. Their order, and copies of one, have no effect.

    A statement that is not authentic, or belongs to another change, shadows nothing.
    """
    best: dict[str, Signed] = {}
    for signed in sorted(found, key=lambda s: (s.problem != "", s.counted_only, s.source, s.id)):
        best.setdefault(signed.id, signed)  # an authentic copy wins over a broken one
    decisions: dict[Decision, Signed] = {}
    overrides: list[Override] = []
    valid: list[Signed] = []
    refused: list[Fate] = []
    for signed in best.values():
        if signed.counted_only:
            continue
        statement = signed.statement
        why = signed.problem or ("" if statement else "it cannot be read")
        if statement is not None and not why:
            why = _why_not(statement, context)
        if statement is None or why:
            refused.append(fate(signed, why))
        elif statement.decision == OVERRIDE:
            valid.append(signed)
            overrides.append(_override(statement, best.values(), context.now))
        else:
            decisions[_decision(signed, statement)] = signed
    refused.sort()
    told = [Ignored(who=f"{f.reviewer} ({f.source})" if f.reviewer else f.source, why=f.why) for f in refused]
    left = len(told) - MOST_REFUSED
    return Weighed(
        decisions=decisions,
        overrides=tuple(sorted(overrides, key=lambda o: (o.expires_at, o.by, o.reason), reverse=True)),
        valid_overrides=tuple(valid),
        refused=tuple(refused),
        ignored=tuple(told[:MOST_REFUSED]),
        notes=(
            f"Signed statements that do not count, beside those named: {left:,}; `gate signoff list` shows each.",
        )
        if left > 0
        else (),
    )


def fate(signed: Signed, why: str = "") -> Fate:
    """Return the fate of a statement: it counts unless `why` says why not."""
    statement = signed.statement
    return Fate(
        source=signed.source,
        id=signed.id,
        reviewer=statement.reviewer if statement else "",
        decision=statement.decision if statement else "",
        counts=not why,
        why=why,
    )


def _decision(signed: Signed, statement: Statement) -> Decision:
    state = {APPROVE: APPROVED, REJECT: OBJECTED}.get(statement.decision, "revoked")
    return Decision(
        id=f"statement {signed.id}",
        account=Account(account=f"{STATEMENT}:{statement.reviewer}", kind="user"),
        state=state,
        at=statement.created_at,
        commit=statement.commit,
        permission="statement",
        source="statement",
        # Who objects or takes back speaks of everything that he could have signed.
        areas=statement.areas if state == APPROVED else None,
        change_digest=statement.change_digest,
        expires_at=statement.expires_at,
    )


def _why_not(statement: Statement, context: Context) -> str:
    """Why an authentic statement says nothing about this change, or an empty text."""
    binding = context.binding
    if statement.repo.casefold() != binding.repo.casefold():
        return f"it is for the repository {statement.repo}, and this is {binding.repo}"
    if statement.target != binding.target:
        return f"it is for {statement.target}, and this change goes to {binding.target}"
    if statement.change and context.change and statement.change != context.change:
        return f"it is for merge request {statement.change}, and this is {context.change}"
    if statement.change and not context.change and statement.decision in (APPROVE, OVERRIDE):
        return f"it is for merge request {statement.change}, and this run was told of none (see --reviews)"
    if context.trees.get(statement.commit, statement.tree) != statement.tree:
        return f"its tree {statement.tree[:12]} is not that of its commit {statement.commit[:12]}"
    created = moment(statement.created_at)
    if created is None or created > context.now + CLOCK_SKEW:
        return f"its date lies in the future ({statement.created_at})"
    if statement.decision == APPROVE:
        return _other_content(statement, context)
    if statement.decision == OVERRIDE:
        return _bad_override(statement, created, context)
    same_request = bool(statement.change) and statement.change == context.change
    if same_request or statement.commit in context.known or _same(statement, context):
        return ""
    return f"it is about another change (commit {statement.commit[:12]})"


def _same(statement: Statement, context: Context) -> bool:
    return bool(context.binding.change_digest) and statement.change_digest == context.binding.change_digest


def _other_content(statement: Statement, context: Context) -> str:
    commit = statement.commit
    never = context.policy.carry_over is CarryOver.NEVER
    if _same(statement, context) and (commit == context.binding.head or not never):
        return ""
    return stale(
        commit,
        never=never,
        readable=commit in context.older_digests,
        changed=context.changed_since.get(commit, ()),
    )


def _bad_override(statement: Statement, created: datetime, context: Context) -> str:
    """Why an override does not hold, or an empty text."""
    rules = context.policy.break_glass
    if rules is None:
        return "the policy allows no override (signoff.break_glass)"
    if statement.reviewer not in rules.people or context.people.expired(statement.reviewer, context.now):
        return "signoff.break_glass does not name this person"
    if statement.commit != context.binding.head:
        return (
            f"an override is for one commit: it names {statement.commit[:12]}, "
            f"and this is {context.binding.head[:12]}"
        )
    if not _same(statement, context):
        return "the target branch moved, so the commit changes something else than when it was signed"
    if len((statement.text or "").strip()) < LEAST_REASON:
        return f"an override needs a reason of at least {LEAST_REASON} characters"
    end = moment(statement.expires_at or "")
    if end is None:
        return "an override needs an end (expiresAt)"
    if end - created > timedelta(hours=rules.max_hours):
        return f"an override may last {rules.max_hours} hours, and this one ends {statement.expires_at}"
    if end <= context.now:
        return f"expired at {statement.expires_at}"
    return ""


def _override(statement: Statement, every: Iterable[Signed], now: datetime) -> Override:
    recent = 0
    for signed in every:
        other = signed.statement
        if signed.problem or other is None or other.decision != OVERRIDE:
            continue
        if other.repo.casefold() != statement.repo.casefold():
            continue
        at = moment(other.created_at)
        recent += at is not None and now - OVERRIDE_WINDOW <= at <= now + CLOCK_SKEW
    return Override(
        by=statement.reviewer,
        reason=" ".join((statement.text or "").split()),
        expires_at=statement.expires_at or "",
        recent=recent,
    )
