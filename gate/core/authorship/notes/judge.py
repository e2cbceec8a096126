"""What the notes of a commit come to: evidence, counts of lines, and people who are named for every line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gate.core.authorship.collect import escaped
from gate.core.authorship.grades import Place, Role
from gate.core.authorship.identity import OTHER_AGENT
from gate.core.authorship.model import AuthorVerdict, CommitAuthorship, Evidence, LineCounts
from gate.core.authorship.notes.model import REFS
from gate.core.ranges import Ranges, in_both, merged, size

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gate.core.authorship.notes.model import FoundNote, Writer

    Lines = Mapping[str, Ranges]

SIGNATURES: Final = {"notes_ai": "note.git-ai", "notes_agentblame": "note.agentblame"}
_ELSEWHERE: Final = "none of its lines is among those that the commit added"
_BY_PATCH: Final = "the note stands at another commit with the same patch"


def note_evidence(
    notes: Sequence[FoundNote], added: Lines | None, tools: Mapping[str, str]
) -> list[Evidence]:
    """Return the evidence in the notes of a commit, one piece for each tool and person who directed it.

    `added` are the lines that the commit added, by path; None if nobody looked. `tools` names the agent of a
    tool's word for itself. The grade is A if a line of the tool lies among the added ones, else B.
    """
    return [_evidence(found, writer, added, tools) for found in notes for writer in found.note.writers]


def as_noted(entry: CommitAuthorship, notes: Sequence[FoundNote], added: Lines | None) -> CommitAuthorship:
    """Return the judgement on a commit, evidence of its notes included, with all else that they say.

    A commit without any other word on it, of which notes name people for every added line, is attested_human.
    """
    counts = None if added is None else _count(notes, added)
    attested = counts is not None and counts.added > 0 and counts.human == counts.added
    if attested and entry.verdict is AuthorVerdict.UNDECLARED:
        entry = entry._replace(verdict=AuthorVerdict.ATTESTED_HUMAN, suppressed=False)
    return entry._replace(lines=counts, remarks=(*entry.remarks, *_remarks(notes)))


def _evidence(found: FoundNote, writer: Writer, added: Lines | None, tools: Mapping[str, str]) -> Evidence:
    agent = tools.get(writer.tool or "", OTHER_AGENT)
    fits = found.patch_of is None and added is not None and _fits(writer.lines, added)
    remark = None
    if found.patch_of is not None:
        remark = _BY_PATCH
    elif not fits and added is not None:
        remark = _ELSEWHERE
    return Evidence(
        signature=SIGNATURES[found.source],
        agent=agent,
        role=Role.CO_AUTHORED.value,
        grade="A" if fits else "B",
        registry_grade="A",
        source=found.source,
        field="note",
        place=Place.NOTE.value,
        line=0,
        text=_told(writer, added if found.patch_of is None else None),
        sha=found.patch_of,
        prompter=writer.prompter,
        agent_name=writer.tool if agent == OTHER_AGENT else None,
        remark=remark,
    )


def _fits(lines: Lines, added: Lines) -> bool:
    return any(in_both(ranges, added[path]) for path, ranges in lines.items() if path in added)


def _told(writer: Writer, added: Lines | None) -> str:
    """What the note says of one writer, without a word of any conversation, and how much of it can be true."""
    number = sum(map(size, writer.lines.values()))
    files = len(writer.lines)
    models = f" ({', '.join(writer.models)})" if writer.models else ""
    counted = f"{number:,} line{'s' * (number != 1)} in {files:,} file{'s' * (files != 1)}"
    if added is not None:
        own = sum(
            size(in_both(ranges, added[path])) for path, ranges in writer.lines.items() if path in added
        )
        counted += f", of which the commit added {own:,}" if own != number else ""
    return escaped(f"{writer.tool or 'an unknown tool'}{models}: {counted}")


def _count(notes: Sequence[FoundNote], added: Lines) -> LineCounts:
    """Count lines that the commit added. Where ranges overlap an AI's win: that can only raise the bar."""
    placed = [found.note for found in notes if found.patch_of is None]
    ai = _among(added, (writer.lines for note in placed for writer in note.writers))
    people = _among(added, (note.people for note in placed))
    shared = sum(size(in_both(ranges, ai[path])) for path, ranges in people.items() if path in ai)
    return LineCounts(
        added=sum(map(size, added.values())),
        ai=sum(map(size, ai.values())),
        human=sum(map(size, people.values())) - shared,
    )


def _among(added: Lines, claims: Iterable[Lines]) -> dict[str, Ranges]:
    """Return the added lines that at least one of the claims holds."""
    found: dict[str, list[tuple[int, int]]] = {}
    for lines in claims:
        for path, ranges in lines.items():
            if path in added:
                found.setdefault(path, []).extend(in_both(ranges, added[path]))
    return {path: merged(ranges) for path, ranges in found.items()}


def _remarks(notes: Sequence[FoundNote]) -> list[str]:
    told = []
    for found in notes:
        where = f"note in {REFS[found.source]}"
        if found.patch_of is not None:
            where += f" at {found.patch_of[:12]}"
        if found.note.problem is not None:
            told.append(f"{where}: not read, {found.note.problem}")
        told += [f"{where}: {remark}" for remark in found.note.remarks]
    return told
