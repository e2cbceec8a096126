"""What inline suppressions are worth."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.core.finding import Decision, Severity, State
from gate.core.suppression import find_markers, judge_suppressions
from tests.core.test_merge_factories import FAMILIES, change, compare, merged, place, sighting, source

CALL = "def f(c):\n    run(c, shell=True)"


def seen(tool="bandit", *, suppressed=True, line=2, **fields):
    rule = "B602" if tool == "bandit" else "shell"
    return sighting(place(line, 5, line, 23), tool=tool, rule=rule, suppressed_inline=suppressed, **fields)


def judge(text, *sightings, base=(), author="human", undeclared_is_ai=False, **options):
    """The head has `text` and these sightings; `base` are the base's sightings at the same lines."""
    head_found = merged(text, *sightings)
    base_found = merged(text, *base)
    found = compare(
        head_found,
        base_found,
        change=change({}, {}),
        scanned_base=lambda _: True,
        scanned_head=lambda _: True,
        head_sources={},
        base_sources={},
    ).findings
    return judge_suppressions(
        found,
        base_found,
        find_markers(source(text), FAMILIES.rule_names("bandit")),
        **(
            {
                "fail_level": Severity.HIGH,
                "honour_added": True,
                "author_kind": lambda _path, _line: author,
                "undeclared_is_ai": undeclared_is_ai,
            }
            | options
        ),
    )


def only(judgement):
    (finding,), (row,) = judgement.findings, judgement.suppressions
    return finding, row


NOSEC = f"{CALL}  # nosec B602 - trusted\n"


def test_on_the_base_already():
    finding, row = only(judge(NOSEC, seen(), base=[seen()]))
    assert (finding.decision, finding.state, finding.suppressed) == (
        Decision.SUPPRESSED,
        State.EXISTING,
        True,
    )
    assert (row.kind, row.line, row.rules, row.introduced, row.effective) == (
        "nosec",
        2,
        ("B602",),
        False,
        True,
    )
    assert (row.findings, row.needs_signoff) == ((finding.id,), False)
    assert finding.suppression == "nosec in line 2"


def test_added_by_a_human_below_the_level():
    finding, row = only(judge(NOSEC, seen(severity=Severity.MEDIUM)))
    assert finding.decision is Decision.SUPPRESSED
    assert (row.introduced, row.effective, row.needs_signoff) == (True, True, False)


def test_added_by_a_human_at_the_level():
    judgement = judge(NOSEC, seen(severity=Severity.HIGH))
    finding, row = only(judgement)
    assert finding.decision is Decision.SIGNOFF
    assert (row.introduced, row.effective, row.needs_signoff) == (True, True, True)
    assert not judgement.added


def test_added_on_an_existing_finding_is_added_too():
    finding, row = only(judge(NOSEC, seen(), base=[seen(suppressed=False)]))
    assert (finding.state, finding.decision) == (State.EXISTING, Decision.SIGNOFF)
    assert row.introduced


@pytest.mark.parametrize(
    ("author", "undeclared_is_ai", "waits"),
    [
        ("ai", False, True),
        ("declared_ai", False, True),
        ("ai_assisted", False, True),
        ("bot", False, True),
        ("human", True, False),
        ("attested_human", True, True),
        ("attested_human", False, False),
        ("undeclared", False, False),
        ("undeclared", True, True),
        (None, False, False),
        (None, True, True),
    ],
)
def test_added_by_an_agent_waits_whatever_the_severity(author, undeclared_is_ai, waits):
    low = seen(severity=Severity.LOW)
    judgement = judge(NOSEC, low, author=author, undeclared_is_ai=undeclared_is_ai)
    finding, row = only(judgement)
    assert finding.decision is (Decision.SIGNOFF if waits else Decision.SUPPRESSED)
    assert row.needs_signoff is waits
    assert row.author_kind == author
    assert [(f.family, f.decision, f.witnesses[0].rule_id) for f in judgement.added] == (
        [("gate", Decision.SIGNOFF, "gate.suppression-added")] if waits else []
    )


def test_new_code_under_an_old_comment_is_its_authors():
    def author(_path, line):
        return {2: "declared_ai"}.get(line)

    text = "def f(c):\n    run(c, shell=True,\n    )  # nosec\n"
    finding, row = only(judge(text, seen(severity=Severity.LOW), author_kind=author))
    assert (finding.decision, row.line, row.author_kind) == (Decision.SIGNOFF, 3, None)
    finding, _ = only(judge(text, seen(severity=Severity.LOW), author_kind=lambda *_: None))
    assert finding.decision is Decision.SUPPRESSED


def test_an_imported_report_without_a_base_hides_nothing_new_in_a_file_that_stays():
    """The state is set without a match there; see _without_base."""
    one = seen("checkov")
    (finding,) = judge(NOSEC, one).findings
    old = replace(
        finding, state=State.EXISTING, suppressed=True, decision=Decision.NOTE, witnesses=finding.witnesses
    )
    judgement = judge_suppressions(
        [old],
        [],
        [],
        fail_level=Severity.LOW,
        honour_added=False,
        author_kind=lambda *_: "declared_ai",
        undeclared_is_ai=True,
    )
    assert [(row.kind, row.introduced, row.needs_signoff) for row in judgement.suppressions] == [
        ("sarif", False, False)
    ]
    assert judgement.findings[0].decision is Decision.SUPPRESSED


@pytest.mark.parametrize(
    ("text", "lines", "whys"),
    [
        (f"# nosec\n{CALL}\n", 3, ["no finding of this tool and rule at this place"]),  # two lines above
        ("def f(c):\n    # nosec\n    run(c, shell=True)\n", 3, ["Bandit looks for it in line 3"]),
        (f"{CALL}  # NOSEC\n", 2, ["Bandit wants its word in lower case"]),
        (f"{CALL}  # nosec B101\n", 2, ["it names B101, and Bandit found B602"]),
        (f"{CALL}  # nosec B602,B101\n", 2, ["it names B101, and Bandit found B602"]),
        (f"{CALL}\nx = 1  # nosec\n", 2, ["no finding of this tool and rule at this place"]),
    ],
)
def test_a_comment_that_hides_nothing_says_what_would(text, lines, whys):
    judgement = judge(text, seen(suppressed=False, line=lines))
    assert [row.why for row in judgement.suppressions] == [f"hides nothing: {why}" for why in whys]


@pytest.mark.parametrize(
    ("comment", "why"),
    [
        ("#nosemgrep", "Semgrep wants a blank before its word"),
        ("# nosemgrep: other", "it names other, and Semgrep found shell"),
    ],
)
def test_the_same_for_semgrep(comment, why):
    judgement = judge(f"{CALL}  {comment}\n", seen("semgrep", suppressed=False))
    assert [row.why for row in judgement.suppressions] == [f"hides nothing: {why}"]


def test_semgrep_reads_only_the_first_line_of_a_match():
    text = "def f(c):\n    run(c, shell=True,\n    )  # nosemgrep\n"
    judgement = judge(text, seen("semgrep", suppressed=False))
    assert [row.why for row in judgement.suppressions] == ["hides nothing: Semgrep looks for it in line 2"]


def test_not_honoured_where_the_policy_says_so():
    finding, row = only(judge(NOSEC, seen(), honour_added=False))
    assert (finding.suppressed, finding.decision, finding.witnesses[0].suppressed) == (
        False,
        Decision.NOTE,
        False,
    )
    assert (row.effective, row.introduced) == (False, True)
    finding, row = only(judge(NOSEC, seen(), base=[seen()], honour_added=False))
    assert (finding.suppressed, row.effective) == (True, True)


def test_blanket_is_honoured_and_marked():
    finding, row = only(judge(f"{CALL}  # nosec\n", seen(), base=[seen()]))
    assert (finding.suppressed, row.blanket, row.effective) == (True, True, True)


@pytest.mark.parametrize(
    ("text", "tool", "why"),
    [
        ('def f(c):\n    run("# nosemgrep")\n', "semgrep", "string"),
        (f"{CALL}  # nosecurity review\n", "bandit", "word"),
        (f"{CALL}  # nosemgrepx\n", "semgrep", "word"),
    ],
)
def test_strings_and_longer_words_are_not_honoured(text, tool, why):
    finding, row = only(judge(text, seen(tool), base=[seen(tool)]))
    assert (finding.suppressed, finding.decision, finding.witnesses[0].suppressed) == (
        False,
        Decision.NOTE,
        False,
    )
    assert not row.effective
    assert why in row.why


def test_a_comment_beside_a_string_is_honoured():
    finding, row = only(
        judge('def f(c):\n    run("# nosemgrep")  # nosemgrep\n', seen("semgrep"), base=[seen("semgrep")])
    )
    assert (finding.suppressed, row.effective) == (True, True)


def test_comment_on_the_line_above_for_semgrep():
    text = "def f(c):\n    # nosemgrep: shell\n    run(c, shell=True)\n"
    finding, row = only(judge(text, seen("semgrep", line=3), base=[seen("semgrep", line=3)]))
    assert (row.line, row.effective, finding.suppressed) == (2, True, True)


def test_a_comment_that_hides_nothing():
    judgement = judge("# nosec B101\nx = 1  # nosemgrep: nope\n")
    assert [(s.line, s.effective) for s in judgement.suppressions] == [(1, False), (2, False)]
    judgement = judge(f"# nosec\n{CALL}\n", seen(suppressed=False, line=3))
    assert [(s.line, s.effective) for s in judgement.suppressions] == [(1, False)]
    assert judgement.findings[0].decision is Decision.NOTE


def test_strings_that_hide_nothing_are_not_listed():
    assert judge('x = "# nosemgrep"\ny = 1  # nosecurity\n').suppressions == ()


def test_one_tool_suppressed_and_the_other_a_witness():
    finding, row = only(judge(NOSEC, seen(), seen("semgrep", suppressed=False)))
    assert (finding.suppressed, finding.decision) == (False, Decision.NOTE)
    assert [w.suppressed for w in finding.witnesses] == [False, True]
    assert (row.effective, row.needs_signoff) == (True, False)
    assert "stands on the others" in row.why


def test_a_model_keeps_nothing_open():
    ai = sighting(place(2), tool="ai", rule="x", family="command-injection", cwe=())
    finding, _ = only(judge(NOSEC, seen(), ai, base=[seen()]))
    assert finding.suppressed


def test_of_two_rules_hidden_by_one_comment_one_may_be_new():
    other = sighting(place(2, 5, 2, 23), tool="bandit", rule="B608", cwe=(89,), suppressed_inline=True)
    judgement = judge(f"{CALL}  # nosec\n", seen(), other, base=[seen()])
    assert [f.decision for f in judgement.findings] == [Decision.SUPPRESSED, Decision.SIGNOFF]
    (row,) = judgement.suppressions
    assert (len(row.findings), row.introduced, row.needs_signoff) == (2, True, True)


def test_in_the_body_of_a_handler():
    text = "try:\n    f()\nexcept Exception:\n    pass  # nosec B110\n"
    hidden = sighting(place(3), tool="bandit", rule="B110", suppressed_inline=True, cwe=(703,))
    _, row = only(judge(text, hidden, base=[hidden]))
    assert (row.line, row.effective) == (4, True)


def test_an_imported_report_may_suppress():
    hidden = sighting(place(2), tool="trivy", rule="T1", suppressed_inline=True, external=True)
    finding, row = only(judge(f"{CALL}\n", hidden, base=[hidden]))
    assert (finding.decision, row.kind, row.rules) == (Decision.SUPPRESSED, "sarif", ("T1",))


def test_without_a_base_nothing_is_new():
    finding, row = only(judge(NOSEC, seen(), has_base=False))
    assert (finding.decision, row.introduced) == (Decision.SUPPRESSED, False)


def test_more_witnesses_than_are_kept_hide_nothing():
    """The one that is not suppressed may be among those that are not shown."""
    text = f"{CALL}  # nosec # nosemgrep\n"
    many = [replace(seen("semgrep"), rule_id=f"r{n:02}") for n in range(60)]
    last = replace(many[-1], suppressed_inline=False)
    (finding,) = judge(text, *many[:-1], last).findings
    assert len(finding.witnesses) == 50
    assert all(w.suppressed for w in finding.witnesses)
    assert not finding.suppressed
    assert finding.decision is Decision.NOTE
