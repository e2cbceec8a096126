"""Snapshots of a database model, as Entity Framework writes them beside each migration.

They name every table there is, so each would touch areas; what changes is in the migration itself. A new one
is believed to be a snapshot because of what it consists of, and not because of its name or a mark.
"""

from __future__ import annotations

import re

from gate.core.lexer import CURLY, Kind, tokenize

_NAME = re.compile(r"(?:^|/)(?:\d{8,}_[\w.]+\.Designer|\w+ModelSnapshot)\.cs$")
_DIRECTIVE = re.compile(r"^\s*(?:using\s+[\w.]+\s*;|#(?:pragma|nullable)\b[^\n]*)\s*$", re.MULTILINE)
#: Calls that describe a model, as members of a builder.
_DESCRIBES = re.compile(
    r"(?:Has|Is|With|Use|On|Value|To)[A-Z]\w*|Entity|Property|PrimitiveCollection|ComplexProperty|Navigation|Owns(?:One|Many)|ToTable|ToView"
)
#: What else may stand before a parenthesis: attributes, the one method, and values.
_PLAIN_CALLS = frozenset(
    ["DbContext", "Migration", "BuildTargetModel", "BuildModel", "typeof", "DateTime", "DateTimeOffset", "TimeSpan", "Guid"]
)  # fmt: skip
_ROOT = re.compile(
    r"modelBuilder|b\d*|\w+(?:Builder|Model|Property|Index|Entity\w*)Extensions|DeleteBehavior|DateTimeKind|\w+ValueGenerationStrategy"
)
_LAMBDA = re.compile(r"b\d*")
_STATEMENTS = frozenset(
    [
        "if", "else", "for", "foreach", "while", "do", "switch", "case", "return", "throw", "try", "catch", "await", "async", "unsafe",
        "static", "extern", "stackalloc", "get", "set", "delegate", "operator", "event", "struct", "interface", "record", "goto", "lock", "yield",
        "base", "this", "dynamic", "var", "public", "private", "internal",
    ]
)  # fmt: skip
_NOT_THERE = frozenset("$@?!&|^~%*/+\\`#")


def is_snapshot(path: str, text: str) -> bool:
    """Whether a file is called like a snapshot and does nothing but describe a model."""
    if not _NAME.search(path):
        return False
    tokens = [
        (token.kind, token.text)
        for token in tokenize(_DIRECTIVE.sub("", text), CURLY)
        if token.kind is not Kind.COMMENT
    ]
    words = [word for kind, word in tokens if kind is Kind.WORD]
    if words.count("class") != 1 or words.count("BuildTargetModel") + words.count("BuildModel") != 1:
        return False
    padded = [(Kind.OPERATOR, ""), (Kind.OPERATOR, ""), *tokens, (Kind.OPERATOR, "")]
    return all(
        _describes([text for _, text in padded[at - 2 : at + 2]], kind)
        for at, (kind, _) in enumerate(padded[2:-1], 2)
    )


def _describes(around: list[str], kind: Kind) -> bool:
    """Whether one token, given with the two before it and the one behind it, belongs to a description."""
    second, before, text, after = around
    if kind is Kind.STRING:
        return True
    if kind is not Kind.WORD:
        if text == "=>":
            return _LAMBDA.fullmatch(before) is not None
        if text == "?":  # `int?` as the type of a column
            return after == ">"
        return not _NOT_THERE.intersection(text)
    if text in _STATEMENTS:
        return False
    if after == "(" or (after == "<" and before == "."):
        return (before == "." and _DESCRIBES.fullmatch(text) is not None) or (
            before != "." and text in _PLAIN_CALLS
        )
    if after == "." and before != ".":
        return (
            _ROOT.fullmatch(text) is not None
            or before in ("namespace", "<")
            or (second, before) == ("typeof", "(")
        )
    return True
