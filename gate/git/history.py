"""Commits as they are stored: true parents, raw identities, no mailmap."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from gate.errors import GitError
from gate.git.command import Git, fields, text
from gate.git.log import batches, batches_by_id
from gate.git.objects import argument, headers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from gate.core.change import Commit

BLAMED = re.compile(rb"([0-9a-f]{40}|[0-9a-f]{64}) \d+ (\d+)(?: \d+)?$")
#: More ranges of lines than this are blamed by reading the whole file.
BLAME_RANGES = 500

STATUS = (
    "diff-tree",
    "-r",
    "-z",
    "--root",
    "--name-status",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--ignore-submodules=none",
)


def commits(git: Git, tip: str, *, since: str | None = None) -> Iterator[Commit]:
    """Yield every commit reachable from `tip` and not from `since`, over all parents, children first.

    Raises GitError at the end if git printed more or fewer than it counts.
    """
    for batch in batches(git, tip, since=since, order="--topo-order"):
        for raw in batch:
            yield raw.decoded()


def commits_by_id(git: Git, shas: Iterable[str]) -> Iterator[Commit]:
    """Yield the commits with these full ids, each once, in the order given. An unknown one is a GitError."""
    for batch in batches_by_id(git, shas):
        for raw in batch:
            yield raw.decoded()


def mark_update_merges(git: Git, found: Sequence[Commit]) -> tuple[Commit, ...]:
    """Return the commits of a range, with `update_merge` set where it holds.

    It holds for a merge of two parents of which one is outside of the range (and so reachable from the
    target), if its tree is what git merges by itself. A git that cannot tell leaves the merge unmarked:
    its author counts.
    """
    inside = {commit.sha for commit in found}
    merges = [c for c in found if len(c.parents) == 2 and not inside.issuperset(c.parents)]
    if not merges:
        return tuple(found)
    trees = headers(git, [f"{c.sha}^{{tree}}" for c in merges])
    automatic = merged_trees(git, [c.parents for c in merges])
    clean = {
        commit.sha
        for commit, tree, merged in zip(merges, trees, automatic, strict=True)
        if tree is not None and tree.sha == merged
    }
    return tuple(replace(c, update_merge=True) if c.sha in clean else c for c in found)


def merged_trees(git: Git, pairs: Sequence[tuple[str, ...]]) -> list[str | None]:
    """Return the tree of each automatic merge, None for a conflict or where git cannot tell."""
    asked = "".join(f"{' '.join(pair)}\n" for pair in pairs).encode()
    output = git.run(
        "merge-tree",
        "--write-tree",
        "--stdin",
        "--allow-unrelated-histories",
        "--no-messages",
        "--name-only",
        stdin=asked,
        codes=range(256),
    )
    trees: list[str | None] = []
    # status NUL tree NUL (name of a conflict NUL)* NUL
    printed = iter(text(output.out).split("\0"))
    for status in printed:
        tree = next(printed, "")
        while next(printed, ""):
            pass
        if tree:
            trees.append(tree if status == "1" else None)
    return (trees + [None] * len(pairs))[: len(pairs)]


def only_touched_by(git: Git, found: Sequence[Commit]) -> dict[str, str]:
    """Return for each path that exactly one commit of a range touches the id of that commit.

    What the change adds to such a file comes from that commit, whoever asks. Left out is everything if there is
    a merge, which may bring back any version, and a file that is new in a commit that also removes some: it
    may have been renamed.
    """
    if any(len(commit.parents) > 1 for commit in found):
        return {}
    asked = "".join(f"{commit.sha}\n" for commit in found).encode()
    touching: dict[bytes, set[str]] = {}
    added: dict[str, set[bytes]] = {}
    removing: set[str] = set()
    sha = ""
    printed = fields(git.stream(*STATUS, "--stdin", stdin=asked), b"\0")
    for word in printed:
        if len(word) > 1:  # a status is one letter
            sha = text(word)
            continue
        path = next(printed, b"")
        touching.setdefault(path, set()).add(sha)
        if word == b"A":
            added.setdefault(sha, set()).add(path)
        elif word == b"D":
            removing.add(sha)
    unsure = {path for sha in removing for path in added.get(sha, ())}
    return {text(path): min(shas) for path, shas in touching.items() if len(shas) == 1 and path not in unsure}


def blame(git: Git, since: str, tip: str, path: str, lines: Collection[int]) -> Iterator[tuple[int, str]]:
    """Yield line (1-based, of `tip`) and the id of the commit that it comes from.

    Lines that are not younger than `since` are named with a commit outside of the range. Of one file only
    its content counts: no filter, no list of ignored commits, no mailmap.
    """
    wanted = sorted({line for line in lines if line > 0})
    ranges = _ranges(wanted)
    limits = [f"-L{first},{last}" for first, last in ranges] if len(ranges) <= BLAME_RANGES else []
    printed = git.run(
        "blame",
        "--porcelain",
        "--no-textconv",
        *limits,
        f"{since}..{tip}",
        "--",
        argument(path),
        codes=range(256),
    )
    if printed.code and "file" in printed.err and "has only" in printed.err:
        # a line beyond the end stops git
        printed = git.run("blame", "--porcelain", "--no-textconv", f"{since}..{tip}", "--", argument(path))
    elif printed.code:
        raise GitError(
            f"git blame of {path} failed: {printed.err.strip()}", hint="check the clone with `git fsck`"
        )
    asked = set(wanted)
    for row in printed.out.split(b"\n"):
        # heads of lines are "ID OLD NEW [COUNT]"; content starts with a tab, other rows with a word
        head = BLAMED.match(row)
        if head is not None and int(head[2]) in asked:
            yield int(head[2]), text(head[1])


def _ranges(lines: Sequence[int]) -> list[tuple[int, int]]:
    """Join neighbours of a sorted sequence into (first, last)."""
    ranges: list[tuple[int, int]] = []
    for line in lines:
        if ranges and ranges[-1][1] == line - 1:
            ranges[-1] = (ranges[-1][0], line)
        else:
            ranges.append((line, line))
    return ranges
