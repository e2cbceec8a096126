"""The page: nothing loaded, nothing run, and no element that the template did not write."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings

from gate.core.finding import Decision, Severity, State
from gate.reports import render
from tests.reports import factories as make
from tests.reports import scenarios
from tests.reports.hostile import hidden_characters, hostile_path, hostile_text

VOID = {"meta", "input", "br"}


class Page(HTMLParser):
    """Elements with their attributes, in order; raises for one that is closed in the wrong place."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag, tag

    def handle_data(self, data):
        self.text.append(data)

    def handle_comment(self, data):
        raise AssertionError(data)

    @property
    def tags(self) -> list[str]:
        return [tag for tag, _ in self.elements]


def page(run, **options) -> Page:
    return Page(render("html", run, **options))


def check_inert(found: Page) -> None:
    assert not {"script", "img", "iframe", "object", "embed", "link", "base", "svg", "math"} & set(found.tags)
    assert found.tags.count("style") == 1
    ids = [a["id"] for _, a in found.elements if "id" in a]
    assert len(ids) == len(set(ids))
    for tag, attributes in found.elements:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("style", "src", "action")
        ], tag
        if tag == "a":
            assert re.match(r"#[a-z]+$|https?://", attributes["href"] or "")
            if not (attributes["href"] or "").startswith("#"):
                assert attributes["rel"] == "noopener noreferrer"


@pytest.mark.parametrize("scenario", [*scenarios.SCENARIOS])
def test_scenarios_are_inert(scenario):
    run, options = scenarios.SCENARIOS[scenario]
    check_inert(page(run(), **options))


@settings(max_examples=40)
@given(hostile_text.filter(lambda t: t.strip()), hostile_path)
def test_hostile_text_adds_no_element(text, path):
    found = page(scenarios.everywhere(text, path))
    check_inert(found)
    assert found.tags == page(scenarios.everywhere("plain", "src/a.py")).tags
    assert not hidden_characters("".join(found.text), allowed="\n")


def test_the_policy_allows_this_one_style_and_nothing_else():
    text = render("html", scenarios.blocked())
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    (policy,) = [
        a["content"] for t, a in Page(text).elements if a.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert text.index("Content-Security-Policy") < text.index("<style>")
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_every_class_that_the_filter_can_hide_is_in_the_style():
    style = render("html", scenarios.blocked())
    words = (
        *(f"severity-{s.word}" for s in Severity),
        *(f"decision-{d.value}" for d in Decision),
        *(f"state-{s.value}" for s in State if s is not State.FIXED),
    )
    for word in words:
        assert f"main:has(#{word}:not(:checked)) .{word}" in style


def test_what_decides_is_read_first():
    text = "".join(page(scenarios.needs_signoff()).text)
    order = [
        text.index(part)
        for part in (
            "WAITING FOR SIGN-OFF",
            "bob or carol must sign off (auth). Nobody can sign off gate yet.",
            "ask bob or carol to approve this change",
            "Sensitive areas are touched",
            "src/auth/login.py:31",
            "author of this change",
            "SQL text built from user input",
            "nosemgrep everything",
            "Co-authored-by: Claude",
            "semgrep 1.182.0",
        )
    ]
    assert order == sorted(order)


def test_findings_that_need_someone_are_open_and_others_are_folded():
    found = [
        a for t, a in page(scenarios.blocked()).elements if t == "details" and "finding" in (a["class"] or "")
    ]
    assert len(found) == 8
    assert [("open" in a) for a in found] == [True, True] + [False] * 6


def test_every_file_that_was_not_scanned_is_named():
    text = render("html", scenarios.incomplete())
    rest = text[text.index('<section id="unscanned"') :]
    for path in ("src/auth/login.py", "src/shop/orders.py", "vendor/jquery.js", "lib/native.rs"):
        assert f"<code>{path}</code>" in rest


def test_source_keeps_its_blanks_and_marks_the_line():
    text = render("html", make.run(findings=(make.finding(),)))
    assert '<span class="marked">12 │         return db.execute(' in text


def test_versions_of_gate_policy_and_rules_are_said():
    text = "".join(page(scenarios.passed()).text)
    for part in ("0.1.0", "preset balanced", "sha256:bbbbbbbbbbbb", "2026.1"):
        assert part in text


def test_too_many_findings_are_counted():
    many = tuple(make.noted(f"src/{n:05}.py", 1, snippet=(), message="") for n in range(3_010))
    text = render("html", make.run(findings=many))
    assert text.count('<details class="finding') == 3_000
    assert "10 omitted here; the JSON report has them all." in text


def test_the_page_speaks_korean():
    text = render("html", scenarios.korean(), language="ko")
    assert '<html lang="ko">' in text
    for phrase in ("승인 대기", "발견 사항", "심각도", "이 페이지는 외부에서"):
        assert phrase in text


@pytest.mark.parametrize("url", ["javascript:alert(1)", 'https://x.example/"onclick=1', ""])
def test_only_a_plain_address_is_linked(url):
    assert "Full report" not in render("html", scenarios.passed(), report_url=url)


def test_places_lead_to_their_lines_where_the_project_has_an_address():
    web = {"web_url": "https://git.example.com/acme/shop", "forge": "gitlab"}
    found = page(scenarios.needs_signoff(), **web)
    check_inert(found)
    links = [a["href"] for t, a in found.elements if t == "a"]
    blob = f"https://git.example.com/acme/shop/-/blob/{make.HEAD}"
    assert f"{blob}/src/auth/login.py#L31" in links
    assert f"{blob}/src/shop/orders.py#L12" in links
    assert not [
        a for t, a in page(scenarios.needs_signoff()).elements if "git.example.com" in (a.get("href") or "")
    ]
