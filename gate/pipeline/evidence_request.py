"""What `gate evidence` reads: which store, whose signatures, which records of it."""

from __future__ import annotations

import re
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gate.core.evidence.place import FORMS, GIT
from gate.errors import UsageError
from gate.evidence.bundle import is_bundle
from gate.pipeline.evidence import open_store, read_evidence
from gate.pipeline.evidence_files import RecordFile
from gate.pipeline.proof import Keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gate.core.evidence.held import Evidence, Proven
    from gate.core.evidence.record import Record
    from gate.core.policy import Policy
    from gate.evidence.port import Store
    from gate.git import Repository
    from gate.pipeline.attestation import Attested

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The options of `gate evidence`. `store` is as the user wrote it; None of the others: not given."""

    store: str | None
    repo: Path
    base: str | None = None
    config: Path | None = None
    signers: Path | None = None
    revoked: Path | None = None
    repository: str | None = None
    commit: str | None = None
    change: str | None = None
    tag: str | None = None
    expected: tuple[str, ...] = ()
    now: str = ""

    @property
    def file(self) -> Path | None:
        """The file that `store` names, if it names one."""
        return Path(self.store).expanduser() if self.store is not None and _is_file(self.store) else None

    def check(self) -> None:
        """Raise UsageError for options that fit nothing."""
        for end in self.expected:
            if not re.fullmatch(r"sha256:[0-9a-f]{64}", end):
                raise UsageError(
                    f"--end {end}: is no digest",
                    hint="Give all of sha256:…, as `gate evidence verify` prints it.",
                )
        for option, text in (("--repository", self.repository), ("--tag", self.tag)):
            if text == "":  # would compare nothing, and verify
                raise UsageError(
                    f"{option} is empty",
                    hint="Give a value, or leave it out. In CI: is the variable behind it set?",
                )
        for option, value, form, hint in (
            (
                "--commit",
                self.commit,
                "[0-9a-f]{4,64}",
                "Give hexadecimal digits of its id, in small letters.",
            ),
            ("--change", self.change, r"\d+", "Give the number of the merge request."),
        ):
            if value is not None and not re.fullmatch(form, value):
                raise UsageError(f"{option} {value}: cannot be used", hint=hint)
        if self.revoked is not None and self.signers is None:
            raise UsageError(
                "--revoked goes with --signers",
                hint="Without it the file .gate/revoked_keys of the base commit counts.",
            )


def ask(question: Question) -> tuple[Evidence, Asked]:
    """Return the records that are meant, verified.

    Raises UsageError for options that fit nothing, and what reading policies and stores raises.
    """
    with _opened(question) as (keys, text, repository):
        file = question.file
        store: Store = RecordFile(file) if file is not None else open_store(text, repository)
        asked = Asked(
            keys=keys,
            repository=question.repository or "",
            commit=question.commit or "",
            change=question.change or "",
        )
        evidence = read_evidence(
            store,
            keys,
            now=question.now,
            expected=question.expected,
            wanted=asked.wants,
            chained=file is None,
        )
        return evidence, asked


def release_of(question: Question) -> Attested | None:
    """Return what the evidence of a release is worth; None if `store` is no such file."""
    if question.file is None or not question.file.is_file():
        return None
    data = RecordFile(question.file).bytes()
    if not is_bundle(data):
        return None
    from gate.pipeline.attestation import verify_attestation  # noqa: PLC0415

    with _opened(question) as (keys, _, _):
        return verify_attestation(
            data,
            keys,
            now=question.now,
            repository=question.repository or "",
            commit=question.commit or "",
            tag=question.tag or "",
        )


@contextmanager
def _opened(question: Question) -> Iterator[tuple[Keys, str, Repository | None]]:
    """Give whose signatures count, the text of the store, and the repository, if one is needed: with `signers` and
    a store outside of git none is.
    """
    question.check()
    store, signers = question.store, question.signers
    with ExitStack() as stack:
        repository: Repository | None = None
        policy: Policy | None = None
        if signers is None or store is None or store.partition(":")[0] == GIT:
            from gate.git import Repository as Opened  # noqa: PLC0415 - a file and its signers need none

            repository = stack.enter_context(Opened.open(question.repo))
        if signers is None or store is None:
            policy, keys = _trusted(repository, question.base, question.config)
        if signers is not None:
            revoked = _bytes(question.revoked, "--revoked") if question.revoked else None
            keys = Keys.of_file(_bytes(signers, "--signers"), signers.name, revoked=revoked)
        text = store or (policy.evidence.store if policy else "")
        if not text:
            raise UsageError(
                "no store was named, and the policy has none (evidence.store)", hint=f"Write one: {FORMS}."
            )
        yield keys, text, repository


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


def only(evidence: Evidence) -> Proven:
    """Return the one record of a file. Raises UsageError if there are several or none."""
    if len(evidence.records) == 1:
        return evidence.records[0]
    raise UsageError(
        f"{evidence.store}: holds {len(evidence.records)} records that can be read",
        hint=f"Say which: gate evidence show RECORD {evidence.store}. `gate evidence list {evidence.store}` shows them.",
    )
