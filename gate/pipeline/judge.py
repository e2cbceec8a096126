"""From what the scanners said to a verdict: everything that can be got ready while they work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from gate import __version__, config
from gate.core.facts import Facts, Run, SiteOverlay, Stamp
from gate.core.policy import Mode
from gate.core.rules import ai as rules_ai
from gate.core.rules import decide
from gate.core.verdict import Outcome
from gate.core.words import listed
from gate.errors import EXIT_CODES
from gate.pipeline import inputs
from gate.pipeline.ai.addressed import addressed
from gate.pipeline.areas import touched
from gate.pipeline.attribution import attribute_change
from gate.pipeline.findings import judge_findings, with_covered
from gate.pipeline.signoff import Basis, sign_off

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from gate.core.ai import AiPass
    from gate.core.area import Area, Context, Touch
    from gate.core.authorship import Authorship, Registry
    from gate.core.change import ChangeSet
    from gate.core.family import Families
    from gate.core.policy import Policy
    from gate.core.review import ForgeFacts, Signoff
    from gate.core.suppression import Waiver
    from gate.core.verdict import Verdict
    from gate.forges.environment import MergeRequest
    from gate.git import Repository
    from gate.pipeline.findings import Judged
    from gate.pipeline.sides import Scanned


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """All that a change is judged by, but for the scanners' words. `now` is the run's one time."""

    repository: Repository
    change: ChangeSet
    policy: Policy
    waivers: tuple[Waiver, ...]
    reviews: ForgeFacts | None
    now: str
    registry: Registry
    authorship: Authorship
    areas: tuple[Area, ...]
    families: Families
    signoffs: Path | None = None
    #: Who decides on sign-offs and on the verdict where it is not the change as a whole.
    answered: Callable[[tuple[Touch, ...]], Signoff] | None = None
    ruled: Callable[[Facts], Verdict] = decide

    @classmethod
    def of(
        cls,
        repository: Repository,
        change: ChangeSet,
        policy: Policy,
        *,
        waivers: tuple[Waiver, ...],
        reviews: ForgeFacts | None,
        request: MergeRequest | None,
        now: str,
        registry: Registry | None = None,
        signoffs: Path | None = None,
    ) -> Self:
        """Find out who wrote the change, and load the shipped data."""
        registry = registry or inputs.registry(policy, repository, change.base)
        authorship = attribute_change(repository, change, registry, request=request, reviews=reviews)
        return cls(
            repository=repository,
            change=change,
            policy=policy,
            waivers=waivers,
            reviews=reviews,
            now=now,
            registry=registry,
            authorship=authorship,
            areas=inputs.areas(policy),
            families=inputs.families(),
            signoffs=signoffs,
        )

    def run(self, scanned: Scanned, rulesets_digest: str, review: AiPass | None = None) -> Run:
        """Merge and compare findings, decide, and return the run with its verdict and exit code.

        `review` is what a model made of the change; it adds and changes nothing that scanners say.
        """
        judged = judge_findings(
            self.repository,
            self.change,
            self.authorship,
            scanned.runs,
            policy=self.policy,
            families=self.families,
            waivers=self.waivers,
            now=self.now,
            review=review,
        )
        found = touched(self.repository, self.change, self.policy, self.areas, scanned.runs)
        return self.conclude(scanned, judged, found.touches, rulesets_digest, review, found.context)

    def conclude(
        self,
        scanned: Scanned,
        judged: Judged,
        found: Iterable[Touch],
        rulesets_digest: str,
        review: AiPass | None = None,
        near: tuple[Context, ...] = (),
    ) -> Run:
        """Decide on findings that are judged and areas that were found touched, and return the run.

        `near` is what came near an area and asks for nobody.
        """
        named = rules_ai.touches(review, judged.findings, self.policy)
        spoken = (one.touch() for one in addressed(self.change))
        touches = tuple(sorted({*found, *judged.touches, *named, *spoken}))
        facts = Facts(
            policy=self.policy,
            change=self.change,
            authorship=self.authorship,
            tools=tuple(replace(run, head=with_covered(run.head, judged.covered)) for run in scanned.runs),
            findings=judged.findings,
            fixed=judged.fixed,
            suppressions=judged.suppressions,
            touches=touches,
            context=near,
            signoff=self._signoff(touches),
            excluded=scanned.excluded,
            uncovered=scanned.uncovered,
            ai=review,
            now=self.now,
        )
        verdict = self.ruled(facts)
        return Run(
            stamp=Stamp(
                version=__version__,
                policy_source=self.policy.source,
                policy_digest=self.policy.digest,
                rulesets_digest=rulesets_digest,
                registry_digest=self.registry.digest,
                registry_version=self.registry.version,
                registry_overlay=self._overlay(),
            ),
            facts=facts,
            verdict=verdict,
            exit_code=exit_code(verdict.outcome, self.policy.mode),
            notes=self._notes(),
        )

    def _notes(self) -> tuple[str, ...]:
        policy, base = self.policy, self.change.base
        notes = []
        if policy.is_default:
            notes.append(
                f"There is no {inputs.POLICY_FILE} at the base commit {base[:12]}: the preset balanced decides, "
                "and no human is known who could sign off."
            )
        if (overlay := self._overlay()) is not None:
            notes.append(_overlay_note(overlay, base))
        if not policy.is_default and (policy.scanners.exclude or policy.areas):
            notes += config.unmatched_globs(policy, self.repository.paths_at(base))
        return tuple(notes)

    def _overlay(self) -> SiteOverlay | None:
        if self.policy.authorship.overlay is None:
            return None
        return SiteOverlay(
            path=self.policy.authorship.overlay,
            added=self.registry.added,
            disabled=self.registry.disabled,
            bots=self.registry.added_bots,
            noreply_hosts=self.registry.added_hosts,
        )

    def _signoff(self, touched: tuple[Touch, ...]) -> Signoff:
        if self.answered is not None:
            return self.answered(touched)
        return sign_off(
            Basis(
                repository=self.repository,
                change=self.change,
                policy=self.policy,
                reviews=self.reviews,
                registry=self.registry,
                authorship=self.authorship,
                areas=self.areas,
                now=self.now,
                signoffs=self.signoffs,
            ),
            touched,
        )


def _overlay_note(overlay: SiteOverlay, base: str) -> str:
    parts = {
        "adds": overlay.added,
        "disables": overlay.disabled,
        "takes as bots": overlay.bots,
        "reads private addresses of": overlay.noreply_hosts,
    }
    told = "; ".join(f"{what} {listed(sorted(items), most=10)}" for what, items in parts.items() if items)
    return f"Agent signatures of {overlay.path} at {base[:12]}: {told or 'the file changes nothing'}."


def exit_code(outcome: Outcome, mode: Mode) -> int:
    """Return the exit code of the contract; observe softens blocked and waiting, and nothing else."""
    softened = mode is Mode.OBSERVE and outcome in (Outcome.BLOCKED, Outcome.NEEDS_SIGNOFF)
    return 0 if softened else EXIT_CODES[outcome]
