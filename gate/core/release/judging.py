"""What signed statements answer for: the decision on a step, by statements on it or on the whole release."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gate.core.area import Touch
from gate.core.authorship import Authorship, AuthorVerdict
from gate.core.policy import AI_WRITTEN
from gate.core.release.count import BROUGHT_AGAIN
from gate.core.review import Binding, decide_signoff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from gate.core.area import Area
    from gate.core.owners import Owners
    from gate.core.policy import SignoffPolicy
    from gate.core.release.model import Tag, Unit
    from gate.core.review import Signoff
    from gate.core.review.statement import Signed

_UNDECLARED = frozenset({AuthorVerdict.UNDECLARED, AuthorVerdict.ATTESTED_HUMAN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """What statements are judged by; everything is that of the previous release.

    `statements` are all that were found, verified. `merged_heads` gives by step the head that it merged and the
    digest of that request, where the tree of the step is exactly what git merges by itself. `again` is what
    `match.signed_before` found.
    """

    repo: str
    previous: Tag
    tag: Tag
    change_digest: str
    policy: SignoffPolicy
    areas: Sequence[Area]
    now: str
    is_agent: Callable[[str, str], bool]
    undeclared_is_ai: bool = False
    strict: bool = False
    statements: Sequence[Signed] = ()
    owners: Owners | None = None
    merged_heads: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    again: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def with_ai_reviewers(self) -> Judging:
        """Return the same with every listed human as a reviewer of what only a machine made noteworthy."""
        if AI_WRITTEN in self.policy.reviewers:
            return self
        everyone = tuple(human.id for human in self.policy.humans)
        reviewers = {**self.policy.reviewers, AI_WRITTEN: everyone}
        return replace(self, policy=replace(self.policy, reviewers=reviewers))


def of_this_release(statements: Iterable[Signed], judging: Judging) -> tuple[Signed, ...]:
    """Return the statements on releases; one on another release has a problem that names both."""
    found = []
    for signed in statements:
        told = signed.statement
        if told is None or not told.target.startswith("refs/tags/"):
            continue
        why = signed.problem
        if not why and told.target != judging.tag.ref:
            why = f"it is for {told.target}, and this release is {judging.tag.ref}"
        if not why and told.base != judging.previous.commit:
            why = f"it is for the changes since {told.base[:12]}, and this release is compared with {judging.previous.shown} ({judging.previous.commit[:12]})"
        if not why and (told.commit, told.tree) != (judging.tag.commit, judging.tag.tree):
            why = f"the tag was moved: {told.commit[:12]} was signed, and {judging.tag.shown} is {judging.tag.commit[:12]}"
        found.append(replace(signed, problem=why))
    return tuple(found)


def is_ai(unit: Unit, *, undeclared_is_ai: bool) -> bool:
    """Whether a machine took part in a step, as far as its commits say; with `undeclared_is_ai` in any that has some."""
    return unit.authorship.is_ai or (undeclared_is_ai and bool(unit.authorship.commits))


def objections(net: Iterable[Touch], units: Sequence[Unit], judging: Judging) -> Signoff:
    """Return the decision over the whole release: who signed or refused it, and what became of each statement."""
    touches = set(net)
    touches.update(
        t
        for unit in units
        if is_ai(unit, undeclared_is_ai=judging.undeclared_is_ai)
        for t in (ai_touch(unit),)
    )
    judging = judging.with_ai_reviewers()
    return _decide(
        touches, None, judging, of_this_release(judging.statements, judging), _release_binding(judging)
    )


def by_statements_on(unit: Unit, touches: Iterable[Touch], judging: Judging) -> Signoff | None:
    """Return the decision by statements on the step itself or on the head that it merged; None if there are none."""
    bindings = [(unit.sha, unit.change_digest)]
    if (merged := judging.merged_heads.get(unit.sha)) is not None:
        bindings.append(merged)
    best: Signoff | None = None
    for head, digest in bindings:
        about = [
            _unless_again(signed, unit, judging)
            for signed in judging.statements
            if signed.statement and signed.statement.change_digest == digest
        ]
        for target in sorted({s.statement.target for s in about if s.statement}):
            if not target.startswith("refs/heads/"):
                continue
            binding = Binding(repo=judging.repo, target=target, head=head, change_digest=digest)
            signoff = _decide(touches, unit, judging, about, binding)
            if best is None or signoff.outcome < best.outcome:
                best = signoff
    return best


def _unless_again(signed: Signed, unit: Unit, judging: Judging) -> Signed:
    older = judging.again.get((signed.id, unit.sha))
    return (
        signed
        if signed.problem or older is None
        else replace(signed, problem=BROUGHT_AGAIN.format(older[:12]))
    )


def _release_binding(judging: Judging) -> Binding:
    return Binding(
        repo=judging.repo,
        target=judging.tag.ref,
        head=judging.tag.commit,
        change_digest=judging.change_digest,
    )


def _decide(
    touches: Iterable[Touch],
    unit: Unit | None,
    judging: Judging,
    statements: Sequence[Signed],
    binding: Binding,
) -> Signoff:
    """The decision on a step, or with None on the release as a whole, of which nobody is an author."""
    return decide_signoff(
        touches=touches,
        areas=judging.areas,
        binding=binding,
        commits=unit.commits if unit else (),
        authorship=unit.authorship if unit else Authorship(verdict=AuthorVerdict.UNDECLARED),
        forge=None,
        policy=judging.policy,
        now=judging.now,
        is_agent=judging.is_agent,
        undeclared_is_ai=judging.undeclared_is_ai and unit is not None,
        statements=statements,
        owners=judging.owners,
    )


def ai_touch(unit: Unit) -> Touch:
    """Return the evidence that a step needs an answer because a machine took part in it."""
    agents = ", ".join(unit.authorship.agents)
    return Touch(
        area=AI_WRITTEN, layer="release", rule="release.ai", path="", line=0, side="new", text=agents
    )


def by_statements_on_release(
    unit: Unit, touches: Iterable[Touch], judging: Judging, on_release: Sequence[Signed]
) -> Signoff:
    """Return the decision on a step by statements on the whole release."""
    return _decide(touches, unit, judging, on_release, _release_binding(judging))
