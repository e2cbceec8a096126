"""Named blocks of languages with braces, read from the words before each `{`."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from gate.core.lexer import Kind, Token

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Scopes deeper than this repeat the one above, so that hostile nesting stays linear.
MAX_DEPTH = 20
_MAX_HEADER = 400


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DEFINES = _words("class struct interface impl trait enum module mod namespace function func fn def fun")
# Words that begin a control statement, and those that may also stand alone before a block.
_CONTROL = _words(
    "if else for foreach while do switch match case when select try catch finally with using lock guard unless "
    "until return go defer"
)
_ALONE = _CONTROL | _words("static unsafe loop default synchronized")
# A line that begins with, or follows on, one of these goes on with the statement before.
_CONTINUES = _words("throws extends implements where permits noexcept -> => : =")
_JOINS = _words("= => : -> , :: . < | extends implements throws async")
# What cannot stand between the parameters of a function and its body.
_NO_TYPE = _words("= == != + - / % && || ?? ! return new <= >=")
_GROUPS = {"(": "()", "[": "[]"}


class Blocks(NamedTuple):
    """`changes` are offsets at which the scope changes, `bodies` the numbers of tokens that open code."""

    changes: list[tuple[int, str]]
    scopes: frozenset[str]
    bodies: frozenset[int]

    def scope_at(self, offset: int) -> str:
        """The dotted names of the blocks around an offset; a closing brace stands outside its block."""
        index = bisect_right(self.changes, offset, key=lambda change: change[0]) - 1
        return self.changes[index][1] if index >= 0 else ""


class _Word(NamedTuple):
    """A word of a header. A closed group is one word, `()` or `[]`, and keeps its last inner word."""

    text: str
    is_name: bool
    begins_line: bool
    inner: str = ""


class _Frame(NamedTuple):
    opener: str
    scope: tuple[str, ...]
    header: list[_Word]
    begins_line: bool


def find_blocks(tokens: Sequence[Token], text: str) -> Blocks:
    """Return the named blocks of a file; `tokens` are without comments. Brackets may be unbalanced."""
    stack = [_Frame("", (), [], begins_line=True)]
    braces = 0
    changes: list[tuple[int, str]] = []
    bodies: set[int] = set()
    end = 0
    for number, token in enumerate(tokens):
        frame = stack[-1]
        begins_line = "\n" in text[end : token.start]
        end = token.end
        if token.kind is not Kind.OPERATOR:
            frame.header.append(_Word(token.text, token.kind is Kind.WORD, begins_line))
        elif token.text == "{":
            name, is_body = _name(frame.header[-_MAX_HEADER:])
            scope = (*frame.scope, name[:100]) if name and len(frame.scope) < MAX_DEPTH else frame.scope
            if scope != frame.scope:
                changes.append((token.end, ".".join(scope)))
            if is_body:
                bodies.add(number)
            stack.append(_Frame("{", scope, [], begins_line))
            braces += 1
        elif token.text in _GROUPS:
            stack.append(_Frame(token.text, frame.scope, [], begins_line))
        elif token.text == "}" and braces:
            while stack[-1].opener != "{":
                stack.pop()
            closed = stack.pop()
            braces -= 1
            stack[-1].header.clear()
            if closed.scope != stack[-1].scope:
                changes.append((token.start, ".".join(stack[-1].scope)))
        elif _GROUPS.get(frame.opener, "")[-1:] == token.text:
            stack.pop()
            inner = next((word.text for word in reversed(frame.header) if word.is_name), "")
            stack[-1].header.append(_Word(_GROUPS[frame.opener], False, frame.begins_line, inner))
        elif token.text == ";":
            frame.header.clear()
        else:
            frame.header.append(_Word(token.text, False, begins_line))
    return Blocks(changes, frozenset({"", *(scope for _, scope in changes)}), frozenset(bodies))


def _name(words: list[_Word]) -> tuple[str, bool]:
    """The name that a header gives to its block, if any, and whether the block holds code."""
    header = _last_statement(words)
    if not header:
        return "", True
    texts = [word.text for word in header]
    if texts[-1] in _ALONE or texts[0] in _CONTROL:
        return "", True
    if texts[-1] == "=>":
        return _arrow(header, texts), True
    for place in range(len(texts) - 1, -1, -1):
        if texts[place] in _DEFINES and header[place].is_name and (not place or texts[place - 1] != "."):
            found = _defined(header, texts, place)
            if found is not None:
                return found, True
    found = _called(header, texts)
    return found, bool(found) or texts[-1] == "()"


def _last_statement(words: list[_Word]) -> list[_Word]:
    """The words from the line on that begins the statement before the brace."""
    for place in range(len(words) - 1, -1, -1):
        word = words[place]
        if (
            word.begins_line
            and word.text not in _CONTINUES
            and (not place or words[place - 1].text not in _JOINS)
        ):
            return words[place:]
    return words


def _defined(header: list[_Word], texts: list[str], place: int) -> str | None:
    """The name after a defining word; None if the word turns out to be an ordinary one."""
    after = place + 1
    if texts[after : after + 1] == ["*"]:
        after += 1
    if texts[place] == "impl" and texts[after : after + 1] == ["<"]:
        after = next((i + 1 for i in range(after, len(texts)) if texts[i] == ">"), after)
    if after >= len(header):
        return _left_of(header, texts, place) if texts[place] == "function" else ""
    if texts[after] == "()":
        is_method = (
            after + 2 < len(header) and header[after + 1].is_name and texts[after + 2] in ("()", "[]", "<")
        )
        if is_method:  # a Go receiver
            return ".".join(filter(None, (header[after].inner, texts[after + 1])))
        return _left_of(header, texts, place)
    if not header[after].is_name:
        return None
    if texts[place] == "struct" and "()" in texts[after + 1 :]:  # a C function that returns a struct
        return None
    return texts[after]


def _arrow(header: list[_Word], texts: list[str]) -> str:
    """The name that an arrow function is given."""
    last = len(texts) - 1
    start = last - 1
    if texts[start] != "()":  # a return type, or one bare parameter
        start = next((i for i in range(start, -1, -1) if texts[i : i + 2] == ["()", ":"]), start)
    return _left_of(header, texts, start)


def _left_of(header: list[_Word], texts: list[str], place: int) -> str:
    """The name left of `=` or `:` before a function without a name of its own."""
    before = place - 1
    while before > 0 and texts[before] == "async":
        before -= 1
    if before < 1 or texts[before] not in ("=", ":", ":="):
        return ""
    if texts[before] == "=":
        for i in range(before - 1, -1, -1):
            if texts[i] in ("const", "let", "var") and header[i + 1].is_name:
                return texts[i + 1]
    return texts[before - 1] if header[before - 1].is_name else texts[before - 1].strip("'\"`")


def _called(header: list[_Word], texts: list[str]) -> str:
    """The name before the parameters of a function that no word announces."""
    for place in range(1, len(texts)):
        if texts[place] != "()" or not header[place - 1].is_name or texts[place - 1] in _ALONE:
            continue
        if place >= 2 and texts[place - 2] in ("@", ".", "new", "=", "return", ":="):
            continue
        return "" if _NO_TYPE.intersection(texts[place + 1 :]) else texts[place - 1]
    return ""
