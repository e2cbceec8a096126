"""The many ways in which SARIF says the same: rules, messages, weaknesses, places, several runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from gate.core.finding import Range, Severity
from gate.core.scan import ScanStatus
from tests.scanners.test_sarif import HEAD, log_of, report_of, result, sighting_of

if TYPE_CHECKING:
    from pathlib import Path

GUID = "11111111-2222-3333-4444-555555555555"
RULES = [{"id": "r1", "guid": GUID}, {"id": "r2", "defaultConfiguration": {"level": "error"}}, {"id": 12}]
OTHER = [{"id": "e1"}, {"id": "e2", "properties": {"security-severity": "9.9"}}]
TOOL = {
    "driver": {"name": "Tool", "guid": "d", "rules": RULES},
    "extensions": [{"name": "extra", "guid": "x", "rules": OTHER}],
}


def found(folder: Path, **fields: Any) -> tuple[str, Severity]:
    one = {"message": {"text": "m"}} | fields
    sighting = sighting_of(folder, log_of(one, tool=TOOL))
    return sighting.rule_id, sighting.severity


@pytest.mark.parametrize(
    ("fields", "rule_id", "severity"),
    [
        ({"ruleId": "r2"}, "r2", Severity.HIGH),
        ({"ruleIndex": 1}, "r2", Severity.HIGH),
        ({"ruleIndex": -1, "ruleId": "r2"}, "r2", Severity.HIGH),
        ({"ruleIndex": 99, "ruleId": "r2"}, "r2", Severity.HIGH),
        ({"ruleIndex": True, "ruleId": "r1"}, "r1", Severity.MEDIUM),
        ({"rule": {"index": 1}}, "r2", Severity.HIGH),
        ({"rule": {"id": "r2"}}, "r2", Severity.HIGH),
        ({"rule": {"guid": GUID}}, "r1", Severity.MEDIUM),
        ({"rule": {"guid": "unknown"}}, "unnamed", Severity.MEDIUM),
        ({"ruleId": "r2/part/smaller"}, "r2/part/smaller", Severity.HIGH),
        ({"ruleIndex": 1, "ruleId": "r2/part"}, "r2/part", Severity.HIGH),
        ({"ruleIndex": 0, "ruleId": "r2"}, "r2", Severity.HIGH),  # the index is of another table
        ({"ruleIndex": 1, "ruleId": "gone"}, "gone", Severity.MEDIUM),
        ({"ruleId": 12}, "12", Severity.MEDIUM),
        ({"ruleId": None, "ruleIndex": 2}, "12", Severity.MEDIUM),
        ({"ruleId": ["r2"], "rule": "r2"}, "unnamed", Severity.MEDIUM),
        ({"rule": {"index": 1, "toolComponent": {"index": 0}}}, "e2", Severity.CRITICAL),
        ({"rule": {"index": 1, "toolComponent": {"name": "extra"}}}, "e2", Severity.CRITICAL),
        ({"rule": {"index": 1, "toolComponent": {"guid": "x"}}}, "e2", Severity.CRITICAL),
        ({"rule": {"index": 1, "toolComponent": {"guid": "d"}}}, "r2", Severity.HIGH),
        ({"rule": {"index": 1, "toolComponent": {"name": "nobody"}}}, "unnamed", Severity.MEDIUM),
        ({"rule": {"index": 1, "toolComponent": {"index": 7}}}, "unnamed", Severity.MEDIUM),
        ({"ruleId": "e2", "rule": {"index": 1, "toolComponent": {"index": 0}}}, "e2", Severity.CRITICAL),
    ],
)
def test_which_rule(fields: dict[str, Any], rule_id: str, severity: Severity, tmp_path: Path) -> None:
    assert found(tmp_path, **fields) == (rule_id, severity)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"text": "plain"}, "plain"),
        ({"markdown": "**bold**"}, "**bold**"),
        ({"text": "plain", "markdown": "**bold**"}, "plain"),
        ({"id": "own", "arguments": ["x"]}, "own x"),
        ({"id": "whole"}, "of the whole tool"),
        ({"id": "gone"}, "about r1"),
        ({"id": ["own"]}, "about r1"),
        ({"text": "depends on a [value](1) of [x](https://example.org)"}, "depends on a value of [x](https://example.org)"),
        ({"text": "{0} {1} {2}", "arguments": ["[a](1)", 7]}, "[a](1)  {2}"),
        ("text", "about r1"),
        (None, "about r1"),
    ],
)  # fmt: skip
def test_which_message(message: Any, expected: str, tmp_path: Path) -> None:
    rule = {
        "id": "r1",
        "shortDescription": {"text": "about r1"},
        "messageStrings": {"own": {"text": "own {0}"}},
    }
    driver = {
        "name": "Tool",
        "rules": [rule],
        "globalMessageStrings": {"whole": {"text": "of the whole tool"}},
    }
    assert sighting_of(tmp_path, log_of(result(message=message), tool={"driver": driver})).message == expected


TAXONOMIES = [
    {"name": "OWASP", "taxa": [{"id": "A1"}]},
    {"name": "CWE", "guid": "c", "taxa": [{"id": "79"}, {"id": "CWE-89"}]},
]


@pytest.mark.parametrize(
    ("rule", "fields", "expected"),
    [
        ({"properties": {"tags": ["external/cwe/cwe-079"]}}, {}, (79,)),
        ({"properties": {"tags": ["CWE-79: Cross-site scripting", "cwe-22"]}}, {}, (79, 22)),
        ({"properties": {"tags": ["CWE:79", "CWE_22", "cwe 89"]}}, {}, (79, 22, 89)),
        ({"properties": {"tags": "CWE-79"}}, {}, (79,)),
        ({"properties": {"tags": [7, None, {}, ["CWE-1"]]}}, {}, ()),
        ({"properties": {"cwe": "CWE-79"}}, {}, (79,)),
        ({"properties": {"cwe": [79, "22"]}}, {}, (79, 22)),
        ({"properties": {"tags": ["2021 CWE Top 25", "A03:2021"]}}, {}, ()),
        ({}, {"properties": {"tags": ["CWE-79"]}}, (79,)),
        ({"relationships": [{"target": {"id": "79", "toolComponent": {"name": "CWE"}}}]}, {}, (79,)),
        ({"relationships": [{"target": {"id": "CWE-79", "toolComponent": {"name": "cwe_v4.4"}}}]}, {}, (79,)),
        ({"relationships": [{"target": {"id": "79", "toolComponent": {"name": "OWASP"}}}]}, {}, ()),
        ({}, {"taxa": [{"id": "79", "toolComponent": {"index": 1}}]}, (79,)),
        ({}, {"taxa": [{"index": 1, "toolComponent": {"index": 1}}]}, (89,)),
        ({}, {"taxa": [{"index": 0, "toolComponent": {"index": 0}}, {"index": 9, "toolComponent": {"index": 1}}]}, ()),
        ({"properties": {"tags": ["secret", "security"]}}, {}, (798,)),
        ({"properties": {"tags": ["secret", "CWE-321"]}}, {}, (321,)),
    ],
)  # fmt: skip
def test_which_weakness(
    rule: dict[str, Any], fields: dict[str, Any], expected: tuple[int, ...], tmp_path: Path
) -> None:
    tool = {"driver": {"name": "Tool", "rules": [{"id": "r1"} | rule]}}
    log = log_of(result(**fields), tool=tool, taxonomies=TAXONOMIES)
    assert sighting_of(tmp_path, log).cwe == expected


@pytest.mark.parametrize("name", ["gitleaks", "Gitleaks", "TruffleHog OSS", "detect-secrets"])
def test_what_a_tool_for_secrets_finds_is_a_secret(name: str, tmp_path: Path) -> None:
    """So that no report shows the line as it is."""
    assert sighting_of(tmp_path, log_of(result(), tool={"driver": {"name": name}})).cwe == (798,)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Semgrep OSS", "semgrep"),
        ("semgrep", "semgrep"),
        ("Semgrep PRO", "semgrep"),
        ("Bandit", "bandit"),
        ("banditry", "tool"),
        ("my semgrep", "tool"),
        ("", "tool"),
        (None, "tool"),
        (["Bandit"], "tool"),
    ],
)
def test_whose_witness_it_is(name: Any, expected: str, tmp_path: Path) -> None:
    assert sighting_of(tmp_path, log_of(result(), tool={"driver": {"name": name}})).tool == expected


def test_the_first_location_that_is_ours(tmp_path: Path) -> None:
    def at(uri: str, line: int) -> dict[str, Any]:
        return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}}

    logical = {"logicalLocations": [{"fullyQualifiedName": "a.b"}]}
    sighting = sighting_of(
        tmp_path, log_of(result(locations=[logical, at("gone.py", 3), at("main.tf", 4), at("src/a.py", 5)]))
    )
    assert (sighting.path, sighting.range) == ("main.tf", Range(start_line=4, end_line=4))
    for locations in ([logical], [], None, "odd", [None], [{"physicalLocation": 7}]):
        sighting = sighting_of(tmp_path, log_of(result(locations=locations)))
        assert (sighting.path, sighting.range) == ("", Range(start_line=1))
    # Related places are no findings of their own.
    sighting = sighting_of(tmp_path, log_of(result(locations=[], relatedLocations=[at("src/a.py", 2)])))
    assert sighting.path == ""


def test_where_the_repository_was_on_the_machine_of_the_tool(tmp_path: Path) -> None:
    log = log_of(
        result("file:///builds/group/project/src/a.py"),
        versionControlProvenance=[
            {"revisionId": HEAD, "mappedTo": {"uriBaseId": "TOP"}, "repositoryUri": "https://example.org"}
        ],
        originalUriBaseIds={"TOP": {"uri": "file:///builds/group/project/"}},
    )
    assert sighting_of(tmp_path, log).path == "src/a.py"
    del log["runs"][0]["originalUriBaseIds"]
    assert sighting_of(tmp_path, log).path == ""
    log["runs"][0]["invocations"] = [{"workingDirectory": {"uri": "file:///builds/group/project"}}]
    assert sighting_of(tmp_path, log).path == "src/a.py"


def test_a_file_with_the_name_of_one_of_ours_is_not_ours(tmp_path: Path) -> None:
    """Else a finding elsewhere would be looked for in a file that the change does not touch."""
    log = log_of(result("/usr/lib/python3/main.tf"), invocations=[{"workingDirectory": {"uri": "file:///"}}])
    assert sighting_of(tmp_path, log).path == ""


def test_several_runs_and_tools_in_one_file(tmp_path: Path) -> None:
    log = log_of(result(), tool={"driver": {"name": "B", "version": "2"}})
    log["runs"] += log_of(result("main.tf"), tool={"driver": {"name": "A", "semanticVersion": "1.0"}})["runs"]
    log["runs"] += log_of(result("main.tf"), tool={"driver": {"name": "Semgrep OSS"}})["runs"]
    report = report_of(tmp_path, log)
    assert [s.tool for s in report.sightings] == ["tool", "semgrep", "tool"]
    assert (report.engine, report.version) == ("A, B, Semgrep OSS", "")
    same = log_of(result(), tool={"driver": {"name": "B", "version": "2"}})
    same["runs"] *= 2
    assert (report_of(tmp_path, same).engine, report_of(tmp_path, same).version) == ("B", "2")


def test_passes_count_towards_the_limit_and_the_cut_is_never_silent(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("gate.scanners.sarif.MAX_RESULTS", 2)
    report = report_of(tmp_path, log_of(result(kind="pass"), result(kind="pass"), result()))
    assert (report.status, report.sightings) == (ScanStatus.PARTIAL, ())
    several = log_of(result(), result())
    several["runs"] += log_of(result(), result())["runs"]
    report = report_of(tmp_path, several)
    assert (len(report.sightings), report.reason) == (2, "2 results beyond 2 were not read")


def test_a_mark_at_the_beginning_and_any_schema(tmp_path: Path) -> None:
    for schema in ("https://json.schemastore.org/sarif-2.1.0-rtm.5.json", "", 7, None):
        data = b"\xef\xbb\xbf" + json.dumps({"$schema": schema} | log_of(result())).encode()
        assert len(report_of(tmp_path, data).sightings) == 1


def test_nothing_in_a_result_makes_the_import_fall_over(tmp_path: Path) -> None:
    """Every value of a result in turn is of a wrong type."""
    odd: tuple[Any, ...] = (None, 7, -1, 1.5, True, "", "x", [], [None], {}, {"x": 1}, [[1]])
    place = {
        "artifactLocation": {"uri": "src/a.py", "uriBaseId": "R", "index": 0},
        "region": {"startLine": 1},
    }
    whole: dict[str, Any] = {
        "ruleId": "r1",
        "ruleIndex": 0,
        "rule": {
            "id": "r1",
            "index": 0,
            "guid": "g",
            "toolComponent": {"index": 0, "name": "n", "guid": "g"},
        },
        "level": "error",
        "kind": "fail",
        "message": {"text": "m", "id": "i", "arguments": ["a"]},
        "locations": [{"physicalLocation": place}],
        "suppressions": [{"kind": "inSource", "status": "accepted"}],
        "properties": {"tags": ["CWE-1"], "security-severity": "1"},
        "taxa": [{"id": "79", "index": 0, "toolComponent": {"name": "CWE", "index": 0}}],
        "baselineState": "new",
        "rank": 1.0,
    }
    runs = {
        "originalUriBaseIds": {"R": {"uri": "file:///x/"}},
        "artifacts": [{"location": {"uri": "main.tf"}}],
    }
    results = [whole | {key: value} for key in whole for value in odd]
    results += [
        whole | {key: {**whole[key], inner: value}}
        for key in ("rule", "message", "properties")
        for inner in whole[key]
        for value in odd
    ]
    for value in odd:
        results.append(whole | {"locations": [{"physicalLocation": {**place, "region": value}}]})
        results.append(whole | {"locations": [{"physicalLocation": {**place, "artifactLocation": value}}]})
        results.append(whole | {"locations": [value]})
    for one in results:
        report = report_of(tmp_path, log_of(one, **runs))
        assert report.status in (ScanStatus.COMPLETED, ScanStatus.FAILED), one
        assert report.status is ScanStatus.COMPLETED or "is no list" in report.reason, (one, report.reason)
