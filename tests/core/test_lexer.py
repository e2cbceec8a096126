"""Tokens and normalised code."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core import lexer
from gate.core.lexer import (
    CURLY,
    DASHES,
    HASH,
    MARKUP,
    PHP,
    PLAIN,
    PYTHON,
    SCRIPT,
    TERRAFORM,
    Kind,
    code_of,
    tokenize,
)

DIALECTS = [PYTHON, SCRIPT, PHP, CURLY, HASH, TERRAFORM, DASHES, MARKUP, PLAIN]


@pytest.mark.parametrize(
    ("dialect", "text", "code"),
    [
        (PYTHON, "f('a', b'b', f'c',) # x", 'f ( "a" , b"b" , f"c" )'),
        (PYTHON, "f('it\"s', 'a\\'b', '''x''')", 'f ( \'it"s\' , \'a\\\'b\' , """x""" )'),
        (PYTHON, "x = [\n  1,  # one\n  2,\n]", "x = [ 1 , 2 ]"),
        (PYTHON, "a = b \\\n    + c", "a = b + c"),
        (PYTHON, "a and b", "a and b"),
        (SCRIPT, "f('a', `b`) // x", 'f ( "a" , `b` )'),
        (SCRIPT, "a /* x\n y */ (b)", "a ( b )"),
        (SCRIPT, "x = a / b / c", "x = a / b / c"),
        (SCRIPT, "s.replace(/['\"/]/g, '')", 's . replace ( /[\'"/]/g , "" )'),
        (SCRIPT, "return /\\//.test(x)", "return /\\// . test ( x )"),
        (CURLY, "f('a', \"b\") // x", "f ( 'a' , \"b\" )"),
        (CURLY, "fn f<'a>(x: &'a str)", "fn f < ' a > ( x : & ' a str )"),
        (CURLY, "x = `raw \\`", "x = `raw \\`"),
        (HASH, "run 'x' # why", 'run "x"'),
        (HASH, "echo ${#x}", "echo $ { # x }"),
        (DASHES, "SELECT 'a' -- why", "SELECT 'a'"),
        (TERRAFORM, 'a = "b" # c', 'a = "b"'),
        (MARKUP, "<a href='x'><!-- y -->z", '< a href = "x" > z'),
        (PHP, "f($x) # a\n// b", "f ( $ x )"),
    ],
)
def test_code(dialect, text, code):
    assert code_of(tokenize(text, dialect), dialect) == code


@pytest.mark.parametrize(
    ("path", "first_line", "dialect"),
    [
        ("a/b.py", "", PYTHON),
        ("A.JSX", "", SCRIPT),
        ("main.go", "", CURLY),
        ("Dockerfile", "", HASH),
        ("run", "#!/usr/bin/env python3", PYTHON),
        ("run", "#!/usr/bin/node --x", SCRIPT),
        ("run", "#!/bin/sh", HASH),
        ("notes", "", PLAIN),
    ],
)
def test_dialect_by_name_or_interpreter(path, first_line, dialect):
    assert lexer.dialect_of(path, first_line) is dialect


@given(st.text(alphabet="ab'\"`/*\\#-<!>{}()[],\n\r \t$é\udc80"), st.sampled_from(DIALECTS))
def test_every_character_is_in_one_token_or_white_space(text, dialect):
    position = 0
    for token in tokenize(text, dialect):
        between = text[position : token.start]
        assert not between.replace("\\\n", "").replace("\\\r\n", "").strip()
        assert token.text == text[token.start : token.end]
        assert token.end > token.start
        position = token.end
    assert not text[position:].replace("\\\n", "").replace("\\\r\n", "").strip()


@given(st.text(alphabet="a'\"\\fb"), st.sampled_from(DIALECTS))
def test_a_string_body_lies_in_its_token(text, dialect):
    for token in tokenize(text, dialect):
        if token.kind is Kind.STRING:
            start, end = lexer.string_body(token)
            assert token.start <= start <= end <= token.end


@pytest.mark.parametrize(
    "piece", ['"\\', "'\\", "`\\", "/*", "'''", "/[", "<!-", '"""\\', "rb", "(", "é;", "/\\", "a/"]
)
@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda d: d.name)
def test_the_time_is_linear(piece, dialect):
    """Much text that begins many strings and ends none; the limit is far above and quadratic time far beyond."""
    text = piece * (200_000 // len(piece))
    begin = time.perf_counter()
    for _ in tokenize(text, dialect):
        pass
    assert time.perf_counter() - begin < 10
