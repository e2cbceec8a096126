"""One file of a tree, read lazily and each thing once."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from gate.core.finding import Range, Statement
from gate.core.lexer import PYTHON, Dialect, Kind, Token, code_of, dialect_of, tokenize
from gate.core.source import braces, linehash, python

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Above this many characters a file is generated: its lines are read one by one and it has no scopes.
MAX_STRUCTURED = 500_000
#: A logical line ends after this many lines, whatever is still open.
MAX_STATEMENT_LINES = 50
#: A longer line of a generated file is not read as tokens.
MAX_LINE = 100_000
#: A longer code is kept as its beginning and its digest.
MAX_CODE = 4_000


class Source:
    r"""The text of one file.

    `path` is as git has it, `data` the bytes of the blob. Lines are separated by `\n` alone and counted
    from 1; columns are code points from 1, without a byte order mark. Bytes that are not UTF-8 become lone
    surrogates. Nothing here raises for any content.
    """

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.data = data
        self._statements: dict[int, Statement] = {}

    @cached_property
    def text(self) -> str:
        """The decoded text without a byte order mark."""
        return self.data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")

    @property
    def is_generated(self) -> bool:
        """Whether the file is too long to be written by hand; its strings and scopes are not known."""
        return len(self.text) > MAX_STRUCTURED

    @cached_property
    def dialect(self) -> Dialect:
        return dialect_of(self.path, self.line(1))

    @cached_property
    def line_starts(self) -> list[int]:
        """The offset of each line; never empty."""
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    @property
    def line_count(self) -> int:
        """How many lines there are; text after the last line end counts as one, also if it is empty."""
        return len(self.line_starts)

    def line_end(self, line: int) -> int:
        """The offset behind a line's text, before its line end."""
        if line >= self.line_count:
            return len(self.text)
        end = self.line_starts[line] - 1
        return end - 1 if end > self.line_starts[line - 1] and self.text[end - 1] == "\r" else end

    def line(self, number: int) -> str:
        """The text of a line without its line end; empty for a line that does not exist."""
        if not 1 <= number <= self.line_count:
            return ""
        return self.text[self.line_starts[number - 1] : self.line_end(number)]

    def line_at(self, offset: int) -> int:
        """The number of the line that holds an offset."""
        return bisect_right(self.line_starts, offset)

    def range_of(self, start: int, end: int) -> Range:
        """Lines and columns of the text between two offsets."""
        first, last = self.line_at(start), self.line_at(end)
        return Range(
            start_line=first,
            start_column=start - self.line_starts[first - 1] + 1,
            end_line=last,
            end_column=end - self.line_starts[last - 1] + 1,
        )

    def offset(self, line: int, column: int) -> int | None:
        """The offset of a place, at or after the first character of its line that is no blank.

        Column 0 means that first character. None if the line does not exist.
        """
        if not 1 <= line <= self.line_count:
            return None
        start, end = self.line_starts[line - 1], self.line_end(line)
        place = min(start + max(column, 1) - 1, end)
        blanks = re.compile(r"[^\S\n]*").match(self.text, start, end)
        return max(place, blanks.end()) if blanks else place

    def tokens_between(self, start: int, end: int) -> list[Token]:
        """All tokens, comments included, that share a character with a stretch of the text."""
        if self.is_generated:
            return list(tokenize(self.text, self.dialect, start, end))
        first = max(bisect_right(self._all_starts, start) - 1, 0)
        last = bisect_left(self._all_starts, end)
        return [t for t in self._all_tokens[first:last] if t.end > start]

    def statement(self, place: Range) -> Statement | None:
        """The statement that a range starts in; None if its line does not exist."""
        offset = self.offset(place.start_line, place.start_column)
        if offset is None:
            return None
        if self._python is not None:
            return self._python_statement(self._python, offset)
        start = self.line_starts[place.start_line - 1]
        if start not in self._statements:
            self._statements[start] = self._logical_line(place.start_line)
        return self._statements[start]

    @cached_property
    def scopes(self) -> frozenset[str]:
        """All scopes that the file defines, and the empty one of the file itself."""
        if self._python is not None:
            return self._python.scopes
        return self._blocks.scopes

    def line_hash(self, line: int) -> str:
        """GitHub's primaryLocationLineHash of a line; empty for a line that does not exist."""
        if not 1 <= line <= self.line_count:
            return ""
        return self._line_hashes.of(line)

    @cached_property
    def _line_hashes(self) -> linehash.LineHashes:
        return linehash.LineHashes(self.data.decode("utf-8", "replace"))

    @cached_property
    def _python(self) -> python.Module | None:
        if self.dialect is not PYTHON or self.is_generated:
            return None
        return python.parse(self.text)

    @cached_property
    def _all_tokens(self) -> list[Token]:
        return list(tokenize(self.text, self.dialect))

    @cached_property
    def _all_starts(self) -> list[int]:
        return [token.start for token in self._all_tokens]

    @cached_property
    def _tokens(self) -> list[Token]:
        """Tokens without comments; empty for a generated file."""
        if self.is_generated:
            return []
        return _code(self._all_tokens)

    @cached_property
    def _starts(self) -> list[int]:
        return [token.start for token in self._tokens]

    @cached_property
    def _blocks(self) -> braces.Blocks:
        return braces.find_blocks(self._tokens if self.dialect.braces else [], self.text)

    def _python_statement(self, module: python.Module, offset: int) -> Statement:
        """The unit at an offset; between units (a comment, `else:`) the line itself."""
        unit = module.unit_at(offset)
        if unit is not None:
            if unit.start not in self._statements:
                tokens = python.tokens_of(self.text, unit)
                self._statements[unit.start] = self._made_of(tokens, unit.start, unit.scope)
            found = self._statements[unit.start]
            if self.line_at(offset) <= found.range.end_line:
                return found
        line = self.line_at(offset)
        start = self.line_starts[line - 1]
        if start not in self._statements:
            tokens = _code(tokenize(self.text, PYTHON, start, self.line_end(line)))
            self._statements[start] = self._made_of(tokens, start, module.scope_at(offset))
        return self._statements[start]

    def _logical_line(self, line: int) -> Statement:
        start = self.line_starts[line - 1]
        if self.is_generated:
            end = self.line_end(line)
            short = end - start <= MAX_LINE
            return self._made_of(
                _code(tokenize(self.text, self.dialect, start, end)) if short else [], start, ""
            )
        first = bisect_left(self._starts, start)
        if first and self._tokens[first - 1].end > start:  # inside a string of several lines
            return self._made_of([], start, self._blocks.scope_at(start))
        place = self._starts[first] if first < len(self._starts) else start
        return self._made_of(self._run_of_tokens(first, line), start, self._blocks.scope_at(place))

    def _run_of_tokens(self, first: int, line: int) -> list[Token]:
        """The tokens of a line and of those after it as long as `(` or `[` stay open.

        The body of a function that is an argument ends the run: its edits are not edits of the call.
        """
        stop = self.line_starts[min(line + MAX_STATEMENT_LINES, self.line_count) - 1]
        if line + MAX_STATEMENT_LINES > self.line_count:
            stop = len(self.text)
        limit = self.line_starts[line] if line < self.line_count else len(self.text)
        depth, run = 0, list[Token]()
        for index in range(first, len(self._tokens)):
            token = self._tokens[index]
            if token.start >= limit:
                if depth <= 0 or token.start >= stop:
                    break
                limit = self._next_line(token.start)
            limit = max(limit, self._next_line(token.end - 1))
            run.append(token)
            if token.text in ("(", "["):
                depth += 1
            elif token.text in (")", "]"):
                depth = max(depth - 1, 0)
            elif depth and index in self._blocks.bodies:
                stop = limit
        return run

    def _next_line(self, offset: int) -> int:
        line = self.line_at(offset)
        return self.line_starts[line] if line < self.line_count else len(self.text)

    def _made_of(self, tokens: list[Token], start: int, scope: str) -> Statement:
        """A statement of these tokens; without any, of the bare text of the line at `start`."""
        if tokens:
            code = code_of(tokens, self.dialect)
            return Statement(
                range=self.range_of(tokens[0].start, tokens[-1].end), code=_short(code), scope=scope
            )
        bare = self.line(self.line_at(start))
        indent = len(bare) - len(bare.lstrip())
        place = self.range_of(start + indent, start + len(bare))
        return Statement(range=place, code=_short(bare.strip()) or "\n", scope=scope)


def _code(tokens: Iterable[Token]) -> list[Token]:
    return [token for token in tokens if token.kind is not Kind.COMMENT]


def _short(code: str) -> str:
    """A code of bounded length that still differs where the whole differs."""
    if len(code) <= MAX_CODE:
        return code
    return f"{code[:MAX_CODE]} … sha256:{sha256(code.encode('utf-8', 'surrogatepass')).hexdigest()}"
