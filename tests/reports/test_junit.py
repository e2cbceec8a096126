"""JUnit: read back with a parser that CI systems' tools use."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from junitparser import Error, Failure, JUnitXml, Skipped

from gate.core.ai import AiStatus, Reason
from gate.core.finding import Decision
from gate.core.verdict import Outcome
from gate.reports import render
from tests.reports import factories as make
from tests.reports import scenarios
from tests.reports.hostile import hidden_characters, hostile_path, hostile_text


def load(run):
    """Suite → its cases, after the counts of every level were checked."""
    xml = JUnitXml.fromstring(render("junit", run).encode())
    suites = {suite.name.removeprefix("ai-merge-gate."): [*suite] for suite in xml}
    assert [name for name in suites if name != "ai"] == ["verdict", "scanners", "findings"]
    for suite in xml:
        cases = [*suite]
        told = (suite.tests, suite.failures, suite.errors, suite.skipped)
        assert told == (len(cases), count(cases, Failure), count(cases, Error), count(cases, Skipped))
        names = [(case.classname, case.name) for case in cases]
        assert len(names) == len(set(names))
    assert xml.tests == sum(len(cases) for cases in suites.values())
    return suites


def count(cases, kind) -> int:
    return sum(any(isinstance(r, kind) for r in case.result) for case in cases)


@pytest.mark.parametrize("scenario", [*scenarios.SCENARIOS])
def test_scenarios_are_read_back(scenario):
    run = scenarios.SCENARIOS[scenario][0]()
    suites = load(run)
    assert len(suites["verdict"]) == len(run.verdict.reasons)
    assert len(suites["findings"]) == len(run.facts.findings)


@settings(max_examples=25)
@given(hostile_text, hostile_path)
@example("\ufffe\uffff\x0b]]>", "a.py")
def test_hostile_text_is_well_formed_and_shown(text, path):
    run = scenarios.everywhere(text, path)
    load(run)
    assert not hidden_characters(render("junit", run), allowed="\n")


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [(Outcome.BLOCKED, Failure), (Outcome.INCOMPLETE, Error), (Outcome.NEEDS_SIGNOFF, Skipped)],
)
def test_a_reason_that_is_no_pass_says_how_to_pass(outcome, kind):
    (case,) = load(make.run(make.reason("some.rule", outcome, "This happened.", "Do that.")))["verdict"]
    (result,) = case.result
    assert isinstance(result, kind)
    assert result.message == "This happened."
    assert result.text == "To pass: Do that."


def test_a_reason_that_passed_is_a_passing_case():
    (case,) = load(make.run(make.CLEAN))["verdict"]
    assert case.is_passed


@pytest.mark.parametrize(
    ("decision", "kind"), [(Decision.BLOCK, Failure), (Decision.SIGNOFF, Skipped), (Decision.NOTE, None)]
)
def test_a_finding_fails_only_if_it_blocks(decision, kind):
    (case,) = load(make.run(findings=(make.finding(decision=decision),)))["findings"]
    assert [type(r) for r in case.result] == ([kind] if kind else [])
    assert "high SQL text built from user input at src/shop/orders.py:12" in case.name
    text = case.result[0].text if kind else case.system_out
    assert "Fix: Pass values as query parameters." in text
    assert "Seen by: bandit B608, semgrep python.sql-concat" in text


def test_a_scanner_that_failed_is_an_error_and_names_the_files():
    by_name = {case.name: case for case in load(scenarios.incomplete())["scanners"]}
    (failed,) = by_name["semgrep 1.182.0"].result
    assert isinstance(failed, Error)
    assert "src/auth/login.py" in failed.text
    (partial,) = by_name["bandit 1.9.4"].result
    assert isinstance(partial, Skipped)


def test_equal_names_are_numbered():
    run = make.run(findings=(make.finding(), make.finding()))
    names = [case.name for case in load(run)["findings"]]
    assert names[1] == f"{names[0]} (2)"


def test_verdict_and_exit_code_are_properties():
    xml = JUnitXml.fromstring(render("junit", scenarios.blocked()).encode())
    first = next(iter(xml))
    assert {p.name: p.value for p in first.properties()} == {"verdict": "blocked", "exit_code": "1"}


@pytest.mark.parametrize(
    ("fields", "kind", "told"),
    [
        ({}, Skipped, "src/late.py"),
        ({"status": AiStatus.SKIPPED, "reason": Reason.FORK, "unreviewed": ()}, Skipped, None),
        ({"status": AiStatus.COMPLETED, "reason": None, "unreviewed": ()}, None, None),
    ],
    ids=["cut short", "skipped", "complete"],
)
def test_a_review_by_a_model_is_a_case_that_fails_nothing(fields, kind, told):
    (case,) = load(make.reviewed(scenarios.SCENARIOS["passed"][0](), **fields))["ai"]
    assert [type(result) for result in case.result] == ([kind] if kind else [])
    if told:
        assert told in case.result[0].text
    assert "ai" not in load(scenarios.SCENARIOS["passed"][0]())


def test_a_review_by_a_model_that_the_verdict_needs_is_an_error():
    run = make.run(make.reason("ai.review", Outcome.INCOMPLETE, "It was not performed.", "Run it."))
    (case,) = load(make.reviewed(run))["ai"]
    assert [type(result) for result in case.result] == [Error]
