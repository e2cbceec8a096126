"""No end but a completed pass is ever worded as one, in any report; and what a pass leads to is the policy's word."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.ai.stream import cause, read_events
from gate.core.ai import AiFinding, AiPass, AiStatus, Reason, Scope, Sighted, Unreviewed
from gate.core.ai.consensus import combine
from gate.core.ai.model import AiArea
from gate.core.ai.status import REMEDIES, SKIPPED, pass_status
from gate.core.finding import Severity
from gate.core.policy import AiEffect, AiPolicy
from gate.core.rules import decide
from gate.core.verdict import Outcome
from gate.pipeline.ai.claims import claimed
from gate.pipeline.report_file import ReportRefused
from gate.reports import FORMATS, ai_parts, render
from tests.reports import scenarios

SUCCESS = re.compile(r"performed by|no issues|수행, ", re.IGNORECASE)
#: Formats without room for it: what they list are findings.
SILENT = {"codequality"}
ENDS = [
    (status, reason)
    for status, reason in itertools.product((AiStatus.PARTIAL, AiStatus.FAILED, AiStatus.SKIPPED), Reason)
    if (reason in SKIPPED) is (status is AiStatus.SKIPPED)
]


def ended(status, reason, **fields):
    return AiPass(
        status=status, reason=reason, engine="claude", model="m", runs=1, reviewable=3,
        unreviewed=(Unreviewed(path="src/a.py", reason=reason),) if reason else (), **fields,
    )  # fmt: skip


def with_review(run, review, **policy):
    ai = AiPolicy(enabled=True, model="m", **policy)
    facts = replace(run.facts, policy=replace(run.facts.policy, ai=ai), ai=review)
    return replace(run, facts=facts, verdict=decide(facts))


@pytest.mark.parametrize(("status", "reason"), ENDS)
def test_no_report_words_an_unfinished_review_as_a_finished_one(status, reason):
    run = with_review(scenarios.passed(), ended(status, reason))
    for name in FORMATS:
        for language in ("en", "ko"):
            text = render(name, run, language=language)
            assert not SUCCESS.search(text), (name, language)
            if name not in SILENT and language == "en" and name not in ("junit", "github"):
                assert reason.value in text, name
    assert reason in REMEDIES


def test_a_finished_one_is_told():
    run = with_review(scenarios.passed(), ended(AiStatus.COMPLETED, None))
    assert "performed by claude over 3 files" in render("text", run)


@pytest.mark.parametrize(("status", "reason"), ENDS)
def test_a_note_changes_no_verdict_and_a_requirement_does(status, reason):
    run = scenarios.passed()
    plain = decide(run.facts)
    noted = with_review(run, ended(status, reason))
    assert (noted.verdict.outcome, noted.verdict.reasons) == (plain.outcome, plain.reasons)
    required = with_review(run, ended(status, reason), required=True).verdict.outcome
    assert required is (plain.outcome if reason is Reason.NOTHING_REVIEWABLE else Outcome.INCOMPLETE)


def test_a_required_review_of_which_nothing_is_known_is_incomplete():
    assert with_review(scenarios.passed(), None, required=True).verdict.outcome is Outcome.INCOMPLETE


@given(
    calls=st.lists(st.none() | st.sampled_from(Reason)),
    unreviewed=st.lists(st.builds(Unreviewed, path=st.just("a"), reason=st.sampled_from(Reason))),
    capped=st.booleans(),
)
def test_only_a_pass_without_any_gap_is_completed(calls, unreviewed, capped):
    status, reason = pass_status(calls, unreviewed, capped=capped)
    whole = bool(calls) and not any(calls) and not unreviewed and not capped
    assert (status is AiStatus.COMPLETED) is whole
    assert (reason is None) is whole


def seen_once(**fields):
    values = {
        "path": "src/a.py", "line": 3, "last_line": 3, "scope": Scope.CHANGED, "severity": Severity.HIGH, "confidence": 0.9,
        "category": "xss", "family": "xss", "cwe": (79,), "message": "m", "recommendation": "r", "quote_digest": "d",
    }  # fmt: skip
    return AiFinding(**values | fields)


def test_a_run_that_failed_lowers_k_and_loses_nothing():
    (one,) = combine({0: [seen_once()], 1: []}, 1)
    assert (one.seen, one.runs, one.stable) == (1, 1, True)
    (one,) = combine({0: [seen_once()], 1: [], 2: []}, 3)
    assert (one.seen, one.runs, one.stable) == (1, 3, False)


WHOLE = ended(
    AiStatus.PARTIAL,
    Reason.BUDGET,
    sightings=(
        Sighted(finding=seen_once(message="", recommendation=""), seen=2, runs=3),
        Sighted(finding=seen_once(scope=Scope.REMOVED, recommendation=""), seen=1, runs=3),
    ),
    areas=(AiArea(area="auth", path="src/a.py", line=3),),
    rejected={"quote": 2},
    tool_attempts={"Bash": 1},
    excluded=("x.png",),
    cost_usd=0.25,
    agreement=0.5,
    notes=("n",),
)


def test_a_publisher_reads_back_what_a_report_says():
    value = json.loads(json.dumps(ai_parts.ai(WHOLE)))
    assert claimed(value, AiPolicy(enabled=True)) == WHOLE
    assert claimed(value, AiPolicy()) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"status": "completed"},
        {"status": "completed", "reason": None},
        {"reason": None},
        {"reason": "fine"},
        {"approved": True},
        {"cost_usd": -1},
        {"sightings": [{}]},
        {"unreviewed": "none"},
    ],
)
def test_a_publisher_refuses_a_review_that_contradicts_itself(changed):
    with pytest.raises(ReportRefused):
        claimed(json.loads(json.dumps(ai_parts.ai(WHOLE))) | changed, AiPolicy(enabled=True))


def test_a_policy_of_sign_off_turns_sightings_and_gaps_into_touches():
    from gate.core.rules.ai import touches

    run = with_review(scenarios.passed(), WHOLE, findings=AiEffect.SIGNOFF, if_missing=AiEffect.SIGNOFF)
    found = touches(WHOLE, run.facts.findings, run.facts.policy)
    assert {(t.area, t.rule, t.side) for t in found} == {
        ("auth", "ai.area", "new"),
        ("gate", "ai.finding", "new"),
        ("gate", "ai.review", "new"),
    }
    noted = with_review(scenarios.passed(), WHOLE)
    assert touches(WHOLE, noted.facts.findings, noted.facts.policy) == ()


EVENT = st.dictionaries(
    st.sampled_from(
        ["type", "subtype", "message", "error", "is_error", "num_turns", "modelUsage", "structured_output"]
    ),
    st.sampled_from(
        [
            "system",
            "init",
            "result",
            "assistant",
            "success",
            True,
            False,
            None,
            1,
            [],
            {},
            {"content": [{"type": "tool_use"}]},
        ]
    ),
)


@given(events=st.lists(EVENT | st.none() | st.integers()), tail=st.binary(max_size=20))
def test_no_output_of_a_program_raises_or_counts_as_complete_without_an_answer(events, tail):
    data = b"\n".join(msgspec.json.encode(event) for event in events) + b"\n" + tail
    read = read_events(data)
    if cause(read) is None:
        assert read.result is not None
        assert read.result["structured_output"] is not None
        assert not read.broken
