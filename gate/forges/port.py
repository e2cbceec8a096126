"""What every forge can tell and take: the port that a publisher talks to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from gate.errors import ForgeError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from gate.core.review import Account, ForgeFacts


class NoRequest(ForgeError):
    """There is no open request any more that this run could speak of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One merge or pull request as the forge has it now.

    `repository` is `host/path` of the project that it goes to, `number` its number there, `target` and
    `branch` plain branch names, `head` the commit id, `project_web` the address of the project for people. `source` is the project
    that the branch lies in, empty if it is gone. `opener` None is a deleted account. `queued`: `head` is a commit
    of the merge queue, whose parent in the queue is `base`; else `base` is empty. `named`: this run was started for
    `head`, and the forge did not just happen to have it.
    """

    repository: str
    number: int
    head: str
    target: str
    branch: str
    is_open: bool
    opener: Account | None
    body: str | None = None
    source: str = ""
    project_web: str = ""
    is_fork: bool = False
    queued: bool = False
    base: str = ""
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sibling:
    """Another open request with the same head; a status on that commit speaks for it, too."""

    number: int
    target: str
    protected: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where git can fetch the objects of a request: a URL without any secret, the refs of target and head,
    and the header that proves who asks (handed down by the environment of the process alone).
    """

    url: str
    target_ref: str
    head_ref: str
    header: str = ""
    ca_file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The gate's word on one commit: `state` is success, pending, failure or error."""

    state: str
    context: str
    description: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment that we posted, as the forge has it."""

    id: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineComment:
    """A comment of ours on a line. `resolved` None: the forge cannot say. A thread that somebody else closed
    stays closed.
    """

    id: str
    body: str
    resolved: bool | None = None
    resolved_by_us: bool = False
    thread: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What is to be said on a line of the head. `old_line` is its number in the base, None for an added line."""

    path: str
    old_path: str
    line: int
    old_line: int | None
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a sign-off decision needs to hear: members of these teams, standing of these logins."""

    teams: Sequence[str] = ()
    logins: Sequence[str] = ()


class Forge(Protocol):
    """One request of one project. Every method raises ForgeError where the forge gives no usable answer.

    Only what the forge itself vouches for is told: nothing is taken from the text of a comment.
    """

    name: str
    #: The forge's own words for success, pending, failure and error.
    states: Mapping[str, str]

    def proposal(self) -> Proposal:
        """Return the request as it is now."""

    def facts(self, proposal: Proposal, wanted: Wanted) -> ForgeFacts:
        """Return reviews, accounts and permissions; what could not be read stands in `missing`."""

    def is_protected(self, branch: str) -> bool | None:
        """Return whether a branch is protected, None if that is not told."""

    def merged(self, sha: str) -> tuple[int, ...]:
        """Return the numbers of the merged requests that brought a commit of the project's history."""

    def siblings(self, proposal: Proposal) -> tuple[Sibling, ...]:
        """Return the other open requests with the same head."""

    def origin(self, proposal: Proposal) -> Origin:
        """Return where the objects of the request can be fetched."""

    def status(self, sha: str, context: str) -> Status | None:
        """Return our newest status of that name on a commit, its state in the forge's own word."""

    def set_status(self, proposal: Proposal, sha: str, status: Status) -> None:
        """Post a status; never twice, also if an answer is lost."""

    def comments(self) -> tuple[Comment, ...]:
        """Return our own comments on the request, oldest first."""

    def add_comment(self, body: str) -> None:
        """Post a comment. Raises Unsure if it may have been posted although no answer came."""

    def edit_comment(self, comment: Comment, body: str) -> None:
        """Replace the text of one of our comments."""

    def inline(self) -> tuple[InlineComment, ...]:
        """Return our own comments on lines, oldest first."""

    def add_inline(
        self, proposal: Proposal, sha: str, remarks: Sequence[Remark], body: str
    ) -> Collection[Remark]:
        """Post comments on lines and return those that the forge took. Raises Unsure as `add_comment`."""

    def settle(self, comment: InlineComment, body: str, *, resolved: bool) -> None:
        """Mark one of our comments on a line as done with, or open it again."""

    def upload_sarif(self, proposal: Proposal, sha: str, report: str) -> None:
        """Hand a SARIF report to the forge's code scanning. Raises Refused where it has none."""
