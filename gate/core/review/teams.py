"""Humans whom the policy names by a team of the forge instead of one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.policy import CODEOWNERS, Human
from gate.core.review.people import People

if TYPE_CHECKING:
    from gate.core.policy import SignoffPolicy
    from gate.core.review.model import Account, ForgeFacts


def humans(policy: SignoffPolicy, forge: ForgeFacts | None) -> tuple[Human, ...]:
    """Return the listed humans and the members of the policy's teams, as far as the forge named them.

    Only accounts of kind user that no listed human has and `not_humans` does not name. The id of a member is
    the login, or `forge:login` where that means a listed human or something else.
    """
    listed = policy.humans
    if forge is None or not policy.teams:
        return listed
    people = People(listed)
    refused = {login.casefold() for login in policy.not_humans}
    found: dict[str, Human] = {}
    taken = {CODEOWNERS, *(human.id.casefold() for human in listed)}
    members = {account for team in policy.teams for account in forge.teams.get(team) or ()}
    for account in sorted(members, key=lambda a: (a.account, a.number or 0)):
        name, _, login = account.account.partition(":")
        known = people.by_account(account) or people.by_login(name, login)
        if account.kind != "user" or known is not None or login.casefold() in refused:
            continue
        human_id = account.account if login.casefold() in taken else login
        if human_id in found:
            continue
        taken.add(human_id.casefold())
        found[human_id] = _member(human_id, name, login, account)
    return (*listed, *found.values())


def _member(human_id: str, forge: str, login: str, account: Account) -> Human:
    if forge == "gitlab":
        return Human(id=human_id, gitlab=(login,), gitlab_id=account.number)
    return Human(id=human_id, github=(login,), github_id=account.number)


def unread(policy: SignoffPolicy, forge: ForgeFacts) -> tuple[str, ...]:
    """Return the teams of the policy whose members the forge did not name, sorted.

    Teams of another forge than that of the merge request are not asked for.
    """
    accounts = [forge.opener, forge.requester, *(forge.pushers or ()), *(d.account for d in forge.decisions)]
    forges = {account.account.partition(":")[0] for account in accounts if account is not None}
    forges |= {team.partition(":")[0] for team in forge.teams}
    return tuple(
        team
        for team in sorted(set(policy.teams))
        if forge.teams.get(team) is None and (not forges or team.partition(":")[0] in forges)
    )
