"""Who can answer for which paths of an area: named reviewers, and owners by CODEOWNERS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.core.policy import CODEOWNERS
from gate.core.review.model import Group

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gate.core.area import Area, Touch
    from gate.core.owners import Owners
    from gate.core.policy import SignoffPolicy
    from gate.core.review.model import Account, ForgeFacts
    from gate.core.review.people import People


def groups_of_areas(
    touched: Mapping[str, Sequence[Touch]],
    areas: Iterable[Area],
    policy: SignoffPolicy,
    people: People,
    owners: Owners | None,
    teams: Mapping[str, tuple[Account, ...] | None],
) -> dict[str, tuple[Group, ...]]:
    """Return for each touched area the groups that all have to be served; never an empty tuple.

    An area without an entry in the policy takes that of the area that its definition names. Where the list
    holds `codeowners`, every path with evidence needs a named reviewer or its owners: each section that is
    not optional, or one owner where all sections are.
    """
    fallback = {area.id: area.reviewers_of for area in areas}
    known = _Owners(owners, people, teams) if owners is not None else None
    found: dict[str, tuple[Group, ...]] = {}
    for area, touches in touched.items():
        listed = _listed(area, fallback, policy)
        named = tuple(sorted(people.humans.keys() & listed))
        paths = tuple(sorted({touch.path for touch in touches}))
        if CODEOWNERS not in listed or known is None:
            found[area] = (Group(paths=paths, reviewers=named),)
            continue
        alike: dict[Group, list[str]] = {}
        for path in paths:
            for group in known.of(path, named):
                alike.setdefault(group, []).append(path)
        found[area] = tuple(
            sorted(
                (
                    Group(
                        paths=tuple(sorted(paths)),
                        reviewers=group.reviewers,
                        owners=group.owners,
                        needed=group.needed,
                        section=group.section,
                    )
                    for group, paths in alike.items()
                ),
                key=lambda group: (group.paths, group.section, group.owners),
            )
        )
    return found


def unread_owners(
    touched: Mapping[str, Sequence[Touch]],
    areas: Iterable[Area],
    policy: SignoffPolicy,
    owners: Owners | None,
    forge: ForgeFacts | None,
) -> tuple[str, ...]:
    """Return the teams that own touched paths, and whose members the forge was asked for and did not name."""
    if owners is None or forge is None:
        return ()
    fallback = {area.id: area.reviewers_of for area in areas}
    unread = {team.casefold() for team, members in forge.teams.items() if members is None}
    paths = {
        touch.path
        for area, touches in touched.items()
        if CODEOWNERS in _listed(area, fallback, policy)
        for touch in touches
    }
    named = {f"{owners.dialect.value}:{team}" for team in owners.teams_of(paths)}
    return tuple(sorted(team for team in named if team.casefold() in unread))


def _listed(area: str, fallback: Mapping[str, str | None], policy: SignoffPolicy) -> set[str]:
    source: str | None = area
    seen = set()
    while source is not None and source not in policy.reviewers and source not in seen:
        seen.add(source)
        source = fallback.get(source)
    return set(policy.reviewers.get(source or area, ()))


@dataclass(frozen=True, slots=True)
class _Owners:
    owners: Owners
    people: People
    teams: Mapping[str, tuple[Account, ...] | None]

    def of(self, path: str, named: tuple[str, ...]) -> tuple[Group, ...]:
        """The groups of one path, without it."""
        asked = self.owners.of(path)
        required = [one for one in asked if not one.optional]
        groups = tuple(
            Group(
                paths=(), reviewers=named, owners=self._humans(o.owners), needed=o.needed, section=o.section
            )
            for o in required
        )
        if groups:
            return groups
        anyone = tuple(sorted({human for one in asked for human in self._humans(one.owners)}))
        return (Group(paths=(), reviewers=named, owners=anyone),)

    def _humans(self, written: Iterable[str]) -> tuple[str, ...]:
        found = set()
        for word in written:
            found.update(self._human(word))
        return tuple(sorted(found))

    def _human(self, word: str) -> set[str]:
        if not word.startswith("@"):
            human = self.people.by_email(word)
            return {human} if human else set()
        forge, name = self.owners.dialect.value, word[1:]
        if human := self.people.by_login(forge, name):
            return {human}
        members = next(
            (them for team, them in self.teams.items() if team.casefold() == f"{forge}:{name}".casefold()),
            None,
        )
        return {human for one in members or () if (human := self.people.by_account(one)) is not None}
