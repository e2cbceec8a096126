"""Layer L4: dependency manifests, locks, settings of package managers, and what is run on installing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gate.core.area.kinds import Kind, kind_of
from gate.core.area.model import OPAQUE, SUPPLY, TEXT_CHARACTERS, Touch
from gate.core.area.packages import Parsed, UnreadableError, reader_of
from gate.core.area.scanner_tables import SCANNER_MANIFESTS
from gate.core.change import ABSENT, Content, utf8_text, wide_text
from gate.core.fold import fold
from gate.core.secrets import mask_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gate.core.area.model import Area
    from gate.core.area.packages import Entry
    from gate.core.change import FileChange

#: Where packages come from if a lock does not say, which some programs note and others leave out.
_OFFICIAL = frozenset(
    [
        "https://registry.npmjs.org",
        "https://registry.yarnpkg.com",
        "https://pypi.org",
        "https://files.pythonhosted.org",
        "https://rubygems.org",
        "https://index.crates.io",
        "registry+https://github.com/rust-lang/crates.io-index",
        "https://github.com/rust-lang/crates.io-index",
        "https://repo.maven.apache.org",
        "https://api.nuget.org",
        "https://pub.dev",
        "https://hex.pm",
    ]
)
#: Pieces of evidence of one kind and area in one file; a large update says no more with thousands.
MOST_ROWS = 20


class Packages:
    """The packages of all areas; `*` at the end of a name means any ending."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self._exact: dict[str, set[str]] = {}
        self._endings: list[tuple[str, str]] = []
        for area in areas:
            for name in area.packages:
                if name.endswith("*"):
                    self._endings.append((_plain(name[:-1]), area.id))
                else:
                    self._exact.setdefault(_plain(name), set()).add(area.id)

    def areas_of(self, name: str) -> set[str]:
        """The areas of a package by its name in a manifest or lock; of Maven's, group and artifact count alone."""
        found: set[str] = set()
        for form in {_plain(name), *(_plain(part) for part in name.split(":"))}:
            bare = form.rstrip("0123456789").removesuffix("/v") if "/v" in form else form
            for one in (form, bare):
                found |= self._exact.get(one, set())
            found.update(area for start, area in self._endings if form.startswith(start))
        return found


def _plain(name: str) -> str:
    return fold(name).replace("_", "-")


def is_manifest(path: str) -> bool:
    """Whether a file is a manifest, a lock, a settings file of a package manager, or run on installing."""
    return reader_of(path) is not None


def dependencies(
    files: Iterable[FileChange],
    areas: Sequence[Area],
    manifests: Mapping[str, tuple[bytes | None, bytes | None]],
) -> Iterator[Touch]:
    """Yield the touches of layer L4. A changed side that is missing in `manifests` or cannot be read is opaque."""
    packages = Packages(areas)
    for file in files:
        yield from _copied(file, packages)
        reader = reader_of(file.path)
        if reader is None or (file.old_blob == file.new_blob and file.old_mode == file.new_mode):
            continue
        parsed = []
        for side, data, content in zip(
            ("old", "new"), _sides(file, manifests), (file.old_content, file.new_content), strict=True
        ):
            if content in (Content.LINK, Content.GITLINK):  # L0 shows those
                break
            try:
                parsed.append(Parsed() if data == "" else reader(_known(data)))
            except UnreadableError as error:
                if file.path.rpartition("/")[2].casefold() in SCANNER_MANIFESTS:
                    break  # L0.scanner speaks of those
                yield _row(file, OPAQUE, "L4.unreadable", side, f"cannot be read: {error}")
                break
        if len(parsed) == 2:
            yield from _compare(file, parsed[0], parsed[1], packages)


_COPIES = re.compile(
    r"(?:^|/)(?:node_modules|vendor|third_party|bower_components|site-packages)/(?!.*/(?:node_modules|vendor)/)(.+)/"
)


def _copied(file: FileChange, packages: Packages) -> Iterator[Touch]:
    """Yield a touch for each area whose package a file is part of, because a copy of it lies in the repository."""
    if (inside := _COPIES.search(file.path)) is None or kind_of(file.path) is Kind.PROSE:
        return
    parts = inside[1].split("/")[:6]
    named = ["/".join(parts[first:last]) for last in range(1, len(parts) + 1) for first in (0, last - 1)]
    found = {area: name for name in reversed(named) for area in packages.areas_of(name)}
    for area, name in sorted(found.items()):
        yield _row(file, area, "L4.package", "old" if file.new_mode == ABSENT else "new", f"a copy of {name}")


def _known(text: str | None) -> str:
    if text is None:
        raise UnreadableError("too large, or no text")
    return text


def _sides(
    file: FileChange, manifests: Mapping[str, tuple[bytes | None, bytes | None]]
) -> tuple[str | None, str | None]:
    """Both texts, empty where the file does not exist, None where it is not known.

    Without the bytes the hunks of a file that was added or deleted still hold all of it.
    """
    given = manifests.get(file.path)
    texts: list[str | None] = []
    for index, mode in enumerate((file.old_mode, file.new_mode)):
        data = given[index] if given else None
        if mode == ABSENT:
            texts.append("")
        elif data is not None:
            text = utf8_text(data)
            texts.append(wide_text(data) if text is None else text)
        elif ABSENT in (file.old_mode, file.new_mode) and file.hunks:
            texts.append("\n".join(line for h in file.hunks for line in (h.new if index else h.old)))
        else:
            texts.append(None)
    return texts[0], texts[1]


def _compare(file: FileChange, old: Parsed, new: Parsed, packages: Packages) -> Iterator[Touch]:
    shown: dict[tuple[str, str], int] = {}
    for area, rule, side, text, needle in _differences(old, new, packages):
        count = shown[area, rule] = shown.get((area, rule), 0) + 1
        if count <= MOST_ROWS:
            yield _row(file, area, rule, side, text, needle)


def _differences(old: Parsed, new: Parsed, packages: Packages) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield (area, rule, side, text, what to look for on the changed lines)."""
    for name in sorted(old.packages.keys() | new.packages.keys()):
        before, after = old.packages.get(name, set()), new.packages.get(name, set())
        if before == after:
            continue
        side = "new" if after else "old"
        moved = (_versions(before), _origins(before)) != (_versions(after), _origins(after))
        # Other hashes or markers of the same version are no other package; L4.integrity speaks of hashes.
        for area in sorted(packages.areas_of(name)) if moved else ():
            yield area, "L4.package", side, f"{name} {_versions(before)} → {_versions(after)}", name
        if _origins(before) != _origins(after) and (
            (before and after) or not _origins(before | after) <= _usual(old) & _usual(new)
        ):
            yield (
                SUPPLY,
                "L4.source",
                side,
                f"{name}: from {_listed(_origins(before))} to {_listed(_origins(after))}",
                name,
            )
        if same := _rehashed(before, after):
            yield SUPPLY, "L4.integrity", side, f"{name} {same}: other hashes for the same version", name
    for side, gone in (("old", old.sources - new.sources), ("new", new.sources - old.sources)):
        for source in sorted(gone):
            yield SUPPLY, "L4.source", side, source, source
    for name in sorted(old.scripts.keys() | new.scripts.keys()):
        one, other = old.scripts.get(name), new.scripts.get(name)
        if one != other:
            side = "old" if other is None else "new"
            told = "is run on installing or building" if name == "this file" else name
            yield SUPPLY, "L4.script", side, told, name.partition(" has an")[0]


def _versions(entries: set[Entry]) -> str:
    return ", ".join(sorted({entry.version or "any" for entry in entries})) or "none"


def _origins(entries: set[Entry]) -> set[str]:
    return {entry.source for entry in entries if entry.source and entry.source not in _OFFICIAL}


def _usual(parsed: Parsed) -> set[str]:
    """The origins of more than one package of a lock: its registries."""
    counts: dict[str, int] = {}
    for entries in parsed.packages.values():
        for source in _origins(entries):
            counts[source] = counts.get(source, 0) + 1
    return {
        source for source, count in counts.items() if count > 1 and "git" not in source.split("://", 1)[0]
    }


def _listed(sources: set[str]) -> str:
    return ", ".join(sorted(sources)) or "the registry"


def _rehashed(before: set[Entry], after: set[Entry]) -> str:
    """The version whose hashes differ although kinds of hashes are the same; empty if there is none."""
    old = {(entry.version, entry.source): entry.hashes for entry in before if entry.hashes}
    new = {(entry.version, entry.source): entry.hashes for entry in after if entry.hashes}
    for key in sorted(old.keys() & new.keys()):
        kinds = [{one.partition(":")[0] for one in hashes} for hashes in (old[key], new[key])]
        both = kinds[0] & kinds[1]
        one, other = ({h for h in hashes if h.partition(":")[0] in both} for hashes in (old[key], new[key]))
        if one != other:
            return key[0] or "any version"
    return ""


def _row(file: FileChange, area: str, rule: str, side: str, text: str, needle: str = "") -> Touch:
    return Touch(
        area=area,
        layer="L4",
        rule=rule,
        path=file.path,
        line=_line(file, side, needle) if needle else 0,
        side=side,
        text=mask_tokens(text[: 4 * TEXT_CHARACTERS])[:TEXT_CHARACTERS],
    )


def _line(file: FileChange, side: str, needle: str) -> int:
    """The first changed line of a side that holds a text, 0 if none does."""
    for hunk in file.hunks:
        start, lines = (hunk.old_start, hunk.old) if side == "old" else (hunk.new_start, hunk.new)
        for number, line in enumerate(lines, start):
            if needle in line:
                return number
    return 0
