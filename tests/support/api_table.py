"""Requests and answers against the facts of a forge's published API description.

The tables in `api/` are made by `make_api_table.py`. A type is written as

    integer string boolean number object    a value of JSON            *     anything
    =open|closed                            one of these words         []X   a list of X
    @simple-user                            an object with the fields of that entity
    X?                                      X or null                  !X    X, and the field has to be there
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.fake_forge import Call

FOLDER = Path(__file__).parent / "api"
_KINDS: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "object": dict,
}


@cache
def table(forge: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{forge}.json").read_text(encoding="utf-8"))


@cache
def _patterns(forge: str) -> list[tuple[str, re.Pattern[str], dict[str, Any]]]:
    found = []
    for name, row in table(forge)["operations"].items():
        method, _, path = name.partition(" ")
        found.append((method, re.compile(re.escape(path).replace(r"\{\}", "[^/]+") + r"\Z"), row))
    # A fixed part of a path says more than one that may be anything.
    return sorted(found, key=lambda one: one[1].pattern.count("[^/]+"))


def problems(forge: str, call: Call, status: int, data: Any) -> list[str]:
    """Return what a request, or the answer to it, has that the description does not."""
    row = next(
        (row for method, path, row in _patterns(forge) if method == call.method and path.match(call.path)),
        None,
    )
    if row is None:
        return [f"{call}: the description has no such operation"]
    entities = table(forge)["entities"]
    found = [f"{call}: no parameter {name}" for name in call.query if name not in row["query"]]
    if call.body is not None:
        found += [
            f"{call}: {told}" for told in _wrong(row.get("body", "*"), call.body, entities, "$", asked=True)
        ]
    if status < 400:  # which refusals there are is rarely described, and GitLab says 200 where it creates
        answers = {code: kind for code, kind in row["answers"].items() if code[0] == "2"}
        kind = answers.get(str(status), next(iter(answers.values())))
        found += [
            f"{call}: answer {status}: {told}" for told in _wrong(kind, data, entities, "$", asked=False)
        ]
    return found


def _wrong(kind: str, value: Any, entities: dict[str, Any], where: str, *, asked: bool) -> Iterator[str]:
    """A request may have no unknown field and needs the required ones. An answer may have more than is described,
    but the fakes give only what the gate reads, so it must all be described; and it may have less.
    """
    kind = kind.removeprefix("!")
    if value is None and not asked:
        return  # descriptions rarely say what may be null
    if kind.endswith("?"):
        if value is None:
            return
        kind = kind[:-1]
    if kind == "*":
        return
    if isinstance(value, list):
        inner = kind.removeprefix("[]")
        if inner == kind and asked:
            yield f"{where} is a list"
        for index, item in enumerate(value):
            yield from _wrong(inner, item, entities, f"{where}[{index}]", asked=asked)
    elif kind.startswith("[]"):
        yield f"{where} is no list"
    elif kind.startswith("="):
        if value not in kind[1:].split("|"):
            yield f"{where} is {value!r}, not {kind[1:]}"
    elif kind.startswith("@"):
        if not isinstance(value, dict):
            yield f"{where} is no object"
            return
        fields = entities[kind[1:]]
        for name, item in value.items():
            if name not in fields:
                yield f"{where}.{name} is not described"
            else:
                yield from _wrong(fields[name], item, entities, f"{where}.{name}", asked=asked)
        if asked:
            for name, told in fields.items():
                if told.startswith("!") and name not in value:
                    yield f"{where}.{name} is missing"
    elif not isinstance(value, _KINDS[kind]) or (isinstance(value, bool) and kind != "boolean"):
        yield f"{where} is {value!r}, no {kind}"
