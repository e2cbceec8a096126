"""A tree against a baseline: nothing is recognised twice, nothing is gone that nobody looked for."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.baseline import Baseline, Known, is_within, recognise
from gate.core.finding import State
from tests.core.test_merge_factories import findings

TWO = "import os\n\ndef a(x):\n    os.system(x)\n    os.system(x)\n"
ONE = "import os\n\ndef a(x):\n    os.system(x)\n"
OTHER = "import os\n\ndef b(y):\n    os.system(y + 'z')\n"
TOOLS = frozenset({"semgrep", "bandit"})


def scan(**files: str):
    return findings({name.replace("__", "/") + ".py": text for name, text in files.items()}, "os.system")


def remembered(found, **fields) -> Baseline:
    known = tuple(
        Known(
            id=f.id,
            moved=f.fingerprints.moved_v1,
            family=f.family,
            path=f.path,
            severity=f.severity,
            title=f.title,
            line=f.range.start_line,
            tools=tuple(sorted({w.tool for w in f.witnesses})),
        )
        for f in found
    )
    return Baseline(findings=known, **({"tools": TOOLS} | fields))


def states(found, baseline, *, tools=TOOLS, unread=()):
    result = recognise(found, baseline, tools=tools, fully_read=lambda path: path not in unread)
    return Counter(f.state for f in result.findings), len(result.gone), len(result.unsure)


def test_an_unchanged_tree_is_all_known():
    found = scan(a=TWO, b=OTHER)
    assert states(found, remembered(found)) == ({State.EXISTING: 3}, 0, 0)


def test_lines_that_shift_change_nothing():
    shifted = scan(a="# new\n" * 40 + TWO)
    assert states(shifted, remembered(scan(a=TWO))) == ({State.EXISTING: 2}, 0, 0)


def test_what_came_is_new_and_what_went_is_gone():
    assert states(scan(a=ONE, b=OTHER), remembered(scan(a=TWO))) == (
        {State.EXISTING: 1, State.NEW: 1},
        1,
        0,
    )


def test_a_moved_file_is_recognised_and_says_from_where():
    before = scan(a=TWO)
    result = recognise(scan(sub__z=TWO), remembered(before), tools=TOOLS, fully_read=lambda _path: True)
    assert [f.state for f in result.findings] == [State.MOVED] * 2
    assert {f.matched for f in result.findings} == {f.id for f in before}
    assert result.gone == ()


def test_a_copy_is_new_because_the_baseline_holds_no_more():
    assert states(scan(a=TWO, b=TWO, c=TWO), remembered(scan(a=TWO))) == (
        {State.EXISTING: 2, State.NEW: 4},
        0,
        0,
    )
    assert states(scan(b=TWO, c=TWO), remembered(scan(a=TWO))) == ({State.MOVED: 2, State.NEW: 2}, 0, 0)


def test_a_tool_that_does_not_run_makes_nothing_gone():
    assert states((), remembered(scan(a=TWO)), tools=frozenset({"bandit"})) == ({}, 0, 2)


def test_a_file_that_is_not_fully_read_makes_nothing_gone():
    assert states((), remembered(scan(a=TWO, b=OTHER)), unread=("a.py",)) == ({}, 1, 2)


@pytest.mark.parametrize(
    "blind", [{"unread": frozenset({"a.py"})}, {"tools": frozenset({"bandit"})}, {"unread": frozenset({"."})}]
)
def test_what_the_baseline_could_not_know_is_not_called_new(blind):
    assert states(scan(a=TWO), remembered((), **blind)) == ({State.UNKNOWN: 2}, 0, 0)


def test_a_finding_without_code_is_only_known_by_its_id():
    found = tuple(replace(f, code="") for f in scan(a=TWO))
    assert states(found, remembered(found))[0] == {State.EXISTING: 2}
    travelled = tuple(replace(f, code="", id="id/v1:" + "0" * 32) for f in scan(b=ONE))
    assert states(travelled, remembered(found))[0] == {State.NEW: 1}


def test_a_path_is_within_itself_its_folders_and_the_tree():
    assert is_within("a/b/c.py", {"a/b"})
    assert is_within("a/b", {"a/b"})
    assert is_within("a", {"."})
    assert not is_within("ab/c.py", {"a", "b", "c.py", "ab/c"})


FILES = st.dictionaries(
    st.sampled_from(["a", "b", "sub__c", "sub__d"]), st.sampled_from([ONE, TWO, OTHER, ""]), max_size=4
)


@given(FILES, FILES, st.randoms())
def test_counts_add_up_and_the_order_of_neither_side_matters(now, then, random):
    found, baseline = scan(**now), remembered(scan(**then))
    result = recognise(found, baseline, tools=TOOLS, fully_read=lambda _path: True)
    known = [f for f in result.findings if f.state in (State.EXISTING, State.MOVED)]
    assert len(known) + len(result.gone) == len(baseline.findings)
    assert len({f.matched for f in known}) == len(known)
    shuffled, mixed = list(found), list(baseline.findings)
    random.shuffle(shuffled)
    random.shuffle(mixed)
    again = recognise(
        shuffled, replace(baseline, findings=tuple(mixed)), tools=TOOLS, fully_read=lambda _path: True
    )
    assert {f.id: (f.state, f.matched) for f in again.findings} == {
        f.id: (f.state, f.matched) for f in result.findings
    }
    assert again.gone == result.gone
