"""What a value of a configuration file can be: each kind checks a node and describes itself as JSON Schema."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from gate.config import yaml
from gate.config.problems import Problems, shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Schema = dict[str, Any]


class Invalid:
    """What `check` returns for a node that is wrong; the problem is noted already."""


INVALID: Final = Invalid()
UNSET: Final = object()


class Kind(Protocol):
    """`check` returns the plain value of a node, or INVALID with the problem noted. `build` makes the final
    value of it, after presets are merged in. `path` is the dotted key for messages.
    """

    def check(self, node: yaml.Node, path: str, problems: Problems) -> Any: ...
    def build(self, value: Any) -> Any: ...
    def schema(self) -> Schema: ...


def found(node: yaml.Node) -> str:
    """Return what a node is, for a message that expected something else."""
    if isinstance(node, yaml.Mapping):
        return "a mapping"
    if isinstance(node, yaml.Sequence):
        return "a list"
    value = node.value
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"the flag {node.text}"
    return f"the text {shown(value)}" if isinstance(value, str) else f"the number {node.text}"


def wrong(node: yaml.Node, path: str, expected: str, problems: Problems, remedy: str = "") -> Invalid:
    problems.add(node, f"{path}: expected {expected}, found {found(node)}{remedy}")
    return INVALID


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def check(self, node: yaml.Node, path: str, problems: Problems) -> bool | Invalid:
        value = node.value if isinstance(node, yaml.Scalar) else None
        if isinstance(value, bool):
            return value
        words = {"yes": "true", "on": "true", "no": "false", "off": "false", "true": "true", "false": "false"}
        meant = words.get(value.lower()) if isinstance(value, str) else None
        return wrong(node, path, "true or false", problems, f"; write {meant}" if meant else "")

    def build(self, value: bool) -> bool:  # noqa: FBT001 - one argument of a port
        return value

    def schema(self) -> Schema:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number between `least` and `most`, inclusive; whole unless `fraction`; one of `only` if given."""

    least: int
    most: int
    fraction: bool = False
    only: tuple[int, ...] = ()

    def check(self, node: yaml.Node, path: str, problems: Problems) -> float | Invalid:
        value = node.value if isinstance(node, yaml.Scalar) else None
        if isinstance(value, bool) or not isinstance(value, (int, float) if self.fraction else int):
            return wrong(node, path, "a number" if self.fraction else "a whole number", problems)
        if value < self.least:
            problems.add(node, f"{path}: {value} is too small; the smallest is {self.least}")
        elif value > self.most:
            problems.add(node, f"{path}: {value} is too large; the largest is {self.most}")
        elif self.only and value not in self.only:
            problems.add(node, f"{path}: {value} is not one of {', '.join(map(str, self.only))}")
        else:
            return value
        return INVALID

    def build(self, value: float) -> float:
        return value

    def schema(self) -> Schema:
        if self.only:
            return {"enum": list(self.only)}
        kind = "number" if self.fraction else "integer"
        return {"type": kind, "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Word:
    """One of a few words; `words` maps each to its meaning."""

    words: Mapping[str, Any]

    def check(self, node: yaml.Node, path: str, problems: Problems) -> Any:
        value = node.value if isinstance(node, yaml.Scalar) else None
        if not isinstance(value, str):
            return wrong(node, path, f"one of {', '.join(self.words)}", problems)
        if value not in self.words:
            known = ", ".join(self.words)
            problems.add(node, f"{path}: {shown(value)} is not one of {known}{suggestion(value, self.words)}")
            return INVALID
        return self.words[value]

    def build(self, value: Any) -> Any:
        return value

    def schema(self) -> Schema:
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text.

    `pattern` holds for the whole value and means the same in Python and ECMA 262. `expected` names it for
    people. `refuse` returns what is wrong with a value, or None; `change` gives the value its final form.
    `prose` allows several lines, which become one.
    """

    pattern: str = ""
    expected: str = "text"
    refuse: Callable[[str], str | None] | None = None
    change: Callable[[str], str] | None = None
    prose: bool = False
    least: int = 1

    def check(self, node: yaml.Node, path: str, problems: Problems) -> str | Invalid:
        value = node.value if isinstance(node, yaml.Scalar) else None
        if not isinstance(value, str):
            quote = isinstance(node, yaml.Scalar) and value is not None
            return wrong(node, path, self.expected, problems, "; put it in quotes" if quote else "")
        if self.prose:
            value = " ".join(value.split())
        complaint = self._complaint(value)
        if complaint:
            problems.add(node, f"{path}: {complaint}")
            return INVALID
        return self.change(value) if self.change else value

    def _complaint(self, value: str) -> str | None:
        if not value.strip():
            return "the text is empty"
        if not {"\n", "\r", "\t"}.isdisjoint(value):
            return f"{shown(value)} must be one line without tabs"
        if len(value) < self.least:
            return f"{shown(value)} is too short; write at least {self.least} characters"
        if special := self.refuse(value) if self.refuse else None:
            return special
        if self.pattern and not re.search(self.pattern, value):
            return f"{shown(value)} is not {self.expected}"
        return None

    def build(self, value: str) -> str:
        return value

    def schema(self) -> Schema:
        schema: Schema = {"type": "string", "minLength": self.least}
        return schema | {"pattern": self.pattern} if self.pattern else schema


@dataclass(frozen=True, slots=True)
class NotYet:
    """A key with a fixed meaning that this version cannot honour: only `off`, the value that asks for
    nothing, is accepted (UNSET: no value at all). Ignoring the key would be a gate that looks stricter
    than it is. With `kind`, a value that would be wrong anyway gets that message instead.
    """

    off: Any
    kind: Kind | None = None

    def check(self, node: yaml.Node, path: str, problems: Problems) -> Any:
        if self._is_off(node):
            return self.off
        if self.kind is not None and self.kind.check(node, path, problems) is INVALID:
            return INVALID
        remedy = "remove it" if self.off is UNSET else f"only {_written(self.off)} is accepted"
        problems.add(node, f"{path}: not available in this version; {remedy}")
        return INVALID

    def _is_off(self, node: yaml.Node) -> bool:
        match self.off:
            case dict():
                return isinstance(node, yaml.Mapping) and not node.entries
            case list():
                return isinstance(node, yaml.Sequence) and not node.items
            case _:
                return isinstance(node, yaml.Scalar) and node.value == self.off

    def build(self, value: Any) -> Any:
        return value

    def schema(self) -> Schema:
        return {"not": {}} if self.off is UNSET else {"const": self.off}


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
