"""GitLab SAST: valid against the schema that GitLab validates with, and within its limits."""

from __future__ import annotations

import functools
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import example, given, settings

from gate.core.finding import Decision, Range, Severity, Witness
from gate.reports import render, render_scan
from tests.reports import factories as make
from tests.reports import scenarios
from tests.reports.hostile import hidden_characters, hostile_path, hostile_text
from tests.reports.other_samples import incomplete, tree

SCHEMA = Path(__file__).parent / "schemas" / "gitlab-sast-15.0.6.json"


@functools.cache
def validator() -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(json.loads(SCHEMA.read_text()))


def load(run):
    log = json.loads(render("gitlab-sast", run))
    validator().validate(log)
    ids = [v["id"] for v in log["vulnerabilities"]]
    assert len(ids) == len(set(ids))
    for vulnerability in log["vulnerabilities"]:
        assert vulnerability["name"]
        assert vulnerability["description"]
        assert len(vulnerability["identifiers"]) <= 20
        assert all(len(i["name"]) <= 255 for i in vulnerability["identifiers"])
    return log


def test_the_schema_refuses_what_gitlab_refuses():
    log = json.loads(render("gitlab-sast", scenarios.blocked()))
    log["scan"]["start_time"] += "Z"
    with pytest.raises(jsonschema.ValidationError):
        validator().validate(log)


@pytest.mark.parametrize("scenario", [*scenarios.SCENARIOS])
def test_scenarios_are_valid(scenario):
    load(scenarios.SCENARIOS[scenario][0]())


@settings(max_examples=25)
@given(hostile_text, hostile_path)
@example("    ", "a.py")
@example("\ufffe" * 300, "a.py")
def test_hostile_text_is_valid_and_shown(text, path):
    run = scenarios.everywhere(text, path)
    load(run)
    assert not hidden_characters(render("gitlab-sast", run), allowed="\n\u200b")


def test_text_that_gitlab_renders_as_markdown_mentions_nobody_and_links_nowhere():
    (value, *_) = load(scenarios.hostile())["vulnerabilities"]
    for text in (value["name"], value["description"]):
        for bad in ("@team", "<script", "](http", "://", "#1", "!2"):
            assert bad not in text


def test_the_version_is_one_that_gitlab_reads():
    log = load(scenarios.passed())
    assert log["version"] == "15.0.6"
    assert log["scan"]["type"] == "sast"
    assert log["scan"]["start_time"] == log["scan"]["end_time"] == "2026-01-31T12:00:00"


def test_a_run_without_a_time_is_valid_all_the_same():
    run = scenarios.passed()
    log = load(replace(run, facts=replace(run.facts, now="")))
    assert log["scan"]["start_time"] == "1970-01-01T00:00:00"


def test_an_incomplete_run_is_a_failed_scan_that_says_why():
    scan = load(scenarios.incomplete())["scan"]
    assert scan["status"] == "failure"
    levels = [(m["level"], m["value"]) for m in scan["messages"]]
    assert sum(level == "fatal" for level, _ in levels) == 2
    for path in ("src/auth/login.py", "src/shop/orders.py"):
        assert any(level == "warn" and path in value for level, value in levels)
    for path in ("vendor/jquery.js", "lib/native.rs"):
        assert any(level == "info" and path in value for level, value in levels)


def test_a_decided_run_is_a_success_whatever_it_decided():
    for run in (scenarios.passed(), scenarios.blocked(), scenarios.needs_signoff()):
        assert load(run)["scan"]["status"] == "success"


def test_thousands_of_unread_files_are_counted():
    run = scenarios.huge()
    scan = load(run)["scan"]
    assert len(scan["messages"]) <= 1_000


def test_a_finding_is_told_by_family_then_weakness_then_rules():
    (value,) = load(make.run(findings=(make.finding(),)))["vulnerabilities"]
    assert [i["type"] for i in value["identifiers"]] == [
        "ai_merge_gate",
        "cwe",
        "bandit_rule_id",
        "semgrep_rule_id",
    ]
    assert value["severity"] == "High"
    assert value["solution"] == "Pass values as query parameters."
    assert value["location"] == {"file": "src/shop/orders.py", "start_line": 12, "end_line": 12}
    assert value["links"] == [{"url": "https://owasp.org/www-community/attacks/SQL_Injection"}]


@pytest.mark.parametrize("severity", [*Severity])
def test_severities_are_gitlab_words(severity):
    (value,) = load(make.run(findings=(make.finding(severity=severity),)))["vulnerabilities"]
    assert value["severity"].lower() == severity.word


def test_tracking_survives_lines_that_are_added_above():
    prints = make.Fingerprints(id_v1="a" * 32, moved_v1="b" * 32, code_v1="c" * 32)
    signatures = [
        load(make.run(findings=(make.finding(line=line, fingerprints=prints),)))["vulnerabilities"][0][
            "tracking"
        ]["items"][0]["signatures"]
        for line in (12, 40)
    ]
    assert signatures[0] == signatures[1]
    assert signatures[0][0]["value"].startswith("src/shop/orders.py|Orders[0]|find[0]:")


def test_a_finding_without_a_scope_is_not_tracked_by_it():
    (value,) = load(make.run(findings=(make.finding(scope=""),)))["vulnerabilities"]
    assert "tracking" not in value


def test_a_finding_without_a_place_has_no_made_up_one():
    (value,) = load(make.run(findings=(make.finding("", 0),)))["vulnerabilities"]
    assert value["location"] == {}


def test_only_web_addresses_are_linked():
    bad = Witness(tool="x", rule_id="y", range=Range(start_line=1), url="javascript:alert(1)")
    (value,) = load(make.run(findings=(make.finding(witnesses=(bad,)),)))["vulnerabilities"]
    assert "links" not in value


def test_what_is_hidden_is_counted_and_not_listed():
    log = load(make.run(findings=(make.finding(decision=Decision.WAIVED),)))
    assert log["vulnerabilities"] == []
    assert any(m["value"].startswith("1 suppressed or waived") for m in log["scan"]["messages"])


def test_a_tree_is_a_valid_report_with_the_time_of_its_scan():
    log = json.loads(render_scan("gitlab-sast", replace(tree(), now="2026-02-01T10:00:00Z")))
    validator().validate(log)
    assert log["scan"]["start_time"] == "2026-02-01T10:00:00"
    assert log["scan"]["status"] == "success"
    assert len(log["vulnerabilities"]) == 16


def test_a_tree_that_was_not_scanned_whole_is_a_failure():
    log = json.loads(render_scan("gitlab-sast", incomplete()))
    validator().validate(log)
    assert log["scan"]["status"] == "failure"
    assert log["scan"]["messages"][0]["level"] == "fatal"
