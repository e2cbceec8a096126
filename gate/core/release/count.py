"""Whether a record counts for a release, and why not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gate.core.review.decisions import moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.core.release.model import Found, Proof

#: Why what answered for a change does not when it comes a second time.
BROUGHT_AGAIN = (
    "the same change came onto the line before, with {}, and was taken back: what is brought again has to be judged "
    "again"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What records are held against.

    `repo` is the repository of the release; `on_line` are commits on the first parents of the release or of the
    default branch; `policies` digests of policies that the line had. `strict`: an override does not outlive its
    merge. `now` is ISO 8601 in UTC. `proofs` are answers of a forge by step, `told` why one answers for nothing,
    and `replays` what `match.replayed` found.
    """

    repo: str
    now: str
    strict: bool = False
    on_line: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()
    proofs: Mapping[str, Proof] = field(default_factory=dict)
    told: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    replays: Mapping[tuple[str, str], str] = field(default_factory=dict)


def why_not(found: Found, measure: Measure, step: str = "") -> str:
    """Return the first reason why a record answers for nothing, or not for `step`, or an empty text."""
    record = found.record
    if found.problem:
        return found.problem
    if record.repo.casefold() != measure.repo.casefold():
        return f"it is of the repository {record.repo}, and this is {measure.repo} (--repository says which one it is)"
    at, now = moment(record.recorded_at), moment(measure.now)
    if at is None or now is None or (at - now).total_seconds() > 600:
        return f"its date lies in the future ({record.recorded_at})"
    if record.base not in measure.on_line and record.policy_digest not in measure.policies:
        return (
            f"it was judged by the policy of {record.base[:12]}, a commit that is not on the released line, "
            "where anybody could have written it"
        )
    if (older := measure.replays.get((found.id, step))) is not None:
        return BROUGHT_AGAIN.format(older[:12])
    decided = record.signoff
    if decided.outcome != "passed":
        return f"its sign-off was {decided.outcome}"
    if measure.strict and decided.ai and not decided.accepted:
        return "nobody looked at what an AI wrote, and the policy (strict) wants a human before a release"
    if decided.override is not None:
        end = moment(decided.override.expires_at)
        if measure.strict:
            return f"it rests on the override of {decided.override.by}, and the policy (strict) wants a sign-off before a release"
        if end is None or end <= now:
            return f"it rests on the override of {decided.override.by}, which ended at {decided.override.expires_at}"
    return ""
