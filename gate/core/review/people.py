"""Which listed human stands behind an account or an address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from gate.core.policy import Human
    from gate.core.review.model import Account

#: Forge name of accounts that are keys: `statement:sec1` is whoever signed as the human sec1.
STATEMENT = "statement"

#: Private addresses of forges: `9+login@users.noreply.github.com`, `9-login@users.noreply.gitlab.com`.
_PRIVATE = re.compile(r"(?:(?P<number>\d+)(?P<sign>[+-]))?(?P<login>[^@+]+)@users\.noreply\.(?P<host>[^@]+)")


class People:
    """The humans that the policy lists."""

    def __init__(self, humans: Iterable[Human]) -> None:
        self.humans = {human.id: human for human in humans}
        self._by_email: dict[str, str | None] = {
            email.strip().casefold(): human.id for human in self.humans.values() for email in human.emails
        }

    def by_account(self, account: Account) -> str | None:
        """Return the id of the human behind an account of kind user, or None."""
        if account.kind != "user":
            return None
        forge, _, login = account.account.partition(":")
        if forge == STATEMENT:
            return login if login in self.humans else None
        return self._by_login(forge, login, account.number, strict=True)

    def could_be(self, account: Account) -> str:
        """Like `behind`, but an account of unknown kind or without its number counts as the human of its login.

        Good for keeping somebody out, never for letting somebody in.
        """
        forge, _, login = account.account.partition(":")
        human = None if account.kind == "bot" else self._by_login(forge, login, account.number, strict=False)
        return human or self.behind(account)

    def behind(self, account: Account) -> str:
        """Return the human's id, or `account:forge/login` for everyone else."""
        return self.by_account(account) or "account:" + account.account.replace(":", "/", 1)

    def by_email(self, email: str) -> str | None:
        """Return the id of the human with this address, or whose private forge address it is, or None."""
        address = email.strip().casefold()
        if address not in self._by_email:
            found = (self._by_login(*private, strict=False) for private in _private_accounts(address))
            self._by_email[address] = next((human for human in found if human is not None), None)
        return self._by_email[address]

    def by_login(self, forge: str, login: str) -> str | None:
        """Return the id of the human whom the policy lists with this login, or None.

        For names that the base commit holds: no number is known there that could decide.
        """
        return self._by_login(forge, login, None, strict=False)

    def expired(self, human: str, now: datetime | None) -> bool:
        """Whether a human is listed only until a day (UTC) that is over."""
        until = self.humans[human].until
        return until is not None and (now is None or now.date().isoformat() > until)

    def by_text(self, text: str) -> str | None:
        """Return the id of the human that free text such as `Ann <ann@x.example>` or a login names, or None."""
        words = [word.strip("<>()[],;").casefold() for word in text.split()]
        for word in words:
            if "@" in word.strip("@") and (human := self.by_email(word)) is not None:
                return human
        whole = text.strip().removeprefix("@").casefold()
        for human_id, listed in self.humans.items():
            if whole in {name.casefold() for name in (human_id, *listed.github, *listed.gitlab)}:
                return human_id
        return None

    def _by_login(self, forge: str, login: str, number: int | None, *, strict: bool) -> str | None:
        """Where a human is listed with a number it decides; `strict` says that its absence is no match."""
        wanted = login.casefold()
        by_name = None
        for human_id, human in self.humans.items():
            logins, listed = _account_of(human, forge)
            if listed is not None and number == listed:
                return human_id
            known_by_name = listed is None or (number is None and not strict)
            if by_name is None and known_by_name and wanted in {name.casefold() for name in logins}:
                by_name = human_id
        return by_name


def _account_of(human: Human, forge: str) -> tuple[tuple[str, ...], int | None]:
    if forge == "github":
        return human.github, human.github_id
    if forge == "gitlab":
        return human.gitlab, human.gitlab_id
    return (), None


def _private_accounts(address: str) -> Iterator[tuple[str, str, int | None]]:
    """Yield (forge, login, number) that a private address can mean; self-hosted names tell no forge."""
    found = _PRIVATE.fullmatch(address)
    if found is None:
        return
    number = int(found["number"]) if found["number"] else None
    if "gitlab" not in found["host"] and found["sign"] != "-":
        yield "github", found["login"], number
    if "github" not in found["host"] and found["sign"] != "+":
        yield "gitlab", found["login"], number
