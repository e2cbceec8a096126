"""The people who committed lately, as commits name them."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.core.authorship import is_agent_identity, is_bot_identity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gate.core.authorship import Registry
    from gate.core.change import Commit
    from gate.git import Repository

#: Commits that are looked at, from the tip of the target branch backwards.
MOST_COMMITS = 500

_NOREPLY = re.compile(
    r"(?:\d+\+)?(?P<login>[A-Za-z0-9][A-Za-z0-9-]*)@users\.noreply\.github\.com", re.IGNORECASE
)
#: Addresses of forges that stand for the forge itself, as committer of merges made on its pages.
_FORGES = frozenset({"noreply@github.com"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One name with all addresses that it committed under (case-folded, most used first) and its commits.

    `login` is the GitHub account that a private address tells, or an empty string.
    """

    name: str
    emails: tuple[str, ...]
    commits: int
    login: str = ""


def recent(repository: Repository, revision: str, registry: Registry) -> tuple[Identity, ...]:
    """Return who wrote or committed the last commits of a revision, without agents and bots, most active first.

    Raises GitError for a shallow history.
    """
    return grouped(itertools.islice(repository.commits(revision), MOST_COMMITS), registry)


def grouped(commits: Iterable[Commit], registry: Registry) -> tuple[Identity, ...]:
    """Return the identities of these commits, as `recent` does."""
    counts: dict[str, dict[str, int]] = {}
    names: dict[str, str] = {}
    for commit in commits:
        for person in {commit.author, commit.committer}:
            email = person.email.strip().casefold()
            if email in _FORGES or "@" not in email or person.name == "GitHub":
                continue
            if is_agent_identity(person.name, email, registry) or is_bot_identity(
                person.name, email, registry
            ):
                continue
            key = " ".join(person.name.casefold().split())
            names.setdefault(key, person.name)
            emails = counts.setdefault(key, {})
            emails[email] = emails.get(email, 0) + 1
    found = [
        Identity(
            name=names[key],
            emails=tuple(sorted(emails, key=lambda e: (-emails[e], e))),
            commits=sum(emails.values()),
            login=next((m["login"] for e in sorted(emails) if (m := _NOREPLY.fullmatch(e))), ""),
        )
        for key, emails in counts.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.commits, one.emails)))
