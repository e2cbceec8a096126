"""All that the decision rules see of one run, and the run as reports show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gate.core.ai import AiPass
    from gate.core.area import Context, Touch
    from gate.core.authorship import Authorship
    from gate.core.change import ChangeSet
    from gate.core.finding import Finding
    from gate.core.policy import Policy
    from gate.core.review import Signoff
    from gate.core.scan import ToolRun
    from gate.core.suppression import Suppression
    from gate.core.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """A changed file that the policy excludes from scanning, and by which glob."""

    path: str
    glob: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The complete input of the decision. All sequences are sorted, so equal facts are equal values.

    `findings` are those of the head with state, decision inputs and suppression filled in; `fixed` those
    of the base that are gone. `uncovered` are changed code files that are targets of no scanner.
    `context` is what came near an area and asks for nobody.
    `ai` is None where the policy asks for no review by a model. `now` is the run's one time, ISO 8601 in UTC.
    """

    policy: Policy
    change: ChangeSet
    authorship: Authorship
    tools: tuple[ToolRun, ...]
    findings: tuple[Finding, ...]
    fixed: tuple[Finding, ...]
    suppressions: tuple[Suppression, ...]
    touches: tuple[Touch, ...]
    signoff: Signoff
    context: tuple[Context, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    uncovered: tuple[str, ...] = ()
    ai: AiPass | None = None
    now: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOverlay:
    """What the file `path` of the base commit changed in the registry of agents: ids of signatures, and the rest."""

    path: str
    added: tuple[str, ...] = ()
    disabled: tuple[str, ...] = ()
    bots: tuple[str, ...] = ()
    noreply_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Which gate, policy, rules and registry judged."""

    version: str
    policy_source: str
    policy_digest: str
    rulesets_digest: str
    registry_digest: str
    registry_version: str = ""
    registry_overlay: SiteOverlay | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One finished run: what reports print. `exit_code` is what the process will end with."""

    stamp: Stamp
    facts: Facts
    verdict: Verdict
    exit_code: int
    notes: tuple[str, ...] = field(default=())
