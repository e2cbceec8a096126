"""Layer L3: matches of area rules count where they meet changed lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gate.core.area import classify
from tests.core.test_threats_factories import change_of, changed, hit, shipped_areas

if TYPE_CHECKING:
    from gate.core.change import FileChange

OLD = "a\n@step('first')\ndef f(): ...\nz\n"
NEW = "a\ndef f(): ...\nz\nnew\n"
FILE = changed("app/views.py", OLD, NEW)  # line 2 removed, line 4 added


def found(head=(), base=(), file: FileChange = FILE, *, wide: bool = False):
    touches = classify(change_of(file), shipped_areas(), wide=wide, head_hits=head, base_hits=base)
    return [(t.area, t.layer, t.rule, t.line, t.side, t.text) for t in touches]


def test_a_removed_guard_is_found_on_the_base_side():
    assert found(base=[hit("app/views.py", 2)]) == [
        ("authz", "L3", "areas.authz.example", 2, "old", "@step('first')")
    ]


def test_an_added_line_is_found_on_the_head_side():
    assert found(head=[hit("app/views.py", 3, 9)]) == [
        ("authz", "L3", "areas.authz.example", 4, "new", "new")
    ]


@pytest.mark.parametrize(
    "hits",
    [
        {"head": [hit("app/views.py", 1, 3)]},
        {"base": [hit("app/views.py", 3, 4)]},
        {"head": [hit("app/other.py", 4)]},
        {"head": [hit("app/views.py", 5, 9)]},
    ],
)
def test_a_match_on_unchanged_lines_is_no_evidence(hits):
    assert found(**hits) == []


def test_matches_in_tests_count_only_when_areas_are_wide():
    file = changed("tests/test_views.py", OLD, NEW)
    assert found(head=[hit(file.path, 4)], file=file) == []
    assert len(found(head=[hit(file.path, 4)], file=file, wide=True)) == 1


def test_a_new_file_counts_as_a_whole():
    file = changed("app/new.py", None, OLD)
    assert [line for *_, line, _, _ in found(head=[hit(file.path, 2, 3)], file=file)] == [2]


def test_the_same_match_told_twice_is_one_piece_of_evidence():
    assert len(found(base=[hit("app/views.py", 2), hit("app/views.py", 2)])) == 1


def test_an_area_that_no_file_defines_still_counts():
    assert [row[0] for row in found(head=[hit("app/views.py", 4, area="payments")])] == ["payments"]


def test_evidence_text_is_cut():
    file = changed("app/x.py", None, "y" * 500 + "\n")
    assert [len(row[-1]) for row in found(head=[hit(file.path, 1)], file=file)] == [200]
