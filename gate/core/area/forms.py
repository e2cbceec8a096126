"""Changed lines of layer L0: forms that hide what a line does from whoever reads it, whatever it says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gate.core.area.dynamic import runs_text
from gate.core.area.kinds import Kind, extension, is_test, kind_of
from gate.core.area.model import OPAQUE, Touch
from gate.core.area.notebook import is_picture
from gate.core.area.test_code import runs_tests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gate.core.change import FileChange

#: A longer line cannot be read by a person in a review.
MAX_LINE_CHARACTERS = 2000

_NEVER_SEEN = "\u180e\u200b\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
#: Joiners belong between letters of some scripts and between emoji, direction marks beside such letters.
_JOINER = "[\u200c\u200d]"
_MARK = "[\u200e\u200f\u061c]"
_ORDINARY = "\x00-\u058f"  # Latin, Greek, Cyrillic, Armenian: a joiner or a mark there only hides something
_HIDDEN_IN_LINE = re.compile(
    f"[{_NEVER_SEEN}]"
    f"|(?:^|(?<=[{_ORDINARY}])){_JOINER}|{_JOINER}(?={_JOINER})"
    f"|(?:^|(?<=[{_ORDINARY}])){_MARK}(?=[{_ORDINARY}]|$)"
)


def lines(file: FileChange) -> Iterator[Touch]:
    """Yield a touch for each rule and side of which a changed line has the form; the first line is enough."""
    finders = dict(_finders(file.path))
    is_notebook = extension(file.path) == "ipynb"
    for rule, find in finders.items():
        for side in ("old", "new"):
            for hunk in file.hunks:
                start, changed = (hunk.old_start, hunk.old) if side == "old" else (hunk.new_start, hunk.new)
                hit = next(
                    (
                        (n, text)
                        for n, line in enumerate(changed, start)
                        if (text := find(line, n)) and not (is_notebook and is_picture(line))
                    ),
                    None,
                )
                if hit:
                    yield Touch(
                        area=OPAQUE,
                        layer="L0",
                        rule=rule,
                        path=file.path,
                        line=hit[0],
                        side=side,
                        text=hit[1],
                    )
                    break  # one line a side is evidence enough


def _finders(path: str) -> Iterator[tuple[str, Callable[[str, int], str]]]:
    """Yield the rules that a path is read by."""
    kind, ext = kind_of(path), extension(path)
    if kind in (Kind.CODE, Kind.CONFIG):
        yield "L0.minified", _long
    yield "L0.bidi", _hidden
    if kind is Kind.CODE:
        yield "L0.disguise", _DISGUISES.get(ext, _broken)
    if kind in (Kind.CODE, Kind.CONFIG) and not is_test(path):
        yield "L0.dynamic", lambda line, _: runs_text(line[:MAX_LINE_CHARACTERS], path)
        yield "L0.test-code", lambda line, _: runs_tests(line[:MAX_LINE_CHARACTERS], path)
    if kind in (Kind.PROSE, Kind.STYLE, Kind.TRANSLATION) or ext == "svg":
        yield "L0.active", _ACTIVE.get(ext, _interpreted)


def _long(line: str, _number: int) -> str:
    return f"a line of {len(line):,} characters" if len(line) > MAX_LINE_CHARACTERS else ""


def _hidden(line: str, number: int) -> str:
    if line.isascii():
        return ""
    if number == 1:
        line = line.removeprefix("\ufeff")  # a byte order mark
    found = _HIDDEN_IN_LINE.search(line)
    return f"invisible character U+{ord(found[0]):04X}" if found else ""


# -- one thing for the reader, another for the compiler --------------------------------------------------

#: Compilers take it for the end of a line, and of a comment; git and most viewers do not.
_CARRIAGE_RETURN = re.compile(r"\r(?!\r*$)")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|`(?:[^`\\]|\\.)*+`")
#: An ASCII letter, digit or underscore that is written as an escape beside others: `check\u0050assword`.
_ASCII = r"\\u(?:00|\{0{0,4})(?:3[0-9]|4[1-9a-fA-F]|5[0-9aAfF]|6[1-9a-fA-F]|7[0-9aA])\}?"
_ESCAPED_NAME = re.compile(rf"[\w$]{_ASCII}|{_ASCII}(?:[\w$]|{_ASCII}|\s*[(.=])")
#: Java reads escapes before anything else, so these end comments and strings, or are code in comments.
_EARLY_ESCAPE = re.compile(r"\\u+(?:000[aAdD]|002[27aA]|005[cC])")
_CODING = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
#: Encodings in which ASCII bytes are ASCII letters, so that whoever reads the file reads what is run.
_PLAIN_CODING = re.compile(
    r"(?:u8|utf[-_]?8(?:[-_]sig)?|us[-_]ascii|ascii|latin[-_]?\d+|iso[-_]?8859[-_]\d+|cp(?:12\d\d|4\d\d|8\d\d|949)|windows[-_]\d+"
    r"|koi8[-_]\w|euc[-_]\w+|gbk|gb2312|gb18030|big5\w*|shift[-_]?jis|sjis|mac[-_]?roman)$",
    re.IGNORECASE,
)
_RUN_IN_COMMENT = re.compile(r"/\*M?!\d{0,6}[^\S\n]*[A-Za-z@(]")
_COMMENT_GOES_ON = re.compile(r"(?:^|[^:\"'])//.*\\[ \t]*$")


def _broken(line: str, _number: int) -> str:
    return "a carriage return inside a line" if _CARRIAGE_RETURN.search(line) else ""


def _python(line: str, number: int) -> str:
    if number <= 2 and (named := _CODING.match(line)) and not _PLAIN_CODING.match(named[1]):
        return f"is read as {named[1]}"
    return _broken(line, number)


def _script(line: str, number: int) -> str:
    if "\\u" in line and _ESCAPED_NAME.search(_QUOTED.sub('""', line)):
        return "letters of a name are written as escapes"
    return _broken(line, number)


def _java(line: str, number: int) -> str:
    if "\\u" in line and (_EARLY_ESCAPE.search(line) or _ESCAPED_NAME.search(_QUOTED.sub('""', line))):
        return "code is written as escapes"
    return _broken(line, number)


def _sql(line: str, number: int) -> str:
    return "a comment that the server runs" if _RUN_IN_COMMENT.search(line) else _broken(line, number)


def _c(line: str, number: int) -> str:
    return "a comment that swallows the next line" if _COMMENT_GOES_ON.search(line) else _broken(line, number)


_DISGUISES = {
    **dict.fromkeys(["py", "pyi", "pyw", "pyx"], _python),
    **dict.fromkeys(
        ["js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "vue", "svelte", "cs", "go"], _script
    ),
    **dict.fromkeys(["java", "kt", "kts", "scala", "groovy"], _java),
    **dict.fromkeys(["sql", "ddl"], _sql),
    **dict.fromkeys(["c", "h", "cc", "cpp", "cxx", "hh", "hpp", "m", "mm", "cu", "ino"], _c),
}

# -- what is run although its kind never is --------------------------------------------------------------

_IN_PICTURE = re.compile(
    r"<script\b|<foreignObject\b|\bon[a-z]{3,20}\s*=\s*[\"']|\bjavascript:", re.IGNORECASE
)
_EXPORTED_CODE = re.compile(
    r"export\s+(?:async\s+)?(?:function|class)\b|export\s+(?:const|let|var)\s+\w+\s*=\s*(?:async\b|function\b|\(?[\w, {}]*\)?\s*=>)"
)


def _interpreted(line: str, number: int) -> str:
    return "begins like a program" if number == 1 and re.match(r"#! ?/", line) else ""


def _document(line: str, number: int) -> str:
    return "a document that defines code" if _EXPORTED_CODE.match(line) else _interpreted(line, number)


def _picture(line: str, number: int) -> str:
    return "a picture with a script" if _IN_PICTURE.search(line[:100_000]) else _interpreted(line, number)


_ACTIVE = {"mdx": _document, "svg": _picture}
