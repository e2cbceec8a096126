"""How outcomes combine."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gate.core.verdict import Outcome, RuleResult, combine

outcomes = st.sampled_from(list(Outcome))
results = st.builds(
    RuleResult,
    rule=st.sampled_from(["a", "b"]),
    outcome=outcomes,
    because=st.text(max_size=3),
    to_pass=st.text(max_size=3),
    findings=st.lists(st.text(max_size=2), max_size=2).map(tuple),
)


def test_nothing_to_judge_by_is_incomplete_and_says_what_to_do():
    verdict = combine([RuleResult(rule="x", outcome=Outcome.SKIPPED, because="off")])
    assert verdict.outcome is Outcome.INCOMPLETE
    assert verdict.reasons[0].to_pass


@given(st.lists(results, max_size=6), st.randoms())
def test_the_order_of_results_has_no_effect(given_results, random):
    shuffled = list(given_results)
    random.shuffle(shuffled)
    assert combine(shuffled) == combine(given_results)


@given(st.lists(results, min_size=1, max_size=6), results)
def test_one_more_result_never_improves_the_verdict(given_results, more):
    before, after = combine(given_results), combine([*given_results, more])
    if any(r.outcome is not Outcome.SKIPPED for r in given_results):
        assert after.outcome >= before.outcome


@given(st.lists(results, min_size=1, max_size=6))
def test_every_reason_is_listed_worst_first(given_results):
    verdict = combine(given_results)
    assert [r.outcome for r in verdict.reasons] == sorted((r.outcome for r in verdict.reasons), reverse=True)
    kept = [r for r in given_results if r.outcome is not Outcome.SKIPPED]
    if kept:
        assert sorted(map(repr, kept)) == sorted(map(repr, verdict.reasons))
