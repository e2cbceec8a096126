"""Import of what `snyk test --json` writes: known weaknesses of packages, at the manifest that brings them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from gate.core.finding import Confidence, Severity, Sighting
from gate.scanners.sarif_file import ReportError
from gate.scanners.sarif_rules import word
from gate.scanners.words import MAX_MESSAGE, MAX_RULE, MAX_TITLE, cwe_numbers, items, message_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gate.scanners.sarif_places import Places

_SEVERITY = {
    "critical": Severity.CRITICAL,
    "high": Severity.HIGH,
    "medium": Severity.MEDIUM,
    "low": Severity.LOW,
}
_ADVISORY = "https://security.snyk.io/vuln/"


def is_snyk_report(document: dict[str, Any]) -> bool:
    """Whether a JSON document is meant as a report of Snyk on packages; several projects come as `projects`."""
    projects = document.get("projects", [document])
    return (
        isinstance(projects, list)
        and bool(projects)
        and all(isinstance(one, dict) and ("packageManager" in one or "error" in one) for one in projects)
        and "runs" not in document
        and "scan" not in document
    )


def projects_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the projects of a report, each of which was looked at. Raises ReportError."""
    found = document.get("projects", [document])
    if not isinstance(found, list) or not found or not all(isinstance(one, dict) for one in found):
        raise ReportError("has no projects: nothing was scanned")
    for project in found:
        if project.get("error"):
            told = message_of(project["error"])[:200]
            raise ReportError(f"holds an error of the tool: {told or 'without a text'}")
        if not isinstance(project.get("vulnerabilities"), list):
            raise ReportError("has no list of vulnerabilities: nothing was scanned")
        if type(project.get("ok")) is not bool or type(project.get("dependencyCount")) is not int:
            raise ReportError("does not say that the scan ended (ok and dependencyCount)")
        if project["ok"] and project["vulnerabilities"]:
            raise ReportError("says that all is well, and lists vulnerabilities")
    return found


class SnykReader:
    """Turns the vulnerabilities of one project into sightings; one that several paths bring is said once."""

    def __init__(self, project: dict[str, Any], name: str, places: Places) -> None:
        self._name = name
        self._places = places
        self._file = word(project.get("displayTargetFile")) or word(project.get("targetFile"))
        self._seen: set[tuple[str, str]] = set()
        self._notes: Counter[str] = Counter()

    def sight(self, found: Any) -> Sighting | None:
        """Return what a vulnerability says, None for a repetition. Raises ReportError if it is no object."""
        if not isinstance(found, dict):
            raise ReportError("has a vulnerability that is no object")
        rule_id = word(found.get("id"))[:MAX_RULE] or "unnamed"
        package = word(found.get("packageName")) or word(found.get("moduleName")) or word(found.get("name"))
        version = word(found.get("version"))
        if (rule_id, f"{package}@{version}") in self._seen:
            self._notes["name the same package by another path"] += 1
            return None
        self._seen.add((rule_id, f"{package}@{version}"))
        told = word(found.get("severity")).lower()
        if told not in _SEVERITY:
            self._notes["with an unknown severity were read as medium"] += 1
        path = self._places.find(self._file[:MAX_MESSAGE]) if self._file else ""
        title = " ".join(message_of(found.get("title")).split())
        return Sighting(
            tool=self._name,
            rule_id=rule_id,
            path=path,
            range=self._places.range(path, None, utf16=False),
            severity=_SEVERITY.get(told, Severity.MEDIUM),
            confidence=Confidence.HIGH,
            native_severity=told[:60],
            cwe=cwe_numbers(items(found, "identifiers", "CWE")),
            title=f"{package} {version}: {title or rule_id}"[:MAX_TITLE],
            message="\n".join(self._message(found, package, version))[:MAX_MESSAGE],
            url=_ADVISORY + rule_id if rule_id.startswith(("SNYK-", "npm:")) else "",
            external=True,
        )

    def _message(self, found: dict[str, Any], package: str, version: str) -> Iterator[str]:
        yield message_of(found.get("title")) or "A known weakness."
        yield f"Package {package} {version}."
        way = [word(one) for one in items(found, "from")][:20]
        if len(way) > 1:
            yield f"Brought by {' > '.join(way)}."
        fixed = [word(one) for one in items(found, "fixedIn")][:10]
        if fixed:
            yield f"Fixed in {', '.join(fixed)}."
        names = [word(one) for one in items(found, "identifiers", "CVE")][:10]
        if names:
            yield f"Known as {', '.join(names)}."

    def missed(self) -> dict[str, str]:
        """Return nothing: these reports do not say which files were left out."""
        return {}

    def notes(self) -> list[str]:
        """Return what was read differently, for people."""
        return [f"{count} results {what}" for what, count in sorted(self._notes.items())]
