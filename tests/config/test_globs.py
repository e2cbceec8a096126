"""Patterns mean what git makes of them, for every name that git allows."""

from __future__ import annotations

import re
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.config import compile_glob, load_policy, unmatched_globs
from gate.core.fold import fold
from gate.core.glob import Glob
from gate.errors import ConfigError

PATTERNS = [
    "a", "/a", "a/", "/a/", "a/b", "/a/b", "*.py", "/*.py", "src/**", "src/*", "**/a", "**/a/b", "a/**/b", "a?b", "[ab]c",
    "[!a]b", "[^a]b", "x[!a]b", "[a-c]", "[]a]", "*", "**", "/**", "**/", "*/", "/*", "é*", "\\#a", "\\!a", "a\\ ", "\\*",
    ".*", "*.min.js", "src/**/keys.py", "a*b*c", "***", "**/**", "a/**/", "src/**/*", "A", "[A-Z]x", "$", "^a", "a+", "(a)",
    "a|b", "{a,b}", "a$",
]  # fmt: skip
PATHS = [
    "a", "b", "a/b", "a/x/b", "a/x/y/b", "b/a", "b/a/c", "x/a/b", "x/b", "ab", "axb", "a/c", "ac", "bc", "xb", "bb", "src/m.py",
    "src/k/m.py", "src/keys.py", "src/a/b/keys.py", "m.py", "m.pyc", "lib.min.js", "v/lib.min.js", "é", "état/x", "#a", "!a",
    "a ", "*", ".git-x", "x/.hidden", "a\nb", "a\n", "src/\n", "a\n/b", "x\n.py", "\na", "a\rb", "A", "Ax", "bx", "]", "abc", "axbyc",
    "a/bc", "$", "^a", "a+", "(a)", "a|b", "{a,b}", "a$", "d/a$", "x[b",
]  # fmt: skip


@pytest.fixture(scope="module")
def ignores(tmp_path_factory):
    """Which of PATHS git itself says a pattern ignores."""
    folder = tmp_path_factory.mktemp("git")
    git = ["git", "-C", str(folder), "-c", "core.excludesFile=", "-c", "core.ignoreCase=false"]
    subprocess.run([*git, "init", "-q"], check=True)

    def ask(pattern: str) -> set[str]:
        (folder / ".git" / "info" / "exclude").write_text(pattern + "\n")
        done = subprocess.run(
            [*git, "check-ignore", "--no-index", "-z", "--stdin"],
            input="\0".join(PATHS).encode() + b"\0",
            capture_output=True,
            check=False,
        )
        return set(done.stdout.decode().split("\0")) - {""}

    return ask


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_matches_what_git_ignores_by_it(pattern, ignores):
    glob = compile_glob(pattern)
    assert {path for path in PATHS if glob.matches(path)} == ignores(pattern)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("", "the pattern is empty"),
        (" ", "the pattern is empty"),
        ("!a", "the pattern '!a' is negated; patterns here only add ('\\!' is a plain '!')"),
        ("#a", "the pattern '#a' is a comment in gitignore ('\\#' is a plain '#')"),
        ("a ", "the pattern 'a ' has blanks around it"),
        (" a", "the pattern ' a' has blanks around it"),
        ("/", "the pattern '/' has an empty part, '.' or '..', which no path has"),
        ("//", "the pattern '//' has an empty part, '.' or '..', which no path has"),
        ("a//b", "the pattern 'a//b' has an empty part, '.' or '..', which no path has"),
        ("./a", "the pattern './a' has an empty part, '.' or '..', which no path has"),
        ("../a", "the pattern '../a' has an empty part, '.' or '..', which no path has"),
        ("[[:alpha:]]", "the pattern '[[:alpha:]]' has '[' inside brackets, which is not supported"),
        ("[z-a]", "the pattern '[z-a]' is not a gitignore pattern that could match anything"),
        ("[a&&b]", "the pattern '[a&&b]' is not a gitignore pattern that could match anything"),
        ("[a", "the pattern '[a' has '[' without ']' ('\\[' is a plain '[')"),
        ("[]", "the pattern '[]' has '[' without ']' ('\\[' is a plain '[')"),
        ("[!]", "the pattern '[!]' has '[' without ']' ('\\[' is a plain '[')"),
        ("a\\", "the pattern 'a\\\\' is not a gitignore pattern that could match anything"),
    ],
)
def test_a_pattern_that_cannot_mean_anything_is_an_error(pattern, message):
    with pytest.raises(ConfigError) as caught:
        compile_glob(pattern)
    assert caught.value.message == message


@given(st.text(st.sampled_from("ab*?[]!^-/\\#. é\n&~|"), max_size=12))
def test_every_text_is_a_pattern_or_a_configuration_error(text):
    try:
        glob = compile_glob(text)
    except ConfigError:
        return
    assert isinstance(glob, Glob)
    re.compile(glob.regex, re.DOTALL)
    glob.matches("a/b\nc")


def test_patterns_can_be_joined():
    """No named groups, no flags: many patterns can become one expression."""
    joined = "|".join(f"(?:{compile_glob(text).regex})" for text in PATTERNS)
    assert re.search(joined, "src/keys.py", re.DOTALL)


def unmatched(policy: str, *paths: str) -> tuple[str, ...]:
    return unmatched_globs(load_policy(policy.encode(), name="p"), paths)


AREA = "version: 1\nareas:\n  auth:\n    paths:\n    - %s\n"


@pytest.mark.parametrize(
    ("pattern", "suggestion"),
    [
        ("src/imm/**", "; did you mean 'src/iam/**'?"),
        ("scr/iam/", "; did you mean 'src/iam'?"),
        ("src/iam/login.pi", "; did you mean 'src/iam/login.py'?"),
        ("src/zzzzz/**", ""),
        ("src/**/*.rb", ""),
        ("'*.rb'", ""),
    ],
)
def test_a_pattern_without_a_match_is_named_with_its_place_and_the_nearest_name(pattern, suggestion):
    text = pattern.strip("'")
    assert unmatched(AREA % pattern, "src/iam/login.py", "README.md") == (
        f"p:5:7: areas.auth.paths[0]: the pattern '{text}' matches no file{suggestion}",
    )


def test_a_pattern_of_an_area_may_match_in_its_folded_form_only():
    assert fold("src/ІAM/x") == "src/iam/x"  # the capital I is Cyrillic
    assert unmatched(AREA % "src/iam/**", "src/ІAM/x") == ()


def test_patterns_of_scanners_match_as_written():
    policy = "version: 1\nscanners: {exclude: [Vendor/, docs/]}\n"
    assert unmatched(policy, "vendor/x", "docs/y") == (
        "p:2:22: scanners.exclude[0]: the pattern 'Vendor/' matches no file; did you mean 'vendor'?",
    )


def test_places_make_no_difference_between_patterns():
    one = load_policy(b"version: 1\nscanners: {exclude: [a]}").scanners.exclude[0]
    other = load_policy(b"{version: 1, scanners: {exclude: [a]}}").scanners.exclude[0]
    assert one == other == compile_glob("a")
    assert len({one, other, compile_glob("a")}) == 1
    assert one != compile_glob("b")
