"""Sightings that are one finding, and those that are two."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.core.finding import Confidence, Severity
from gate.core.merge import merge, with_places
from tests.core.test_merge_factories import FAMILIES, merged, place, sighting, source


def summary(found):
    return [(f.family, f.range.start_line, [w.tool for w in f.witnesses]) for f in found]


def bandit(rule, where, **fields):
    return sighting(where, tool="bandit", rule=rule, **fields)


CALL = "import subprocess\nsubprocess.run(cmd, shell=True)\n"


def test_one_shell_call_seen_by_both_tools():
    (found,) = merged(
        CALL,
        sighting(place(2, 1, 2, 32)),
        bandit("B602", place(2, 1, 2, 32), severity=Severity.MEDIUM, cwe=(78,)),
    )
    assert [w.tool for w in found.witnesses] == ["semgrep", "bandit"]
    assert found.severity is Severity.HIGH
    assert found.confidence is Confidence.HIGH
    assert found.code == "subprocess . run ( cmd , shell = True )"


@pytest.mark.parametrize(
    ("rule", "theirs", "semgrep_rule", "semgrep_cwe", "family", "cwe"),
    [
        ("B324", 327, "md5-used", 327, "weak-hash", (328,)),
        ("B324", 327, "x", 328, "weak-hash", (328,)),
        ("B506", 20, "x", 502, "deserialization", (502,)),
        ("B105", 259, "x", 798, "hardcoded-secret", (259, 798)),
        ("B307", 78, "x", 95, "code-injection", (95,)),
    ],
)
def test_tools_that_name_different_cwes_agree(rule, theirs, semgrep_rule, semgrep_cwe, family, cwe):
    (found,) = merged(
        "x = f(y)\n",
        sighting(place(1, 5, 1, 9), rule=semgrep_rule, cwe=(semgrep_cwe,)),
        bandit(rule, place(1, 1, 1, 9), cwe=(theirs,)),
    )
    assert (found.family, found.cwe, len(found.witnesses)) == (family, cwe, 2)


def test_text_built_on_one_line_and_executed_in_another_statement():
    text = 'q = "SELECT " + x\ncur.execute(q)\n'
    found = merged(text, bandit("B608", place(1, 5, 1, 18)), sighting(place(2, 1, 2, 15), cwe=(89,)))
    assert summary(found) == [("sql-injection", 1, ["bandit"]), ("sql-injection", 2, ["semgrep"])]


def test_two_sinks_on_adjacent_lines():
    found = merged("run(a)\nrun(b)\n", sighting(place(1, 1, 1, 7)), bandit("B602", place(2, 1, 2, 7)))
    assert len(found) == 2


def test_two_families_on_one_line():
    found = merged("run(a)\n", sighting(place(1, 1, 1, 7)), sighting(place(1, 1, 1, 7), rule="x", cwe=(89,)))
    assert [f.family for f in found] == ["command-injection", "sql-injection"]


def test_a_call_over_several_lines_where_the_other_tool_names_a_keyword():
    text = "subprocess.run(\n    cmd,\n    shell=True,\n)\n"
    (found,) = merged(text, sighting(place(1, 1, 4, 2)), bandit("B602", place(3)))
    assert len(found.witnesses) == 2
    (found,) = merged(text, sighting(place(1, 1, 1, 15)), bandit("B602", place(3, 5, 3, 15)))
    assert len(found.witnesses) == 2


def test_same_rule_twice_in_a_statement_are_two_sinks():
    found = merged("f(run(a), run(b))\n", sighting(place(1, 3, 1, 9)), sighting(place(1, 11, 1, 17)))
    assert [f.range.start_column for f in found] == [3, 11]
    assert [f.ordinal for f in found] == [0, 1]
    assert len({f.id for f in found}) == 2


def test_other_rule_of_one_tool_joins_where_it_overlaps():
    text = "f(run(a), run(b))\n"
    found = merged(text, sighting(place(1, 3, 1, 9)), sighting(place(1, 7, 1, 8), rule="other"))
    assert len(found) == 1
    found = merged(text, sighting(place(1, 3, 1, 9)), sighting(place(1, 11, 1, 17), rule="other"))
    assert len(found) == 2


def test_a_partial_range_joins_the_nearest_sink():
    text = "f(run(a), run(b))\n"
    found = merged(
        text,
        sighting(place(1, 3, 1, 9)),
        sighting(place(1, 11, 1, 17)),
        bandit("B602", place(1, 9, 1, 10)),
        bandit("B602", place(1, 10, 1, 11)),
    )
    assert [[(w.tool, w.range.start_column) for w in f.witnesses] for f in found] == [
        [("bandit", 9), ("semgrep", 3)],
        [("bandit", 10), ("semgrep", 11)],
    ]


def test_nothing_is_chained_through_a_third_sighting():
    """b overlaps a and c, but a and c do not overlap: c is not pulled in by b."""
    text = "f(run(a), run(b))\n"
    found = merged(
        text,
        sighting(place(1, 3, 1, 9), rule="a"),
        sighting(place(1, 7, 1, 13), rule="b"),
        sighting(place(1, 11, 1, 17), rule="c"),
    )
    assert sorted(len(f.witnesses) for f in found) == [1, 2]


def test_repeated_runs_count_once():
    one = sighting(place(2, 1, 2, 32))
    sarif = sighting(place(2, 1, 2, 32), external=True, severity=Severity.LOW, message="again")
    (found,) = merged(CALL, one, one, sarif)
    assert len(found.witnesses) == 1
    assert found.severity is Severity.HIGH


def test_a_repetition_that_is_not_suppressed_counts():
    one = sighting(place(2, 1, 2, 32), suppressed_inline=True)
    (found,) = merged(CALL, one, sighting(place(2, 1, 2, 32), external=True))
    assert not found.suppressed


def test_rules_without_a_family_join_by_equal_cwes_that_say_something():
    def pair(*cwes):
        return merged(
            "f(a)\n",
            *(
                sighting(place(1, 1, 1, 5), tool=t, rule=t, cwe=c)
                for t, c in zip(("x", "y"), cwes, strict=True)
            ),
        )

    assert [f.family for f in pair((9001,), (9001,))] == ["other:x/x"]
    assert len(pair((9001,), (9002,))) == 2
    assert len(pair((20,), (20,))) == 2
    assert len(pair((), ())) == 2


def test_the_anchor_gives_title_and_place():
    (found,) = merged(
        CALL,
        sighting(place(2, 1, 2, 32), title="wide", message="w"),
        sighting(place(2, 16, 2, 19), rule="z", title="narrow", message="n"),
        bandit("B602", place(2, 16, 2, 19), title="bandit"),
    )
    assert (found.title, found.message, found.range.start_column) == ("narrow", "n", 16)
    assert found.witnesses[0].rule_id == "z"


def test_a_place_to_look_at_counts_fully_with_a_second_tool():
    alone = bandit("B603", place(2, 1, 2, 32), severity=Severity.MEDIUM)
    (found,) = merged(CALL, alone)
    assert found.severity is Severity.LOW
    (found,) = merged(CALL, alone, sighting(place(2, 1, 2, 32), severity=Severity.LOW))
    assert found.severity is Severity.MEDIUM
    (found,) = merged(
        CALL, bandit("B404", place(1), severity=Severity.LOW), bandit("B603", place(1, 1, 1, 18))
    )
    assert found.severity is Severity.LOW


def test_suppressed_only_if_every_witness_is():
    a = sighting(place(2, 1, 2, 32), suppressed_inline=True)
    assert merged(CALL, a)[0].suppressed
    (found,) = merged(CALL, a, bandit("B602", place(2, 1, 2, 32)))
    assert not found.suppressed
    assert [w.suppressed for w in found.witnesses] == [True, False]


def ai(where, **fields):
    return sighting(
        where, tool="ai", rule="security", **({"family": "command-injection", "cwe": ()} | fields)
    )


def test_a_model_that_quotes_the_statement_is_a_witness_and_nothing_else():
    (bare,) = merged(CALL, bandit("B602", place(2, 1, 2, 32), suppressed_inline=True))
    (found,) = merged(
        CALL,
        bandit("B602", place(2, 1, 2, 32), suppressed_inline=True),
        ai(place(2), severity=Severity.CRITICAL, confidence=Confidence.HIGH, title="T", message="M"),
    )
    assert [w.tool for w in found.witnesses] == ["bandit", "ai"]
    assert replace(found, witnesses=bare.witnesses) == bare


@pytest.mark.parametrize(
    "sighted",
    [
        ai(place(1)),
        ai(place(2), family="xss"),
        ai(place(99)),
    ],
)
def test_a_model_that_says_something_else_stands_apart(sighted):
    text = CALL
    before = merged(text, bandit("B602", place(2, 1, 2, 32)))
    after = merged(text, bandit("B602", place(2, 1, 2, 32)), sighted)
    assert len(after) == 2
    assert set(before) < set(after)


def test_a_models_finding_does_not_renumber_others():
    text = "def f(c):\n    run(\n        c)\n    run(\n        c)\n"
    before = merged(text, bandit("B602", place(4, 5, 5, 11)))
    after = merged(text, bandit("B602", place(4, 5, 5, 11)), ai(place(2)))
    assert len(after) == 2
    assert set(before) < set(after)


def test_at_most_fifty_witnesses_and_the_anchor_is_one():
    found = merged(CALL, *(sighting(place(2, 1, 2, 32), rule=f"r{n:03}") for n in range(60)))
    assert [len(f.witnesses) for f in found] == [50]
    assert found[0].witnesses[0].rule_id == "r000"


def test_without_a_source_the_place_is_all_there_is():
    found = merge(
        [sighting(place(3), path="gone.py"), sighting(place(3), tool="x", path="gone.py")], {}, FAMILIES
    )
    assert [(len(f.witnesses), f.code, f.line_hash, f.snippet) for f in found] == [(2, "", "", ())]


def test_sources_can_be_a_function_and_is_asked_once_for_a_path():
    asked = []

    def look_up(path):
        asked.append(path)
        return source("a()\nb()\n", path)

    merge([sighting(place(n), path=p) for n in (1, 2) for p in ("x.py", "y.py")], look_up, FAMILIES)
    assert sorted(asked) == ["x.py", "y.py"]


def test_order_is_by_bytes_of_the_path_then_place():
    paths = ["b.py", "a\udcff.py", "é.py", "a.py"]
    found = merge([sighting(place(n), path=p) for p in paths for n in (2, 1)], {}, FAMILIES)
    assert [(f.path, f.range.start_line) for f in found] == [
        (p, n) for p in ("a.py", "a\udcff.py", "b.py", "é.py") for n in (1, 2)
    ]


def test_texts_are_cut_and_urls_checked():
    (found,) = merged(CALL, sighting(place(2), title="t" * 999, message="é" * 9999, url="javascript:x"))
    assert (len(found.title), len(found.message), len(found.witnesses[0].message)) == (255, 4000, 4000)
    assert found.witnesses[0].url == ""
    (found,) = merged(CALL, sighting(place(2), url="https://example.com"))
    assert found.witnesses[0].url == "https://example.com"


def test_snippet_has_the_statement_but_at_most_twenty_lines():
    text = "x = 1\nf(\n  1,\n  2)\n"
    (found,) = merged(text, sighting(place(2, 1, 4, 5)))
    assert (found.snippet_start, found.snippet) == (2, ("f(", "  1,", "  2)"))
    long = "f(\n" + "  1,\n" * 40 + ")\n"
    (found,) = merged(long, sighting(place(30, 3, 30, 4)))
    assert (found.snippet_start, len(found.snippet)) == (30, 13)  # to the end of the statement
    (found,) = merged(long, sighting(place(1, 1, 42, 2)))
    assert (found.snippet_start, len(found.snippet)) == (1, 20)


def test_ids_do_not_change_with_another_witness():
    one = merged(CALL, sighting(place(2, 1, 2, 32)))
    two = merged(CALL, sighting(place(2, 1, 2, 32)), bandit("B602", place(2), severity=Severity.CRITICAL))
    assert [f.fingerprints for f in one] == [f.fingerprints for f in two]


def test_many_sightings_in_one_statement_are_quick_and_complete():
    text = "f(" + "run(a)," * 3000 + ")\n"
    given = [sighting(place(1, 3 + 7 * n, 1, 9 + 7 * n)) for n in range(3000)]
    given += [bandit("B602", place(1, 3 + 7 * n, 1, 9 + 7 * n)) for n in range(3000)]
    found = merged(text, *given)
    assert len(found) == 3000
    assert {len(f.witnesses) for f in found} == {2}


def test_a_place_that_was_made_for_another_family_is_not_used():
    """The table can change between two runs: what was no secret must be hidden if it is one now."""
    text = 'connect("hunter22")\n'
    found = sighting(place(1, 1, 1, 20), family="csrf", cwe=(352,))
    placed = with_places([found], source(text), FAMILIES)[0]
    assert "hunter22" in str(placed.place)
    (finding,) = merge([replace(placed, family="hardcoded-secret")], {"a.py": source(text)}, FAMILIES)
    assert "hunter22" not in str(finding.snippet)
    assert finding == merged(text, replace(found, family="hardcoded-secret"))[0]


def test_a_place_is_no_part_of_what_a_scanner_said():
    found = sighting(place(1, 1, 1, 4))
    (placed,) = with_places([found], source("run()"), FAMILIES)
    assert placed.place is not None
    assert placed == found
    assert len({placed, found}) == 1
