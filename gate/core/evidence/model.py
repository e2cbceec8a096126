"""A record as values: what a verdict leaves behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: References to evidence that a record keeps for one area; `more` counts the others.
MOST_REFERENCES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A scanner that ran on the head. `status`: completed, partial, failed or skipped."""

    name: str
    version: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """`digest` covers every finding of the report. `severities` counts those that are new (or may be),
    `decisions` all of them.
    """

    digest: str
    severities: Mapping[str, int]
    decisions: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Authors:
    """Who wrote the change. `people` is the author set, canonical persons of whom nobody could sign off, and how
    many `more_people` there are beyond what a record lists.
    """

    verdict: str
    agents: tuple[str, ...]
    commits: int
    ai_commits: int
    people: tuple[str, ...]
    more_people: int
    unresolved: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaEvidence:
    """A sensitive area that the change touches: up to MOST_REFERENCES `rule path:line`, and how many `more`."""

    area: str
    references: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A review that counted. `kind`: review, approval or statement; `commit` is what was looked at, as the forge
    or the statement names it.
    """

    who: str
    kind: str
    at: str
    commit: str
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """An approval that did not count, and why."""

    who: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedStatement:
    """A signed statement that was given, and whether it counted. `id` is the start of the SHA-256 of what was
    signed, or the name of a file that could not be read.
    """

    id: str
    reviewer: str
    decision: str
    counts: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedOverride:
    """The break-glass statement that let the change pass, until when it holds, and why it was given."""

    by: str
    reason: str
    expires_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignoffOutcome:
    """The sign-off decision by itself: `outcome` is one of VERDICTS, `needed` how many people had to accept."""

    outcome: str
    required: bool
    ai: bool
    needed: int
    accepted: tuple[str, ...]
    reviews: tuple[Review, ...]
    ignored: tuple[Ignored, ...]
    statements: tuple[UsedStatement, ...]
    override: UsedOverride | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedWaiver:
    """A waiver that hid findings: who accepted them, until which day (YYYY-MM-DD), and their ids."""

    owner: str
    expires: str
    reason: str
    rules: tuple[str, ...]
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who made the record: the address of the job and the account that started it; empty where nobody said."""

    job: str
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One verdict. Ids are full, digests `sha256:…`, times `YYYY-MM-DDThh:mm:ssZ`.

    `repo` is `host/path`, or a plain name where no host is known. `commit` and `tree` are those of the head,
    `change` the number of the merge request as text, `target` the full ref that it goes to, `base` the commit of
    the target whose policy judged, `merge_base` where the change begins. `verdict` is the whole verdict, and
    `signoff` the decision on sign-offs alone. `report_digest` is the SHA-256 of the report file.

    `previous` are the digests of the records that were the ends of the chain: none for the first, one as a rule,
    several where copies of a store were joined. `number` is 1 above the highest of those.
    """

    repo: str
    commit: str
    tree: str
    change: str | None
    target: str
    base: str
    merge_base: str
    change_digest: str
    policy_source: str
    policy_digest: str
    rulesets_digest: str
    registry_digest: str
    preset: str
    mode: str
    gate_version: str
    tools: tuple[Tool, ...]
    findings: Findings
    authors: Authors
    areas: tuple[AreaEvidence, ...]
    signoff: SignoffOutcome
    waivers: tuple[UsedWaiver, ...]
    verdict: str
    exit_code: int
    recorded_at: str
    origin: Origin
    report_digest: str
    previous: tuple[str, ...] = ()
    number: int = 1
