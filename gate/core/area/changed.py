"""The changed lines of one file as code, with what stands around them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from gate.core.area.enclosing import Enclosing
from gate.core.area.kinds import extension
from gate.core.change import ABSENT, utf8_text, wide_text
from gate.core.fold import phrases

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gate.core.area.code import CodeReader
    from gate.core.area.vocabulary import Vocabulary
    from gate.core.change import FileChange

#: More changed lines of one side are not read: what is generated needs no more evidence.
MAX_LINES = 5_000
#: Nor is what stands farther right in a line.
MAX_COLUMNS = 2_000
MAX_IMPORT = 300

_IMPORT = re.compile(
    r"\s*(?:import\b|from\s+\S+\s+import\b|use\s+[\w:\\]+|using\s+[\w.]+\s*;|require\b|require_relative\b|#include\b|include\s+[\w:]+\s*$"
    r"|@import\b|export\s+(?:\*|\{[^}]*\}|type\b.*)\s+from\b|(?:const|let|var)\s+.*=\s*require\()"
)
#: Lines that go on with an import: `  parseToken,`.
_BARE_NAMES = re.compile(r"\s*(?:type\s+)?[\w$]+(?:\s+as\s+[\w$]+)?,?\s*\Z|\s*[)}\]]+\s*(?:from\b.*)?;?\s*\Z")
_GO_IMPORT = re.compile(r'\s*(?:[\w.]+\s+)?"[^"\n]+"\s*\Z')


class Line(NamedTuple):
    """A changed line. `text` is as it stands in the file, `code` what of it is code.

    `hunk` counts the places of change in the file; `alone`: no line of the other side stands there.
    """

    side: str
    number: int
    text: str
    code: str
    hunk: int
    alone: bool


@dataclass(frozen=True)
class Side:
    """One side of a file as lines of code."""

    code: list[str]
    raw: list[str]
    vocabulary: Vocabulary

    @cached_property
    def enclosing(self) -> Enclosing:
        return Enclosing(self.code)

    def is_import(self, line: int) -> bool:
        """Whether a line (from 1) only names what the file uses."""
        code = self.code[line - 1][:MAX_IMPORT]
        if _IMPORT.match(code) or _GO_IMPORT.match(self.raw[line - 1][:MAX_IMPORT]):
            return True
        return bool(_BARE_NAMES.match(code)) and bool(
            _IMPORT.match(self.enclosing.statement(line)[:MAX_IMPORT])
        )


class ChangedCode:
    """The code of a changed file. `contents` maps blob ids to bytes; where one is missing, the hunks are all."""

    def __init__(
        self, file: FileChange, contents: Mapping[str, bytes], reader: CodeReader, vocabulary: Vocabulary
    ) -> None:
        self._file = file
        self._contents = contents
        self._reader = reader
        self._vocabulary = vocabulary

    @cached_property
    def sides(self) -> Mapping[str, Side | None]:
        """Both sides by name, None where only the hunks are known."""
        return {
            side: None if text is None else self._side(text)
            for side, text in (("old", self.text("old")), ("new", self.text("new")))
        }

    def text(self, side: str) -> str | None:
        """The whole text of a side; empty if it does not exist, None if it is not known."""
        mode, blob = (
            (self._file.old_mode, self._file.old_blob)
            if side == "old"
            else (self._file.new_mode, self._file.new_blob)
        )
        if mode == ABSENT:
            return ""
        data = self._contents.get(blob)
        if data is None:
            return None
        text = utf8_text(data)
        text = wide_text(data) if text is None else text
        return None if text is None else text.removeprefix("\ufeff")

    def _side(self, text: str) -> Side:
        code = self._reader.lines(self._file.path, text)
        # Only Go names what it imports by a line that is nothing but a string.
        raw = text.split("\n") if extension(self._file.path) == "go" else code
        return Side(code, raw, self._vocabulary)

    @cached_property
    def lines(self) -> tuple[tuple[Line, Side, int], ...]:
        """Every changed line, with its side and its number there; imports and lines without code are left out."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[tuple[Line, Side, int]]:
        for name in ("old", "new"):
            whole = self.sides[name]
            count = 0
            for place, hunk in enumerate(self._file.hunks):
                start, texts = (hunk.old_start, hunk.old) if name == "old" else (hunk.new_start, hunk.new)
                alone = not (hunk.old and hunk.new)
                if not texts:
                    continue
                side = whole or self._side("\n".join(texts))
                offset = start if whole else 1
                for number, text in enumerate(texts):
                    at = offset + number
                    if at > len(side.code) or not side.code[at - 1].strip() or side.is_import(at):
                        continue
                    count += 1
                    if count > MAX_LINES:
                        return
                    yield (
                        Line(name, start + number, text, side.code[at - 1][:MAX_COLUMNS], place, alone),
                        side,
                        at,
                    )

    @property
    def known(self) -> bool:
        """Whether the whole of both sides is known."""
        return None not in self.sides.values()

    @cached_property
    def path_words(self) -> frozenset[str]:
        return frozenset(word for name in self._file.path.split("/") for word in phrases(name))

    @cached_property
    def said(self) -> frozenset[str]:
        """All words of the changed lines, of the definitions around them, and of the path."""
        words: set[str] = set(self.path_words)
        for line, side, at in self.lines:
            words |= self._vocabulary.read(line.code).words
            for name in side.enclosing.names(at):
                words |= self._vocabulary.read(name).words
        return frozenset(words)
