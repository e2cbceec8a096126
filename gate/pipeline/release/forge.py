"""What a forge knows of steps that no record covers: the merged request behind each, and who approved it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gate.core.authorship import is_agent_identity
from gate.core.release.model import How, Proof, State
from gate.core.review import Binding, decide_signoff
from gate.core.verdict import Outcome
from gate.errors import ConfigError, ForgeError, GitError
from gate.forges.connect import connect
from gate.pipeline import inputs
from gate.pipeline.forge import read_facts, wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gate.core.change import ChangeSet
    from gate.core.release.model import Step, Unit
    from gate.core.review import Signoff
    from gate.forges.port import Forge, Proposal
    from gate.forges.settings import Settings
    from gate.git import Repository
    from gate.pipeline.judge import Judge
    from gate.pipeline.request import Request

#: More steps than this are not asked for: a forge lets nobody ask without end.
MOST_ASKED = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Proofs by step, why the request behind a step answers for nothing, and what could not be read at all."""

    proofs: Mapping[str, Proof]
    told: Mapping[str, tuple[str, ...]]
    problems: tuple[str, ...] = ()


def ask_about(
    steps: Iterable[Step], settings: Settings, repository: Repository, judge: Judge, request: Request
) -> Answers:
    """Return what the forge answers for the open ones of `steps`.

    A request answers for a step if its own sign-off, under the policy of the line before it was merged, is
    passed, and the step is exactly what it brought. A forge that cannot be read is a problem, never a pass.
    """
    asking = _Asking(settings, repository, judge, request)
    proofs: dict[str, Proof] = {}
    told: dict[str, tuple[str, ...]] = {}
    problems: list[str] = []
    open_ones = [step for step in steps if step.state is State.UNCOVERED]
    for step in open_ones[:MOST_ASKED]:
        try:
            proof, why = asking.about(step.unit)
        except ForgeError as error:
            problems.append(f"{step.unit.sha[:12]}: {error.message}.")
            if len(problems) == 3:  # it will not answer the next one either
                break
            continue
        if proof is not None:
            proofs[step.unit.sha] = proof
        told[step.unit.sha] = why
    if len(open_ones) > MOST_ASKED:
        problems.append(f"{len(open_ones):,} steps would have to be asked for, more than {MOST_ASKED}.")
    return Answers(proofs=proofs, told=told, problems=tuple(problems))


@dataclass(frozen=True, slots=True)
class _Asking:
    settings: Settings
    repository: Repository
    judge: Judge
    request: Request

    def about(self, unit: Unit) -> tuple[Proof | None, tuple[str, ...]]:
        why = []
        for number in connect(replace(self.settings, number=1, head=None)).merged(unit.sha):
            forge = connect(replace(self.settings, number=number, head=None))
            proposal = forge.proposal()
            name = f"merge request {number}"
            if unit.parent is None or proposal.head not in self.repository.trees_of([proposal.head]):
                why.append(
                    f"The reviews of {name} cannot be compared with it: its head {proposal.head[:12]} is not in this "
                    f"clone. Fetch it: `git fetch origin {self._ref(number)}`."
                )
                continue
            how = self._how(unit, proposal)
            if how is None:
                why.append(
                    f"It is not what {name} brought: something was added or changed when it was merged."
                )
                continue
            try:
                signoff = self._signoff(unit, forge, proposal)
            except ConfigError as error:
                why.append(f"The policy that judged {name} cannot be read: {error.message}.")
                continue
            if signoff.outcome is Outcome.PASSED and signoff.override is None:
                return self._proof(unit, number, how, signoff), tuple(why)
            told = " ".join(line for line in signoff.missing if "--reviews" not in line)
            why.append(
                f"The reviews of {name} do not answer for it ({signoff.outcome.word}): {told}".rstrip(": ")
            )
        return None, tuple(why)

    def _ref(self, number: int) -> str:
        return (
            f"refs/pull/{number}/head"
            if self.settings.forge == "github"
            else f"refs/merge-requests/{number}/head"
        )

    def _how(self, unit: Unit, proposal: Proposal) -> How | None:
        """How the head of a request came onto the line, None if the step is something else."""
        try:
            same = self.repository.change_digest(unit.parent or "", proposal.head) == unit.change_digest
            (merged,) = self.repository.merged_trees([(unit.parent or "", proposal.head)])
        except GitError:
            return None
        if not same and merged != self.repository.trees_of([unit.sha])[unit.sha]:
            return None
        if unit.sha == proposal.head:
            return How.AS_IS
        return How.MERGE if unit.is_merge else How.SQUASH

    def _signoff(self, unit: Unit, forge: Forge, proposal: Proposal) -> Signoff:
        """The decision on the request as its own run had it: by the policy of the line before the merge."""
        base = unit.parent or ""
        change = self.repository.change(base, proposal.head, target=f"refs/heads/{proposal.target}")
        policy = inputs.load_policy(self.repository, base, self.request)
        facts = read_facts(
            forge, proposal, wanted(self.repository, change, policy.signoff, self.settings.forge, None)
        )
        return decide_signoff(
            touches=unit.touches,
            areas=self.judge.areas,
            binding=self._binding(change),
            commits=change.commits,
            authorship=unit.authorship,
            forge=facts,
            policy=policy.signoff,
            now=self.request.now,
            is_agent=lambda name, email: is_agent_identity(name, email, self.judge.registry),
            undeclared_is_ai=policy.authorship.treat_undeclared_as_ai,
        )

    def _binding(self, change: ChangeSet) -> Binding:
        return Binding(
            repo=change.repo, target=change.target, head=change.head, change_digest=change.change_digest
        )

    def _proof(self, unit: Unit, number: int, how: How, signoff: Signoff) -> Proof:
        return Proof(kind="forge", change=str(number), how=how, people=signoff.accepted, units=(unit.sha,))
