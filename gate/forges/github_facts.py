"""What GitHub vouches for about a pull request: reviews bound to a commit, accounts, permissions, protection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from gate.core.review import Account, Decision, ForgeFacts, Member, Push
from gate.errors import ForgeError
from gate.forges.calls import Refused
from gate.forges.fields import at, maybe_sha, maybe_text, number, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from gate.forges.calls import Calls
    from gate.forges.port import Proposal, Wanted

STATES = {
    "APPROVED": "approved",
    "CHANGES_REQUESTED": "changes_requested",
    "DISMISSED": "dismissed",
    "COMMENTED": "commented",
}
#: GitHub names permissions that roles of an organisation are based on; roles in between have words of their own.
PERMISSIONS = frozenset({"admin", "maintain", "write", "triage", "read", "none"})
_KINDS = {"User": "user", "Bot": "bot"}
_RETARGETED = frozenset({"base_ref_changed", "automatic_base_change_succeeded"})
#: GitHub's coding agent began to work; the actor is the person who asked for it.
_SET_TO_WORK = "copilot_work_started"
#: Kind, time and actor of what happened to a request.
Event = tuple[str, str, Account | None]
#: Deeds in the activity of a branch that put commits on it.
_PUSHED = frozenset({"push", "force_push", "branch_creation"})
#: Earlier heads that are compared; older ones say nothing that these do not.
MOST_HEADS = 100


def account(user: Any) -> Account | None:
    """Return the account of a user object, None for a deleted one."""
    login = maybe_text(user, "login")
    if login is None:
        return None
    known = at(user, "id")
    return Account(
        account=f"github:{login}",
        number=known if type(known) is int else None,
        kind=_KINDS.get(str(at(user, "type")), "unknown"),
    )


def is_protected(calls: Calls, root: str, branch: str) -> bool | None:
    """Return whether a branch is protected by a setting of its own or by a ruleset, None if that is not told."""
    name = quote(branch, safe="")
    try:
        if at(calls.get(f"{root}/branches/{name}"), "protected") is True:
            return True
        rules = calls.get(f"{root}/rules/branches/{name}")
    except ForgeError:
        return None
    return bool(rules) if isinstance(rules, list) else None


def _is_bot(who: Account | None) -> bool:
    return who is not None and who.kind == "bot"


def _requester(events: list[Event]) -> Account | None:
    """The person who asked for an agent's request. An agent that works on its own account names nobody, and
    neither does the list of assignees, which anybody with triage rights can write.
    """
    asked = (who for kind, _, who in events if kind == _SET_TO_WORK)
    return next((who for who in asked if who is not None and who.kind == "user"), None)


def read_facts(
    calls: Calls,
    root: str,
    proposal: Proposal,
    wanted: Wanted,
    protected: Callable[[str], bool | None],
) -> ForgeFacts:
    """Return the facts of one pull request. What could not be read makes them incomplete, and is named.

    `protected` says whether a branch is.
    """
    return _Reader(calls, root, proposal).facts(wanted, protected)


class _Reader:
    def __init__(self, calls: Calls, root: str, proposal: Proposal) -> None:
        self._calls = calls
        self._root = root
        self._proposal = proposal
        self._missing: list[str] = []
        self._standing: dict[str, str] = {}

    def facts(self, wanted: Wanted, protected: Callable[[str], bool | None]) -> ForgeFacts:
        proposal = self._proposal
        reviews = self._reviews()
        decisions = tuple(d for row in reviews if (d := self._decision(row)) is not None)
        pushes, earlier = self._activity()
        needs_events = any(d.state == "approved" for d in decisions) or _is_bot(proposal.opener)
        events = self._events() if needs_events else []
        return ForgeFacts(
            repo=proposal.repository,
            change=str(proposal.number),
            branch=proposal.branch,
            body=proposal.body,
            target=f"refs/heads/{proposal.target}",
            target_protected=protected(proposal.target),
            opener=proposal.opener,
            requester=_requester(events) if _is_bot(proposal.opener) else None,
            pushers=None if pushes is None else tuple(dict.fromkeys(push.account for push in pushes)),
            pushes=pushes or (),
            earlier_heads=earlier,
            retargeted_at=max((at_ for kind, at_, _ in events if kind in _RETARGETED), default=None),
            commit_accounts=self._commit_accounts(),
            decisions=decisions,
            members=tuple(
                Member(
                    account=Account(account=f"github:{login}", kind="user"),
                    permission=self._permission(login),
                )
                for login in dict.fromkeys(wanted.logins)
            ),
            teams={team: self._team(team) for team in wanted.teams if team.startswith("github:")},
            complete=not self._missing,
            missing=tuple(dict.fromkeys(self._missing)),
            head=proposal.head,
        )

    def _reviews(self) -> list[dict[str, Any]]:
        try:
            return list(self._calls.pages(f"{self._root}/pulls/{self._proposal.number}/reviews"))
        except ForgeError as error:
            self._missing.append(f"the reviews ({error.message})")
            return []

    def _decision(self, row: dict[str, Any]) -> Decision | None:
        state = str(row.get("state"))
        if state == "PENDING":
            return None
        who = account(row.get("user")) or Account(account="github:ghost")
        word = STATES.get(state, state.lower())
        decides = word in ("approved", "changes_requested")
        login = who.account.partition(":")[2]
        try:
            return Decision(
                id=str(number(row, "id")),
                account=who,
                state=word,
                at=text(row, "submitted_at"),
                commit=maybe_sha(row, "commit_id"),
                permission=self._permission(login) if decides and who.kind == "user" else "none",
                source="review",
            )
        except ForgeError as error:
            self._missing.append(f"a review ({error.message})")
            return None

    def _permission(self, login: str) -> str:
        if login in self._standing:
            return self._standing[login]
        try:
            told = self._calls.get(f"{self._root}/collaborators/{quote(login, safe='')}/permission")
            # `role_name` tells maintain and triage apart, and holds the names of an organisation's own roles.
            role, legacy = at(told, "role_name"), at(told, "permission")
            found = role if role in PERMISSIONS else legacy if legacy in PERMISSIONS else "none"
        except Refused as error:
            found = "none"
            if error.status != 404:
                self._missing.append(f"the permission of {login} ({error.message})")
        except ForgeError as error:
            found = "none"
            self._missing.append(f"the permission of {login} ({error.message})")
        self._standing[login] = str(found)
        return self._standing[login]

    def _commit_accounts(self) -> dict[str, tuple[Account | None, Account | None]]:
        """The accounts that GitHub itself found for authors and committers, of the first 250 commits."""
        try:
            rows = list(self._calls.pages(f"{self._root}/pulls/{self._proposal.number}/commits"))
        except ForgeError:
            return {}  # who is then unknown only raises the number of people who have to sign
        return {
            str(row.get("sha")): (account(row.get("author")), account(row.get("committer"))) for row in rows
        }

    def _activity(self) -> tuple[tuple[Push, ...] | None, tuple[str, ...]]:
        """The pushes to the source branch, and its earlier heads; None where GitHub does not tell it to us."""
        proposal = self._proposal
        if not proposal.source:
            return None, ()
        path = f"/repos/{proposal.source}/activity"
        try:
            rows = [
                row
                for row in self._calls.pages(path, ref=f"refs/heads/{proposal.branch}")
                if row.get("activity_type") in _PUSHED
            ]
        except ForgeError:
            return None, ()
        pushes = [
            Push(account=who, before=maybe_sha(row, "before") or "", after=maybe_sha(row, "after") or "")
            for row in rows
            if (who := account(row.get("actor"))) is not None
        ]
        heads = [maybe_sha(row, side) for row in rows for side in ("after", "before")]
        earlier = dict.fromkeys(sha for sha in heads if sha and sha != proposal.head)
        complete = bool(rows) and len(pushes) == len(rows)
        return tuple(pushes) if complete else None, tuple(earlier)[:MOST_HEADS]

    def _events(self) -> list[Event]:
        """What happened to the request, oldest first. Only read where it can matter: nothing is stale by a change
        of the target while nobody has approved, and only an agent's request was asked for by somebody else.
        """
        try:
            return [
                (str(row["event"]), text(row, "created_at"), account(row.get("actor")))
                for row in self._calls.pages(f"{self._root}/issues/{self._proposal.number}/events")
                if row.get("event") in _RETARGETED or row.get("event") == _SET_TO_WORK
            ]
        except ForgeError as error:
            self._missing.append(
                f"whether the target branch was changed, and who set an agent to work ({error.message})"
            )
            return []

    def _team(self, team: str) -> tuple[Account, ...] | None:
        organisation, _, slug = team.removeprefix("github:").partition("/")
        path = f"/orgs/{quote(organisation, safe='')}/teams/{quote(slug, safe='')}/members"
        try:
            found = [account(row) for row in self._calls.pages(path)]
        except ForgeError:
            return None  # the decision names the team
        return tuple(one for one in found if one is not None)
