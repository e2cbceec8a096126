"""The verdicts on authorship and the evidence behind them, as plain facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.core.change import Person


class AuthorVerdict(StrEnum):
    """What is known of who wrote a commit; in the order in which the first that applies wins."""

    DECLARED_AI = "declared_ai"
    AI_ASSISTED = "ai_assisted"
    AI_LINKED = "ai_linked"
    BOT = "bot"
    ATTESTED_HUMAN = "attested_human"
    UNDECLARED = "undeclared"

    @property
    def is_ai(self) -> bool:
        return self in (AuthorVerdict.DECLARED_AI, AuthorVerdict.AI_ASSISTED, AuthorVerdict.AI_LINKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One piece of evidence. `grade` is the effective one: A, B, weak or C. `text` is hostile,
    at most 200 characters, with control characters escaped. `line` is 1-based in the message, 0 for identities.
    `agent_name` is the name as written where the registry has no agent for it (`other`, `generic-agent`),
    `remark` a second fact that a reader should know, such as an account number that does not fit.
    """

    signature: str
    agent: str
    role: str | None
    grade: str
    registry_grade: str
    source: str
    field: str
    place: str
    line: int
    text: str
    sha: str | None = None
    prompter: str | None = None
    agent_name: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCounts:
    """Lines of text that a commit added, and how many of them its notes give to an AI and to named people."""

    added: int
    ai: int
    human: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Squash:
    """The merge request, as `#12` or `!12`, that a commit says it puts into one commit. `commits` and `ai` count
    its commits without merges, None where this clone does not have them; `same` says whether both change the
    same paths, None where that makes no difference.
    """

    request: str
    commits: int | None = None
    ai: int | None = None
    same: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverted:
    """A commit that another one takes back; without verdict it was not looked at, as where this clone does not have it."""

    sha: str
    verdict: AuthorVerdict | None = None
    agents: tuple[str, ...] = ()


class CommitAuthorship(NamedTuple):
    """Who wrote one commit; a tuple, because long histories make one for every commit. Give its fields by name.

    `coauthors` and `signers` are the human identities of its trailers
    (Co-authored-by and kin; Signed-off-by), agents and bots left out, in order of appearance. `hints` is the
    evidence of grade C; `remarks` say what of the commit was not read or not listed. `date` is that of the
    committer, as the commit carries it. `lines` is None without a note that could be compared with the commit.
    """

    sha: str
    verdict: AuthorVerdict
    date: str = ""
    subject: str = ""
    merge: bool = False
    role: str | None = None
    agent: str | None = None
    agents: tuple[str, ...] = ()
    certainty: str = "probable"
    evidence: tuple[Evidence, ...] = ()
    hints: tuple[Evidence, ...] = ()
    suppressed: bool = False
    coauthors: tuple[Person, ...] = ()
    signers: tuple[Person, ...] = ()
    author_is_agent: bool = False
    committer_is_agent: bool = False
    reverts: tuple[str, ...] = ()
    cherry_picked_from: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    lines: LineCounts | None = None
    squash: Squash | None = None
    reverted: tuple[Reverted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """A setting or an instruction of the repository that switches attribution off.

    `side` is base, head or both; what stands on the head alone was set by the change. `agent` is `any` for
    instructions, which have `line` and `text`. `intent`: the tool does not read the key from a repository.
    """

    agent: str
    file: str
    key: str
    side: str
    line: int = 0
    text: str = ""
    intent: bool = False

    @property
    def introduced(self) -> bool:
        """Whether the change set it."""
        return self.side == "head"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryStamp:
    """Which signatures judged; `added` and `disabled` are those of the team."""

    version: str
    digest: str
    added: tuple[str, ...] = ()
    disabled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorship:
    """Who wrote a change. `commits` stand in the order of the change (newest first).

    `share_commits` is AI commits / non-merge commits, None where there is none; `share_lines` AI lines / added
    lines of text, None where nobody counted, and `share_method` how: by notes, by whole commits or mixed.
    `sources` says for each source: present, absent, unreadable or not_asked. `evidence` and `hints` are those of
    the change itself (body, account, branch); those of its commits stand there. `remarks` say why a source is
    unreadable. `markers` say what switches attribution off, and `fetches` are commands that bring what the
    clone lacks of the merge requests that its messages name.
    """

    verdict: AuthorVerdict
    agents: tuple[str, ...] = ()
    commits: tuple[CommitAuthorship, ...] = ()
    share_commits: float | None = None
    share_lines: float | None = None
    share_method: str | None = None
    suppressed: bool = False
    evidence: tuple[Evidence, ...] = ()
    hints: tuple[Evidence, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    markers: tuple[Marker, ...] = ()
    fetches: tuple[str, ...] = ()
    registry: RegistryStamp | None = None

    @property
    def is_ai(self) -> bool:
        return self.verdict.is_ai or any(c.verdict.is_ai for c in self.commits)

    @property
    def lacks_notes(self) -> bool:
        """Whether somebody looked for notes and the clone has none of any kind."""
        states = {self.sources.get(source) for source in ("notes_ai", "notes_agentblame")}
        return states == {"absent"}
