"""Waivers: a named person accepts a finding for a limited time; what does not count says why."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from gate.core.finding import Decision, Finding, Severity
from gate.core.fingerprint import fingerprints
from gate.core.suppression.model import Suppression, Waiver

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

SHORTEST_REASON = 15
LONGEST_DAYS = 90
LONGEST_DAYS_CRITICAL = 14
_GATE_FAMILY = "gate"
_ID = "id/v1:"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverOutcome:
    """`findings` in their order, waived ones decided; a row for each waiver; the waivers that met nothing."""

    findings: tuple[Finding, ...]
    suppressions: tuple[Suppression, ...]
    unused: tuple[Waiver, ...]


def apply_waivers(
    findings: Sequence[Finding],
    waivers: Sequence[Waiver],
    *,
    today: str,
    humans: Collection[str],
    renamed: Mapping[str, str] | None = None,
) -> WaiverOutcome:
    """Return the findings with valid waivers applied.

    `today` is YYYY-MM-DD in UTC, `humans` are the ids of people who may own a waiver, `renamed` maps old
    names of families to new ones. Only findings without a decision are waived, and never one of the gate
    itself. A waiver by fingerprint covers one finding: the one that was matched to it in the base, else the
    one that has it now.
    """
    waiving = _Waiving(findings, renamed or {})
    rows: list[Suppression] = []
    unused: list[Waiver] = []
    for waiver in waivers:
        met = waiving.met_by(waiver)
        invalid = _invalid(waiver, today=today, humans=humans)
        limit = _severity(waiver.max_severity)
        too_bad = [n for n in met if findings[n].severity > limit]
        why = "no finding of this run matches it"
        if not met:
            unused.append(waiver)
        elif invalid:
            why = invalid
        elif len(too_bad) == len(met):
            worst = max(findings[n].severity for n in met)
            why = f"covers severities up to {limit.word}; the finding is {worst.word}"
        covered = [] if invalid else [n for n in met if n not in too_bad]
        for n in covered:
            waiving.waive(n, waiver)
        if covered:
            why = f"accepted by {waiver.owner} until {waiver.expires}"
            if too_bad:
                why += f"; {len(too_bad)} worse than {waiver.max_severity} not covered"
        rows.append(
            _row(waiver, tuple(findings[n].id for n in covered or met), effective=bool(covered), why=why)
        )
    return WaiverOutcome(findings=tuple(waiving.findings), suppressions=tuple(rows), unused=tuple(unused))


class _Waiving:
    """The findings, indexed by what waivers name; a waived one is not met again."""

    def __init__(self, findings: Sequence[Finding], renamed: Mapping[str, str]) -> None:
        self.findings = list(findings)
        self._renamed = renamed
        self._matched: dict[str, list[int]] = defaultdict(list)
        self._own: dict[str, list[int]] = defaultdict(list)
        for number, finding in enumerate(findings):
            if finding.matched is not None:
                self._matched[finding.matched].append(number)
            else:
                for name in self._names(finding):
                    self._own[name].append(number)

    def met_by(self, waiver: Waiver) -> list[int]:
        """The numbers of the findings that a waiver names and that are still undecided."""
        if waiver.fingerprint is not None:
            name = waiver.fingerprint if waiver.fingerprint.startswith(_ID) else _ID + waiver.fingerprint
            candidates = self._matched.get(name, []) + self._own.get(name, [])
            return [n for n in candidates if self._is_open(n)][:1]
        return [n for n in range(len(self.findings)) if self._is_open(n) and self._is_named(n, waiver)]

    def waive(self, number: int, waiver: Waiver) -> None:
        self.findings[number] = replace(
            self.findings[number],
            decision=Decision.WAIVED,
            suppression=f"waived by {waiver.owner} until {waiver.expires}: {waiver.reason}",
        )

    def _is_open(self, number: int) -> bool:
        finding = self.findings[number]
        return finding.decision is Decision.NOTE and finding.family != _GATE_FAMILY

    def _is_named(self, number: int, waiver: Waiver) -> bool:
        finding = self.findings[number]
        if not waiver.path_regex or not re.search(waiver.path_regex, finding.path, re.DOTALL):
            return False
        if waiver.family is not None and self._renamed.get(waiver.family, waiver.family) != finding.family:
            return False
        if waiver.rule is not None and all(w.rule_id != waiver.rule for w in finding.witnesses):
            return False
        return waiver.family is not None or waiver.rule is not None

    def _names(self, finding: Finding) -> list[str]:
        """The finding's id, also as it was under an earlier name of its family."""
        earlier = [old for old, new in self._renamed.items() if new == finding.family]
        return [finding.id] + [
            _ID
            + fingerprints(
                path=finding.path, family=old, scope=finding.scope, code=finding.code, ordinal=finding.ordinal
            ).id_v1
            for old in earlier
        ]


def _invalid(waiver: Waiver, *, today: str, humans: Collection[str]) -> str:
    """Why a waiver does not count, or nothing."""
    created, expires, now = _day(waiver.created), _day(waiver.expires), _day(today)
    if created is None or expires is None or now is None:
        return "dates are not YYYY-MM-DD"
    limit = _severity(waiver.max_severity)
    longest = LONGEST_DAYS_CRITICAL if limit is Severity.CRITICAL else LONGEST_DAYS
    checks = (
        (expires < now, f"expired on {waiver.expires}"),
        (created > now, f"begins on {waiver.created}"),
        ((expires - created).days > longest, f"runs longer than {longest} days"),
        (waiver.owner not in humans, f"owner {waiver.owner} is not in signoff.humans"),
        (
            len(waiver.reason.strip()) < SHORTEST_REASON,
            f"the reason is shorter than {SHORTEST_REASON} characters",
        ),
        (
            waiver.fingerprint is None and not _has_literal_part(waiver.path),
            "the path has no literal component",
        ),
    )
    return next((why for wrong, why in checks if wrong), "")


def _has_literal_part(path: str | None) -> bool:
    return any(part and not set(part) & set("*?[") for part in (path or "").split("/"))


def _day(text: str) -> date | None:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _severity(word: str) -> Severity:
    """The severity that a word names; the lowest for an unknown one, so that it covers little."""
    return next((s for s in Severity if s.word == word.lower()), Severity.INFO)


def _row(waiver: Waiver, findings: tuple[str, ...], *, effective: bool, why: str) -> Suppression:
    named = (waiver.fingerprint, waiver.family, waiver.rule)
    return Suppression(
        kind="waiver",
        path=waiver.path or "",
        rules=tuple(name for name in named if name is not None),
        reason=waiver.reason,
        owner=waiver.owner,
        expires=waiver.expires,
        findings=findings,
        effective=effective,
        why=why,
    )
