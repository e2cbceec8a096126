"""Who wrote the commits of a range or of a whole history."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from gate.core.authorship import Authorship
from gate.core.authorship.change import with_cut, with_notes, with_recovered
from gate.core.authorship.notes import NoteFacts
from gate.core.authorship.sieve import Sieve
from gate.core.authorship.tally import Tally
from gate.git import Repository
from gate.pipeline import inputs
from gate.pipeline.notes import LineCounter, NoteReader, parents_of
from gate.pipeline.recovery import Recovery
from gate.pipeline.request import Request
from gate.pipeline.suppression import find_suppression

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from gate.core.authorship import CommitAuthorship

#: Nothing was written by an agent earlier, so the merge requests of an older history are not looked for.
FIRST_AGENTS = b"2021-06"


class Display(Protocol):
    """Where a run says how far it is; methods may be called from any thread. `silent`: nobody sees it."""

    @property
    def silent(self) -> bool: ...

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
    into memory. Agents of the team come from the policy `config`, else from that of A in `A..B`; one revision has
    no base to take a policy from. Raises GitError at any time: what was taken until then is not the whole.

    For a whole history the share of lines is not counted, notes are not looked for at other commits with the same
    patch, nor what a message holds behind a NUL: all of it needs more than git log says.
    """
    whole = ids is None and ".." not in (revision_range or "")
    with Repository.open(repo) as repository:
        display("reading commits")
        tip, base = (None, None) if ids is not None else repository.range_ends(revision_range or "HEAD")
        policy = inputs.load_policy(repository, base, Request(config=config))
        registry = inputs.registry(policy, repository, None if config else base)
        markers, unread = find_suppression(repository, base=base, head=tip) if tip else ((), ())
        # Today's settings say nothing of how the commits of a whole history came about.
        sieve, tally = Sieve(registry, suppressed=bool(markers) and not whole), Tally()
        notes = NoteReader(repository, by_patch=not whole)
        judge = notes.judging(sieve.judge, registry)
        recovery = Recovery(repository, judge, since=FIRST_AGENTS if whole else b"")
        total = None if ids is None else len(ids)

        def counted(number: int) -> None:
            nonlocal total
            total = number

        if ids is not None:
            batches = repository.commit_batches_by_id(ids)
        else:
            batches = repository.commit_batches(
                revision_range or "HEAD", counted=None if display.silent else counted
            )
        # Comparing every commit takes git longer than all else, and without notes it only repeats the verdicts.
        lines = LineCounter(repository, compare=notes.exist)
        for batch in batches:
            noted = notes.read(parents_of(batch)) if notes.exist else NoteFacts()
            judged = [with_notes(entry, noted, registry) for entry in sieve.judge(batch)]
            recovered = recovery.raw(batch)
            noted = notes.with_originals(noted, recovered) if recovered.originals else noted
            judged = with_recovered(judged, recovered, registry, noted)
            if not whole:
                judged = with_cut(judged, repository.cut_messages([entry.sha for entry in judged]))
            tally.add(judged)
            if not whole:
                lines.add(judged, noted)
            take(judged)
            display.commits(tally.commits, total)
        facts = replace(
            _facts(tally, notes),
            suppressed=bool(markers),
            markers=markers,
            fetches=recovery.fetches(),
            remarks=(*notes.remarks, *unread),
            registry=registry.stamp,
        )
        facts = replace(facts, sources={**facts.sources, **recovery.states()})
        return lines.complete(facts), tally


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
