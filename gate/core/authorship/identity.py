"""Identities in commits: how `Name <address>` is read, and which signatures an identity carries."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from gate.core.authorship.grades import Role, capped
from gate.core.authorship.schema import Group, RegistryError, Signature, name_fits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: The places an identity can take. A committer is read like an author.
AUTHOR: Final = "author"
CO_AUTHOR: Final = "co-author"

OTHER_AGENT: Final = "other"

#: Characters that nobody sees; an address with one of them looks like the one without.
_INVISIBLE: Final = re.compile(
    r"[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
_ANGLED: Final = re.compile(r"<[ \t]*([^<>\s@]+@[^<>\s@]+)[ \t]*>")
_MARKDOWN: Final = re.compile(r"([^\[\]]*)\[([^\[\]\s]+)\]\(mailto:([^()\s]+)\)")


def seen(text: str) -> str:
    """Return a text as people see it: without characters that do not show."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


class Identity(NamedTuple):
    """A name and an address; `repaired` if the text is not exactly `Name <address>`."""

    name: str
    address: str
    repaired: bool = False


@functools.lru_cache(maxsize=1_024)  # a history has few people, and each line is looked at several times
def parse_identity(value: str) -> Identity | None:
    """Return the identity in a trailer value, None if there is no address.

    Read as repaired: text behind the closing `>`, and the pasted form `Name [address](mailto:address)`.
    """
    angled = _ANGLED.search(value)
    if angled:
        name, tail = value[: angled.start()], value[angled.end() :]
        return Identity(name.strip().strip('"').strip(), angled[1], repaired=bool(tail.strip()))
    pasted = _MARKDOWN.match(value)
    if pasted and "@" in pasted[2] and pasted[2].casefold() == pasted[3].casefold():
        return Identity(pasted[1].strip(), pasted[2], repaired=True)
    return None


class Account(NamedTuple):
    """The account behind a forge's no-reply address; the slug is case-folded."""

    slug: str
    number: int | None


def account_of(address: str, hosts: frozenset[str]) -> Account | None:
    """Return the account of `[number+]slug@users.noreply.host` for the given hosts, else None."""
    local, _, domain = address.casefold().rpartition("@")
    if not domain.startswith("users.noreply.") or domain.removeprefix("users.noreply.") not in hosts:
        return None
    number, plus, slug = local.rpartition("+")
    if plus and number.isascii() and number.isdigit() and len(number) < 20 and slug:
        return Account(slug, int(number))
    return Account(local, None) if local and not plus else None


@dataclass(frozen=True, slots=True)
class Hit:
    """A signature that a text carries, with the role and the agent it means at that place."""

    signature: Signature
    role: str | None
    agent: str
    agent_name: str | None = None
    remark: str | None = None


class _Rule(NamedTuple):
    seat: str
    signature: Signature
    group: Group


class IdentityTable:
    """The identity signatures of a registry, compiled: look up the address and the account, then names."""

    def __init__(self, signatures: Iterable[Signature], hosts: frozenset[str]) -> None:
        """Raise RegistryError where two signatures give one identity different roles."""
        self._hosts = hosts
        self._by_address: Mapping[str, list[_Rule]] = defaultdict(list)
        self._by_slug: Mapping[str, list[_Rule]] = defaultdict(list)
        self._by_name: list[_Rule] = []
        for signature in signatures:
            seat = CO_AUTHOR if signature.field.startswith("trailer.") else AUTHOR
            for group in signature.groups:
                rule = _Rule(seat, signature, group)
                for address in group.emails:
                    self._by_address[address].append(rule)
                for slug in group.slugs:
                    self._by_slug[slug].append(rule)
                if not (group.emails or group.slugs):
                    self._by_name.append(rule)
        named = "|".join(
            r.group.name_pattern.text if r.group.name_pattern else f"^{re.escape(r.group.name or '')}$"
            for r in self._by_name
        )
        #: Most people are told apart from all of them in one look.
        self._named = re.compile(named or "(?!)", re.IGNORECASE)
        self._ids_decide = frozenset(slug for slug, rules in self._by_slug.items() if _told_apart(rules))
        self._listed_ids = {slug: _listed(rules) for slug, rules in self._by_slug.items()}
        for key, rules in (*self._by_address.items(), *self._by_slug.items()):
            _check_roles(key, rules, ids_decide=key in self._ids_decide)

    def account(self, address: str) -> Account | None:
        """The account of a no-reply address of the known hosts, else None."""
        return account_of(address, self._hosts)

    def find(self, seat: str, name: str, address: str) -> tuple[Hit, ...]:
        """Return what an identity carries in a seat, in registry order; empty for people.

        An entry for the seat itself comes before one for the other seat, one that asks for the name too
        before one that does not, and names are tried only for addresses without an entry.
        """
        name, address = seen(name), seen(address)
        account = self.account(address)
        rules = [r for r in self._by_address.get(address.casefold(), ()) if name_fits(r.group, name)]
        if account is not None:
            rules += [r for r in self._by_slug.get(account.slug, ()) if self._holds(r.group, name, account)]
        negative = [r for r in rules if r.signature.grade == "N"]
        if negative:
            rules = [r for r in rules if r.signature.grade in ("A", "B")]
        elif not rules and self._named.search(name.strip()):
            rules = [r for r in self._by_name if name_fits(r.group, name)]
        rules = [r for r in rules if r.seat == seat] or rules
        rules = [r for r in rules if r.group.asks_name] or rules
        return tuple(self._hit(r, seat, name, account) for r in negative + rules)

    def _holds(self, group: Group, name: str, account: Account) -> bool:
        if not name_fits(group, name):
            return False
        if group.other_ids:
            return account.number is None or account.number not in self._listed_ids[account.slug]
        return account.slug not in self._ids_decide or account.number in group.ids

    def _hit(self, rule: _Rule, seat: str, name: str, account: Account | None) -> Hit:
        signature, role = rule.signature, rule.signature.role
        if signature.grade != "N":
            if rule.seat != seat:
                role = (Role.AUTHORED if seat == AUTHOR else Role.CO_AUTHORED).value
            elif seat == CO_AUTHOR:
                role = capped(role, Role.CO_AUTHORED)
        foreign = signature.own_name is not None and not name.casefold().startswith(signature.own_name)
        strange = account is not None and account.number is not None and rule.group.ids
        return Hit(
            signature,
            role,
            OTHER_AGENT if foreign else signature.agent,
            agent_name=name if foreign else None,
            remark=f"account number {account.number} is not the registered one"
            if strange and account is not None and account.number not in rule.group.ids
            else None,
        )


def _told_apart(rules: list[_Rule]) -> bool:
    """Whether an account name stands for several things, so that the number chooses."""
    return any(r.group.other_ids for r in rules) or len({r.group.ids for r in rules if r.group.ids}) > 1


def _listed(rules: list[_Rule]) -> frozenset[int]:
    return frozenset(number for rule in rules for number in rule.group.ids)


def _check_roles(key: str, rules: list[_Rule], *, ids_decide: bool) -> None:
    """Refuse two signatures that answer for the same identity in the same seat with different roles."""
    for position, one in enumerate(rules):
        for other in rules[:position]:
            apart = ids_decide and not (one.group.ids & other.group.ids)
            same = (one.seat, one.group.name, one.group.name_pattern) == (
                other.seat,
                other.group.name,
                other.group.name_pattern,
            )
            if same and not apart and one.signature.role != other.signature.role:
                raise RegistryError(
                    f"signatures {other.signature.id} and {one.signature.id} give {key} different roles in one"
                    " place; keep one of them or tell them apart by name or number"
                )
