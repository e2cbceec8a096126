"""Which lines each commit added: numbers only, against its parents, renames followed."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from gate.core.change import ABSENT, GITLINK, SYMLINK
from gate.core.ranges import Ranges, in_both, merged
from gate.errors import GitError
from gate.git.command import Git, fields, text
from gate.git.compare import HUNK, PATCH, RAW, RENAME_LIMIT, RENAME_SIMILARITY
from gate.git.objects import argument, headers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: Added lines of a commit by path.
Added = dict[str, Ranges]

#: More paths than this with contents that are too large: no renames are looked for.
LARGE_LIMIT = 200
#: Commits that are asked for in one process.
BATCH = 500

_SHA = re.compile(rb"[0-9a-f]{40}|[0-9a-f]{64}")
_ESCAPE = re.compile(rb'\\([0-7]{3}|[abfnrtv"\\])')
_LETTERS = {b"a": 7, b"b": 8, b"t": 9, b"n": 10, b"v": 11, b"f": 12, b"r": 13, b'"': 34, b"\\": 92}
_DIFF = tuple(part for part in PATCH if part not in {"--text", "--no-renames"})


def added_lines(git: Git, parents: Mapping[str, int], *, max_bytes: int) -> dict[str, Added]:
    """Return the lines that commits added to text files, by commit id, without commits of missing content.

    `parents` has the number of parents by full id. A merge added what none of its parents has. Links, submodules, binary files and files above `max_bytes` add
    no lines, nor does a file that was only renamed. Raises GitError if a commit or a folder is missing.
    """
    found: dict[str, Added] = {}
    commits = list(parents)
    for start in range(0, len(commits), BATCH):
        batch = commits[start : start + BATCH]
        large, without = _large_and_missing(git, batch, max_bytes)
        batch = [sha for sha in batch if sha not in without]
        blocks: dict[str, list[Added]] = {}
        for sha, lines in _read(fields(_patch(git, batch, large, max_bytes), b"\n")):
            blocks.setdefault(sha, []).append(lines)
        for sha in batch:
            found[sha] = _of_all_parents(blocks.get(sha, []), max(1, parents[sha]))
    return found


def _patch(git: Git, commits: Sequence[str], large: Sequence[str], max_bytes: int) -> Iterator[bytes]:
    """Compare each commit with each parent. Blobs that are too large are never loaded."""
    renames = (RENAME_SIMILARITY, RENAME_LIMIT) if len(large) <= LARGE_LIMIT else ("--no-renames",)
    without = ["--", ".", *(f":(top,literal,exclude){argument(path)}" for path in large)]
    return git.with_settings(f"core.bigFileThreshold={max_bytes + 1}").stream(
        *_DIFF,
        *renames,
        "--root",
        "-m",
        "--stdin",
        *(without if large and len(large) <= LARGE_LIMIT else ()),
        stdin=_asked(commits),
    )


def _asked(commits: Sequence[str]) -> bytes:
    return "".join(f"{sha}\n" for sha in commits).encode()


def _large_and_missing(git: Git, commits: Sequence[str], max_bytes: int) -> tuple[list[str], set[str]]:
    """Paths whose content on one side is above the limit, and commits of which the clone lacks content.

    To find renames git would load what is large, and what is missing would end it.
    """
    uses: dict[str, set[tuple[str, bytes]]] = {}
    sha = ""
    printed = fields(
        git.stream(*RAW, "--no-renames", "--root", "-m", "--stdin", stdin=_asked(commits)), b"\0"
    )
    for row in printed:
        if _SHA.fullmatch(row):
            sha = text(row)
            continue
        old_mode, new_mode, old_blob, new_blob, _ = text(row).removeprefix(":").split(" ")
        path = next(printed, b"")
        for mode, blob in ((old_mode, old_blob), (new_mode, new_blob)):
            if mode not in {ABSENT, GITLINK, SYMLINK}:
                uses.setdefault(blob, set()).add((sha, path))
    large: set[str] = set()
    missing: set[str] = set()
    for places, head in zip(uses.values(), headers(git, uses), strict=True):
        if head is None:
            missing.update(commit for commit, _ in places)
        elif head.size > max_bytes:
            large.update(text(path) for _, path in places)
    return sorted(large), missing


def _read(lines: Iterator[bytes]) -> Iterator[tuple[str, Added]]:
    """Yield the id and the added lines of each comparison of a commit with a parent."""
    sha, path, counts = "", "", False
    found: dict[str, list[tuple[int, int]]] = {}
    for line in lines:
        if line.startswith(b"diff --git "):
            counts = True
        elif (head := HUNK.match(line)) is not None:
            _, old, start, new = (int(part or 1) for part in head.groups())
            _skip(lines, old, new)
            if counts and new:
                found.setdefault(path, []).append((start, start + new - 1))
        elif line.startswith(b"+++ "):
            path = _path(line[4:])
        elif line.startswith((b"new file mode ", b"index ")):
            counts = counts and not line.endswith((b" 120000", b" 160000"))
        elif _SHA.fullmatch(line):
            if sha:
                yield sha, _joined(found)
            sha, path, found = text(line), "", {}
    if sha:
        yield sha, _joined(found)


def _skip(lines: Iterator[bytes], old: int, new: int) -> None:
    """Pass over the content of a hunk, which the counts in its head measure."""
    for sign, count in ((b"-", old), (b"+", new)):
        left = count
        for line in islice(lines, count):
            left -= line.startswith(sign)
        while left:  # "\ No newline at end of file" stands between the sides
            line = next(lines, b"")
            if line.startswith(sign):
                left -= 1
            elif not line.startswith(b"\\"):
                raise GitError(
                    f"git printed a broken hunk: {text(line[:100])!r}", hint="check with `git fsck`"
                )


def _path(raw: bytes) -> str:
    r"""Return the path of a `+++` line: `b/PATH`, with a tab at its end if it holds a blank, or in C quotes."""
    if raw.startswith(b'"') and raw.endswith(b'"'):
        raw = _ESCAPE.sub(lambda m: bytes([int(m[1], 8) if len(m[1]) == 3 else _LETTERS[m[1]]]), raw[1:-1])
    else:
        raw = raw.removesuffix(b"\t")
    return text(raw.removeprefix(b"b/"))


def _joined(found: Mapping[str, list[tuple[int, int]]]) -> Added:
    return {path: merged(ranges) for path, ranges in found.items()}


def _of_all_parents(blocks: Sequence[Added], parents: int) -> Added:
    """Return the lines that differ from every parent; a parent without a block has all of them."""
    if len(blocks) < parents:
        return {}
    common = blocks[0]
    for other in blocks[1:]:
        both = {path: in_both(ranges, other[path]) for path, ranges in common.items() if path in other}
        common = {path: ranges for path, ranges in both.items() if ranges}
    return common
