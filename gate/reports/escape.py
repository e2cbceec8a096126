"""Hostile text made safe: one function for each target.

Titles, messages, paths, rule ids, branch names, author names, reasons and snippets come from the change,
a scanner or a model. Every function here takes any text, never raises, and returns text that its target
shows and does not obey. Nothing else in the reports writes such text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Longest text in one place, in characters; longer ones end in an ellipsis. Whole sentences may be long,
#: parts of a line (names, rule ids, short reasons) may not.
MAX_INLINE = 4_000
MAX_PART = 300
MAX_CODE_LINE = 300

# Characters that a reader cannot see or that rearrange what a reader sees: C0, DEL and C1 controls, line
# and paragraph separators, bidi controls, zero-width and invisible characters, fillers, tags, lone
# surrogates. Written out, because Unicode categories differ between the versions that Pythons ship.
_INVISIBLE = (
    r"\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    r"\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_HIDDEN = re.compile(rf"[\x00-\x1f{_INVISIBLE}]")
_HIDDEN_IN_JSON = re.compile(f"[{_INVISIBLE}]")  # C0 controls are escaped there already
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# Not `\s`: what counts as white space must not depend on the version either.
_SPACE = re.compile("[\t-\r \x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_LOOKS_ESCAPED = re.compile(r"\\(?=x[0-9a-f]{2})")
_ESCAPED_BYTE = re.compile(rb"\\x([0-9a-f]{2})")


def visible(text: str) -> str:
    r"""Return `text` with every hidden character as `\uXXXX` (`\UXXXXXXXX` above U+FFFF, `\xNN` for a byte
    that is not UTF-8). Line breaks are hidden characters too.
    """
    return _HIDDEN.sub(_show, text)


def _show(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def one_line(text: str, *, most: int = MAX_INLINE) -> str:
    """Return `text` on one line: white space of any kind is one blank, nothing hidden, at most `most` long."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return cut(text.strip(" "), most)  # as most texts are: nothing to look for
    return cut(visible(_SPACE.sub(" ", text).strip(" ")), most)


def code_line(text: str, *, most: int = MAX_CODE_LINE) -> str:
    """Return one line of source: blanks are kept, a tab is four of them, nothing hidden."""
    return cut(visible(text.removesuffix("\r").replace("\t", "    ")), most).rstrip(" ")


def cut(text: str, most: int) -> str:
    """Return `text`, or its beginning and an ellipsis, at most `most` characters long."""
    return text if len(text) <= most else text[: most - 1].rstrip(" ") + "…"


# -- JSON ---------------------------------------------------------------------------------------------


def json_path(path: str) -> str:
    r"""Return a path as valid Unicode, reversibly: a byte that is not UTF-8 is `\xNN` in lower case.

    A backslash of the path itself that stands before such a form is written `\x5c`. So replacing every
    `\xNN` by its byte gives the bytes that git has.
    """
    return _SURROGATE.sub(_show, _LOOKS_ESCAPED.sub(r"\\x5c", path))


def path_from_json(text: str) -> str:
    """Return the path that `json_path` wrote as `text`. Never raises, whatever the text is."""
    raw = _ESCAPED_BYTE.sub(lambda m: bytes([int(m[1], 16)]), text.encode("utf-8", "surrogatepass"))
    return raw.decode("utf-8", "surrogateescape")


def json_document(document: str) -> str:
    r"""Return a serialised JSON document that is valid UTF-8 and hides nothing from its reader.

    Hidden characters become JSON's own `\uXXXX`, so the values do not change; only bytes that are not
    UTF-8, which JSON cannot carry, are shown as `\xNN`.
    """
    return _HIDDEN_IN_JSON.sub(_json_escape, _SURROGATE.sub(lambda m: "\\" + _show(m), document))


def _json_escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


# -- Terminal -----------------------------------------------------------------------------------------

_LOG_COMMAND = re.compile(r"##(?=\w*\[)")


def terminal(text: str, *, most: int = MAX_PART) -> str:
    """Return text for one line of a terminal or CI log: no escape sequence, no `##[command]`.

    That no line starts with `::` is seen to where lines are made (`log_line`).
    """
    return _LOG_COMMAND.sub(r"#\\#", one_line(text, most=most))


def terminal_code(text: str, *, most: int = MAX_CODE_LINE) -> str:
    """Return one line of source for a terminal; see `terminal`."""
    return _LOG_COMMAND.sub(r"#\\#", code_line(text, most=most))


_WORKFLOW_COMMAND = re.compile(r"^((?:\x1b\[[0-9;]*m|\s)*)::")


def log_line(line: str) -> str:
    r"""Return a finished line that no CI runner takes for a command: a leading `::` becomes `\::`."""
    return _WORKFLOW_COMMAND.sub(r"\1\\::", line)


# -- Workflow commands --------------------------------------------------------------------------------


def workflow_data(text: str) -> str:
    """Return text for the message of a workflow command: `%`, CR and LF are encoded."""
    shown = "\n".join(visible(line) for line in text.replace("\r\n", "\n").split("\n"))
    return _LOG_COMMAND.sub(r"#\\#", shown).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def workflow_property(text: str) -> str:
    """Return text for a property (file, title) of a workflow command: also `:` and `,` are encoded."""
    return workflow_data(text).replace(":", "%3A").replace(",", "%2C")


# -- SARIF and CSV ------------------------------------------------------------------------------------


def sarif(text: str, *, most: int = MAX_INLINE) -> str:
    """Return text for a SARIF message: `[text](target)` would be a link there, also in plain text."""
    return one_line(text, most=most).replace("](", "] (")


def csv_cell(text: str) -> str:
    """Return text for one cell of CSV: a spreadsheet takes no formula from it. Quoting is the writer's job."""
    shown = one_line(text)
    return f"'{shown}" if shown.startswith(("=", "+", "-", "@")) else shown


# -- Markdown -----------------------------------------------------------------------------------------

_ZERO_WIDTH = "\u200b"
_MARKDOWN = {
    **{c: f"\\{c}" for c in "\\`*_{}[]()#+!|~"},
    "&": f"&amp;{_ZERO_WIDTH}",  # also a reference to an epic on GitLab
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "@": f"@{_ZERO_WIDTH}",
    "%": f"%{_ZERO_WIDTH}",
    "$": f"&dollar;{_ZERO_WIDTH}",  # a bare one begins a formula on GitHub
    "!": f"\\!{_ZERO_WIDTH}",
    "~": f"\\~{_ZERO_WIDTH}",
}
_MARKDOWN_CHARACTER = re.compile("[" + re.escape("".join(_MARKDOWN)) + "]")
_REFERENCE = re.compile(
    r"#(?=[0-9])|:(?=//)|\[(?=[a-z_]+:)"  # the last one: `[vulnerability:1]` on GitLab
    r"|\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?|www|gh)\b",
    re.IGNORECASE | re.ASCII,
)
_LIST_MARKER = re.compile(r"^([0-9]{0,9})([-.])")  # a list or a rule, where a block begins
#: Everything that may stand behind the opening of a code fence.
INFO_WORDS = frozenset({"", "text"})


class Markdown(str):
    """Text that is already safe in Markdown. Only this module and `md` make it from other text."""

    __slots__ = ()


def markdown(text: str, *, most: int = MAX_INLINE) -> Markdown:
    """Return text for a Markdown line or what follows a list marker: no markup, link, mention, reference,
    closing word or table border comes from it, on GitHub and on GitLab. Something of ours must stand before
    it on the line, because of GitLab's quick actions.
    """
    broken = _REFERENCE.sub(lambda m: m[0] + _ZERO_WIDTH, one_line(text, most=most))
    shown = _MARKDOWN_CHARACTER.sub(lambda m: _MARKDOWN[m[0]], broken)
    return Markdown(_LIST_MARKER.sub(r"\1\\\2", shown))


def markdown_code(text: str, *, most: int = MAX_CODE_LINE) -> Markdown:
    """Return text as a code span that fits anywhere in a line, table cells included.

    A table cell ends at `|` even inside a span, and a span cannot begin or end with a backtick, so text
    with one of these is written as plain escaped text.
    """
    shown = one_line(text, most=most)
    if not shown:
        return Markdown("")
    if "|" in shown or "`" in shown:
        return markdown(shown, most=most)
    return Markdown(f"`{shown}`")


def markdown_block(lines: Sequence[str], *, first: int = 1, marked: int = 0, info: str = "text") -> Markdown:
    """Return source lines as a fenced block with line numbers from `first`; line `marked` gets an arrow.

    The number before each line keeps `/` away from the start of a line, where GitLab reads quick actions.
    """
    if info not in INFO_WORDS:
        info = "text"
    shown = [code_line(line) for line in lines]
    longest = max((len(run) for line in shown for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    width = len(str(first + len(shown) - 1))
    body = (
        f"{'>' if number == marked else ' '} {number:>{width}} | {line}".rstrip(" ")
        for number, line in enumerate(shown, first)
    )
    return Markdown("\n".join((fence + info, *body, fence)))


def markdown_diff(rows: Sequence[tuple[str, int, str]]) -> Markdown:
    """Return changed lines `(sign, number, text)` as a fenced block that forges colour.

    Sign and number keep `/` away from the start of a line, as in `markdown_block`.
    """
    shown = [(sign, number, code_line(text)) for sign, number, text in rows]
    longest = max((len(run) for *_, line in shown for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    width = max((len(str(number)) for _, number, _ in shown), default=1)
    body = (f"{sign} {number:>{width}} | {line}".rstrip(" ") for sign, number, line in shown)
    return Markdown("\n".join((fence + "diff", *body, fence)))


_LINE_START_SLASH = re.compile(r"(?m)^([ \t>]*)(?=/)")


def without_quick_actions(document: Markdown) -> Markdown:
    """Return a finished document in which no line starts with `/`: GitLab runs such lines with the rights of
    whoever posts them. No section begins a line with text from outside; this holds if one ever does.
    """
    return Markdown(_LINE_START_SLASH.sub(rf"\1{_ZERO_WIDTH}", document))


def md(template: str, *values: str | int, **named: str | int) -> Markdown:
    """Fill `{}` fields of a template of ours; every value that is not Markdown already is escaped."""
    return Markdown(
        template.format(*(_safe(v) for v in values), **{key: _safe(v) for key, v in named.items()}),
    )


def _safe(value: str | int) -> str:
    return value if isinstance(value, Markdown) else markdown(str(value))


_IN_ADDRESS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")


def percent_encoded(path: bytes) -> str:
    """Return a path as part of an address: every byte but unreserved characters and `/` is percent-encoded."""
    return "".join(chr(byte) if byte in _IN_ADDRESS else f"%{byte:02X}" for byte in path)


def http_url(url: str) -> str:
    """Return `url` if it is a plain http or https address that needs no escaping anywhere, else nothing."""
    return url if re.fullmatch(r"https?://[A-Za-z0-9._~:/?#\[\]@!$&'*+,;=%-]{1,2000}", url) else ""
