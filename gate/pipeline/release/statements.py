"""Signed statements that speak of a release or of one of its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gate.core.review.statement import statement_id
from gate.pipeline.statements import (
    NOTES_REF,
    FoundStatement,
    in_files,
    named,
    read_statement,
    verified,
)
from gate.signing import Bundle
from gate.signing.bundle import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from gate.core.policy import Policy
    from gate.core.release.model import Tag
    from gate.core.review.statement import Signed
    from gate.git import Repository


class Given(NamedTuple):
    """Statements that concern the release, verified; remarks; whether the clone has notes of them at all; and
    the signed bytes by the id of the statement.
    """

    signed: tuple[Signed, ...]
    notes: tuple[str, ...]
    has_notes: bool
    bundles: Mapping[str, Bundle]


def read_statements(
    repository: Repository,
    policy: Policy,
    *,
    ends: tuple[Tag, Tag],
    digests: Collection[str],
    commits: Collection[str],
    signoffs: Path | None,
    now: str,
) -> Given:
    """Return the statements of `signoffs`, and those of the notes about a tag of `ends`, a content or a commit.

    Signers are those of the first of `ends`. Raises UsageError for a path that cannot be read, SigningError if
    nothing can be verified here.
    """
    previous, tag = ends
    found = list(in_files(signoffs)) if signoffs is not None else []
    notes, trouble, has_notes = list[FoundStatement](), list[str](), False
    ref = repository.notes_at(NOTES_REF)
    if ref.exists:
        has_notes = True
        if ref.problem:
            trouble.append(f"{NOTES_REF} cannot be read: {ref.problem}")
        else:
            for note in ref.of(sorted(ref.commits), max_bytes=MAX_BYTES):
                if note.content is not None:
                    notes += named(f"note on {note.commit[:12]}", note.content)
                elif note.commit == tag.commit:
                    trouble.append(f"{NOTES_REF}, note on {note.commit[:12]}: {note.problem}")
    refs = {previous.ref, tag.ref}
    found += _concerning(notes, refs, digests, commits)
    signed, refused = verified(found, repository, previous.commit, policy, now)
    bundles = {
        statement_id(one.bundle.payload): one.bundle for one in found if isinstance(one.bundle, Bundle)
    }
    return Given(signed, (*trouble, *refused), has_notes, bundles)


def _concerning(
    notes: list[FoundStatement],
    refs: Collection[str],
    digests: Collection[str],
    commits: Collection[str],
) -> Iterator[FoundStatement]:
    for one in notes:
        told = read_statement(one.bundle) if isinstance(one.bundle, Bundle) else None
        if told is None:
            continue
        if told.target in refs or told.change_digest in digests or told.commit in commits:
            yield one


def moved(tag: Tag, signed: Collection[Signed]) -> str:
    """Return why a tag is not where people signed it, or an empty text.

    Who signed another commit under this name and not the present one saw another release.
    """
    there: dict[str, str] = {}
    here = set()
    for one in signed:
        told = one.statement
        if one.problem or told is None or told.target != tag.ref or told.decision != "approve":
            continue
        if told.commit == tag.commit:
            here.add(told.reviewer)
        else:
            there.setdefault(told.reviewer, told.commit)
    for reviewer, commit in sorted(there.items()):
        if reviewer not in here:
            return f"it was moved: {reviewer} signed it on {commit[:12]}, and it is on {tag.commit[:12]}"
    return ""
