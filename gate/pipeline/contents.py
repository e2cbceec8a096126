"""The bytes of a change that areas are told by: changed code, and manifests and locks on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.area import is_manifest, reads
from gate.core.change import ABSENT, Content

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gate.core.change import ChangeSet, FileChange
    from gate.git import Repository

#: Larger files of code are read by their changed lines alone.
MAX_CODE_BYTES = 1 << 20
#: All code of one change together; what is beyond is read by its changed lines.
MAX_TOTAL_BYTES = 200 << 20
#: Larger manifests and locks cannot be judged; those of the largest public repositories are below.
MAX_MANIFEST_BYTES = 20 << 20


def contents(repository: Repository, change: ChangeSet) -> Mapping[str, bytes]:
    """Return the changed files of code by blob id, both sides."""
    wanted: dict[str, int] = {}
    total = 0
    for file in change.all_files:
        if not reads(file):
            continue
        for blob, size in _sides(file):
            if size > MAX_CODE_BYTES or blob in wanted or total + size > MAX_TOTAL_BYTES:
                continue
            wanted[blob] = size
            total += size
    return dict(repository.blobs(sorted(wanted), max_bytes=MAX_CODE_BYTES)) if wanted else {}


def manifests(repository: Repository, change: ChangeSet) -> Mapping[str, tuple[bytes | None, bytes | None]]:
    """Return both sides of changed manifests, locks, and settings that scanners share with other tools.

    A file with a side that is no text or too large is left out: what is in it is not known.
    """
    rows = [file for file in change.all_files if is_manifest(file.path)]
    blobs = {blob for file in rows for blob, size in _sides(file) if size <= MAX_MANIFEST_BYTES}
    data = dict(repository.blobs(sorted(blobs), max_bytes=MAX_MANIFEST_BYTES)) if blobs else {}
    found = {}
    for file in rows:
        if len(sides := [blob for blob, _ in _sides(file)]) == _count(file) and all(b in data for b in sides):
            found[file.path] = (data.get(file.old_blob), data.get(file.new_blob))
    return found


def _count(file: FileChange) -> int:
    return (file.old_mode != ABSENT) + (file.new_mode != ABSENT)


def _sides(file: FileChange) -> Iterator[tuple[str, int]]:
    """The blob ids and sizes of the sides that are text."""
    for mode, content, blob, size in (
        (file.old_mode, file.old_content, file.old_blob, file.old_size),
        (file.new_mode, file.new_content, file.new_blob, file.new_size),
    ):
        if mode.startswith("100") and content in (Content.TEXT, Content.WIDE_TEXT):
            yield blob, size
