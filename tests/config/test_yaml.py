"""The YAML loader refuses what could be read in two ways, with the place, and never gives up on memory."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gate.config import load_policy, yaml
from gate.config.problems import Problems
from gate.config.waivers import load_waivers
from gate.errors import ConfigError
from tests.config.reading import error, errors

if TYPE_CHECKING:
    from collections.abc import Iterator


def parse(text: str) -> yaml.Node:
    problems = Problems("p")
    node = yaml.parse(text.encode(), problems)
    problems.raise_if_any()
    return node


def plain(node: yaml.Node) -> object:
    if isinstance(node, yaml.Mapping):
        return {key.text: plain(value) for key, value in node.entries}
    if isinstance(node, yaml.Sequence):
        return [plain(item) for item in node.items]
    return node.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("off", "off"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("''", ""),
        ("'true'", "true"),
        ("'1'", "1"),
        ("12", 12),
        ("-3", -3),
        ("+3", 3),
        ("010", "010"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("2.5", 2.5),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("2027-01-31", "2027-01-31"),
        ("9" * 18, 999999999999999999),
        ("9" * 19, "9" * 19),
        ("|\n  a\n  b", "a\nb"),
        (">-\n  a\n  b", "a b"),
    ],
)
def test_only_true_false_null_and_decimal_numbers_are_not_text(text, value):
    assert plain(parse(f"k: {text}")) == {"k": value}


def test_every_value_keeps_its_place():
    node = parse("a: 1\nb:\n  - {c: 'x', d: [é, y]}\n")
    inner = yaml.items(yaml.child(node, "b"))[0]
    assert (inner.line, inner.column) == (3, 5)
    second = yaml.items(yaml.child(inner, "d"))[1]
    assert (second.line, second.column) == (3, 21)


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "---\n", "~", "---\n...\n", "\ufeff", "null\n"])
def test_an_empty_file_is_an_error(text):
    assert error(text) == "1:1: the file is empty; write at least 'version: 1'"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "1:1: the file: expected a mapping, found a list"),
        ("mode", "1:1: the file: expected a mapping, found the text 'mode'"),
        (
            "version: 1\nmode: observe\nmode: enforce\n",
            "3:1: the key 'mode' stands here a second time; the first is in line 2",
        ),
        (
            "version: 1\nscanners: {exclude: [a], 'exclude': []}\n",
            "2:26: the key 'exclude' stands here a second time; the first is in line 2",
        ),
        ("version: 1\n---\nversion: 1\n", "2:1: a second document starts here; one is allowed"),
        (
            "version: !!int 1\n",
            "1:10: the tag '!!int' is not allowed; write the plain value",
        ),
        (
            "version: 1\nmode: !!python/object/apply:os.system [id]\n",
            "2:7: the tag '!!python/object/apply:os.system' is not allowed; write the plain value",
        ),
        ("version: 1\nmode: !x y\n", "2:7: the tag '!x' is not allowed; write the plain value"),
        ("version: 1\nmode: !\n", "2:7: the tag '!' is not allowed; write the plain value"),
        ("version: 1\n<<: {mode: observe}\n", "2:1: merge keys (<<) are not supported; repeat the values"),
        ("version: 1\n? [a]\n: b\n", "2:3: a key must be a plain word, not a list or mapping"),
        ("version: 1\nmode: *mode\n", "2:7: the alias '*mode' has no anchor before it"),
        ("version: 1\nareas: &a {b: *a}\n", "2:15: the alias '*a' stands inside what it names"),
        (
            "version: 1\nscanners:\n\tbandit: {}\n",
            "3:1: this is not valid YAML: a tab cannot stand here; indent with spaces",
        ),
        (
            "version: 1\nmode:\tobserve\n",
            "2:6: this is not valid YAML: a tab cannot stand here; indent with spaces",
        ),
        (
            "version: 1\nmode: a: b\n",
            "2:8: this is not valid YAML: mapping values are not allowed here",
        ),
        (
            "version: 1\nareas: {\n",
            (
                "3:1: this is not valid YAML: while parsing a flow node, "
                "expected the node content, but found '<stream end>'"
            ),
        ),
        (
            'version: 1\nmode: "\\UFFFFFFFF"\n',
            "2:1: this is not valid YAML: a value near here has an impossible escape or number",
        ),
        ('version: 1\nmode: "a\\0b"\n', "2:7: this value holds the character U+0000; remove it"),
        ('version: 1\nmode: "\\ud800"\n', "2:7: this value holds the character U+D800; remove it"),
        ('version: 1\nmode: "\\u202e"\n', "2:7: this value holds the character U+202E; remove it"),
        ("version: 1\nmode: a\0b\n", "2:8: the character U+0000 is not allowed here; remove it"),
        ("version: 1\n# \u202e\n", "2:3: the character U+202E is not allowed here; remove it"),
        ("version: 1\n# \u2028\n", "2:3: the character U+2028 is not allowed here; remove it"),
        ("version: 1\n# \x1b[2J\n", "2:3: the character U+001B is not allowed here; remove it"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(text, message):
    assert error(text) == message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"version: 1\nmode: \xff\n", "2:7: byte 0xff is not UTF-8; save the file as UTF-8"),
        ("version: 1\n# é\n".encode("latin-1"), "2:3: byte 0xe9 is not UTF-8; save the file as UTF-8"),
        (b"# \xc3\xa9\r\n# \xc3", "2:3: byte 0xc3 is not UTF-8; save the file as UTF-8"),
        ("version: 1\n".encode("utf-16"), "1:1: byte 0xff is not UTF-8; save the file as UTF-8"),
        ("version: 1\n".encode("utf-16-le"), "1:2: the character U+0000 is not allowed here; remove it"),
        (b"version: 1\n# \xed\xa0\x80\n", "2:3: byte 0xed is not UTF-8; save the file as UTF-8"),
    ],
)
def test_another_encoding_is_named_with_its_place(data, message):
    assert error(data) == message


def test_a_byte_order_mark_and_windows_line_ends_change_nothing():
    unix = b"version: 1\nmode: observe\nscanners:\n  exclude: [a]\n"
    windows = b"\xef\xbb\xbf" + unix.replace(b"\n", b"\r\n")
    glob = load_policy(windows).scanners.exclude[0]
    assert glob == load_policy(unix).scanners.exclude[0]
    assert glob.where == ".gate.yml:4:13"


def test_windows_line_ends_are_counted_once():
    assert (
        error(b"\xef\xbb\xbfversion: 1\r\nmood: observe\r\n")
        == "2:1: unknown key 'mood'; did you mean 'mode'?"
    )


def test_aliases_can_be_used():
    policy = load_policy(
        b"version: 1\nsignoff:\n  humans: [{id: a, github: a}]\n  reviewers: {auth: &all [a], crypto: *all}\n"
    )
    assert policy.signoff.reviewers == {"auth": ("a",), "crypto": ("a",)}


def test_a_thousand_million_laughs_end_early():
    lines = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    started = time.process_time()
    assert error("\n".join(lines)).endswith(": more than 50,000 values, aliases expanded")
    assert time.process_time() - started < 5


def test_a_tower_of_aliases_is_as_deep_as_what_it_stands_for():
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 40)]
    assert error("\n".join(lines)) == "29:12: more than 30 levels of nesting"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("version: 1\nareas: " + "[" * 500_000, "2:37: more than 30 levels of nesting"),
        ("version: 1\nareas: " + "{a: " * 200_000, "2:121: more than 30 levels of nesting"),
        ("- " * 400_000, "1:61: more than 30 levels of nesting"),
        ("- a\n" * 240_000, "50000:3: more than 50,000 values, aliases expanded"),
        ("version: 1\n" + "# \n" * 3_500_000, "1:1: the file has 10,500,011 bytes; the limit is 1,000,000"),
    ],
    ids=["flow lists", "flow mappings", "block lists", "long list", "10 MB"],
)
def test_deep_long_and_large_files_end_early(text, message):
    started = time.process_time()
    assert error(text) == message
    assert time.process_time() - started < 10


def test_a_file_that_is_wrong_throughout_ends_after_a_hundred_problems():
    messages = errors("version: 1\n" + "".join(f"k{n}: 1\n" for n in range(1000)))
    assert len(messages) == 101
    assert messages[-1] == "101:1: this is problem number 100; what follows was not checked"


def refusals(data: bytes) -> Iterator[ConfigError]:
    """The configuration errors of a file that is read as both kinds; anything else that is raised escapes."""
    for read in (load_policy, load_waivers):
        try:
            read(data)
        except ConfigError as wrong:
            yield wrong


@given(
    st.one_of(
        st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
    )
)
@example(b"%YAML 1." + b"9" * 5000 + b"\n---\nversion: 1")
@example(b'"\\UFFFFFFFF": 1')
@example(b"&a : *a")
@example(b"? ? ?")
@example(b"version: 1\nsignoff: {humans: [[], {}, null, {id: {}}], reviewers: [], min: {}}")
@example(b"version: 1\nscanners: {sarif: {}, semgrep: [], exclude: [[], {}]}\nareas: []\nsignoff: 1")
def test_whatever_the_bytes_are_a_policy_or_a_configuration_error_comes_out(data):
    for wrong in refusals(data):
        assert wrong.message.encode()  # can be printed
        assert wrong.exit_code == 2


_WORDS = st.sampled_from(
    [
        "version", "1", "scanners", "semgrep", "signoff", "humans", "reviewers", "areas", "auth", "paths", "ai", "id",
        "*", "&a", "*a", "[", "]", "{", "}", ":", ",", "-", "?", "|", ">", "!", "!!str", "%", "#", "'", '"', "\\", "\t",
        "\n", "\n  ", "\n    ", " ", "---", "...", "<<", "~", "true", "0", "-1", "1.5", "é", "\u202e", "[[:x:]]", "!a",
    ]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(_WORDS, max_size=60).map("".join))
def test_whatever_looks_like_a_policy_gives_a_policy_or_a_configuration_error(text):
    assert all(wrong.message.encode() for wrong in refusals(text.encode()))
