"""No text makes a reader of notes raise, and nothing of it reaches a report unescaped."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.authorship import attribute
from gate.core.authorship.notes import FoundNote, NoteFacts, parse_note
from tests.rulesets_agents.kit import commit, registry
from tests.support import notes as kit

SHA = "a" * 40
SOURCES = {
    "notes_ai": kit.git_ai(
        {
            "a b.py": {
                kit.session_key("claude"): "1-3,7",
                kit.person_key(): "9",
                kit.prompt_key("cursor"): "4",
            }
        },
        sessions={kit.session("claude"): kit.agent("claude", prompter=kit.ANN)},
        prompts={kit.prompt_key("cursor"): kit.agent("cursor")},
        humans={kit.person_key(): {"author": kit.ANN}},
    ).encode(),
    "notes_agentblame": kit.agent_blame(
        [kit.blame_row("a", 1, 9), kit.blame_row("b", 2, 2, version=1)]
    ).encode(),
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def judged(source, content):
    note = parse_note(source, content, SHA)
    facts = NoteFacts(notes={SHA: [FoundNote(source=source, note=note)]}, added={SHA: {"a b.py": ((1, 9),)}})
    (entry,) = attribute([commit(sha=SHA)], registry(), notes=facts).commits
    shown = [*entry.remarks, *(e.text for e in entry.evidence), *(e.prompter or "" for e in entry.evidence)]
    assert all(text.isprintable() for text in shown)
    assert note.problem is None or not note.says_something
    return entry


@pytest.mark.parametrize("source", SOURCES)
@given(data=st.data())
def test_changed_bytes(source, data):
    content = bytearray(SOURCES[source])
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    judged(source, bytes(content))


@pytest.mark.parametrize("source", SOURCES)
@given(content=st.binary(max_size=200))
def test_any_bytes(source, content):
    judged(source, content)
    judged(source, b"a\n  ai_agent 1\n---\n" + content)


@given(JSON, JSON, JSON, JSON)
def test_any_json_in_the_place_of_records(sessions, prompts, humans, base):
    document = {
        "schema_version": "authorship/3.0.0",
        "sessions": sessions,
        "prompts": prompts,
        "humans": humans,
    }
    lines = f"a b.py\n  {kit.session_key('claude')} 1\n  {kit.person_key()} 2\n---\n"
    text = lines + json.dumps(document | {"base_commit_sha": base})
    assert judged("notes_ai", text.encode()).verdict.is_ai


@given(JSON, JSON)
def test_any_json_in_the_place_of_attributions(rows, row):
    for attributions in (rows, [row], [kit.blame_row("a", 1, 1) | (row if isinstance(row, dict) else {})]):
        judged("notes_agentblame", json.dumps({"version": 2, "attributions": attributions}).encode())
