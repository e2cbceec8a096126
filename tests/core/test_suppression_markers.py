"""Comments and strings that suppress, read as the tools read them."""

from __future__ import annotations

import pytest

from gate.core.suppression import find_markers
from tests.core.test_merge_factories import FAMILIES, source

TESTS = FAMILIES.rule_names("bandit")


def markers(text, path="a.py"):
    return find_markers(source(text, path), TESTS)


@pytest.mark.parametrize(
    ("comment", "rules"),
    [
        ("# nosec", ()),
        ("#nosec", ()),
        ("# nosec: B602", ("B602",)),
        ("# nosec B602, B607 because", ("B602", "B607")),
        ("# nosec eval", ("B307",)),
        ("# nosec subprocess_popen_with_shell_equals_true", ("B602",)),
        ("# nosec B999", ()),
        ("# nosec b602", ()),
        ("# nosec because it is fine", ()),
        ("# type: ignore # nosec B602", ("B602",)),
        ("# nosec # B602", ()),
    ],
)
def test_nosec(comment, rules):
    (found,) = markers(f"x = 1\nrun(x)  {comment}\n")
    assert (found.kind, found.line, found.rules, found.blanket) == ("nosec", 2, rules, not rules)
    assert found.is_plain
    assert not found.alone


def test_of_ids_without_a_blank_between_them_bandit_takes_the_last():
    (found,) = markers("run(x)  # nosec B602,B607\n")
    assert (found.rules, found.blanket) == (("B607",), False)
    (found,) = markers("run(x)  # nosec B602,because\n")
    assert (found.rules, found.blanket) == ((), True)


@pytest.mark.parametrize("comment", ["# NOSEC", "#Nosec B602"])
def test_bandit_wants_its_word_in_lower_case(comment):
    (found,) = markers(f"run(x)  {comment}\n")
    assert (found.kind, found.is_plain, found.names("B602")) == ("nosec", True, False)
    assert "lower case" in found.unread


@pytest.mark.parametrize("comment", ["# NOSECURITY", "# no sec", "# use nosec here", "# nose"])
def test_no_nosec(comment):
    assert markers(f"run(x)  {comment}\n") == ()


def test_a_longer_word_works_for_the_tools_and_is_no_plain_comment():
    nosec, nosem = markers("run(x)  # nosecurity review\nrun(x)  # nosemgrepx\n")
    assert (nosec.blanket, nosec.is_plain) == (True, False)
    assert (nosem.blanket, nosem.is_plain) == (True, False)


@pytest.mark.parametrize(
    ("comment", "rules"),
    [
        ("# nosemgrep", ()),
        ("# NoSem", ()),
        ("# not nosemgrep here", ()),
        ("# nosemgrep:", ()),
        ("# nosemgrep: a.b.rule", ("a.b.rule",)),
        ("# nosemgrep: one, two", ("one", "two")),
        ("# nosemgrep: one two", ("one",)),
    ],
)
def test_nosemgrep(comment, rules):
    (found,) = markers(f"run(x)  {comment}\n")
    assert (found.kind, found.rules, found.blanket, found.is_plain) == ("nosemgrep", rules, not rules, True)


def test_semgrep_wants_a_blank_before_its_word():
    for text, path in (
        ("run(x) //nosemgrep\n", "a.js"),
        ("run(x) /*nosemgrep*/\n", "a.js"),
        ("run(x)  #NOSEM: shell\n", "a.py"),
        ("select 1 --nosemgrep\n", "a.sql"),
        ("a: b #nosemgrep\n", "a.yml"),
    ):
        (found,) = markers(text, path)
        assert (found.kind, found.is_plain, found.names("shell")) == ("nosemgrep", True, False)
        assert "blank" in found.unread
    assert markers("x = '#nosemgrep'  # see http://x/nosemgrep\n") == ()


def test_strings_suppress_for_semgrep_only():
    (found,) = markers('call("# nosemgrep", "# nosec")\n')
    assert (found.kind, found.in_string, found.is_plain) == ("nosemgrep", True, False)


def test_nosec_means_nothing_in_other_languages():
    assert markers("run(x) // # nosec\n", "a.js") == ()


def test_a_line_of_its_own_and_lines_of_a_block_comment():
    found = markers("// nosemgrep\nrun(x) /* a\n nosemgrep: r\n*/\n", "a.js")
    assert [(m.line, m.alone, m.rules) for m in found] == [(1, True, ()), (3, True, ("r",))]


def test_both_words_in_one_comment():
    assert [m.kind for m in markers("run(x)  # nosec B602 # nosemgrep: r\n")] == ["nosec", "nosemgrep"]


@pytest.mark.parametrize(
    ("rule", "covered"),
    [("rule", True), ("python.lang.rule", True), ("other-rule", False), ("rule.x", False)],
)
def test_ids_may_be_bare(rule, covered):
    (found,) = markers("run(x)  # nosemgrep: rule\n")
    assert found.names(rule) is covered


def test_the_text_for_people_holds_no_secret():
    token = "ghp_" + "a1B2" * 9
    comment, string = markers(f"run(x)  # nosec {token}\nrun('hunter2 nosemgrep hunter2')\n")
    assert token not in comment.text
    assert string.text == "nosemgrep"
