"""Notes of Agent Blame, both versions."""

from __future__ import annotations

import json

import pytest

from gate.core.authorship.notes import parse_note
from tests.support import notes as kit


def parse(text):
    return parse_note("notes_agentblame", text if isinstance(text, bytes) else text.encode(), "a" * 40)


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("spelling", [1, 2])
def test_both_spellings_are_read_in_both_versions(version, spelling):
    rows = [kit.blame_row("a b.py", 3, 5, version=spelling), kit.blame_row("a b.py", 1, 1, version=spelling)]
    (writer,) = parse(kit.agent_blame(rows, version=version)).writers
    assert writer.tool == {1: "claude_code", 2: "claudeCode"}[spelling]
    assert writer.lines == {"a b.py": ((1, 1), (3, 5))}
    assert writer.models == ("claude",)
    assert writer.prompter is None


def test_each_provider_is_a_writer():
    rows = [
        kit.blame_row("a", 1, 1),
        kit.blame_row("a", 2, 9, provider="cursor"),
        kit.blame_row("b", 1, 1, provider=7),
    ]
    assert [w.tool for w in parse(kit.agent_blame(rows)).writers] == ["cursor", None, "claudeCode"]


def test_unlisted_lines_and_other_categories_are_unknown():
    note = parse(kit.agent_blame([kit.blame_row("a", 1, 9, category="human")]))
    assert not note.says_something
    assert note.remarks == ("an attribution of an unknown category; its lines count as unknown",)
    assert not parse(kit.agent_blame([])).says_something


@pytest.mark.parametrize(
    "row",
    [
        None,
        [],
        {},
        {"path": ""},
        {"startLine": 0},
        {"startLine": 5, "endLine": 4},
        {"startLine": True},
        {"startLine": 1.5},
        {"endLine": 10**30},
        {"endLine": "9"},
        {"path": ["a"]},
    ],
)
def test_a_broken_attribution_is_counted_and_the_rest_is_read(row):
    broken = kit.blame_row("a", 1, 1) | row if isinstance(row, dict) and row else row
    note = parse(kit.agent_blame([broken, kit.blame_row("b", 1, 1)]))
    assert note.remarks == ("an attribution could not be read",)
    assert [dict(w.lines) for w in note.writers] == [{"b": ((1, 1),)}]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is not valid JSON (line 1)"),
        ("[]", "it is not a JSON object"),
        ("{}", "it names no version, and only 1 and 2 are known"),
        ('{"version": true}', "it names no version, and only 1 and 2 are known"),
        ('{"version": 3, "attributions": []}', "it has the version 3, and only 1 and 2 are known"),
        ('{"version": 1}', "its list of attributions is missing"),
        ('{"version": 1, "attributions": {}}', "its list of attributions is missing"),
    ],
)
def test_what_cannot_be_read_says_why(text, why):
    assert parse(text).problem == why


def test_hashes_and_confidence_change_nothing():
    plain = kit.blame_row("a", 1, 2)
    odd = plain | {"confidence": "high", "contentHash": None, "matchType": "move_detected", "more": {}}
    assert parse(kit.agent_blame([plain])) == parse(kit.agent_blame([odd]))
    assert json.loads(kit.agent_blame([plain]))["version"] == 2
