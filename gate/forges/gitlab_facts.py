"""What GitLab vouches for about a merge request: approvals by version, members, protection."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from gate.core.review import Account, Decision, ForgeFacts, Member
from gate.errors import ForgeError
from gate.forges.calls import Refused
from gate.forges.fields import at, items, maybe_sha, maybe_text, number, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gate.forges.calls import Calls
    from gate.forges.port import Proposal, Wanted

#: Access levels from which on an account may do what the word says.
LEVELS = ((50, "admin"), (40, "maintain"), (30, "write"), (20, "read"), (10, "read"))
#: Accounts of access tokens and service accounts, by the names that GitLab gives them.
_BOT = re.compile(
    r"(?:project|group)_\d+_bot(?:_\w+)?|service_account_\w+|(?:ghost|support-bot|alert-bot)\d*"
)
_RETARGETED = "changed target branch from"
#: Earlier heads that are compared; older ones say nothing that these do not.
MOST_HEADS = 100


class Accounts:
    """Looks accounts up, each once. A merge request does not say which ones are bots."""

    def __init__(self, calls: Calls, project: str) -> None:
        self._calls = calls
        self._project = project
        self._kinds: dict[int, str] = {}
        self._members: dict[int, tuple[bool, str]] = {}
        self.missing: list[str] = []

    def account(self, user: Any) -> Account | None:
        """Return the account of a user object, None for none."""
        login = maybe_text(user, "username")
        if login is None:
            return None
        known = at(user, "id")
        known = known if type(known) is int else None
        return Account(account=f"gitlab:{login}", number=known, kind=self._kind(login, known))

    def _kind(self, login: str, known: int | None) -> str:
        if _BOT.fullmatch(login):
            return "bot"
        if known is None:
            return "unknown"
        if known not in self._kinds:
            try:
                told = at(self._calls.get(f"/users/{known}"), "bot")
                self._kinds[known] = "bot" if told is True else "user"
            except ForgeError:
                self._kinds[known] = "unknown"
        return self._kinds[known]

    def standing(self, user: Any) -> tuple[bool, str]:
        """Return whether an account is active in the project, and its permission."""
        known = at(user, "id")
        if type(known) is not int:
            return False, "none"
        if known not in self._members:
            self._members[known] = self._member(known)
        return self._members[known]

    def _member(self, known: int) -> tuple[bool, str]:
        try:
            row = self._calls.get(f"{self._project}/members/all/{known}")
        except Refused as error:
            if error.status != 404:
                self.missing.append(f"the permission of account {known} ({error.message})")
            return True, "none"
        except ForgeError as error:
            self.missing.append(f"the permission of account {known} ({error.message})")
            return True, "none"
        level = at(row, "access_level")
        word = next((w for least, w in LEVELS if type(level) is int and level >= least), "none")
        return at(row, "state") == "active", word


def read_facts(
    calls: Calls,
    project: str,
    proposal: Proposal,
    row: Any,
    wanted: Wanted,
    notes: Callable[[], Iterable[dict[str, Any]]],
    accounts: Accounts,
    *,
    protected: bool | None,
) -> ForgeFacts:
    """Return the facts of one merge request. What could not be read makes them incomplete, and is named.

    `row` is the merge request as GitLab gave it, `notes` gives all its notes, those of the system included. `protected`: whether the target
    branch is.
    """
    root = f"{project}/merge_requests/{proposal.number}"
    missing = accounts.missing
    missing.clear()
    versions = _versions(calls, root, missing)
    decisions = [
        *_approvals(calls, project, root, accounts, proposal, versions, missing),
        *_objections(calls, root, accounts, proposal, row),
    ]
    retargeted = None
    if any(d.state == "approved" for d in decisions):
        try:
            retargeted = max(
                (
                    text(note, "created_at")
                    for note in notes()
                    if note.get("system") is True and str(note.get("body")).startswith(_RETARGETED)
                ),
                default=None,
            )
        except ForgeError as error:
            missing.append(f"whether the target branch was changed ({error.message})")
    return ForgeFacts(
        repo=proposal.repository,
        change=str(proposal.number),
        branch=proposal.branch,
        body=proposal.body,
        target=f"refs/heads/{proposal.target}",
        target_protected=protected,
        opener=accounts.account(row.get("author")),
        pushers=None,  # GitLab does not tell
        earlier_heads=_earlier(versions, proposal.head),
        retargeted_at=retargeted,
        decisions=tuple(decisions),
        members=tuple(_members(calls, accounts, wanted.logins)),
        teams={team: _group(calls, team) for team in wanted.teams if team.startswith("gitlab:")},
        complete=not missing,
        missing=tuple(dict.fromkeys(missing)),
        head=proposal.head,
    )


def is_protected(calls: Calls, project: str, branch: str) -> bool | None:
    """Whether a branch is protected, None if that is not told."""
    try:
        told = at(calls.get(f"{project}/repository/branches/{quote(branch, safe='')}"), "protected")
    except ForgeError:
        return None
    return told if isinstance(told, bool) else None


def _versions(calls: Calls, root: str, missing: list[str]) -> list[dict[str, Any]]:
    """The versions of the request, newest first."""
    try:
        rows = list(calls.pages(f"{root}/versions"))
        return sorted(rows, key=lambda row: number(row, "id"), reverse=True)
    except ForgeError as error:
        missing.append(f"the versions of the merge request ({error.message})")
        return []


def _earlier(versions: Iterable[dict[str, Any]], head: str) -> tuple[str, ...]:
    heads = dict.fromkeys(sha for row in versions if (sha := maybe_sha(row, "head_commit_sha")))
    return tuple(sha for sha in heads if sha != head)[:MOST_HEADS]


def _approvals(
    calls: Calls,
    project: str,
    root: str,
    accounts: Accounts,
    proposal: Proposal,
    versions: Sequence[dict[str, Any]],
    missing: list[str],
) -> list[Decision]:
    """Approvals carry no commit: it is the head of the newest version that was there when one was given."""
    try:
        rows = items(calls.get(f"{root}/approvals"), "approved_by")
    except ForgeError as error:
        missing.append(f"the approvals ({error.message})")
        return []
    resets: bool | None = None
    found = []
    for row in rows:
        user = at(row, "user")
        who = accounts.account(user) or Account(account="gitlab:ghost")
        when = maybe_text(row, "approved_at")
        if when is None:
            # Old servers: only if every push takes approvals back, one that stands is for the present head.
            if resets is None:
                resets = _resets(calls, project)
            commit = proposal.head if resets else None
            when = maybe_text(versions[0], "created_at") if versions else None
        else:
            commit = _version_at(versions, when)
        active, permission = accounts.standing(user)
        found.append(
            Decision(
                id=f"approval-{who.number or who.account}",
                account=who,
                state="approved",
                at=when or "",
                commit=commit,
                active=active and at(user, "state") in (None, "active"),
                permission=permission,
                source="approval",
            )
        )
    return found


def _resets(calls: Calls, project: str) -> bool:
    try:
        return at(calls.get(f"{project}/approvals"), "reset_approvals_on_push") is True
    except ForgeError:
        return False


def _version_at(versions: Iterable[dict[str, Any]], when: str) -> str | None:
    given = _moment(when)
    for row in versions:  # newest first
        made = _moment(maybe_text(row, "created_at") or "")
        if given is not None and made is not None and made <= given:
            return maybe_sha(row, "head_commit_sha")
    return None


def _moment(at_: str) -> datetime | None:
    try:
        parsed = datetime.fromisoformat(at_)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _objections(calls: Calls, root: str, accounts: Accounts, proposal: Proposal, row: Any) -> list[Decision]:
    """Reviewers who stand at "requested changes"; when they said so is not told, so it holds now."""
    try:
        reviewers = items(calls.get(f"{root}/reviewers"))  # this list has no pages
    except Refused as error:
        if error.status == 404:  # an old server has no such list, and no such state
            return []
        accounts.missing.append(f"the reviewers ({error.message})")
        return []
    except ForgeError as error:
        accounts.missing.append(f"the reviewers ({error.message})")
        return []
    found = []
    for reviewer in reviewers:
        if at(reviewer, "state") != "requested_changes":
            continue
        user = at(reviewer, "user")
        active, permission = accounts.standing(user)
        who = accounts.account(user) or Account(account="gitlab:ghost")
        found.append(
            Decision(
                id=f"reviewer-{who.number or who.account}",
                account=who,
                state="changes_requested",
                at=maybe_text(row, "updated_at") or "",
                commit=proposal.head,
                active=active,
                permission=permission,
                source="review",
            )
        )
    return found


def _members(calls: Calls, accounts: Accounts, logins: Iterable[str]) -> Iterable[Member]:
    for login in dict.fromkeys(logins):
        try:
            users = calls.get("/users", username=login)
        except ForgeError as error:
            accounts.missing.append(f"the account {login} ({error.message})")
            continue
        for user in users if isinstance(users, list) else []:
            found = accounts.account(user)
            if found is not None:
                active, permission = accounts.standing(user)
                yield Member(account=found, active=active, permission=permission)


def _group(calls: Calls, team: str) -> tuple[Account, ...] | None:
    """The direct and inherited active members of a group. None where they cannot be read."""
    path = quote(team.removeprefix("gitlab:"), safe="")
    try:
        rows = [row for row in calls.pages(f"/groups/{path}/members/all") if row.get("state") == "active"]
        return tuple(
            Account(
                account=f"gitlab:{text(row, 'username')}",
                number=number(row, "id"),
                kind="bot" if _BOT.fullmatch(text(row, "username")) else "user",
            )
            for row in rows
        )
    except ForgeError:
        return None
