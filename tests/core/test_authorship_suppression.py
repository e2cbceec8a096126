"""What switches attribution off: settings of each tool, and instructions that forbid it."""

from __future__ import annotations

import time
from typing import Any

import pytest

from gate import config
from gate.core.authorship import AuthorVerdict, attribute
from gate.core.authorship.model import Marker
from gate.core.authorship.suppression import SuppressionTable, compare_sides
from tests.rulesets_agents.kit import commit, registry, trailer

DOCUMENT = config.load_document("agents/_suppression.yml")
TABLE = SuppressionTable(DOCUMENT)
OFF = {"attribute-author": False, "attribute-committer": False, "attribute-co-authored-by": False}


def found(path: str, document: Any) -> list[tuple[str, str]]:
    return [(m.agent, m.key) for m in TABLE.markers({path: document}, {}, "head")]


@pytest.mark.parametrize(
    ("path", "document", "agent", "key"),
    [
        (".claude/settings.json", {"attribution": {"commit": ""}}, "claude-code", "attribution.commit"),
        (".claude/settings.json", {"includeCoAuthoredBy": False}, "claude-code", "includeCoAuthoredBy"),
        (".github/copilot/settings.json", {"includeCoAuthoredBy": False}, "copilot", "includeCoAuthoredBy"),
        (
            ".cursor/cli.json",
            {"attribution": {"attributeCommitsToAgent": False}},
            "cursor",
            "attribution.attributeCommitsToAgent",
        ),
        (".aider.conf.yml", OFF, "aider", "attribute-co-authored-by"),
        (".aider.conf.yml", dict.fromkeys(OFF, "no"), "aider", "attribute-co-authored-by"),
        (
            "crush.json",
            {"options": {"attribution": {"trailer_style": "none"}}},
            "crush",
            "options.attribution.trailer_style",
        ),
        (
            ".crush.json",
            {"options": {"attribution": {"trailer_style": "NONE"}}},
            "crush",
            "options.attribution.trailer_style",
        ),
    ],
)
def test_each_setting_is_known(path, document, agent, key):
    assert found(path, document) == [(agent, key)]
    assert found("sub/" + path, document) == []


@pytest.mark.parametrize(
    ("path", "document"),
    [
        (".claude/settings.json", {}),
        (".claude/settings.json", {"attribution": {"commit": "Made with care"}}),
        (".claude/settings.json", {"attribution": ""}),
        (".claude/settings.json", {"attribution": {"commit": None}}),
        (".claude/settings.json", {"attribution": {"pr": ""}}),
        (".claude/settings.json", {"attribution.commit": ""}),
        (".claude/settings.json", {"includeCoAuthoredBy": True}),
        (".claude/settings.json", {"includeCoAuthoredBy": 0}),
        # the older key is ignored where the newer ones are set
        (".claude/settings.json", {"includeCoAuthoredBy": False, "attribution": {"commit": "By Claude"}}),
        (".claude/settings.json", {"includeCoAuthoredBy": False, "attribution": {"pr": "x"}}),
        # one form is left on
        (".aider.conf.yml", {"attribute-co-authored-by": False}),
        (".aider.conf.yml", {"attribute-author": False, "attribute-committer": False}),
        (".aider.conf.yml", OFF | {"attribute-committer": True}),
        (".aider.conf.yml", OFF | {"attribute-commit-message-author": True}),
        ("crush.json", {"options": {"attribution": {"trailer_style": "assisted-by"}}}),
        ("crush.json", {"options": ["attribution"]}),
        ("settings.json", {"attribution": {"commit": ""}}),
    ],
)
def test_what_leaves_attribution_on_is_no_marker(path, document):
    assert found(path, document) == []


def test_a_setting_that_the_tool_does_not_read_is_told_apart():
    document = {"attribution": {"attributeCommitsToAgent": False}}
    [marker] = TABLE.markers({".cursor/cli.json": document}, {}, "head")
    assert marker.intent


@pytest.mark.parametrize("line", DOCUMENT["instructions"]["positive"])
def test_instructions_that_forbid_attribution(line):
    assert list(TABLE.forbidding(f"# Rules\n\n{line}\n")) == [(3, line.strip())]


@pytest.mark.parametrize("line", DOCUMENT["instructions"]["trap"])
def test_instructions_that_do_not(line):
    assert list(TABLE.forbidding(line)) == []


def test_a_text_gives_its_first_lines_and_no_flood():
    text = "Never add Co-Authored-By lines.\n" * 50
    assert [number for number, _ in TABLE.forbidding(text)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "unit",
    ["do not add ", "never ", "no co-author", "without ", "commit ", "remove ", "don't add the co-", "a"],
)
def test_hostile_lines_take_no_time(unit):
    text = "\n".join([(unit * 2_000)[:2_000]] * 100)
    start = time.process_time()
    list(TABLE.forbidding(text))
    assert time.process_time() - start < 2


def test_sides_are_compared_and_what_is_new_is_introduced():
    both = Marker(
        agent="any", file="CLAUDE.md", key="instruction", side="base", line=3, text="No AI trailers."
    )
    moved = Marker(
        agent="any", file="CLAUDE.md", key="instruction", side="head", line=9, text="No AI trailers."
    )
    gone = Marker(agent="crush", file="crush.json", key="k", side="base")
    new = Marker(agent="claude-code", file=".claude/settings.json", key="k", side="head")
    compared = compare_sides([both, gone], [moved, new])
    assert [(m.file, m.side, m.line, m.introduced) for m in compared] == [
        (".claude/settings.json", "head", 0, True),
        ("CLAUDE.md", "both", 9, False),
        ("crush.json", "base", 0, False),
    ]


def test_only_undeclared_commits_are_marked_and_no_verdict_changes():
    commits = [
        commit(sha="1" * 40),
        commit(trailer("Co-authored-by: Claude <noreply@anthropic.com>"), sha="2" * 40),
        commit(sha="3" * 40, author="renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>"),
    ]
    marker = Marker(agent="claude-code", file=".claude/settings.json", key="k", side="head")
    plain, marked = (attribute(commits, registry(), markers=markers) for markers in ((), (marker,)))
    assert (plain.suppressed, marked.suppressed) == (False, True)
    assert [c.suppressed for c in marked.commits] == [True, False, False]
    assert [c.verdict for c in marked.commits] == [c.verdict for c in plain.commits]
    assert marked.commits[0].verdict is AuthorVerdict.UNDECLARED
    assert marked.markers == (marker,)
