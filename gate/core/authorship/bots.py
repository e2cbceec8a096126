"""Automation that is not AI: which identities belong to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gate.core.authorship.schema import RegistryError, text_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gate.core.authorship.identity import Account

_SUFFIX = "[bot]"


class BotTable:
    """The listed bots. Account names stand without `[bot]` and mean both spellings."""

    def __init__(self, document: Mapping[str, Any] | None, more_slugs: Sequence[str] = ()) -> None:
        """Read `{version, bots: [{id, slugs, emails, names, note}]}`; raises RegistryError for anything else."""
        slugs, emails, names, seen = set(more_slugs), set[str](), set[str](), set[str]()
        document = document or {}
        _check_keys(document, {"version", "bots"}, "bots")
        rows = document.get("bots", [])
        if not isinstance(rows, list):
            raise RegistryError("bots: bots must be a list of mappings with an id")
        for row in rows:
            where = f"bot {row.get('id')}" if isinstance(row, Mapping) else "bots"
            _check_keys(row, {"id", "slugs", "emails", "names", "note"}, where)
            identifier = row.get("id")
            if not isinstance(identifier, str) or identifier in seen:
                raise RegistryError(f"{where}: id is missing or used twice")
            seen.add(identifier)
            slugs.update(text_list(row.get("slugs", []), f"{where}: slugs"))
            emails.update(text_list(row.get("emails", []), f"{where}: emails"))
            names.update(text_list(row.get("names", []), f"{where}: names"))
            if not (row.keys() & {"slugs", "emails", "names"}):
                raise RegistryError(f"{where}: holds neither slugs, emails nor names")
        for email in emails:
            if not email.partition("@")[0] or "@" not in email:
                raise RegistryError(f"bots: emails holds {email!r}; give whole addresses, never a domain")
        self._slugs = frozenset(slug.casefold().removesuffix(_SUFFIX) for slug in slugs)
        self._emails = frozenset(email.casefold() for email in emails)
        self._names = frozenset(name.casefold() for name in names)

    def lists(self, name: str, address: str, account: Account | None) -> bool:
        """Whether the identity is on the list: by address, account or exact name.

        A name `slug[bot]` of a listed account counts under any address: people cannot be called so, and
        older commits of such automation carry a vendor's address.
        """
        if address.casefold() in self._emails:
            return True
        if account is not None and account.slug.removesuffix(_SUFFIX) in self._slugs:
            return True
        folded = name.strip().casefold()
        return folded in self._names or (
            folded.endswith(_SUFFIX) and folded.removesuffix(_SUFFIX) in self._slugs
        )


def looks_automatic(account: Account | None) -> bool:
    """Whether the forge itself marks the account as automation by its `[bot]` ending."""
    return account is not None and account.slug.endswith(_SUFFIX)


def _check_keys(row: Any, known: set[str], where: str) -> None:
    if not isinstance(row, Mapping):
        raise RegistryError(f"{where}: holds {row!r}, which is not a mapping")
    unknown = sorted(str(key) for key in row if key not in known)
    if unknown:
        raise RegistryError(
            f"{where}: has the unknown key {unknown[0]!r}; known are {', '.join(sorted(known))}"
        )
