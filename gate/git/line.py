"""The released line: tags as they are stored, what each commit of a chain changes, and who is on the chain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from gate.core.change import FileChange, change_digest, path_bytes
from gate.core.release.model import Tag
from gate.errors import GitError
from gate.git.command import Git, fields, text
from gate.git.objects import checked_path, headers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

_RAW: Final = (
    *("diff-tree", "--stdin", "-r", "-z", "--root", "--raw", "--no-abbrev", "--always", "--no-renames"),
    *("--no-ext-diff", "--no-textconv", "--ignore-submodules=none"),
)
_ID: Final = re.compile(rb"[0-9a-f]{40}|[0-9a-f]{64}")
#: A tag object is a few lines; a larger one is no tag that anybody wrote.
_MAX_TAG_BYTES: Final = 1_000_000
PREFIX: Final = "refs/tags/"


def read_tag(view: Git, name: str, sha: str) -> Tag:
    """Return the tag `name` (without refs/tags/) whose ref holds the object `sha`.

    What is wrong with it stands in `problem`, and does not raise: a reader has to see both names. Raises
    GitError if the clone lacks the object.
    """
    (found,) = headers(view, [sha])
    if found is None:
        raise GitError(
            f"{PREFIX}{name}: object {sha} is not in this clone", hint="Fetch it: `git fetch --tags origin`."
        )
    if found.kind == "commit":
        return Tag(name=name, commit=sha, tree=_tree(view, sha), object=sha, annotated=False)
    if found.kind != "tag":
        return Tag(name=name, object=sha, annotated=False, problem=f"it names a {found.kind} and no commit")
    if found.size > _MAX_TAG_BYTES:
        return Tag(name=name, object=sha, annotated=True, problem=f"it has {found.size:,} bytes")
    head, _, message = view.run("cat-file", "tag", sha).out.partition(b"\n\n")
    told: dict[bytes, bytes] = {}
    for row in head.split(b"\n"):
        key, _, value = row.partition(b" ")
        told.setdefault(key, value)
    inside, kind, target = (
        text(told.get(b"tag", b"")),
        text(told.get(b"type", b"")),
        text(told.get(b"object", b"")),
    )
    problem = ""
    if kind == "tag":
        (peeled,) = headers(view, [f"{sha}^{{commit}}"])
        problem, target = "it names another tag and no commit", peeled.sha if peeled else ""
    elif kind != "commit":
        problem, target = f"it names a {kind or 'nothing'} and no commit", ""
    elif inside != name:
        problem = f"the name inside of it is {inside!r}: the tag was copied or renamed"
    return Tag(
        name=name,
        commit=target,
        tree=_tree(view, target) if target else "",
        object=sha,
        annotated=True,
        inside=inside,
        tagger=text(told.get(b"tagger", b"")).partition("<")[0].strip(),
        tagger_email=text(told.get(b"tagger", b"")).partition("<")[2].partition(">")[0].strip(),
        signed=any(
            mark in message for mark in (b"-----BEGIN SSH SIGNATURE-----", b"-----BEGIN PGP SIGNATURE-----")
        ),
        problem=problem,
    )


def _tree(view: Git, commit: str) -> str:
    (found,) = headers(view, [f"{commit}^{{tree}}"])
    if found is None:
        raise GitError(f"the tree of {commit} is not in this clone", hint="Clone in full.")
    return found.sha


def trees(view: Git, commits: Sequence[str]) -> dict[str, str]:
    """Return the trees of those commits that this clone has, by full id; one process for all."""
    found = headers(view, [f"{sha}^{{tree}}" for sha in commits])
    return {sha: head.sha for sha, head in zip(commits, found, strict=True) if head is not None}


def step_rows(view: Git, steps: Sequence[tuple[str, str | None]]) -> Iterator[tuple[FileChange, ...]]:
    """Yield what each commit changes against the one parent given (None: against nothing), in order.

    Rows have paths, modes and blob ids only, in byte order of paths. One process for all.
    """
    asked = "".join(f"{sha} {parent}\n" if parent else f"{sha}\n" for sha, parent in steps).encode()
    wanted = iter(steps)
    rows: list[FileChange] | None = None
    printed = fields(view.stream(*_RAW, stdin=asked), b"\0")
    for word in printed:
        if word.startswith(b":") and rows is not None:
            old_mode, new_mode, old_blob, new_blob, _ = text(word).removeprefix(":").split(" ")
            rows.append(
                FileChange(
                    path=checked_path(next(printed, b"")),
                    old_mode=old_mode,
                    old_blob=old_blob,
                    new_mode=new_mode,
                    new_blob=new_blob,
                )
            )
            continue
        if rows is not None:
            yield _sorted(rows)
        sha, _ = next(wanted, ("", None))
        if not _ID.fullmatch(word) or text(word) != sha:
            raise GitError("git diff-tree printed a broken record", hint="check with `git fsck`")
        rows = []
    if rows is not None:
        yield _sorted(rows)
    if next(wanted, None) is not None:
        raise GitError("git diff-tree left a commit out", hint="check with `git fsck`")


def _sorted(rows: list[FileChange]) -> tuple[FileChange, ...]:
    return tuple(sorted(rows, key=lambda row: path_bytes(row.path)))


def line_digests(view: Git, tip: str, *, until: Collection[str], most: int) -> tuple[tuple[str, str], ...]:
    """Return id and change digest of the commits on the first parents from `tip` on, newest first.

    At most `most`, and none older than the last of `until` that lies there.
    """
    chain: list[str] = []
    left = set(until)
    for row in fields(
        view.stream("rev-list", "--first-parent", f"--max-count={most}", "--end-of-options", tip), b"\n"
    ):
        chain.append(text(row))
        left.discard(chain[-1])
        if not left:
            break
    steps = [(sha, parent) for sha, parent in zip(chain, [*chain[1:], None], strict=True) if parent]
    return tuple(
        (sha, change_digest([rows])) for (sha, _), rows in zip(steps, step_rows(view, steps), strict=True)
    )


def on_first_parents(view: Git, tips: Iterable[str], wanted: Collection[str]) -> frozenset[str]:
    """Return those of the `wanted` commits that lie on the first parents of one of `tips`, the tips included.

    The history is read only as far as needed.
    """
    left, found = set(wanted), set[str]()
    for tip in tips:
        if not left:
            break
        for row in fields(view.stream("rev-list", "--first-parent", "--end-of-options", tip), b"\n"):
            if (sha := text(row)) in left:
                left.discard(sha)
                found.add(sha)
                if not left:
                    break
    return frozenset(found)
