"""What a forge says of a merge request, for a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.review import ForgeFacts
from gate.errors import ForgeError
from gate.forges.connect import connect
from gate.forges.environment import Login, MergeRequest
from gate.forges.port import Wanted
from gate.pipeline.signoff import asks_owners, read_owners
from gate.pipeline.statements import NOTES_REF

if TYPE_CHECKING:
    from pathlib import Path

    from gate.core.change import ChangeSet
    from gate.core.policy import SignoffPolicy
    from gate.forges.port import Forge, Proposal
    from gate.forges.settings import Settings
    from gate.git import Repository


def wanted(
    repository: Repository, change: ChangeSet, policy: SignoffPolicy, forge: str, signoffs: Path | None
) -> Wanted:
    """Return what a decision needs from the forge besides reviews.

    Teams are those that the policy names, and where it takes owners for reviewers those that own changed paths.
    Whoever signed a statement must be able to write, too: with statements at hand the standing of everybody who
    has a key is asked for.
    """
    signed = signoffs is not None or repository.notes_at(NOTES_REF).exists
    logins = [
        login
        for human in policy.humans
        if signed and human.keys
        for login in (human.github if forge == "github" else human.gitlab)
    ]
    owners = read_owners(repository, change.base, forge) if asks_owners(policy) else None
    teams = owners.teams_of(file.path for file in change.all_files) if owners else ()
    owning = [f"{forge}:{team}" for team in teams if owners and owners.dialect.value == forge]
    return Wanted(teams=tuple(dict.fromkeys((*policy.teams, *owning))), logins=logins)


def ask(
    settings: Settings,
    repository: Repository,
    change: ChangeSet,
    policy: SignoffPolicy,
    signoffs: Path | None,
) -> ForgeFacts:
    """Return what the forge says of the request of this job; a forge that does not answer is a missing fact."""
    forge = connect(settings)
    try:
        proposal = forge.proposal()
    except ForgeError as error:
        return ForgeFacts(complete=False, missing=(error.message,))
    return read_facts(forge, proposal, wanted(repository, change, policy, settings.forge, signoffs))


def read_facts(forge: Forge, proposal: Proposal, asked: Wanted) -> ForgeFacts:
    """Return the facts. If the forge gives none, they say so, and nothing that needs them can pass."""
    try:
        return forge.facts(proposal, asked)
    except ForgeError as error:
        return ForgeFacts(
            repo=proposal.repository,
            change=str(proposal.number),
            head=proposal.head,
            target=f"refs/heads/{proposal.target}",
            opener=proposal.opener,
            complete=False,
            missing=(error.message,),
        )


def as_request(forge: str, proposal: Proposal) -> MergeRequest:
    """Return the request as CI would tell it: evidence of who wrote the change."""
    opener = proposal.opener
    return MergeRequest(
        forge=forge,
        head=proposal.head,
        target=f"refs/heads/{proposal.target}",
        branch=proposal.branch,
        body=proposal.body,
        opener=None
        if opener is None
        else Login(opener.account.partition(":")[2], bot=opener.kind == "bot", number=opener.number),
    )
