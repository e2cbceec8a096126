"""Strategies for text that wants to be something else."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import strategies as st

#: Pieces that mean something to a terminal, a CI log, Markdown, HTML, a forge or a spreadsheet.
PIECES = [
    "<img src=x onerror=alert(1)>", "</details>", "</summary>", "<!--", "-->", "<b>", "&#x3c;script>", "&lt;",
    "[x](http://evil.example)", "![x](http://evil.example/i.png)", "[x]: http://evil.example", "<http://e.example>",
    "http://evil.example", "https://evil.example", "www.evil.example", "a@evil.example", "mailto:a@evil.example",
    "@team", "#1", "!2", "%3", "~bug", "$4", "&5", "fixes #6", "Closes", "resolved ", "GH-7", "org/repo#8",
    "|", "\\", "\\|", "`", "``", "```", "````text", "~~~", "*", "**", "_", "__", "~~", "#", "# ", "## x", "- ", "+ ", "1. ",
    "> ", "=", "---", "***", "    ", "\t", "\n", "\r", "\r\n", "\n\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\xa0", "\u3000",
    "/approve", "\n/merge", "\r/close", " /label ~x", "::error::x", "\n::set-output name=a::b", "##[group]", "##vso[x]",
    "\x1b[31m", "\x1b]0;t\x07", "\x9b31m", "\x00", "\x08", "\x7f", "section_start:1:x\r\x1b[0K",
    "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\U000e0041", "\u3164", "\udcff", "\ud800", "e\u0301", "한글", "漢字", "🙂",
    "=1+1", "+1", "-1", "@sum", "{{7*7}}", "{% x %}", "$(id)", "`id`", "%0A", "{", "}", "{0}", "word", "x" * 90,
]  # fmt: skip
hostile_text = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=8).map("".join)
#: A path as git could have it: bytes without NUL, decoded as the gate decodes them.
hostile_path = (
    st.one_of(
        st.binary(min_size=1, max_size=30), hostile_text.map(lambda t: t.encode("utf-8", "surrogatepass"))
    )
    .map(lambda raw: raw.replace(b"\0", b"0").decode("utf-8", "surrogateescape"))
    # git holds no empty part, `.` or `..`, and gate.git.objects refuses a handmade tree that does
    .filter(lambda path: not {"", ".", ".."} & set(path.split("/")))
)

#: Line breaks of every kind and everything that is not seen or that moves what is seen.
HIDDEN_CATEGORIES = ("Cc", "Cf", "Cs", "Zl", "Zp")


def hidden_characters(text: str, *, allowed: str = "") -> set[str]:
    """Characters of `text` that a reader would not see as what they are."""
    return {c for c in text if unicodedata.category(c) in HIDDEN_CATEGORIES and c not in allowed}


def without_code(markdown: str) -> str:
    """Markdown without fenced blocks and code spans (none of ours spans lines or holds a backtick)."""
    kept = re.sub(r"(?ms)^(`{3,})\w*\n.*?^\1$", "", markdown)
    return re.sub(r"(?<!\\)`[^`\n]+`", "", kept)
