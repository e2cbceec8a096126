"""Reading YAML from people safely, with the place of every value.

What is accepted is less than YAML: one document, no tags, no duplicate keys, no merge keys, text keys only,
and `true`/`false` but not `yes`/`no` for a flag, so that what a reviewer reads is what the gate reads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gate.config.problems import Problems, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A policy of a hundred people is 20 kB.
MAX_BYTES = 1_000_000
#: The deepest key of the policy file stands five levels down.
MAX_DEPTH = 30
#: Values after aliases are expanded; a "billion laughs" file ends here.
MAX_NODES = 50_000

# Control characters, direction controls that show a file in another order than it is read (CVE-2021-42574),
# lone surrogates, and the line breaks that YAML knows and editors do not.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(?:[0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18})")
_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file: 1-based line and column, in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as it was written; `plain` without quotes."""

    line: int
    column: int
    text: str
    plain: bool = True

    @property
    def value(self) -> str | int | float | bool | None:
        """What it means: quoted text and all words but true, false and null are text."""
        if not self.plain:
            return self.text
        if self.text in _NOTHING:
            return None
        if self.text in _FLAGS:
            return _FLAGS[self.text]
        if _INTEGER.fullmatch(self.text):
            return int(self.text)
        return float(self.text) if _FLOAT.fullmatch(self.text) else self.text


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    line: int
    column: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with values in file order, no key twice."""

    line: int
    column: int
    entries: tuple[tuple[Scalar, Node], ...]


Node = Scalar | Sequence | Mapping


def child(node: Node | None, key: str) -> Node | None:
    """Return the value of a key; None if it is not there or `node` is no mapping."""
    return next((value for name, value in entries(node) if name.text == key), None)


def entries(node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    """Return the keys and values of a mapping; nothing for any other node."""
    return node.entries if isinstance(node, Mapping) else ()


def items(node: Node | None) -> tuple[Node, ...]:
    """Return the items of a list; nothing for any other node."""
    return node.items if isinstance(node, Sequence) else ()


def plain(node: Node) -> Any:
    """Return a node as dictionaries, lists and values."""
    if isinstance(node, Mapping):
        return {key.text: plain(value) for key, value in node.entries}
    return [plain(item) for item in node.items] if isinstance(node, Sequence) else node.value


def parse(data: bytes, problems: Problems) -> Node:
    """Return the one document of a file.

    Duplicate keys are added to `problems`, so that they are reported with whatever else is wrong. Raises
    ConfigErrors for what cannot be read at all, and for an empty file: it is no decision of anybody.
    """
    text = _decode(data, problems)
    events = _events(text, problems)
    composer = _Composer(events, problems)
    root = composer.document()
    if root is None:
        problems.fail(Mark(1, 1), "the file is empty; write at least 'version: 1'")
    return root


def _decode(data: bytes, problems: Problems) -> str:
    if len(data) > MAX_BYTES:
        problems.fail(Mark(1, 1), f"the file has {len(data):,} bytes; the limit is {MAX_BYTES:,}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8").removeprefix("\ufeff")
        problems.fail(
            _mark(before, len(before)), f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        )
    text = text.removeprefix("\ufeff")
    if found := _FORBIDDEN.search(text):
        problems.fail(
            _mark(text, found.start()), f"the character U+{ord(found[0]):04X} is not allowed here; remove it"
        )
    return text


def _mark(text: str, index: int) -> Mark:
    ends = [found.end() for found in _LINE_END.finditer(text, 0, index)]
    return Mark(len(ends) + 1, index - (ends[-1] if ends else 0) + 1)


def _events(text: str, problems: Problems) -> Iterator[Any]:
    import yaml  # noqa: PLC0415 - 14 ms that most commands need not pay

    last = Mark(1, 1)
    try:
        # The reader in Python on purpose: that in C accepts other tabs and words its messages otherwise.
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            last = _place(event.start_mark)
            yield event
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.fail(_place(mark) if mark else last, f"this is not valid YAML: {_reason(error, text)}")
    except (yaml.YAMLError, ValueError, OverflowError):
        # PyYAML 6.0 lets the errors of chr() and int() through: "\UFFFFFFFF", a version of 5,000 digits.
        problems.fail(last, "this is not valid YAML: a value near here has an impossible escape or number")


def _place(mark: Any) -> Mark:
    return Mark(mark.line + 1, mark.column + 1)


def _reason(error: Any, text: str) -> str:
    mark = error.problem_mark
    if mark is not None and text[mark.index : mark.index + 1] == "\t":
        return "a tab cannot stand here; indent with spaces"
    return f"{error.context}, {error.problem}" if error.context else str(error.problem)


class _Composer:
    """Builds nodes from the events of PyYAML's parser; aliases share nodes and are counted in full."""

    def __init__(self, events: Iterator[Any], problems: Problems) -> None:
        self._events = events
        self._problems = problems
        self._anchors: dict[str, tuple[Node, int, int] | None] = {}
        self._nodes = 0

    def document(self) -> Node | None:
        root = None
        for event in self._events:
            match type(event).__name__:
                case "StreamStartEvent" | "StreamEndEvent" | "DocumentEndEvent":
                    continue
                case "DocumentStartEvent":
                    if root is not None:
                        self._problems.fail(
                            _place(event.start_mark), "a second document starts here; one is allowed"
                        )
                    root, _ = self._node(next(self._events), 1)
        # What holds comments only is composed by PyYAML as no document, `---` alone as an empty value.
        return None if isinstance(root, Scalar) and root.value is None else root

    def _node(self, event: Any, depth: int) -> tuple[Node, int]:
        """Return a node and its height."""
        place = _place(event.start_mark)
        kind = type(event).__name__
        if kind == "AliasEvent":
            return self._alias(event.anchor, place, depth)
        self._count(1, place)
        if depth > MAX_DEPTH:
            self._problems.fail(place, f"more than {MAX_DEPTH} levels of nesting")
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!", 1)
            self._problems.fail(place, f"the tag {shown(tag)} is not allowed; write the plain value")
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        before = self._nodes
        node: Node
        height = 1
        if kind == "ScalarEvent":
            node = self._scalar(event, place)
        elif kind == "SequenceStartEvent":
            node, height = self._sequence(place, depth)
        else:
            node, height = self._mapping(place, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = (node, self._nodes - before + 1, height)
        return node, height

    def _count(self, nodes: int, place: Mark) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            self._problems.fail(place, f"more than {MAX_NODES:,} values, aliases expanded")

    def _alias(self, anchor: str, place: Mark, depth: int) -> tuple[Node, int]:
        if anchor not in self._anchors:
            self._problems.fail(place, f"the alias {shown('*' + anchor)} has no anchor before it")
        known = self._anchors[anchor]
        if known is None:
            self._problems.fail(place, f"the alias {shown('*' + anchor)} stands inside what it names")
        node, weight, height = known
        self._count(weight, place)
        if depth + height - 1 > MAX_DEPTH:
            self._problems.fail(place, f"more than {MAX_DEPTH} levels of nesting")
        return node, height

    def _scalar(self, event: Any, place: Mark) -> Scalar:
        if found := _FORBIDDEN.search(event.value):
            self._problems.fail(place, f"this value holds the character U+{ord(found[0]):04X}; remove it")
        return Scalar(place.line, place.column, event.value, plain=event.style is None)

    def _sequence(self, place: Mark, depth: int) -> tuple[Sequence, int]:
        items, tallest = [], 0
        while type(event := next(self._events)).__name__ != "SequenceEndEvent":
            item, height = self._node(event, depth + 1)
            items.append(item)
            tallest = max(tallest, height)
        return Sequence(place.line, place.column, tuple(items)), tallest + 1

    def _mapping(self, place: Mark, depth: int) -> tuple[Mapping, int]:
        entries: list[tuple[Scalar, Node]] = []
        first: dict[str, Scalar] = {}
        tallest = 0
        while type(event := next(self._events)).__name__ != "MappingEndEvent":
            key, _ = self._node(event, depth + 1)
            value, height = self._node(next(self._events), depth + 1)
            tallest = max(tallest, height)
            if not isinstance(key, Scalar):
                self._problems.fail(
                    _place(event.start_mark), "a key must be a plain word, not a list or mapping"
                )
            if key.text == "<<" and key.plain:
                self._problems.fail(key, "merge keys (<<) are not supported; repeat the values")
            if key.text in first:
                line = first[key.text].line
                self._problems.add(
                    key, f"the key {shown(key.text)} stands here a second time; the first is in line {line}"
                )
                continue
            first[key.text] = key
            entries.append((key, value))
        return Mapping(place.line, place.column, tuple(entries)), tallest + 1
