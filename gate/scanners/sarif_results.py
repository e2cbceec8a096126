"""Results of a SARIF log as sightings; section numbers are those of SARIF 2.1.0."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from gate.core.finding import Confidence, Severity, Sighting
from gate.scanners.sarif_log import SarifError, listed, notifications
from gate.scanners.words import (
    CONFIDENCE,
    MAX_MESSAGE,
    MAX_TITLE,
    bandit_severity,
    cwe_numbers,
    dig,
    first_url,
    message_of,
    title_of,
)

if TYPE_CHECKING:
    from gate.scanners.sarif_places import Places

_MAX_RULE = 200
_LEVEL = {
    "error": Severity.HIGH,
    "warning": Severity.MEDIUM,
    "note": Severity.LOW,
    "none": Severity.INFO,
}
_PRECISION = {"very-high": Confidence.HIGH} | {word.lower(): value for word, value in CONFIDENCE.items()}
_SAME_TOOLS = {"bandit": "bandit", "semgrep": "semgrep"}
# Tuples: what stands in the file may not be hashable.
_NOT_ACCEPTED = ("underReview", "rejected")
_WARNINGS = (None, "warning")  # the default, section 3.58.6
_PLACEHOLDER = re.compile(r"\{(\d{1,2})\}")


class RunReader:
    """Turns the results of one checked run into sightings."""

    def __init__(self, run: dict[str, Any], name: str, places: Places) -> None:
        driver = dig(run, "tool", "driver")
        word = dig(driver, "name")
        first = word.lower().split()[:1] if isinstance(word, str) else []
        self._tool = _SAME_TOOLS.get(first[0], name) if first else name
        extensions = dig(run, "tool", "extensions")
        self._driver = driver
        self._extensions: list[Any] = extensions if isinstance(extensions, list) else []
        self._by_id: dict[str, Any] = {}
        for component in (driver, *self._extensions):
            for rule in listed(component, "rules"):
                if isinstance(identity := dig(rule, "id"), str):
                    self._by_id.setdefault(identity, rule)
        self._run = run
        self._utf16 = run.get("columnKind", "utf16CodeUnits") != "unicodeCodePoints"
        self._places = places
        self._dropped: Counter[str] = Counter()

    def sight(self, result: Any) -> Sighting | None:
        """Return what a result says, or None if it is no finding; `notes` counts those."""
        if not isinstance(result, dict):
            raise SarifError("has a result that is no object")
        if result.get("kind", "fail") != "fail":
            self._dropped["that report no failure were left out"] += 1
            return None
        if result.get("baselineState") == "absent":
            self._dropped["that the tool calls gone were left out"] += 1
            return None
        rule = self._rule(result)
        rule_id = result.get("ruleId") or dig(result, "rule", "id") or dig(rule, "id")
        rule_id = rule_id[:_MAX_RULE] if isinstance(rule_id, str) and rule_id else "unnamed"
        location = dig(result, "locations", 0, "physicalLocation")
        path = self._places.path(self._run, dig(location, "artifactLocation"))
        message = self._message(result, rule)
        short = message_of(dig(rule, "shortDescription", "text"))
        severity, native_severity = self._severity(result, rule)
        confidence, native_confidence = self._confidence(result, rule)
        return Sighting(
            tool=self._tool,
            rule_id=rule_id,
            path=path,
            range=self._places.range(path, dig(location, "region"), utf16=self._utf16),
            severity=severity,
            confidence=confidence,
            native_severity=native_severity,
            native_confidence=native_confidence,
            cwe=_cwe(result, rule),
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
                path = self._places.path(self._run, dig(location, "physicalLocation", "artifactLocation"))
                if path:
                    found[path] = "tool-warning"
        return found

    def notes(self) -> list[str]:
        """Return how many results were left out or taken differently, for people."""
        return [f"{count} results {what}" for what, count in sorted(self._dropped.items())]

    def _rule(self, result: dict[str, Any]) -> Any:
        """Find the rule: by index in its component, else by id, else by the id's part before a `/`."""
        index = result.get("ruleIndex", dig(result, "rule", "index"))
        component = dig(result, "rule", "toolComponent", "index")
        holder = dig(self._extensions, component) if type(component) is int else self._driver
        identity = result.get("ruleId") or dig(result, "rule", "id")
        if type(index) is int and index >= 0:
            rule = dig(holder, "rules", index)
            if rule is not None:
                return rule
        if not isinstance(identity, str):
            return None
        return self._by_id.get(identity) or self._by_id.get(identity.rpartition("/")[0])

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
        word = level if isinstance(level, str) else ""
        if word not in _LEVEL:
            self._dropped["with an unknown level were read as medium"] += 1
        return _LEVEL.get(word, Severity.MEDIUM), word[:60]

    def _confidence(self, result: dict[str, Any], rule: Any) -> tuple[Confidence, str]:
        for word in (
            dig(result, "properties", "issue_confidence"),
            dig(result, "properties", "confidence"),
            dig(rule, "properties", "precision"),
        ):
            if isinstance(word, str) and word.lower() in _PRECISION:
                return _PRECISION[word.lower()], word
        return Confidence.MEDIUM, ""

    def _message(self, result: dict[str, Any], rule: Any) -> str:
        """Return the message with its arguments filled in, section 3.11."""
        message = result.get("message")
        text = dig(message, "text")
        if not isinstance(text, str):
            key = dig(message, "id")
            text = dig(rule, "messageStrings", key, "text") if isinstance(key, str) else None
        values = dig(message, "arguments")
        if isinstance(text, str) and isinstance(values, list):
            short = [value[:MAX_MESSAGE] if isinstance(value, str) else "" for value in values[:100]]
            text = _PLACEHOLDER.sub(
                lambda found: short[int(found[1])] if int(found[1]) < len(short) else found[0],
                text[:MAX_MESSAGE],
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


def _cwe(result: Any, rule: Any) -> tuple[int, ...]:
    """Return the weaknesses in tags, in relations to the CWE taxonomy, and in the result's taxa."""
    words: list[Any] = []
    for holder in (rule, result):
        for key in ("tags", "cwe"):
            found = dig(holder, "properties", key)
            words += found if isinstance(found, list) else [found]
    targets = [dig(relation, "target") for relation in listed(rule, "relationships")]
    for target in (*targets, *listed(result, "taxa")):
        name, identity = dig(target, "toolComponent", "name"), dig(target, "id")
        if isinstance(name, str) and name.upper() == "CWE" and isinstance(identity, str):
            words.append(identity if identity.upper().startswith("CWE") else f"CWE-{identity}")
    return cwe_numbers(words)
