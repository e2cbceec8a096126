"""Private clones for a program that is to look around in a head: text files, one change, no history, no links.

A clone has two commits with neutral texts. `refs/remotes/origin/HEAD` is the head with the files of the change
put back, the detached HEAD is the head, so their difference is exactly these files. Nothing of the source's
configuration, attributes, hooks or other commits is there, and nothing in it leads back to the source.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gate.core.change import ABSENT, EXECUTABLE, REGULAR, path_bytes
from gate.errors import GitError
from gate.git import objects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from gate.core.change import FileChange
    from gate.git.command import Git

#: No attribute of the head may hide a difference, run a filter or change line ends.
_ATTRIBUTES = "* !diff !filter !merge !ident !text !eol !working-tree-encoding !export-subst\n"
_CONFIG = """\
[core]
\trepositoryformatversion = 1
\tbare = false
\tsymlinks = false
\tfilemode = true
\tfsmonitor = false
\thooksPath = /dev/null
\tattributesFile = /dev/null
\texcludesFile = /dev/null
\tquotePath = false
\tprotectHFS = true
\tprotectNTFS = true
[diff]
\trenames = false
[gc]
\tauto = 0
[extensions]
\tobjectformat = {format}
"""
_PERSON = "gate <gate@localhost> 0 +0000"
_BINARY = re.compile(rb"\0")
#: Bytes of a head above which no clone is made: there is one for each call, and a disk is not without end.
MAX_HEAD = 1_000_000_000
#: Masked copies that one process is given at a time.
_AT_ONCE = 1_000

#: A row of an index: path, mode, blob.
Row = tuple[str, str, str]


@dataclass(kw_only=True)
class Staging:
    """Makes clones of one head. `view` is a private repository of ours that may be written to.

    Files that `leave_out` names are in no clone, nor are links, submodules, binary files and those above
    `max_bytes`. `mask` returns a text without what must not be read.
    """

    view: Git
    make: Callable[[Path], Git]
    format: str
    folder: Path
    head: str
    leave_out: Callable[[str], bool]
    mask: Callable[[str], str]
    max_bytes: int
    _rows: tuple[Row, ...] | None = None
    _masked: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def clone(self, target: Path, rows: Sequence[FileChange]) -> int:
        """Make a clone in the empty folder `target` whose change is `rows`; return the bytes of its diff.

        Raises GitError if the change cannot be shown in full, or an object cannot be read.
        """
        with self._lock:
            head = self._head_rows()
            old = self._with_masks([(r.path, r.old_mode, r.old_blob) for r in rows if r.old_mode != ABSENT])
        git_dir = target / ".git"
        git = self.make(git_dir)
        (git_dir / "info").mkdir(exist_ok=True)
        (git_dir / "info" / "attributes").write_text(_ATTRIBUTES)
        (git_dir / "config").write_text(_CONFIG.format(format=self.format))
        after = _tree(git, head)
        gone = [(row.path, ABSENT, "0" * len(self.head)) for row in rows]
        before = _tree(git, [*gone, *old])
        git.run("read-tree", "--empty")
        first = _commit(git, before, "", "Before the change")
        last = _commit(git, after, first, "The change under review")
        (git_dir / "refs" / "remotes" / "origin").mkdir(parents=True)
        (git_dir / "refs" / "remotes" / "origin" / "HEAD").write_text(f"{first}\n")
        (git_dir / "HEAD").write_text(f"{last}\n")
        packs = git_dir / "objects" / "pack"
        packs.mkdir(exist_ok=True)
        git.run(
            "pack-objects", "--revs", "--quiet", "--window=0", str(packs / "pack"), stdin=f"{last}\n".encode()
        )
        (git_dir / "objects" / "info" / "alternates").unlink()
        (git_dir / "source").unlink()
        place = f"--work-tree={target}"
        git.run(place, "read-tree", last)
        git.run(place, "checkout-index", "--all", "--force", "--index", "--quiet")
        return _size(git, first, last, {row.path for row in rows})

    def _head_rows(self) -> tuple[Row, ...]:
        """The rows of the head that clones have; read once."""
        if self._rows is None:
            entries = [e for e in objects.tree(self.view, self.head) if not self.leave_out(e.path)]
            size = sum(entry.size for entry in entries if entry.size <= self.max_bytes)
            if size > MAX_HEAD:
                raise GitError(
                    f"the head has {size:,} bytes, more than the {MAX_HEAD:,} of a private clone",
                    hint="choose another ai.engine",
                )
            self._rows = tuple(self._with_masks((e.path, e.mode, e.blob) for e in entries))
        return self._rows

    def _with_masks(self, rows: Iterable[Row]) -> list[Row]:
        """Return the rows that are text, each with the blob that may be read."""
        rows = [row for row in rows if row[1] in (REGULAR, EXECUTABLE)]
        unknown = {blob for _, _, blob in rows} - set(self._masked)
        changed: list[tuple[str, bytes]] = []
        for blob, data in objects.blobs(self.view, sorted(unknown), max_bytes=self.max_bytes):
            if _BINARY.search(data):
                continue
            text = data.decode("utf-8", "surrogateescape")
            shown = self.mask(text)
            self._masked[blob] = blob
            if shown != text:
                changed.append((blob, shown.encode("utf-8", "surrogateescape")))
                if len(changed) == _AT_ONCE:
                    self._masked |= self._write(changed)
                    changed.clear()
        self._masked |= self._write(changed)
        return [(path, mode, self._masked[blob]) for path, mode, blob in rows if blob in self._masked]

    def _write(self, contents: Sequence[tuple[str, bytes]]) -> Mapping[str, str]:
        """Store masked copies and return their ids by those of the originals."""
        if not contents:
            return {}
        self.folder.mkdir(exist_ok=True)
        paths = [self.folder / str(number) for number in range(len(contents))]
        for path, (_, data) in zip(paths, contents, strict=True):
            path.write_bytes(data)
        listed = "".join(f"{path}\n" for path in paths).encode()
        ids = self.view.run("hash-object", "-w", "--no-filters", "--stdin-paths", stdin=listed).text.split()
        for path in paths:
            path.unlink()
        return {blob: made for (blob, _), made in zip(contents, ids, strict=True)}


def _tree(git: Git, rows: Iterable[Row]) -> str:
    """Put rows into the index and return the id of the tree that it then is."""
    lines = b"".join(
        f"{'0' if mode == ABSENT else mode} {blob}\t".encode() + path_bytes(path) + b"\0"
        for path, mode, blob in rows
    )
    git.run("update-index", "-z", "--index-info", stdin=lines)
    return git.run("write-tree").text


def _commit(git: Git, tree: str, parent: str, message: str) -> str:
    above = f"parent {parent}\n" if parent else ""
    text = f"tree {tree}\n{above}author {_PERSON}\ncommitter {_PERSON}\n\n{message}\n"
    return git.run("hash-object", "-t", "commit", "-w", "--stdin", stdin=text.encode()).text


def _size(git: Git, first: str, last: str, wanted: set[str]) -> int:
    """Return the bytes of the difference, after a look that it shows the lines of all the files and of no others."""
    ends = ("--no-ext-diff", "--no-textconv", first, last)
    rows = [row.split(b"\t", 2) for row in git.run("diff", "--numstat", "-z", *ends).out.split(b"\0") if row]
    if {row[2] for row in rows} != {path_bytes(path) for path in wanted} or any(
        row[0] == b"-" for row in rows
    ):
        raise GitError(
            "the change cannot be shown in full in a private clone",
            hint="choose another ai.engine, or review these files by hand",
        )
    return len(git.run("diff", *ends).out)
