"""Lists, mappings and records of a configuration file, made of the kinds of their values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gate.config import yaml
from gate.config.kinds import INVALID, UNSET, wrong
from gate.config.problems import shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gate.config.kinds import Invalid, Kind, Schema, Text
    from gate.config.problems import Problems


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list without repetitions. `single` also takes one item without the list. `empty` is the complaint
    about an empty list; without it a list may be empty.
    """

    item: Kind
    empty: str = ""
    single: bool = False

    def check(self, node: yaml.Node, path: str, problems: Problems) -> tuple[Any, ...] | Invalid:
        if not isinstance(node, yaml.Sequence):
            if self.single and isinstance(node, yaml.Scalar) and node.value is not None:
                value = self.item.check(node, path, problems)
                return INVALID if value is INVALID else (value,)
            return wrong(node, path, "a list", problems)
        if self.empty and not node.items:
            problems.add(node, f"{path}: {self.empty}")
            return INVALID
        seen: set[str] = set()
        for item in (item for item in node.items if isinstance(item, yaml.Scalar)):
            if item.text in seen:
                problems.add(item, f"{path}: {shown(item.text)} is listed twice")
            seen.add(item.text)
        values = [self.item.check(item, f"{path}[{at}]", problems) for at, item in enumerate(node.items)]
        return INVALID if any(value is INVALID for value in values) else tuple(values)

    def build(self, value: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(self.item.build(item) for item in value)

    def schema(self) -> Schema:
        items: Schema = {"type": "array", "items": self.item.schema(), "uniqueItems": True}
        if self.empty:
            items["minItems"] = 1
        return {"anyOf": [self.item.schema(), items]} if self.single else items


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping whose keys are names that the team chooses."""

    key: Text
    value: Kind

    def check(self, node: yaml.Node, path: str, problems: Problems) -> dict[str, Any] | Invalid:
        if not isinstance(node, yaml.Mapping):
            return wrong(node, path, "a mapping", problems)
        values = {}
        for key, value in node.entries:
            quoted = yaml.Scalar(key.line, key.column, key.text, plain=False)
            name = self.key.check(quoted, path, problems)
            checked = self.value.check(value, f"{path}.{key.text}", problems)
            if isinstance(name, str) and checked is not INVALID:
                values[name] = checked
        return values

    def build(self, value: dict[str, Any]) -> dict[str, Any]:
        return {name: self.value.build(item) for name, item in value.items()}

    def schema(self) -> Schema:
        names = {"pattern": self.key.pattern} if self.key.pattern else {}
        return {"type": "object", "propertyNames": names, "additionalProperties": self.value.schema()}


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a record. `about` says for users what it means, `default` is the value of `balanced` as it
    is written in YAML. `field` is its name in what is built; "-" if nothing is built from it.
    `example` is what to write where a required key is missing.
    """

    kind: Kind
    about: str
    default: Any = UNSET
    required: bool = False
    field: str = ""
    example: str = ""

    def schema(self) -> Schema:
        schema = self.kind.schema() | {"description": self.about}
        return schema if self.default is UNSET else schema | {"default": self.default}


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys; `make` builds the final value from its fields."""

    keys: Mapping[str, Key]
    make: Callable[..., Any] = dict
    #: Sets of keys of which at least one must be there.
    any_of: tuple[tuple[str, ...], ...] = field(default=())

    def check(self, node: yaml.Node, path: str, problems: Problems) -> dict[str, Any] | Invalid:
        if not isinstance(node, yaml.Mapping):
            return wrong(node, path or "the file", "a mapping", problems)
        values = {}
        for written, value in node.entries:
            if written.text not in self.keys:
                problems.add(written, self._unknown(written.text, path, problems))
                continue
            kind = self.keys[written.text].kind
            checked = kind.check(value, f"{path}.{written.text}".lstrip("."), problems)
            if checked is not INVALID:
                values[written.text] = checked
        given = {written.text for written, _ in node.entries}
        before = f"{path}: " if path else ""
        for name, key in self.keys.items():
            if key.required and name not in given:
                example = f"; write {key.example!r}" if key.example else ""
                problems.add(node, f"{before}the key {name!r} is missing{example}")
        for names in self.any_of:
            if given.isdisjoint(names):
                problems.add(node, f"{before}give at least one of {', '.join(names)}")
        return values

    def _unknown(self, name: str, path: str, problems: Problems) -> str:
        close = suggestion(name, self.keys)
        if not close and name in problems.elsewhere:
            close = f"; did you mean {problems.elsewhere[name]!r}?"
        known = "" if close else f"; known here: {', '.join(self.keys)}"
        return f"unknown key {shown(name)}{f' in {path}' if path else ''}{close}{known}"

    def build(self, value: dict[str, Any]) -> Any:
        known = ((key, self.keys[key], item) for key, item in value.items())
        return self.make(**{k.field or name: k.kind.build(item) for name, k, item in known if k.field != "-"})

    def schema(self) -> Schema:
        schema: Schema = {"type": "object", "additionalProperties": False}
        schema["properties"] = {name: key.schema() for name, key in self.keys.items()}
        if required := [name for name, key in self.keys.items() if key.required]:
            schema["required"] = required
        if self.any_of:
            schema["allOf"] = [{"anyOf": [{"required": [name]} for name in names]} for names in self.any_of]
        return schema
