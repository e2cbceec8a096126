"""The report for a terminal: what a tired reviewer reads first, and that it never breaks the terminal."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gate import rulesets
from gate.core.finding import Decision
from gate.core.review import Signoff
from gate.core.verdict import Outcome
from gate.reports import render, render_areas, render_authorship, render_scan
from gate.reports.hints import HINTS, hint
from gate.reports.options import Options, Scan
from gate.reports.terminal import Page, clip, columns, wrap
from tests.reports import factories as make
from tests.reports import scenarios
from tests.reports.hostile import hidden_characters, hostile_path, hostile_text

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def text(run, **options) -> str:
    return render("text", run, **({"width": 80} | options))


@pytest.mark.parametrize(
    ("scenario", "first", "last"),
    [
        (
            scenarios.passed,
            "✓ PASSED  Nothing is left to do; signed off by bob.",
            "✓ passed · exit 0 · next: merge when",
        ),
        (
            scenarios.blocked,
            "✗ BLOCKED  The author must fix 2 findings.",
            "✗ blocked · exit 1 · next: fix the 2 findings, src/auth/login.py:44 first, then push again",
        ),
        (
            scenarios.needs_signoff,
            "◷ WAITING FOR SIGN-OFF  bob or carol must sign off (auth). Nobody can sign off",
            "◷ needs_signoff · exit 3 · next: ask bob or carol to approve this change",
        ),
        (
            scenarios.incomplete,
            "? INCOMPLETE  Not everything could be checked; whoever runs the pipeline must",
            "? incomplete · exit 4 · next: Run the gate on a newer Python, or correct the file",
        ),
        (
            scenarios.observe,
            "✗ BLOCKED  The author must fix 2 findings. Observe mode: the job does not fail.",
            "✗ blocked · exit 0 · next: fix the 2 findings",
        ),
    ],
)
def test_first_line_says_who_must_do_what_and_last_line_what_is_next(scenario, first, last):
    lines = text(scenario()).splitlines()
    assert lines[0] == first
    assert lines[-1].startswith(last)


def test_every_area_says_where_who_can_sign_and_why_an_approval_does_not_count():
    shown = text(scenarios.needs_signoff())
    section = shown[shown.index("SIGN-OFF  0 of 1") : shown.index("FINDINGS")]
    assert "src/auth/login.py:31  its path is named like this area\n      def login(request):" in section
    assert "can sign: bob, carol" in section
    assert "no eligible reviewer" in section
    assert "alice: author of this change" in section
    assert "bob: stale: signed 1c22fa09b1" in section
    assert "src/auth/login.py:60" not in section
    assert "1 more place in the JSON report" in section


def test_an_approval_that_served_is_named_at_its_area():
    shown = text(scenarios.passed())
    assert "accepted: bob" in shown
    assert "can sign" not in shown


def waiting(eligible, *, accepted=(), needed=1):
    return Signoff(
        outcome=Outcome.NEEDS_SIGNOFF,
        required=True,
        areas={area: (make.touch(area),) for area in eligible},
        eligible=eligible,
        accepted=accepted,
        needed=needed,
        missing=("something",),
    )


WAIT = make.reason("signoff.required", Outcome.NEEDS_SIGNOFF, "Sensitive areas are touched.", "Sign.")


@pytest.mark.parametrize(
    ("signoff", "first"),
    [
        (waiting({"auth": ("bob",), "data": ("bob",)}), "bob must sign off (auth, data)."),
        (waiting({"auth": ("bob",), "data": ("carol",)}), "Sign-off is needed: auth by bob; data by carol."),
        (waiting({"auth": ()}), "Nobody can sign off auth yet. 1 more approval needed."),
        (waiting({"auth": ("bob",)}, accepted=("bob",), needed=2), "1 more approval needed."),
        (
            waiting({"auth": ("bob", "carol")}, accepted=("bob",), needed=2),
            "1 more approval needed, from carol.",
        ),
        (
            waiting({"auth": ("bob", "carol")}, needed=2),
            "bob or carol must sign off (auth). 2 approvals are needed in all.",
        ),
        (Signoff(outcome=Outcome.PASSED), "A reviewer must sign off; see why below."),
    ],
)
def test_waiting_names_the_people_who_can_act(signoff, first):
    assert (
        text(make.run(WAIT, signoff=signoff), width=120).splitlines()[0] == f"◷ WAITING FOR SIGN-OFF  {first}"
    )


def test_who_signed_already_is_not_asked_again():
    """One area, answered for, but two people have to sign: the second is asked, and only that one."""
    signoff = replace(
        waiting({"auth": ("bob", "carol")}, accepted=("bob",), needed=2), waiting=(), forge="github"
    )
    shown = text(make.run(WAIT, signoff=signoff), width=200)
    assert "carol: open the pull request" in shown
    assert "next: ask carol to approve this change" in shown


def test_a_message_that_begins_with_its_title_goes_on_after_it():
    found = make.finding(title="A query is built", message="A query is built. Others can read it.")
    shown = text(make.run(findings=(found,)), width=200)
    assert "Others can read it." in shown
    assert "A query is built. Others" not in shown


def test_a_request_for_changes_is_told_with_the_name():
    signoff = Signoff(
        outcome=Outcome.BLOCKED,
        required=True,
        areas={"auth": (make.touch(),)},
        eligible={"auth": ("bob",)},
        objections=("bob",),
    )
    shown = text(
        make.run(
            make.reason("signoff.required", Outcome.BLOCKED, "Changes were requested by bob."),
            signoff=signoff,
        )
    )
    assert shown.splitlines()[0].startswith("✗ BLOCKED  bob asked for changes")
    assert shown.splitlines()[-1].endswith("next: settle it with bob")


def test_what_was_not_scanned_is_named_with_the_reason():
    shown = text(scenarios.incomplete())
    for line in (
        "src/auth/login.py  semgrep: tool-failed",
        "src/shop/orders.py  bandit: syntax error while parsing AST from file",
        "vendor/jquery.js  excluded by the policy (vendor/**)",
        "lib/native.rs  no scanner reads this language",
    ):
        assert f"  {line}\n" in shown


def test_a_blocking_finding_shows_place_source_fix_and_witnesses():
    shown = text(scenarios.blocked())
    assert "src/shop/orders.py:12:5  new · sql-injection · CWE-89 · Orders.find" in shown
    assert '> 12 │         return db.execute("SELECT' in shown
    assert "fix: Pass values as query parameters." in shown
    assert "seen by: bandit B608, semgrep python.sql-concat · gate explain" in shown


def test_long_lists_are_cut_and_say_how_much_is_missing():
    shown = text(scenarios.huge())
    assert len(shown.splitlines()) < 150
    told = [int(n.replace(",", "")) for n in re.findall(r"([\d,]+) more in the JSON report", shown)]
    assert told == [1800, 385]


def test_colour_is_never_the_only_sign():
    plain, coloured = text(scenarios.blocked()), text(scenarios.blocked(), colour=True)
    assert "\x1b[" not in plain
    assert "\x1b[" in coloured
    assert ANSI.sub("", coloured) == plain


def test_korean_translates_phrases_but_no_code():
    shown = text(scenarios.korean(), language="ko")
    assert shown.startswith("◷ 승인 대기  김영희 또는 이철수 님의 승인이 필요합니다 (auth).")
    assert "needs_signoff · 종료 코드 3" in shown
    assert "signoff.required" in shown


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("scenario", [*scenarios.SCENARIOS])
def test_no_line_is_wider_than_the_page_but_the_last(scenario, width):
    run, options = scenarios.SCENARIOS[scenario]
    lines = text(run(), **(options | {"width": width, "colour": False})).splitlines()
    assert max(columns(line) for line in lines[:-1]) <= width


@settings(max_examples=40)
@given(hostile_text, hostile_path, st.integers(40, 120), st.sampled_from(["en", "ko"]))
def test_hostile_text_moves_nothing(value, path, width, language):
    run = scenarios.everywhere(value, path)
    tree = Scan(
        tools=run.facts.tools, findings=run.facts.findings, suppressions=run.facts.suppressions, place=value
    )
    options = {"width": width, "language": language, "verbose": True}
    for shown in (
        render("text", run, **options),
        render_scan("text", tree, **options),
        render_areas("text", run.facts.touches, **options),
        render_authorship("text", run.facts.authorship, **options),
    ):
        assert not hidden_characters(shown, allowed="\n")
        assert not re.search(r"##\w*\[", shown)
        assert not any(line.lstrip().startswith("::") for line in shown.splitlines())
        for line in shown.splitlines()[:-1]:
            # The backslash that breaks a command is put before a line that was full already.
            assert columns(line) - line.lstrip().startswith("\\::") <= width


def test_an_empty_run_of_findings_still_says_so():
    shown = text(make.run())
    assert "FINDINGS  none" in shown
    assert "SIGN-OFF" not in shown


def test_suppressed_findings_are_shown_apart():
    shown = text(make.run(findings=(make.noted(decision=Decision.WAIVED, suppression="waiver of bob"),)))
    assert "Suppressed or waived (1)" in shown


def test_hints_are_about_families_that_exist():
    families = yaml.safe_load((rulesets.directory() / "families.yml").read_text())["families"]
    assert set(HINTS) <= set(families)
    for family, english in HINTS.items():
        assert english.endswith(".")
        korean = hint(family, "ko")
        assert korean.endswith(".")
        assert korean != english


class TestPage:
    @pytest.mark.parametrize(
        ("value", "size"), [("abc", 3), ("한글", 4), ("漢字ab", 6), ("e\u0301", 1), ("", 0), ("🙂", 2)]
    )
    def test_columns(self, value, size):
        assert columns(value) == size

    @pytest.mark.parametrize(
        ("value", "most", "shown"),
        [("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("한글입니다", 6, "한글…")],
    )
    def test_clip(self, value, most, shown):
        assert clip(value, most) == shown

    @given(st.text(alphabet="ab 한글漢", max_size=200), st.integers(20, 60), st.integers(20, 60))
    def test_wrapping_loses_nothing_and_fits(self, value, first, rest):
        lines = list(wrap(value, first=first, rest=rest))
        assert "".join(lines).replace(" ", "") == value.replace(" ", "")
        assert columns(lines[0]) <= first
        assert all(columns(line) <= rest for line in lines[1:])

    def test_a_lead_that_fills_the_page_is_a_paragraph_of_its_own(self):
        page = Page(Options(width=40))
        page.text("what", lead="x" * 60 + "  ", hang=4)
        assert page.done() == f"{'x' * 36}\n    {'x' * 24}\n    what\n" or "what" in page.done()
        assert max(columns(line) for line in page.done().splitlines()) <= 40
