"""The parts that notes of all tools share: JSON that may be hostile, and lines collected by writer."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, Final

from gate.core.authorship.collect import escaped
from gate.core.authorship.notes.model import Note, Writer
from gate.core.ranges import Ranges, merged

#: A larger number is no line of a file.
MAX_LINE: Final = 2**31
#: Writers of one note that are told apart; more are counted.
_MAX_WRITERS: Final = 100
_MAX_MODELS: Final = 10

Lines = dict[str, list[tuple[int, int]]]


class NoteError(ValueError):
    """A note that cannot be read; the text says why and holds nothing of the note but escaped values."""


def read_object(text: str, what: str) -> dict[str, Any]:
    """Return the JSON object in `text`. Raises NoteError for anything else, without quoting it."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise NoteError(f"{what} is not valid JSON{place}") from None
    if not isinstance(value, dict):
        raise NoteError(f"{what} is not a JSON object")
    return value


def record(value: Any) -> dict[str, Any]:
    """Return a mapping, an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def word(value: Any) -> str | None:
    """Return text that is not blank, escaped and cut for reports; None for anything else."""
    return escaped(value) if isinstance(value, str) and value.strip() else None


class Collected:
    """Lines of a note as they are found."""

    def __init__(self) -> None:
        self._writers: dict[tuple[str | None, str | None], Lines] = {}
        self._models: dict[tuple[str | None, str | None], set[str]] = {}
        self._people: Lines = {}
        self._problems: Counter[str] = Counter()

    @property
    def is_empty(self) -> bool:
        return not (self._writers or self._people)

    def add_writer(
        self,
        path: str,
        ranges: list[tuple[int, int]],
        *,
        tool: str | None,
        model: str | None,
        prompter: str | None,
    ) -> None:
        key = (tool, prompter)
        self._writers.setdefault(key, {}).setdefault(path, []).extend(ranges)
        if model is not None:
            self._models.setdefault(key, set()).add(model)

    def add_person(self, path: str, ranges: list[tuple[int, int]]) -> None:
        self._people.setdefault(path, []).extend(ranges)

    def remark(self, text: str, number: int = 1) -> None:
        """Note that something was not read; equal texts are counted."""
        self._problems[text] += number

    def note(self) -> Note:
        """The note: writers with the most lines first, the rest of a long list counted in a remark."""
        writers = [
            Writer(
                tool=tool,
                prompter=prompter,
                models=tuple(sorted(self._models.get((tool, prompter), ()))[:_MAX_MODELS]),
                lines=_merged(lines),
            )
            for (tool, prompter), lines in self._writers.items()
        ]
        writers.sort(key=lambda w: (-_lines(w), w.tool or "", w.prompter or ""))
        if len(writers) > _MAX_WRITERS:
            self.remark("further AI sessions are not listed", len(writers) - _MAX_WRITERS)
        remarks = (text if n == 1 else f"{text} ({n:,} times)" for text, n in sorted(self._problems.items()))
        return Note(
            writers=tuple(writers[:_MAX_WRITERS]), people=_merged(self._people), remarks=tuple(remarks)
        )


def _merged(lines: Lines) -> dict[str, Ranges]:
    return {path: merged(ranges) for path, ranges in sorted(lines.items())}


def _lines(writer: Writer) -> int:
    return sum(last - first + 1 for ranges in writer.lines.values() for first, last in ranges)
