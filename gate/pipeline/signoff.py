"""The sign-off decision of a run: gathers what git, signed statements and CODEOWNERS say, and asks the core."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gate.core.authorship import is_agent_identity
from gate.core.owners import MAX_BYTES, PLACES, parse_owners
from gate.core.policy import CODEOWNERS
from gate.core.review import Binding, compared_commits, decide_signoff
from gate.core.verdict import Outcome
from gate.core.words import listed
from gate.errors import GitError, SigningError
from gate.pipeline.statements import NOTES_REF, read_statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from gate.core.area import Area, Touch
    from gate.core.authorship import Authorship, Registry
    from gate.core.change import ChangeSet, Commit
    from gate.core.owners import Owners
    from gate.core.policy import Policy, SignoffPolicy
    from gate.core.review import ForgeFacts, Signoff
    from gate.core.review.statement import Signed
    from gate.git import Repository
    from gate.pipeline.statements import Statements


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What the decision is derived from, besides the touched areas. `signoffs` is a file or folder of signed
    statements; `every_note` also reads notes that belong to other changes. `now` is the run's one time.
    """

    repository: Repository
    change: ChangeSet
    policy: Policy
    reviews: ForgeFacts | None
    registry: Registry
    authorship: Authorship
    areas: Sequence[Area]
    now: str
    signoffs: Path | None = None
    every_note: bool = False


def sign_off(basis: Basis, touched: Sequence[Touch]) -> Signoff:
    """Return the decision. Signed statements are read only if an area is touched.

    Statements that cannot be verified here make it incomplete, never a pass. Raises UsageError for a
    `signoffs` that cannot be read.
    """
    change = basis.change
    binding = Binding(
        repo=change.repo, target=change.target, head=change.head, change_digest=change.change_digest
    )
    if not touched:
        return _decide(basis, touched, binding, ())
    try:
        found = read_statements(basis)
    except SigningError as error:
        told = f"{error.message}. {error.hint}" if error.hint else error.message
        return _decide(basis, touched, replace(binding, missing=(told,)), ())
    signoff = _decide(basis, touched, binding, found.signed)
    return replace(signoff, notes=tuple(sorted({*signoff.notes, *_notes(basis, signoff, found)})))


def _decide(
    basis: Basis, touched: Sequence[Touch], binding: Binding, statements: Sequence[Signed]
) -> Signoff:
    signed = {one.statement.commit for one in statements if one.statement and not one.problem}
    digests, since = _older_heads(basis, signed)
    return decide_signoff(
        touches=touched,
        areas=basis.areas,
        binding=binding,
        commits=basis.change.commits,
        authorship=basis.authorship,
        forge=basis.reviews,
        policy=basis.policy.signoff,
        now=basis.now,
        is_agent=lambda name, email: is_agent_identity(name, email, basis.registry),
        undeclared_is_ai=basis.policy.authorship.treat_undeclared_as_ai,
        statements=statements,
        owners=owners_of(basis) if touched else None,
        earlier_commits=_earlier_commits(basis),
        older_digests=digests,
        changed_since=since,
        trees=_trees(basis.repository, {*signed, basis.change.head}),
    )


def _trees(repository: Repository, commits: Iterable[str]) -> Mapping[str, str]:
    """Return the tree of each commit that this clone has."""
    found = {}
    for sha in commits:
        with suppress(GitError):
            found[sha] = repository.tree_id(sha)
    return found


def _older_heads(
    basis: Basis, signed: Iterable[str]
) -> tuple[Mapping[str, str], Mapping[str, tuple[str, ...]]]:
    """Return digest and differing paths for each older head that was approved and that this clone has."""
    digests: dict[str, str] = {}
    since: dict[str, tuple[str, ...]] = {}
    approved = compared_commits(basis.reviews.decisions) if basis.reviews else ()
    for sha in sorted({*approved, *signed}):
        if sha == basis.change.head:
            continue
        try:
            digests[sha] = basis.repository.change_digest(basis.change.base, sha)
            since[sha] = basis.repository.changed_since(basis.change.base, sha, basis.change.head)
        except GitError:
            continue  # an older head that cannot be read is stale; the decision says so
    return digests, since


def _earlier_commits(basis: Basis) -> tuple[Commit, ...]:
    """Return the commits of earlier heads: a rebase rewrites a committer and would free him to approve."""
    found: dict[str, Commit] = {}
    for sha in basis.reviews.earlier_heads if basis.reviews else ():
        try:
            commits = list(basis.repository.commits(f"{basis.change.base}..{sha}"))
            found.update((c.sha, c) for c in basis.repository.mark_merges(commits))
        except GitError:
            continue  # not in this clone; nothing more can be known of it
    return tuple(found.values())


def _absent_heads(basis: Basis) -> list[str]:
    absent = []
    for sha in basis.reviews.earlier_heads if basis.reviews else ():
        try:
            basis.repository.resolve(sha)
        except GitError:
            absent.append(sha[:12])
    return sorted(absent)


def owners_of(basis: Basis) -> Owners | None:
    """Return the CODEOWNERS file of the base commit that the forge would read, if the policy asks for it."""
    if not asks_owners(basis.policy.signoff):
        return None
    host = basis.change.repo.partition("/")[0]
    accounts = [d.account.account for d in basis.reviews.decisions] if basis.reviews else []
    if basis.reviews and basis.reviews.opener:
        accounts.insert(0, basis.reviews.opener.account)
    known = [account.partition(":")[0] for account in accounts] + [
        forge for forge in PLACES if host.startswith(f"{forge}.")
    ]
    return read_owners(
        basis.repository, basis.change.base, next((name for name in known if name in PLACES), "")
    )


def asks_owners(policy: SignoffPolicy) -> bool:
    """Whether the policy takes reviewers from CODEOWNERS."""
    return any(CODEOWNERS in listed for listed in policy.reviewers.values())


def read_owners(repository: Repository, base: str, forge: str) -> Owners | None:
    """Return the CODEOWNERS file of the commit `base` that `forge` would read; any that is there if it is empty."""
    places = PLACES.get(forge) or dict.fromkeys((*PLACES["github"], *PLACES["gitlab"]))
    for path in places:
        try:
            data = repository.file_at(base, path, max_bytes=MAX_BYTES)
        except GitError:
            data = b""  # its forge would not read it either: nobody owns anything
        if data is not None:
            return parse_owners(data, path, forge=forge)
    return None


def _notes(basis: Basis, signoff: Signoff, found: Statements) -> Iterable[str]:
    yield from found.notes
    absent = _absent_heads(basis)
    if absent:
        yield (
            f"Earlier heads of this merge request that the clone does not have: {listed(absent, most=3)}. Whoever "
            "committed to them only could not be kept from signing."
        )
    keys = any(human.keys for human in basis.policy.signoff.humans)
    if signoff.outcome is Outcome.NEEDS_SIGNOFF and basis.reviews is None and keys and not found.has_notes:
        yield (
            "Signed statements can also lie in notes, and this clone has none: "
            f"`git fetch origin {NOTES_REF}:{NOTES_REF}`."
        )
