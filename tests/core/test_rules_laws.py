"""Laws of the decision: one thing more never improves the verdict, and the order of facts never matters."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.finding import Decision, Severity, State
from gate.core.policy import Coverage, Policy, ScannersPolicy
from gate.core.rules import SUMMARIES, decide
from gate.core.rules.findings import decide_findings
from gate.core.scan import ScanReport, ScanStatus, ToolRun, Unscanned
from gate.core.verdict import Outcome
from tests.reports.factories import finding, run

states = st.sampled_from([State.NEW, State.EXISTING, State.MOVED, State.UNKNOWN])
findings = st.builds(
    lambda number, severity, state: finding(
        path=f"src/{number}.py", line=number, severity=severity, state=state, decision=Decision.NOTE
    ),
    st.integers(1, 50),
    st.sampled_from(list(Severity)),
    states,
)
PATHS = ["a.py", "b.js", "c.go"]
reports = st.builds(
    lambda tool, status, missed, required: ScanReport(
        tool=tool,
        status=status,
        required=required,
        targets=tuple(PATHS),
        scanned=tuple(p for p in PATHS if p not in missed),
        unscanned=tuple(Unscanned(path=p, reason="timeout") for p in sorted(missed)),
    ),
    st.sampled_from(["semgrep", "bandit"]),
    st.sampled_from(list(ScanStatus)),
    st.sets(st.sampled_from(PATHS)),
    st.booleans(),
)
tool_lists = st.lists(reports, min_size=1, max_size=2, unique_by=lambda report: report.tool)
BASE = run().facts


def facts(found, tools=None, policy=None):
    policy = policy or BASE.policy
    changes = {"findings": decide_findings(found, policy.findings), "policy": policy}
    if tools is not None:
        changes["tools"] = tuple(ToolRun(head=report) for report in tools)
    return replace(BASE, **changes)


@given(st.lists(findings, max_size=6), findings)
def test_one_more_finding_never_improves_the_verdict(found, more):
    assert decide(facts([*found, more])).outcome >= decide(facts(found)).outcome


@given(tool_lists, st.sampled_from(PATHS), st.integers(0, 2))
def test_one_file_less_that_was_read_never_improves_the_verdict(tools, path, number):
    tool = tools[number % len(tools)]
    worse = replace(
        tool,
        scanned=tuple(p for p in tool.scanned if p != path),
        unscanned=tuple(sorted({*tool.unscanned, Unscanned(path=path, reason="timeout")})),
    )
    after = [worse if one is tool else one for one in tools]
    assert decide(facts([], after)).outcome >= decide(facts([], tools)).outcome


@given(tool_lists, st.randoms())
def test_the_order_of_tools_has_no_effect(tools, random):
    shuffled = list(tools)
    random.shuffle(shuffled)
    assert decide(facts([], shuffled)) == decide(facts([], tools))


@given(tool_lists)
def test_a_required_tool_that_failed_is_never_a_pass(tools):
    failed = [t for t in tools if t.required and t.status in (ScanStatus.FAILED, ScanStatus.SKIPPED)]
    verdict = decide(facts([], tools))
    assert not failed or verdict.outcome is Outcome.INCOMPLETE
    assert all(reason.to_pass for reason in verdict.reasons if reason.outcome is not Outcome.PASSED)


def test_every_coverage_asks_every_scanner():
    half = ScanReport(tool="bandit", targets=("a.py",), unscanned=(Unscanned(path="a.py", reason="syntax"),))
    whole = ScanReport(tool="semgrep", targets=("a.py",), scanned=("a.py",))
    strict = Policy(scanners=ScannersPolicy(coverage=Coverage.EVERY))
    assert decide(facts([], [half, whole])).outcome is Outcome.PASSED
    assert decide(facts([], [half, whole], strict)).outcome is Outcome.INCOMPLETE


@pytest.mark.parametrize("state", [State.NEW, State.UNKNOWN])
def test_new_and_unknown_block_and_the_reason_names_the_place(state):
    verdict = decide(
        facts([finding(path="x.py", line=7, severity=Severity.HIGH, state=state, decision=Decision.NOTE)])
    )
    assert verdict.outcome is Outcome.BLOCKED
    assert "x.py:7" in verdict.reasons[0].because


def test_every_rule_that_speaks_is_explained():
    assert {reason.rule for reason in decide(BASE).reasons} <= set(SUMMARIES)
