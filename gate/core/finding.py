"""What a scanner said (Sighting) and what the gate makes of it (Finding)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Severity(IntEnum):
    """How bad a weakness is, ordered."""

    INFO = 1
    LOW = 2
    MEDIUM = 3
    HIGH = 4
    CRITICAL = 5

    @property
    def word(self) -> str:
        """The lower-case word used in reports and policies."""
        return self.name.lower()


class Confidence(IntEnum):
    """How sure the match is the weakness, ordered."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def word(self) -> str:
        return self.name.lower()


class State(StrEnum):
    """A finding of the head compared with the base; `fixed` is only for findings of the base."""

    NEW = "new"
    EXISTING = "existing"
    MOVED = "moved"
    UNKNOWN = "unknown"
    FIXED = "fixed"


class Decision(StrEnum):
    """What the policy does with a finding."""

    BLOCK = "block"
    SIGNOFF = "signoff"
    NOTE = "note"
    SUPPRESSED = "suppressed"
    WAIVED = "waived"


class InDiff(StrEnum):
    """Where the start line of a finding stands: on an added line, within three lines of a hunk, or elsewhere."""

    ADDED = "added"
    CONTEXT = "context"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Range:
    r"""A place in a file: 1-based lines, 1-based code-point columns, exclusive end column.

    Column 0 means that the tool named lines only. Lines are separated by `\n` alone.
    """

    start_line: int
    start_column: int = 0
    end_line: int = 0
    end_column: int = 0

    def overlaps(self, other: Range) -> bool:
        """Whether two ranges share a character; a side without columns counts as whole lines."""
        if self.last_line < other.start_line or other.last_line < self.start_line:
            return False
        if not (self.start_column and other.start_column):
            return True
        return (self.start_line, self.start_column) < other._end and (
            other.start_line,
            other.start_column,
        ) < self._end

    @property
    def last_line(self) -> int:
        return max(self.start_line, self.end_line)

    @property
    def _end(self) -> tuple[int, int]:
        # A range without an end covers at least the character it starts on.
        return max((self.last_line, self.end_column), (self.start_line, self.start_column + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The unit of identity and of merging: where it stands, its normalised text, its enclosing definitions."""

    range: Range
    code: str
    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """All that a finding takes from the text of its file.

    `snippet` are lines of the text from `snippet_start` on, with secrets masked, `line_hash` is GitHub's
    primaryLocationLineHash. `is_secret`: the snippet shows no string literal, and `literals` are those of
    the statement, which must not be shown elsewhere either. Code and literals are as in the file.
    """

    statement: Statement
    snippet: tuple[str, ...] = ()
    snippet_start: int = 0
    line_hash: str = ""
    is_secret: bool = False
    literals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One thing one scanner said about one place, in the gate's own words.

    `path` is as git has it. `family` is set only if a shipped rule declares it; `cwe` are numbers in the
    tool's order. `severity` and `confidence` are already the gate's (native words are kept beside them).
    `severity` does not yet know the tool rows of the family table (import-only and hygiene tests).
    `message` is hostile text. `url` is http(s) or empty. `external` marks an imported report. `place` is
    what the text of the file says about the range, where that was read before: it saves reading the file
    again, and is no part of what the scanner said.
    """

    tool: str
    rule_id: str
    path: str
    range: Range
    severity: Severity
    confidence: Confidence = Confidence.MEDIUM
    native_severity: str = ""
    native_confidence: str = ""
    family: str | None = None
    cwe: tuple[int, ...] = ()
    title: str = ""
    message: str = ""
    url: str = ""
    suppressed_inline: bool = False
    external: bool = False
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A sighting inside a finding, as reports show it."""

    tool: str
    rule_id: str
    range: Range
    native_severity: str = ""
    native_confidence: str = ""
    message: str = ""
    url: str = ""
    suppressed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprints:
    """Three identities of a finding, each 32 hexadecimal digits without its prefix."""

    id_v1: str
    moved_v1: str
    code_v1: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Merged sightings of one weakness at one place.

    `id` is `id/v1:` and 32 hexadecimal digits. `scope` are the dotted names of the enclosing definitions,
    `snippet` at most 20 lines of source with secrets masked, `line_hash` GitHub's primaryLocationLineHash
    (empty where the source is unknown). `code` is the normalised text of the statement, for comparing
    base and head. `suppressed` means that every witness is suppressed inline. `state`, `in_diff`,
    `commit`, `author_kind`, `decision` and `matched` are filled in by later steps.
    """

    id: str
    fingerprints: Fingerprints
    family: str
    cwe: tuple[int, ...]
    title: str
    message: str
    severity: Severity
    confidence: Confidence
    path: str
    range: Range
    scope: str
    code: str
    ordinal: int
    statement: Range
    snippet: tuple[str, ...] = ()
    snippet_start: int = 0
    line_hash: str = ""
    witnesses: tuple[Witness, ...] = ()
    suppressed: bool = False
    state: State = State.UNKNOWN
    matched: str | None = None  # id of the base finding that this one was matched to
    in_diff: InDiff = InDiff.OUTSIDE
    commit: str | None = None
    author_kind: str | None = None
    decision: Decision = Decision.NOTE
    suppression: str | None = None  # why it is suppressed or waived, for people
