"""Who wrote the commits of a range or of a whole history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from gate.core.authorship import Authorship
from gate.core.authorship.change import with_picked
from gate.core.authorship.sieve import Sieve
from gate.core.authorship.tally import Tally
from gate.git import Repository
from gate.pipeline import inputs
from gate.pipeline.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from gate.core.authorship import CommitAuthorship


class Display(Protocol):
    """Where a run says how far it is; methods may be called from any thread."""

    def __call__(self, stage: str) -> None:
        """Say that a stage begins."""

    def commits(self, done: int, all_of: int | None) -> None:
        """Say how many commits are judged, and of how many if that is known."""


def authorship(
    repo: Path,
    *,
    revision_range: str | None,
    ids: tuple[str, ...] | None,
    config: Path | None,
    display: Display,
    take: Callable[[Sequence[CommitAuthorship]], object],
) -> tuple[Authorship, Tally]:
    """Judge the commits of `revision_range`, or those with the full `ids`, and return what they come to.

    `take` gets the commits batch by batch, in that order; the answer holds none, so a history of any size fits
    into memory. Without `config` the shipped registry alone judges: a range has no one base to take a policy
    from. Raises GitError at any time: what was taken until then is not the whole.
    """
    registry = inputs.registry(inputs.load_policy(None, None, Request(config=config)))
    sieve, tally = Sieve(registry), Tally()
    with Repository.open(repo) as repository:
        display("reading commits")
        total = None if ids is None else len(ids)

        def counted(number: int) -> None:
            nonlocal total
            total = number

        if ids is not None:
            batches = repository.commit_batches_by_id(ids)
        else:
            batches = repository.commit_batches(revision_range or "HEAD", counted=counted)
        for batch in batches:
            judged = with_picked(sieve.judge(batch))
            tally.add(judged)
            take(judged)
            display.commits(tally.commits, total)
    return _facts(tally), tally


def _facts(tally: Tally) -> Authorship:
    return Authorship(
        verdict=tally.verdict,
        agents=tally.agents,
        share_commits=tally.share,
        sources={
            "mr_commits": "not_asked",
            "notes_ai": "not_asked",
            "notes_agentblame": "not_asked",
            "mr_body": "not_asked",
            "account": "not_asked",
            "branch": "not_asked",
            "session": "present" if tally.sessions else "absent",
        },
    )
