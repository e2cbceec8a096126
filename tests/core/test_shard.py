"""Who reads what: every file once, about the same work for all, and the same everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.policy import Coverage
from gate.core.scan import ScanReport, ScanStatus, ToolRun, Unscanned
from gate.core.shard import MAX_SHARDS, Part, split
from gate.core.shard_state import left_open

if TYPE_CHECKING:
    import random

COSTS = st.dictionaries(st.text("abAB/é\udce9", min_size=1, max_size=6), st.integers(0, 10_000), max_size=40)


@given(COSTS, st.integers(1, 9), st.randoms(use_true_random=False))
def test_every_file_is_in_one_share_whatever_order_it_comes_in(
    costs: dict[str, int], of: int, chance: random.Random
) -> None:
    shares = split(costs, of)
    assert len(shares) == of
    assert sorted(path for share in shares for path in share) == sorted(costs)
    mixed = list(costs.items())
    chance.shuffle(mixed)
    assert split(dict(mixed), of) == shares


@given(COSTS, st.integers(1, 9))
def test_no_share_has_more_than_the_average_and_one_file(costs: dict[str, int], of: int) -> None:
    loads = [sum(costs[path] for path in share) for share in split(costs, of)]
    assert max(loads) <= sum(loads) / of + max(costs.values(), default=0)


@given(COSTS, st.integers(1, 9))
def test_what_belongs_together_stays_together(costs: dict[str, int], of: int) -> None:
    for share in split(costs, of, together=str.casefold):
        names = {path.casefold() for path in share}
        assert {path for path in costs if path.casefold() in names} == share


@pytest.mark.parametrize("text", ["1/1", "2/4", f"{MAX_SHARDS}/{MAX_SHARDS}"])
def test_a_part_reads_as_it_is_written(text: str) -> None:
    assert str(Part.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "I/N"),
        ("2", "I/N"),
        ("2/", "I/N"),
        ("/4", "I/N"),
        (" 1/2", "I/N"),
        ("1/2/3", "I/N"),
        ("-1/2", "I/N"),
        ("١/2", "I/N"),
        ("0/4", "counted from 1"),
        ("5/4", "counted from 1"),
        ("1/0", "number of shards"),
        ("1/9999", "number of shards"),
    ],
)
def test_a_part_that_is_none_says_what_is_wrong(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Part.parse(text)


def head(tool: str = "semgrep", **changes: object) -> ToolRun:
    return ToolRun(head=ScanReport(tool=tool, **changes))  # type: ignore[arg-type]


def unread(tool: str, path: str, reason: str) -> ToolRun:
    miss = (Unscanned(path=path, reason=reason),)
    return head(tool, status=ScanStatus.PARTIAL, targets=(path,), unscanned=miss)


def test_a_share_is_complete_when_required_scanners_read_what_they_must() -> None:
    whole = head(targets=("a",), scanned=("a",))
    failed = head("bandit", status=ScanStatus.FAILED, reason="died", required=False)
    assert left_open([whole, failed], Coverage.ANY) == ()
    assert left_open([whole, unread("bandit", "a", "syntax-error")], Coverage.ANY) == ()


@pytest.mark.parametrize(
    ("runs", "coverage", "told"),
    [
        ([head(status=ScanStatus.FAILED, reason="no answer")], Coverage.ANY, "semgrep failed: no answer"),
        ([head(status=ScanStatus.SKIPPED)], Coverage.ANY, "semgrep skipped"),
        (
            [
                ToolRun(
                    head=ScanReport(tool="semgrep"), base=ScanReport(tool="semgrep", status=ScanStatus.FAILED)
                )
            ],
            Coverage.ANY,
            "semgrep failed",
        ),
        ([unread("semgrep", "b.py", "timeout")], Coverage.ANY, "b.py (semgrep: timeout)"),
        (
            [head("bandit", targets=("b",), scanned=("b",)), unread("semgrep", "b", "regex-limit")],
            Coverage.ANY,
            "regex-limit",
        ),
        (
            [head("bandit", targets=("b",), scanned=("b",)), unread("semgrep", "b", "timeout")],
            Coverage.EVERY,
            "b (semgrep: timeout)",
        ),
    ],
)
def test_what_is_left_open_is_named(runs: list[ToolRun], coverage: Coverage, told: str) -> None:
    assert told in " ".join(left_open(runs, coverage))
