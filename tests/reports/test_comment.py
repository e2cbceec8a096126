"""The comment as forges make it: GitHub's own Markdown engine on 200 hostile strings, links, marker, size."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options as Cmark

from gate.core.verdict import Outcome
from gate.reports.comment import marker, render
from tests.reports import factories as make
from tests.reports import scenarios
from tests.reports.hostile import PIECES

WEB = "https://git.example.com/acme/shop"
EXTENSIONS = ["table", "autolink", "strikethrough", "tasklist"]
#: As GitHub renders comments (a single line break is one), but raw HTML is let through, so that nothing hides.
OPTIONS = Cmark.CMARK_OPT_UNSAFE | Cmark.CMARK_OPT_HARDBREAKS | Cmark.CMARK_OPT_FOOTNOTES
OURS = {
    "h3", "h4", "p", "strong", "code", "pre", "ul", "li", "br", "table", "thead", "tbody", "tr", "th", "td",
    "details", "summary", "a",
}  # fmt: skip


class Rendered(HTMLParser):
    """What a reader gets: elements in order, the text outside of code, and where links lead."""

    def __init__(self, markdown: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.links: list[str] = []
        self.prose: list[str] = []
        self.comments: list[str] = []
        self._code = 0
        html = cmarkgfm.markdown_to_html_with_extensions(markdown, options=OPTIONS, extensions=EXTENSIONS)
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self._code += tag in ("code", "pre")
        assert not [name for name, _ in attrs if name not in ("href", "class", "lang", "align")], (tag, attrs)
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")

    def handle_endtag(self, tag):
        self._code -= tag in ("code", "pre")

    def handle_data(self, data):
        if not self._code:
            self.prose.append(data)

    def handle_comment(self, data):
        self.comments.append(data)


def hostile_strings() -> list[str]:
    """200 strings: each piece alone and at the start of a line, and mixtures of them that are always the same."""
    chosen = random.Random(20260131)
    mixed = ["".join(chosen.choices(PIECES, k=chosen.randint(2, 6))) for _ in range(400)]
    alone = [piece for piece in PIECES if piece.strip()]
    return list(dict.fromkeys([*alone, *(f"\n{piece}" for piece in alone), *mixed]))[:200]


def check(markdown: str, *, links: tuple[str, ...] = ()) -> Rendered:
    found = Rendered(markdown)
    assert set(found.tags) <= OURS, set(found.tags) - OURS
    for link in found.links:
        assert link.startswith(links) if links else False, link
    prose = "".join(found.prose)
    # Forges look for these in the rendered text.
    assert not re.search(r"(?<![\w`])@\w", prose)
    assert not re.search(r"(?<!\w)(?:#\d|[!&%~$]\w)", prose)
    assert not re.search(r"(?i)\bGH-\d|\[[a-z_]+:\w", prose)
    assert not re.search(r"(?i)\b(close|fix|resolve)[sd]?:? +#\d", prose)
    assert "://" not in prose
    # GitLab takes a line of the source that begins with a slash for a command, after dropping \r.
    assert not re.search(r"(?m)^[ \t>]*/", markdown.replace("\r", ""))
    return found


def test_there_are_200_hostile_strings():
    assert len(hostile_strings()) == 200


@pytest.mark.parametrize("language", ["en", "ko"])
def test_hostile_strings_stay_text(language):
    """No element, link, mention, reference or quick action of theirs, in any field, with and without links."""
    plain = check(render(scenarios.everywhere("plain", "src/a.py"), language=language))
    for text in hostile_strings():
        if not text.strip():
            continue
        run = scenarios.everywhere(text, f"src/{text}.py".replace("\0", "0"))
        found = check(render(run, language=language, key="default"))
        # Text with a backtick or a `|` cannot be a code span and is plain text instead.
        assert [t for t in found.tags if t != "code"] == [t for t in plain.tags if t != "code"], text
        assert [c.strip() for c in found.comments] == ["ai-merge-gate:1 key=default"]


def test_hostile_strings_lead_only_to_lines_of_the_change():
    for text in hostile_strings()[::4]:
        run = scenarios.everywhere(text, f"src/{text}.py".replace("\0", "0"))
        found = check(render(run, web_url=WEB, forge="gitlab"), links=(f"{WEB}/-/blob/{make.HEAD}/src/",))
        assert found.links


@pytest.mark.parametrize("scenario", [*scenarios.SCENARIOS])
def test_scenarios_are_rendered_without_a_trace_of_markup(scenario):
    run, options = scenarios.SCENARIOS[scenario]
    found = check(render(run(), language=options.get("language", "en")))
    assert not re.search(r"\|---|^#+ ", "".join(found.prose), re.MULTILINE)


@pytest.mark.parametrize(
    ("scenario", "first"),
    [
        (scenarios.passed, "✓ PASSED – Nothing is left to do; signed off by bob."),
        (scenarios.blocked, "✗ BLOCKED – The author must fix 2 findings."),
        (
            scenarios.needs_signoff,
            "◷ WAITING FOR SIGN-OFF – bob or carol must sign off (auth). Nobody can sign off gate yet.",
        ),
        (
            scenarios.incomplete,
            "? INCOMPLETE – Not everything could be checked; whoever runs the pipeline must clear 2 reasons. Also blocking: 1 finding.",
        ),
    ],
)
def test_the_first_line_says_the_verdict_and_who_must_do_what(scenario, first):
    found = Rendered(render(scenario()))
    assert found.tags[0] == "h3"
    assert "".join(found.prose).replace("\u200b", "").startswith(first)


def test_a_reader_meets_what_waits_before_what_is_folded():
    text = render(scenarios.needs_signoff())
    parts = ("#### Why", "#### Sign-off", "`src/auth/login.py:31`", "bob, carol", "**How**", "alice – author",
             "**Waiting for sign-off (1)**", "> 12 | ", "Pass values as query", "<details>", "**Authorship**", "gate 0.1.0 ·")  # fmt: skip
    assert sorted(text.index(part) for part in parts) == [text.index(part) for part in parts]


def test_three_findings_stand_open_and_the_others_are_folded():
    many = tuple(make.finding(f"src/{n}.py", 12, title=f"Weakness {n}") for n in range(6))
    run = make.run(make.reason("finding.new", Outcome.BLOCKED, "x", "Fix."), findings=many)
    text = render(run)
    opened, _, folded = text.partition("<summary>Source and advice (3)</summary>")
    assert opened.count("```text") == folded.count("```text") == 3


@pytest.mark.parametrize(
    ("forge", "address"),
    [
        ("github", f"{WEB}/blob/{make.HEAD}/src/auth/login.py#L31"),
        ("gitlab", f"{WEB}/-/blob/{make.HEAD}/src/auth/login.py#L31"),
    ],
)
def test_evidence_and_findings_link_to_their_lines_at_the_judged_commit(forge, address):
    text = render(scenarios.needs_signoff(), web_url=WEB, forge=forge)
    assert f"[`src/auth/login.py:31`]({address})" in text
    assert address.replace("auth/login.py#L31", "shop/orders.py#L12") in text


def test_a_removed_line_is_linked_at_the_merge_base():
    run = scenarios.needs_signoff()
    touch = make.touch(line=2, side="old", text="old 1")
    signoff = replace(run.facts.signoff, areas={"auth": (touch,)})
    text = render(replace(run, facts=replace(run.facts, signoff=signoff)), web_url=WEB, forge="github")
    assert f"{WEB}/blob/{make.BASE}/src/auth/login.py#L2" in text


@pytest.mark.parametrize(
    ("web", "forge"), [("", "github"), (WEB, ""), (WEB, "other"), ("javascript:alert(1)", "github")]
)
def test_without_an_address_there_is_no_link(web, forge):
    assert not Rendered(render(scenarios.blocked(), web_url=web, forge=forge)).links


def test_a_path_that_needs_it_is_encoded_in_the_address():
    run = make.run(findings=(make.finding("src/a b)(#?é.py", 3),))
    found = Rendered(render(run, web_url=WEB, forge="github"))
    assert f"{WEB}/blob/{make.HEAD}/src/a%20b%29%28%23%3F%C3%A9.py#L3" in found.links


def test_the_marker_is_the_first_line():
    text = render(scenarios.passed(), key="team-a")
    assert text.split("\n", 1)[0] == marker("team-a") == "<!-- ai-merge-gate:1 key=team-a -->"


@pytest.mark.parametrize("key", ["", "A", "a b", "a-->", "a--b", "x" * 33, "a\n"])
def test_a_key_cannot_end_the_marker(key):
    with pytest.raises(ValueError, match="is no key of a comment"):
        marker(key)


@pytest.mark.parametrize("limit", [60_000, 20_000, 5_000])
def test_3000_findings_fit_with_marker_and_links(limit):
    text = render(scenarios.huge(), key="default", web_url=WEB, forge="gitlab", max_bytes=limit)
    assert len(text.encode()) <= limit
    check(text, links=(f"{WEB}/-/blob/",))
    for kept in ("INCOMPLETE", "3,000 findings", "`scan.coverage`", "400 files", "exit 4"):
        assert kept in text


def test_equal_runs_give_equal_bytes():
    assert render(scenarios.blocked(), key="default") == render(scenarios.blocked(), key="default")
    assert not re.search(r"\d{4}-\d\d-\d\dT\d\d", render(scenarios.blocked()))


def test_golden_comments_are_rendered_as_they_are_read():
    """Each golden Markdown file holds only elements of ours when GitHub's engine has rendered it."""
    for path in sorted((Path(__file__).parents[1] / "golden" / "markdown").iterdir()):
        check(path.read_text(encoding="utf-8"))


def test_a_message_that_only_repeats_the_title_is_left_out():
    run = make.run(findings=(make.finding(title="Shell with user input", message="Shell with user input."),))
    assert "Shell with user input." not in render(run)


def test_places_of_one_reason_share_it():
    text = render(scenarios.needs_signoff())
    assert text.count("its path is named like this area") == 1 + text.split("#### Sign-off")[0].count(
        "named like"
    )
