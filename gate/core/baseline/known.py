"""Findings of a tree compared with those that a baseline remembers: new, existing, moved, gone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gate.core.finding import State
from gate.core.fingerprint import raw_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

    from gate.core.finding import Finding, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One finding of a baseline. `moved` is its fingerprint without the path, empty if it has none.

    `line`, `severity` and `title` are for people; nothing is compared by them. `tools` are those that saw it.
    """

    id: str
    moved: str
    family: str
    path: str
    severity: Severity
    title: str
    line: int = 0
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What was there when the baseline was written.

    `tools` are the scanners that ran then, `unread` the files (and whole folders) that one of them could not
    fully read, `rules` the digest of their rules.
    """

    findings: tuple[Known, ...] = ()
    tools: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()
    rules: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """`findings` are those of the tree in their order, with `state` and `matched` filled in.

    `gone` are findings of the baseline that are not there any more, `unsure` those of which nobody can say
    so, because a tool that saw them did not run or did not fully read their file. Both by path, line and id.
    """

    findings: tuple[Finding, ...]
    gone: tuple[Known, ...] = ()
    unsure: tuple[Known, ...] = ()


def recognise(
    findings: Sequence[Finding],
    baseline: Baseline,
    *,
    tools: frozenset[str],
    fully_read: Callable[[str], bool],
) -> Recognised:
    """Return the findings of a tree with their states against `baseline`.

    A finding with the id of a known one is `existing`; what is left is `moved` if the same weakness, in the
    same scope and code, is left over in another file. No known finding is used twice, so never more are
    recognised than the baseline holds. The rest is `new`, or `unknown` where the baseline is blind: its file
    was not fully read then, or none of its tools ran. `tools` are those that ran now, `fully_read` says of a
    path that it was read by all of them or is gone. The order of neither side has an effect on the states.
    """
    left = sorted(baseline.findings, key=_known_order)
    matches: dict[int, tuple[str, State]] = {}
    order = sorted(range(len(findings)), key=lambda n: _finding_order(findings[n]))
    left = _take(left, [(n, findings[n].id) for n in order], lambda k: k.id, matches, State.EXISTING)
    movable = [(n, findings[n].fingerprints.moved_v1) for n in order if n not in matches and findings[n].code]
    left = _take(left, movable, lambda k: k.moved, matches, State.MOVED)
    states = []
    for number, finding in enumerate(findings):
        matched, state = matches.get(number, (None, _unmatched(finding, baseline)))
        states.append(replace(finding, state=state, matched=matched))
    gone = [k for k in left if tools.issuperset(k.tools) and fully_read(k.path)]
    certain = set(map(id, gone))
    return Recognised(
        findings=tuple(states), gone=tuple(gone), unsure=tuple(k for k in left if id(k) not in certain)
    )


def _take(
    left: list[Known],
    wanted: list[tuple[int, str]],
    key: Callable[[Known], str],
    matches: dict[int, tuple[str, State]],
    state: State,
) -> list[Known]:
    """Match findings to known ones of an equal key, first to first; return the known ones still left."""
    waiting: dict[str, list[Known]] = defaultdict(list)
    for known in reversed(left):
        if key(known):
            waiting[key(known)].append(known)
    used = set()
    for number, name in wanted:
        if waiting.get(name):
            known = waiting[name].pop()
            used.add(id(known))
            matches[number] = (known.id, state)
    return [known for known in left if id(known) not in used]


def _unmatched(finding: Finding, baseline: Baseline) -> State:
    seen_by = {witness.tool for witness in finding.witnesses}
    blind = is_within(finding.path, baseline.unread) or (bool(seen_by) and seen_by.isdisjoint(baseline.tools))
    return State.UNKNOWN if blind else State.NEW


def is_within(path: str, places: Container[str]) -> bool:
    """Whether a path is one of `places`, or in a folder that is one; the whole tree is `.`."""
    parts = path.split("/")
    return "." in places or any("/".join(parts[:n]) in places for n in range(1, len(parts) + 1))


def _known_order(known: Known) -> tuple[object, ...]:
    return (raw_bytes(known.path), known.line, known.id, known.moved)


def _finding_order(finding: Finding) -> tuple[object, ...]:
    return (raw_bytes(finding.path), finding.statement, finding.range, finding.ordinal, finding.id)
