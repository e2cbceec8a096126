"""Reading the files that can switch attribution off, where a tree has them."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from gate import config
from gate.config import yaml
from gate.config.problems import Problems
from gate.core.authorship.suppression import SuppressionTable, compare_sides
from gate.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.core.authorship.model import Marker
    from gate.git import Repository

#: Larger files are not read: settings are small, and instructions that long are read by nobody.
MAX_BYTES = 1_000_000
#: Instruction files of one folder that are read.
MOST_FILES = 200


def find_suppression(
    repository: Repository, *, base: str | None, head: str
) -> tuple[tuple[Marker, ...], tuple[str, ...]]:
    """Return what switches attribution off in the trees of two commits, and what of it could not be read.

    One git process tells whether there is any of the files; most repositories have none.
    """
    table = _table()
    sides = {"head": head} | ({"base": base} if base is not None else {})
    named = (*table.settings, *table.instructions)
    here = repository.blobs_at(sides.values(), named, table.folders, most=MOST_FILES)
    if not any(here.values()):
        return (), ()
    wanted = {blob for files in here.values() for blob in files.values()}
    contents = dict(repository.blobs(sorted(wanted), max_bytes=MAX_BYTES))
    remarks: dict[str, None] = {}
    found: dict[str, list[Marker]] = {"base": [], "head": []}
    for side, sha in sides.items():
        settings: dict[str, Any] = {}
        texts: dict[str, str] = {}
        for path, blob in here[sha].items():
            content = contents.get(blob)
            if content is None:
                remarks[_unread(path, side, f"it has more than {MAX_BYTES:,} bytes")] = None
                continue
            try:
                if path in table.settings:
                    settings[path] = _document(path, content)
                else:
                    texts[path] = content.decode("utf-8", "replace")
            except (ValueError, RecursionError, ConfigError) as error:
                remarks[_unread(path, side, str(error))] = None
        found[side] += table.markers(settings, texts, side)
    return compare_sides(found["base"], found["head"]), tuple(remarks)


def _unread(path: str, side: str, why: str) -> str:
    return f"{path} at the {side} cannot be read, so whether it switches attribution off is unknown: {why}"


@cache
def _table() -> SuppressionTable:
    return SuppressionTable(config.load_document("agents/_suppression.yml"))


def _document(path: str, content: bytes) -> Mapping[str, Any]:
    """The plain value of a settings file; hostile, so what is not plainly JSON or YAML is an error."""
    if path.endswith(".json"):
        return _mapping(json.loads(content.decode("utf-8-sig")))
    problems = Problems(path)
    value = yaml.plain(yaml.parse(content, problems))
    problems.raise_if_any()
    return _mapping(value)


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("it holds no mapping")  # noqa: TRY004 - one kind of error for all that is no settings file
    return value
