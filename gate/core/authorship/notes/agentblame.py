"""Notes of Agent Blame (refs/notes/agentblame): one JSON object with the lines that an AI wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gate.core.authorship.notes.records import MAX_LINE, Collected, NoteError, read_object, record, word

if TYPE_CHECKING:
    from gate.core.authorship.notes.model import Note

#: Version 1 writes names with underscores, version 2 in camel case; both are taken from either.
VERSIONS: Final = (1, 2)
_AI: Final = "ai_generated"


def read(text: str, _commit: str) -> Note:
    """Return what a note says. Raises NoteError if it cannot be read."""
    document = read_object(text, "it")
    version = document.get("version")
    if isinstance(version, bool) or version not in VERSIONS:
        shown = f"has the version {version}" if type(version) is int else "names no version"
        raise NoteError(f"it {shown}, and only 1 and 2 are known")
    rows = document.get("attributions")
    if not isinstance(rows, list):
        raise NoteError("its list of attributions is missing")
    found = Collected()
    for row in rows:
        _read_row(record(row), found)
    return found.note()


def _read_row(row: dict[str, Any], found: Collected) -> None:
    path = row.get("path")
    first = _line(row.get("start_line", row.get("startLine")))
    last = _line(row.get("end_line", row.get("endLine")))
    if not isinstance(path, str) or not path or not 1 <= first <= last:
        found.remark("an attribution could not be read")
    elif row.get("category") != _AI:
        found.remark("an attribution of an unknown category; its lines count as unknown")
    else:
        found.add_writer(
            path,
            [(first, last)],
            tool=word(row.get("provider")),
            model=word(row.get("model")),
            prompter=None,
        )


def _line(value: Any) -> int:
    """Return a line number, 0 for anything else."""
    return value if type(value) is int and 1 <= value <= MAX_LINE else 0
