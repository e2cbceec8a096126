"""Whether a repository switches off what agents leave in commits; read from its settings and instructions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from gate.core.authorship.collect import escaped
from gate.core.authorship.model import Marker
from gate.core.authorship.schema import RegistryError, text_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: The agent of instructions, which speak to all of them.
ANY_AGENT: Final = "any"
INSTRUCTION: Final = "instruction"
#: A longer line is no instruction that anybody reads.
MAX_LINE: Final = 2_000
#: Lines of one file that are told.
MOST_LINES: Final = 5

_WORDS: Final = {True: ("true", "yes", "on"), False: ("false", "no", "off")}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    agent: str
    files: tuple[str, ...]
    key: str
    value: Any
    also: Mapping[str, Any]
    unless: Mapping[str, Any]
    unless_set: tuple[str, ...]
    intent: bool

    def holds(self, document: Any) -> bool:
        return (
            _same(_at(document, self.key), self.value)
            and all(_same(_at(document, key), value) for key, value in self.also.items())
            and not any(_same(_at(document, key), value) for key, value in self.unless.items())
            and all(_at(document, key) is None for key in self.unless_set)
        )


class SuppressionTable:
    """The settings and phrases that are known. `settings` are paths of files that hold key and value as JSON or
    YAML, `instructions` and everything below `folders` are texts for agents.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        """Read the document of `_suppression.yml`; raises RegistryError for anything wrong in it."""
        try:
            self._settings = tuple(_setting(row) for row in document["settings"])
            told = document["instructions"]
            self.settings = tuple(dict.fromkeys(path for one in self._settings for path in one.files))
            self.instructions = text_list(told["files"], "instructions: files")
            self.folders = text_list(told["folders"], "instructions: folders")
            self._phrases = _compiled(told["phrases"])
            self._exceptions = _compiled(told["exceptions"])
        except (KeyError, TypeError, re.error) as error:
            raise RegistryError(f"suppression: {error!r}") from error

    def markers(self, settings: Mapping[str, Any], texts: Mapping[str, str], side: str) -> Iterator[Marker]:
        """Yield what one side (`base` or `head`) says: of plain documents and of texts, both by path."""
        for setting in self._settings:
            for path in setting.files:
                if path in settings and setting.holds(settings[path]):
                    yield Marker(
                        agent=setting.agent, file=path, key=setting.key, side=side, intent=setting.intent
                    )
        for path in sorted(texts):
            for number, line in self.forbidding(texts[path]):
                yield Marker(
                    agent=ANY_AGENT, file=path, key=INSTRUCTION, side=side, line=number, text=escaped(line)
                )

    def forbidding(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield number and text of the first lines that forbid attribution."""
        found = 0
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) <= MAX_LINE and self._forbids(line):
                yield number, line.strip()
                found += 1
                if found == MOST_LINES:
                    return

    def _forbids(self, line: str) -> bool:
        return any(p.search(line) for p in self._phrases) and not any(
            e.search(line) for e in self._exceptions
        )


def compare_sides(base: Iterable[Marker], head: Iterable[Marker]) -> tuple[Marker, ...]:
    """Return the markers of two sides in order, each once, with the side `both` where both have it.

    The line is that of the head. What stands on `head` alone was set by the change.
    """

    def name(marker: Marker) -> tuple[str, str, str, str]:
        return (marker.file, marker.key, marker.agent, marker.text)

    old = {name(marker): marker for marker in base}
    new = {name(marker): marker for marker in head}
    found = [replace(marker, side="both") if key in old else marker for key, marker in new.items()]
    found += [marker for key, marker in old.items() if key not in new]
    return tuple(sorted(found, key=lambda marker: (marker.file, marker.line, marker.key, marker.text)))


def _setting(row: Mapping[str, Any]) -> _Setting:
    return _Setting(
        agent=row["agent"],
        files=text_list(row["files"], "settings: files"),
        key=row["key"],
        value=row["is"],
        also=row.get("and", {}),
        unless=row.get("unless", {}),
        unless_set=text_list(row.get("unless_set", []), "settings: unless_set"),
        intent=row.get("intent", False),
    )


def _compiled(patterns: Any) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(one, re.IGNORECASE) for one in text_list(patterns, "instructions: patterns"))


def _at(document: Any, key: str) -> Any:
    for name in key.split("."):
        document = document.get(name) if isinstance(document, Mapping) else None
    return document


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, bool):
        return value is wanted or (isinstance(value, str) and value.strip().lower() in _WORDS[wanted])
    return isinstance(value, str) and value.strip().casefold() == wanted.casefold()
