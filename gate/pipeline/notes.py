"""The notes on the commits of a run, and the lines that they speak of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gate.core.authorship.change import with_notes
from gate.core.authorship.notes import (
    MAX_NOTE_BYTES,
    FoundNote,
    LineShare,
    Note,
    NoteFacts,
    parse_note,
)
from gate.core.words import counted
from gate.errors import GitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from gate.core.authorship import Authorship, CommitAuthorship, Registry
    from gate.core.authorship.recovery import Recovered
    from gate.core.change import RawCommit
    from gate.core.ranges import Ranges
    from gate.git import Repository
    from gate.git.notes import NotesRef

    JudgeBatch = Callable[[Sequence[RawCommit]], Sequence[CommitAuthorship]]

#: Lines of more commits than this are not compared: a long history would take minutes.
MAX_COUNTED = 5_000


class NoteReader:
    """Reads the notes of commits, batch by batch; what is said of a source holds for all batches so far.

    Without notes in the clone it costs nothing. `by_patch` looks for notes that a rebase left at another commit.
    """

    def __init__(self, repository: Repository, *, by_patch: bool = True) -> None:
        self._repository = repository
        self._by_patch = by_patch
        self._refs = repository.notes_refs()
        self._states = {ref.source: "present" if ref.exists else "absent" for ref in self._refs}
        self._problems: dict[str, str] = {}

    def read(self, parents: Mapping[str, int], *, by_patch: bool | None = None) -> NoteFacts:
        """Return what notes say of these commits (number of parents by full id). Never raises.

        What cannot be read makes its source unreadable. `by_patch` overrides what was said at the beginning.
        """
        if not self.exist:
            return NoteFacts(states=self.states)
        by_patch = self._by_patch if by_patch is None else by_patch
        found: dict[str, list[FoundNote]] = {}
        refs = [ref for ref in self._refs if ref.exists and self._is_listed(ref)]
        for ref in refs:
            for sha, note in self._notes(ref, parents):
                found.setdefault(sha, []).append(FoundNote(source=ref.source, note=note))
        if refs and by_patch:
            bare = [sha for sha, number in parents.items() if sha not in found and number == 1]
            for sha, moved in self._moved(refs, bare):
                found.setdefault(sha, []).append(moved)
        speaking = [
            sha
            for sha, notes in found.items()
            if any(one.patch_of is None and one.note.says_something for one in notes)
        ]
        return NoteFacts(
            notes=found, added=self._added(parents, speaking), states=dict(self._states), remarks=self.remarks
        )

    def with_originals(self, facts: NoteFacts, recovered: Recovered) -> NoteFacts:
        """Return `facts` with the notes of the commits that messages point to, and what is known of sources by now."""
        known = {commit.sha: len(commit.parents) for commit in recovered.originals.values()}
        more = self.read({sha: n for sha, n in known.items() if sha not in facts.notes}, by_patch=False)
        return replace(
            facts,
            notes={**more.notes, **facts.notes},
            added={**more.added, **facts.added},
            states=more.states,
            remarks=more.remarks,
        )

    def judging(self, judge: JudgeBatch, registry: Registry) -> JudgeBatch:
        """Return a judge that adds what the notes of each commit itself say."""

        def judged(batch: Sequence[RawCommit]) -> list[CommitAuthorship]:
            noted = self.read(parents_of(batch), by_patch=False)
            return [with_notes(entry, noted, registry) for entry in judge(batch)]

        return judged if self.exist else judge

    @property
    def exist(self) -> bool:
        """Whether the clone has notes of any kind."""
        return any(ref.exists for ref in self._refs)

    @property
    def states(self) -> Mapping[str, str]:
        """What is known of each source by now: present, absent or unreadable."""
        return dict(self._states)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Why something could not be read, one sentence for each source."""
        return tuple(text for _, text in sorted(self._problems.items()))

    def _is_listed(self, ref: NotesRef) -> bool:
        if ref.problem is None:
            return True
        self._unreadable(ref, f"{ref.name} cannot be read: {ref.problem}")
        return False

    def _unreadable(self, ref: NotesRef, why: str) -> None:
        self._states[ref.source] = "unreadable"
        self._problems.setdefault(ref.source, why)

    def _notes(self, ref: NotesRef, commits: Iterable[str]) -> list[tuple[str, Note]]:
        notes = []
        try:
            for stored in ref.of(commits, max_bytes=MAX_NOTE_BYTES):
                if stored.content is None:
                    note = Note(problem=stored.problem)
                else:
                    note = parse_note(ref.source, stored.content, stored.commit)
                if note.problem is not None:
                    self._unreadable(
                        ref, f"the note of {stored.commit[:12]} in {ref.name} cannot be read: {note.problem}"
                    )
                notes.append((stored.commit, note))
        except GitError as error:
            self._unreadable(ref, f"{ref.name} cannot be read: {error.message}")
        return notes

    def _moved(self, refs: Sequence[NotesRef], bare: Sequence[str]) -> list[tuple[str, FoundNote]]:
        """Return notes on other commits with the same patch, for commits without a note of their own."""
        candidates = {sha for ref in refs for sha in ref.commits}
        try:
            originals = self._repository.same_patch(bare, candidates)
        except GitError as error:
            self._problems["patch"] = (
                f"notes on other commits with the same patch were not looked for: {error.message}"
            )
            return []
        found = []
        for ref in refs:
            notes = dict(self._notes(ref, {one for shas in originals.values() for one in shas}))
            for sha, shas in originals.items():
                claims = [(one, notes[one]) for one in shas if one in notes and notes[one].writers]
                # Several earlier heads may hold the same commit; if they disagree, nobody can tell which it was.
                if claims and len({_who(note) for _, note in claims}) == 1:
                    at, note = claims[0]
                    found.append((sha, FoundNote(source=ref.source, note=note, patch_of=at)))
        return found

    def _added(
        self, parents: Mapping[str, int], commits: Sequence[str]
    ) -> Mapping[str, Mapping[str, Ranges]]:
        if not commits:
            return {}
        try:
            return self._repository.added_lines({sha: parents[sha] for sha in commits})
        except GitError as error:
            self._problems["lines"] = f"lines of commits with notes were not compared: {error.message}"
            return {}


def _who(note: Note) -> frozenset[tuple[str | None, str | None]]:
    return frozenset((writer.tool, writer.prompter) for writer in note.writers)


def parents_of(batch: Sequence[RawCommit]) -> dict[str, int]:
    """Return the number of parents of commits by their full id."""
    return {str(raw.sha, "ascii"): len(raw.parents.split()) for raw in batch}


class LineCounter:
    """Counts the lines that AI wrote. git compares commits only if one of them is AI's."""

    def __init__(self, repository: Repository, *, compare: bool = True) -> None:
        """Without `compare` lines are only counted if that takes no comparison, for those who cannot wait."""
        self._repository = repository
        self._compare = compare
        self._commits: list[CommitAuthorship] = []
        self._added: dict[str, Mapping[str, Ranges]] = {}
        self._too_many = False

    def add(self, judged: Iterable[CommitAuthorship], notes: NoteFacts) -> None:
        """Take further commits, with the notes by which they were judged."""
        if not self._too_many:
            self._commits += (entry for entry in judged if not entry.merge)
            self._added.update(notes.added)
        if len(self._commits) > MAX_COUNTED:
            self._too_many = True
            self._commits, self._added = [], {}

    def complete(self, facts: Authorship) -> Authorship:
        """Return `facts` with the share of lines of all commits so far.

        Without AI commits it is 0. There is none for more than MAX_COUNTED commits, without added lines, or if
        they cannot be compared, which a remark says.
        """
        commits, added = self._commits, self._added
        if not any(entry.verdict.is_ai for entry in commits):
            return replace(facts, share_lines=0.0, share_method="commits") if commits else facts
        if not self._compare:
            return facts
        missing = [entry.sha for entry in commits if entry.sha not in added]
        try:
            added |= self._repository.added_lines(dict.fromkeys(missing, 1))
        except GitError as error:
            return replace(
                facts, remarks=(*facts.remarks, f"the share of lines is not known: {error.message}")
            )
        if lacking := sum(entry.sha not in added for entry in commits):
            told = f"the share of lines is not known: the clone lacks content of {counted(lacking, 'commit')}"
            return replace(facts, remarks=(*facts.remarks, told))
        sums = LineShare()
        for entry in commits:
            sums.add(entry, added[entry.sha])
        return replace(facts, share_lines=sums.share, share_method=sums.method)
