"""Comments (and strings) that tell a scanner to keep quiet, read as the tools read them.

Bandit 1.9.4: `bandit/core/manager.py`, NOSEC_COMMENT. Semgrep 1.182: `semgrep/constants.py`, NOSEM_INLINE_RE.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.core.lexer import PYTHON, Kind, Token, tokenize
from gate.core.secrets import mask_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gate.core.source import Source

_NOSEC = re.compile(r"#\s*nosec(?P<longer>\w*)(?P<tests>:?\s*[^#\n]{0,500})")
_NOSEC_ANY_CASE = re.compile(r"#\s*nosec\b", re.IGNORECASE)
# Of ids with a comma and no blank between them Bandit takes the last one only, as a repeated group does.
_NOSEC_TESTS = re.compile(r"(?:(B\d+|[a-z\d_]+),?)+", re.IGNORECASE)
_NOSEM = re.compile(r" nosem(?:grep)?(?P<longer>\w*)(?:[:=]\s?(?P<ids>[^,\s][^\n]{0,500})?)?", re.IGNORECASE)
_NOSEM_GLUED = re.compile(r"(?:#|//|/\*|--)nosem(?:grep)?\b", re.IGNORECASE)
_MAX_TEXT = 300
_HINT = re.compile(rb"nosec|nosem", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """One place that can suppress.

    `kind` is nosec or nosemgrep; `rules` are the ids it names, with Bandit's test names as ids. `text` is for
    people, of a string no more than the tool's word. `blanket`: it names no rule that the tool knows, which
    hides everything. `in_string`: no comment but a string literal. `is_longer`: the tool's word is only the
    beginning of another one. `alone`: no code is before it on its line. `unread`: why the tool takes it for
    an ordinary comment, if it does.
    """

    kind: str
    path: str
    line: int
    text: str
    rules: tuple[str, ...] = ()
    blanket: bool = False
    in_string: bool = False
    is_longer: bool = False
    alone: bool = False
    unread: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether it is a comment that says the tool's word: only such a one is honoured."""
        return not self.in_string and not self.is_longer

    def names(self, rule_id: str) -> bool:
        """Whether it covers a rule; Semgrep's ids may be given without their path."""
        if self.unread:
            return False
        return self.blanket or any(rule_id == rule or rule_id.endswith(f".{rule}") for rule in self.rules)


def find_markers(source: Source, bandit_tests: Mapping[str, str]) -> tuple[Marker, ...]:
    """Return what can suppress in a file, by line.

    `bandit_tests` are ids and names of Bandit's tests, each with its id (`Families.rule_names("bandit")`):
    a `nosec` that names none of them hides everything.
    """
    if not _HINT.search(source.data):
        return ()
    found: list[Marker] = []
    for token in tokenize(source.text, source.dialect):
        if token.kind in (Kind.COMMENT, Kind.STRING) and _HINT.search(token.text.encode("utf-8", "replace")):
            found.extend(_in_token(source, token, bandit_tests))
    return tuple(found)


def _in_token(source: Source, token: Token, bandit_tests: Mapping[str, str]) -> Iterator[Marker]:
    first = source.line_at(token.start)
    before = source.text[source.line_starts[first - 1] : token.start]
    for number, text in enumerate(token.text.split("\n")):
        is_comment = token.kind is Kind.COMMENT
        alone = bool(number) or not re.search(r"[^\W_]", before)
        if is_comment and source.dialect is PYTHON and (nosec := _NOSEC.search(text)):
            named = [bandit_tests[t] for t in _NOSEC_TESTS.findall(nosec["tests"]) if t in bandit_tests]
            yield Marker(
                kind="nosec",
                path=source.path,
                line=first + number,
                text=_shown(text),
                rules=tuple(dict.fromkeys(named)),
                blanket=not named,
                is_longer=bool(nosec["longer"]),
                alone=alone,
            )
        elif is_comment and source.dialect is PYTHON and _NOSEC_ANY_CASE.search(text):
            yield _unread(source, first + number, "nosec", text, "Bandit wants its word in lower case")
        # Semgrep wants a blank before its word; a string may have it outside.
        if nosem := _NOSEM.search(text if number else before[-1:] + text):
            ids = tuple(rule for rule in map(_first_word, (nosem["ids"] or "").split(",")) if rule)
            yield Marker(
                kind="nosemgrep",
                path=source.path,
                line=first + number,
                text=_shown(text) if is_comment else nosem[0].strip(),
                rules=ids,
                blanket=not ids,
                in_string=not is_comment,
                is_longer=bool(nosem["longer"]),
                alone=alone,
            )
        elif is_comment and _NOSEM_GLUED.search(text):
            yield _unread(source, first + number, "nosemgrep", text, "Semgrep wants a blank before its word")


def _unread(source: Source, line: int, kind: str, text: str, why: str) -> Marker:
    return Marker(kind=kind, path=source.path, line=line, text=_shown(text), blanket=True, unread=why)


def _shown(comment: str) -> str:
    return mask_tokens(comment.strip()[:_MAX_TEXT])


def _first_word(text: str) -> str:
    return next(iter(text.split()), "")
