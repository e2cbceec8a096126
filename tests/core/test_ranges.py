"""Sets of lines, compared with plain sets."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gate.core.ranges import in_both, merged, size

RANGES = st.lists(st.tuples(st.integers(1, 40), st.integers(0, 6)).map(lambda r: (r[0], r[0] + r[1])))


def lines(ranges):
    return {n for first, last in ranges for n in range(first, last + 1)}


@given(RANGES)
def test_merging_keeps_the_lines_and_leaves_gaps_between_ranges(ranges):
    found = merged(ranges)
    assert lines(found) == lines(ranges)
    assert size(found) == len(lines(ranges))
    assert all(one[1] + 1 < other[0] for one, other in pairwise(found))


@given(RANGES, RANGES)
def test_what_is_in_both(one, other):
    found = in_both(merged(one), merged(other))
    assert lines(found) == lines(one) & lines(other)
    assert found == in_both(merged(other), merged(one))
