"""Who owns a path by CODEOWNERS, in the dialects of GitHub and GitLab.

The file is always that of the base commit. A line that its forge would not understand gives nobody
ownership: an owner is somebody who may sign, so doubt must not add one.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: GitHub does not read a larger file at all.
MAX_BYTES = 3_000_000

#: Where each forge looks; the first file that is there counts alone.
PLACES = {
    "github": (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"),
    "gitlab": ("CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"),
}


class Dialect(StrEnum):
    """Whose rules a file is read by; the value is the forge's name in accounts."""

    GITHUB = "github"
    GITLAB = "gitlab"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line: a pattern, its owners as they are written (`@login`, `@org/team`, an address), its line number.

    No owners means that nobody owns what it matches. `excluded` (GitLab, `!pattern`) takes paths out of
    the section for good.
    """

    pattern: str
    owners: tuple[str, ...]
    line: int
    excluded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section of a GitLab file; a GitHub file is one section without a name. `needed` people have to approve."""

    name: str = ""
    needed: int = 1
    optional: bool = False
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """What one section asks for one path. `owners` is never empty."""

    section: str
    owners: tuple[str, ...]
    needed: int
    optional: bool
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Owners:
    """A CODEOWNERS file as read. `ignored` are the numbers of lines that could not be understood."""

    dialect: Dialect
    path: str
    sections: tuple[Section, ...]
    ignored: tuple[int, ...] = ()

    def of(self, path: str) -> tuple[Ownership, ...]:
        """Return what each section asks for a path, in file order; sections in which nobody owns it are left out.

        In every section the last matching line counts alone.
        """
        return tuple(filter(None, (self._in(section, path) for section in self.sections)))

    def teams_of(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Return the teams among the owners of some paths, as `org/team`, sorted."""
        words = {word for path in paths for one in self.of(path) for word in one.owners}
        return tuple(sorted(word[1:] for word in words if word.startswith("@") and "/" in word))

    def _in(self, section: Section, path: str) -> Ownership | None:
        matching = [e for e in section.entries if _matches(e.pattern, self.dialect, path)]
        if not matching or any(entry.excluded for entry in matching) or not matching[-1].owners:
            return None
        last = matching[-1]
        return Ownership(
            section=section.name,
            owners=last.owners,
            needed=section.needed,
            optional=section.optional,
            line=last.line,
        )


def parse_owners(data: bytes, path: str, *, forge: str = "") -> Owners:
    """Return what a CODEOWNERS file at `path` says. `forge` is `github` or `gitlab` where it is known.

    Otherwise the folder of the file tells the dialect, then whether it has sections. Never raises: what cannot
    be understood is in `ignored`. A file that its forge would not load (too large, not UTF-8) owns nothing.
    """
    text = data.decode("utf-8", "replace") if len(data) <= MAX_BYTES else ""
    lines = text.removeprefix("\ufeff").splitlines()
    dialect = _dialect(path, forge, lines)
    return _read_gitlab(path, lines) if dialect is Dialect.GITLAB else _read_github(path, lines)


def _dialect(path: str, forge: str, lines: list[str]) -> Dialect:
    if forge in (Dialect.GITHUB, Dialect.GITLAB):
        return Dialect(forge)
    folder = path.partition("/")[0]
    if folder in (".github", ".gitlab"):
        return Dialect(folder[1:])
    return Dialect.GITLAB if any(_HEADING.match(line.strip()) for line in lines) else Dialect.GITHUB


# -- GitHub ------------------------------------------------------------------------------------------

_LOGIN = re.compile(r"@[A-Za-z0-9_](?:[A-Za-z0-9_.-]*)")
_TEAM = re.compile(r"@[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)+")
_ADDRESS = re.compile(r"[^@\s<>,]+@[^@\s<>,]+")
#: Words of a line; a backslash keeps a blank or `#` in its word.
_WORD = re.compile(r"(?:\\.|[^\s\\])+")


def _is_owner(word: str) -> bool:
    return any(kind.fullmatch(word) for kind in (_LOGIN, _TEAM, _ADDRESS))


def _words(line: str) -> list[str]:
    """The words of a line up to a comment."""
    found = []
    for word in _WORD.findall(line):
        if word.startswith("#"):
            break
        found.append(word)
    return found


def _read_github(path: str, lines: list[str]) -> Owners:
    entries, ignored = [], []
    for number, line in enumerate(lines, 1):
        words = _words(line)
        if not words:
            continue
        pattern, *owners = words
        # GitHub skips a line with an invalid pattern or owner as a whole.
        if re.search(r"^!|^\\#|[\[\]]|\*\*\*", pattern) or not all(map(_is_owner, owners)):
            ignored.append(number)
            continue
        entries.append(Entry(pattern=pattern, owners=tuple(owners), line=number))
    section = Section(entries=tuple(entries))
    return Owners(dialect=Dialect.GITHUB, path=path, sections=(section,), ignored=tuple(ignored))


# -- GitLab ------------------------------------------------------------------------------------------

_HEADING = re.compile(r"(?P<optional>\^)?\[(?P<name>[^\]]+)\](?:\[(?P<needed>\d+)\])?(?P<owners>(?:\s.*)?)$")


def _read_gitlab(path: str, lines: list[str]) -> Owners:
    sections: dict[str, Section] = {}
    entries: dict[str, list[Entry]] = {}
    ignored = []
    current, default = "", ()  # type: str, tuple[str, ...]
    sections[current], entries[current] = Section(), []
    for number, line in enumerate(lines, 1):
        words = _words(line)
        if not words:
            continue
        heading = _HEADING.match(line.strip())
        if heading is not None:
            # Sections of one name are one section; its first heading says what it needs.
            current = " ".join(heading["name"].split()).casefold()
            default = tuple(word for word in _words(heading["owners"]) if _is_owner(word))
            sections.setdefault(
                current,
                Section(
                    name=heading["name"].strip(),
                    needed=max(1, int(heading["needed"] or 1)),
                    optional=bool(heading["optional"]),
                ),
            )
            entries.setdefault(current, [])
            continue
        pattern, *rest = words
        if pattern in ("!", "^") or _broken(pattern):
            ignored.append(number)
            continue
        # Words that are no owners give nobody anything, as on GitLab; `@@role` names no person.
        owners = tuple(word for word in rest if _is_owner(word))
        excluded = pattern.startswith("!")
        entries[current].append(
            Entry(
                pattern=pattern.removeprefix("!"),
                owners=() if excluded else owners if rest else default,
                line=number,
                excluded=excluded,
            )
        )
    found = tuple(
        Section(name=s.name, needed=s.needed, optional=s.optional, entries=tuple(entries[key]))
        for key, s in sections.items()
        if entries[key]
    )
    return Owners(dialect=Dialect.GITLAB, path=path, sections=found, ignored=tuple(ignored))


def _broken(pattern: str) -> bool:
    """Whether a pattern begins like a heading or a class that never ends."""
    return pattern.lstrip("^").startswith("[") and "]" not in pattern


# -- patterns ----------------------------------------------------------------------------------------


def _matches(pattern: str, dialect: Dialect, path: str) -> bool:
    regex = _compiled(pattern, dialect)
    return regex is not None and regex.fullmatch(path) is not None


@functools.cache
def _compiled(pattern: str, dialect: Dialect) -> re.Pattern[str] | None:
    try:
        return re.compile(_regex(pattern, dialect), re.DOTALL)
    except re.error:
        return None


def _regex(pattern: str, dialect: Dialect) -> str:
    """Return the expression that a whole repository path must match."""
    parts = [_unescaped(part) for part in re.split(r"(?<!\\)/", pattern)]
    rooted = parts[0] == ""
    parts = parts[1:] if rooted else parts
    folder = parts[-1:] == [""]
    parts = parts[:-1] if folder else parts
    if not parts:
        # GitLab takes `/` for everything, GitHub for nothing that is a file.
        return ".+" if dialect is Dialect.GITLAB else r"(?!)"
    if dialect is Dialect.GITLAB:
        anywhere, below = not rooted, folder or parts == ["*"]
    else:
        anywhere, below = not rooted and len(parts) == 1, folder or parts[-1] != "*" or len(parts) == 1
    steps = list(_steps(parts, classes=dialect is Dialect.GITLAB))
    head = "(?:.+/)?" if anywhere else ""
    if folder:
        return f"{head}{''.join(steps)}/.+"
    return f"{head}{''.join(steps)}{'(?:/.+)?' if below else ''}"


def _steps(parts: list[str], *, classes: bool) -> Iterator[str]:
    slash = ""
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        if part == "**":
            # Between slashes: any number of folders, also none; at the end: all that is below.
            yield f"{slash}.+" if last else ("(?:/.+)?" if slash else "(?:.+/)?")
            slash = slash if not last else ""
            continue
        yield slash + _part(part, classes=classes)
        slash = "/"


def _part(part: str, *, classes: bool) -> str:
    found, at = [], 0
    while at < len(part):
        character = part[at]
        if character == "*":
            found.append("[^/]*")
        elif character == "?":
            found.append("[^/]")
        elif character == "\\" and at + 1 < len(part):
            at += 1
            found.append(re.escape(part[at]))
        elif classes and character == "[" and (end := part.find("]", at + 2)) > 0:
            inner = part[at + 1 : end].replace("\\", "\\\\")
            inner = f"^/{inner[1:]}" if inner[0] in "!^" else inner
            found.append(f"(?!/)[{inner}]")
            at = end
        else:
            found.append(re.escape(character))
        at += 1
    return "".join(found)


def _unescaped(part: str) -> str:
    """A blank or `#` needed its backslash only to stand in the file."""
    return re.sub(r"\\([ #\t])", r"\1", part)
