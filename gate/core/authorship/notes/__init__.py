"""Notes of tools that record line by line who wrote a commit: read, compared with the commit, made evidence.

`parse_note` reads one note; `note_evidence` and `as_noted` say what the notes of a commit come to. Notes are
claims like all other evidence: an AI line may only raise the bar, and a person's line lowers nothing.
"""

from __future__ import annotations

from gate.core.authorship.notes.judge import as_noted, note_evidence
from gate.core.authorship.notes.model import FETCH_NOTES, REFS, FoundNote, Note, NoteFacts, Writer
from gate.core.authorship.notes.parse import MAX_NOTE_BYTES, parse_note
from gate.core.authorship.notes.share import LineShare

__all__ = [
    "FETCH_NOTES",
    "MAX_NOTE_BYTES",
    "REFS",
    "FoundNote",
    "LineShare",
    "Note",
    "NoteFacts",
    "Writer",
    "as_noted",
    "note_evidence",
    "parse_note",
]
