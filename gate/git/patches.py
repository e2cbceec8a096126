"""Commits with the same patch: what a rebase or an amended message leaves of a commit."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from gate.errors import GitError
from gate.git.command import Git, fields, text
from gate.git.compare import PATCH
from gate.git.history import STATUS
from gate.git.objects import headers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: More names than this are not looked up: git takes a second for a hundred thousand that are absent.
MAX_NAMES = 100_000
#: More commits than this are not compared.
MAX_CANDIDATES = 20_000
#: Bytes of patches that are compared at most; more of them are not looked at.
MAX_PATCH_BYTES = 64 * 1024 * 1024

_SHA = re.compile(rb"[0-9a-f]{40}|[0-9a-f]{64}")
#: With context, unlike hunks for line numbers: equal lines elsewhere are another patch.
_PATCHES = (
    *(part for part in PATCH if part not in {"-U0", "--text"}),
    "-U3",
    "--full-index",
)


def same_patch(
    git: Git, wanted: Sequence[str], candidates: Iterable[str], *, max_bytes: int
) -> dict[str, tuple[str, ...]]:
    """Return for each of the `wanted` commits the candidates with the same patch, by `git patch-id --stable`.

    Candidates that are absent, or ancestors of a wanted commit, are left out. Only commits with a text change
    and one parent take part; two wanted commits with one patch are left out, since nobody can tell which of
    them a candidate was. Blobs above `max_bytes` count as binary. Raises GitError if there is too much to compare.
    """
    candidates = _others(git, wanted, candidates)
    if not candidates:
        return {}
    if len(candidates) > MAX_CANDIDATES:
        raise GitError(
            f"{len(candidates):,} commits could be them, more than the {MAX_CANDIDATES:,} that are compared"
        )
    paths = dict(_paths(git, [*wanted, *candidates]))
    known = {paths[sha] for sha in wanted if sha in paths}
    candidates = [sha for sha in candidates if paths.get(sha) in known]
    if not candidates:
        return {}
    shared = {paths[sha] for sha in candidates}
    asked = [*(sha for sha in wanted if paths.get(sha) in shared), *candidates]
    by_patch: dict[str, list[str]] = {}
    for patch, sha in _patch_ids(git, asked, max_bytes):
        by_patch.setdefault(patch, []).append(sha)
    own = set(wanted)
    found = {}
    for shas in by_patch.values():
        mine, others = [s for s in shas if s in own], sorted(s for s in shas if s not in own)
        if len(mine) == 1 and others:
            found[mine[0]] = tuple(others)
    return found


def _others(git: Git, wanted: Sequence[str], candidates: Iterable[str]) -> list[str]:
    """Return the candidates that are commits of this clone and not in the history of a wanted one."""
    names = sorted(set(candidates) - set(wanted))
    if not names or not wanted:
        return []
    if len(names) > MAX_NAMES:
        raise GitError(f"there are {len(names):,} commits to look up, more than the {MAX_NAMES:,} that are")
    here = {head.sha for head in headers(git, names) if head is not None and head.kind == "commit"}
    if not here:
        return []
    asked = "".join([*(f"{sha}\n" for sha in sorted(here)), *(f"^{sha}\n" for sha in wanted)]).encode()
    beside = git.run("rev-list", "--stdin", stdin=asked).text.split("\n")
    return sorted(here.intersection(beside))


def _paths(git: Git, commits: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield each commit with a digest of the paths that it changes; a merge or an empty commit has none."""
    asked = "".join(f"{sha}\n" for sha in commits).encode()
    sha, paths = "", hashlib.sha256()
    printed = fields(git.stream(*STATUS, "--stdin", stdin=asked), b"\0")
    for word in printed:
        if _SHA.fullmatch(word):
            if sha:
                yield sha, paths.digest()
            sha, paths = text(word), hashlib.sha256()
            continue
        paths.update(word + b"\0" + next(printed, b"") + b"\0")
    if sha:
        yield sha, paths.digest()


def _patch_ids(git: Git, commits: Sequence[str], max_bytes: int) -> Iterator[tuple[str, str]]:
    """Yield the patch id of each commit that changes text."""
    asked = "".join(f"{sha}\n" for sha in commits).encode()
    small = git.with_settings(f"core.bigFileThreshold={max_bytes + 1}")
    kept: list[bytes] = []
    size = 0
    for block in _blocks(fields(small.stream(*_PATCHES, "--root", "--stdin", stdin=asked), b"\n")):
        size += len(block)
        if size > MAX_PATCH_BYTES:
            raise GitError(f"their patches have more than the {MAX_PATCH_BYTES:,} bytes that are compared")
        if b"\n@@ -" in block:
            kept.append(block)
    if kept:
        for line in git.run("patch-id", "--stable", stdin=b"".join(kept)).text.split("\n"):
            patch, _, sha = line.partition(" ")
            if sha:
                yield patch, sha


def _blocks(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what is printed of one commit after the other, with its id in the first line."""
    block: list[bytes] = []
    for line in lines:
        if _SHA.fullmatch(line) and block:
            yield b"\n".join(block) + b"\n"
            block = []
        block.append(line)
    if block:
        yield b"\n".join(block) + b"\n"
