"""Which record speaks of which steps: by the same content, by the same commit, or by an automatic merge.

A record never covers by what a message says: names, numbers and dates only tell which pairs are worth comparing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from gate.core.release.model import How
from gate.core.release.units import joined_digest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from gate.core.release.model import Found, Unit
    from gate.core.review.statement import Signed

#: Longer runs of steps are not tried as one rebased merge request.
LONGEST_RUN = 250
#: More runs than this are not compared with the records that are left over.
MOST_RUNS = 200_000
#: More automatic merges than this are not made to find out which request a step may be.
MOST_TRIALS = 5_000

_REQUEST = re.compile(r"(?<![\w#!/])[#!](\d{1,9})\b|/(?:pull|merge_requests|pull-requests)/(\d{1,9})\b")
_PICKED = re.compile(r"\(cherry picked from commit ([0-9a-f]{7,64})")
_REVERTS = re.compile(r"This reverts commit ([0-9a-f]{7,64})")


class Match(NamedTuple):
    """Consecutive steps, newest first, that are what one record judged."""

    found: Found
    units: tuple[Unit, ...]
    how: How


class Trial(NamedTuple):
    """Whether merging `head` into `parent` gives the tree of the newest of `units` has to be asked of git."""

    parent: str
    head: str
    units: tuple[Unit, ...]
    found: Found


@dataclass(frozen=True, slots=True)
class Records:
    """Records by what they can be found by."""

    every: tuple[Found, ...]
    by_digest: Mapping[str, tuple[Found, ...]]
    by_commit: Mapping[str, tuple[Found, ...]]
    by_change: Mapping[str, tuple[Found, ...]]

    @classmethod
    def of(cls, found: Iterable[Found]) -> Records:
        every = tuple(found)
        return cls(
            every=every,
            by_digest=_index((f.record.change_digest, f) for f in every),
            by_commit=_index((f.record.commit, f) for f in every),
            by_change=_index((f.record.change, f) for f in every if f.record.change),
        )


def judged(found: Found) -> tuple[str, ...]:
    """Return what a record is about: of several about the same the newest stands."""
    record = found.record
    return record.repo.casefold(), record.commit, record.target, record.change or "", record.change_digest


def _index(pairs: Iterable[tuple[str, Found]]) -> dict[str, tuple[Found, ...]]:
    found: dict[str, list[Found]] = defaultdict(list)
    for key, one in pairs:
        found[key].append(one)
    return {key: tuple(them) for key, them in found.items()}


def requests_named(message: str) -> tuple[str, ...]:
    """Return the numbers of merge requests that a message names, in order."""
    return tuple(dict.fromkeys(one or other for one, other in _REQUEST.findall(message[:20_000])))


def picked_from(unit: Unit) -> tuple[str, ...]:
    """Return the commits that the commits of a step say they were cherry-picked from."""
    return tuple(sha for commit in unit.commits for sha in _PICKED.findall(commit.message))


def reverts(unit: Unit) -> tuple[str, ...]:
    """Return the commits that the commits of a step say they take back."""
    return tuple(sha for commit in unit.commits for sha in _REVERTS.findall(commit.message))


def by_content(units: Sequence[Unit], records: Records) -> Iterator[Match]:
    """Yield the steps whose content is exactly that of a record: one by one, and runs of a rebase.

    `units` are all steps of the line, newest first.
    """
    matched: set[str] = set()
    for unit in units:
        for found in records.by_digest.get(unit.change_digest, ()) if unit.rows else ():
            matched.add(found.id)
            yield Match(found, (unit,), _how(unit, found))
    yield from _fast_forwards(units, records)
    yield from _runs(units, [f for f in records.every if f.id not in matched])


def _how(unit: Unit, found: Found) -> How:
    if unit.sha == found.record.commit:
        return How.AS_IS
    if unit.is_merge:
        return How.MERGE
    return How.PICK if picked_from(unit) else How.SQUASH


def _fast_forwards(units: Sequence[Unit], records: Records) -> Iterator[Match]:
    """A head that became the line itself, with several commits."""
    place = {unit.sha: number for number, unit in enumerate(units)}
    after = {unit.parent: number for number, unit in enumerate(units) if unit.parent}
    for sha, found in records.by_commit.items():
        for one in found:
            newest, oldest = place.get(sha), after.get(one.record.merge_base)
            if newest is None or oldest is None or oldest <= newest or oldest - newest >= LONGEST_RUN:
                continue
            run = tuple(units[newest : oldest + 1])
            if joined_digest(run) == one.record.change_digest:
                yield Match(one, run, How.AS_IS)


def _runs(units: Sequence[Unit], left: Sequence[Found]) -> Iterator[Match]:
    """Commits that a forge put on the line one by one: as many as the record counts, with its content in sum."""
    wanted: dict[int, dict[str, list[Found]]] = defaultdict(lambda: defaultdict(list))
    for found in left:
        if 1 < found.record.authors.commits <= LONGEST_RUN:
            wanted[found.record.authors.commits][found.record.change_digest].append(found)
    if len(wanted) * len(units) > MOST_RUNS:
        return
    for size, digests in sorted(wanted.items()):
        for start in range(len(units) - size + 1):
            run = tuple(units[start : start + size])
            if any(unit.is_merge for unit in run):
                continue
            for found in digests.get(joined_digest(run), ()):
                yield Match(found, run, How.REBASE)


def replayed(matches: Iterable[Match], line: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return for a record and a step (by id) the older step that made the very same change since the record's base.

    What was merged, taken back and brought again has not been looked at since: somebody had a reason to take it
    back. `line` are id and change digest of the steps, newest first, as far back as anybody looked.
    """
    before = _Before(line)
    found = {}
    for match in matches:
        newest = match.units[0]
        older = before.of(newest, match.found.record.base) if len(match.units) == 1 else ""
        if older:
            found[match.found.id, newest.sha] = older
    return found


def signed_before(
    units: Iterable[Unit], signed: Iterable[Signed], line: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """Return the same for signed statements and steps: a statement on another commit than the step itself, whose
    change came onto the line since its base and is brought again.
    """
    before = _Before(line)
    told = [(one.id, one.statement) for one in signed if one.statement]
    return {
        (name, unit.sha): older
        for unit in units
        for name, statement in told
        if statement.commit != unit.sha and (older := before.of(unit, statement.base))
    }


class _Before:
    """Finds on a line what made the same change earlier."""

    def __init__(self, line: Sequence[tuple[str, str]]) -> None:
        self._line = line
        self._place = {sha: number for number, (sha, _) in enumerate(line)}
        self._with_digest: dict[str, list[int]] = defaultdict(list)
        for number, (_, digest) in enumerate(line):
            self._with_digest[digest].append(number)

    def of(self, unit: Unit, base: str) -> str:
        """The newest older step since `base` with the change of `unit`, or an empty text."""
        at = self._place.get(unit.sha)
        if at is None:
            return ""
        end = self._place.get(base, len(self._line))
        return next((self._line[n][0] for n in self._with_digest[unit.change_digest] if at < n < end), "")


def trials(
    units: Sequence[Unit],
    records: Records,
    *,
    covered: Collection[str],
    here: Collection[str],
    runs_of: Mapping[str, tuple[tuple[Unit, ...], ...]],
) -> tuple[Trial, ...]:
    """Return the automatic merges that can show that a step is a request whose files the line changed meanwhile.

    Tried are requests that the step's message names, the head that a merge commit brings, and the runs in
    `runs_of` (by head), of which somebody knows that they are its commits. `covered` are ids of steps that need
    no more, `here` heads that the clone has.
    """
    found: dict[tuple[str, str], Trial] = {}

    def add(run: tuple[Unit, ...], one: Found) -> None:
        head, parent = one.record.commit, run[-1].parent
        if parent is not None and head in here and len(found) < MOST_TRIALS:
            found.setdefault((run[0].sha, head), Trial(parent, head, run, one))

    for unit in units:
        if unit.sha in covered:
            continue
        for parent in unit.own.parents[1:]:
            for one in records.by_commit.get(parent, ()):
                add((unit,), one)
        for commit in unit.commits[:1]:
            for number in requests_named(commit.message):
                for one in records.by_change.get(number, ()):
                    add((unit,), one)
    for head, runs in runs_of.items():
        for run in runs:
            if not all(unit.sha in covered for unit in run):
                for one in records.by_commit.get(head, ()):
                    add(run, one)
    return tuple(found.values())


def same_commits(
    units: Sequence[Unit], heads: Mapping[str, Sequence[tuple[str, str, str]]]
) -> dict[str, tuple[tuple[Unit, ...], ...]]:
    """Return for each head the runs of steps whose authors, dates and subjects are those of its commits.

    `heads` gives (author's address, author's date, subject) of the commits behind each head, newest first. A
    rebase keeps them; who writes them by hand gains a comparison and nothing else.
    """
    place: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for number, unit in enumerate(units):
        if not unit.is_merge:
            place[_mark(unit)].append(number)
    found: dict[str, tuple[tuple[Unit, ...], ...]] = {}
    for head, marks in heads.items():
        runs = []
        for start in place.get(marks[0], ()) if marks else ():
            run = tuple(units[start : start + len(marks)])
            if len(run) == len(marks) and [_mark(unit) for unit in run] == list(marks):
                runs.append(run)
        if runs:
            found[head] = tuple(runs)
    return found


def _mark(unit: Unit) -> tuple[str, str, str]:
    own = unit.own
    return own.author.email, own.author_date, own.subject
