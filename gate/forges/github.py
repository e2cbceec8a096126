"""GitHub and GitHub Enterprise Server, by PyGithub."""

from __future__ import annotations

import base64
import gzip
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gate.errors import ForgeError
from gate.forges.calls import Calls, Dropped, Refused, Reply, Unsure, trouble
from gate.forges.fields import at, maybe_text, number, sha, text
from gate.forges.github_facts import account, is_protected, read_facts
from gate.forges.port import Comment, InlineComment, NoRequest, Origin, Proposal, Sibling, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from gate.core.review import ForgeFacts
    from gate.forges.port import Remark, Wanted
    from gate.forges.settings import Settings

STATES = {state: state for state in ("success", "pending", "failure", "error")}
_QUEUE = re.compile(r"gh-readonly-queue/(?P<target>.+)/pr-(?P<number>\d{1,9})-(?P<base>[0-9a-f]{40})")
#: Seconds between writes, as GitHub asks for.
PAUSE = 1.0
#: GitHub cuts descriptions of a status.
MOST_DESCRIPTION = 140
#: Bytes of a packed SARIF file that code scanning takes.
MOST_SARIF = 10_000_000


class GitHub:
    """One pull request; see the port `Forge`."""

    name = "github"
    states = STATES

    def __init__(self, settings: Settings, calls: Calls) -> None:
        """`calls` send requests with the token of `settings`; see `connect`."""
        self._settings = settings
        self.calls = calls
        self._root = f"/repos/{settings.repository}"
        self._number = settings.number
        self._open: list[dict[str, Any]] | None = None
        self._protected: dict[str, bool | None] = {}
        self._me: tuple[int | None, str] | None = None

    # -- facts -----------------------------------------------------------------------------------------

    def proposal(self) -> Proposal:
        group = _group(self._settings)
        if self._number is None:
            self._number = self._find() if group is None else int(group["number"])
        row = self.calls.get(f"{self._root}/pulls/{self._number}")
        proposal = self._proposal(row)
        if group is None:
            return proposal
        if group["target"] != proposal.target or not proposal.is_open:
            raise NoRequest(
                f"{self._settings.branch}: pull request {proposal.number} is not open for {group['target']}",
                hint="It left the merge queue; there is nothing to do.",
            )
        return replace(proposal, queued=True, named=True, head=self._settings.head or "", base=group["base"])

    def _proposal(self, row: Any) -> Proposal:
        return Proposal(
            repository=f"{urlsplit(self._settings.web).hostname}/{text(row, 'base', 'repo', 'full_name')}",
            number=number(row, "number"),
            head=sha(row, "head", "sha"),
            target=text(row, "base", "ref"),
            branch=text(row, "head", "ref"),
            is_open=text(row, "state") == "open",
            opener=account(row.get("user")),
            body=at(row, "body") or "",
            source=maybe_text(row, "head", "repo", "full_name") or "",
            project_web=f"{self._settings.web}/{text(row, 'base', 'repo', 'full_name')}",
            is_fork=at(row, "head", "repo", "id") != at(row, "base", "repo", "id"),
            named=at(row, "head", "sha") == self._settings.head,
        )

    def _find(self) -> int:
        """The open pull request of the head that the event names. Lists by commit are empty for forks."""
        wanted = self._settings
        rows = [row for row in self._opened() if at(row, "head", "sha") == wanted.head]
        own = [
            row
            for row in rows
            if (wanted.branch is None or at(row, "head", "ref") == wanted.branch)
            and (wanted.source is None or at(row, "head", "repo", "id") == wanted.source)
        ]
        if not own:
            raise NoRequest(
                f"{wanted.repository}: no open pull request has the head {wanted.head}",
                hint="It was closed, merged or moved on; there is nothing to do.",
            )
        # Whoever opens a second request from the branch must not silence the first: one is always judged, and the
        # others are its siblings, for which a pass waits.
        guarded = [row for row in own if self.is_protected(text(row, "base", "ref")) is not False]
        return min(number(row, "number") for row in guarded or own)

    def _opened(self) -> list[dict[str, Any]]:
        if self._open is None:
            self._open = list(self.calls.pages(f"{self._root}/pulls", state="open"))
        return self._open

    def facts(self, proposal: Proposal, wanted: Wanted) -> ForgeFacts:
        return read_facts(self.calls, self._root, proposal, wanted, self.is_protected)

    def is_protected(self, branch: str) -> bool | None:
        if branch not in self._protected:
            self._protected[branch] = is_protected(self.calls, self._root, branch)
        return self._protected[branch]

    def merged(self, sha: str) -> tuple[int, ...]:
        rows = self.calls.pages(f"{self._root}/commits/{sha}/pulls")
        return tuple(sorted(number(row, "number") for row in rows if at(row, "merged_at")))

    def siblings(self, proposal: Proposal) -> tuple[Sibling, ...]:
        found = [
            (number(row, "number"), text(row, "base", "ref"))
            for row in self._opened()
            if at(row, "head", "sha") == proposal.head
        ]
        return tuple(
            Sibling(number=other, target=target, protected=self.is_protected(target))
            for other, target in found
            if other != proposal.number
        )

    def origin(self, proposal: Proposal) -> Origin:
        pair = base64.b64encode(f"x-access-token:{self._settings.token}".encode()).decode()
        return Origin(
            url=f"{self._settings.web}/{self._settings.repository}.git",
            target_ref=f"refs/heads/{proposal.target}",
            head_ref=f"refs/heads/{self._settings.branch}"
            if proposal.queued
            else f"refs/pull/{proposal.number}/head",
            header=f"Authorization: Basic {pair}",
            ca_file=self._settings.ca_file,
        )

    # -- who we are ------------------------------------------------------------------------------------

    def _is_ours(self, user: Any) -> bool:
        if self._me is None:
            self._me = self._identity()
        own, login = self._me
        if own is not None:
            return bool(at(user, "id") == own)
        return bool(at(user, "login") == login and at(user, "type") == "Bot")

    def _identity(self) -> tuple[int | None, str]:
        if self._settings.login:
            return None, self._settings.login
        try:
            me = self.calls.get("/user")
        except Refused as error:
            raise ForgeError(
                f"{self.calls.where}: the token in {self._settings.token_name} does not say whose it is",
                hint="It is the token of an App: name its account with --bot-login 'NAME[bot]'.",
            ) from error
        return number(me, "id"), text(me, "login")

    # -- status ----------------------------------------------------------------------------------------

    def status(self, sha: str, context: str) -> Status | None:
        for row in self.calls.pages(f"{self._root}/commits/{sha}/statuses"):
            if row.get("context") == context and self._is_ours(row.get("creator")):
                return Status(
                    state=text(row, "state"),
                    context=context,
                    description=row.get("description") or "",
                    url=row.get("target_url") or "",
                )
        return None

    def set_status(self, proposal: Proposal, sha: str, status: Status) -> None:  # noqa: ARG002 - the port's form
        body = {
            "state": status.state,
            "context": status.context,
            "description": status.description[:MOST_DESCRIPTION],
            **({"target_url": status.url} if status.url else {}),
        }
        _surely(
            lambda: self.calls.write("POST", f"{self._root}/statuses/{sha}", body),
            lambda: _same(self.status(sha, status.context), status),
        )

    # -- comments --------------------------------------------------------------------------------------

    def comments(self) -> tuple[Comment, ...]:
        rows = self.calls.pages(f"{self._root}/issues/{self._number}/comments")
        return tuple(
            Comment(id=str(number(row, "id")), body=row.get("body") or "")
            for row in rows
            if self._is_ours(row.get("user"))
        )

    def add_comment(self, body: str) -> None:
        self.calls.write("POST", f"{self._root}/issues/{self._number}/comments", {"body": body})

    def edit_comment(self, comment: Comment, body: str) -> None:
        self.calls.write("PATCH", f"{self._root}/issues/comments/{comment.id}", {"body": body})

    def inline(self) -> tuple[InlineComment, ...]:
        rows = self.calls.pages(f"{self._root}/pulls/{self._number}/comments")
        return tuple(
            InlineComment(id=str(number(row, "id")), body=row.get("body") or "")
            for row in rows
            if self._is_ours(row.get("user")) and row.get("in_reply_to_id") is None
        )

    def add_inline(
        self, proposal: Proposal, sha: str, remarks: Sequence[Remark], body: str
    ) -> Collection[Remark]:
        self.calls.write(
            "POST",
            f"{self._root}/pulls/{proposal.number}/reviews",
            {
                "commit_id": sha,
                "event": "COMMENT",
                "body": body,
                "comments": [
                    {"path": remark.path, "line": remark.line, "side": "RIGHT", "body": remark.body}
                    for remark in remarks
                ],
            },
        )
        return remarks

    def settle(self, comment: InlineComment, body: str, *, resolved: bool) -> None:  # noqa: ARG002
        """Edit the comment: only GitHub's other API can resolve a thread, with a right to write code."""
        self.calls.write("PATCH", f"{self._root}/pulls/comments/{comment.id}", {"body": body})

    def upload_sarif(self, proposal: Proposal, sha: str, report: str) -> None:
        packed = gzip.compress(report.encode(), mtime=0)
        if len(packed) > MOST_SARIF:
            raise ForgeError(
                f"the SARIF report has {len(packed):,} bytes packed, and GitHub takes {MOST_SARIF:,}",
                hint="Narrow the rules, or leave --sarif out.",
            )
        self.calls.write(
            "POST",
            f"{self._root}/code-scanning/sarifs",
            {
                "commit_sha": sha,
                "ref": f"refs/pull/{proposal.number}/head",
                "sarif": base64.b64encode(packed).decode(),
            },
        )


def _group(settings: Settings) -> re.Match[str] | None:
    """What the name of a branch of the merge queue says; only GitHub itself can make one there."""
    return _QUEUE.fullmatch(settings.branch or "") if settings.queued else None


def _surely(write: Callable[[], object], is_done: Callable[[], bool]) -> None:
    """Write, and after a lost answer look before writing again."""
    try:
        write()
    except Unsure:
        if is_done():
            return
        write()


def _same(found: Status | None, wanted: Status) -> bool:
    return found is not None and (found.state, found.description) == (wanted.state, wanted.description)


def connect(settings: Settings, **how: Any) -> GitHub:
    """Return the adapter. `how` are further fields of Calls, such as `dry_run`."""
    import requests  # noqa: PLC0415
    from github import Auth, Github  # noqa: PLC0415 - half a second, and only where a forge is asked
    from github.GithubException import GithubException  # noqa: PLC0415

    where = urlsplit(settings.api).hostname or settings.api
    client = Github(
        auth=Auth.Token(settings.token),
        base_url=settings.api,
        timeout=20,
        verify=settings.ca_file or True,
        retry=None,
        seconds_between_requests=None,
        seconds_between_writes=None,
        user_agent="ai-merge-gate",
    )

    def send(verb: str, path: str, *, query: Any = None, body: Any = None) -> Reply:
        try:
            status, headers, output = client.requester.requestJson(
                verb, path, parameters=dict(query) if query else None, input=body
            )
        except (requests.RequestException, OSError, GithubException, ValueError) as error:
            raise trouble(error, where) from error
        try:
            data = json.loads(output) if output else None
        except (ValueError, RecursionError) as error:
            if 200 <= status < 300:
                raise Dropped("an answer that is no JSON") from error
            data = None
        named = {str(key).lower(): str(value) for key, value in headers.items()}
        return Reply(status=status, headers=named, data=data, text=(output or "")[:2000])

    how = {"pause": PAUSE, **how}
    return GitHub(settings, Calls(send=send, where=where, token_name=settings.token_name, **how))
