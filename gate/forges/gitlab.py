"""GitLab, hosted or self-managed, by python-gitlab."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from gate.errors import ForgeError
from gate.forges.calls import Calls, Dropped, Refused, Reply, Unsure, trouble
from gate.forges.fields import at, maybe_sha, number, sha, text
from gate.forges.gitlab_facts import Accounts, is_protected, read_facts
from gate.forges.port import Comment, InlineComment, Origin, Proposal, Sibling, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from gate.core.review import ForgeFacts
    from gate.forges.port import Remark, Wanted
    from gate.forges.settings import Settings

#: GitLab's words for the states of a status. It has no error.
STATES = {"success": "success", "pending": "pending", "failure": "failed", "error": "failed"}
#: GitLab cuts descriptions of a status.
MOST_DESCRIPTION = 140


class GitLab:
    """One merge request; see the port `Forge`."""

    name = "gitlab"
    states = STATES

    def __init__(self, settings: Settings, calls: Calls) -> None:
        """`calls` send requests with the token of `settings`; see `connect`."""
        self._settings = settings
        self.calls = calls
        self._project = f"/projects/{quote(settings.repository, safe='')}"
        self._root = f"{self._project}/merge_requests/{settings.number}"
        self._accounts = Accounts(calls, self._project)
        self._row: Any = None
        self._me: int | None = None
        self._protected: dict[str, bool | None] = {}
        self._threads: list[dict[str, Any]] = []
        self._unread: set[str] = set()

    # -- facts -----------------------------------------------------------------------------------------

    def proposal(self) -> Proposal:
        row = self.calls.get(self._root)
        self._row = row
        path = text(row, "references", "full").rpartition("!")[0]
        author = at(row, "author")
        source = at(row, "source_project_id")
        return Proposal(
            repository=f"{urlsplit(self._settings.web).hostname}/{path}",
            number=number(row, "iid"),
            head=sha(row, "sha"),
            target=text(row, "target_branch"),
            branch=text(row, "source_branch"),
            is_open=text(row, "state") == "opened",
            opener=self._accounts.account(author) if author else None,
            body=at(row, "description") or "",
            source=str(source) if source is not None else "",
            project_web=f"{self._settings.web}/{path}",
            is_fork=source != at(row, "target_project_id"),
        )

    def facts(self, proposal: Proposal, wanted: Wanted) -> ForgeFacts:
        def notes() -> Iterator[dict[str, Any]]:
            for thread in self._discussions("facts"):
                yield from _notes(thread)

        return read_facts(
            self.calls,
            self._project,
            proposal,
            self._row,
            wanted,
            notes,
            self._accounts,
            protected=self.is_protected(proposal.target),
        )

    def is_protected(self, branch: str) -> bool | None:
        if branch not in self._protected:
            self._protected[branch] = is_protected(self.calls, self._project, branch)
        return self._protected[branch]

    def merged(self, sha: str) -> tuple[int, ...]:
        rows = self.calls.pages(f"{self._project}/repository/commits/{sha}/merge_requests")
        return tuple(sorted(number(row, "iid") for row in rows if at(row, "state") == "merged"))

    def siblings(self, proposal: Proposal) -> tuple[Sibling, ...]:
        rows = [
            (number(row, "iid"), text(row, "target_branch"))
            for row in self.calls.pages(f"{self._project}/merge_requests", state="opened")
            if row.get("sha") == proposal.head
        ]
        return tuple(
            Sibling(number=other, target=target, protected=self.is_protected(target))
            for other, target in rows
            if other != proposal.number
        )

    def origin(self, proposal: Proposal) -> Origin:
        pair = base64.b64encode(f"oauth2:{self._settings.token}".encode()).decode()
        path = text(self._row, "references", "full").rpartition("!")[0]
        return Origin(
            url=f"{self._settings.web}/{path}.git",
            target_ref=f"refs/heads/{proposal.target}",
            head_ref=f"refs/merge-requests/{proposal.number}/head",
            header=f"Authorization: Basic {pair}",
            ca_file=self._settings.ca_file,
        )

    def _is_ours(self, user: Any) -> bool:
        if self._me is None:
            self._me = number(self.calls.get("/user"), "id")
        return bool(at(user, "id") == self._me)

    # -- status ----------------------------------------------------------------------------------------

    def status(self, sha: str, context: str) -> Status | None:
        rows = self.calls.pages(f"{self._project}/repository/commits/{sha}/statuses", name=context)
        own = [row for row in rows if row.get("name") == context and self._is_ours(row.get("author"))]
        if not own:
            return None
        row = max(own, key=lambda row: number(row, "id"))
        return Status(
            state=text(row, "status"),
            context=context,
            description=row.get("description") or "",
            url=row.get("target_url") or "",
        )

    def set_status(self, proposal: Proposal, sha: str, status: Status) -> None:
        state = STATES.get(status.state, status.state)
        pipeline = at(self._row, "head_pipeline")
        body: dict[str, Any] = {
            "state": state,
            "name": status.context,
            "description": status.description[:MOST_DESCRIPTION],
            "ref": proposal.branch,
        }
        if status.url:
            body["target_url"] = status.url
        if at(pipeline, "sha") == sha:
            body |= {"pipeline_id": at(pipeline, "id"), "ref": at(pipeline, "ref") or proposal.branch}
        for again in (False, True):
            try:
                self.calls.write("POST", f"{self._project}/statuses/{sha}", body)
            except (Unsure, Refused) as error:
                # A state cannot follow itself; and a lost answer may have been a success.
                if isinstance(error, Refused) and "transition" not in error.message:
                    raise
                found = self.status(sha, status.context)
                if found is not None and found.state == state:
                    return
                if again or isinstance(error, Refused):
                    raise
            else:
                return

    # -- comments --------------------------------------------------------------------------------------

    def _discussions(self, reader: str) -> list[dict[str, Any]]:
        """All threads; one reading serves each reader once, and whoever asks again gets a fresh one."""
        if reader not in self._unread:
            self._threads = list(self.calls.pages(f"{self._root}/discussions"))
            self._unread = {"facts", "comments", "inline"}
        self._unread.discard(reader)
        return self._threads

    def comments(self) -> tuple[Comment, ...]:
        found = [
            Comment(id=str(number(note, "id")), body=note.get("body") or "")
            for thread in self._discussions("comments")
            for note in _notes(thread)[:1]
            if note.get("system") is not True
            and note.get("position") is None
            and self._is_ours(note.get("author"))
        ]
        return tuple(sorted(found, key=lambda comment: int(comment.id)))

    def add_comment(self, body: str) -> None:
        self.calls.write("POST", f"{self._root}/notes", {"body": body})

    def edit_comment(self, comment: Comment, body: str) -> None:
        self.calls.write("PUT", f"{self._root}/notes/{comment.id}", {"body": body})

    def inline(self) -> tuple[InlineComment, ...]:
        return tuple(
            InlineComment(
                id=str(number(note, "id")),
                body=note.get("body") or "",
                resolved=note.get("resolved") is True,
                resolved_by_us=self._is_ours(note.get("resolved_by")),
                thread=text(thread, "id"),
            )
            for thread in self._discussions("inline")
            for note in _notes(thread)[:1]
            if note.get("position") is not None and self._is_ours(note.get("author"))
        )

    def add_inline(
        self,
        proposal: Proposal,  # noqa: ARG002 - the port's form
        sha: str,
        remarks: Sequence[Remark],
        body: str,  # noqa: ARG002
    ) -> Collection[Remark]:
        versions = list(self.calls.pages(f"{self._root}/versions"))
        newest = max(versions, key=lambda row: number(row, "id"), default=None)
        if newest is None or maybe_sha(newest, "head_commit_sha") != sha:
            raise ForgeError(
                f"{self.calls.where}: the newest version of the merge request is not {sha[:12]}",
                hint="It moved on; its next run speaks of the new head.",
            )
        base = {
            "position_type": "text",
            "base_sha": maybe_sha(newest, "base_commit_sha"),
            "start_sha": maybe_sha(newest, "start_commit_sha"),
            "head_sha": sha,
        }
        taken = []
        for remark in remarks:
            place = {"old_path": remark.old_path, "new_path": remark.path, "new_line": remark.line}
            if remark.old_line is not None:
                place["old_line"] = remark.old_line
            try:
                self._post_thread({"body": remark.body, "position": base | place})
            except Refused as error:
                if error.status not in (400, 422):
                    raise
                continue  # a line that GitLab does not show; the summary has it
            taken.append(remark)
        return taken

    def _post_thread(self, body: dict[str, Any]) -> None:
        try:
            self.calls.write("POST", f"{self._root}/discussions", body)
        except Unsure:
            if any(one.body.strip() == body["body"].strip() for one in self.inline()):
                return
            self.calls.write("POST", f"{self._root}/discussions", body)

    def settle(self, comment: InlineComment, body: str, *, resolved: bool) -> None:  # noqa: ARG002
        self.calls.write("PUT", f"{self._root}/discussions/{comment.thread}", {"resolved": resolved})

    def upload_sarif(self, proposal: Proposal, sha: str, report: str) -> None:  # noqa: ARG002
        raise ForgeError(
            "GitLab takes no SARIF by its API",
            hint="Let the check job keep -o gitlab-sast as artifact `reports: sast`, and leave --sarif out.",
        )


def _notes(thread: Any) -> list[dict[str, Any]]:
    notes = at(thread, "notes")
    return [note for note in notes if isinstance(note, dict)] if isinstance(notes, list) else []


def connect(settings: Settings, **how: Any) -> GitLab:
    """Return the adapter. `how` are further fields of Calls, such as `dry_run`."""
    import gitlab  # noqa: PLC0415 - a third of a second, and only where a forge is asked
    import requests  # noqa: PLC0415

    where = urlsplit(settings.api).hostname or settings.api
    session = requests.Session()
    session.max_redirects = 0  # the token would go along, to any host
    # The client's exceptions hold no headers, and Retry-After is one.
    last: list[requests.Response] = []
    session.hooks["response"].append(lambda response, **_: last.__setitem__(slice(None), [response]))
    client = gitlab.Gitlab(
        settings.api.removesuffix("/api/v4"),
        private_token=settings.token,
        ssl_verify=settings.ca_file or True,
        timeout=20,
        user_agent="ai-merge-gate",
        session=session,
    )

    def send(verb: str, path: str, *, query: Any = None, body: Any = None) -> Reply:
        last.clear()
        try:
            client.http_request(
                verb.lower(),
                path,
                query_data=dict(query or {}),
                post_data=body,
                obey_rate_limit=False,
                retry_transient_errors=False,
                max_retries=0,
            )
        except gitlab.exceptions.GitlabError as error:
            if not last or last[0].status_code < 400:
                raise trouble(error, where) from error
        except (requests.RequestException, OSError, ValueError) as error:
            raise trouble(error, where) from error
        response = last[0]
        try:
            data = response.json() if response.content else None
        except (ValueError, RecursionError) as error:
            if response.ok:
                raise Dropped("an answer that is no JSON") from error
            data = None
        named = {key.lower(): value for key, value in response.headers.items()}
        return Reply(status=response.status_code, headers=named, data=data, text=response.text[:2000])

    return GitLab(settings, Calls(send=send, where=where, token_name=settings.token_name, **how))
