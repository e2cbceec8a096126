"""Which recorded verdicts answer for which steps of a release."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gate.core.release.count import Measure, why_not
from gate.errors import GitError
from gate.pipeline.release.records import ReadRecords, match_records, read_records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gate.core.policy import Policy
    from gate.core.release.match import Match
    from gate.core.release.model import Found, Unit
    from gate.git import Repository
    from gate.pipeline.release.ends import Ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What records say: the matches, what they are held against, the ids of `covered` steps, and remarks."""

    measure: Measure
    matches: tuple[Match, ...] = ()
    covered: frozenset[str] = frozenset()
    store: str = ""
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()


def find_evidence(
    repository: Repository, policy: Policy, ends: Ends, units: Sequence[Unit], store: str | None, now: str
) -> Evidence:
    """Return which records of the store answer for which units.

    Raises UsageError for a store that cannot be named so, EvidenceError for one that cannot be read.
    """
    measure = Measure(
        repo=repository.name,
        now=now,
        strict=policy.preset == "strict",
        policies=frozenset({policy.digest}),
    )
    read = _read(repository, policy, store)
    if read is None:
        return Evidence(measure=measure, notes=("No store of recorded verdicts was read: name one with --evidence, or in evidence.store of the policy.",))
    measure = replace(measure, on_line=_on_line(repository, ends, units, read))
    verified: dict[str, Found] = {}
    matches = match_records(repository, units, read.found, counts=lambda found: not why_not(found, measure))
    return Evidence(
        measure=measure,
        matches=matches,
        covered=frozenset(
            unit.sha for match in matches if not why_not(match.found, measure) for unit in match.units
        ),
        store=read.store,
        problems=read.problems,
        ends=read.ends,
    )


def _read(repository: Repository, policy: Policy, store: str | None) -> ReadRecords | None:
    return None


def _on_line(
    repository: Repository, ends: Ends, units: Sequence[Unit], read: ReadRecords
) -> frozenset[str]:
    """The commits on the first parents of the release, or of the default branch, by whose policy records judged."""
    bases = {found.record.base for found in read.found}
    known = bases.intersection([ends.previous.commit, *(unit.sha for unit in units)])
    left = bases - known
    tips = [ends.previous.commit]
    try:
        tips.append(repository.resolve(repository.default_base()))
    except GitError:
        pass  # there is no other line than that of the release
    return frozenset(known | repository.on_first_parents(tips, left)) if left else frozenset(known)
