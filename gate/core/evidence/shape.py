"""Plain data of a fixed form: one table says how values are written and what is accepted when they are read back.

Reading is strict, for what is read may be forged: unknown, missing and repeated keys, wrong types and values
out of bounds are refused with a sentence that names the place.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: A place for people, such as `predicate.tools[2].name`.
Place = str


class Shape(Protocol):
    """A form of values. `read` raises ValueError with the place; `write` is its inverse."""

    def read(self, value: Any, place: Place) -> Any: ...

    def write(self, value: Any) -> Any: ...


class Text(NamedTuple):
    """A text of at most `most` characters. `form` is a pattern that all of it must match."""

    most: int = 2000
    form: str = ""
    empty: bool = False

    def read(self, value: Any, place: Place) -> str:
        least = 0 if self.empty else 1
        if not isinstance(value, str) or not least <= len(value) <= self.most:
            raise ValueError(f"{place} is not a text of {least} to {self.most:,} characters")
        if self.form and not re.fullmatch(self.form, value):
            raise ValueError(f"{place} does not have its form")
        return value

    def write(self, value: str) -> str:
        return value


class Word(NamedTuple):
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, value: Any, place: Place) -> str:
        if not isinstance(value, str) or value not in self.words:
            raise ValueError(f"{place} is none of {', '.join(self.words)}")
        return value

    def write(self, value: str) -> str:
        return value


class Count(NamedTuple):
    """A whole number from 0 (or `least`) on."""

    least: int = 0
    most: int = 10**9

    def read(self, value: Any, place: Place) -> int:
        if type(value) is not int or not self.least <= value <= self.most:
            raise ValueError(f"{place} is not a whole number from {self.least} to {self.most:,}")
        return value

    def write(self, value: int) -> int:
        return value


class Flag:
    """true or false."""

    def read(self, value: Any, place: Place) -> bool:
        if not isinstance(value, bool):
            raise ValueError(f"{place} is not true or false")  # noqa: TRY004 - one kind of error for wrong data
        return value

    def write(self, value: bool) -> bool:  # noqa: FBT001 - a value, no switch
        return value


class Maybe(NamedTuple):
    """A value that may be null."""

    shape: Shape

    def read(self, value: Any, place: Place) -> Any:
        return None if value is None else self.shape.read(value, place)

    def write(self, value: Any) -> Any:
        return None if value is None else self.shape.write(value)


class Many(NamedTuple):
    """A list. `once`: sorted and without repetitions."""

    item: Shape
    most: int = 10_000
    once: bool = False

    def read(self, value: Any, place: Place) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) > self.most:
            raise ValueError(f"{place} is not a list of at most {self.most:,}")
        found = tuple(self.item.read(one, f"{place}[{number}]") for number, one in enumerate(value))
        if self.once and list(found) != sorted(set(found)):
            raise ValueError(f"{place} is not sorted, or has something twice")
        return found

    def write(self, value: tuple[Any, ...]) -> list[Any]:
        return [self.item.write(one) for one in value]


class Counts(NamedTuple):
    """A mapping of words to whole numbers."""

    words: tuple[str, ...]

    def read(self, value: Any, place: Place) -> dict[str, int]:
        found = _object(value, place, set(self.words), set())
        return {name: Count().read(found[name], f"{place}.{name}") for name in self.words}

    def write(self, value: Mapping[str, int]) -> dict[str, int]:
        return {name: value.get(name, 0) for name in self.words}


class Fields(NamedTuple):
    """An object with exactly these keys, each with the name of its field and its shape. `make` builds the value."""

    make: Callable[..., Any]
    keys: Mapping[str, tuple[str, Shape]]

    def read(self, value: Any, place: Place) -> Any:
        found = _object(value, place, set(self.keys), set())
        return self.make(
            **{field: shape.read(found[key], f"{place}.{key}") for key, (field, shape) in self.keys.items()}
        )

    def write(self, value: Any) -> dict[str, Any]:
        return {key: shape.write(getattr(value, field)) for key, (field, shape) in self.keys.items()}


def _object(value: Any, place: Place, needed: set[str], optional: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{place} is not an object")  # noqa: TRY004 - one kind of error for wrong data
    if missing := needed - value.keys():
        raise ValueError(f"{place} lacks {', '.join(sorted(missing))}")
    if unknown := value.keys() - needed - optional:
        raise ValueError(f"{place} has the unknown key {min(unknown)[:60]!r}")
    return value


def read_json(raw: bytes, *, most: int) -> Any:
    """Return the value of a JSON document. Raises ValueError for one above `most` bytes and for repeated keys."""
    if len(raw) > most:
        raise ValueError(f"it is larger than {most // 1024:,} KiB")
    try:
        return json.loads(
            raw.decode("utf-8"), object_pairs_hook=_pairs, parse_constant=_constant, parse_float=_float
        )
    except (ValueError, RecursionError) as error:
        told = str(error) if isinstance(error, _RefusedError) else "it is not JSON, or it is cut"
        raise ValueError(told) from error


class _RefusedError(ValueError):
    """A reason of ours, not of the JSON parser."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) != len(pairs):
        raise _RefusedError("it has a key twice")
    return plain


def _constant(word: str) -> NoReturn:
    raise _RefusedError(f"{word} is not JSON")


def _float(word: str) -> NoReturn:
    raise _RefusedError(f"{word[:40]} is not a whole number")
