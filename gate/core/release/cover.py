"""What answers for each step of a release: a record, signed statements on it, or statements on the release."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from gate.core.area import Touch
from gate.core.authorship import AuthorVerdict
from gate.core.policy import AI_WRITTEN
from gate.core.release.count import Measure, why_not
from gate.core.release.judging import (
    Judging,
    ai_touch,
    by_statements_on,
    by_statements_on_release,
    is_ai,
    of_this_release,
)
from gate.core.release.match import picked_from, reverts
from gate.core.release.model import Proof, State, Step
from gate.core.release.units import cancelled
from gate.core.review import Override
from gate.core.review.statement import APPROVE
from gate.core.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from gate.core.release.match import Match
    from gate.core.release.model import Found, Unit
    from gate.core.review import Signoff
    from gate.core.review.statement import Signed

_NOBODY = re.compile(r"No reviewer is configured for ([\w-]+):")
#: The end of the sentences on a waiting change that speaks of options of another command.
_OF_CHECK = "Approvals were not asked for"


def cover(
    units: Sequence[Unit],
    matches: Iterable[Match],
    judging: Judging,
    measure: Measure,
    *,
    net_paths: Collection[str],
) -> tuple[Step, ...]:
    """Return every step with its fate, in the order of `units`.

    `net_paths` are the paths that differ between both ends of the release.
    """
    judging = judging.with_ai_reviewers()
    by_unit: dict[str, list[Match]] = defaultdict(list)
    for match in matches:
        for unit in match.units:
            by_unit[unit.sha].append(match)
    on_release = of_this_release(judging.statements, judging)
    gone = cancelled(units, net_paths)
    return tuple(
        _step(unit, by_unit.get(unit.sha, ()), judging, measure, on_release, gone=unit.sha in gone)
        for unit in units
    )


def _step(
    unit: Unit,
    matches: Sequence[Match],
    judging: Judging,
    measure: Measure,
    on_release: Sequence[Signed],
    *,
    gone: bool,
) -> Step:
    unit = _informed(unit, matches)
    step = replace(
        _fate(unit, matches, judging, measure, on_release, gone=gone), remarks=tuple(_remarks(unit))
    )
    named = (agent for match in matches for agent in match.found.record.authors.agents)
    step = replace(step, agents=tuple(dict.fromkeys((*unit.authorship.agents, *named))))
    return replace(step, remarks=(*step.remarks, *_overrides(step)))


def _informed(unit: Unit, matches: Sequence[Match]) -> Unit:
    """The step with what records about it know besides: a squash says less than its commits did.

    Any record, believed or not: what it says here can only ask for more.
    """
    records = [match.found.record for match in matches]
    known = {touch.area for touch in unit.touches}
    more = {
        Touch(area=one.area, layer="record", rule="record", path=path, line=line, side="new")
        for record in records
        for one in record.areas
        if one.area not in known
        for path, line in [_place(one.references)]
    }
    authorship = unit.authorship
    if any(record.signoff.ai for record in records) and not authorship.is_ai:
        authorship = replace(authorship, verdict=AuthorVerdict.AI_ASSISTED)
    return replace(unit, touches=tuple(sorted({*unit.touches, *more})), authorship=authorship)


def _place(references: Sequence[str]) -> tuple[str, int]:
    """The first place of a record's evidence, written as `rule path:line`."""
    text = references[0].partition(" ")[2] if references else ""
    path, colon, line = text.rpartition(":")
    return (path, int(line)) if colon and line.isdecimal() else (text, 0)


def _fate(
    unit: Unit,
    matches: Sequence[Match],
    judging: Judging,
    measure: Measure,
    on_release: Sequence[Signed],
    *,
    gone: bool,
) -> Step:
    ai = is_ai(unit, undeclared_is_ai=judging.undeclared_is_ai)
    areas = _places(unit.touches)
    if gone:
        return Step(unit=unit, state=State.CANCELLED, areas=areas, ai=ai)
    judged = [(match, why_not(match.found, measure, unit.sha)) for match in matches]
    good = next((match for match, why in judged if not why), None)
    if good is not None:
        return _recorded(unit, good, ai=ai)
    if not areas and not ai:
        return Step(unit=unit, state=State.PLAIN)
    touches = unit.touches or (ai_touch(unit),)
    areas = areas or {AI_WRITTEN: ()}
    if (proof := measure.proofs.get(unit.sha)) is not None:
        return Step(unit=unit, state=State.COVERED, areas=areas, ai=ai, proof=proof)
    refused = tuple(
        dict.fromkeys(f"The record {_name(match.found)} does not count: {why}." for match, why in judged)
    )
    by_unit = by_statements_on(unit, touches, judging)
    if by_unit is not None and _holds(by_unit, judging):
        return _signed(unit, by_unit, "statement", areas, ai=ai, refused=refused)
    by_release = by_statements_on_release(unit, touches, judging, on_release)
    if _holds(by_release, judging):
        return _signed(unit, by_release, "release", areas, ai=ai, refused=refused)
    return Step(
        unit=unit,
        state=State.UNCOVERED,
        areas=areas,
        ai=ai,
        signoff=by_release,
        refused=(*refused, *measure.told.get(unit.sha, ()), *_refusals(by_unit), *_refusals(by_release)),
        missing=tuple(_missing(by_release, judging)),
    )


def _missing(signoff: Signoff, judging: Judging) -> Iterator[str]:
    """What would cover a step, in words for a release: its policy is past, and cannot be amended any more."""
    for line in signoff.missing:
        if line.startswith(_OF_CHECK):
            continue
        if (found := _NOBODY.match(line)) is not None:
            yield (
                f"{found[1]}: the policy of {judging.previous.shown} names no reviewer. Judge by a policy that names one: "
                "--config FILE, or --baseline with a commit that has it."
            )
        else:
            yield line


def _recorded(unit: Unit, match: Match, *, ai: bool) -> Step:
    record = match.found.record
    proof = Proof(
        kind="record",
        id=match.found.id,
        how=match.how,
        change=record.change or "",
        people=record.signoff.accepted,
        at=record.recorded_at,
        units=tuple(one.sha for one in match.units),
        override=_override_of(match.found),
    )
    areas = {area.area: _referred(area.references) for area in record.areas} or _places(unit.touches)
    if not areas and not ai:
        return Step(unit=unit, state=State.PLAIN, proof=proof)
    state = State.OVERRIDDEN if proof.override else State.COVERED
    return Step(unit=unit, state=state, areas=areas, ai=ai, proof=proof)


def _override_of(found: Found) -> Override | None:
    used = found.record.signoff.override
    return None if used is None else Override(by=used.by, reason=used.reason, expires_at=used.expires_at)


def _overrides(step: Step) -> Iterator[str]:
    override = step.proof.override if step.proof else None
    if override is not None and step.state is State.OVERRIDDEN:
        yield f"Overridden by {override.by} until {override.expires_at}: {override.reason}"


def _signed(
    unit: Unit,
    signoff: Signoff,
    kind: str,
    areas: Mapping[str, tuple[str, ...]],
    *,
    ai: bool,
    refused: tuple[str, ...],
) -> Step:
    counted = [fate.id for fate in signoff.statements if fate.counts]
    override = signoff.override
    return Step(
        unit=unit,
        state=State.OVERRIDDEN if override else State.COVERED,
        areas=areas,
        ai=ai,
        proof=Proof(
            kind=kind,
            id=", ".join(counted),
            people=signoff.accepted if not override else (override.by,),
            units=(unit.sha,),
            override=override,
        ),
        signoff=signoff,
        refused=refused,
    )


def _holds(signoff: Signoff, judging: Judging) -> bool:
    return signoff.outcome is Outcome.PASSED and not (signoff.override is not None and judging.strict)


def _refusals(signoff: Signoff | None) -> Iterator[str]:
    for one in signoff.statements if signoff else ():
        if not one.counts and one.decision in ("", APPROVE, "override"):
            who = f" of {one.reviewer}" if one.reviewer else ""
            yield f"The statement {one.id}{who} ({one.source}) does not count: {one.why}."


def _places(touches: Iterable[Touch]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for touch in sorted(set(touches), key=lambda t: (t.area, t.line == 0, t.path, t.line)):
        place = f"{touch.path}:{touch.line}" if touch.line else touch.path
        found.setdefault(touch.area, {}).setdefault(place)
    return {area: tuple(places) for area, places in found.items()}


def _referred(references: Iterable[str]) -> tuple[str, ...]:
    """The places of a record's evidence, each once; the rule before each is for those who look closer."""
    return tuple(dict.fromkeys(text.partition(" ")[2] or text for text in references))


def _name(found: Found) -> str:
    change = f" of merge request {found.record.change}" if found.record.change else ""
    return f"{found.id.removeprefix('sha256:')[:12]}{change}"


def _remarks(unit: Unit) -> Iterator[str]:
    for sha in dict.fromkeys(reverts(unit)):
        yield f"Takes back {sha[:12]}."
    for sha in dict.fromkeys(picked_from(unit)):
        yield f"Cherry-picked from {sha[:12]}."
