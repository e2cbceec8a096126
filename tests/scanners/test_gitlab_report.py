"""Security reports of GitLab's analyzers join like SARIF does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from gate.core.finding import Confidence, Range, Severity
from gate.core.policy import SarifPolicy
from gate.core.scan import ScanStatus
from tests.scanners.test_sarif import BASE, imported, report_of

if TYPE_CHECKING:
    from pathlib import Path

    from gate.core.finding import Sighting


def gitlab(*found: Any, scanner: str = "spotbugs", **scan: Any) -> dict[str, Any]:
    tool = {"id": scanner, "name": scanner.title(), "version": "4.2.0", "vendor": {"name": "GitLab"}}
    times = {"start_time": "2026-01-01T00:00:00", "end_time": "2026-01-01T00:00:01"}
    return {
        "version": "15.0.7",
        "schema": "https://example.org/sast-report-format.json",
        "scan": {"scanner": tool, "analyzer": tool, "type": "sast", "status": "success", **times, **scan},
        "vulnerabilities": list(found),
    }


def vulnerability(**more: Any) -> dict[str, Any]:
    return {
        "id": "f" * 64,
        "category": "sast",
        "name": "SQL text from a request",
        "description": "The text of a query is put together\nfrom a request.",
        "severity": "High",
        "location": {"file": "src/a.py", "start_line": 2, "end_line": 3},
        "identifiers": [
            {"type": "find_sec_bugs_type", "name": "Find Security Bugs", "value": "SQL_INJECTION"},
            {"type": "cwe", "name": "CWE-89", "value": "89", "url": "https://cwe.mitre.org/data/definitions/89.html"},
            {"type": "owasp", "name": "A1:2017", "value": "A1:2017"},
        ],
    } | more  # fmt: skip


def only(folder: Path, *found: Any, **scan: Any) -> Sighting:
    report = report_of(folder, gitlab(*found, **scan))
    assert report.status is ScanStatus.COMPLETED, report.reason
    (sighting,) = report.sightings
    return sighting


def test_sast(tmp_path: Path) -> None:
    sighting = only(tmp_path, vulnerability())
    assert (sighting.tool, sighting.rule_id, sighting.path) == ("tool", "SQL_INJECTION", "src/a.py")
    assert sighting.range == Range(start_line=2, end_line=3)
    assert (sighting.severity, sighting.native_severity) == (Severity.HIGH, "High")
    assert (sighting.cwe, sighting.external, sighting.suppressed_inline) == ((89,), True, False)
    assert sighting.title == "SQL text from a request"
    assert sighting.message == "The text of a query is put together\nfrom a request."
    report = report_of(tmp_path, gitlab())
    assert (report.tool, report.engine, report.version, report.targets) == ("tool", "Spotbugs", "4.2.0", ())


def test_version_14_has_other_fields(tmp_path: Path) -> None:
    old = vulnerability(message="Eval of a text", cve="semgrep_id:x:1:1", confidence="Low")
    del old["name"], old["description"], old["location"]["end_line"]
    log = gitlab(old) | {"version": "14.1.3"}
    (sighting,) = report_of(tmp_path, log).sightings
    assert (sighting.title, sighting.message) == ("Eval of a text", "Eval of a text")
    assert (sighting.confidence, sighting.range) == (Confidence.LOW, Range(start_line=2, end_line=2))


def test_semgrep_and_bandit_are_the_same_witness_as_our_own_run(tmp_path: Path) -> None:
    identifiers = [
        {"type": "semgrep_id", "name": "bandit.B307", "value": "bandit.B307"},
        {"type": "cwe", "name": "CWE-95", "value": "95"},
        {"type": "bandit_test_id", "name": "Bandit Test ID B307", "value": "B307"},
    ]
    sighting = only(tmp_path, vulnerability(identifiers=identifiers), scanner="semgrep")
    assert (sighting.tool, sighting.rule_id, sighting.cwe) == ("semgrep", "bandit.B307", (95,))
    sighting = only(
        tmp_path, vulnerability(identifiers=identifiers[2:], scanner={"id": "bandit", "name": "Bandit"})
    )
    assert (sighting.tool, sighting.rule_id) == ("bandit", "B307")


def test_a_secret_is_one_also_without_a_weakness(tmp_path: Path) -> None:
    one = vulnerability(
        category="secret_detection",
        name="AWS access token",
        severity="Critical",
        raw_source_code_extract="the secret itself",
        location={"file": "src/a.py", "start_line": 1, "commit": {"sha": "0000000"}},
        identifiers=[{"type": "gitleaks_rule_id", "name": "Gitleaks rule ID AWS", "value": "AWS"}],
    )
    sighting = only(tmp_path, one, type="secret_detection", scanner="gitleaks")
    assert (sighting.rule_id, sighting.cwe, sighting.severity) == ("AWS", (798,), Severity.CRITICAL)
    assert "the secret itself" not in repr(sighting)


def test_a_dependency_stands_in_its_lock_file(tmp_path: Path) -> None:
    one = vulnerability(
        location={"file": "main.tf", "dependency": {"package": {"name": "x"}, "version": "1"}},
        identifiers=[{"type": "cve", "name": "CVE-2026-1", "value": "CVE-2026-1"}],
    )
    sighting = only(tmp_path, one, type="dependency_scanning", scanner="gemnasium")
    assert (sighting.path, sighting.range, sighting.rule_id) == (
        "main.tf",
        Range(start_line=1),
        "cve-CVE-2026-1",
    )


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("src/a.py", "src/a.py"),
        ("./src/a.py", "src/a.py"),
        ("src/b c.py", "src/b c.py"),
        ("src/b%20c.py", ""),  # a path, not an address
        ("a%20b.py", "a%20b.py"),
        ("FOLDER/src/a.py", "src/a.py"),
        ("/builds/group/project/src/a.py", ""),
        ("../src/a.py", ""),
        ("gone.py", ""),
        ("", ""),
        (None, ""),
        (7, ""),
    ],
)
def test_places(file: Any, expected: str, tmp_path: Path) -> None:
    file = file.replace("FOLDER", str(tmp_path)) if isinstance(file, str) else file
    assert only(tmp_path, vulnerability(location={"file": file, "start_line": 1})).path == expected


@pytest.mark.parametrize(
    ("word", "expected", "notes"),
    [
        ("Critical", Severity.CRITICAL, ()),
        ("Medium", Severity.MEDIUM, ()),
        ("Low", Severity.LOW, ()),
        ("Info", Severity.INFO, ()),
        ("Unknown", Severity.MEDIUM, ("1 results with an unknown severity were read as medium",)),
        (None, Severity.MEDIUM, ("1 results with an unknown severity were read as medium",)),
    ],
)
def test_severity(word: Any, expected: Severity, notes: tuple[str, ...], tmp_path: Path) -> None:
    report = report_of(tmp_path, gitlab(vulnerability(severity=word)))
    assert (report.sightings[0].severity, report.errors) == (expected, notes)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (gitlab() | {"version": "13.1.0"}, "of version '13.1.0'; the gate reads 14 and 15"),
        (gitlab() | {"version": "16.0.0"}, "of version '16.0.0'"),
        (gitlab() | {"version": None}, "of version ''"),
        (gitlab(status="failure"), "does not say that the scan succeeded"),
        (gitlab(status=None), "does not say that the scan succeeded"),
        ({"version": "15.0.0", "vulnerabilities": []}, "of type ''"),
        (gitlab(type="dast"), "of type 'dast'; the gate reads sast"),
        (gitlab(messages=[{"level": "fatal", "value": "no rules"}]), "holds an error of the tool: no rules"),
        (gitlab() | {"vulnerabilities": None}, "has no list of vulnerabilities"),
        (gitlab(7), "has a vulnerability that is no object"),
    ],
)
def test_a_report_that_proves_nothing_is_a_failed_run(document: Any, reason: str, tmp_path: Path) -> None:
    report = report_of(tmp_path, document)
    assert (report.status, report.sightings) == (ScanStatus.FAILED, ())
    assert reason in report.reason


def test_warnings_of_the_tool_are_told(tmp_path: Path) -> None:
    messages = [{"level": "warn", "value": "one file skipped"}, {"level": "info", "value": "done"}, 7]
    assert report_of(tmp_path, gitlab(messages=messages)).errors == ("one file skipped",)


def test_both_formats_for_both_sides(tmp_path: Path) -> None:
    (tmp_path / "base.json").write_text(json.dumps(gitlab(vulnerability())))
    row = SarifPolicy(name="tool", path="tool.sarif", base="base.json")
    run = imported(tmp_path, gitlab(), row=row, base=BASE, base_paths={"src/a.py"})
    assert run.base is not None
    assert (len(run.head.sightings), len(run.base.sightings)) == (0, 1)


def test_nothing_in_a_vulnerability_makes_the_import_fall_over(tmp_path: Path) -> None:
    odd: tuple[Any, ...] = (None, 7, -1, 1.5, True, "", "x", [], [None], {}, {"x": 1}, [[1]])
    whole = vulnerability(
        message="m", confidence="High", scanner={"id": "x"}, links=[{"url": "https://example.org"}]
    )
    found = [whole | {key: value} for key in whole for value in odd]
    found += [whole | {"identifiers": [{"type": a, "value": b}]} for a in odd for b in odd]
    found += [whole | {"location": {"file": a, "start_line": b, "end_line": b}} for a in odd for b in odd]
    report = report_of(tmp_path, gitlab(*found))
    assert (report.status, len(report.sightings)) == (ScanStatus.COMPLETED, len(found))
