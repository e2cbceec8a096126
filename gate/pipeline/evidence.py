"""Records of verdicts: leaving one behind a run, and reading a store with everything verified."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gate.core.evidence import digest
from gate.core.evidence.chain import Link, check_chain
from gate.core.evidence.envelope import Envelope, read_envelope, write_envelope
from gate.core.evidence.held import Evidence, Proven, Unreadable
from gate.core.evidence.place import GIT, SUFFIX, parse_place, path_of
from gate.core.evidence.record import Origin, parse_record, write_record
from gate.errors import ConfigError, EvidenceError, SigningError, UsageError
from gate.pipeline.proof import Keys, Prover

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from gate.core.evidence.chain import Ends, Stored
    from gate.core.evidence.record import Record
    from gate.core.facts import Run
    from gate.core.policy import EvidencePolicy
    from gate.evidence.port import Store
    from gate.git import Repository
    from gate.git.evidence import Remote

#: Records among which the present verdict is looked for: one that says nothing new is not left again.
RECENT = 50
KEY = "GATE_EVIDENCE_KEY"
_PRIVATE = "-----BEGIN "


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """The record of a run: where it is, and whether it stood there `already`."""

    store: str
    place: str
    digest: str
    number: int
    signer: str
    already: bool = False


def open_store(
    text: str,
    repository: Repository | None = None,
    *,
    push: str = "",
    remote: Remote | None = None,
    head: str = "",
) -> Store:
    """Return the store that `text` names; see gate.core.evidence.place. Nothing is read or connected to yet.

    A store in git lies in `repository`, and is shared with the remote `push` of the clone, or with `remote`.
    Raises UsageError for a text that names none, and for a folder or file that the commit `head` brings along:
    that would be the word of whoever wrote the commit.
    """
    try:
        place = parse_place(text)
    except ValueError as error:
        raise UsageError(f"{text!r} {error}", hint="See docs/evidence.md.") from error
    if place.kind == GIT:
        if repository is None:
            raise UsageError(
                f"{text}: needs a repository", hint="Run the command in a clone, or give --repo."
            )
        return repository.evidence_at(place.where, remote or (repository.remote(push) if push else None))
    from gate.evidence.open import open_store as open_outside  # noqa: PLC0415 - not for a store in git

    if repository is not None and "://" not in place.where and _is_brought(place.where, repository, head):
        raise UsageError(
            f"{text}: is part of the commit under review, so its author could have written it",
            hint="Keep records outside of the work tree, or in git: store git.",
        )
    return open_outside(place)


def _is_brought(where: str, repository: Repository, head: str) -> bool:
    from gate.pipeline.cache import is_brought  # noqa: PLC0415

    return is_brought(Path(where).expanduser(), repository, head or "HEAD")


def leave(
    run: Run,
    repository: Repository,
    store: Store,
    *,
    report: str,
    change: str | None,
    origin: Origin,
    key: str,
) -> Left:
    """Leave a record of `run` behind the chain of `store`, signed with `key`, and say where it is.

    `report` is the report file, `key` a path or the text of a private key, empty for none. A verdict that is
    already the newest one recorded for its change is not recorded again. Raises ConfigError if the policy names
    signers and there is no key, SigningError if the key is none of theirs, EvidenceError if nothing was left.
    """
    from gate.core.evidence.of_run import record_of  # noqa: PLC0415 - readers need none of it

    policy = run.facts.policy.evidence
    if policy.signers and not key:
        raise ConfigError(
            "the policy names machines that sign records (evidence.signers), and there is no key to sign with",
            hint=f"Give the private key, or a file with it, in {KEY}. An unsigned record would prove nothing.",
        )
    raw = report.encode("utf-8", "surrogatepass")
    record = record_of(
        run,
        tree=repository.tree_id(run.facts.change.head),
        change=change or None,
        recorded_at=run.facts.now,
        origin=origin,
        report_digest="sha256:" + hashlib.sha256(raw).hexdigest(),
        findings_digest=digest(json.loads(report)["findings"]),
    )
    keys = keys_of(policy, repository, run.facts.change.base)
    with Prover(keys, now=record.recorded_at) as prover, private_key(key) as file:
        if (same := _same(record, store, prover, signed=file is not None)) is not None:
            store.share()
            return same
        signer = ""

        def make(ends: Ends) -> bytes:
            nonlocal signer
            linked = replace(record, previous=tuple(sorted(ends.digests)), number=ends.number + 1)
            envelope, signer = _signed(linked, file, prover, needed=bool(policy.signers))
            return write_envelope(envelope)

        stored = store.append(make)
    envelope = read_envelope(stored.data)
    return Left(
        store=store.name,
        place=stored.place,
        digest=envelope.digest,
        number=parse_record(envelope.payload).number,
        signer=signer,
    )


def _signed(record: Record, key: Path | None, prover: Prover, *, needed: bool) -> tuple[Envelope, str]:
    try:
        payload = write_record(record)
    except ValueError as error:
        raise EvidenceError(
            f"no record could be made of this verdict: {error}", hint="Please report this as a bug."
        ) from error
    if key is None:
        return Envelope(payload=payload), ""
    from gate.signing import EVIDENCE, sign  # noqa: PLC0415

    signature, keyid = sign(payload, key, namespace=EVIDENCE, at_terminal=False)
    envelope = Envelope(payload=payload, signature=signature, keyid=keyid)
    signer, problem = prover.prove(envelope)
    if problem and needed:
        raise SigningError(
            f"the record would prove nothing: {problem}",
            hint="Sign with a key that evidence.signers of the policy at the base commit lists.",
        )
    return envelope, signer


def _same(record: Record, store: Store, prover: Prover, *, signed: bool) -> Left | None:
    """The newest record of the same change, if it says the same and is as good."""
    from gate.core.evidence.of_run import content  # noqa: PLC0415

    found = []
    for stored in store.newest(RECENT):
        try:
            envelope = read_envelope(stored.data)
            other = parse_record(envelope.payload)
        except ValueError:
            continue  # `append` judges the end of the chain; what lies before it is for `verify`
        if (other.repo, other.target, other.change, other.commit) == (
            record.repo,
            record.target,
            record.change,
            record.commit,
        ):
            found.append((other.number, envelope.digest, stored, other, envelope))
    if not found:
        return None
    number, name, stored, other, envelope = max(found, key=lambda one: one[:2])
    if content(other) != content(parse_record(write_record(record))):  # compared as it would be read back
        return None
    signer, problem = prover.prove(envelope)
    if problem and signed:
        return None
    return Left(store=store.name, place=stored.place, digest=name, number=number, signer=signer, already=True)


@contextmanager
def private_key(text: str) -> Iterator[Path | None]:
    """Give the file of a private key that is a path or the key itself; None for an empty text."""
    if not text.strip():
        yield None
        return
    if not text.lstrip().startswith(_PRIVATE):
        path = Path(text).expanduser()
        if not path.is_file():
            raise UsageError(
                f"{KEY}: no such key file: {path}", hint="Give a path, or the text of a private key."
            )
        yield path
        return
    # ssh-keygen reads a file that nobody else can read.
    with tempfile.TemporaryDirectory(prefix="gate-key-") as folder:
        file = Path(folder) / "key"
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as out:  # noqa: PTH123 - a descriptor
            out.write(text.strip().replace("\r\n", "\n") + "\n")
        yield file


def keys_of(policy: EvidencePolicy, repository: Repository, commit: str) -> Keys:
    """Return whose signatures count: the signers of a policy, without the keys revoked at the same commit."""
    from gate.pipeline.statements import MAX_KEYS_BYTES, REVOKED_FILE  # noqa: PLC0415

    revoked = repository.file_at(commit, REVOKED_FILE, max_bytes=MAX_KEYS_BYTES)
    return Keys.of_policy(policy, revoked=revoked)


def read_evidence(
    store: Store,
    keys: Keys,
    *,
    now: str,
    expected: Iterable[str] = (),
    wanted: Callable[[Record], bool] = lambda _: True,
    chained: bool = True,
) -> Evidence:
    """Return everything in a store. `expected` are digests of records that must be there.

    Signatures are verified for the records that are `wanted`, the others are left out; the chain is that of all,
    unless they were picked from one (`chained` false). `now` is the time at which keys have to be valid. Raises EvidenceError if the store cannot be read at all,
    SigningError if nothing can be verified here.
    """
    links: list[Link] = []
    envelopes: dict[str, Envelope] = {}
    unreadable = []
    for stored in store.read():
        link, envelope, why = read_stored(stored)
        if link is None or envelope is None:
            unreadable.append(Unreadable(place=stored.place, why=why))
            continue
        links.append(link)
        envelopes[link.digest] = envelope
    chain = check_chain(links if chained else [], expected=expected, broken=bool(unreadable))
    chosen = sorted(
        (link for link in links if wanted(link.record)), key=lambda link: (link.record.number, link.digest)
    )
    with Prover(keys, now=now) as prover:
        answers = prover.prove_all([envelopes[link.digest] for link in chosen])
    return Evidence(
        store=store.name,
        records=tuple(
            Proven(
                place=link.place,
                digest=link.digest,
                record=link.record,
                envelope=envelopes[link.digest],
                signer=signer,
                problem=problem,
            )
            for link, (signer, problem) in zip(chosen, answers, strict=True)
        ),
        unreadable=tuple(unreadable),
        chain=chain,
    )


def read_stored(stored: Stored) -> tuple[Link | None, Envelope | None, str]:
    """Return what a store holds at one place, or why it cannot be read."""
    try:
        envelope = read_envelope(stored.data)
        record = parse_record(envelope.payload)
    except ValueError as error:
        return None, None, str(error)
    name = envelope.digest
    if "/" in stored.place and stored.place.endswith(SUFFIX) and stored.place != path_of(name):
        return None, None, f"its content has another digest ({name[:19]}): it was altered, or renamed"
    return Link(place=stored.place, digest=name, record=record, order=stored.order), envelope, ""
