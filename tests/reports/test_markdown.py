"""The comment: nothing in it but what we wrote, and nothing that decides is ever cut away."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from gate.core.verdict import Outcome
from gate.reports import render
from gate.reports.markdown import STEPS
from tests.reports import factories as make
from tests.reports import scenarios
from tests.reports.hostile import hidden_characters, hostile_path, hostile_text, without_code

COMMONMARK = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OUR_HTML = re.compile(r"<details>\n<summary>[^<>]*</summary>\n?|</details>\n?|<br>")
LIMIT = 60_000


def markdown(run, **options) -> str:
    return render("markdown", run, **options)


def shape(text: str) -> list[str]:
    """The block structure of a document."""
    return [t.type for t in COMMONMARK.parse(text) if t.type != "inline"]


def check_safe(text: str) -> None:
    for token in COMMONMARK.parse(text):
        for part in (token, *(token.children or ())):
            if part.type in ("html_block", "html_inline"):
                assert OUR_HTML.fullmatch(part.content), part.content
            assert part.type not in ("link_open", "image", "s_open", "em_open"), part
    assert "\r" not in text
    assert not hidden_characters(text, allowed="\n\u200b")
    assert not any(line.lstrip().startswith("/") for line in text.split("\n"))
    bare = without_code(text)
    assert "://" not in bare
    assert not re.search(r"@\w", bare)
    assert not re.search(r"(?i)\bwww\.", bare)
    assert not re.search(r"(?i)\b(close|fix|resolve)[sd]?:? +\\?#", bare)


@pytest.mark.parametrize("scenario", [*scenarios.SCENARIOS])
def test_scenarios_hold_nothing_but_our_markup(scenario):
    run, options = scenarios.SCENARIOS[scenario]
    check_safe(markdown(run(), **options))


@settings(max_examples=60)
@given(hostile_text.filter(lambda t: t.strip()), hostile_path, st.sampled_from(["en", "ko"]))
def test_hostile_text_adds_no_markup_and_no_row(value, path, language):
    text = markdown(scenarios.everywhere(value, path), language=language)
    check_safe(text)
    plain = markdown(scenarios.everywhere("plain", "src/a.py"), language=language)
    assert shape(text) == shape(plain)


@settings(max_examples=30)
@given(hostile_text, hostile_path, st.integers(1_500, 20_000))
def test_a_cut_report_is_still_safe(value, path, limit):
    text = markdown(scenarios.everywhere(value * 50, path), max_bytes=limit)
    assert len(text.encode()) <= limit
    check_safe(text)
    lines = text.split("\n")
    assert lines.count("<details>") == lines.count("</details>")
    assert not [t for t in COMMONMARK.parse(text) if t.type == "fence" and "</details>" in t.content]


@pytest.mark.parametrize("limit", [60_000, 20_000, 10_000, 6_000, 4_000])
def test_what_decides_survives_every_limit(limit):
    huge, waiting = scenarios.huge(), scenarios.needs_signoff()
    reasons = (
        *huge.verdict.reasons,
        *(r for r in waiting.verdict.reasons if r.outcome is Outcome.NEEDS_SIGNOFF),
    )
    run = replace(
        huge,
        facts=replace(huge.facts, signoff=waiting.facts.signoff),
        verdict=replace(huge.verdict, reasons=reasons),
    )
    text = markdown(run, max_bytes=limit, report_url="https://ci.example.com/report")
    assert len(text.encode()) <= limit
    for kept in (
        "INCOMPLETE",
        "3,000 findings",
        "600 high",
        "`finding.new`",
        "`signoff.required`",
        "**to pass**",
        "`src/auth/login.py:31`",
        "bob, carol",
        "author of this change",
        "no eligible reviewer",
        "400 files",
        "https://ci.example.com/report",
        "exit 4",
    ):
        assert kept in text


def test_steps_give_up_in_the_order_of_the_contract():
    run = make.run(
        make.reason("finding.new", Outcome.BLOCKED, "10 findings.", "Fix the code."),
        findings=(
            *(make.finding(line=n, title=f"Title {n}") for n in range(10, 20)),
            *(make.noted(line=n, title=f"Noted {n}") for n in range(10)),
            *(make.noted(line=n, title=f"Minor {n}", severity=make.Severity.LOW) for n in range(20)),
        ),
    )
    sizes = []
    full = len(markdown(run).encode())
    seen = []
    for limit in range(full, 900, -50):
        text = markdown(run, max_bytes=limit)
        state = (
            "```" in text,
            "A query is put together" in text,
            "Minor 3" in text,
            "Noted 3" in text,
            "Title 13" in text,
        )
        if not seen or seen[-1] != state:
            seen.append(state)
        sizes.append(len(text.encode()))
        assert len(text.encode()) <= limit
    assert seen == [
        (True, True, True, True, True),
        (False, True, True, True, True),
        (False, False, True, True, True),
        (False, False, False, True, True),
        (False, False, False, False, True),
        (False, False, False, False, False),
    ]


def test_rows_that_are_left_out_are_counted():
    run = make.run(
        findings=tuple(
            make.noted(line=n, title=f"Minor {n}", severity=make.Severity.INFO) for n in range(300)
        )
    )
    text = markdown(run, max_bytes=8_000)
    assert "300 omitted here; the JSON report has them all." in text


def test_the_same_finding_more_than_five_times_is_one_row():
    def rows(n):
        text = markdown(make.run(findings=tuple(make.noted(line=k) for k in range(1, n + 1))))
        return len(re.findall(r"(?m)^\| medium", text)), text

    assert rows(5)[0] == 5
    count, text = rows(6)
    assert count == 1
    assert "×6" in text
    assert "`src/shop/cache.py:1`, `src/shop/cache.py:2`, `src/shop/cache.py:3` and 3 more" in text


def test_every_unscanned_file_is_named():
    text = markdown(scenarios.incomplete())
    for path in ("src/auth/login.py", "src/shop/orders.py", "vendor/jquery.js", "lib/native.rs"):
        assert f"`{path}`" in text[text.index("#### Not scanned") :]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://x.example/)", ""])
def test_only_a_plain_address_is_linked(url):
    assert "[Full report]" not in markdown(scenarios.passed(), report_url=url)


def test_the_report_is_linked():
    text = markdown(scenarios.passed(), report_url="https://ci.example.com/1?a=b")
    assert text.endswith("[Full report](https://ci.example.com/1?a=b)\n")


def test_korean_phrases_are_used():
    text = markdown(scenarios.korean(), language="ko")
    for phrase in (
        "승인 대기",
        "사유",
        "발견 사항",
        "승인 가능",
        "인정 안 됨",
        "`needs_signoff`",
        "종료 코드 3",
    ):
        assert phrase in text


def test_each_step_keeps_no_more_than_the_one_before():
    for before, after in itertools.pairwise(STEPS):
        for field in (
            "snippets",
            "messages",
            "minor_rows",
            "noted_rows",
            "blocking_rows",
            "most_items",
            "most_text",
        ):
            assert getattr(after, field) <= getattr(before, field)
