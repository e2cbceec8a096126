"""Reports of Snyk and ZAP, and of which commit and age a report is."""

from __future__ import annotations

import json

import pytest

from gate.core.finding import Severity
from gate.core.policy import SarifPolicy
from gate.core.scan import ScanStatus
from gate.scanners.sarif import import_sarif

HEAD = "a" * 40
NOW = "2026-11-25T12:00:00Z"
SNYK = {
    "ok": False,
    "packageManager": "npm",
    "dependencyCount": 12,
    "displayTargetFile": "web/package-lock.json",
    "vulnerabilities": [
        {
            "id": "SNYK-JS-LODASH-450202",
            "title": "Prototype Pollution",
            "severity": "high",
            "packageName": "lodash",
            "version": "4.17.11",
            "from": ["shop@1.0.0", "lodash@4.17.11"],
            "fixedIn": ["4.17.12"],
            "identifiers": {"CVE": ["CVE-2019-10744"], "CWE": ["CWE-1321"]},
        }
    ],
}
ZAP = {
    "@programName": "ZAP",
    "@version": "2.15.0",
    "@generated": "Wed, 25 Nov 2026 10:00:00",
    "site": [
        {
            "@name": "https://staging.shop.example",
            "alerts": [
                {
                    "pluginid": "40012",
                    "alertRef": "40012-1",
                    "alert": "Cross Site Scripting (Reflected)",
                    "riskcode": "3",
                    "confidence": "2",
                    "riskdesc": "High (Medium)",
                    "desc": "<p>A script comes <b>back</b>.</p>",
                    "solution": "<p>Escape it.</p>",
                    "cweid": "79",
                    "instances": [
                        {"uri": "https://staging.shop.example/?q=1", "method": "GET", "param": "q"}
                    ],
                }
            ],
        }
    ],
}


def imported(folder, document, *, commit: str = "", **row):
    row = {"name": "tool", "path": "tool.json", **row}
    (folder / "tool.json").write_text(json.dumps(document))
    if commit:
        (folder / "tool.json.commit").write_text(commit)
    return import_sarif(
        SarifPolicy(**row),
        head=HEAD,
        folder=folder,
        tracked=lambda _path: False,
        paths={"web/package-lock.json"},
        now=NOW,
    ).head


def test_a_report_of_snyk_names_packages_at_their_lock(tmp_path):
    report = imported(tmp_path, SNYK, format="snyk-json")
    assert report.status is ScanStatus.COMPLETED
    (found,) = report.sightings
    assert (found.path, found.rule_id, found.severity) == (
        "web/package-lock.json",
        "SNYK-JS-LODASH-450202",
        Severity.HIGH,
    )
    assert found.cwe == (1321,)
    assert found.title == "lodash 4.17.11: Prototype Pollution"
    assert "Fixed in 4.17.12." in found.message
    assert found.url == "https://security.snyk.io/vuln/SNYK-JS-LODASH-450202"


def test_several_projects_of_snyk_are_one_report_and_a_repeated_package_is_said_once(tmp_path):
    twice = SNYK | {"vulnerabilities": SNYK["vulnerabilities"] * 2}
    report = imported(tmp_path, [twice, SNYK | {"displayTargetFile": "api/pom.xml"}], format="snyk-json")
    assert report.status is ScanStatus.COMPLETED
    assert [s.path for s in report.sightings] == ["", "web/package-lock.json"]
    assert report.errors == ("1 results name the same package by another path",)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"vulnerabilities": None}, "has no list of vulnerabilities"),
        ({"dependencyCount": None}, "does not say that the scan ended"),
        ({"ok": True}, "says that all is well, and lists vulnerabilities"),
        ({"error": "Missing auth"}, "holds an error of the tool: Missing auth"),
        ({"vulnerabilities": ["x"]}, "has a vulnerability that is no object"),
    ],
)
def test_a_report_of_snyk_that_did_not_end_is_no_clean_one(tmp_path, change, why):
    report = imported(tmp_path, SNYK | change, format="snyk-json")
    assert report.status is ScanStatus.FAILED
    assert why in report.reason


def test_a_report_of_zap_names_alerts_with_their_addresses(tmp_path):
    report = imported(tmp_path, ZAP, format="zap-json", kind="target")
    assert (report.status, report.engine, report.version) == (ScanStatus.COMPLETED, "ZAP", "2.15.0")
    (found,) = report.sightings
    assert (found.path, found.rule_id, found.severity, found.cwe) == ("", "40012-1", Severity.HIGH, (79,))
    assert found.message == (
        "A script comes back .\nSeen at GET https://staging.shop.example/?q=1 q.\nEscape it."
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"site": []}, "ZAP reached nothing"),
        ({"site": [{"@name": "x"}]}, "without a list of alerts"),
        ({"site": [{"@name": "x", "alerts": [1]}]}, "has an alert that is no object"),
    ],
)
def test_a_report_of_zap_that_reached_nothing_is_no_clean_one(tmp_path, change, why):
    report = imported(tmp_path, ZAP | change, format="zap-json")
    assert report.status is ScanStatus.FAILED
    assert why in report.reason


@pytest.mark.parametrize(
    ("document", "format_", "why"),
    [
        (ZAP, "sarif", "is a report of ZAP; its row in the policy says format: sarif"),
        (SNYK, "sarif", "is a report of Snyk; its row in the policy says format: sarif"),
        (SNYK, "zap-json", "is a report of Snyk; its row in the policy says format: zap-json"),
        ({"version": "2.1.0", "runs": []}, "snyk-json", "is not a report of Snyk"),
        ({}, "zap-json", "is not a report of ZAP"),
    ],
)
def test_a_report_in_another_format_than_its_row_says_so(tmp_path, document, format_, why):
    report = imported(tmp_path, document, format=format_)
    assert report.status is ScanStatus.FAILED
    assert why in report.reason


@pytest.mark.parametrize(
    ("commit", "why"),
    [
        ("b" * 40, "is stale: it was made for bbbbbbbbbbbb and not for aaaaaaaaaaaa"),
        ("aaaa", "which is not a full commit id"),
        (f"{HEAD}\nyesterday", "which is not a full commit id"),
        (f"{HEAD}\n2026-11-25T09:00:00Z\nmore", "which is not a full commit id"),
    ],
)
def test_what_the_job_wrote_beside_a_report_binds_it_to_a_commit(tmp_path, commit, why):
    report = imported(tmp_path, ZAP, format="zap-json", commit=commit)
    assert report.status is ScanStatus.FAILED
    assert why in report.reason
    assert imported(tmp_path, ZAP, format="zap-json", commit=f"{HEAD}\n").status is ScanStatus.COMPLETED


def test_a_sarif_report_and_the_file_beside_it_must_not_contradict_each_other(tmp_path):
    sarif = {
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "t"}},
                "results": [],
                "versionControlProvenance": [{"repositoryUri": "https://x.example/r", "revisionId": HEAD}],
            }
        ],
    }
    assert imported(tmp_path, sarif).status is ScanStatus.COMPLETED
    report = imported(tmp_path, sarif, commit="b" * 40)
    assert "says that it is of aaaaaaaaaaaa, and tool.json.commit says bbbbbbbbbbbb" in report.reason


@pytest.mark.parametrize(
    ("hours", "document", "commit", "why"),
    [
        (3, ZAP, "", ""),
        (1, ZAP, "", "is stale: it was made at 2026-11-25T10:00:00Z"),
        (3, ZAP | {"@generated": "soon"}, "", "does not say when it was made"),
        (3, ZAP | {"@generated": "soon"}, f"{HEAD}\n2026-11-25T11:30:00Z\n", ""),
        (3, ZAP | {"@generated": "Wed, 25 Nov 2026 13:00:00"}, "", "lies in the future"),
        (None, ZAP | {"@generated": "Wed, 25 Nov 2020 10:00:00"}, "", ""),
    ],
)
def test_a_report_older_than_the_policy_takes_is_stale(tmp_path, hours, document, commit, why):
    report = imported(tmp_path, document, format="zap-json", max_age_hours=hours, commit=commit)
    if why:
        assert report.status is ScanStatus.FAILED
        assert why in report.reason
    else:
        assert report.status is ScanStatus.COMPLETED
