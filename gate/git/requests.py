"""Merge requests as a clone has them: the refs that forges keep for their heads, and the commits behind."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from gate.errors import GitError
from gate.git.command import Git, text
from gate.git.log import batches_beside, words
from gate.git.objects import headers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gate.core.change import RawCommit

#: Commits that are read at once for all requests asked for; a request with more is one nobody reviewed.
MAX_COMMITS: Final = 50_000
#: Update merges bring a request several points at which its target is left; more are not compared.
MAX_FORKS: Final = 20

#: Where forges keep the head of a request, and where a fetch usually puts it; the surest first.
_FORMS: Final = (
    ("#", re.compile(r"refs/pull/(\d{1,9})/head")),
    ("!", re.compile(r"refs/merge-requests/(\d{1,9})/head")),
    ("#", re.compile(r"refs/remotes/[^/]+/(?:pull|pr)/(\d{1,9})(?:/head)?")),
    ("!", re.compile(r"refs/remotes/[^/]+/(?:merge-requests|mr)/(\d{1,9})(?:/head)?")),
)
_PLACES: Final = (
    *("refs/pull/*/head", "refs/merge-requests/*/head"),
    *(
        f"refs/remotes/*/{folder}/{end}"
        for folder in ("pull", "pr", "merge-requests", "mr")
        for end in ("*", "*/head")
    ),
)
_RAW: Final = (
    *("diff-tree", "--stdin", "-r", "-z", "--raw", "--no-abbrev", "--always", "--no-renames"),
    *("--no-ext-diff", "--no-textconv", "--ignore-submodules=none"),
)
_ID: Final = re.compile(rb"[0-9a-f]{40}|[0-9a-f]{64}")


class Asked(NamedTuple):
    """A commit that may be the squash of a request, its parent, and the head of the request."""

    squash: str
    parent: str
    head: str


class Source(NamedTuple):
    """The commits of a request that no asked parent has, children first, and where it left its target."""

    commits: tuple[RawCommit, ...]
    forks: tuple[str, ...]


class Paths(NamedTuple):
    """The paths that a request changes as a whole, None if they cannot be told, and those of its squash."""

    whole: frozenset[bytes] | None
    own: frozenset[bytes]


def request_heads(git: Git) -> dict[tuple[str, int], str]:
    """Return the heads of all merge requests that the clone has, by sign (`#` or `!`) and number."""
    printed = git.run("for-each-ref", "--format=%(objecttype) %(objectname) %(refname)", *_PLACES).text
    rows = [row.split(" ", 2) for row in printed.split("\n") if row.startswith("commit ")]
    heads: dict[tuple[str, int], str] = {}
    for sign, form in _FORMS:
        for _, sha, name in rows:
            if found := form.fullmatch(name):
                heads.setdefault((sign, int(found[1])), sha)
    return heads


def source_commits(git: Git, asked: Sequence[Asked]) -> dict[Asked, Source]:
    """Return the commits behind the heads of requests, where there are any; one process for all of them.

    A request whose head the target has was merged as it is and is left out, as are all where more than
    MAX_COMMITS commits came.
    """
    if not asked:
        return {}
    heads = dict.fromkeys(one.head for one in asked)
    parents = dict.fromkeys(one.parent for one in asked)
    beside: dict[str, RawCommit] = {}
    for batch in batches_beside(git, heads, parents, most=MAX_COMMITS):
        beside.update((str(raw.sha, "ascii"), raw) for raw in batch)
    if len(beside) >= MAX_COMMITS:
        return {}
    order = {sha: place for place, sha in enumerate(beside)}
    return {one: _walk(beside, order, one.head) for one in asked if one.head in beside}


def changed_paths(git: Git, sources: Mapping[Asked, Source]) -> dict[Asked, Paths]:
    """Return the paths of each whole request and of its squash; one process for all of them.

    With several forks the request is compared with each: only against the newest it has no changes of the
    target, so the fewest paths are its own.
    """
    if not sources:
        return {}
    pairs = []
    for one, source in sources.items():
        pairs.append((one.squash, one.parent))
        pairs += [(one.head, fork) for fork in source.forks[:MAX_FORKS]]
    compared = iter(_compare(git, pairs))
    found = {}
    for one, source in sources.items():
        own = next(compared)
        wholes = [next(compared) for _ in source.forks[:MAX_FORKS]]
        fewest = min(wholes, key=lambda paths: (len(paths), sorted(paths)), default=None)
        found[one] = Paths(own if own in wholes else fewest, own)
    return found


def known_commits(git: Git, names: Sequence[str]) -> dict[str, str]:
    """Return the full ids of commits by the ids, in full or not, under which a message names them."""
    found = headers(git, [f"{name}^{{commit}}" for name in names])
    return {name: head.sha for name, head in zip(names, found, strict=True) if head is not None}


def _walk(beside: Mapping[str, RawCommit], order: Mapping[str, int], head: str) -> Source:
    seen, forks, left = {head}, set[str](), [head]
    while left:
        for parent in str(beside[left.pop()].parents, "ascii").split():
            if parent not in beside:
                forks.add(parent)
            elif parent not in seen:
                seen.add(parent)
                left.append(parent)
    return Source(tuple(beside[sha] for sha in sorted(seen, key=order.__getitem__)), tuple(sorted(forks)))


def _compare(git: Git, pairs: Sequence[tuple[str, str]]) -> Iterator[frozenset[bytes]]:
    """Yield the paths that differ between each commit and the other one."""
    asked = "".join(f"{commit} {other}\n" for commit, other in pairs).encode()
    wanted = iter(pairs)
    paths: set[bytes] | None = None
    printed = chain.from_iterable(words(git.stream(*_RAW, stdin=asked)))
    for word in printed:
        if paths is not None and word[:1] == b":":
            paths.add(next(printed, b""))
            continue
        if paths is not None:
            yield frozenset(paths)
        commit, _ = next(wanted, ("", ""))
        if not _ID.fullmatch(word) or text(word) != commit:
            raise GitError("git diff-tree printed a broken record", hint="check with `git fsck`")
        paths = set()
    if paths is not None:
        yield frozenset(paths)
