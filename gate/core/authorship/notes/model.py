"""What a note says, as plain facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gate.core.ranges import Ranges

#: Where notes are, by the name of the source.
REFS: Final = {"notes_ai": "refs/notes/ai", "notes_agentblame": "refs/notes/agentblame"}
#: What brings them into a clone. A pattern, because a named ref that does not exist fails the command.
FETCH_NOTES: Final = "git fetch origin '+refs/notes/*:refs/notes/*'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """An AI that wrote lines of a commit, as the note has it.

    `tool` is the tool's own word for itself, None where the note does not say; `models` are sorted.
    `prompter` is the person who directed it, as free text. `lines` are those of the file as the commit left
    it, by path. All texts are hostile.
    """

    tool: str | None
    prompter: str | None = None
    models: tuple[str, ...] = ()
    lines: Mapping[str, Ranges]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One note. `people` are the lines of persons whom it names, by path.

    `problem` says why it cannot be read; then nothing else is known of it. `remarks` name what of it was not
    read or does not fit together. Lines under neither head are unknown, never a person's.
    """

    writers: tuple[Writer, ...] = ()
    people: Mapping[str, Ranges] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    problem: str | None = None

    @property
    def says_something(self) -> bool:
        return bool(self.writers or self.people)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNote:
    """A note of a commit. `source` is notes_ai or notes_agentblame.

    `patch_of` is the full id of the commit that it was written for, if that is another one with the same
    patch; its line numbers mean nothing then.
    """

    source: str
    note: Note
    patch_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFacts:
    """All that notes say of some commits, by full commit id.

    `states` says for each source: present, absent or unreadable. `added` are the lines that a commit added,
    by path; a commit whose lines nobody looked at is not in it. `remarks` say why something is unreadable.
    """

    notes: Mapping[str, Sequence[FoundNote]] = field(default_factory=dict)
    added: Mapping[str, Mapping[str, Ranges]] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
