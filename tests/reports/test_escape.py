"""Hostile text shows what it is and does nothing."""

from __future__ import annotations

import csv
import io
import json
import re
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from gate.core.change import path_bytes
from gate.reports import escape
from tests.reports.hostile import PIECES, hidden_characters, hostile_path, hostile_text

COMMONMARK = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def decoded(shown: str) -> bytes:
    """What a reader of the JSON report does to get the bytes of a path."""
    raw = shown.encode()
    return re.sub(rb"\\x([0-9a-f]{2})", lambda m: bytes([int(m[1], 16)]), raw)


@given(hostile_text)
def test_nothing_hidden_is_left(text):
    for shown in (
        escape.visible(text),
        escape.one_line(text),
        escape.code_line(text),
        escape.terminal(text),
        escape.terminal_code(text),
        escape.sarif(text),
        escape.csv_cell(text),
        escape.workflow_data(text),
        escape.workflow_property(text),
    ):
        assert not hidden_characters(shown)
        shown.encode()


def test_no_hidden_character_of_unicode_is_forgotten():
    every = "".join(chr(code) for code in range(sys.maxunicode + 1))
    assert not hidden_characters(escape.visible(every))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", r"\u001b[31mred"),
        ("a\u202eb", r"a\u202eb"),
        ("a\udcffb", r"a\xffb"),
        ("a\ud800b", r"a\ud800b"),
        ("a\U000e0041b", r"a\U000e0041b"),
        ("a\u200bb", r"a\u200bb"),
        ("a\r\n\tb  c", "a b c"),
        ("한글 漢字 🙂 é", "한글 漢字 🙂 é"),
    ],
)
def test_what_is_hidden_becomes_visible(text, shown):
    assert escape.one_line(text) == shown


@given(hostile_path)
def test_a_path_in_json_keeps_its_bytes(path):
    shown = escape.json_path(path)
    assert decoded(shown) == path_bytes(path)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("src/\udcff.py", r"src/\xff.py"),
        (r"src/\xff.py", r"src/\x5cxff.py"),
        (r"src\a.py", r"src\a.py"),
        ("src/é.py", "src/é.py"),
    ],
)
def test_a_byte_and_its_spelling_are_told_apart(path, shown):
    assert escape.json_path(path) == shown


@given(hostile_text)
def test_a_json_document_hides_nothing_and_keeps_values(text):
    document = escape.json_document(json.dumps({"a": [text]}, ensure_ascii=False, indent=1))
    assert not hidden_characters(document, allowed="\n")
    expected = re.sub(r"[\ud800-\udfff]", lambda m: escape.visible(m[0]), text)
    assert json.loads(document) == {"a": [expected]}


@given(hostile_text)
def test_a_log_runs_no_command(text):
    line = escape.log_line(f"  {escape.terminal(text)}")
    assert not line.lstrip().startswith("::")
    assert not re.search(r"##\w*\[", line)


@pytest.mark.parametrize("text", ["::error::x", "  ::add-mask::x", "\x1b[1m::debug::\x1b[0m"])
def test_a_line_that_begins_with_a_command_is_broken(text):
    assert not re.sub(r"\x1b\[[0-9;]*m", "", escape.log_line(text)).lstrip().startswith("::")


@given(hostile_text)
def test_workflow_commands_cannot_be_left(text):
    assert not set(escape.workflow_data(text)) & {"\r", "\n"}
    assert not set(escape.workflow_property(text)) & {"\r", "\n", ":", ","}


@given(hostile_text)
def test_a_sarif_message_has_no_link(text):
    assert "](" not in escape.sarif(text)


@given(hostile_text)
def test_a_cell_is_no_formula(text):
    assert not escape.csv_cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    out = io.StringIO()
    csv.writer(out).writerow([escape.csv_cell(text), "end"])
    assert next(csv.reader(io.StringIO(out.getvalue()))) == [escape.csv_cell(text), "end"]


@given(hostile_text)
def test_inline_markdown_is_one_plain_text(text):
    """All of CommonMark with raw HTML, tables and strike-through: one paragraph, nothing but text in it."""
    shown = escape.markdown(text)
    assert not hidden_characters(shown, allowed="\u200b")
    tokens = COMMONMARK.parse(f"x {shown} x")
    assert [t.type for t in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in tokens[1].children} <= {"text", "text_special"}
    told = "".join(child.content for child in tokens[1].children).replace("\u200b", "")
    assert told.split() == f"x {escape.one_line(text)} x".split()


@given(hostile_text)
@example("- ")
@example("---")
@example("1. x")
@example("23.")
@example("+ x")
@example("> x")
@example("[ ] x")
@example("[x]: http://evil.example")
def test_a_list_item_is_one_paragraph(text):
    tokens = COMMONMARK.parse(f"- {escape.markdown(text)}\n- end")
    shape = [t.type for t in tokens if t.type not in ("paragraph_open", "paragraph_close", "inline")]
    item = ["list_item_open", "list_item_close"]
    assert shape == ["bullet_list_open", *item, *item, "bullet_list_close"]
    assert {c.type for t in tokens for c in t.children or ()} <= {"text", "text_special"}


@given(hostile_text, hostile_text)
def test_a_table_keeps_its_shape(text, other):
    row = f"| {escape.markdown(text)} | {escape.markdown_code(other)} |"
    tokens = COMMONMARK.parse(f"| a | b |\n|---|---|\n{row}\n{row}\n")
    assert sum(t.type == "td_open" for t in tokens) == 4
    assert {c.type for t in tokens for c in t.children or ()} <= {"text", "text_special", "code_inline"}


@given(hostile_text)
def test_no_reference_mention_or_address_is_left(text):
    shown = escape.markdown(text)
    assert not re.search(r"@\S?(?<!\u200b)\w", shown)
    assert "://" not in shown
    assert not re.search(r"#\d", shown)
    assert not re.search(r"[!%~$]\d", shown)
    assert not re.search(r"(?i)\bwww\.", shown)


@pytest.mark.parametrize(
    "word", ["close", "Closes", "closed", "fix", "fixes", "FIXED", "resolve", "resolves", "resolved"]
)
def test_closing_words_are_broken(word):
    shown = escape.markdown(f"{word} #12 and {word}ness")
    assert f"{word}\u200b " in shown
    assert f"{word}ness" in shown


@given(st.lists(hostile_text, max_size=6), st.integers(1, 99_999))
def test_a_fence_holds_its_lines(source, first):
    block = escape.markdown_block(source, first=first, info="python; evil")
    tokens = COMMONMARK.parse(f"{block}\n\nafter\n")
    assert [t.type for t in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]
    assert tokens[0].info == "text"
    assert len(tokens[0].content.splitlines()) == len(source)
    assert not any(line.lstrip().startswith("/") for line in block.split("\n"))


@pytest.mark.parametrize("line", ["/approve", "  /approve", "> /approve", "\t/x", "ok\n/approve"])
def test_a_finished_document_has_no_quick_action(line):
    shown = escape.without_quick_actions(escape.Markdown(line))
    assert not re.search(r"(?m)^[\s>]*/", shown)
    assert shown.replace("\u200b", "") == line


@given(hostile_text)
def test_md_escapes_all_but_markdown(text):
    shown = escape.md("**{}** {}", text, escape.markdown(text))
    assert shown == f"**{escape.markdown(text)}** {escape.markdown(text)}"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://ci.example.com/a/b?c=d#e", True),
        ("http://127.0.0.1:8080/x", True),
        ("javascript:alert(1)", False),
        ("https://x.example/a)b", False),
        ("https://x.example/<b>", False),
        ("https://x.example/a\nb", False),
        ("//x.example", False),
    ],
)
def test_only_plain_web_addresses_are_linked(url, kept):
    assert bool(escape.http_url(url)) is kept


@pytest.mark.parametrize("piece", PIECES)
def test_escaping_never_raises_on_a_known_trick(piece):
    for function in (
        escape.terminal,
        escape.markdown,
        escape.markdown_code,
        escape.sarif,
        escape.csv_cell,
        escape.json_path,
    ):
        function(piece)
        function(piece * 2_000)
