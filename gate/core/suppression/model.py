"""Suppressions and waivers as plain facts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """One inline suppression or waiver, effective or not. `kind`: nosec, nosemgrep, sarif or waiver.

    `rules` are the ids it names; `blanket` means that it hides everything. `findings` are ids of the
    findings it hides. `introduced` is true if it is new in this change. `why` says for people why it is
    (not) effective; `needs_signoff` that a reviewer of area `gate` must agree to it.
    """

    kind: str
    path: str
    line: int = 0
    rules: tuple[str, ...] = ()
    blanket: bool = False
    reason: str = ""
    owner: str | None = None
    expires: str | None = None
    findings: tuple[str, ...] = ()
    introduced: bool = False
    author_kind: str | None = None
    effective: bool = True
    needs_signoff: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One entry of the waiver file at the base commit. `path` is a glob text, `matches_path` its regular
    expression. Dates are YYYY-MM-DD. `where` is file:line for messages.
    """

    owner: str
    reason: str
    created: str
    expires: str
    fingerprint: str | None = None
    family: str | None = None
    rule: str | None = None
    path: str | None = None
    path_regex: str | None = None
    ticket: str | None = None
    max_severity: str = "high"
    where: str = ""
