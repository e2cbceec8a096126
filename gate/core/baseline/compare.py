"""What the findings of the head are, compared with those of the base: new, existing, moved, unknown, fixed.

A state is never "the line is in the diff": a flaw can appear on an unchanged line, and an old one can be on
a changed line.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gate.core.baseline.files import Files, Scopes
from gate.core.baseline.pairing import Pairing
from gate.core.finding import Finding, State
from gate.core.merge import is_ai

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gate.core.baseline.files import Sources
    from gate.core.change import ChangeSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """`findings` are those of the head in their order, with `state`, `matched` and `in_diff` filled in.

    `fixed` are findings of the base that are gone, `unfixable` those of which that cannot be said because
    a side of their file was not fully scanned; both in the base's order.
    """

    findings: tuple[Finding, ...]
    fixed: tuple[Finding, ...] = ()
    unfixable: tuple[Finding, ...] = ()


def compare(
    head: Sequence[Finding],
    base: Sequence[Finding],
    *,
    change: ChangeSet,
    scanned_base: Callable[[str], bool],
    scanned_head: Callable[[str], bool],
    head_sources: Sources,
    base_sources: Sources,
) -> Comparison:
    """Return the findings of both sides with their states.

    `scanned_base` and `scanned_head` say whether a path of that side was fully scanned. The sources tell
    which definitions a file has; a side whose text is unknown makes nothing `moved` inside a file. Suppressed
    findings take part. A finding of models alone is always new and never fixed. Never more findings are
    matched than the base had.
    """
    files = Files(change)
    pairing = Pairing(head, base, files, takes_part=_takes_part)
    pairing.same_scope()
    pairing.renamed_scope(Scopes(head_sources), Scopes(base_sources))
    pairing.other_path()
    findings = []
    for number, finding in enumerate(head):
        match = pairing.matches.get(number)
        state = match.state if match is not None else _unmatched(finding, files, scanned_base)
        matched = base[match.base].id if match is not None else None
        in_diff = files.lines(finding.path).in_diff(finding.range.start_line)
        findings.append(replace(finding, state=state, matched=matched, in_diff=in_diff))
    fixed, unfixable = [], []
    taken = {match.base for match in pairing.matches.values()}
    for number, finding in enumerate(base):
        if number in taken or _is_of_models(finding):
            continue
        path = finding.path
        readable = files.is_deleted(path) or scanned_head(files.destination(path))
        if _takes_part(finding) and scanned_base(path) and readable:
            fixed.append(replace(finding, state=State.FIXED))
        else:
            unfixable.append(replace(finding, state=State.UNKNOWN))
    return Comparison(findings=tuple(findings), fixed=tuple(fixed), unfixable=tuple(unfixable))


def _is_of_models(finding: Finding) -> bool:
    return bool(finding.witnesses) and all(is_ai(witness.tool) for witness in finding.witnesses)


def _takes_part(finding: Finding) -> bool:
    """Without its code a finding cannot be told from another one."""
    return bool(finding.code) and not _is_of_models(finding)


def _unmatched(finding: Finding, files: Files, scanned_base: Callable[[str], bool]) -> State:
    if _is_of_models(finding):
        return State.NEW
    if not finding.path:
        return State.UNKNOWN
    origin = files.origin(finding.path)
    return State.NEW if origin is None or (scanned_base(origin) and finding.code) else State.UNKNOWN
