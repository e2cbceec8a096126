"""What of a change is put in front of a model, and why the rest is not."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.core.ai import Reason, Unreviewed
from gate.core.ai.diff import batches, blocks, has_long_line, pieces
from gate.core.ai.files import ChangedText
from gate.core.change import EXECUTABLE, Content, path_bytes, utf8_text, wide_text
from gate.scanners import languages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.ai.request import Form
    from gate.core.ai.diff import Batch, Piece
    from gate.core.change import ChangeSet, FileChange
    from gate.core.policy import AiPolicy
    from gate.git import Repository

_TEXT = (Content.TEXT, Content.WIDE_TEXT, Content.ABSENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`files` are those of which something can be quoted. `excluded` are never sent and spoil nothing.

    `reviewable` counts the files that a complete review would have been shown.
    """

    batches: tuple[Batch, ...]
    files: Mapping[str, ChangedText]
    unreviewed: tuple[Unreviewed, ...]
    excluded: tuple[str, ...]
    reviewable: int
    diff_digest: str


def plan(
    repository: Repository,
    change: ChangeSet,
    policy: AiPolicy,
    form: Form,
    *,
    sensitive: frozenset[str],
    max_bytes: int,
) -> Plan:
    """Return the batches, files of `sensitive` paths first, then by path. Everything left out has a reason."""
    excluded: list[str] = []
    unreviewed: list[Unreviewed] = []
    wanted: list[FileChange] = []
    most = min(policy.batch_bytes, form.most or policy.batch_bytes)
    programs = _programs(repository, change, max_bytes)
    for file in change.all_files:
        if any(glob.matches(file.path) for glob in policy.exclude):
            excluded.append(file.path)
            continue
        reason = _obstacle(file, wide=not form.command, programs=programs)
        if reason is not None:
            unreviewed.append(Unreviewed(path=file.path, reason=reason))
        elif file.hunks:
            wanted.append(file)
        elif not _is_text(file):
            excluded.append(file.path)
    wanted.sort(key=lambda file: (file.path not in sensitive, path_bytes(file.path)))
    files = _texts(repository, wanted, max_bytes)
    ready: list[Piece] = []
    left = policy.max_diff_bytes
    for file in wanted:
        found = pieces(
            file.path,
            blocks(file.hunks, files[file.path].new_lines, form.context),
            most=most,
            sensitive=file.path in sensitive,
            whole=form.whole,
        )
        size = sum(piece.size for piece in found or ())
        if found is None or size > left:
            unreviewed.append(Unreviewed(path=file.path, reason=Reason.TOO_LARGE))
            continue
        left -= size
        ready += found
    packed = batches(ready, most=most, apart=policy.runs_sensitive not in (None, policy.runs))
    sent = {path for batch in packed for path in batch.paths}
    digest = hashlib.sha256("\0".join(batch.text for batch in packed).encode("utf-8", "surrogatepass"))
    return Plan(
        batches=packed,
        files=files,
        unreviewed=tuple(sorted(set(unreviewed), key=lambda row: (path_bytes(row.path), row.reason))),
        excluded=tuple(sorted(set(excluded), key=path_bytes)),
        reviewable=len(sent | {row.path for row in unreviewed}),
        diff_digest="sha256:" + digest.hexdigest(),
    )


def _is_text(file: FileChange) -> bool:
    return file.old_content in _TEXT and file.new_content in _TEXT


def _programs(repository: Repository, change: ChangeSet, max_bytes: int) -> frozenset[str]:
    """Return the changed binary files that an interpreter would run: one NUL makes a script binary, and no shell minds."""
    found = [file for file in change.all_files if file.new_content is Content.BINARY]
    data = dict(repository.blobs(sorted({file.new_blob for file in found}), max_bytes=max_bytes))
    return frozenset(
        file.path
        for file in found
        if languages.is_code(
            languages.language(
                file.path, executable=file.new_mode == EXECUTABLE, data=data.get(file.new_blob, b"")
            )
        )
        or data.get(file.new_blob, b"").startswith(b"#!")
    )


def _obstacle(file: FileChange, *, wide: bool, programs: frozenset[str]) -> Reason | None:
    """Why a file cannot be sent although a reviewer would look at it; None if it can, or need not.

    `wide`: text of two bytes a character can be; git itself takes it for binary. `programs` are binary files that run.
    """
    sides = (file.old_content, file.new_content)
    if Content.LARGE in sides:
        return Reason.TOO_LARGE
    if Content.LINK in sides:
        return Reason.UNDECODABLE  # where a link leads is no text of a file
    if Content.WIDE_TEXT in sides and not wide:
        return Reason.UNDECODABLE
    if Content.BINARY in sides:
        name = languages.language(file.path, executable=False, data=b"")
        return Reason.UNDECODABLE if languages.is_code(name) or file.path in programs else None
    return Reason.LONG_LINE if has_long_line(file.hunks) else None


def _texts(repository: Repository, files: list[FileChange], max_bytes: int) -> dict[str, ChangedText]:
    """Read both sides of the files that are sent."""
    zero = {"0" * 40, "0" * 64}
    ids = {blob for file in files for blob in (file.old_blob, file.new_blob)} - zero
    text = {
        blob: utf8_text(data) or wide_text(data) or ""
        for blob, data in repository.blobs(sorted(ids), max_bytes=max_bytes)
    }
    return {
        file.path: ChangedText(
            path=file.path,
            hunks=file.hunks,
            new=text.get(file.new_blob, "") if file.new_content in _TEXT else "",
            old=text.get(file.old_blob, "") if file.old_content in _TEXT else "",
        )
        for file in files
    }
