"""Who made a change: the people whose own sign-off does not count, and how much is known of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gate.core.review.pushes import pushers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gate.core.authorship import Authorship, CommitAuthorship
    from gate.core.change import Commit, Person
    from gate.core.review.model import Account, ForgeFacts
    from gate.core.review.people import People

#: Committers that a forge writes for merges and edits made in its web pages; they stand for nobody.
SERVICE_COMMITTERS = frozenset({"noreply@github.com"})


@dataclass(slots=True)
class Makers:
    """Who made a change.

    `roles` maps each person to the first role that was found. `accountable` are listed humans whom the
    forge itself authenticated as opener, requester or pusher. `unknown` maps an identity that is nobody
    known to where it stands: a role and a commit. `ai` means that a machine wrote, helped or opened.
    """

    roles: dict[str, str] = field(default_factory=dict)
    accountable: set[str] = field(default_factory=set)
    unknown: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    ai: bool = False

    def add(self, persons: Iterable[str], role: str) -> None:
        for person in persons:
            self.roles.setdefault(person, role)

    def add_unknown(self, name: str, role: str, commit: str = "") -> None:
        self.unknown.setdefault(name, set()).add((commit, role))

    @property
    def unresolved(self) -> tuple[str, ...]:
        """One text for each unknown identity, with one place where it stands and how many more there are."""
        return tuple(_told(name, sorted(places)) for name, places in sorted(self.unknown.items()))


def _told(name: str, places: Sequence[tuple[str, str]]) -> str:
    commit, role = places[0]
    others = len({commit for commit, _ in places}) - 1
    more = f" and {others} more" if others else ""
    return f"{name} ({role} of {commit[:12]}{more})" if commit else f"{name} ({role})"


def find_makers(
    people: People,
    commits: Sequence[Commit],
    earlier: Sequence[Commit],
    authorship: Authorship,
    forge: ForgeFacts | None,
    *,
    is_agent: Callable[[str, str], bool],
    undeclared_is_ai: bool,
) -> Makers:
    """Return who made the change. Clean update merges of the target branch add nobody.

    The order of commits has no effect. `earlier` are commits of earlier heads of the same merge request:
    their authors and committers are excluded too, since a rebase rewrites them.
    """
    known = {one.sha: one for one in authorship.commits}
    accounts = forge.commit_accounts if forge else {}
    walk = _Walk(people, is_agent, Makers(), undeclared_is_ai=undeclared_is_ai)
    makers = walk.makers
    counted = [commit for commit in commits if not commit.update_merge]
    for role in (
        "author",
        "committer",
        "co-author",
        "signer",
        "prompter",
    ):  # so that the first role is the same
        for commit in counted:
            walk.commit(commit, known.get(commit.sha), accounts.get(commit.sha, (None, None)), role)
    for commit in earlier:
        if not commit.update_merge:
            pair = accounts.get(commit.sha, (None, None))
            makers.add(walk.persons(commit.author, pair[0]), "author")
            if commit.committer.email.casefold() not in SERVICE_COMMITTERS:
                makers.add(walk.persons(commit.committer, pair[1]), "committer")
    walk.prompters(evidence.prompter for evidence in authorship.evidence)
    # Anyone can commit as a bot, and who can push notes can attest a person: those words lower nothing.
    makers.ai = authorship.is_ai or (undeclared_is_ai and bool(counted))
    if forge is not None:
        walk.forge(forge, pushers_of(forge, commits))
    return makers


@dataclass(slots=True)
class _Walk:
    people: People
    is_agent: Callable[[str, str], bool]
    makers: Makers
    undeclared_is_ai: bool

    def commit(
        self,
        commit: Commit,
        known: CommitAuthorship | None,
        accounts: tuple[Account | None, Account | None],
        role: str,
    ) -> None:
        if role == "author":
            agent = known is not None and known.author_is_agent
            self._identity(commit, commit.author, accounts[0], role, agent=agent)
        elif role == "committer" and commit.committer.email.casefold() not in SERVICE_COMMITTERS:
            agent = known is not None and known.committer_is_agent
            self._identity(commit, commit.committer, accounts[1], role, agent=agent)
        elif role == "co-author" and known is not None:
            for person in known.coauthors:
                self._identity(commit, person, None, role, agent=False)
        elif role == "signer" and known is not None and (known.verdict.is_ai or self.undeclared_is_ai):
            for person in known.signers:
                self.makers.add(self.persons(person, None), role)
        elif role == "prompter" and known is not None:
            self.prompters(evidence.prompter for evidence in known.evidence)

    def _identity(
        self, commit: Commit, person: Person, account: Account | None, role: str, *, agent: bool
    ) -> None:
        persons = self.persons(person, account)
        listed = persons & self.people.humans.keys()
        if not listed and (agent or self.is_agent(person.name, person.email)):
            return
        self.makers.add(sorted(persons), role)
        if not listed and (account is None or account.kind != "user"):
            name = person.email or person.name or "without a name"
            self.makers.add_unknown(name, role, commit.sha)

    def persons(self, person: Person, account: Account | None) -> set[str]:
        """Who a raw identity can be: by its address, and by the account that the forge found for it."""
        by_email = self.people.by_email(person.email)
        found = {by_email} if by_email else set()
        if account is not None and account.kind == "user":
            found.add(self.people.behind(account))
        return found or {
            "email:" + person.email.strip().casefold() if person.email else "name:" + person.name
        }

    def prompters(self, texts: Iterable[str | None]) -> None:
        for text in sorted({text for text in texts if text}):
            self.makers.add([self.people.by_text(text) or "name:" + text.strip()], "prompter")

    def forge(self, forge: ForgeFacts, pushers: Iterable[Account]) -> None:
        makers = self.makers
        named = [("pusher", account) for account in pushers]
        named += [("requester", account) for account in (forge.requester,) if account]
        named += [("opener", account) for account in (forge.opener,) if account]
        for role, account in sorted(
            named, key=lambda pair: (pair[0] != "requester", pair[0], pair[1].account)
        ):
            if account.kind != "bot":
                makers.add([self.people.could_be(account)], role)
            if (human := self.people.by_account(account)) is not None:
                makers.accountable.add(human)
        opener = forge.opener
        if opener is None or opener.kind not in ("user", "bot"):
            makers.add_unknown(
                opener.account if opener else "a deleted account", "opener of the merge request"
            )
        elif opener.kind == "bot" or (
            self.people.by_account(opener) is None and self.is_agent(opener.account.partition(":")[2], "")
        ):
            makers.ai = True
