"""Laws of merging and comparing, over generated sources and sightings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.baseline import compare
from gate.core.finding import Range, Severity, Sighting, State
from gate.core.merge import merge, with_places
from gate.core.source import Source
from tests.core.test_merge_factories import FAMILIES, change, source

if TYPE_CHECKING:
    import random

LINES = st.lists(
    st.sampled_from(
        [
            "run(a)",
            "run(a, b)",
            "x = run(a) + run(b)",
            "def f():",
            "    run(a)",
            "class K:",
            "    def g(self):",
            "        run(a)",
            "run(",
            "    a,",
            ")",
            "# run",
            "",
            "if x:",
            "try: run(a)",
            "s = '''",
            "\x0c",
            "é = run(é)",
            "run('secret', password=\"other secret\")",
        ]
    ),
    max_size=12,
)
RANGES = st.builds(
    lambda line, column, lines, end: Range(
        start_line=line,
        start_column=column,
        end_line=line + lines,
        end_column=max(end, column + 1) if column else 0,
    ),
    st.integers(1, 13),
    st.integers(0, 12),
    st.integers(0, 2),
    st.integers(1, 20),
)
SIGHTINGS = st.lists(
    st.builds(
        Sighting,
        tool=st.sampled_from(["semgrep", "bandit", "trivy", "ai"]),
        rule_id=st.sampled_from(["B602", "B603", "B404", "r1", "r2"]),
        path=st.sampled_from(["a.py", "b.js", "", "gone.py"]),
        range=RANGES,
        severity=st.sampled_from(Severity),
        family=st.sampled_from([None, None, None, "hardcoded-secret"]),
        cwe=st.sampled_from([(), (78,), (89,), (327,), (20,), (9001,), (9001, 9002)]),
        message=st.sampled_from(["", "m", "'secret'"]),
        suppressed_inline=st.booleans(),
        external=st.booleans(),
    ),
    max_size=14,
)


def trees(lines: list[str]) -> dict[str, Source]:
    text = "\n".join(lines)
    return {path: source(text, path) for path in ("a.py", "b.js")}


@given(LINES, SIGHTINGS, st.randoms(use_true_random=False))
def test_order_and_repetition_of_the_input_have_no_effect(lines, sightings, chance: random.Random):
    expected = merge(sightings, trees(lines), FAMILIES)
    again = sightings + chance.sample(sightings, len(sightings) // 2)
    chance.shuffle(again)
    assert merge(again, trees(lines), FAMILIES) == expected


@given(LINES, SIGHTINGS, st.randoms(use_true_random=False))
def test_places_that_some_sightings_bring_have_no_effect(lines, sightings, chance: random.Random):
    sources = trees(lines)
    placed = [
        with_places([s], sources[s.path], FAMILIES)[0] if s.path in sources and chance.random() < 0.7 else s
        for s in sightings
    ]
    assert placed == sightings
    assert merge(placed, trees(lines), FAMILIES) == merge(sightings, trees(lines), FAMILIES)


@given(LINES, SIGHTINGS)
def test_with_places_no_text_is_needed(lines, sightings):
    sources = trees(lines)
    sightings = [s for s in sightings if s.path in sources and s.tool != "ai"]
    placed = [with_places([s], sources[s.path], FAMILIES)[0] for s in sightings]
    assert merge(placed, _refuse, FAMILIES) == merge(sightings, sources, FAMILIES)


def _refuse(path: str) -> Source:
    raise AssertionError(f"{path} was read")


@given(LINES, SIGHTINGS)
def test_every_sighting_is_a_witness_of_exactly_one_finding(lines, sightings):
    found = merge(sightings, trees(lines), FAMILIES)
    seen = [(f.path, w.tool, w.rule_id, w.range) for f in found for w in f.witnesses]
    assert len(seen) == len(set(seen))
    assert set(seen) == {(s.path, s.tool, s.rule_id, s.range) for s in sightings}


@given(LINES, SIGHTINGS)
def test_ids_are_unique(lines, sightings):
    found = merge(sightings, trees(lines), FAMILIES)
    assert len({f.id for f in found}) == len(found)


@given(LINES, SIGHTINGS)
def test_a_cluster_has_each_rule_of_a_tool_once(lines, sightings):
    for finding in merge(sightings, trees(lines), FAMILIES):
        rules = [(w.tool, w.rule_id) for w in finding.witnesses if w.tool != "ai"]
        assert len(rules) == len(set(rules))


@given(LINES, SIGHTINGS)
def test_models_only_add(lines, sightings):
    """Without them, everything else is equal but for their own witnesses and findings."""
    bare = merge([s for s in sightings if s.tool != "ai"], trees(lines), FAMILIES)
    found = merge(sightings, trees(lines), FAMILIES)
    rest = [replace(f, witnesses=tuple(w for w in f.witnesses if w.tool != "ai")) for f in found]
    assert tuple(f for f in rest if f.witnesses) == bare


@given(LINES, SIGHTINGS, st.integers(1, 5))
def test_lines_on_top_change_no_id(lines, sightings, count):
    located = [s for s in sightings if s.path in ("a.py", "b.js") and s.range.start_line <= len(lines)]
    before = merge(located, trees(lines), FAMILIES)
    moved = [
        Sighting(**{f: getattr(s, f) for f in s.__dataclass_fields__} | {"range": shifted(s.range, count)})
        for s in located
    ]
    after = merge(moved, trees([""] * count + lines), FAMILIES)
    assert [f.fingerprints for f in after] == [f.fingerprints for f in before]


def shifted(place: Range, lines: int) -> Range:
    return Range(
        start_line=place.start_line + lines,
        start_column=place.start_column,
        end_line=place.end_line + lines,
        end_column=place.end_column,
    )


@given(LINES, LINES, SIGHTINGS, SIGHTINGS, st.booleans())
def test_never_more_matched_than_the_base_had(old, new, base_sightings, head_sightings, scanned):
    base = merge(base_sightings, trees(old), FAMILIES)
    head = merge(head_sightings, trees(new), FAMILIES)
    texts = [{p: "\n".join(lines) for p in ("a.py", "b.js")} for lines in (old, new)]
    result = compare(
        head,
        base,
        change=change(*texts),
        scanned_base=lambda _: scanned,
        scanned_head=lambda _: True,
        head_sources=trees(new),
        base_sources=trees(old),
    )
    matched = [f.matched for f in result.findings if f.matched is not None]
    assert len(matched) == len(set(matched))
    assert set(matched) <= {f.id for f in base}
    assert [f.id for f in result.findings] == [f.id for f in head]
    by_models = [f for f in base if all(w.tool == "ai" for w in f.witnesses)]
    assert len(matched) + len(result.fixed) + len(result.unfixable) + len(by_models) == len(base)
    for finding in result.findings:
        assert (finding.matched is not None) == (finding.state in (State.EXISTING, State.MOVED))
    if not scanned:
        assert not result.fixed


@given(LINES, SIGHTINGS)
def test_nothing_changed_means_everything_existed(lines, sightings):
    found = merge(
        [s for s in sightings if s.tool != "ai" and s.path in ("a.py", "b.js")], trees(lines), FAMILIES
    )
    result = compare(
        found,
        found,
        change=change({}, {}),
        scanned_base=lambda _: True,
        scanned_head=lambda _: True,
        head_sources=trees(lines),
        base_sources=trees(lines),
    )
    for finding in result.findings:
        if finding.code:
            assert (finding.state, finding.matched) == (State.EXISTING, finding.id)
        else:
            assert finding.state is State.UNKNOWN
    assert not result.fixed


@settings(max_examples=200)
@given(st.binary(max_size=200), SIGHTINGS)
def test_arbitrary_bytes_never_raise(data, sightings):
    merge(sightings, {path: Source(path, data) for path in ("a.py", "b.js")}, FAMILIES)
