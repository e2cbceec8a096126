"""Which recorded verdicts answer for which steps of a release."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gate.core.evidence.place import GIT, parse_place
from gate.core.release.count import Measure, why_not
from gate.core.release.match import replayed
from gate.errors import GitError
from gate.pipeline.evidence import keys_of, open_store
from gate.pipeline.release.records import Matcher, ReadRecords, read_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gate.core.evidence.envelope import Envelope
    from gate.core.policy import Policy
    from gate.core.release.match import Match
    from gate.core.release.model import Unit
    from gate.git import Repository
    from gate.pipeline.release.ends import Ends

#: Steps before the release that are compared with those that were brought again.
MOST_BEFORE = 20_000
NO_STORE = (
    "No store of recorded verdicts was read: name one with --evidence, or in evidence.store of the policy."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What records say: the matches, what they are held against, the ids of `covered` steps, and remarks.

    `hint` says how to get records that are not there; `ends` are where the chain of the store ends, and `number`
    is the highest of a record there.
    """

    measure: Measure
    matches: tuple[Match, ...] = ()
    covered: frozenset[str] = frozenset()
    store: str = ""
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    hint: str = ""
    ends: tuple[str, ...] = ()
    number: int = 0
    envelopes: Mapping[str, Envelope] | None = None


def find_evidence(
    repository: Repository,
    policy: Policy,
    ends: Ends,
    units: Sequence[Unit],
    store: str | None,
    now: str,
    *,
    repo: str,
    expected: Sequence[str] = (),
) -> Evidence:
    """Return which records of `store` (None: that of the policy) about the repository `repo` answer for which units.
    The records `expected`, by digest, must be there.

    Signers are those of the policy. Raises UsageError for a store that cannot be named so, EvidenceError for one
    that cannot be read, SigningError if nothing can be verified here.
    """
    measure = Measure(
        repo=repo,
        now=now,
        strict=policy.preset == "strict",
        policies=frozenset({policy.digest}),
    )
    name = store or policy.evidence.store
    if not name:
        return Evidence(
            measure=measure,
            notes=(NO_STORE,),
            hint="Or name the store of recorded verdicts with --evidence, if there is one.",
        )
    opened = open_store(name, repository, head=ends.tag.commit)
    absent = _is_absent(name, repository) and not expected
    read = ReadRecords(store=opened.name) if absent else read_records(opened, expected)
    measure = replace(measure, on_line=_on_line(repository, ends, units, read))
    keys = keys_of(policy.evidence, repository, ends.previous.commit)
    matches = Matcher(repository, units, read, keys, now=now).match(lambda found: not why_not(found, measure))
    measure = replace(
        measure,
        replays=replayed(matches, line_back(repository, ends, units, (m.found.record.base for m in matches))),
    )
    covered = {
        unit.sha for match in matches for unit in match.units if not why_not(match.found, measure, unit.sha)
    }
    return Evidence(
        measure=measure,
        matches=matches,
        covered=frozenset(covered),
        store=read.store,
        problems=read.problems,
        notes=(*keys.remarks, *_empty(name, read)),
        hint=" ".join(_empty(name, read)) or f"Or bring the record of its merge request into {read.store}.",
        ends=read.ends,
        number=max((found.record.number for found in read.found), default=0),
        envelopes=read.envelopes,
    )


def _is_absent(name: str, repository: Repository) -> bool:
    """Whether this clone has no ref for the records: nobody left any yet, or nobody fetched them."""
    place = parse_place(name)
    return place.kind == GIT and not repository.notes_at(place.where).exists


def _empty(name: str, read: ReadRecords) -> tuple[str, ...]:
    """What to do about a store that holds nothing; a clone does not bring the records by itself."""
    if read.found or read.problems:
        return ()
    place = parse_place(name)
    if place.kind != GIT:
        return (f"{read.store} holds no records.",)
    return (
        f"This clone has no records under {place.where}. If there are any, this fetches them: `git fetch origin {place.where}:{place.where}`.",
    )


def line_back(
    repository: Repository, ends: Ends, units: Sequence[Unit], bases: Iterable[str]
) -> list[tuple[str, str]]:
    """Return id and change digest of the steps of the release, and of those before it back to the oldest base."""
    line = [(unit.sha, unit.change_digest) for unit in units]
    left = set(bases) - {unit.sha for unit in units} - {ends.previous.commit}
    if not left:
        return line
    return [*line, *repository.line_digests(ends.previous.commit, until=left, most=MOST_BEFORE)]


def _on_line(repository: Repository, ends: Ends, units: Sequence[Unit], read: ReadRecords) -> frozenset[str]:
    """The commits on the first parents of the release, or of the default branch, by whose policy records judged."""
    bases = {found.record.base for found in read.found}
    known = bases.intersection([ends.previous.commit, *(unit.sha for unit in units)])
    left = bases - known
    if not left:
        return frozenset(known)
    tips = [ends.previous.commit]
    with suppress(GitError):  # there is no other line than that of the release
        tips.append(repository.resolve(repository.default_base()))
    return frozenset(known) | repository.on_first_parents(tips, left)
