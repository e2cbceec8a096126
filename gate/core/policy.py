"""What a team decided: the policy of the base commit as plain, checked values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from gate.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.core.glob import Glob


class Mode(StrEnum):
    """Whether blocked and waiting verdicts fail the job."""

    ENFORCE = "enforce"
    OBSERVE = "observe"


class Scope(StrEnum):
    """Which findings can block: those new in this change, or all in the changed files."""

    NEW = "new"
    ALL = "all"


class Coverage(StrEnum):
    """Whose reading of a changed file is enough: one required scanner that covers its language, or every one."""

    ANY = "any"
    EVERY = "every"


#: Word in a list of reviewers that stands for the owners of a path by CODEOWNERS.
CODEOWNERS = "codeowners"
#: What a list of reviewers can be for besides an area: steps of a release that an AI wrote in no sensitive one.
AI_WRITTEN = "ai-written"


class CarryOver(StrEnum):
    """Whether an approval of an older head with the same content digest still counts."""

    DIGEST = "digest"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolPolicy:
    """One built-in scanner. `timeout` is seconds for a whole run of the tool on one side.

    `rulesets` (semgrep only): `builtin` or repository paths, which are read at the base commit.
    """

    enabled: bool = True
    required: bool = True
    timeout: int = 300
    rulesets: tuple[str, ...] = ("builtin",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SarifPolicy:
    """An imported report: `path` for the head, `base` for the merge base, relative to the working folder.

    `format` is sarif (and what GitLab's analyzers write), snyk-json or zap-json. `kind` says what was looked at:
    source, dependency, or target, a running service, which only a release has. A report older than
    `max_age_hours` is not taken; None: of any age.
    """

    name: str
    path: str
    base: str | None = None
    required: bool = True
    format: str = "sarif"
    kind: str = "source"
    max_age_hours: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannersPolicy:
    semgrep: ToolPolicy = field(default_factory=ToolPolicy)
    bandit: ToolPolicy = field(default_factory=ToolPolicy)
    sarif: tuple[SarifPolicy, ...] = ()
    exclude: tuple[Glob, ...] = ()
    max_file_bytes: int = 5_000_000
    coverage: Coverage = Coverage.ANY


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsPolicy:
    """`honour_suppressions` false: an inline suppression added in the change has no effect.
    `moved_is_new` true: a finding matched only across files counts as new. `known_packages` exist, though no
    manifest names them.
    """

    fail_level: Severity = Severity.HIGH
    scope: Scope = Scope.NEW
    honour_suppressions: bool = True
    moved_is_new: bool = False
    known_packages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaPolicy:
    """What a team adds to one area (or to a new area of its own). `words` count in paths and in changed code."""

    title: str = ""
    paths: tuple[Glob, ...] = ()
    words: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Human:
    """A person who may sign off. E-mails are compared case-folded; logins without `@`.

    Numeric ids, where given, decide over the login. `until` is the last day (YYYY-MM-DD, UTC).
    """

    id: str
    github: tuple[str, ...] = ()
    gitlab: tuple[str, ...] = ()
    github_id: int | None = None
    gitlab_id: int | None = None
    emails: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlass:
    """Who can override a missing sign-off, and for how many hours at most."""

    people: tuple[str, ...]
    max_hours: int = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class SignoffPolicy:
    """`reviewers` maps an area to ids of humans; no entry means that nobody was named for it. The id
    `codeowners` stands for the owners of each path.

    `teams` (`github:org/team`, `gitlab:group/path`) add their members to `humans`, but for the logins in
    `not_humans`. `break_glass` None = there is no override.
    """

    min: int = 1
    ai_min: int = 1
    humans: tuple[Human, ...] = ()
    reviewers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    carry_over: CarryOver = CarryOver.DIGEST
    teams: tuple[str, ...] = ()
    not_humans: tuple[str, ...] = ()
    break_glass: BreakGlass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorshipPolicy:
    """`treat_undeclared_as_ai` raises the bar for commits without any declaration."""

    treat_undeclared_as_ai: bool = False
    overlay: str | None = None
    require: tuple[str, ...] = ()
    noreply_hosts: tuple[str, ...] = ()


class AiEffect(StrEnum):
    """What a verified finding of a model, or a pass that is not completed, leads to."""

    NOTE = "note"
    SIGNOFF = "signoff"
    BLOCK = "block"


@dataclass(frozen=True, slots=True, kw_only=True)
class AiPolicy:
    """The review by a model. `runs_sensitive` None: as `runs`. `timeout` is seconds for the whole pass.

    `if_missing` is never `block`. `instructions` is a path at the base commit; `env` are names of variables.
    """

    enabled: bool = False
    required: bool = False
    engine: str = "claude"
    model: str = ""
    runs: int = 1
    runs_sensitive: int | None = None
    max_usd: float = 2
    findings: AiEffect = AiEffect.NOTE
    if_missing: AiEffect = AiEffect.NOTE
    timeout: int = 600
    jobs: int = 2
    batch_bytes: int = 150_000
    max_diff_bytes: int = 1_500_000
    exclude: tuple[Glob, ...] = ()
    instructions: str | None = None
    env: tuple[str, ...] = ()
    command: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceSigner:
    """A machine whose keys sign records of verdicts. `until` is the last day (YYYY-MM-DD, UTC)."""

    id: str
    keys: tuple[str, ...]
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePolicy:
    """Where verdicts leave a record: `store` as in `gate.core.evidence.place`, empty = nowhere. `push` is the
    remote with which a store in git is shared. Without `signers` no record proves anything.
    """

    store: str = ""
    push: str = ""
    signers: tuple[EvidenceSigner, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Everything a team can decide, after presets are applied.

    `preset` is the shipped preset it extends. `source` says for people where it came from (a path at a
    commit, a file, or the preset alone), `digest` is `sha256:` over what was read. `wide_areas` adds the
    noisier path words and reads tests too. `warnings` are remarks with file:line:column.
    """

    preset: str = "balanced"
    mode: Mode = Mode.ENFORCE
    scanners: ScannersPolicy = field(default_factory=ScannersPolicy)
    findings: FindingsPolicy = field(default_factory=FindingsPolicy)
    areas: Mapping[str, AreaPolicy] = field(default_factory=dict)
    wide_areas: bool = False
    authorship: AuthorshipPolicy = field(default_factory=AuthorshipPolicy)
    signoff: SignoffPolicy = field(default_factory=SignoffPolicy)
    ai: AiPolicy = field(default_factory=AiPolicy)
    evidence: EvidencePolicy = field(default_factory=EvidencePolicy)
    waivers: str = ".gate/waivers.yml"
    source: str = "preset balanced"
    digest: str = ""
    is_default: bool = True
    warnings: tuple[str, ...] = ()
