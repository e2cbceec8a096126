"""Code Quality: what GitLab's widget needs of each entry, and that an incomplete run is no empty list."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings

from gate.core.finding import Decision, Range, Severity
from gate.core.verdict import Outcome
from gate.reports import render, render_scan
from gate.reports.options import Scan
from tests.reports import factories as make
from tests.reports import scenarios
from tests.reports.hostile import hidden_characters, hostile_path, hostile_text
from tests.reports.other_samples import tree, unread

KEYS = {"description", "check_name", "fingerprint", "severity", "location"}


def load(run):
    """The entries, each as GitLab's parser wants it."""
    entries = json.loads(render("codequality", run))
    for entry in entries:
        assert set(entry) == KEYS
        assert entry["description"]
        assert entry["check_name"]
        assert entry["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert entry["location"]["lines"]["begin"] >= 1
        assert entry["location"]["path"]
        assert not entry["location"]["path"].startswith("./")
        assert re.fullmatch("[0-9a-f]{32}", entry["fingerprint"])
    prints = [entry["fingerprint"] for entry in entries]
    assert len(prints) == len(set(prints))
    return entries


@pytest.mark.parametrize("scenario", [*scenarios.SCENARIOS])
def test_scenarios_are_what_gitlab_reads(scenario):
    load(scenarios.SCENARIOS[scenario][0]())


@settings(max_examples=25)
@given(hostile_text, hostile_path)
def test_hostile_text_is_shown(text, path):
    run = scenarios.everywhere(text, path)
    load(run)
    assert not hidden_characters(render("codequality", run), allowed="\n\u200b")


@pytest.mark.parametrize(
    ("severity", "word"),
    [
        (Severity.CRITICAL, "blocker"),
        (Severity.HIGH, "critical"),
        (Severity.MEDIUM, "major"),
        (Severity.LOW, "minor"),
        (Severity.INFO, "info"),
    ],
)
def test_severities_are_gitlab_words(severity, word):
    (entry,) = load(make.run(findings=(make.finding(severity=severity),)))
    assert entry["severity"] == word


def test_existing_findings_stay_because_the_widget_compares_itself():
    assert [e["check_name"] for e in load(scenarios.passed())] == ["weak-hash/medium"]


@pytest.mark.parametrize("decision", [Decision.SUPPRESSED, Decision.WAIVED])
def test_what_is_hidden_is_left_out(decision):
    assert load(make.run(findings=(make.finding(decision=decision),))) == []


def test_two_findings_with_one_identity_are_two_entries():
    assert len(load(make.run(findings=(make.finding(), make.finding())))) == 2


def test_a_finding_keeps_its_fingerprint_when_lines_shift():
    before = load(make.run(findings=(make.finding(line=12, id="id/v1:" + "a" * 32, fingerprints=_prints()),)))
    after = load(make.run(findings=(make.finding(line=40, id="id/v1:" + "a" * 32, fingerprints=_prints()),)))
    assert before[0]["fingerprint"] == after[0]["fingerprint"] == "a" * 32


def _prints():
    return make.Fingerprints(id_v1="a" * 32, moved_v1="b" * 32, code_v1="c" * 32)


def test_a_finding_of_several_lines_says_where_it_ends():
    (entry,) = load(make.run(findings=(make.finding(range=Range(start_line=3, end_line=7)),)))
    assert entry["location"]["lines"] == {"begin": 3, "end": 7}


def test_an_incomplete_run_names_what_nobody_read():
    entries = load(scenarios.incomplete())
    reasons = [e for e in entries if e["severity"] == "blocker"]
    assert {e["check_name"] for e in reasons} == {"gate/scan.coverage", "gate/scan.required"}
    unread = {e["location"]["path"] for e in entries if e["check_name"] == "gate/not-scanned"}
    assert unread == {"src/auth/login.py", "src/shop/orders.py", "vendor/jquery.js", "lib/native.rs"}


def test_incomplete_without_findings_is_not_an_empty_list():
    run = make.run(make.reason("scan.required", Outcome.INCOMPLETE, "The required scanner x failed.", "Run."))
    assert [e["check_name"] for e in load(run)] == ["gate/scan.required"]


@pytest.mark.parametrize("make_tree", [tree, unread])
def test_a_tree_is_listed_whole_with_what_nobody_read(make_tree):
    scan = make_tree()
    entries = json.loads(render_scan("codequality", scan))
    shown = [e for e in entries if not e["check_name"].startswith("gate/")]
    assert len(shown) == sum(f.decision is not Decision.SUPPRESSED for f in scan.findings)
    assert [e["check_name"] for e in entries if e["severity"] == "blocker"][: len(scan.incomplete)] == [
        "gate/scan.required"
    ] * len(scan.incomplete)
    assert {e["location"]["path"] for e in entries} >= {u.path for t in scan.tools for u in t.head.unscanned}


def test_a_check_and_a_scan_name_a_finding_alike():
    finding = make.finding()
    (checked,) = load(make.run(findings=(finding,)))
    (scanned,) = json.loads(render_scan("codequality", Scan(tools=(), findings=(finding,))))
    assert checked == scanned
