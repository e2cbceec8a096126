"""Where records are kept, as it is written in a policy or on the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass

GIT, FILES, SQLITE, POSTGRESQL = "git", "files", "sqlite", "postgresql"
#: The ref that `git` alone means.
DEFAULT_REF = "refs/notes/gate-evidence"
SUFFIX = ".evidence.json"
FORMS = "git, git:REF, files:FOLDER, sqlite:FILE or postgresql://…"
_REF = re.compile(
    r"refs/(?:heads|notes)/(?!.*(?:\.\.|//|@\{|\.lock(?:/|$)|/\.))[^\s~^:?*\[\\\x00-\x1f\x7f.-][^\s~^:?*\[\\\x00-\x1f\x7f]*(?<![/.])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StorePlace:
    """A store: `kind` is git, files, sqlite or postgresql; `where` is a ref, a path or a URL."""

    kind: str
    where: str


def parse_place(text: str) -> StorePlace:
    """Return the store that a text names. Raises ValueError with what is wrong and what can be written."""
    if text == GIT:
        return StorePlace(kind=GIT, where=DEFAULT_REF)
    if text.startswith(("postgresql://", "postgres://")):
        return StorePlace(kind=POSTGRESQL, where=text)
    kind, colon, where = text.partition(":")
    if not colon or kind not in (GIT, FILES, SQLITE):
        raise ValueError(f"is no store of records; write {FORMS}")
    if not where:
        raise ValueError(f"names no place behind {kind}:")
    if kind == GIT and not _REF.fullmatch(where):
        raise ValueError(
            "must name a ref below refs/notes/ or refs/heads/, such as git:refs/heads/gate-evidence"
        )
    return StorePlace(kind=kind, where=where)


def path_of(digest: str) -> str:
    """Return where the record of this name stands in the tree of a store in git."""
    name = digest.removeprefix("sha256:")
    return f"{name[:2]}/{name[2:]}{SUFFIX}"
