"""The change as a model sees it: every changed line once, with context, within the size of a call."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gate.core.ai import consensus
from gate.core.ai.diff import CONTEXT, batches, blocks, has_long_line, pieces
from gate.core.change import Hunk


def hunk(old_start, old, new_start, new):
    return Hunk(old_start=old_start, old=tuple(old), new_start=new_start, new=tuple(new))


def test_far_hunks_stand_alone_and_near_ones_together():
    new = [f"line {n}" for n in range(1, 201)]
    changes = [
        hunk(5, ["a"], 5, ["line 5"]),
        hunk(30, [], 31, ["line 31"]),
        hunk(150, ["b"], 151, ["line 151"]),
    ]
    first, second = blocks(changes, new)
    assert first.startswith("@@ -1,")
    assert first.count("\n+") == 2
    assert second.startswith(f"@@ -{150 - CONTEXT},{2 * CONTEXT + 1} +{151 - CONTEXT},{2 * CONTEXT + 1} @@")


def test_a_deleted_and_an_added_file_need_no_other_side():
    assert blocks([hunk(1, ["a", "b"], 0, [])], []) == ["@@ -1,2 +1,0 @@\n-a\n-b\n"]
    assert blocks([hunk(0, [], 1, ["a"])], ["a"]) == ["@@ -1,0 +1,1 @@\n+a\n"]


def test_a_secret_is_masked_before_it_is_sent():
    (block,) = blocks([hunk(0, [], 1, [f"token = 'ghp_{'a' * 36}'"])], [f"token = 'ghp_{'a' * 36}'"])
    assert "ghp_" not in block
    assert "‹secret, 40 characters›" in block


def test_a_large_file_is_split_between_hunks_and_never_inside_one():
    texts = ["@@ 1 @@\n" + "+a\n" * 30, "@@ 2 @@\n" + "+b\n" * 30]
    found = pieces("a.py", texts, most=150, sensitive=True)
    assert [piece.text.count("+++ b/a.py") for piece in found] == [1, 1]
    assert pieces("a.py", ["x" * 200], most=150, sensitive=False) is None


def test_sensitive_files_share_no_call_where_they_are_asked_more_often():
    rows = [*pieces("a.py", ["x"], most=99, sensitive=True), *pieces("b.py", ["y"], most=99, sensitive=False)]
    assert [batch.paths for batch in batches(rows, most=999, apart=False)] == [("a.py", "b.py")]
    assert [batch.paths for batch in batches(rows, most=999, apart=True)] == [("a.py",), ("b.py",)]


def test_a_name_that_is_no_line_cannot_break_the_data():
    (piece,) = pieces("a\nEND x", ["@@\n"], most=999, sensitive=False)
    assert "\nEND x" not in piece.text


def test_long_lines_are_seen_by_their_bytes():
    assert has_long_line([hunk(0, [], 1, ["가" * 1_400])])
    assert not has_long_line([hunk(0, [], 1, ["a" * 4_000])])


@st.composite
def changes(draw):
    """Both sides of a file, and the hunks between them."""
    old, new, hunks = [], [], []
    for _ in range(draw(st.integers(1, 5))):
        kept = [f"k{len(new)}.{n}" for n in range(draw(st.integers(0, 60)))]
        old += kept
        new += kept
        gone, came = draw(st.integers(0, 3)), draw(st.integers(0, 3))
        if gone or came:
            o, n = [f"-{len(old)}.{i}" for i in range(gone)], [f"+{len(new)}.{i}" for i in range(came)]
            if hunks and not kept:
                continue
            hunks.append(hunk(len(old) + bool(gone), o, len(new) + bool(came), n))
            old += o
            new += n
    return old, new, hunks


@given(changes())
def test_the_blocks_hold_every_changed_line_once_and_apply(case):
    old, new, hunks = case
    text = "".join(blocks(hunks, new))
    assert [x[1:] for x in text.split("\n") if x[:1] == "+"] == [line for h in hunks for line in h.new]
    assert [x[1:] for x in text.split("\n") if x[:1] == "-"] == [line for h in hunks for line in h.old]
    for block in blocks(hunks, new):
        head, *lines = block.rstrip("\n").split("\n")
        old_part, new_part = (part[1:].split(",") for part in head.split(" ")[1:3])
        was = [line[1:] for line in lines if line[:1] in " -"]
        now = [line[1:] for line in lines if line[:1] in " +"]
        assert (len(was), len(now)) == (int(old_part[1]), int(new_part[1]))
        start = int(new_part[0])
        assert now == new[start - 1 : start - 1 + len(now)]
        start = int(old_part[0])
        assert was == old[max(start, 1) - 1 : max(start, 1) - 1 + len(was)]


def test_agreement_is_the_mean_of_the_pairs():
    a, b = ("a", "f", "1"), ("b", "f", "2")
    assert consensus.agreement([frozenset({a, b}), frozenset({a}), frozenset()]) == 0.1667
    assert consensus.agreement([frozenset(), frozenset()]) == 1.0
    assert consensus.agreement([frozenset({a})]) is None
