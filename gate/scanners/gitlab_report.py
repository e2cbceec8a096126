"""Import of security reports as the analyzers of GitLab write them, such as gl-sast-report.json."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from gate.core.finding import Confidence, Severity, Sighting
from gate.scanners.sarif_file import ReportError
from gate.scanners.sarif_places import line_number
from gate.scanners.sarif_rules import SECRET_CWE, word
from gate.scanners.words import (
    CONFIDENCE,
    MAX_MESSAGE,
    MAX_RULE,
    MAX_TITLE,
    cwe_numbers,
    dig,
    first_url,
    items,
    message_of,
    title_of,
    witness_name,
)

if TYPE_CHECKING:
    from gate.scanners.sarif_places import Places

_VERSION = re.compile(r"1[45]\.\d{1,4}\.\d{1,4}")
#: Reports about files of the repository; others are about running services and images.
_TYPES = ("sast", "secret_detection", "dependency_scanning")
_SEVERITY = {
    "critical": Severity.CRITICAL,
    "high": Severity.HIGH,
    "medium": Severity.MEDIUM,
    "low": Severity.LOW,
    "info": Severity.INFO,
}
#: Identifiers that say what kind of weakness it is, and not which rule found it.
_NO_RULE = ("cwe", "owasp", "cve")


def is_gitlab_report(document: dict[str, Any]) -> bool:
    """Whether a JSON document is meant as a security report of GitLab."""
    return "vulnerabilities" in document and "runs" not in document


def check_report(report: dict[str, Any]) -> list[Any]:
    """Return the vulnerabilities of a report whose scan did its work. Raises ReportError."""
    version = word(report.get("version"))
    if not _VERSION.fullmatch(version):
        told = repr(message_of(version)[:40])
        raise ReportError(f"is a security report of GitLab of version {told}; the gate reads 14 and 15")
    kind = word(dig(report, "scan", "type"))
    if kind not in _TYPES:
        told = repr(message_of(kind)[:40])
        raise ReportError(
            f"is a security report of GitLab of type {told}; the gate reads {', '.join(_TYPES)}"
        )
    for message in items(report, "scan", "messages"):
        if dig(message, "level") == "fatal":
            text = message_of(dig(message, "value"))[:200]
            raise ReportError(f"holds an error of the tool: {text or 'without a text'}")
    if dig(report, "scan", "status") != "success":
        raise ReportError("does not say that the scan succeeded")
    found = report.get("vulnerabilities")
    if not isinstance(found, list):
        raise ReportError("has no list of vulnerabilities: nothing was scanned")
    return found


class GitlabReader:
    """Turns the vulnerabilities of one checked report into sightings."""

    def __init__(self, report: dict[str, Any], name: str, places: Places) -> None:
        self._name = name
        self._scanner = dig(report, "scan", "scanner")
        self._is_secret = dig(report, "scan", "type") == "secret_detection"
        self._places = places
        self._unknown: Counter[str] = Counter()
        self._told = [
            message_of(dig(message, "value"))[:MAX_TITLE]
            for message in items(report, "scan", "messages")[:100]
            if dig(message, "level") == "warn"
        ]

    def sight(self, found: Any) -> Sighting:
        """Return what a vulnerability says. Raises ReportError if it is no object."""
        if not isinstance(found, dict):
            raise ReportError("has a vulnerability that is no object")
        identifiers = items(found, "identifiers")
        rule_id = _rule(identifiers) or word(found.get("name")) or "unnamed"
        text = message_of(found.get("description")) or message_of(found.get("message"))
        title = " ".join((message_of(found.get("name")) or message_of(found.get("message"))).split())
        path = self._places.find(word(dig(found, "location", "file"))[:MAX_MESSAGE])
        told = word(found.get("confidence"))
        return Sighting(
            tool=witness_name(dig(found, "scanner", "id") or dig(self._scanner, "id"), self._name),
            rule_id=rule_id[:MAX_RULE],
            path=path,
            range=self._places.range(
                path,
                {
                    "startLine": line_number(dig(found, "location", "start_line")),
                    "endLine": line_number(dig(found, "location", "end_line")),
                },
                utf16=False,
            ),
            severity=self._severity(word(found.get("severity"))),
            confidence=CONFIDENCE.get(told.upper(), Confidence.MEDIUM),
            native_severity=word(found.get("severity"))[:60],
            native_confidence=told[:60],
            cwe=self._cwe(found, identifiers),
            title=title[:MAX_TITLE] or title_of(text, rule_id),
            message=text or title,
            url=first_url([dig(one, "url") for one in (*identifiers[:1], *items(found, "links")[:1])]),
            external=True,
        )

    def missed(self) -> dict[str, str]:
        """Return nothing: these reports do not say which files were left out."""
        return {}

    def notes(self) -> list[str]:
        """Return the warnings of the tool, and what was read differently, for people."""
        return [*self._told, *(f"{count} results {what}" for what, count in sorted(self._unknown.items()))]

    def _severity(self, told: str) -> Severity:
        if told.lower() not in _SEVERITY:
            self._unknown["with an unknown severity were read as medium"] += 1
        return _SEVERITY.get(told.lower(), Severity.MEDIUM)

    def _cwe(self, found: dict[str, Any], identifiers: list[Any]) -> tuple[int, ...]:
        words = [
            f"CWE-{word(dig(one, 'value')).upper().removeprefix('CWE-')}"
            for one in identifiers
            if word(dig(one, "type")).lower() == "cwe"
        ]
        numbers = cwe_numbers(words)
        is_secret = self._is_secret or found.get("category") == "secret_detection"
        return numbers or ((SECRET_CWE,) if is_secret else ())


def _rule(identifiers: list[Any]) -> str:
    """Return the id of the rule: of the first identifier that names one, else of the first at all."""
    named = [(word(dig(one, "type")).lower(), word(dig(one, "value"))) for one in identifiers]
    own = [value for kind, value in named if value and kind not in _NO_RULE]
    others = [f"{kind}-{value}" for kind, value in named if value]
    return next(iter([*own, *others]), "")
