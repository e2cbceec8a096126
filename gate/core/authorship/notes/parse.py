"""Reading a note, whichever tool wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gate.core.authorship.notes import agentblame, gitai
from gate.core.authorship.notes.model import Note
from gate.core.authorship.notes.records import NoteError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: Larger notes are not read; old notes hold whole transcripts, and the largest seen has 3.2 MB.
MAX_NOTE_BYTES: Final = 16 * 1024 * 1024

_READERS: Final[Mapping[str, Callable[[str, str], Note]]] = {
    "notes_ai": gitai.read,
    "notes_agentblame": agentblame.read,
}


def parse_note(source: str, content: bytes, commit: str) -> Note:
    """Return what a note of `source` (notes_ai, notes_agentblame) on `commit` (full id) says. Never raises.

    What cannot be read has a `problem`. Conversations that a note holds are dropped at once.
    """
    if len(content) > MAX_NOTE_BYTES:
        return Note(problem=f"it has {len(content):,} bytes, more than the {MAX_NOTE_BYTES:,} that are read")
    try:
        return _READERS[source](content.decode("utf-8", "surrogateescape"), commit)
    except NoteError as error:
        return Note(problem=str(error))
