"""Records, machines that sign them, and stores of every kind."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gate.core.evidence.envelope import Envelope, write_envelope
from gate.core.evidence.record import Authors, Findings, Origin, Record, SignoffOutcome, write_record
from gate.evidence.files import FileStore
from gate.evidence.sqlite import SqliteStore
from gate.git import Repository
from gate.pipeline.proof import Keys as Trusted
from gate.signing import EVIDENCE, key_of, policy_signers
from gate.signing.signers import fingerprint
from tests.support.repos import Repo

if TYPE_CHECKING:
    from gate.core.evidence.chain import Ends
    from tests.signing.kit import Keys

NOW = "2026-02-01T00:00:00Z"
DIGEST = "sha256:" + "0" * 64
REF = "refs/notes/gate-evidence"


def record(nth: int = 1, /, **changes) -> Record:
    """A record of merge request `nth`."""
    plain = Record(
        repo="host.example/acme/shop",
        commit=f"{nth:040x}",
        tree="b" * 40,
        change=str(nth),
        target="refs/heads/main",
        base="c" * 40,
        merge_base="c" * 40,
        change_digest=DIGEST,
        policy_source=".gate.yml at cccccccccccc",
        policy_digest=DIGEST,
        rulesets_digest=DIGEST,
        registry_digest=DIGEST,
        preset="balanced",
        mode="enforce",
        gate_version="1.0",
        tools=(),
        findings=Findings(digest=DIGEST, severities={}, decisions={}),
        authors=Authors(
            verdict="undeclared",
            agents=(),
            commits=1,
            ai_commits=0,
            people=("dev",),
            more_people=0,
            unresolved=(),
        ),
        areas=(),
        signoff=SignoffOutcome(
            outcome="passed",
            required=False,
            ai=False,
            needed=0,
            accepted=(),
            reviews=(),
            ignored=(),
            statements=(),
            override=None,
        ),
        waivers=(),
        verdict="passed",
        exit_code=0,
        recorded_at=NOW,
        origin=Origin(job="", actor=""),
        report_digest=DIGEST,
    )
    return replace(plain, **changes)


def trusted(keys: Keys, *names: str, **until: str) -> Trusted:
    """Machines whose signatures count."""
    return Trusted(
        signers=policy_signers({name: [keys.public(name)] for name in names}, namespace=EVIDENCE, until=until)
    )


class Writer:
    """Makes what a store appends: the next of its records, signed with the key of `who`, or with none."""

    def __init__(self, keys: Keys | None = None, who: str = "ci") -> None:
        self.keys, self.who = keys, who
        self.calls = 0

    def of(self, what: Record):
        def make(ends: Ends) -> bytes:
            self.calls += 1
            linked = replace(what, previous=tuple(sorted(ends.digests)), number=ends.number + 1)
            return write_envelope(self.envelope(linked))

        return make

    def envelope(self, what: Record | bytes) -> Envelope:
        payload = what if isinstance(what, bytes) else write_record(what)
        if self.keys is None:
            return Envelope(payload=payload)
        signature = self.keys.sign(payload, self.who, namespace=EVIDENCE)
        return Envelope(payload=payload, signature=signature, keyid=fingerprint(key_of(signature)[0]))


def make_store(kind: str, folder: Path):
    """A store of this kind below `folder`, the same one each time."""
    if kind == "files":
        return FileStore(folder / "records")
    if kind == "sqlite":
        return SqliteStore(folder / "records.db")
    if kind == "git":
        path = folder / "store.git"
        if not path.exists():
            Repo(path, bare=True)
        return Repository.open(path).evidence_at(REF)
    raise ValueError(kind)


KINDS = ("files", "sqlite", "git")

_CHILD = """
import sys
from pathlib import Path
from tests.evidence.kit import Writer, make_store, record
kind, folder, first, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
writer = Writer()
store = make_store(kind, folder)
for number in range(first, first + count):
    store.append(writer.of(record(number)))
"""


def start_writer(
    kind: str, folder: Path, first: int, count: int, *, before: tuple[str, ...] = (), **how
) -> subprocess.Popen[str]:
    """Another process that appends the records `first` to `first + count - 1`."""
    return subprocess.Popen(
        [*before, sys.executable, "-c", _CHILD, kind, str(folder), str(first), str(count)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **how,
    )
