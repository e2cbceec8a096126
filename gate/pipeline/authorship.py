"""Who wrote the commits of a range or of a whole history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from gate.core.authorship import Authorship
from gate.core.authorship.change import with_notes, with_picked
from gate.core.authorship.notes import NoteFacts
from gate.core.authorship.sieve import Sieve
from gate.core.authorship.tally import Tally
from gate.git import Repository
from gate.pipeline import inputs
from gate.pipeline.notes import LineCounter, NoteReader
from gate.pipeline.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from gate.core.authorship import CommitAuthorship
    from gate.core.change import RawCommit


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

    For a whole history the share of lines is not counted, and notes are not looked for at other commits with the
    same patch: both need every commit to be compared.
    """
    whole = ids is None and ".." not in (revision_range or "")
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
        notes = NoteReader(repository, by_patch=not whole)
        lines = LineCounter(repository)
        for batch in batches:
            noted = notes.read(_parents(batch)) if notes.exist else NoteFacts()
            judged = with_picked([with_notes(entry, noted, registry) for entry in sieve.judge(batch)])
            tally.add(judged)
            if not whole:
                lines.add(judged, noted)
            take(judged)
            display.commits(tally.commits, total)
        return lines.complete(_facts(tally, notes)), tally


def _parents(batch: Sequence[RawCommit]) -> dict[str, int]:
    return {str(raw.sha, "ascii"): len(raw.parents.split()) for raw in batch}


def _facts(tally: Tally, notes: NoteReader) -> Authorship:
    return Authorship(
        verdict=tally.verdict,
        agents=tally.agents,
        share_commits=tally.share,
        sources={
            "mr_commits": "not_asked",
            **notes.states,
            "mr_body": "not_asked",
            "account": "not_asked",
            "branch": "not_asked",
            "session": "present" if tally.sessions else "absent",
        },
        remarks=notes.remarks,
    )
