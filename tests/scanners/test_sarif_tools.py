"""Small SARIF files as CodeQL, Trivy, Checkov, gosec, ESLint, Semgrep and Bandit write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gate.core.finding import Confidence, Range, Severity
from tests.scanners.test_sarif import HEAD, log_of, sighting_of

if TYPE_CHECKING:
    from pathlib import Path


def place(uri: str, **region: int) -> list[dict[str, Any]]:
    return [
        {"physicalLocation": {"artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"}, "region": region}}
    ]


def test_codeql(tmp_path: Path) -> None:
    """Rules stand in an extension, ids hold a slash, notifications of level none name every file read."""
    rule = {
        "id": "py/sql-injection",
        "name": "py/sql-injection",
        "shortDescription": {"text": "SQL query built from user-controlled sources"},
        "defaultConfiguration": {"enabled": True, "level": "error"},
        "properties": {
            "tags": ["security", "external/cwe/cwe-089"],
            "precision": "very-high",
            "security-severity": "8.8",
        },
    }
    log = log_of(
        {
            "ruleId": "py/sql-injection",
            "rule": {"id": "py/sql-injection", "index": 0, "toolComponent": {"index": 0}},
            "message": {"text": "This SQL query depends on a [user-provided value](1)."},
            "locations": place("src/a.py", startLine=2, startColumn=11, endColumn=18),
            "partialFingerprints": {"primaryLocationLineHash": "8a:1"},
            "codeFlows": [],
        },
        tool={
            "driver": {"name": "CodeQL", "semanticVersion": "2.20.1", "rules": []},
            "extensions": [{"name": "codeql/python-queries", "rules": [rule]}],
        },
        columnKind="utf16CodeUnits",
        invocations=[
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "none", "locations": place("src/a.py"), "message": {"text": ""}},
                ],
            }
        ],
        versionControlProvenance=[{"repositoryUri": "https://example.org/r", "revisionId": HEAD}],
    )
    sighting = sighting_of(tmp_path, log)
    assert (sighting.tool, sighting.rule_id, sighting.path) == ("tool", "py/sql-injection", "src/a.py")
    assert sighting.range == Range(start_line=2, start_column=10, end_line=2, end_column=17)
    assert (sighting.severity, sighting.native_severity) == (Severity.HIGH, "8.8")
    assert (sighting.confidence, sighting.native_confidence) == (Confidence.HIGH, "very-high")
    assert sighting.cwe == (89,)
    assert sighting.title == "SQL query built from user-controlled sources"
    assert sighting.external


def test_trivy(tmp_path: Path) -> None:
    """An absolute root of its own machine, severity as a number, help address."""
    rule = {
        "id": "AVD-AWS-0086",
        "name": "Misconfiguration",
        "shortDescription": {"text": "S3 Access block should block public ACL"},
        "defaultConfiguration": {"level": "error"},
        "helpUri": "https://avd.aquasec.com/misconfig/avd-aws-0086",
        "properties": {
            "precision": "very-high",
            "security-severity": "8.0",
            "tags": ["misconfiguration", "HIGH"],
        },
    }
    location = {
        "physicalLocation": {
            "artifactLocation": {"uri": "main.tf", "uriBaseId": "ROOTPATH"},
            "region": {"startLine": 1, "startColumn": 1, "endLine": 3, "endColumn": 1},
        },
        "message": {"text": "main.tf"},
    }
    log = log_of(
        {"ruleId": "AVD-AWS-0086", "ruleIndex": 0, "level": "error", "message": {"text": "Artifact: main.tf"}, "locations": [location]},
        tool={"driver": {"fullName": "Trivy Vulnerability Scanner", "name": "Trivy", "rules": [rule], "version": "0.58.0"}},
        originalUriBaseIds={"ROOTPATH": {"uri": "file:///home/runner/work/project/"}},
        columnKind="utf16CodeUnits",
    )  # fmt: skip
    sighting = sighting_of(tmp_path, log)
    assert (sighting.path, sighting.severity) == ("main.tf", Severity.HIGH)
    assert sighting.url == "https://avd.aquasec.com/misconfig/avd-aws-0086"
    assert sighting.cwe == ()


def test_checkov(tmp_path: Path) -> None:
    """No driver index, attachments, lines only, suppressed results with a justification."""
    log = log_of(
        {
            "ruleId": "CKV_AWS_20",
            "ruleIndex": 0,
            "level": "error",
            "attachments": [],
            "message": {"text": "S3 Bucket has an ACL defined which allows public READ access."},
            "locations": [
                {"physicalLocation": {"artifactLocation": {"uri": "main.tf"}, "region": {"startLine": 1, "endLine": 4, "snippet": {"text": "x"}}}}
            ],
            "suppressions": [{"kind": "inSource", "justification": "public site"}],
        },
        tool={"driver": {"name": "Checkov", "version": "3.2.0", "rules": [{"id": "CKV_AWS_20", "name": "S3"}]}},
    )  # fmt: skip
    sighting = sighting_of(tmp_path, log)
    assert sighting.range == Range(start_line=1, end_line=4)
    assert sighting.suppressed_inline


def test_gosec(tmp_path: Path) -> None:
    """CWE as a relation to a taxonomy."""
    rule = {
        "id": "G204",
        "name": "Subprocess launched with variable",
        "properties": {"precision": "high", "tags": ["security", "MEDIUM"]},
        "relationships": [
            {"target": {"id": "78", "guid": "1", "toolComponent": {"name": "CWE"}}, "kinds": ["superset"]}
        ],
    }
    log = log_of(
        {"ruleId": "G204", "ruleIndex": 0, "level": "error", "message": {"text": "Subprocess launched with variable"}, "locations": place("src/a.py", startLine=2, startColumn=2, endLine=2, endColumn=2)},
        tool={"driver": {"name": "gosec", "rules": [rule], "semanticVersion": "2.21.4", "supportedTaxonomies": [{"name": "CWE"}]}},
        taxonomies=[{"name": "CWE", "taxa": [{"id": "78"}]}],
    )  # fmt: skip
    sighting = sighting_of(tmp_path, log)
    assert (sighting.rule_id, sighting.cwe, sighting.severity) == ("G204", (78,), Severity.HIGH)


def test_eslint(tmp_path: Path) -> None:
    """Absolute file addresses through an index of artifacts."""
    log = log_of(
        {
            "level": "error",
            "message": {"text": "eval can be harmful."},
            "locations": [{"physicalLocation": {"artifactLocation": {"index": 0}, "region": {"startLine": 1, "startColumn": 1}}}],
            "ruleId": "no-eval",
            "ruleIndex": 0,
        },
        tool={"driver": {"name": "ESLint", "rules": [{"id": "no-eval", "helpUri": "https://eslint.org/docs/rules/no-eval"}]}},
        artifacts=[{"location": {"uri": f"file://{tmp_path}/src/b%20c.py"}}],
    )  # fmt: skip
    sighting = sighting_of(tmp_path, log)
    assert (sighting.path, sighting.range.start_column) == ("src/b c.py", 1)
    assert sighting.title == "eval can be harmful"


def test_semgrep_and_bandit_are_the_same_witness_as_our_own_run(tmp_path: Path) -> None:
    rule = {"id": "rules.shell", "properties": {"precision": "very-high", "tags": ["CWE-78: OS Command Injection", "security"]}}  # fmt: skip
    log = log_of(
        {"ruleId": "rules.shell", "message": {"text": "m"}, "locations": place("src/a.py", startLine=1)},
        tool={"driver": {"name": "Semgrep OSS", "rules": [rule], "semanticVersion": "1.185.0"}},
    )
    sighting = sighting_of(tmp_path, log)
    assert (sighting.tool, sighting.rule_id, sighting.cwe) == ("semgrep", "rules.shell", (78,))
    log = log_of(
        {
            "ruleId": "B602",
            "ruleIndex": 0,
            "level": "error",
            "message": {"text": "subprocess call with shell=True"},
            "locations": place("src/a.py", startLine=1),
            "properties": {"issue_confidence": "LOW", "issue_severity": "HIGH"},
        },
        tool={"driver": {"name": "Bandit", "rules": [{"id": "B602", "properties": {"tags": ["security", "external/cwe/cwe-78"]}}]}},
    )  # fmt: skip
    sighting = sighting_of(tmp_path, log)
    assert (sighting.tool, sighting.severity, sighting.confidence) == (
        "bandit",
        Severity.MEDIUM,
        Confidence.LOW,
    )
    assert sighting.cwe == (78,)


def test_rules_by_hierarchical_id_and_messages_by_key(tmp_path: Path) -> None:
    rule = {
        "id": "R1",
        "messageStrings": {"default": {"text": "Value {0} reaches {1}, {7}"}},
        "properties": {"tags": ["CWE-22"]},
    }
    log = log_of(
        {"ruleId": "R1/sub", "message": {"id": "default", "arguments": ["a{1}", "b"]}},
        tool={"driver": {"name": "T", "rules": [rule]}},
    )
    sighting = sighting_of(tmp_path, log)
    assert (sighting.rule_id, sighting.message, sighting.cwe) == (
        "R1/sub",
        "Value a{1} reaches b, {7}",
        (22,),
    )
