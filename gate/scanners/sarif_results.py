"""Results of a SARIF run as sightings; section numbers are those of SARIF 2.1.0."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from gate.core.finding import Confidence, Severity, Sighting
from gate.scanners.sarif_file import ReportError
from gate.scanners.sarif_log import listed, notifications
from gate.scanners.sarif_places import Places, RunPlaces
from gate.scanners.sarif_rules import RuleTable, word
from gate.scanners.words import (
    CONFIDENCE,
    MAX_MESSAGE,
    MAX_RULE,
    MAX_TITLE,
    bandit_severity,
    dig,
    first_url,
    message_of,
    title_of,
    witness_name,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEVEL = {
    "error": Severity.HIGH,
    "warning": Severity.MEDIUM,
    "note": Severity.LOW,
    "none": Severity.INFO,
}
_PRECISION: Mapping[str, Confidence] = {
    "very-high": Confidence.HIGH,
    **{name.lower(): value for name, value in CONFIDENCE.items()},
}
# Tuples: what stands in the file may not be hashable.
_NOT_ACCEPTED = ("underReview", "rejected")
_WARNINGS = (None, "warning")  # the default, section 3.58.6
_PLACEHOLDER = re.compile(r"\{(\d{1,2})\}")
_LINK = re.compile(
    r"(?<!\\)\[((?:[^\[\]\\]|\\.){1,500})\]\(\d{1,9}\)"
)  # to a related location, section 3.11.6


class RunReader:
    """Turns the results of one checked run into sightings."""

    def __init__(self, run: dict[str, Any], name: str, places: Places) -> None:
        self._tool = witness_name(dig(run, "tool", "driver", "name"), name)
        self._rules = RuleTable(run)
        self._run = run
        self._utf16 = run.get("columnKind", "utf16CodeUnits") != "unicodeCodePoints"
        self._places = places
        self._locations = RunPlaces(places, run)
        self._dropped: Counter[str] = Counter()

    def sight(self, result: Any) -> Sighting | None:
        """Return what a result says, or None if it is no finding; `notes` counts those."""
        if not isinstance(result, dict):
            raise ReportError("has a result that is no object")
        if result.get("kind", "fail") != "fail":
            self._dropped["that report no failure were left out"] += 1
            return None
        if result.get("baselineState") == "absent":
            self._dropped["that the tool calls gone were left out"] += 1
            return None
        rule = self._rules.find(result)
        rule_id = (self._rules.identity(result) or word(dig(rule, "id")))[:MAX_RULE] or "unnamed"
        path, region = self._locations.physical(result.get("locations"))
        message = self._message(result, rule)
        short = message_of(dig(rule, "shortDescription", "text"))
        severity, native_severity = self._severity(result, rule)
        confidence, native_confidence = _confidence(result, rule)
        return Sighting(
            tool=self._tool,
            rule_id=rule_id,
            path=path,
            range=self._places.range(path, region, utf16=self._utf16),
            severity=severity,
            confidence=confidence,
            native_severity=native_severity,
            native_confidence=native_confidence,
            cwe=self._rules.cwe(result, rule),
            title=" ".join(short.split())[:MAX_TITLE] or title_of(message, rule_id),
            message=message or short,
            url=first_url(dig(rule, "helpUri")),
            suppressed_inline=self._suppressed_inline(result),
            external=True,
        )

    def missed(self) -> dict[str, str]:
        """Return the files that warnings of the tool name, with a reason."""
        found = {}
        for notification in notifications(self._run):
            if dig(notification, "level") not in _WARNINGS:
                continue
            for location in listed(notification, "locations"):
                path = self._locations.path(dig(location, "physicalLocation", "artifactLocation"))
                if path:
                    found[path] = "tool-warning"
        return found

    def notes(self) -> list[str]:
        """Return how many results were left out or taken differently, for people."""
        return [f"{count} results {what}" for what, count in sorted(self._dropped.items())]

    def _severity(self, result: dict[str, Any], rule: Any) -> tuple[Severity, str]:
        """Return the gate's severity and the word or number it comes from."""
        level = result.get("level") or dig(rule, "defaultConfiguration", "level") or "warning"
        if self._tool == "bandit":
            words = [
                str(dig(result, "properties", key) or "") for key in ("issue_severity", "issue_confidence")
            ]
            if severity := bandit_severity(*words):
                return severity, words[0]
        for holder in (rule, result):
            score = _score(dig(holder, "properties", "security-severity"))
            if score is not None:
                return _of_score(score), f"{score:g}"
        told = level if isinstance(level, str) else ""
        if told not in _LEVEL:
            self._dropped["with an unknown level were read as medium"] += 1
        return _LEVEL.get(told, Severity.MEDIUM), told[:60]

    def _message(self, result: dict[str, Any], rule: Any) -> str:
        """Return the message with its arguments filled in and without links to other locations, section 3.11."""
        message = result.get("message")
        text = _text_of(message)
        if text is None and isinstance(key := dig(message, "id"), str):
            text = _text_of(self._rules.message(rule, key))
        if text is None:
            return ""
        values = dig(message, "arguments")
        text = _LINK.sub(r"\1", text[:MAX_MESSAGE])
        if isinstance(values, list):
            short = [value[:MAX_MESSAGE] if isinstance(value, str) else "" for value in values[:100]]
            text = _PLACEHOLDER.sub(
                lambda found: short[int(found[1])] if int(found[1]) < len(short) else found[0], text
            )
        return message_of(text)

    def _suppressed_inline(self, result: dict[str, Any]) -> bool:
        """Whether a comment in the source hides the result; other suppressions are not honoured."""
        entries = result.get("suppressions")
        if not isinstance(entries, list) or not entries:
            return False
        if any(dig(entry, "status") in _NOT_ACCEPTED for entry in entries):
            return False
        if any(dig(entry, "kind") == "inSource" for entry in entries):
            return True
        self._dropped["are suppressed outside the source, which the gate does not honour"] += 1
        return False


def _text_of(message: Any) -> str | None:
    """The plain text of a message, else its Markdown, section 3.12."""
    return next((t for key in ("text", "markdown") if isinstance(t := dig(message, key), str)), None)


def _confidence(result: dict[str, Any], rule: Any) -> tuple[Confidence, str]:
    for told in (
        dig(result, "properties", "issue_confidence"),
        dig(result, "properties", "confidence"),
        dig(rule, "properties", "precision"),
    ):
        if isinstance(told, str) and told.lower() in _PRECISION:
            return _PRECISION[told.lower()], told
    return Confidence.MEDIUM, ""


def _score(value: Any) -> float | None:
    """Return a security-severity, a number or a text of one, between 0 and 10."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        score = float(value)
    except (ValueError, OverflowError):
        return None
    return score if math.isfinite(score) and 0 <= score <= 10 else None


def _of_score(score: float) -> Severity:
    for least, severity in ((9, Severity.CRITICAL), (7, Severity.HIGH), (4, Severity.MEDIUM)):
        if score >= least:
            return severity
    return Severity.LOW if score > 0 else Severity.INFO
