"""What somebody who signs a release has to see, and what would be signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.policy import AI_WRITTEN
from gate.core.release.model import State
from gate.core.review import Signoff
from gate.core.verdict import Outcome
from gate.pipeline.release.run import judge_release
from gate.pipeline.signing import Looked

if TYPE_CHECKING:
    from gate.core.area import Touch
    from gate.core.release.model import Release, Released
    from gate.pipeline.release.run import Wanted
    from gate.pipeline.request import Progress, Request


def look_at_release(request: Request, wanted: Wanted, progress: Progress) -> tuple[Looked, Released]:
    """Return a release as a signer sees it: the areas of what nobody answers for yet, or all if everything is.

    Raises what `gate release` raises.
    """
    released = judge_release(request, wanted, progress)
    release, run = released.release, released.run
    signoff = _as_change(release, run.facts.touches)
    touched = tuple(touch for touch in run.facts.touches if touch.area in signoff.areas and touch.path)
    looked = Looked(
        change=run.facts.change,
        tree=release.tag.tree,
        policy=run.facts.policy,
        touched=touched,
        signoff=signoff,
    )
    return looked, released


def _as_change(release: Release, net: tuple[Touch, ...]) -> Signoff:
    """The open steps as one decision: whoever wrote all of them could sign none."""
    steps = release.in_state(State.UNCOVERED)
    areas: dict[str, tuple[Touch, ...]] = {}
    wanted = {area for step in steps for area in step.areas} or {touch.area for touch in net}
    for area in sorted(wanted):
        areas[area] = tuple(touch for touch in net if touch.area == area)
    decided = [step.signoff for step in steps if step.signoff is not None]
    roles: dict[str, str] = {}
    if decided:
        everywhere = set.intersection(*(set(one.roles) for one in decided))
        roles = {who: decided[0].roles[who] for who in sorted(everywhere)}
    eligible = {
        area: tuple(sorted({who for one in decided for who in one.eligible.get(area, ())})) for area in areas
    }
    return Signoff(
        outcome=Outcome.NEEDS_SIGNOFF if steps else Outcome.PASSED,
        required=bool(areas),
        areas=areas,
        roles=roles,
        eligible={area: who for area, who in eligible.items() if who or area != AI_WRITTEN},
    )
