"""Import of ZAP's JSON reports: what a running service answers; there is no file and no line."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from gate.core.finding import Confidence, Severity, Sighting
from gate.scanners.sarif_file import ReportError
from gate.scanners.sarif_rules import word
from gate.scanners.words import MAX_MESSAGE, MAX_RULE, MAX_TITLE, dig, items, message_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gate.scanners.sarif_places import Places

_RISK = {"3": Severity.HIGH, "2": Severity.MEDIUM, "1": Severity.LOW, "0": Severity.INFO}
_CONFIDENCE = {"3": Confidence.HIGH, "4": Confidence.HIGH, "2": Confidence.MEDIUM, "1": Confidence.LOW}
#: ZAP's word for an alert that somebody marked as wrong in ZAP itself; here only a waiver says that.
_FALSE_POSITIVE = "0"
_TAG = re.compile(r"<[^<>]{0,200}>")
_MOST_PLACES = 5


def is_zap_report(document: dict[str, Any]) -> bool:
    """Whether a JSON document is meant as a report of ZAP."""
    return "site" in document and ("@version" in document or "@programName" in document)


def alerts_of(document: dict[str, Any]) -> list[Any]:
    """Return the alerts of all sites with their site. Raises ReportError if no site was looked at."""
    sites = document.get("site")
    sites = [sites] if isinstance(sites, dict) else sites
    if not isinstance(sites, list) or not sites or not all(isinstance(one, dict) for one in sites):
        raise ReportError("has no site: ZAP reached nothing, so nothing was looked at")
    found = []
    for site in sites:
        alerts = site.get("alerts")
        if not isinstance(alerts, list):
            raise ReportError("has a site without a list of alerts: nothing was looked at")
        found += [(word(site.get("@name")), alert) for alert in alerts]
    return found


class ZapReader:
    """Turns alerts into sightings without a place; the addresses stand in their messages."""

    def __init__(self, name: str, places: Places) -> None:
        self._name = name
        self._places = places
        self._notes: Counter[str] = Counter()

    def sight(self, found: Any) -> Sighting:
        """Return what an alert says. Raises ReportError if it is no object."""
        site, alert = found
        if not isinstance(alert, dict):
            raise ReportError("has an alert that is no object")
        risk, confidence = word(alert.get("riskcode")), word(alert.get("confidence"))
        if risk not in _RISK:
            self._notes["with an unknown risk were read as medium"] += 1
        if confidence == _FALSE_POSITIVE:
            self._notes["were marked as false in ZAP, which counts for nothing here"] += 1
        rule_id = (word(alert.get("alertRef")) or word(alert.get("pluginid")))[:MAX_RULE] or "unnamed"
        title = " ".join((message_of(alert.get("alert")) or message_of(alert.get("name"))).split())
        cwe = word(alert.get("cweid"))
        return Sighting(
            tool=self._name,
            rule_id=rule_id,
            path="",
            range=self._places.range("", None, utf16=False),
            severity=_RISK.get(risk, Severity.MEDIUM),
            confidence=_CONFIDENCE.get(confidence, Confidence.LOW),
            native_severity=word(alert.get("riskdesc"))[:60],
            native_confidence=confidence[:60],
            cwe=(int(cwe),) if cwe.isdecimal() and 0 < int(cwe) < 10**6 else (),
            title=f"{title or rule_id} ({site})"[:MAX_TITLE] if site else (title or rule_id)[:MAX_TITLE],
            message="\n".join(_message(alert))[:MAX_MESSAGE],
            external=True,
        )

    def missed(self) -> dict[str, str]:
        """Return nothing: there are no files."""
        return {}

    def notes(self) -> list[str]:
        """Return what was read differently, for people."""
        return [f"{count} results {what}" for what, count in sorted(self._notes.items())]


def _message(alert: dict[str, Any]) -> Iterator[str]:
    yield _plain(alert.get("desc"))
    places = items(alert, "instances")
    for one in places[:_MOST_PLACES]:
        told = " ".join(word(dig(one, key)) for key in ("method", "uri", "param") if word(dig(one, key)))
        yield f"Seen at {told[:500]}."
    if len(places) > _MOST_PLACES:
        yield f"And at {len(places) - _MOST_PLACES:,} more places."
    if solution := _plain(alert.get("solution")):
        yield solution


def _plain(text: Any) -> str:
    """ZAP's texts are pieces of HTML."""
    return " ".join(_TAG.sub(" ", message_of(text)).split())
