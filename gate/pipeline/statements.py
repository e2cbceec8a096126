"""Signed statements of a run: from files, from notes, verified with the keys of the base commit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from gate.core.review.decisions import moment
from gate.core.review.statement import OVERRIDE, Signed, parse_payload
from gate.core.review.weigh import OVERRIDE_WINDOW
from gate.errors import UsageError
from gate.signing import Bundle, Verifier, allowed_signers, policy_signers, read_bundles
from gate.signing.bundle import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from gate.core.policy import Policy
    from gate.core.review.statement import Statement
    from gate.git import Repository
    from gate.pipeline.signoff import Basis

NOTES_REF = "refs/notes/gate-signoff"
#: Files of the base commit that name keys.
SIGNERS_FILE = ".gate/allowed_signers"
REVOKED_FILE = ".gate/revoked_keys"
MAX_KEYS_BYTES = 1_000_000
SUFFIX = ".signoff.json"
#: More statements than this are a wrong folder.
MOST_FILES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """What was found: statements, remarks on keys that were refused, and whether the clone has the notes."""

    signed: tuple[Signed, ...] = ()
    notes: tuple[str, ...] = ()
    has_notes: bool = False


@dataclass(frozen=True, slots=True)
class FoundStatement:
    """A statement before it is verified, or why there is none; `source` says where it lay."""

    source: str
    bundle: Bundle | str
    counted_only: bool = False


def read_statements(basis: Basis) -> Statements:
    """Return the signed statements of `basis.signoffs` and of the notes that concern this change.

    ssh-keygen is started only if there is one. Raises UsageError for a path that cannot be read, SigningError
    if nothing can be verified here.
    """
    found = list(in_files(basis.signoffs)) if basis.signoffs is not None else []
    from_notes, has_notes, trouble = _in_notes(basis)
    found += from_notes
    signed, refused = verified(found, basis.repository, basis.change.base, basis.policy, basis.now)
    return Statements(signed=signed, notes=(*trouble, *refused), has_notes=has_notes)


def verified(
    found: Sequence[FoundStatement], repository: Repository, base: str, policy: Policy, now: str
) -> tuple[tuple[Signed, ...], tuple[str, ...]]:
    """Return statements as verified with the keys of the commit `base`, and remarks on keys that were refused.

    ssh-keygen is started only if there is one. Raises SigningError if nothing can be verified here.
    """
    if not found:
        return (), ()
    people: Mapping[str, Iterable[str]] = {h.id: h.keys for h in policy.signoff.humans}
    signers, problems = policy_signers(people), tuple[str, ...]()
    listed = repository.file_at(base, SIGNERS_FILE, max_bytes=MAX_KEYS_BYTES)
    if listed is not None:
        more, problems = allowed_signers(listed, f"{SIGNERS_FILE} at {base[:12]}", people, signers)
        signers = (*signers, *more)
    revoked = repository.file_at(base, REVOKED_FILE, max_bytes=MAX_KEYS_BYTES)
    signed = []
    with Verifier(signers, revoked=revoked, now=now) as verifier:
        for one in found:
            if isinstance(one.bundle, str):
                signed.append(Signed(source=one.source, id=one.source, problem=one.bundle))
            else:
                checked = verifier.check(one.bundle, one.source)
                signed.append(replace(checked, counted_only=one.counted_only))
    return tuple(signed), problems


def in_files(path: Path) -> Iterator[FoundStatement]:
    """Yield the bundles of a file, or of the `*.signoff.json` files of a folder and the folders in it."""
    try:
        if not path.exists():
            raise UsageError(
                f"{path}: no such file or folder", hint=f"Name a file *{SUFFIX}, or a folder of them."
            )
        files = sorted(p for p in path.rglob(f"*{SUFFIX}") if p.is_file()) if path.is_dir() else [path]
        if len(files) > MOST_FILES:
            raise UsageError(
                f"{path}: more than {MOST_FILES:,} signed statements", hint="Give a folder of this change's."
            )
        for file in files:
            with file.open("rb") as opened:
                data = opened.read(MAX_BYTES + 1)
            name = str(file.relative_to(path)) if path.is_dir() else file.name
            if len(data) > MAX_BYTES:
                yield FoundStatement(name, f"it is larger than {MAX_BYTES:,} bytes")
                continue
            yield from named(name, data)
    except OSError as error:
        raise UsageError(
            f"{error.filename or path}: cannot be read: {error.strerror}",
            hint="Check the path given with --signoffs, and its permissions.",
        ) from error


def named(name: str, data: bytes) -> Iterator[FoundStatement]:
    """Yield the bundles in the bytes of a file or a note."""
    bundles = read_bundles(data)
    for number, bundle in enumerate(bundles, 1):
        yield FoundStatement(name if len(bundles) == 1 else f"{name}, number {number}", bundle)


def _in_notes(basis: Basis) -> tuple[list[FoundStatement], bool, list[str]]:
    """The bundles in notes that concern this change, whether there are notes at all, and what went wrong.

    A note hangs on the commit that was signed. After a rebase that commit is none of this change any more,
    so statements for the same content are taken from all notes.
    """
    ref = basis.repository.notes_at(NOTES_REF)
    if not ref.exists:
        return [], False, []
    if ref.problem:
        return [], True, [f"{NOTES_REF} cannot be read: {ref.problem}"]
    found, trouble = [], []
    own = {basis.change.head, *(commit.sha for commit in basis.change.commits)}
    for note in ref.of(sorted(ref.commits), max_bytes=MAX_BYTES):
        name = f"note on {note.commit[:12]}"
        if note.content is None:
            if note.commit in own:
                trouble.append(f"{NOTES_REF}, {name}: {note.problem}")
            continue
        for one in named(name, note.content):
            if note.commit in own or basis.every_note:
                found.append(one)
            elif isinstance(one.bundle, Bundle) and (statement := read_statement(one.bundle)) is not None:
                if _concerns(statement, basis, own):
                    found.append(one)
                elif _is_recent_override(statement, basis):
                    found.append(FoundStatement(one.source, one.bundle, counted_only=True))
    return found, True, trouble


def read_statement(bundle: Bundle) -> Statement | None:
    """Return what a bundle says, whoever signed it; None if it is no statement."""
    try:
        return parse_payload(bundle.payload)
    except ValueError:
        return None


def _concerns(statement: Statement, basis: Basis, own: set[str]) -> bool:
    return statement.change_digest == basis.change.change_digest or statement.commit in own


def _is_recent_override(statement: Statement, basis: Basis) -> bool:
    if statement.decision != OVERRIDE or basis.policy.signoff.break_glass is None:
        return False
    at, now = moment(statement.created_at), moment(basis.now)
    return at is not None and now is not None and now - OVERRIDE_WINDOW <= at <= now + timedelta(days=1)
