"""Notes of git-ai (refs/notes/ai, its standard 3.0.0 and older forms of it).

Lines of the files come first, in plain text; behind a line `---` stands JSON with what their keys mean.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gate.core.authorship.notes.records import MAX_LINE, Collected, NoteError, read_object, record, word

if TYPE_CHECKING:
    from gate.core.authorship.notes.model import Note

SCHEMA: Final = "authorship/3.0.0"
_DIVIDER: Final = "---"
_RANGE: Final = re.compile(r"(\d{1,10})(?:-(\d{1,10}))?", re.ASCII)
#: Keys of AI sessions without a prefix: of 16 digits, before 1.0 of 7; the oldest are UUIDs.
_PLAIN_KEY: Final = re.compile(r"[0-9a-f]{7,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_SESSION: Final = "s_"
_PERSON: Final = "h_"
#: An AI of which nothing is known, and an edit of which nothing is known.
_UNKNOWN_AI: Final = "ai_agent"
_UNKNOWN_EDIT: Final = "human"


class _Session(NamedTuple):
    """Who wrote under a key."""

    tool: str | None = None
    model: str | None = None
    prompter: str | None = None


class _Records:
    """The second part of a note: the records that keys name. Each key is looked up and checked once."""

    def __init__(self, metadata: dict[str, Any], found: Collected) -> None:
        self._sessions = record(metadata.get("sessions"))
        self._prompts = record(metadata.get("prompts"))
        self._humans = record(metadata.get("humans"))
        self._found = found
        self._known: dict[str, _Session] = {}
        self._people: dict[str, bool] = {}

    def is_ai(self, key: str) -> bool:
        """Whether a key stands for an AI, with or without a record."""
        return (
            key.startswith(_SESSION)
            or key == _UNKNOWN_AI
            or key in self._prompts
            or key in self._sessions
            or _PLAIN_KEY.fullmatch(key) is not None
        )

    def session(self, key: str) -> _Session:
        name = key.partition("::")[0]
        if name not in self._known:
            self._known[name] = self._read_session(name)
        return self._known[name]

    def _read_session(self, name: str) -> _Session:
        found = self._sessions.get(name) if name.startswith(_SESSION) else self._prompts.get(name)
        if found is None:
            found = self._prompts.get(name) or self._sessions.get(name)
        if not isinstance(found, dict):
            self._found.remark("an AI session has no record, so its agent is unknown")
            return _Session()
        agent = record(found.get("agent_id"))
        tool, number = agent.get("tool"), agent.get("id")
        if isinstance(tool, str) and isinstance(number, str) and not _fits(name, f"{tool}:{number}"):
            self._found.remark("the id of an AI session is not that of its record")
        return _Session(word(tool), word(agent.get("model")), word(found.get("human_author")))

    def is_person(self, key: str) -> bool:
        """Whether a key stands for a person whom the note names, by an id that belongs to the name."""
        if key not in self._people:
            self._people[key] = self._read_person(key)
        return self._people[key]

    def _read_person(self, key: str) -> bool:
        author = record(self._humans.get(key)).get("author")
        if not isinstance(author, str) or not author.strip():
            self._found.remark("lines of a person without a record count as unknown")
            return False
        if not _fits(key, author):
            self._found.remark("lines of a person whose id does not belong to the name count as unknown")
            return False
        return True


def read(text: str, commit: str) -> Note:
    """Return what a note on `commit` says. Raises NoteError if it cannot be read."""
    head, divider, tail = f"\n{text}".partition(f"\n{_DIVIDER}\n")
    if not divider:
        raise NoteError("the line '---' between its two parts is missing")
    metadata = read_object(tail, "its second part")
    if (version := metadata.get("schema_version")) != SCHEMA:
        shown = f"has the schema {word(version)}" if isinstance(version, str) else "names no schema"
        raise NoteError(f"it {shown}, and only {SCHEMA} is known")
    found = Collected()
    records = _Records(metadata, found)
    path: str | None = None
    for line in head.split("\n"):
        if not line.strip():
            continue
        if not line.startswith((" ", "\t")):
            path = line[1:-1] if len(line) > 1 and line[0] == line[-1] == '"' else line
            continue
        _read_entry(line, path, records, found)
    base = metadata.get("base_commit_sha")
    if not found.is_empty and isinstance(base, str) and base != commit and _is_id(base):
        found.remark(f"it names another commit, {base[:12]}")
    return found.note()


def _read_entry(line: str, path: str | None, records: _Records, found: Collected) -> None:
    key, blank, numbers = line[2:].partition(" ")
    ranges = _ranges(numbers)
    if path is None or not line.startswith("  ") or not key.strip() or not blank or ranges is None:
        found.remark("a line of it could not be read")
        return
    if key.startswith(_PERSON):
        if records.is_person(key):
            found.add_person(path, ranges)
    elif records.is_ai(key):
        session = records.session(key) if key != _UNKNOWN_AI else _Session()
        found.add_writer(path, ranges, tool=session.tool, model=session.model, prompter=session.prompter)
    elif key != _UNKNOWN_EDIT:
        found.remark("a key of an unknown kind; its lines count as unknown")


def _ranges(text: str) -> list[tuple[int, int]] | None:
    """Return the ranges `n` or `a-b` between commas, None if one of them is none."""
    ranges = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part)
        if match is None:
            return None
        first = int(match[1])
        last = int(match[2] or first)
        if not 1 <= first <= last <= MAX_LINE:
            return None
        ranges.append((first, last))
    return ranges


def _fits(key: str, named: str) -> bool:
    """Whether an id is the beginning of the hash of what it names; ids of other forms are not judged."""
    digits = key.removeprefix(_SESSION).removeprefix(_PERSON)
    if re.fullmatch("[0-9a-f]+", digits) is None:
        return not key.startswith(_PERSON)
    return hashlib.sha256(named.encode("utf-8", "surrogateescape")).hexdigest().startswith(digits)


def _is_id(text: str) -> bool:
    return re.fullmatch("[0-9a-f]{40}|[0-9a-f]{64}", text) is not None
