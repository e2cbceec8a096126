"""The release job: from two tags to a verdict, and everything that it rests on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gate.core.authorship import is_agent_identity, is_bot_identity
from gate.core.policy import AiPolicy
from gate.core.release.cover import cover
from gate.core.release.judging import Judging, objections
from gate.core.release.match import signed_before
from gate.core.release.model import Release, Released, State
from gate.core.release.rules import decide_release
from gate.core.release.units import explained
from gate.core.verdict import Outcome
from gate.git import Repository
from gate.pipeline import inputs
from gate.pipeline.areas import touched
from gate.pipeline.checks import run_checks
from gate.pipeline.findings import judge_findings
from gate.pipeline.judge import Judge
from gate.pipeline.release.ends import Ends, find_ends
from gate.pipeline.release.evidence import Evidence, find_evidence, line_back
from gate.pipeline.release.imports import look_at_imports, with_imports
from gate.pipeline.release.statements import Given, moved, read_statements
from gate.pipeline.release.units import find_units, with_areas
from gate.pipeline.shards.change import scan_change
from gate.pipeline.sides import import_reports
from gate.pipeline.signoff import Basis, owners_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gate.core.area import Touch
    from gate.core.change import ChangeSet
    from gate.core.evidence.envelope import Envelope
    from gate.core.policy import Policy
    from gate.core.release.model import Step, Unit
    from gate.core.review import Signoff
    from gate.core.suppression import Waiver
    from gate.pipeline.request import Progress, Request
    from gate.pipeline.sides import Scanned
    from gate.signing import Bundle


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of a release is asked for, besides the options of every run.

    `range` is `PREV..TAG`, or TAG beside a `baseline`. `evidence` names the store of records, None: that of the
    policy. `imports` are further reports, as `NAME=PATH`. `repository` is `host/path` where the clone has no
    remote that says it. `expected` are digests of records that must still be there.
    """

    range: str
    baseline: str | None = None
    evidence: str | None = None
    imports: Sequence[str] = ()
    repository: str | None = None
    expected: Sequence[str] = ()


class Proofs(NamedTuple):
    """The signed bytes that a verdict rests on: records by their digest, statements by their id."""

    records: Mapping[str, Envelope]
    statements: Mapping[str, Bundle]


def judge_release(request: Request, wanted: Wanted, progress: Progress) -> Released:
    """Judge the release of `wanted` and return it with its verdict and exit code; see `judge_with_proofs`."""
    return judge_with_proofs(request, wanted, progress)[0]


def judge_with_proofs(request: Request, wanted: Wanted, progress: Progress) -> tuple[Released, Proofs]:
    """Judge the release of `wanted` and return it with its verdict and exit code, and what proves it.

    Policy, signers and waivers are those of the previous release. Raises UsageError, ConfigError or
    IncompleteError where there is no release to judge by.
    """
    with Repository.open(request.repo) as repository:
        ends = find_ends(repository, wanted.range, baseline=wanted.baseline)
        policy = inputs.load_policy(repository, ends.previous.commit, request)
        # A model's opinion belongs to the merge requests: a range is too large to be sent as one.
        policy = with_imports(
            replace(policy, ai=AiPolicy()), wanted.imports, repository, ends.tag.commit, Path.cwd()
        )
        rules = inputs.rules(repository, ends.previous.commit, policy)
        progress("reading the range")
        change = repository.change(
            ends.previous.commit,
            ends.tag.commit,
            target=ends.tag.ref,
            max_file_bytes=policy.scanners.max_file_bytes,
        )
        change = replace(change, repo=wanted.repository or change.repo)

        def get_ready() -> tuple[Judge, tuple[Unit, ...], Evidence]:
            judge = Judge.of(
                repository, change, policy, waivers=(), reviews=None, request=None, now=request.now
            )
            units = find_units(repository, change, judge.authorship)
            progress(f"looking for what answers for {len(units):,} steps")
            return (
                judge,
                units,
                find_evidence(
                    repository,
                    policy,
                    ends,
                    units,
                    wanted.evidence,
                    request.now,
                    repo=change.repo,
                    expected=wanted.expected,
                ),
            )

        with ThreadPoolExecutor(max_workers=1) as pool:
            later = pool.submit(get_ready)
            scanned = scan_change(repository, change, policy, rules, request, progress)
            judge, units, evidence = later.result()
        progress("weighing what answers for each step")
        asked = _Asked(repository, request, policy, change, ends, judge, units, evidence)
        released = asked.conclude(scanned, rules.digest)
        return released, Proofs(asked.evidence.envelopes or {}, asked.given.bundles)


@dataclass(slots=True)
class _Asked:
    """One release between the scan of its range and the verdict."""

    repository: Repository
    request: Request
    policy: Policy
    change: ChangeSet
    ends: Ends
    judge: Judge
    units: tuple[Unit, ...]
    evidence: Evidence
    given: Given = field(init=False)
    judging: Judging = field(init=False)
    forge_problems: tuple[str, ...] = ()

    def conclude(self, scanned: Scanned, rules_digest: str) -> Released:
        scanned = import_reports(
            self.repository,
            self.change,
            self.policy,
            scanned,
            folder=Path.cwd(),
            now=self.request.now,
            release=True,
        )
        checked = run_checks(self.repository, self.change, self.policy, scanned.runs)
        scanned = replace(scanned, runs=(*scanned.runs, checked))
        found = touched(self.repository, self.change, self.policy, self.judge.areas, scanned.runs)
        open_ones = {unit.sha for unit in self.units if unit.sha not in self.evidence.covered}
        self.units = with_areas(
            self.repository, self.change, self.policy, self.judge.areas, self.units, open_ones
        )
        self._hear(open_ones)
        steps = self._cover(found.touches)
        if self.request.forge is not None:
            steps = self._ask_forge(steps, found.touches)
        judged = judge_findings(
            self.repository,
            self.change,
            self.judge.authorship,
            scanned.runs,
            policy=self.policy,
            families=self.judge.families,
            waivers=self._waivers(steps),
            now=self.request.now,
        )
        if judged.touches:
            steps = self._cover((*found.touches, *judged.touches))
        release = self._release(steps, (*found.touches, *judged.touches))
        judge = replace(
            self.judge,
            answered=lambda touched: _signoff(release, touched),
            ruled=lambda facts: decide_release(facts, release),
        )
        run = judge.conclude(scanned, judged, found.touches, rules_digest, near=found.context)
        return Released(release=release, run=run, frameworks=inputs.frameworks())

    def _hear(self, open_ones: set[str]) -> None:
        """Read the statements that can matter: on the release, and on steps that no record covers."""
        waiting = [unit for unit in self.units if unit.sha in open_ones]
        heads = {unit.sha: unit.own.parents[1] for unit in waiting if len(unit.own.parents) == 2}
        self.given = read_statements(
            self.repository,
            self.policy,
            ends=(self.ends.previous, self.ends.tag),
            digests={unit.change_digest for unit in waiting},
            commits=set(heads.values()),
            signoffs=self.request.signoffs,
            now=self.request.now,
        )
        signed = {one.statement.commit for one in self.given.signed if one.statement}
        merges = [unit for unit in waiting if heads.get(unit.sha) in signed]
        sensitive = {unit.sha for unit in waiting if unit.touches or unit.authorship.is_ai}
        self.units = tuple(
            replace(unit, commits=self.repository.mark_merges(unit.commits))
            if unit.sha in sensitive and any(len(c.parents) > 1 for c in unit.commits)
            else unit
            for unit in self.units
        )
        policy = self.policy
        self.judging = Judging(
            repo=self.change.repo,
            previous=self.ends.previous,
            tag=self.ends.tag,
            change_digest=self.change.change_digest,
            policy=policy.signoff,
            areas=self.judge.areas,
            now=self.request.now,
            is_agent=lambda name, email: is_agent_identity(name, email, self.judge.registry),
            undeclared_is_ai=policy.authorship.treat_undeclared_as_ai,
            strict=policy.preset == "strict",
            statements=self.given.signed,
            owners=owners_of(self._basis()),
            merged_heads=self._merged_heads(merges),
            again=self._signed_before(waiting),
        )

    def _signed_before(self, waiting: Sequence[Unit]) -> dict[tuple[str, str], str]:
        """Which signed changes came onto the line before the steps that bring them now."""
        on_changes = [
            one
            for one in self.given.signed
            if one.statement and one.statement.target.startswith("refs/heads/")
        ]
        if not on_changes:
            return {}
        bases = {one.statement.base for one in on_changes if one.statement}
        return signed_before(waiting, on_changes, line_back(self.repository, self.ends, self.units, bases))

    def _ask_forge(self, steps: tuple[Step, ...], net: tuple[Touch, ...]) -> tuple[Step, ...]:
        """Ask for the merged requests behind what nothing recorded covers, and return the steps anew."""
        from gate.pipeline.release.forge import ask_about  # noqa: PLC0415 - only where a forge is asked

        assert self.request.forge is not None  # noqa: S101 - asked by the caller
        answers = ask_about(steps, self.request.forge, self.repository, self.judge, self.request)
        self.evidence = replace(
            self.evidence,
            measure=replace(self.evidence.measure, proofs=answers.proofs, told=answers.told),
        )
        self.forge_problems = answers.problems
        return self._cover(net)

    def _tagged_by_machine(self) -> tuple[str, ...]:
        """Say who made the tag, if that was no person: nobody has decided then that this is to be released."""
        tag, registry = self.ends.tag, self.judge.registry
        who = (tag.tagger, tag.tagger_email)
        if not any(who) or not (is_agent_identity(*who, registry) or is_bot_identity(*who, registry)):
            return ()
        return (
            f"The tag {tag.shown} was made by {tag.tagger or tag.tagger_email}, which is an agent or a bot and no person.",
        )

    def _merged_heads(self, merges: Sequence[Unit]) -> dict[str, tuple[str, str]]:
        """Heads that were merged as they were signed, with the digest of what they brought to the line."""
        trees = self.repository.trees_of([unit.sha for unit in merges])
        pairs = [(unit.own.parents[0], unit.own.parents[1]) for unit in merges]
        found = {}
        for unit, pair, tree in zip(merges, pairs, self.repository.merged_trees(pairs), strict=True):
            if tree is not None and tree == trees.get(unit.sha):
                found[unit.sha] = (pair[1], self.repository.change_digest(*pair))
        return found

    def _basis(self) -> Basis:
        return Basis(
            repository=self.repository,
            change=self.change,
            policy=self.policy,
            reviews=None,
            registry=self.judge.registry,
            authorship=self.judge.authorship,
            areas=self.judge.areas,
            now=self.request.now,
        )

    def _cover(self, net: Iterable[Touch]) -> tuple[Step, ...]:
        net_paths = {row.path for row in self.change.files}
        return cover(
            explained(self.units, net, net_paths),
            self.evidence.matches,
            self.judging,
            self.evidence.measure,
            net_paths=net_paths,
        )

    def _waivers(self, steps: Iterable[Step]) -> tuple[Waiver, ...]:
        """Those of the previous release; those of this one if somebody answers for each change of them."""
        path = self.policy.waivers
        changing = [step for step in steps if any(row.path == path for row in step.unit.rows)]
        answered = changing and all(step.state in (State.COVERED, State.CANCELLED) for step in changing)
        at = self.ends.tag if answered else self.ends.previous
        return inputs.read_waivers(self.repository, at.commit, self.policy)

    def _release(self, steps: tuple[Step, ...], net: Iterable[Touch]) -> Release:
        ends = tuple(
            replace(tag, problem=tag.problem or moved(tag, self.given.signed))
            for tag in (self.ends.previous, self.ends.tag)
        )
        notes = [*self.given.notes, *self.evidence.notes, *self._tagged_by_machine()]
        return Release(
            repo=self.change.repo,
            previous=ends[0],
            tag=ends[1],
            first=self.ends.first,
            change_digest=self.change.change_digest,
            steps=steps,
            records={match.found.id: match.found for match in self.evidence.matches},
            store=self.evidence.store,
            store_problems=self.evidence.problems,
            store_hint=self.evidence.hint,
            store_ends=self.evidence.ends,
            store_number=self.evidence.number,
            statements=objections(net, self.units, self.judging),
            imports=look_at_imports(
                self.policy,
                self.repository,
                self.change.head,
                folder=Path.cwd(),
                now=self.request.now,
            ),
            forge_problems=self.forge_problems,
            notes=tuple(notes),
        )


def _signoff(release: Release, touched: tuple[Touch, ...]) -> Signoff:
    """The release as one decision, for reports that show one: everybody who answered, and what is open."""
    said = release.statements
    assert said is not None  # noqa: S101 - made by `_release`
    open_steps = release.in_state(State.UNCOVERED)
    people = {who for step in release.steps if step.proof for who in step.proof.people}
    areas: dict[str, list[Touch]] = {}
    for touch in touched:
        areas.setdefault(touch.area, []).append(touch)
    missing = dict.fromkeys(line for step in open_steps for line in step.missing)
    outcome = Outcome.NEEDS_SIGNOFF if open_steps else Outcome.PASSED
    return replace(
        said,
        outcome=said.outcome if said.outcome in (Outcome.BLOCKED, Outcome.INCOMPLETE) else outcome,
        required=bool(areas) or bool(open_steps),
        areas={area: tuple(found) for area, found in sorted(areas.items())},
        accepted=tuple(sorted({*said.accepted, *people})),
        waiting=tuple(sorted({area for step in open_steps for area in step.areas})),
        missing=tuple(missing),
    )
