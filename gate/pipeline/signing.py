"""What `gate signoff` needs to know of a change: its areas, the decision so far, and what would be signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from gate.core.review.decisions import moment
from gate.core.review.statement import APPROVE, OVERRIDE, Statement
from gate.errors import UsageError
from gate.git import Repository
from gate.pipeline import inputs
from gate.pipeline.areas import touches
from gate.pipeline.attribution import attribute_change
from gate.pipeline.cache import open_cache
from gate.pipeline.sides import scan_areas
from gate.pipeline.signoff import Basis, sign_off
from gate.pipeline.statements import FoundStatement, verified

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gate.core.area import Touch
    from gate.core.change import ChangeSet
    from gate.core.policy import Policy
    from gate.core.review import Signoff
    from gate.pipeline.request import Progress, Request
    from gate.signing import Bundle


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A change as a signer sees it. `signoff` is the decision with the statements that were given."""

    change: ChangeSet
    tree: str
    policy: Policy
    touched: tuple[Touch, ...]
    signoff: Signoff


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to declare. `areas` empty: all that this person may sign. `hours` None: no end."""

    decision: str
    reviewer: str
    areas: Sequence[str] = ()
    change: str | None = None
    repository: str | None = None
    reason: str | None = None
    expires_at: str | None = None
    report_digest: str | None = None


def look(request: Request, progress: Progress, *, every_note: bool = False) -> Looked:
    """Return the change of `request`, its areas and the sign-off decision; no findings are looked for.

    Raises what `gate check` raises where there is no change to judge by, and IncompleteError where the area
    rules could not run: a signer must see every area.
    """
    reviews = inputs.read_reviews(request.reviews)
    with Repository.open(request.repo) as repository:
        ends = inputs.find_ends(repository, request)
        policy = inputs.load_policy(repository, ends.base, request)
        progress("reading the change")
        change = repository.change(
            ends.base_name, ends.head, target=ends.target, max_file_bytes=policy.scanners.max_file_bytes
        )
        with open_cache(request, progress, repository, change.head) as cache:
            runs = scan_areas(
                repository, change, policy, jobs=request.processes, progress=progress, cache=cache
            )
        areas = inputs.areas(policy)
        registry = inputs.registry(policy, repository, change.base)
        touched = touches(repository, change, policy, areas, runs)
        authorship = attribute_change(repository, change, registry, request=ends.request, reviews=reviews)
        progress("verifying signed statements")
        signoff = sign_off(
            Basis(
                repository=repository,
                change=change,
                policy=policy,
                reviews=reviews,
                registry=registry,
                authorship=authorship,
                areas=areas,
                now=request.now,
                signoffs=request.signoffs,
                every_note=every_note,
            ),
            touched,
        )
        return Looked(
            change=change,
            tree=repository.tree_id(change.head),
            policy=policy,
            touched=touched,
            signoff=signoff,
        )


def draft(looked: Looked, wish: Wish, now: str) -> Statement:
    """Return the statement to sign. Raises UsageError where it could never count, with the reason."""
    people = {human.id for human in looked.policy.signoff.humans}
    if wish.reviewer not in people:
        known = ", ".join(sorted(people)) or "nobody"
        raise UsageError(
            f"--reviewer {wish.reviewer}: not in signoff.humans of the policy at the base commit",
            hint=f"Listed there: {known}. A sign-off of anybody else does not count.",
        )
    rules = looked.policy.signoff.break_glass
    if wish.decision == OVERRIDE and (rules is None or wish.reviewer not in rules.people):
        named = ", ".join(rules.people) if rules else "nobody"
        raise UsageError(
            f"--reviewer {wish.reviewer}: may not override", hint=f"signoff.break_glass names: {named}."
        )
    end, at = moment(wish.expires_at) if wish.expires_at else None, moment(now)
    if end is not None and at is not None:
        if end <= at:
            raise UsageError(f"--expires {wish.expires_at}: is over already", hint="Give a time to come.")
        if wish.decision == OVERRIDE and rules is not None and end - at > timedelta(hours=rules.max_hours):
            raise UsageError(
                f"--expires {wish.expires_at}: an override may last {rules.max_hours} hours",
                hint="signoff.break_glass.max_hours of the policy at the base commit says so.",
            )
    if not looked.signoff.areas:
        raise UsageError(
            "no sensitive area is touched, so there is nothing to sign off",
            hint="`gate areas` shows what a change touches. Check --base and --head.",
        )
    return Statement(
        decision=wish.decision,
        reviewer=wish.reviewer,
        repo=wish.repository or looked.change.repo,
        commit=looked.change.head,
        tree=looked.tree,
        target=looked.change.target,
        base=looked.change.merge_base,
        change_digest=looked.change.change_digest,
        policy_digest=looked.policy.digest,
        created_at=now,
        areas=tuple(_areas(looked.signoff, wish)),
        change=wish.change,
        report_digest=wish.report_digest,
        expires_at=wish.expires_at,
        text=wish.reason,
    )


def prove_believed(request: Request, looked: Looked, bundle: Bundle) -> None:
    """Raise UsageError if the gate would not believe a signature, such as one by the key of somebody else.

    Raises SigningError if nothing can be verified here.
    """
    with Repository.open(request.repo) as repository:
        found = [FoundStatement("what was signed", bundle)]
        [signed], _ = verified(found, repository, looked.change.base, looked.policy, request.now)
    if signed.problem:
        raise UsageError(
            f"nothing was written, for it could not count: {signed.problem}",
            hint="Keys are read at the base commit: signoff.humans[].keys of the policy, .gate/allowed_signers and "
            ".gate/revoked_keys. Give a key of --reviewer to --key, or list it on the target branch first.",
        )


def _areas(signoff: Signoff, wish: Wish) -> list[str]:
    for area in wish.areas:
        if area not in signoff.areas:
            raise UsageError(
                f"--areas {area}: this change does not touch it",
                hint=f"Touched: {', '.join(signoff.areas)}.",
            )
    if wish.areas or wish.decision != APPROVE:
        return sorted(set(wish.areas or signoff.areas))
    if role := signoff.roles.get(wish.reviewer):
        raise UsageError(
            f"--reviewer {wish.reviewer}: is {role} of this change, so this approval could not count",
            hint="Somebody else has to sign it off.",
        )
    own = [area for area, people in signoff.eligible.items() if wish.reviewer in people]
    # Who reviews none of the areas can still be the second person that a change needs.
    return sorted(own or signoff.areas)
