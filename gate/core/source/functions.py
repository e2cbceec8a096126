"""Where the functions of a file are, by the indentation of its lines alone.

It is a guess that is right for code as formatters leave it, and made in one pass over the lines. What depends on
it must be able to tell when it was wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

#: Lines of a longer signature, or of more decorators, are not read.
MAX_SIGNATURE = 60


class Function(NamedTuple):
    """The numbers of the first line with decorators and signature, and of the first and the last one inside.

    `end` is the last line of all, with a closing brace. `parent` is the number of the function around it in the
    list that holds both, -1 for none.
    """

    head: int
    body: int
    last: int
    end: int
    indent: int
    parent: int = -1


@dataclass(frozen=True, slots=True)
class Style:
    """How a language looks.

    `comment` begins a comment, `filler` is a statement for an empty function. `opens` fits a line behind which
    the inside of a function stands, `defines` finds its name. `own_import` finds imports inside functions.
    """

    comment: str
    filler: str
    find: Callable[[Sequence[str]], Iterable[Function]]
    opens: re.Pattern[str]
    defines: re.Pattern[str]
    own_import: re.Pattern[str] | None = None

    def functions(self, lines: Sequence[str]) -> list[Function]:
        """Return the functions of a file in the order of their first lines, with their parents."""
        functions: list[Function] = []
        around: list[int] = []
        for function in sorted(self.find(lines)):
            while around and functions[around[-1]].end < function.head:
                around.pop()
            parent = around[-1] if around else -1
            if parent >= 0 and functions[parent].last < function.end:
                continue  # badly indented
            around.append(len(functions))
            functions.append(function._replace(parent=parent))
        return functions


def indent(text: str) -> int:
    """Return how many blanks a line begins with."""
    return len(text) - len(text.lstrip())


def _python(lines: Sequence[str]) -> Iterator[Function]:
    waiting: list[
        tuple[int, int, int]
    ] = []  # the lines of `def` and of the first statement, and the indentation
    opened = filled = 0
    for number, text in enumerate(lines, 1):
        stripped = text.lstrip()
        if number <= opened or not stripped or stripped[0] == "#":
            continue
        depth = len(text) - len(stripped)
        while waiting and depth <= waiting[-1][2]:
            yield from _closed(lines, *waiting.pop(), filled)
        if waiting and not waiting[-1][1]:
            waiting[-1] = (waiting[-1][0], number, waiting[-1][2])
        if _DEF.match(text) and (ends := _signature_end(lines, number, depth)):
            waiting.append((number, 0, depth))
            opened = ends
        filled = number
    while waiting:
        yield from _closed(lines, *waiting.pop(), filled)


def _closed(lines: Sequence[str], number: int, body: int, depth: int, last: int) -> Iterator[Function]:
    if body:
        yield Function(_head(lines, number, depth), body, last, last, depth)


def _signature_end(lines: Sequence[str], number: int, depth: int) -> int:
    """The line on which a signature ends; 0 for a function on one line."""
    for n in range(number, min(number + MAX_SIGNATURE, len(lines)) + 1):
        text = lines[n - 1]
        if n > number and text.strip() and indent(text) <= depth and not text.lstrip().startswith(")"):
            break
        if _ENDS_SIGNATURE.search(text):
            return n
    return 0


def _braces(lines: Sequence[str]) -> Iterator[Function]:
    waiting: dict[int, int] = {}
    for number, text in enumerate(lines, 1):
        stripped = text.lstrip()
        if not stripped:
            continue
        depth = len(text) - len(stripped)
        for deeper in [d for d in waiting if d > depth]:
            del waiting[deeper]
        opener = waiting.pop(depth, number)
        if stripped[0] == "}" and opener < number - 1:
            yield Function(
                _head(lines, _begin(lines, opener, depth), depth), opener + 1, number - 1, number, depth
            )
        if _OPENS.match(text):
            waiting[depth] = number


def _begin(lines: Sequence[str], number: int, depth: int) -> int:
    """The line on which the signature begins that ends on a line."""
    first = max(1, number - MAX_SIGNATURE)
    begin = number
    if lines[number - 1].lstrip()[0] == ")":
        while begin > first and (indent(lines[begin - 1]) > depth or lines[begin - 1].lstrip()[:1] == ")"):
            begin -= 1
    return begin


def _head(lines: Sequence[str], number: int, depth: int) -> int:
    """The line on which the decorators or annotations above a signature begin, or the signature."""
    head, first = number, max(1, number - MAX_SIGNATURE)
    while head > first:
        above = lines[head - 2]
        if not above.strip() or (indent(above) <= depth and above.lstrip()[0] not in "@)"):
            break
        head -= 1
    return head if lines[head - 1].lstrip()[:1] == "@" else number


_DEF = re.compile(r"[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)")
_ENDS_SIGNATURE = re.compile(r":[ \t]*(?:#.*)?$")
_OWN_IMPORT = re.compile(r"^[ \t]+(?:from|import)[ \t]", re.MULTILINE)
_CONTROL = r"(?:if|for|while|switch|catch|else|try|do|with|select|synchronized|using|lock|return|case|default|throw|await)\b"
_OPENS = re.compile(rf"[ \t]*+(?!{_CONTROL}|\}})\S?.*(?:\)[^{{}}=;]*|=>[ \t]*)\{{[ \t]*$")
_DEFINES = re.compile(
    rf"[ \t]*+(?!{_CONTROL})(?:[\w.<>\[\]]+[ \t]+){{0,9}}?"
    r"(?:func[ \t]+(?:\([^()]*\)[ \t]*)?|function[ \t]*\*?[ \t]*)?([A-Za-z_$][\w$]*)[ \t]*\([^=;]*\{[ \t]*$"
)

#: By the words of gate.scanners.languages.
STYLES = {
    "python": Style("#", "pass", _python, _DEF, _DEF, _OWN_IMPORT),
    **dict.fromkeys(("js", "ts", "go", "java"), Style("//", "", _braces, _OPENS, _DEFINES)),
}
