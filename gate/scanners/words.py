"""The words of scanners in the gate's own: severities, confidences, weakness numbers, links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from gate.core.finding import Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gate.core.finding import Sighting

MAX_TITLE = 255
MAX_MESSAGE = 4_000
MAX_RULE = 200
MAX_URL = 2_000

#: Tools that the gate runs itself: what they say in an imported report comes from the same witness.
_OWN_TOOLS = ("bandit", "semgrep")
#: Tools whose every finding is a secret, by a word of their names.
SECRET_TOOLS = frozenset(
    {"betterleaks", "detect-secrets", "ggshield", "gitleaks", "kingfisher", "trufflehog"}
)

_CWE = re.compile(r"(?i)\bCWE[-_: ]0*(\d{1,6})\b")
_URL = re.compile(r"https?://[^\s<>\"'`]+\Z")
_SENTENCE = re.compile(r"(?<=[.!?])\s")

SEMGREP_SEVERITY = {
    "CRITICAL": Severity.CRITICAL,
    "HIGH": Severity.HIGH,
    "ERROR": Severity.HIGH,
    "MEDIUM": Severity.MEDIUM,
    "WARNING": Severity.MEDIUM,
    "LOW": Severity.LOW,
    "INFO": Severity.INFO,
    "INVENTORY": Severity.INFO,
    "EXPERIMENT": Severity.INFO,
}
CONFIDENCE = {"HIGH": Confidence.HIGH, "MEDIUM": Confidence.MEDIUM, "LOW": Confidence.LOW}
_BANDIT_SEVERITY = {"HIGH": Severity.HIGH, "MEDIUM": Severity.MEDIUM, "LOW": Severity.LOW}


def bandit_severity(severity: str, confidence: str) -> Severity | None:
    """Return the gate's severity for Bandit's pair of words; None for a word it does not know.

    A low confidence costs one step.
    """
    if severity not in _BANDIT_SEVERITY or confidence not in CONFIDENCE:
        return None
    lower = CONFIDENCE[confidence] is Confidence.LOW
    return Severity(_BANDIT_SEVERITY[severity] - lower)


def unknown_words(sighting: Sighting) -> str:
    """Return a message for the reader if a scanner's severity was none that the gate knows, else nothing."""
    severity, confidence = sighting.native_severity, sighting.native_confidence
    if sighting.tool == "semgrep" and severity not in SEMGREP_SEVERITY:
        return f"rule {sighting.rule_id}: unknown severity {severity!r} read as medium"
    if sighting.tool == "bandit" and bandit_severity(severity, confidence) is None:
        return f"{sighting.rule_id}: severity {severity!r} with confidence {confidence!r} read as medium"
    return ""


def cwe_numbers(words: object) -> tuple[int, ...]:
    """Return the weakness numbers in a text or list of texts, in order, each once; anything else is empty."""
    texts: Iterable[object] = words if isinstance(words, list) else (words,)
    numbers = [int(found) for text in texts if isinstance(text, str) for found in _CWE.findall(text)]
    return tuple(dict.fromkeys(numbers))


def witness_name(told: object, otherwise: str) -> str:
    """Return the name of the tool that an imported report is from: our own where it is one that we run too.

    `told` is the name in the report; every other tool is called `otherwise`, as the policy calls it.
    """
    first = told.lower().split()[:1] if isinstance(told, str) else []
    return first[0] if first and first[0] in _OWN_TOOLS else otherwise


def first_url(links: object) -> str:
    """Return the first http(s) address of a text or list of texts, or an empty string."""
    texts: Iterable[object] = links if isinstance(links, list) else (links,)
    for text in texts:
        if isinstance(text, str) and len(text) <= MAX_URL and _URL.match(text):
            return text
    return ""


def message_of(text: object) -> str:
    """Return a message as plain text, cut; anything but a text is empty."""
    return text.strip()[:MAX_MESSAGE] if isinstance(text, str) else ""


def title_of(message: str, otherwise: str) -> str:
    """Return the first sentence of a message on one line, without its full stop, or `otherwise`."""
    sentence = " ".join(_SENTENCE.split(message, maxsplit=1)[0].split()).rstrip(".")
    return (sentence or otherwise)[:MAX_TITLE]


def dig(value: Any, *keys: str | int) -> Any:
    """Return what stands at a path of keys and indexes in untrusted JSON, or None."""
    for key in keys:
        if isinstance(value, dict) and isinstance(key, str):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
            value = value[key]
        else:
            return None
    return value


def items(value: Any, *keys: str | int) -> list[Any]:
    """Return the list that stands at a path of keys and indexes in untrusted JSON, or an empty one."""
    found = dig(value, *keys)
    return found if isinstance(found, list) else []
