"""Records of verdicts that speak of a release: read, matched with its steps, verified where they matter."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from gate.core.evidence.chain import check_chain
from gate.core.release.match import Match, Records, by_content, judged, same_commits, trials
from gate.core.release.model import Found, How
from gate.errors import GitError
from gate.pipeline.evidence import read_stored
from gate.pipeline.proof import Prover

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from gate.core.evidence.chain import Link
    from gate.core.evidence.envelope import Envelope
    from gate.core.release.match import Trial
    from gate.core.release.model import Unit
    from gate.evidence.port import Store
    from gate.git import Repository
    from gate.pipeline.proof import Keys

#: More commits than this behind one head are not looked for on the line one by one.
MOST_OF_A_HEAD = 250
#: More heads than this are not compared commit by commit.
MOST_HEADS = 500
#: Signatures that one process verifies before another helps.
_FEW = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRecords:
    """What a store held. `envelopes` has the bytes and signature of each record by its digest; nothing is verified
    yet. `problems` say what is wrong with the store as a whole, `ends` where its chain ends.
    """

    store: str = ""
    found: tuple[Found, ...] = ()
    envelopes: Mapping[str, Envelope] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()


def read_records(store: Store, expected: Iterable[str] = ()) -> ReadRecords:
    """Return the records of a store, in which the `expected` digests must be. Raises EvidenceError if it cannot be
    read.
    """
    links: list[Link] = []
    envelopes: dict[str, Envelope] = {}
    problems = []
    for stored in store.read():
        link, envelope, why = read_stored(stored)
        if link is None or envelope is None:
            problems.append(f"{stored.place}: {why}.")
            continue
        links.append(link)
        envelopes[link.digest] = envelope
    chain = check_chain(links, expected=expected, broken=bool(problems))
    return ReadRecords(
        store=store.name,
        found=tuple(Found(id=link.digest, source=link.place, record=link.record) for link in links),
        envelopes=envelopes,
        problems=(*problems, *(f"{problem}." for problem in chain.problems)),
        ends=chain.ends.digests,
    )


class Matcher:
    """Which records answer for which steps. Signatures are verified only for records that speak of some."""

    def __init__(
        self, repository: Repository, units: Sequence[Unit], read: ReadRecords, keys: Keys, *, now: str
    ) -> None:
        self._repository = repository
        self._units = units
        self._read = read
        self._keys = keys
        self._now = now
        self._proven: dict[str, Found] = {}

    def match(self, counts: Callable[[Found], bool]) -> tuple[Match, ...]:
        """Return the matches by content, and for the other steps those by what git merges by itself.

        `counts` says of a verified record whether it answers for anything.
        """
        records = Records.of(self._read.found)
        if not records.every:
            return ()
        matches = self._standing(by_content(self._units, records))
        covered = {unit.sha for match in matches if counts(match.found) for unit in match.units}
        if len(covered) == len(self._units):
            return matches
        matched = {judged(match.found) for match in matches}
        here = self._repository.trees_of(sorted({f.record.commit for f in records.every}))
        left = {
            f.record.commit: f for f in records.every if judged(f) not in matched and f.record.commit in here
        }
        runs = same_commits(self._units, _marks(self._repository, list(left.values())))
        asked = trials(self._units, records, covered=covered, here=here, runs_of=runs)
        return (*matches, *self._standing(_merged(self._repository, asked)))

    def _standing(self, matches: Iterable[Match]) -> tuple[Match, ...]:
        """Of several records about the same the newest that can be believed, or all if none can."""
        groups = sorted(matches, key=lambda m: (judged(m.found), [u.sha for u in m.units]))
        rows = [
            sorted(
                group,
                key=lambda m: (m.found.record.number, m.found.record.recorded_at, m.found.id),
                reverse=True,
            )
            for _, group in groupby(groups, key=lambda m: (judged(m.found), [u.sha for u in m.units]))
        ]
        kept: list[Match] = []
        left, at = rows, 0
        while left:
            proven = self._prove([row[at].found for row in left])
            good = [not found.problem for found in proven]
            kept += [
                row[at]._replace(found=found)
                for row, found, ok in zip(left, proven, good, strict=True)
                if ok or len(row) == at + 1
            ]
            left = [row for row, ok in zip(left, good, strict=True) if not ok and len(row) > at + 1]
            at += 1
        return tuple(kept)

    def _prove(self, found: Sequence[Found]) -> list[Found]:
        wanted = [one for one in {f.id: f for f in found}.values() if one.id not in self._proven]
        for one, (signer, problem) in zip(wanted, self._verified([w.id for w in wanted]), strict=True):
            key = self._read.envelopes[one.id].keyid
            self._proven[one.id] = replace(one, signer=signer, problem=problem, key=key)
        return [self._proven[one.id] for one in found]

    def _verified(self, ids: Sequence[str]) -> list[tuple[str, str]]:
        """Verify in several processes at once: each signature is a start of ssh-keygen."""
        envelopes = [self._read.envelopes[one] for one in ids]
        workers = 4 if len(envelopes) > _FEW else 1
        parts = [envelopes[n::workers] for n in range(workers)]
        answers: list[tuple[str, str]] = [("", "")] * len(envelopes)
        with ThreadPoolExecutor(max_workers=workers) as pool:
            for number, part in enumerate(pool.map(self._verify_some, parts)):
                answers[number::workers] = part
        return answers

    def _verify_some(self, envelopes: Sequence[Envelope]) -> list[tuple[str, str]]:
        with Prover(self._keys, now=self._now) as prover:
            return prover.prove_all(envelopes)


def _merged(repository: Repository, asked: Sequence[Trial]) -> Iterator[Match]:
    trees = repository.trees_of(sorted({trial.units[0].sha for trial in asked}))
    merged = repository.merged_trees([(trial.parent, trial.head) for trial in asked])
    for trial, tree in zip(asked, merged, strict=True):
        if tree is not None and tree == trees.get(trial.units[0].sha):
            yield Match(trial.found, trial.units, _how(trial))


def _how(trial: Trial) -> How:
    if len(trial.units) > 1:
        return How.REBASE
    return How.MERGE if trial.units[0].is_merge else How.SQUASH


def _marks(repository: Repository, left: Sequence[Found]) -> dict[str, list[tuple[str, str, str]]]:
    """The author, date and subject of the commits behind each head, as far as they are few."""
    marks = {}
    for found in left[:MOST_HEADS]:
        record = found.record
        if not 1 <= record.authors.commits <= MOST_OF_A_HEAD:
            continue
        try:
            behind = [
                c for c in repository.commits(f"{record.merge_base}..{record.commit}") if len(c.parents) == 1
            ]
        except GitError:
            continue  # the clone does not have where the request began: nothing to compare
        marks[record.commit] = [
            (c.author.email, c.author_date, c.subject) for c in behind[: MOST_OF_A_HEAD + 1]
        ]
    return marks
