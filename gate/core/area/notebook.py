"""The code of a Jupyter notebook: the lines of its code cells, each where it stands in the file."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

#: Cells of these kinds are text; of any other, or of none, they are code.
_TEXT_CELLS = frozenset({"markdown", "raw", "heading"})
#: The member that holds the lines of a cell, in formats 4 and 3.
_SOURCES = frozenset({"source", "input"})
#: Deeper nesting is no notebook.
MAX_DEPTH = 100

_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*+"|[{}\[\]:,]|\n')
#: Lines that run a program beside the code: `%pip install x`, `!pip install x`.
_MAGIC = re.compile(r"^[ \t]*(?:%{1,2}\w+|!)", re.MULTILINE)
_LINE = re.compile(r'(\s*)("(?:[^"\\]|\\.)*+"),?\s*')
#: A picture that a cell put out: base64 in one member, which nothing runs.
_PICTURE = re.compile(r'\s*"(?:image/[\w.+-]+|application/pdf)":\s*"[A-Za-z0-9+/=]*(?:\\n)?",?\s*')


class _Piece(NamedTuple):
    line: int
    text: str


class _Member:
    """An object or a list that is open: its last key, the kinds of cell it says it is, and what it holds."""

    __slots__ = ("is_list", "key", "kinds", "source", "wants_key")

    def __init__(self, *, is_list: bool) -> None:
        self.is_list = is_list
        self.key = ""
        self.wants_key = not is_list
        self.kinds: set[str] = set()
        self.source: list[_Piece] = []


def notebook_code(text: str, code: Callable[[str], str]) -> str | None:
    """Return the code of all cells with the line ends of `text`, None if it is no notebook.

    `code` takes comments and strings out of the text of one cell. Several lines of code that stand in one line
    of the file are parted by `;`. A cell that says of itself in two ways what it is counts as code.
    """
    try:
        json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    cells: list[list[_Piece]] = []
    open_members: list[_Member] = []
    number = 0
    for found in _TOKEN.finditer(text):
        token = found[0]
        top = open_members[-1] if open_members else None
        if token == "\n":
            number += 1
        elif token in "{[":
            if len(open_members) == MAX_DEPTH:
                return None
            open_members.append(_Member(is_list=token == "["))
        elif top is None:
            continue
        elif token in "}]":
            open_members.pop()
            if top.source and top.kinds and not top.kinds <= _TEXT_CELLS:
                cells.append(top.source)
        elif token == ",":
            top.wants_key = not top.is_list
        elif token == ":":
            top.wants_key = False
        else:
            _string(open_members, number, token)
    if not cells and '"cells"' not in text and '"worksheets"' not in text:
        return None
    lines = [""] * (text.count("\n") + 1)
    for cell in cells:
        _place(cell, lines, code)
    return "\n".join(lines)


def cell_line(line: str) -> str:
    """Return the line of code that a line of a notebook holds as a string; any other line as it is."""
    found = _LINE.fullmatch(line)
    try:
        return (
            found[1] + json.loads(found[2], strict=False).rstrip("\n").replace("\n", "; ") if found else line
        )
    except ValueError:
        return line


def is_picture(line: str) -> bool:
    """Whether a line of a notebook is the picture that a cell put out."""
    return _PICTURE.fullmatch(line) is not None


def _string(open_members: list[_Member], number: int, token: str) -> None:
    """Note a string as a key, as the kind of a cell, or as a line of its source."""
    try:
        said = json.loads(token, strict=False)
    except ValueError:
        said = token[1:-1]
    top = open_members[-1]
    if top.wants_key:
        top.key = said
        return
    owner = top
    if top.is_list and len(open_members) > 1:
        owner = open_members[-2]
    if owner.key in _SOURCES:
        owner.source.append(_Piece(number, said))
    elif owner.key == "cell_type" and owner is top:
        owner.kinds.add(said)


def _place(cell: list[_Piece], lines: list[str], code: Callable[[str], str]) -> None:
    """Put the code of one cell on the lines of the file."""
    text = "".join(piece.text for piece in cell)
    owners = [piece.line for piece in cell for _ in range(piece.text.count("\n"))] + [cell[-1].line]
    read = code(_MAGIC.sub("", text)).split("\n")
    for owner, line in zip(owners, read, strict=False):
        lines[owner] = f"{lines[owner]}; {line.strip()}" if lines[owner] else line
