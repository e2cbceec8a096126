"""One pass of a model over a change, as values. A model may only add; nothing here can take anything away."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.core.finding import Severity


class AiStatus(StrEnum):
    """How a pass ended. Only `completed` says that the whole change was reviewed."""

    COMPLETED = "completed"
    PARTIAL = "partial"
    FAILED = "failed"
    SKIPPED = "skipped"


class Reason(StrEnum):
    """Why a pass, a call or a file is not completed. Closed: an end that is not known is `crashed`."""

    # With `skipped`: nothing was started.
    DISABLED = "disabled"
    FORK = "fork"
    NO_CREDENTIALS = "no-credentials"
    CLI_MISSING = "cli-missing"
    CLI_TOO_OLD = "cli-too-old"
    NOTHING_REVIEWABLE = "nothing-reviewable"
    # With `failed` and `partial`.
    NO_MERGE_BASE = "no-merge-base"
    ISOLATION = "isolation"
    AUTH = "auth"
    RATE_LIMITED = "rate-limited"
    OVERLOADED = "overloaded"
    SERVER_ERROR = "server-error"
    CONNECTION = "connection"
    MODEL_NOT_FOUND = "model-not-found"
    BAD_REQUEST = "bad-request"
    BILLING = "billing"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    MAX_TOKENS = "max-tokens"
    MAX_TURNS = "max-turns"
    INVALID_OUTPUT = "invalid-output"
    NO_STRUCTURED_OUTPUT = "no-structured-output"
    NO_MODEL_CALL = "no-model-call"
    BUDGET = "budget"
    TOO_LARGE = "too-large"
    UNDECODABLE = "undecodable"
    LONG_LINE = "long-line"
    TOO_MANY_FINDINGS = "too-many-findings"
    CRASHED = "crashed"
    NO_RECORDING = "no-recording"


class Scope(StrEnum):
    """Where the quoted line stands: in a changed hunk, elsewhere in a changed file, or only at the merge base."""

    CHANGED = "changed"
    CONTEXT = "context"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Unreviewed:
    """A file, or a part of it, that no completed call was shown."""

    path: str
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class AiFinding:
    """A claim of a model whose quote was found verbatim in a file of the change.

    `line` to `last_line` is where the quote stands, at the head or (scope `removed`) at the merge base; what
    the model said about the line is gone. `family` is ours or None, `category` the model's own word. Texts
    are hostile, cleaned of what cannot be seen and of known secrets.
    """

    path: str
    line: int
    last_line: int
    scope: Scope
    severity: Severity
    confidence: float
    category: str
    family: str | None
    cwe: tuple[int, ...]
    message: str
    recommendation: str
    quote_digest: str

    @property
    def rule(self) -> str:
        """What stands in the place of a rule's id: models have none."""
        return self.family or self.category or "unnamed"

    @property
    def identity(self) -> tuple[str, str, str]:
        """What makes two runs' claims the same one."""
        return (self.path, self.family or self.category.casefold(), self.quote_digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class AiArea:
    """A sensitive area that a model named, with a line that was found verbatim."""

    area: str
    path: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighted:
    """A finding with the number of runs that named it, of those that looked at its file."""

    finding: AiFinding
    seen: int
    runs: int

    @property
    def stable(self) -> bool:
        """Whether at least half of the runs named it."""
        return self.seen * 2 >= self.runs


@dataclass(frozen=True, slots=True, kw_only=True)
class AiPass:
    """What is recorded of a pass. `reason` is None only with `completed`.

    `sightings` are verified, in order of path and line. `agreement` is the mean pairwise Jaccard index of the
    runs, None for fewer than two. `rejected` counts claims by the step that refused them. `tool_attempts`
    counts calls of tools that the model was not given. `excluded` are paths that are never sent. `estimate_usd`
    is what the calls could cost at most, known before the first one; None where no price is known.
    """

    status: AiStatus
    reason: Reason | None = None
    engine: str = ""
    isolation: str = ""
    model: str = ""
    models_answered: tuple[str, ...] = ()
    cli_version: str = ""
    effort: str = ""
    runs: int = 0
    runs_completed: int = 0
    agreement: float | None = None
    batches: int = 0
    cached: int = 0
    cost_usd: float | None = None
    estimate_usd: float | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    requests_retried: int = 0
    prompt_digest: str = ""
    schema_digest: str = ""
    diff_digest: str = ""
    instructions_digest: str = ""
    rejected: Mapping[str, int] = field(default_factory=dict)
    tool_attempts: Mapping[str, int] = field(default_factory=dict)
    excluded: tuple[str, ...] = ()
    reviewable: int = 0
    unreviewed: tuple[Unreviewed, ...] = ()
    sightings: tuple[Sighted, ...] = ()
    areas: tuple[AiArea, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def performed(self) -> bool:
        """Whether the whole change was reviewed."""
        return self.status is AiStatus.COMPLETED
