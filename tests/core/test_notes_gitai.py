"""Notes of git-ai: every kind of key, every form that real notes have, and texts that want to do harm."""

from __future__ import annotations

import json
import time

import pytest

from gate.core.authorship.notes import MAX_NOTE_BYTES, parse_note
from tests.support import notes as kit

SHA = "a" * 40


def parse(text):
    return parse_note("notes_ai", text if isinstance(text, bytes) else text.encode(), SHA)


def writers(note):
    return [(w.tool, w.prompter, dict(w.lines)) for w in note.writers]


RECORD = kit.agent("cursor", prompter=kit.ANN)


@pytest.mark.parametrize(
    ("key", "records"),
    [
        (kit.session_key("cursor"), {"sessions": {kit.session("cursor"): RECORD}}),
        (kit.session("cursor"), {"sessions": {kit.session("cursor"): RECORD}}),
        (kit.prompt_key("cursor"), {"prompts": {kit.prompt_key("cursor"): RECORD}}),
        (kit.prompt_key("cursor", length=7), {"prompts": {kit.prompt_key("cursor", length=7): RECORD}}),
        (kit.prompt_key("cursor", length=20), {"prompts": {kit.prompt_key("cursor", length=20): RECORD}}),
        (
            "0d1f2a3b-1111-4222-8333-0123456789ab",
            {"prompts": {"0d1f2a3b-1111-4222-8333-0123456789ab": RECORD}},
        ),
        ("some-other-id", {"prompts": {"some-other-id": RECORD}}),
    ],
    ids=["session", "session without trace", "16 digits", "7 digits", "longer", "uuid", "known id"],
)
def test_every_kind_of_key_leads_to_its_record(key, records):
    note = parse(kit.git_ai({"a.py": {key: "1-3,7"}}, **records))
    assert writers(note) == [("cursor", kit.ANN, {"a.py": ((1, 3), (7, 7))})]
    assert note.writers[0].models == ("cursor-large",)
    assert (note.problem, note.remarks) == (None, ())


@pytest.mark.parametrize("key", [kit.session_key("codex"), kit.prompt_key("codex"), "ai_agent"])
def test_a_key_without_a_record_stays_an_ai_of_which_nothing_is_known(key):
    note = parse(kit.git_ai({"a.py": {key: "4"}}))
    assert writers(note) == [(None, None, {"a.py": ((4, 4),)})]


def test_records_may_be_missing_altogether():
    text = kit.git_ai({"a.py": {kit.session_key("codex"): "1", kit.person_key(): "2"}})
    head, _, tail = text.partition("---\n")
    document = json.loads(tail)
    del document["prompts"]
    note = parse(f"{head}---\n{json.dumps(document)}")
    assert [w.tool for w in note.writers] == [None]
    assert note.people == {}
    assert "lines of a person without a record count as unknown" in note.remarks


def test_people_are_lines_of_a_key_that_belongs_to_their_name():
    note = parse(
        kit.git_ai({"a.py": {kit.person_key(): "35-40"}}, humans={kit.person_key(): {"author": kit.ANN}})
    )
    assert note.people == {"a.py": ((35, 40),)}
    assert not note.writers


def test_a_person_whose_key_does_not_belong_to_the_name_is_dropped_with_a_remark():
    note = parse(
        kit.git_ai(
            {"a.py": {kit.person_key(): "1-9"}}, humans={kit.person_key(): {"author": "Bob <b@x.example>"}}
        )
    )
    assert note.people == {}
    assert note.remarks == ("lines of a person whose id does not belong to the name count as unknown",)


def test_a_session_whose_id_does_not_belong_to_its_record_stays_ai():
    note = parse(
        kit.git_ai({"a.py": {kit.session_key("codex"): "1"}}, sessions={kit.session("codex"): RECORD})
    )
    assert [w.tool for w in note.writers] == ["cursor"]
    assert note.remarks == ("the id of an AI session is not that of its record",)


def test_the_old_placeholder_for_an_unknown_edit_is_neither_ai_nor_a_person():
    note = parse(kit.git_ai({"a.py": {"human": "1-9"}}))
    assert not note.says_something
    assert note.remarks == ()


def test_a_key_of_a_later_kind_is_counted_and_its_lines_are_unknown():
    note = parse(kit.git_ai({"a.py": {"x_123::y": "1", "Z": "2"}}))
    assert not note.says_something
    assert note.remarks == ("a key of an unknown kind; its lines count as unknown (2 times)",)


def test_ranges_may_be_unordered_and_overlap():
    key = kit.session_key("claude")
    note = parse(kit.git_ai({"a.py": {key: "9,5-7,1-2,6-8,3"}}))
    assert note.writers[0].lines == {"a.py": ((1, 3), (5, 9))}


def test_a_path_with_blanks_stands_in_quotes_without_escapes():
    key = kit.session_key("claude")
    note = parse(
        kit.git_ai({"my dir/a b.py": {key: "1"}, 'back\\slash\t"x".py': {key: "2"}, "plain.py": {key: "3"}})
    )
    assert set(note.writers[0].lines) == {"my dir/a b.py", 'back\\slash\t"x".py', "plain.py"}


def test_paths_are_bytes_of_git():
    note = parse(
        kit.git_ai({"caf\udce9.py": {kit.session_key("claude"): "1"}}).encode("utf-8", "surrogateescape")
    )
    assert set(note.writers[0].lines) == {"caf\udce9.py"}


def test_sessions_of_one_tool_and_person_are_one_writer_with_all_models():
    keys = [kit.session_key("claude", n) for n in "12"]
    sessions = {kit.session("claude", n): kit.agent("claude", n, prompter=kit.ANN) for n in "12"}
    sessions[kit.session("claude", "2")]["agent_id"]["model"] = "another"
    note = parse(kit.git_ai({"a.py": {keys[0]: "1-2", keys[1]: "3"}}, sessions=sessions))
    assert writers(note) == [("claude", kit.ANN, {"a.py": ((1, 3),)})]
    assert note.writers[0].models == ("another", "claude-large")


def test_the_tool_with_the_most_lines_comes_first():
    sessions = {kit.session(t): kit.agent(t) for t in ("claude", "codex")}
    note = parse(
        kit.git_ai(
            {"a.py": {kit.session_key("claude"): "1", kit.session_key("codex"): "2-9"}}, sessions=sessions
        )
    )
    assert [w.tool for w in note.writers] == ["codex", "claude"]


def test_the_first_divider_counts_and_a_note_without_lines_says_nothing():
    assert not parse(kit.git_ai({})).says_something
    assert parse(kit.git_ai({})).problem is None


def test_another_base_commit_is_a_remark():
    lines = {"a.py": {kit.session_key("claude"): "1"}}
    assert (
        parse(kit.git_ai(lines, base=SHA, sessions={kit.session("claude"): kit.agent("claude")})).remarks
        == ()
    )
    note = parse(kit.git_ai(lines, base="b" * 40, sessions={kit.session("claude"): kit.agent("claude")}))
    assert note.remarks == ("it names another commit, bbbbbbbbbbbb",)
    assert note.writers


SECRET = "the password is hunter2"


def test_conversations_leave_no_trace():
    record = kit.agent(
        "claude",
        messages=[{"type": "user", "text": SECRET}],
        messages_url="https://x",
        custom_attributes={"a": SECRET},
    )
    note = parse(
        kit.git_ai({"a.py": {kit.prompt_key("claude"): "1"}}, prompts={kit.prompt_key("claude"): record})
    )
    assert note.writers
    assert SECRET not in repr(note)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"", "the line '---' between its two parts is missing"),
        (b"a.py\n  0123456789abcdef 1\n", "the line '---' between its two parts is missing"),
        (b"a.py\n  0123456789abcdef 1\n ---\n{}", "the line '---' between its two parts is missing"),
        (b"---\n{", "its second part is not valid JSON (line 1)"),
        (b"---\n[]", "its second part is not a JSON object"),
        (b"---\n" + b'{"a":' * 100_000, "its second part is not valid JSON"),
        (b"---\n" + b"9" * 10_000, "its second part is not valid JSON"),
        (b"---\n{}", "it names no schema, and only authorship/3.0.0 is known"),
        (b'---\n{"schema_version": 3}', "it names no schema, and only authorship/3.0.0 is known"),
        (
            b'---\n{"schema_version": "authorship/4.0.0"}',
            "it has the schema authorship/4.0.0, and only authorship/3.0.0 is known",
        ),
        (
            b'---\n{"schema_version": "\\u001b[31m\\u202e"}',
            "it has the schema \\x1b[31m\\u202e, and only authorship/3.0.0 is known",
        ),
        (b"x" * (MAX_NOTE_BYTES + 1), "it has 16,777,217 bytes, more than the 16,777,216 that are read"),
    ],
)
def test_what_cannot_be_read_says_why(text, why):
    note = parse(text)
    assert note.problem == why
    assert not note.says_something


@pytest.mark.parametrize(
    "line",
    [
        "  KEY 0",
        "  KEY 3-1",
        "  KEY 1-",
        "  KEY -1",
        "  KEY 1, 2",
        "  KEY 1,,2",
        "  KEY 99999999999999999999",
        "  KEY ٣",  # a digit, but not of ASCII
        "  KEY",
        "  KEY ",
        "   KEY 1",
        " KEY 1",
        "\tKEY 1",
    ],
)
def test_a_broken_line_is_counted_and_the_rest_is_read(line):
    key = kit.session_key("claude")
    text = kit.git_ai({"a.py": {key: "1"}}, sessions={kit.session("claude"): kit.agent("claude")})
    note = parse(text.replace("---\n", line.replace("KEY", key) + "\n---\n", 1))
    assert note.remarks == ("a line of it could not be read",)
    assert note.writers[0].lines == {"a.py": ((1, 1),)}


def test_an_entry_before_any_path_is_counted():
    assert parse(f"  {kit.session_key('claude')} 1\n{kit.git_ai({})}").remarks == (
        "a line of it could not be read",
    )


@pytest.mark.parametrize(
    "records",
    [
        {"sessions": []},
        {"sessions": {kit.session("claude"): None}},
        {"sessions": {kit.session("claude"): {"agent_id": "claude"}}},
        {
            "sessions": {
                kit.session("claude"): {"agent_id": {"tool": ["claude"], "model": 4}, "human_author": {}}
            }
        },
        {"humans": "Ann", "prompts": 7},
    ],
)
def test_records_of_wrong_types_are_unknown_agents(records):
    note = parse(kit.git_ai({"a.py": {kit.session_key("claude"): "1", kit.person_key(): "2"}}, **records))
    assert [(w.tool, w.models, w.prompter) for w in note.writers] == [(None, (), None)]


def test_texts_of_a_note_are_escaped_and_cut():
    evil = "\x1b[2J\u202e::error::\n" + "x" * 10_000
    record = {"agent_id": {"tool": evil, "id": "1", "model": evil}, "human_author": evil}
    note = parse(
        kit.git_ai({"a.py": {kit.session_key("claude"): "1"}}, sessions={kit.session("claude"): record})
    )
    for text in (note.writers[0].tool, note.writers[0].prompter, *note.writers[0].models):
        assert text.isprintable()
        assert len(text) <= 200


def test_a_thousand_sessions_are_cut_and_counted():
    tools = [f"tool{n}" for n in range(1_000)]
    note = parse(
        kit.git_ai(
            {"a.py": {kit.session_key(t): "1" for t in tools}},
            sessions={kit.session(t): kit.agent(t) for t in tools},
        )
    )
    assert len(note.writers) == 100
    assert note.remarks == ("further AI sessions are not listed (900 times)",)


def test_large_hostile_notes_take_linear_time():
    key = kit.session_key("claude")
    ranges = ",".join(f"{n}-{n + 5}" for n in range(900_000, 0, -1))
    start = time.process_time()
    note = parse(kit.git_ai({"a.py": {key: ranges}}))
    parse("x\n" + f"  {key} 1\n" * 200_000 + kit.git_ai({}))
    parse(b"\n---" * 2_000_000)
    assert time.process_time() - start < 10
    assert note.writers[0].lines == {"a.py": ((1, 900_005),)}


def test_any_prefix_of_a_note_is_read_or_refused():
    sessions = {kit.session("claude"): kit.agent("claude", prompter=kit.ANN)}
    whole = kit.git_ai(
        {"a b.py": {kit.session_key("claude"): "1-3,7", "human": "9"}}, sessions=sessions
    ).encode()
    for end in range(len(whole)):
        note = parse(whole[:end])
        assert note.problem or end >= len(whole) - 1
