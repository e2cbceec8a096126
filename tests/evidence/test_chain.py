"""A chain of records: whole, or with what is wrong by name."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.evidence.chain import Link, check_chain
from gate.core.evidence.record import record_digest, write_record
from tests.evidence.kit import record


def link(what, order=None) -> Link:
    digest = record_digest(write_record(what))
    return Link(place=f"place {what.commit[-3:]}", digest=digest, record=what, order=order)


def chain(count: int, *, ordered: bool = True) -> list[Link]:
    links: list[Link] = []
    for number in range(1, count + 1):
        before = (links[-1].digest,) if links else ()
        links.append(link(record(number, previous=before, number=number), number if ordered else None))
    return links


def test_a_whole_chain_has_one_end_and_no_problem():
    links = chain(5)
    found = check_chain(links)
    assert (found.problems, found.beginnings) == ((), 1)
    assert (found.ends.digests, found.ends.number) == ((links[-1].digest,), 5)
    assert check_chain([]).ends.number == 0


@given(st.integers(2, 12), st.data())
@settings(max_examples=100)
def test_any_record_but_the_last_that_is_removed_is_missed(count, data):
    links = chain(count, ordered=data.draw(st.booleans()))
    gone = data.draw(st.integers(0, count - 2))
    (problem,) = check_chain([one for one in links if one is not links[gone]]).problems
    assert f"the record before it, {links[gone].digest[:19]}, was removed or altered" in problem


def test_a_cut_tail_is_noticed_by_whoever_noted_the_end():
    links = chain(5)
    assert check_chain(links[:3]).problems == ()
    (problem,) = check_chain(links[:3], expected=[links[4].digest]).problems
    assert problem.startswith(links[4].digest[:19])
    assert "the newest records were cut off" in problem


def test_an_altered_record_is_missed_by_the_next_one():
    links = chain(4)
    links[1] = link(replace(links[1].record, verdict="blocked"), 2)
    (problem,) = check_chain(links).problems
    assert "was removed or altered" in problem


def test_records_in_another_order_are_named():
    links = chain(4)
    links[1], links[2] = replace(links[1], order=3), replace(links[2], order=2)
    problems = check_chain(links).problems
    assert len(problems) == 2
    assert all("records were put in another order" in problem for problem in problems)


def test_a_number_that_does_not_follow_is_named():
    links = chain(2)
    links.append(link(record(3, previous=(links[-1].digest,), number=7)))
    (problem,) = check_chain(links).problems
    assert "says that it is number 7, and it is 3" in problem


def test_a_copy_is_named():
    links = chain(2)
    (problem,) = check_chain([*links, links[0]]).problems
    assert problem.endswith("is there 2 times")


def test_joined_histories_are_one_chain():
    links = chain(2, ordered=False)
    left = link(record(10, previous=(links[1].digest,), number=3))
    right = link(record(11, previous=(links[1].digest,), number=3))
    assert check_chain([*links, left, right]).ends.digests == tuple(sorted((left.digest, right.digest)))
    both = link(record(12, previous=tuple(sorted((left.digest, right.digest))), number=4))
    found = check_chain([*links, left, right, both])
    assert (found.problems, found.ends.digests, found.ends.number) == ((), (both.digest,), 4)
    assert check_chain([*links, left, both]).problems  # the other side is missed


def test_many_problems_are_counted():
    problems = check_chain([replace(one, order=99) for one in chain(50)]).problems
    assert len(problems) == 21
    assert problems[-1] == "and 30 more problems of the chain"


@given(st.permutations(range(6)))
def test_the_order_of_the_links_has_no_effect(order):
    links = chain(6)
    assert check_chain([links[n] for n in order]) == check_chain(links)
