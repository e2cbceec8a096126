"""The change under review: commits, changed files and hunks as facts read from git.

Text from git is decoded as UTF-8 with `surrogateescape`, so every path, name and message survives
a round trip; escaping for people happens in the reports.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

#: git's mode of an absent side.
ABSENT = "000000"
SYMLINK = "120000"
GITLINK = "160000"
EXECUTABLE = "100755"
REGULAR = "100644"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Person:
    """A raw identity of a commit, never mapped through a mailmap."""

    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One commit of the range; dates are ISO 8601 with the offset that the commit carries.

    `update_merge` marks a merge that only brings commits of the target branch and whose tree is exactly
    what an automatic merge gives: it adds no author.
    """

    sha: str
    parents: tuple[str, ...]
    author: Person
    author_date: str
    committer: Person
    committer_date: str
    message: str
    update_merge: bool = False

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.split("\n", 1)[0].rstrip("\r")


class RawCommit(NamedTuple):
    """One commit as bytes, for histories of which most commits are only glanced at."""

    sha: bytes
    parents: bytes
    author_name: bytes
    author_email: bytes
    author_date: bytes
    committer_name: bytes
    committer_email: bytes
    committer_date: bytes
    message: bytes

    def decoded(self) -> Commit:
        """Return the same as text."""
        sha, parents, name, email, date, committer, committer_email, committer_date, message = (
            str(field, "utf-8", "surrogateescape") for field in self
        )
        return Commit(
            sha=sha,
            parents=tuple(parents.split()),
            author=Person(name=name, email=email),
            author_date=date,
            committer=Person(name=committer, email=committer_email),
            committer_date=committer_date,
            message=message,
        )


class Content(StrEnum):
    """What kind of bytes one side of a file holds."""

    ABSENT = "absent"
    TEXT = "text"  # UTF-8 without NUL, with or without a byte order mark
    WIDE_TEXT = "wide_text"  # UTF-16 or UTF-32 with a byte order mark
    MEDIA = "media"  # image, font, audio or video whose extension and leading bytes agree
    BINARY = "binary"  # everything else
    LARGE = "large"  # above the size that is read; nothing is known about it
    LINK = "link"  # symbolic link
    GITLINK = "gitlink"  # submodule


class Status(StrEnum):
    """What happened to a path between the two trees."""

    ADDED = "added"
    DELETED = "deleted"
    MODIFIED = "modified"
    TYPE_CHANGED = "type_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """Lines that differ, without context. `old_start` and `new_start` are 1-based.

    For a side without lines the start is the line *after* which the other side's lines stand, as in a
    unified diff. Lines carry no line end.
    """

    old_start: int
    old: tuple[str, ...]
    new_start: int
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """One row of the raw comparison of two trees; there is no rename detection here.

    `old_*` describe the side of the merge base, `new_*` that of the head. Sizes are bytes. `shebang` is
    the first line after `#!` of the new side (of the old one if the file is gone), else None. `hunks` is
    empty for everything that is not text on the sides where it exists.
    """

    path: str
    old_mode: str
    old_blob: str
    new_mode: str
    new_blob: str
    old_content: Content = Content.TEXT
    new_content: Content = Content.TEXT
    old_size: int = 0
    new_size: int = 0
    shebang: str | None = None
    hunks: tuple[Hunk, ...] = ()

    @property
    def status(self) -> Status:
        if self.old_mode == ABSENT:
            return Status.ADDED
        if self.new_mode == ABSENT:
            return Status.DELETED
        if self.old_mode[:3] != self.new_mode[:3]:
            return Status.TYPE_CHANGED
        return Status.MODIFIED

    @property
    def binary(self) -> bool:
        """Whether a side exists that could not be read as lines."""
        readable = (Content.TEXT, Content.WIDE_TEXT, Content.ABSENT)
        return self.old_content not in readable or self.new_content not in readable

    @property
    def added(self) -> int:
        return sum(len(h.new) for h in self.hunks)

    @property
    def removed(self) -> int:
        return sum(len(h.old) for h in self.hunks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """A pair of a deleted and an added path that git finds similar; used for identity, never for areas."""

    old_path: str
    new_path: str
    hunks: tuple[Hunk, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """All facts of one change.

    `target` is the full ref name of the target branch, or the revision as the user gave it; `base` is its
    tip, `merge_base` the first of `merge_bases`. `files` are the rows against `merge_base` in byte order
    of paths; `other_files` are the rows against further merge bases that `files` does not hold. `commits`
    is everything reachable from head and not from base, newest first. `notes` are remarks about the
    repository that a reader must know (replace refs present, and the like).
    """

    repo: str
    target: str
    base: str
    merge_base: str
    merge_bases: tuple[str, ...]
    head: str
    files: tuple[FileChange, ...]
    other_files: tuple[FileChange, ...] = ()
    renames: tuple[Rename, ...] = ()
    commits: tuple[Commit, ...] = ()
    change_digest: str = ""
    notes: tuple[str, ...] = ()

    @property
    def all_files(self) -> tuple[FileChange, ...]:
        return self.files + self.other_files


def path_bytes(path: str) -> bytes:
    """The bytes of a path as git has them; the sort key of everything ordered by path."""
    return path.encode("utf-8", "surrogateescape")


def change_digest(rows_by_base: Iterable[Iterable[FileChange]]) -> str:
    """Return the content digest that a sign-off is bound to, as `sha256:` and 64 hexadecimal digits.

    One iterable of rows per merge base. Every changed path counts, in byte order, with modes and blob ids
    of both sides; names, messages and dates of commits do not. The order of bases has no effect.
    """
    blocks = sorted(
        b"".join(
            f"{f.old_mode} {f.new_mode} {f.old_blob} {f.new_blob} ".encode() + path_bytes(f.path) + b"\0"
            for f in sorted(rows, key=lambda f: path_bytes(f.path))
        )
        for rows in rows_by_base
    )
    return "sha256:" + hashlib.sha256(b"gate-change/1\0" + b"".join(blocks)).hexdigest()


#: Leading bytes by file extension: alternatives of (offset, bytes) that must all be there.
_MEDIA: dict[str, tuple[tuple[tuple[int, bytes], ...], ...]] = {
    "avi": (((0, b"RIFF"), (8, b"AVI ")),),
    "avif": (((4, b"ftypavif"),), ((4, b"ftypavis"),)),
    "bmp": (((0, b"BM"), (6, b"\0\0\0\0")),),
    "flac": (((0, b"fLaC"),),),
    "gif": (((0, b"GIF87a"),), ((0, b"GIF89a"),)),
    "ico": (((0, b"\0\0\1\0"),),),
    "jpeg": (((0, b"\xff\xd8\xff"),),),
    "jpg": (((0, b"\xff\xd8\xff"),),),
    "m4a": (((4, b"ftyp"),),),
    "m4v": (((4, b"ftyp"),),),
    "mkv": (((0, b"\x1a\x45\xdf\xa3"),),),
    "mov": (((4, b"ftyp"),),),
    "mp3": (((0, b"ID3"),), ((0, b"\xff\xfb"),), ((0, b"\xff\xf3"),), ((0, b"\xff\xf2"),)),
    "mp4": (((4, b"ftyp"),),),
    "oga": (((0, b"OggS"),),),
    "ogg": (((0, b"OggS"),),),
    "ogv": (((0, b"OggS"),),),
    "opus": (((0, b"OggS"),),),
    "otf": (((0, b"OTTO"),),),
    "png": (((0, b"\x89PNG\r\n\x1a\n"),),),
    "tif": (((0, b"II*\0"),), ((0, b"MM\0*"),)),
    "tiff": (((0, b"II*\0"),), ((0, b"MM\0*"),)),
    "ttc": (((0, b"ttcf"),),),
    "ttf": (((0, b"\0\1\0\0"),), ((0, b"true"),)),
    "wav": (((0, b"RIFF"), (8, b"WAVE")),),
    "webm": (((0, b"\x1a\x45\xdf\xa3"),),),
    "webp": (((0, b"RIFF"), (8, b"WEBP")),),
    "woff": (((0, b"wOFF"),),),
    "woff2": (((0, b"wOF2"),),),
}

#: Byte order marks; UTF-32 first, because its little-endian mark begins with that of UTF-16.
_WIDE = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def content_kind(path: str, mode: str, data: bytes) -> Content:
    """Return what kind of bytes one side of a file holds, judged from all of them; never `LARGE`.

    Readable text wins over an extension: a script named `.png` is text. The path only tells which leading
    bytes a media file must have.
    """
    special = {ABSENT: Content.ABSENT, SYMLINK: Content.LINK, GITLINK: Content.GITLINK}.get(mode)
    if special is not None:
        return special
    if utf8_text(data) is not None:
        return Content.TEXT
    extension = path.rpartition("/")[2].rpartition(".")[2].lower()
    for parts in _MEDIA.get(extension, ()):
        if all(data.startswith(magic, offset) for offset, magic in parts):
            return Content.MEDIA
    return Content.BINARY if wide_text(data) is None else Content.WIDE_TEXT


def utf8_text(data: bytes) -> str | None:
    """Return the text of UTF-8 bytes, a byte order mark included, or None if they are not UTF-8 or hold NUL."""
    try:
        return None if b"\0" in data else data.decode()
    except UnicodeDecodeError:
        return None


def wide_text(data: bytes) -> str | None:
    """Return the text of UTF-16 or UTF-32 bytes without their byte order mark, or None if they are neither."""
    for mark, encoding in _WIDE:
        if data.startswith(mark):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\0" not in text:
                return text
    return None


def split_lines(text: str) -> tuple[str, ...]:
    """Return the lines of a file as git counts them: ended by a line feed only, the last one with or without."""
    lines = text.split("\n")
    return tuple(lines[:-1] if lines[-1] == "" else lines)
