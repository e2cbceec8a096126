"""Who wrote a change: its commits, and what stands elsewhere and speaks of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gate.core.authorship import Opener, attribute
from gate.core.authorship.change import with_cut
from gate.core.authorship.sieve import Sieve
from gate.errors import GitError
from gate.pipeline.notes import LineCounter, NoteReader
from gate.pipeline.recovery import Recovery
from gate.pipeline.suppression import find_suppression

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gate.core.authorship import Authorship, Registry
    from gate.core.change import ChangeSet, Commit
    from gate.core.review import ForgeFacts
    from gate.forges.environment import MergeRequest
    from gate.git import Repository


def attribute_change(
    repository: Repository,
    change: ChangeSet,
    registry: Registry,
    *,
    request: MergeRequest | None,
    reviews: ForgeFacts | None,
) -> Authorship:
    """Return who wrote a change, from every source that this run has.

    `request` is what the CI system says of the merge request and `reviews` what the forge does.
    """
    reader = NoteReader(repository)
    notes = reader.read({commit.sha: len(commit.parents) for commit in change.commits})
    recovery = Recovery(repository, reader.judging(Sieve(registry).judge, registry))
    recovered = recovery.of(change.commits)
    unsure = []
    if reviews is not None and reviews.earlier_heads:
        try:
            recovered = replace(recovered, earlier=_replaced(repository, change, reviews.earlier_heads))
        except GitError as error:
            unsure.append(f"earlier heads were not compared with the commits of this one: {error.message}")
    notes = reader.with_originals(notes, recovered)
    markers, unread = find_suppression(repository, base=change.merge_base, head=change.head)
    branch, body = _texts(request, reviews)
    authorship = attribute(
        change.commits,
        registry,
        branch=branch,
        body=body,
        opener=_opener(request, reviews),
        notes=notes,
        recovered=recovered,
        markers=markers,
        sources=dict.fromkeys(("mr_body", "account", "branch"), "unreadable")
        if request is not None and request.problem
        else None,
    )
    authorship = replace(
        authorship,
        commits=tuple(
            with_cut(authorship.commits, repository.cut_messages([commit.sha for commit in change.commits]))
        ),
        remarks=(*authorship.remarks, *_remarks(request), *unsure, *unread),
        fetches=recovery.fetches(),
    )
    lines = LineCounter(repository)
    lines.add(authorship.commits, notes)
    return lines.complete(authorship)


def _replaced(
    repository: Repository, change: ChangeSet, earlier_heads: Sequence[str]
) -> dict[str, tuple[Commit, ...]]:
    """Return by commit of the change those of earlier heads with the same patch, as far as this clone has them."""
    known: dict[str, Commit] = {}
    for head in earlier_heads:
        try:
            known.update((commit.sha, commit) for commit in repository.commits(f"{change.base}..{head}"))
        except GitError:
            continue  # a head that was never fetched; nothing can be known of it
    same = repository.same_patch([commit.sha for commit in change.commits], known)
    return {sha: tuple(known[other] for other in others) for sha, others in same.items()}


def _remarks(request: MergeRequest | None) -> Iterator[str]:
    if request is not None and request.problem:
        yield request.problem
    if request is not None and request.body_cut:
        yield "The CI system hands down only the beginning of the description of the merge request."


def _texts(request: MergeRequest | None, reviews: ForgeFacts | None) -> tuple[str | None, str | None]:
    """The source branch and the description; what was given explicitly comes first."""
    branch, body = (reviews.branch, reviews.body) if reviews else (None, None)
    if request is not None:
        branch = request.branch if branch is None else branch
        body = request.body if body is None else body
    return branch, body


def _opener(request: MergeRequest | None, reviews: ForgeFacts | None) -> Opener | None:
    account = reviews.opener if reviews else None
    if account is not None:
        login = account.account.partition(":")[2]
        return Opener(login, bot=account.kind == "bot", number=account.number)
    return Opener(*request.opener) if request is not None and request.opener is not None else None
