"""What `gate evidence` reads: which store, whose signatures, which records of it."""

from __future__ import annotations

import os
import re
import shlex
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gate.core.evidence.chain import Stored
from gate.core.evidence.envelope import MAX_BYTES
from gate.core.evidence.place import FORMS
from gate.errors import EvidenceError, UsageError
from gate.pipeline.evidence import open_store, read_evidence
from gate.pipeline.proof import Keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gate.core.evidence.chain import Make
    from gate.core.evidence.held import Evidence, Proven
    from gate.core.evidence.record import Record
    from gate.core.policy import Policy
    from gate.evidence.port import Store
    from gate.git import Repository

MAX_KEYS_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for: whose signatures count, and which records. `remarks` are for people."""

    keys: Keys
    repository: str = ""
    commit: str = ""
    change: str = ""

    @property
    def remarks(self) -> tuple[str, ...]:
        return self.keys.remarks

    @property
    def is_filtered(self) -> bool:
        """Whether only some records are meant."""
        return bool(self.repository or self.commit or self.change)

    @property
    def told(self) -> str:
        """What the records have to be about, for people."""
        parts = (
            self.repository,
            self.commit and f"commit {self.commit}",
            self.change and f"request {self.change}",
        )
        return ", ".join(part for part in parts if part)

    def wants(self, record: Record) -> bool:
        """Whether a record is meant."""
        return (
            (not self.repository or record.repo.casefold() == self.repository.casefold())
            and record.commit.startswith(self.commit)
            and (not self.change or record.change == self.change)
        )

    @staticmethod
    def without_signatures(evidence: Evidence) -> Evidence:
        """Return the same without a word on records: only the chain was asked for."""
        return replace(evidence, records=())


class FileOfOne:
    """A single record in a file, as a store that cannot be added to."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = str(path)

    def read(self) -> Iterator[Stored]:
        try:
            with self._path.open("rb") as file:
                yield Stored(place=self._path.name, data=file.read(MAX_BYTES + 1))
        except OSError as error:
            raise EvidenceError(
                f"{self._path}: cannot be read: {error.strerror}", hint="Check the path and its permissions."
            ) from error

    def newest(self, _most: int) -> list[Stored]:
        return list(self.read())

    def append(self, _make: Make) -> Stored:
        raise EvidenceError(f"{self._path}: is a single record", hint=f"Give a store: {FORMS}.")


def ask(
    store: str | None,
    *,
    repo: Path,
    base: str | None,
    config: Path | None,
    signers: Path | None,
    revoked: Path | None,
    repository_name: str | None,
    commit: str | None,
    change: str | None,
    expected: tuple[str, ...],
    now: str,
) -> tuple[Evidence, Asked]:
    """Return the records that are meant, verified. With `signers` and a store outside of git no repository is read.

    Raises UsageError for options that fit nothing, and what reading policies and stores raises.
    """
    for end in expected:
        if not re.fullmatch(r"sha256:[0-9a-f]{64}", end):
            raise UsageError(
                f"--end {end}: is no digest",
                hint="Give all of sha256:…, as `gate evidence verify` prints it.",
            )
    for option, value, form in (("--commit", commit, "[0-9a-f]{4,64}"), ("--change", change, r"\d+")):
        if value is not None and not re.fullmatch(form, value):
            raise UsageError(
                f"{option} {value}: cannot be used", hint="Give hexadecimal digits of a commit, or a number."
            )
    if revoked is not None and signers is None:
        raise UsageError(
            "--revoked goes with --signers",
            hint="Without it the file .gate/revoked_keys of the base commit counts.",
        )
    file = Path(store).expanduser() if store is not None and _is_file(store) else None
    with ExitStack() as stack:
        repository: Repository | None = None
        policy: Policy | None = None
        if signers is None or store is None or store.partition(":")[0] == "git":
            from gate.git import Repository as Opened  # noqa: PLC0415 - a file and its signers need none

            repository = stack.enter_context(Opened.open(repo))
        if signers is None or store is None:
            policy, keys = _trusted(repository, base, config)
        if signers is not None:
            keys = Keys.of_file(
                _bytes(signers, "--signers"),
                signers.name,
                revoked=_bytes(revoked, "--revoked") if revoked else None,
            )
        text = store or (policy.evidence.store if policy else "")
        if not text:
            raise UsageError(
                "no store was named, and the policy has none (evidence.store)", hint=f"Write one: {FORMS}."
            )
        opened: Store = FileOfOne(file) if file is not None else open_store(text, repository)
        asked = Asked(keys=keys, repository=repository_name or "", commit=commit or "", change=change or "")
        return read_evidence(opened, keys, now=now, expected=expected, wanted=asked.wants), asked


def _is_file(text: str) -> bool:
    return ":" not in text and text != "git" and ("/" in text or "." in text or Path(text).exists())


def _trusted(repository: Repository | None, base: str | None, config: Path | None) -> tuple[Policy, Keys]:
    """The policy that says which store and whose signatures count. The head has no say in it."""
    from gate.pipeline import inputs  # noqa: PLC0415
    from gate.pipeline.evidence import keys_of  # noqa: PLC0415
    from gate.pipeline.request import Request  # noqa: PLC0415

    if repository is None:
        raise UsageError("neither a policy nor signers", hint="Give --signers FILE, or --repo.")
    commit = repository.resolve(base or repository.default_base())
    policy = inputs.load_policy(repository, commit, Request(config=config))
    return policy, keys_of(policy.evidence, repository, commit)


def _bytes(path: Path, option: str) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_KEYS_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}", hint=f"Check {option}.") from error
    if len(data) > MAX_KEYS_BYTES:
        raise UsageError(f"{path}: is larger than {MAX_KEYS_BYTES:,} bytes", hint=f"Check {option}.")
    return data


def find(evidence: Evidence, text: str) -> Proven:
    """Return the record that a number, or the beginning of a digest or commit, names; the newest of a commit.

    Raises UsageError if none or several are.
    """
    name = text.removeprefix("sha256:").lower()
    found = [one for one in evidence.records if text.isdigit() and str(one.record.number) == text]
    if not found and re.fullmatch("[0-9a-f]{4,64}", name):
        found = [one for one in evidence.records if one.digest[7:].startswith(name)]
        found = found or [one for one in evidence.records if one.record.commit.startswith(name)][-1:]
    if len(found) == 1:
        return found[0]
    many = "names several records" if found else "names no record"
    raise UsageError(
        f"{text}: {many} of {evidence.store}",
        hint="`gate evidence list` shows them. Give more of the digest.",
    )


def export(evidence: Evidence, keys: Keys, folder: Path, *, record: str | None) -> list[str]:
    """Write records as files, and return the lines that tell how to verify them with ssh-keygen alone."""
    chosen = [find(evidence, record)] if record else list(evidence.records)
    if not chosen:
        raise EvidenceError(
            f"{evidence.store}: there is nothing to export", hint="`gate evidence list` shows records."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(os.scandir(folder)):
            raise UsageError(f"{folder}: is not empty", hint="Give a new folder to --to.")
        (folder / "signers").write_text(
            "".join(f"{signer.line}\n" for signer in keys.signers), encoding="utf-8"
        )
        names = []
        for one in chosen:
            name = f"{one.record.number:06}-{one.digest[7:19]}.json"
            (folder / name).write_bytes(one.envelope.payload)
            if one.envelope.signature:
                (folder / f"{name}.sig").write_bytes(one.envelope.signature)
            names.append((name, one))
    except OSError as error:
        raise UsageError(
            f"{folder}: records could not be written: {error.strerror or error}", hint="Check --to."
        ) from error
    lines = [
        f"{len(names):,} records in {folder}. Each verifies by itself:",
        f"  cd {shlex.quote(str(folder))}",
    ]
    for name, one in names[:3]:
        lines.append(
            f"  ssh-keygen -Y verify -f signers -I {one.signer} -n gate-evidence -s {name}.sig < {name}"
            if not one.problem
            else f"  # {name}: {one.problem}"
        )
    return lines
