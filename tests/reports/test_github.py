"""Workflow commands: read as the runner reads them, and nothing but ours is one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from gate.core.ai import AiStatus
from gate.core.finding import Decision, Range, Severity, State
from gate.core.verdict import Outcome
from gate.reports import render
from tests.reports import factories as make
from tests.reports import scenarios
from tests.reports.hostile import hidden_characters, hostile_path, hostile_text

#: As the runner reads a command: name, properties up to the next `::`, message.
COMMAND = re.compile(r"::(error|warning|notice) ((?:[a-zA-Z]+=[^,:]*)(?:,[a-zA-Z]+=[^,:]*)*)::(.*)")
PROPERTIES = {"file", "line", "endLine", "col", "endColumn", "title"}


def decoded(text: str) -> str:
    return (
        text.replace("%3A", ":")
        .replace("%2C", ",")
        .replace("%0A", "\n")
        .replace("%0D", "\r")
        .replace("%25", "%")
    )


def load(run, **options) -> list[dict[str, str]]:
    text = render("github", run, **options)
    found = []
    for line in text.splitlines():
        match = COMMAND.fullmatch(line)
        assert match, line
        properties = dict(part.split("=", 1) for part in match[2].split(","))
        assert set(properties) <= PROPERTIES
        found.append(
            {"kind": match[1], "message": decoded(match[3]), **{k: decoded(v) for k, v in properties.items()}}
        )
    for kind in ("error", "warning", "notice"):
        assert sum(a["kind"] == kind for a in found) <= 10
    return found


@pytest.mark.parametrize("scenario", [*scenarios.SCENARIOS])
def test_scenarios_hold_nothing_but_annotations(scenario):
    run, options = scenarios.SCENARIOS[scenario]
    load(run(), **options)


@settings(max_examples=50)
@given(hostile_text, hostile_path)
def test_hostile_text_begins_no_other_command(text, path):
    run = scenarios.everywhere(text, path)
    plain = load(scenarios.everywhere("plain", "src/a.py"))
    assert [a["kind"] for a in load(run)] == [a["kind"] for a in plain]
    document = render("github", run)
    assert not hidden_characters(document, allowed="\n")
    assert not re.search(r"##\w*\[", document)


@pytest.mark.parametrize(
    ("scenario", "kind", "title"),
    [
        (scenarios.passed, "notice", "ai-merge-gate: PASSED"),
        (scenarios.needs_signoff, "warning", "ai-merge-gate: WAITING FOR SIGN-OFF"),
        (scenarios.blocked, "error", "ai-merge-gate: BLOCKED"),
        (scenarios.incomplete, "error", "ai-merge-gate: INCOMPLETE"),
    ],
)
def test_the_first_annotation_is_the_verdict(scenario, kind, title):
    first = load(scenario())[0]
    assert (first["kind"], first["title"]) == (kind, title)
    assert "file" not in first


def test_observe_mode_shows_no_error_for_a_job_that_does_not_fail():
    assert not [a for a in load(scenarios.observe()) if a["kind"] == "error"]


def test_a_finding_stands_at_its_line():
    annotation = next(a for a in load(scenarios.blocked()) if a.get("file") == "src/shop/orders.py")
    assert annotation["kind"] == "error"
    assert annotation["line"] == "12"
    assert annotation["title"] == "high: SQL text built from user input"
    assert annotation["message"].endswith("Pass values as query parameters.")


def test_columns_are_given_on_one_line_only():
    several = make.finding(range=Range(start_line=3, start_column=2, end_line=5, end_column=9))
    (annotation,) = [a for a in load(make.run(findings=(several,))) if "file" in a]
    assert (annotation["line"], annotation["endLine"]) == ("3", "5")
    assert "col" not in annotation


@pytest.mark.parametrize(
    ("decision", "state", "kind"),
    [
        (Decision.BLOCK, State.NEW, "error"),
        (Decision.SIGNOFF, State.NEW, "warning"),
        (Decision.NOTE, State.NEW, "notice"),
        (Decision.NOTE, State.EXISTING, None),
        (Decision.WAIVED, State.NEW, None),
    ],
)
def test_only_what_this_change_brings_is_annotated(decision, state, kind):
    run = make.run(findings=(make.finding(decision=decision, state=state),))
    assert [a["kind"] for a in load(run) if "file" in a] == ([kind] if kind else [])


def test_an_area_that_waits_is_a_warning_with_the_people():
    areas = {a["title"]: a for a in load(scenarios.needs_signoff()) if a["title"].startswith("Sign-off")}
    assert areas["Sign-off: auth"]["line"] == "31"
    assert "bob, carol" in areas["Sign-off: auth"]["message"]
    assert areas["Sign-off: gate"]["file"] == ".github/workflows/ci.yml"


def test_of_many_the_worst_nine_are_shown_and_the_rest_is_counted():
    found = [make.finding(f"src/{n:03}.py", 1, severity=Severity.HIGH) for n in range(40)]
    found.append(make.finding("src/worst.py", 1, severity=Severity.CRITICAL))
    run = make.run(make.reason("finding.new", Outcome.BLOCKED, "x"), findings=tuple(found))
    errors = [a for a in load(run) if a["kind"] == "error"]
    assert len(errors) == 10
    assert errors[0]["title"] == "ai-merge-gate: BLOCKED"
    assert errors[1]["file"] == "src/worst.py"
    assert errors[9]["message"] == "33 more in the JSON report"


def test_how_a_review_by_a_model_ended_is_said():
    run = scenarios.SCENARIOS["passed"][0]()
    assert not any("AI review" in a["title"] for a in load(run))
    (told,) = (a for a in load(make.reviewed(run)) if "AI review" in a["title"])
    assert told["kind"] == "warning"
    assert "1 of 2 files not reviewed" in told["message"]
    done = make.reviewed(run, status=AiStatus.COMPLETED, reason=None, unreviewed=())
    assert [a["kind"] for a in load(done) if "AI review" in a["title"]] == ["notice"]
