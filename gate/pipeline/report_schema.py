"""The report file `gate-report/1` as it may come from a hostile job: types, limits, and no unknown key."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

Sha = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{40}|[0-9a-f]{64})$")]
Line = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
Word = Literal["critical", "high", "medium", "low", "info"]


class _Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A JSON object without room for what this version does not know."""


class Gate(_Strict):
    version: str
    policy_source: str
    policy_digest: str
    rulesets_digest: str
    registry_digest: str
    registry_version: str
    registry_overlay: dict[str, Any] | None
    preset: str
    mode: str


class Change(_Strict):
    repo: str
    target: str
    base: Sha
    merge_base: Sha
    merge_bases: list[Sha]
    head: Sha
    change_digest: str
    commits: Line
    files: list[dict[str, Any]]


class Evidence(_Strict):
    layer: str
    rule: str
    path: str
    line: Line
    side: Literal["old", "new"]
    text: str


class Area(_Strict):
    area: Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9-]{0,63}$")]
    evidence: list[Evidence]


class Unread(_Strict):
    path: str
    reason: str


class Side(_Strict):
    name: str
    version: str
    engine: str
    status: Literal["completed", "partial", "failed", "skipped"]
    reason: str
    required: bool
    targets: list[str]
    scanned: list[str]
    unscanned: list[Unread]
    errors: list[str]
    covered: dict[str, int]
    seconds: float | None


class Tool(Side, kw_only=True):
    base: Side | None


class Point(_Strict):
    line: Line
    col: Line


class Place(_Strict):
    start: Point
    end: Point


class Location(_Strict):
    path: str
    start: Point
    end: Point
    scope: str
    in_diff: str


class Witness(_Strict):
    tool: str
    rule_id: str
    native_severity: str
    native_confidence: str
    range: Place
    message: str
    url: str
    suppressed: bool


Hex = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
Id = Annotated[str, msgspec.Meta(pattern="^id/v1:[0-9a-f]{32}$")]


class Fingerprints(_Strict, rename={"id_v1": "id/v1", "moved_v1": "moved/v1", "code_v1": "code/v1"}):
    id_v1: Hex
    moved_v1: Hex
    code_v1: Hex


class Finding(_Strict):
    id: Id
    fingerprints: Fingerprints
    line_hash: str
    family: str
    cwe: list[Annotated[int, msgspec.Meta(ge=0, le=100_000)]]
    title: str
    message: str
    severity: Word
    confidence: Literal["high", "medium", "low"]
    location: Location
    snippet: str
    snippet_start: Line
    commit: dict[str, Any] | None
    witnesses: list[Witness]
    state: Literal["new", "existing", "moved", "unknown", "fixed"]
    matched: Id | None
    suppression: str | None
    decision: Literal["block", "signoff", "note", "suppressed", "waived"]


class Suppression(_Strict):
    kind: str
    path: str
    line: Line
    rules: list[str]
    blanket: bool
    reason: str
    owner: str | None
    expires: str | None
    findings: list[str]
    introduced: bool
    author_kind: str | None
    effective: bool
    needs_signoff: bool
    why: str


class Report(_Strict):
    """A report file as it claims to be. What is recomputed is not looked into."""

    schema: Literal["gate-report/1"]
    gate: Gate
    change: Change
    authorship: dict[str, Any]
    areas: list[Area]
    tools: list[Tool]
    findings: list[Finding]
    fixed: list[Finding]
    suppressions: list[Suppression]
    excluded: list[dict[str, Any]]
    uncovered: list[str]
    signoff: dict[str, Any]
    ai: dict[str, Any]
    reasons: list[dict[str, Any]]
    verdict: str
    exit_code: int
    notes: list[str]
    context: list[dict[str, Any]] = []
