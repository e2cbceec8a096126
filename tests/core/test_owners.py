"""CODEOWNERS in both dialects: who owns a path, and what must not become ownership by doubt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.owners import Dialect, parse_owners


def owned(text: str, path: str, forge: str) -> list[tuple[str, ...]]:
    return [one.owners for one in parse_owners(text.encode(), "CODEOWNERS", forge=forge).of(path)]


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("*", ["a", "a/b.py"], []),
        ("*.js", ["x.js", "a/b/x.js"], ["x.jsx", "js"]),
        ("/build/logs/", ["build/logs/a", "build/logs/b/c"], ["x/build/logs/a", "build/logs"]),
        ("docs/*", ["docs/a.md"], ["docs/b/a.md", "x/docs/a.md", "docs"]),
        ("docs/", ["docs/a", "x/docs/a/b"], ["docs"]),
        ("/docs", ["docs", "docs/a/b"], ["x/docs"]),
        ("apps/github", ["apps/github", "apps/github/x"], ["x/apps/github"]),
        ("**/logs", ["logs", "a/b/logs", "logs/x"], ["log"]),
        ("a/**/b", ["a/b", "a/x/y/b", "a/b/c"], ["ab", "x/a/b"]),
        ("a/**", ["a/b", "a/b/c"], ["a"]),
        ("/a?c", ["abc"], ["a/c", "ac"]),
        ("README", ["README", "x/README"], ["readme"]),
        (r"a\ b.txt", ["a b.txt"], ["a"]),
    ],
)
def test_patterns_of_github(pattern, yes, no):
    text = f"{pattern} @alice\n"
    assert [p for p in yes if not owned(text, p, "github")] == []
    assert [p for p in no if owned(text, p, "github")] == []


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("*", ["a", "a/b.py"], []),
        ("/docs/", ["docs/a", "docs/a/b"], ["docs", "x/docs/a"]),
        ("/docs/*", ["docs/a"], ["docs/a/b"]),
        ("docs/*", ["docs/a", "x/docs/a"], ["docs/a/b"]),
        ("/config", ["config"], ["config/x", "a/config"]),
        ("README.md", ["README.md", "a/README.md"], ["README.mdx"]),
        ("/docs/**/*.md", ["docs/a.md", "docs/b/c.md"], ["docs/a.txt"]),
        ("/a[bc]", ["ab", "ac"], ["ad", "a/"]),
        ("/a[!b]", ["ac"], ["ab", "a/"]),
        (r"/\#x", ["#x"], ["x"]),
        ("/", ["a", "a/b"], []),
    ],
)
def test_patterns_of_gitlab(pattern, yes, no):
    text = f"{pattern} @alice\n"
    assert [p for p in yes if not owned(text, p, "gitlab")] == []
    assert [p for p in no if owned(text, p, "gitlab")] == []


def test_on_github_the_last_matching_line_counts_alone():
    text = "* @all\n/apps/ @octo @team/x\n/apps/github\n"
    assert owned(text, "x", "github") == [("@all",)]
    assert owned(text, "apps/x", "github") == [("@octo", "@team/x")]
    assert owned(text, "apps/github/x", "github") == []  # a line without an owner takes ownership away


@pytest.mark.parametrize(
    "line", ["!auth/ @alice", "a[b] @alice", "auth/ alice", "auth/ @alice bob!", r"\#a @alice"]
)
def test_a_line_that_github_skips_gives_nobody_anything(line):
    owners = parse_owners(f"auth/ @first\n{line}\n".encode(), "CODEOWNERS", forge="github")
    assert [one.owners for one in owners.of("auth/x")] == [("@first",)]
    assert owners.ignored == (2,)


def test_comments_and_addresses():
    text = "# a comment\n\n*.go docs@acme.example @gophers # and so on @mallory\n"
    assert owned(text, "x.go", "github") == [("docs@acme.example", "@gophers")]


SECTIONS = """\
* @default

[Auth][2] @sec1 @sec2
auth/
auth/public.py @dev

^[Docs] @writer
*.md

[AUTH]
tokens/ @sec3

[Database] @dba
model/db/ @dba @lead
!model/db/generated/
"""


def test_on_gitlab_every_section_asks_for_itself():
    owners = parse_owners(SECTIONS.encode(), "CODEOWNERS", forge="gitlab")
    found = {
        path: [(o.section, o.owners, o.needed, o.optional) for o in owners.of(path)]
        for path in ("auth/x.py", "auth/public.py", "a.md", "tokens/a", "model/db/a", "model/db/generated/a")
    }
    everyone = ("", ("@default",), 1, False)
    assert found == {
        "auth/x.py": [everyone, ("Auth", ("@sec1", "@sec2"), 2, False)],
        "auth/public.py": [everyone, ("Auth", ("@dev",), 2, False)],
        "a.md": [everyone, ("Docs", ("@writer",), 1, True)],
        "tokens/a": [everyone, ("Auth", ("@sec3",), 2, False)],  # sections of one name are one
        "model/db/a": [everyone, ("Database", ("@dba", "@lead"), 1, False)],
        "model/db/generated/a": [everyone],  # taken out for good
    }


def test_a_path_that_was_taken_out_of_a_section_cannot_be_put_back():
    text = "[S] @x\na/\n!a/b/\na/b/ @y\n"
    assert owned(text, "a/c", "gitlab") == [("@x",)]
    assert owned(text, "a/b/c", "gitlab") == []


def test_sections_have_the_same_name_whatever_its_case_and_blanks():
    text = "[Two  Words] @first\na/\n[two words] @second\na/\n"
    assert owned(text, "a/x", "gitlab") == [("@second",)]


@pytest.mark.parametrize("line", ["[Half @x", "^[Half @x", "!", "^ @x"])
def test_a_line_that_gitlab_does_not_understand_gives_nobody_anything(line):
    owners = parse_owners(f"a/ @first\n{line}\nb/ @second\n".encode(), ".gitlab/CODEOWNERS")
    assert (owners.ignored, owners.path) == ((2,), ".gitlab/CODEOWNERS")
    assert [(o.owners, o.line, o.section) for o in owners.of("a/x")] == [(("@first",), 1, "")]
    assert [(o.owners, o.line) for o in owners.of("b/x")] == [(("@second",), 3)]


def test_lines_after_a_broken_one_count_and_keep_their_numbers():
    owners = parse_owners(b"* @all\nauth/ nobody\nauth/ @sec1\n", "docs/CODEOWNERS", forge="github")
    assert [(o.owners, o.line) for o in owners.of("auth/x")] == [(("@sec1",), 3)]
    assert (owners.ignored, owners.path, owners.dialect) == ((2,), "docs/CODEOWNERS", Dialect.GITHUB)


def test_words_that_are_no_owners_give_nobody_anything_and_no_defaults():
    text = "[S] @default\na/ @@maintainer\nb/ somebody\nc/\n"
    assert owned(text, "a/x", "gitlab") == []
    assert owned(text, "b/x", "gitlab") == []
    assert owned(text, "c/x", "gitlab") == [("@default",)]


@pytest.mark.parametrize(
    ("path", "forge", "text", "dialect"),
    [
        (".github/CODEOWNERS", "", "[A] @x\n* @y", Dialect.GITHUB),
        (".gitlab/CODEOWNERS", "", "* @y", Dialect.GITLAB),
        ("CODEOWNERS", "", "* @y", Dialect.GITHUB),
        ("CODEOWNERS", "", "[A]\n* @y", Dialect.GITLAB),
        ("CODEOWNERS", "gitlab", "* @y", Dialect.GITLAB),
        ("CODEOWNERS", "forgejo", "* @y", Dialect.GITHUB),
    ],
)
def test_the_dialect_is_that_of_the_forge_the_folder_or_the_file(path, forge, text, dialect):
    assert parse_owners(text.encode(), path, forge=forge).dialect is dialect


def test_a_file_that_github_would_not_load_owns_nothing():
    assert parse_owners(b"* @a\n" + b"#" * 3_000_000, "CODEOWNERS", forge="github").of("x") == ()


@given(st.text(max_size=80), st.sampled_from(["github", "gitlab", ""]))
def test_no_file_is_an_error(text, forge):
    parse_owners(text.encode("utf-8", "surrogatepass"), "CODEOWNERS", forge=forge).of("auth/login.py")
