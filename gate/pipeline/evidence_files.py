"""Records in single files: read as a store, and written for ssh-keygen alone."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from gate.core.evidence.chain import Stored
from gate.core.evidence.envelope import write_envelope
from gate.core.evidence.place import FORMS
from gate.errors import EvidenceError, UsageError
from gate.evidence.bundle import MAX_BYTES, is_bundle, read_bundle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from gate.core.evidence.chain import Make
    from gate.core.evidence.held import Proven
    from gate.pipeline.proof import Keys

#: Commands that are printed; those for more records differ in the name only.
MOST_COMMANDS = 3


class RecordFile:
    """A file with one record, or with those of a release, as a store that cannot be added to."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = str(path)

    def bytes(self) -> bytes:
        """The content of the file. Raises EvidenceError if it cannot be read, or is larger than anything of ours."""
        try:
            with self._path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise EvidenceError(
                f"{self._path}: cannot be read: {error.strerror}", hint="Check the path and its permissions."
            ) from error
        if len(data) > MAX_BYTES:
            raise EvidenceError(
                f"{self._path}: is larger than {MAX_BYTES:,} bytes",
                hint="It is no evidence of this program.",
            )
        return data

    def read(self) -> Iterator[Stored]:
        """Yield its records."""
        data = self.bytes()
        if not is_bundle(data):
            yield Stored(place=self._path.name, data=data)
            return
        try:
            bundle = read_bundle(data)
        except ValueError as error:
            raise EvidenceError(
                f"{self._path}: the evidence of a release cannot be read: {error}", hint="Get the file again."
            ) from error
        for number, envelope in enumerate(bundle.records):
            yield Stored(place=f"records[{number}]", data=write_envelope(envelope))

    def newest(self, most: int) -> list[Stored]:
        return list(self.read())[:most]

    def share(self) -> None:
        pass

    def append(self, _make: Make) -> Stored:
        raise EvidenceError(f"{self._path}: is a file of records", hint=f"Give a store: {FORMS}.")


def export(store: str, records: Sequence[Proven], keys: Keys, folder: Path) -> list[str]:
    """Write records of `store` as files, and return the lines that tell how to verify them with ssh-keygen alone."""
    if not records:
        raise EvidenceError(
            f"{store}: there is nothing to export", hint="`gate evidence list` shows records."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(os.scandir(folder)):
            raise UsageError(f"{folder}: is not empty", hint="Give a new folder to --to.")
        signers = "".join(f"{signer.line}\n" for signer in keys.signers)
        (folder / "signers").write_text(signers, encoding="utf-8")
        for one in records:
            (folder / _name(one)).write_bytes(one.envelope.payload)
            if one.envelope.signature:
                (folder / f"{_name(one)}.sig").write_bytes(one.envelope.signature)
    except OSError as error:
        raise UsageError(
            f"{folder}: records could not be written: {error.strerror or error}", hint="Check --to."
        ) from error
    count = "1 record" if len(records) == 1 else f"{len(records):,} records"
    lines = [f"{count} in {folder}. Each verifies by itself:", f"  cd {shlex.quote(str(folder))}"]
    return lines + [f"  {_command(one)}" for one in records[:MOST_COMMANDS]]


def _name(one: Proven) -> str:
    return f"{one.record.number:06}-{one.digest[7:19]}.json"


def _command(one: Proven) -> str:
    name = _name(one)
    if one.problem:
        return f"# {name}: {one.problem}"
    return f"ssh-keygen -Y verify -f signers -I {one.signer} -n gate-evidence -s {name}.sig < {name}"
