"""Records of verdicts that speak of a release: read, matched with its steps, verified where they matter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gate.core.evidence.chain import Link, check_chain
from gate.core.evidence.envelope import Envelope, read_envelope
from gate.core.evidence.record import parse_record
from gate.core.release.match import Match, Records, by_content, same_commits, trials
from gate.core.release.model import Found, How
from gate.errors import GitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from gate.core.release.match import Trial
    from gate.core.release.model import Unit
    from gate.evidence.port import Store
    from gate.git import Repository

#: More commits than this behind one head are not looked for on the line one by one.
MOST_OF_A_HEAD = 250
#: More heads than this are not compared commit by commit.
MOST_HEADS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRecords:
    """What a store held. `envelopes` has the bytes and signature of each record by its digest; nothing is verified
    yet. `problems` say what is wrong with the store as a whole.
    """

    store: str = ""
    found: tuple[Found, ...] = ()
    envelopes: Mapping[str, Envelope] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()


def read_records(store: Store) -> ReadRecords:
    """Return the records of a store. Raises EvidenceError if it cannot be read."""
    links: list[Link] = []
    envelopes: dict[str, Envelope] = {}
    problems = []
    for stored in store.read():
        try:
            envelope = read_envelope(stored.data)
            record = parse_record(envelope.payload)
        except ValueError as error:
            problems.append(f"{stored.place}: {error}.")
            continue
        links.append(Link(place=stored.place, digest=envelope.digest, record=record, order=stored.order))
        envelopes[envelope.digest] = envelope
    chain = check_chain(links, broken=bool(problems))
    problems += [f"{problem}." for problem in chain.problems]
    return ReadRecords(
        store=store.name,
        found=tuple(Found(id=link.digest, source=link.place, record=link.record) for link in links),
        envelopes=envelopes,
        problems=tuple(problems),
        ends=chain.ends.digests,
    )


def match_records(
    repository: Repository,
    units: Sequence[Unit],
    found: Iterable[Found],
    *,
    counts: Callable[[Found], bool],
) -> tuple[Match, ...]:
    """Return which record speaks of which steps: by content first, then by what git merges by itself.

    `counts` says of a record whether it answers for anything; steps that such a one covers are not asked for again.
    """
    records = Records.of(found)
    if not records.standing:
        return ()
    matches = list(by_content(units, records))
    covered = {unit.sha for match in matches if counts(match.found) for unit in match.units}
    if len(covered) == len(units):
        return tuple(matches)
    matched = {match.found.id for match in matches}
    here = repository.trees_of(sorted({f.record.commit for f in records.standing}))
    runs = same_commits(
        units, _marks(repository, [f for f in records.standing if f.id not in matched and f.record.commit in here])
    )
    asked = trials(units, records, covered=covered, here=here, runs_of=runs)
    return (*matches, *_merged(repository, asked))


def _merged(repository: Repository, asked: Sequence[Trial]) -> list[Match]:
    trees = repository.trees_of(sorted({trial.units[0].sha for trial in asked}))
    merged = repository.merged_trees([(trial.parent, trial.head) for trial in asked])
    return [
        Match(trial.found, trial.units, _how(trial))
        for trial, tree in zip(asked, merged, strict=True)
        if tree is not None and tree == trees.get(trial.units[0].sha)
    ]


def _how(trial: Trial) -> How:
    if len(trial.units) > 1:
        return How.REBASE
    return How.MERGE if trial.units[0].is_merge else How.SQUASH


def _marks(
    repository: Repository, left: Sequence[Found]
) -> dict[str, list[tuple[str, str, str]]]:
    """The author, date and subject of the commits behind each head, as far as they are few."""
    marks = {}
    for found in left[:MOST_HEADS]:
        record = found.record
        if not 1 <= record.authors.commits <= MOST_OF_A_HEAD:
            continue
        try:
            behind = [c for c in repository.commits(f"{record.merge_base}..{record.commit}") if len(c.parents) == 1]
        except GitError:
            continue  # the clone does not have where the request began: nothing to compare
        marks[record.commit] = [(c.author.email, c.author_date, c.subject) for c in behind[: MOST_OF_A_HEAD + 1]]
    return marks
