"""No secret in anything that is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core import secrets
from gate.core.source import Source
from tests.core.test_merge_factories import merged, place, sighting, source

KEY = "AKIA" + "Q3ZT7XWMKLPO2N4B"
TOKENS = [
    KEY,
    "ghp_" + "a1B2" * 9,
    "glpat-" + "a1B2c3D4e5F6g7H8i9J0",
    "xoxb-" + "1234567890-abcdefghij",
    "sk_live_" + "a1B2c3D4e5F6",
    "sk-ant-" + "api03-a1B2c3D4e5F6g7H8i9J0",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
]


@pytest.mark.parametrize("token", TOKENS)
def test_token_shapes_are_masked_in_every_family(token):
    (found,) = merged(
        f"run({token!r})  # {token}\n", sighting(place(1), title=token, message=f"see {token}.")
    )
    shown = repr((found.title, found.message, found.snippet, found.witnesses))
    assert token not in shown
    assert f"‹secret, {len(token)} characters›" in shown


@pytest.mark.parametrize(
    "text", ["a" * 64, "0" * 64, "deadbeef" * 8, "ghp_short", "task-force", "AKIA", "x" * 300]
)
def test_ordinary_text_stays(text):
    assert secrets.mask_tokens(text) == text


def test_passwords_in_urls_and_private_keys():
    assert secrets.mask_tokens("postgres://bob:hunter2@db/x") == "postgres://bob:‹secret, 7 characters›@db/x"
    begin, end = "-----BEGIN RSA PRIVATE " + "KEY-----", "-----END RSA PRIVATE " + "KEY-----"
    masked = secrets.mask_tokens(f"{begin}\nabc\ndef=\n{end}")
    assert masked.split("\n") == [begin, "‹secret, 3 characters›", "‹secret, 4 characters›", end]


def secret(where, **fields):
    return sighting(where, tool="bandit", rule="B105", **({"cwe": (259,)} | fields))


def test_literals_of_a_hard_coded_secret_are_masked_everywhere():
    text = 'password = "hunter2x"  # ok\n'
    (found,) = merged(
        text,
        secret(place(1, 12, 1, 22), message="Possible hardcoded password: 'hunter2x'"),
        sighting(place(1), rule="s", cwe=(798,), message="Value hunter2x is a secret", title="hunter2x"),
    )
    assert found.snippet == ('password = "‹secret, 8 characters›"  # ok',)
    assert "hunter2x" not in repr((found.title, found.message, found.snippet, found.witnesses))
    assert "Possible hardcoded password: '‹secret, 8 characters›'" in {w.message for w in found.witnesses}


@pytest.mark.parametrize(
    "inner", ["it's", "a'b'c", 'say "x"', "short", "x", "' or '", "‹secret, 1 characters›"]
)
def test_bandit_prints_literals_with_quotes_inside(inner):
    told = secrets.mask_message(f"Possible hardcoded password: '{inner}'", quoted=True)
    assert told.startswith("Possible hardcoded password: '‹secret, ")
    assert told.endswith("characters›'")


def test_apostrophes_in_prose_hide_nothing():
    told = "Don't store it: it's the reader's secret."
    assert secrets.mask_message(told, quoted=True) == told


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.js", "const p = `hunter2x`;"),
        ("a.go", 'p := "hunter2x"'),
        ("a.yml", "password: hunter2x"),
        ("app.env", "PASSWORD=hunter2x"),
        ("notes", "password = hunter2x"),
        ("a.xml", "<password>hunter2x</password>"),
        ("a.xml", '<user password="hunter2x"/>'),
        ("a.json", '{"password": "hunter2x"}'),
    ],
)
def test_values_are_masked_in_other_languages(path, line):
    (found,) = merged(line + "\n", secret(place(1), path=path), path=path)
    assert found.snippet
    assert "hunter2x" not in found.snippet[0]


def test_a_string_that_began_above_is_masked():
    (found,) = merged('x = """\nhunter2x\n"""\n', secret(place(2)))
    assert "hunter2x" not in repr(found.snippet)


def test_a_long_line_is_cut_around_the_place_without_pieces_of_words():
    text = "a(1);" * 200 + f"b('{'s' * 50}{KEY}');" + "a(1);" * 200 + "\n"
    at = text.index("b(") + 1
    (found,) = merged(text, sighting(place(1, at, 1, at + 3), path="a.js"), path="a.js")
    (line,) = found.snippet
    assert len(line) <= secrets.MAX_LINE + 40
    assert line.startswith("…")
    assert line.endswith("…")
    assert "b('" in line


def test_no_piece_of_a_token_is_left_at_a_cut():
    token = "ghp_" + "a1B2" * 40
    for shift in range(0, 400, 7):
        text = "x=1;" * 300 + "y" * shift + f";'{token}';" + "x=1;" * 300 + "\n"
        lines = secrets.snippet(source(text, "a.js"), 1, 1, column=1200)
        assert "a1B2a1B2" not in lines[0]


def test_of_a_generated_file_no_line_of_a_secret_is_shown():
    text = "x = 'hunter2x'\n" + "y = 1\n" * 100_000
    assert secrets.snippet(source(text), 1, 1, hide=True) == ("‹secret, 14 characters›",)


@given(
    st.text(alphabet="ab'\"`=:<>\n\\#", max_size=60), st.sampled_from(["a.py", "a.js", "a.yml", "a.xml", "a"])
)
def test_the_number_of_lines_stays(text, path):
    src = Source(path, text.encode())
    assert len(secrets.snippet(src, 1, src.line_count, hide=True)) == src.line_count
