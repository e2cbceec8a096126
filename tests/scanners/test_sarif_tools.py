"""Small SARIF files of the shapes that real tools write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

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


def at(uri: str, **region: Any) -> list[dict[str, Any]]:
    return [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}]


#: What else is met in the wild: a driver, a result, more of the run, and what it has to become.
OTHERS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any], tuple[Any, ...]]] = {
    "gitleaks: no level, no severity, no weakness": (
        {"name": "gitleaks", "semanticVersion": "v8.0.0", "rules": [{"id": "generic-api-key", "shortDescription": {"text": "Generic API key"}}]},
        {"ruleId": "generic-api-key", "message": {"text": "generic-api-key has detected secret"}, "locations": at("src/a.py", startLine=2, startColumn=1, endLine=2, endColumn=9), "partialFingerprints": {"commitSha": "b"}},
        {},
        ("generic-api-key", "src/a.py", 2, Severity.MEDIUM, (798,)),
    ),
    "KICS: ids of other tables, no line, taxa that are categories": (
        {"name": "KICS", "rules": [{"id": "fd54", "defaultConfiguration": {"level": "error"}, "relationships": [{"target": {"id": "CAT005", "index": 4, "toolComponent": {"name": "Categories", "index": 0}}}, {"target": {"id": "250", "toolComponent": {"name": "CWE", "index": 1}}}]}]},
        {"ruleId": "fd54", "ruleIndex": 0, "kind": "fail", "message": {"text": "no USER"}, "locations": at("main.tf", startLine=-1), "properties": {"platform": "Dockerfile"}},
        {"taxonomies": [{"name": "Categories", "taxa": [{"id": "CAT000"}]}, {"name": "CWE", "taxa": [{"id": "250"}]}]},
        ("fd54", "main.tf", 1, Severity.HIGH, (250,)),
    ),
    "Roslyn: addresses of the machine, result of a rule that is off elsewhere": (
        {"name": "Microsoft (R) Visual C# Compiler", "semanticVersion": "4.10.0", "rules": [{"id": "CA3001", "properties": {"category": "Security", "tags": ["Telemetry"]}, "helpUri": "https://example.org/ca3001"}]},
        {"ruleId": "CA3001", "ruleIndex": 0, "level": "warning", "message": {"text": "SQL"}, "locations": at("file:///D:/a/x/x/src/a.py", startLine=2, startColumn=5, endLine=2, endColumn=9), "properties": {"warningLevel": 1}},
        {"invocations": [{"executionSuccessful": True, "workingDirectory": {"uri": "file:///D:/a/x/x/"}}], "columnKind": "utf16CodeUnits"},
        ("CA3001", "src/a.py", 2, Severity.MEDIUM, ()),
    ),
    "Snyk: weaknesses beside the tags, steps of a flow": (
        {"name": "SnykCode", "semanticVersion": "1.0.0", "rules": [{"id": "python/Sqli", "name": "Sqli", "defaultConfiguration": {"level": "error"}, "properties": {"tags": ["python", "Sqli", "Security"], "cwe": ["CWE-89"], "precision": "very-high"}}]},
        {"ruleId": "python/Sqli", "ruleIndex": 0, "level": "error", "message": {"text": "flows", "markdown": "{0} flows", "arguments": ["[x](0)"]}, "locations": place("src/a.py", startLine=2, endLine=2, startColumn=1, endColumn=4), "properties": {"priorityScore": 814, "isAutofixable": False}},
        {"properties": {"coverage": [{"files": 8, "isSupported": True, "lang": "Python"}]}},
        ("python/Sqli", "src/a.py", 2, Severity.HIGH, (89,)),
    ),
    "Brakeman: rules with a number for an id": (
        {"name": "Brakeman", "rules": [{"id": 12, "shortDescription": {"text": "SQL"}}]},
        {"ruleId": 12, "level": "error", "message": {"text": "SQL"}, "locations": at("src/a.py", startLine=1)},
        {},
        ("12", "src/a.py", 1, Severity.HIGH, ()),
    ),
    "RuboCop: columns from 0, an index beside the address": (
        {"name": "RuboCop", "rules": [{"id": "Security/Eval", "properties": {"precision": "very-high"}}]},
        {"ruleId": "Security/Eval", "ruleIndex": 0, "message": {"text": "eval"}, "locations": [{"physicalLocation": {"artifactLocation": {"uri": "src/a.py", "uriBaseId": "%SRCROOT%", "index": 0}, "region": {"startLine": 1, "startColumn": 0, "endColumn": 1}}}]},
        {},
        ("Security/Eval", "src/a.py", 1, Severity.MEDIUM, ()),
    ),
    "govulncheck: a dependency, rules in words": (
        {"name": "govulncheck", "rules": [{"id": "GO-2026-0001", "properties": {"tags": ["CVE-2026-1"]}}]},
        {"ruleId": "GO-2026-0001", "level": "error", "message": {"text": "calls it"}, "locations": [{"physicalLocation": {"artifactLocation": {"uri": "main.tf", "uriBaseId": "%SRCROOT%"}, "region": {"startLine": 1}}, "message": {"text": "m"}}], "codeFlows": [], "stacks": []},
        {},
        ("GO-2026-0001", "main.tf", 1, Severity.HIGH, ()),
    ),
    "detekt: no rules at all, a dotted id": (
        {"name": "detekt", "guid": "022ca8c2", "organization": "detekt", "language": "en"},
        {"ruleId": "detekt.potential-bugs.X", "level": "warning", "message": {"text": "m"}, "locations": [{"physicalLocation": {"artifactLocation": {"uri": "src/a.py", "uriBaseId": "%SRCROOT%"}, "region": {"startLine": 1, "startColumn": 12}}}]},
        {"originalUriBaseIds": {"%SRCROOT%": {"uri": "file:///home/runner/work/x/x/"}}},
        ("detekt.potential-bugs.X", "src/a.py", 1, Severity.MEDIUM, ()),
    ),
    "zizmor: severity of its own beside the level": (
        {"name": "zizmor", "rules": [{"id": "zizmor/template-injection", "help": {"markdown": "m"}}]},
        {"ruleId": "zizmor/template-injection", "kind": "fail", "level": "error", "message": {"text": "m"}, "locations": [{"logicalLocations": [{"properties": {"symbolic": {}}}], "physicalLocation": {"artifactLocation": {"uri": "src/a.py"}, "region": {"startLine": 2, "startColumn": 1, "snippet": {"text": "x"}}}}], "properties": {"zizmor/confidence": "High", "zizmor/severity": "High"}},
        {},
        ("zizmor/template-injection", "src/a.py", 2, Severity.HIGH, ()),
    ),
    "Infer: line and column 0": (
        {"name": "Infer", "rules": [{"id": "NULLPTR_DEREFERENCE", "shortDescription": {"text": "Null"}}]},
        {"ruleId": "NULLPTR_DEREFERENCE", "level": "error", "message": {"text": "null"}, "locations": [{"physicalLocation": {"artifactLocation": {"uri": "file:src/a.py"}, "region": {"startLine": 0, "startColumn": 0}}, "logicalLocations": [{"fullyQualifiedName": "f"}]}]},
        {},
        ("NULLPTR_DEREFERENCE", "src/a.py", 1, Severity.HIGH, ()),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHERS)
def test_other_tools(case: str, tmp_path: Path) -> None:
    driver, result, run, expected = OTHERS[case]
    sighting = sighting_of(tmp_path, log_of(result, tool={"driver": driver}, **run))
    found = (sighting.rule_id, sighting.path, sighting.range.start_line, sighting.severity, sighting.cwe)
    assert found == expected
    assert sighting.tool == "tool"


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
