"""What differs between two trees, row by row and line by line.

Rows come from git's raw comparison. Lines come from a comparison of two trees of our own, in which every
pair of blobs stands under a number: no name, attribute or driver of the repository can reach it, and a
blob that is too large is never in it.
"""

from __future__ import annotations

import re
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gate.core.change import (
    ABSENT,
    GITLINK,
    SYMLINK,
    Content,
    FileChange,
    Hunk,
    Rename,
    content_kind,
    path_bytes,
    wide_text,
)
from gate.errors import GitError
from gate.git.command import Git, fields, text
from gate.git.objects import argument, blobs, checked_path, sizes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

#: Similarity from which a deleted and an added file are one renamed file.
RENAME_SIMILARITY = "-M50%"
#: More deleted or added files than this: only identical contents are paired (git's own default since 2.34).
RENAME_LIMIT = "-l1000"
#: More files above the size limit than this among the deleted and added: no renames at all.
RENAME_LARGE_LIMIT = 200

RAW = (
    "diff-tree",
    "-r",
    "-z",
    "--raw",
    "--no-abbrev",
    "--ignore-submodules=none",
    "--no-ext-diff",
    "--no-textconv",
)
PATCH = (
    "diff-tree",
    "-r",
    "-p",
    "-U0",
    "--text",
    "--no-renames",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--ignore-submodules=none",
    "--diff-algorithm=myers",
    "--indent-heuristic",
    "--inter-hunk-context=0",
    "--src-prefix=a/",
    "--dst-prefix=b/",
)
HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


class Row(NamedTuple):
    """One row of the raw comparison; an absent side has mode `000000` and the zero id."""

    path: str
    old_mode: str
    old_blob: str
    new_mode: str
    new_blob: str


class Use(NamedTuple):
    """One appearance of a blob."""

    path: str
    mode: str
    blob: str


class Side(NamedTuple):
    """What was read of one use. `lines` is the blob to compare by lines, None if the use is no text."""

    content: Content
    size: int = 0
    lines: str | None = None
    shebang: str | None = None


def compare(git: Git, old: str, new: str) -> tuple[Row, ...]:
    """Return all rows that differ between two commits, in byte order of paths; a rename is two rows."""
    rows = []
    printed = fields(git.stream(*RAW, "--no-renames", "--end-of-options", old, new), b"\0")
    for facts in printed:
        old_mode, new_mode, old_blob, new_blob, _ = text(facts).removeprefix(":").split(" ")
        rows.append(Row(checked_path(next(printed, b"")), old_mode, old_blob, new_mode, new_blob))
    rows.sort(key=lambda row: path_bytes(row.path))
    for one, other in pairwise(rows):
        if one.path == other.path:
            raise GitError(
                f"the tree lists {one.path!r} twice",
                hint="the tree was made by hand to attack its readers: refuse the change (`git fsck` names the tree)",
            )
    return tuple(rows)


def bare_changes(rows: Iterable[Row]) -> list[FileChange]:
    """Return rows as changes with nothing but path, modes and blob ids: enough for a digest."""
    return [FileChange(**row._asdict()) for row in rows]


def file_changes(
    git: Git, old: str, new: str, rows: Sequence[Row], other_rows: Sequence[Row], *, max_bytes: int
) -> tuple[tuple[FileChange, ...], tuple[FileChange, ...], tuple[Rename, ...]]:
    """Return `rows` and `other_rows` as changes with contents and hunks, and the renames of `rows`.

    `rows` are those between `old` and `new`. Blobs above `max_bytes` are never loaded. The number of
    processes does not depend on the number of rows.
    """
    sides = _read_sides(git, [use for row in (*rows, *other_rows) for use in _uses(row)], max_bytes=max_bytes)
    renames = _renames(git, old, new, rows, sides)
    uses = [_uses(row) for row in (*rows, *other_rows)] + list(renames)
    lines = [_lines_to_compare(sides[one], sides[other]) for one, other in uses]
    hunks = _hunks(git, {pair for pair in lines if pair is not None})
    of_use = [hunks[pair] if pair is not None else () for pair in lines]
    changes = [_change(row, sides, found) for row, found in zip((*rows, *other_rows), of_use, strict=False)]
    return (
        tuple(changes[: len(rows)]),
        tuple(changes[len(rows) :]),
        tuple(
            Rename(old_path=one.path, new_path=other.path, hunks=found)
            for (one, other), found in zip(renames, of_use[len(changes) :], strict=True)
        ),
    )


def _change(row: Row, sides: dict[Use, Side], hunks: tuple[Hunk, ...]) -> FileChange:
    old, new = (sides[use] for use in _uses(row))
    return FileChange(
        **row._asdict(),
        old_content=old.content,
        new_content=new.content,
        old_size=old.size,
        new_size=new.size,
        shebang=old.shebang if row.new_mode == ABSENT else new.shebang,
        hunks=hunks,
    )


def _uses(row: Row) -> tuple[Use, Use]:
    return Use(row.path, row.old_mode, row.old_blob), Use(row.path, row.new_mode, row.new_blob)


# -- contents --------------------------------------------------------------------------------------------


def _read_sides(git: Git, uses: Iterable[Use], *, max_bytes: int) -> dict[Use, Side]:
    """Look at the content behind each use once, one blob in memory at a time."""
    sides: dict[Use, Side] = {}
    by_blob: dict[str, list[Use]] = {}
    for use in uses:
        if use.mode == ABSENT:
            sides[use] = Side(Content.ABSENT)
        elif use.mode == GITLINK:
            sides[use] = Side(Content.GITLINK)
        else:
            by_blob.setdefault(use.blob, []).append(use)
    size_of = sizes(git, by_blob)
    for blob, size in size_of.items():
        for use in by_blob[blob]:
            content = Content.LINK if use.mode == SYMLINK else Content.LARGE
            sides[use] = Side(content, size)
    regular = [blob for blob, users in by_blob.items() if any(use.mode != SYMLINK for use in users)]
    with tempfile.TemporaryDirectory(prefix="gate-wide-") as folder:
        wide: dict[str, Path] = {}
        for blob, data in blobs(git, regular, max_bytes=max_bytes):
            shebang = _shebang(data)
            kinds: dict[str, Content] = {}
            for use in by_blob[blob]:
                if use.mode == SYMLINK:
                    continue
                extension = use.path.rpartition(".")[2]
                if extension not in kinds:
                    kinds[extension] = content_kind(use.path, use.mode, data)
                lines = blob if kinds[extension] is Content.TEXT else None
                sides[use] = Side(kinds[extension], len(data), lines, shebang)
            if Content.WIDE_TEXT in kinds.values():
                wide[blob] = Path(folder, blob)
                wide[blob].write_bytes((wide_text(data) or "").encode())
        for (blob, _), copy in zip(wide.items(), _store(git, wide.values()), strict=True):
            for use in by_blob[blob]:
                if sides[use].content is Content.WIDE_TEXT:
                    sides[use] = sides[use]._replace(lines=copy)
    return sides


def _shebang(data: bytes) -> str | None:
    return text(data[2:].split(b"\n", 1)[0]).strip() if data.startswith(b"#!") else None


def _store(git: Git, files: Collection[Path]) -> list[str]:
    """Write files as blobs beside the borrowed objects, and return their ids."""
    if not files:
        return []
    asked = "".join(f"{file}\n" for file in files).encode()
    return git.run("hash-object", "-w", "--no-filters", "--stdin-paths", stdin=asked).text.split("\n")


# -- lines -----------------------------------------------------------------------------------------------

LinePair = tuple[str | None, str | None]


def _lines_to_compare(old: Side, new: Side) -> LinePair | None:
    """The blobs whose lines tell the change; None if no line differs, or one side was too large to look at.

    Beside a side that is no text (a link, a binary file), all lines of the other side are the change.
    """
    if old.lines == new.lines or Content.LARGE in {old.content, new.content}:
        return None
    return old.lines, new.lines


def _hunks(git: Git, pairs: Collection[LinePair]) -> dict[LinePair, tuple[Hunk, ...]]:
    """Return the hunks of each pair of distinct blobs; None stands for a side without lines."""
    if not pairs:
        return {}
    numbered = sorted(pairs, key=lambda pair: (pair[0] or "", pair[1] or ""))
    trees = []
    for side in (0, 1):
        trees += [
            f"100644 blob {pair[side]}\t{number}\0"
            for number, pair in enumerate(numbered)
            if pair[side] is not None
        ]
        trees.append("\0")
    old, new = git.run("mktree", "-z", "--missing", "--batch", stdin="".join(trees).encode()).text.split("\n")
    found: list[list[Hunk]] = [[] for _ in numbered]
    for number, hunk in _read_patch(fields(git.stream(*PATCH, "--end-of-options", old, new), b"\n")):
        found[number].append(hunk)
    return {pair: tuple(hunks) for pair, hunks in zip(numbered, found, strict=True)}


def _read_patch(lines: Iterator[bytes]) -> Iterator[tuple[int, Hunk]]:
    """Yield the number of the file and each hunk. The counts of a hunk's head say which lines are content."""
    number = -1
    for line in lines:
        if line.startswith(b"diff --git a/"):
            number = int(line.rpartition(b"/")[2])
        elif (head := HUNK.match(line)) is not None:
            old_start, old_count, new_start, new_count = (int(part or 1) for part in head.groups())
            old = _side_lines(lines, b"-", old_count)
            new = _side_lines(lines, b"+", new_count)
            yield number, Hunk(old_start=old_start, old=old, new_start=new_start, new=new)


def _side_lines(lines: Iterator[bytes], sign: bytes, count: int) -> tuple[str, ...]:
    found: list[str] = []
    while len(found) < count:
        line = next(lines, b"")
        if line.startswith(sign):
            found.append(text(line[1:]))
        elif not line.startswith(b"\\"):  # "\ No newline at end of file", after the last line of a side
            raise GitError(f"git printed a broken hunk: {text(line[:100])!r}", hint="check with `git fsck`")
    return tuple(found)


# -- renames ---------------------------------------------------------------------------------------------


def _renames(
    git: Git, old: str, new: str, rows: Sequence[Row], sides: dict[Use, Side]
) -> list[tuple[Use, Use]]:
    """Return pairs of a deleted and an added regular file that git finds similar, by new path."""
    deleted = {row.path: use for row in rows if row.new_mode == ABSENT and _is_file(use := _uses(row)[0])}
    added = {row.path: use for row in rows if row.old_mode == ABSENT and _is_file(use := _uses(row)[1])}
    if not deleted or not added:
        return []
    # git would load large blobs to compare them, so it must not see their paths
    large = [use.path for use in (*deleted.values(), *added.values()) if sides[use].content is Content.LARGE]
    if len(large) > RENAME_LARGE_LIMIT:
        return []
    without = (
        ("--", ".", *(f":(top,literal,exclude){argument(path)}" for path in large)) if large else ("--",)
    )
    printed = fields(
        git.stream(
            *RAW, RENAME_SIMILARITY, RENAME_LIMIT, "--no-rename-empty", "--diff-filter=R", old, new, *without
        ),
        b"\0",
    )
    found = []
    for _ in printed:
        old_path, new_path = text(next(printed, b"")), text(next(printed, b""))
        if old_path in deleted and new_path in added:
            found.append((deleted[old_path], added[new_path]))
    return sorted(found, key=lambda pair: path_bytes(pair[1].path))


def _is_file(use: Use) -> bool:
    return use.mode not in {ABSENT, SYMLINK, GITLINK}
