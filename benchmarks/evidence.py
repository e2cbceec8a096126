"""How fast records of verdicts are left, read and verified, and whether writers that crowd each other lose any.

  python benchmarks/evidence.py [--records N] [--writers N] [--stores files,sqlite,git] [--postgresql URL]

one      `gate evidence verify FILE` of one signed record beside a start of the program, rounds interleaved: the
         processor time of both, their children included, and the difference (--runs N)
crowd    N writers at once leave all records of --records, signed, in a store of each kind: how many there are
         afterwards, whether the chain is whole, wall time
read     the same store read and verified: every form, the whole chain, every signature
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from gate.core.evidence.envelope import write_envelope
from gate.evidence.postgresql import PostgresqlStore
from gate.pipeline.evidence import read_evidence
from tests.evidence.kit import NOW, Writer, make_store, record, trusted
from tests.signing.kit import Keys

if TYPE_CHECKING:
    from gate.evidence.port import Store

GATE = str(Path(sys.executable).parent / "gate")
ROOT = Path(__file__).resolve().parent.parent
#: A writer is a process of this file itself.
WRITER = "--as-writer"


def open_store(kind: str, place: str) -> Store:
    return PostgresqlStore(place) if kind == "postgresql" else make_store(kind, Path(place))


def write(kind: str, place: str, keys: str, first: int, count: int) -> None:
    store, writer = open_store(kind, place), Writer(Keys(Path(keys)))
    for number in range(first, first + count):
        store.append(writer.of(record(number)))


def cpu(command: list[str], folder: Path) -> float:
    """Processor seconds of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def one(folder: Path, keys: Keys, runs: int) -> None:
    (folder / "one.evidence.json").write_bytes(write_envelope(Writer(keys).envelope(record(1))))
    (folder / "signers").write_text(f'ci namespaces="gate-evidence" {keys.public("ci")}\n')
    start = [GATE, "evidence", "verify", "--help"]
    verify = [GATE, "evidence", "verify", "one.evidence.json", "--signers", "signers", "--now", NOW]
    rounds = [(cpu(start, folder), cpu(verify, folder)) for _ in range(runs)]
    more = statistics.median(full - bare for bare, full in rounds)
    print(
        f"one      start {statistics.median(b for b, _ in rounds) * 1000:.0f} ms, "
        f"verify {statistics.median(v for _, v in rounds) * 1000:.0f} ms, beyond the start {more * 1000:.0f} ms "
        f"(processor time, median of {runs} rounds)"
    )


def crowd(kind: str, place: str, keys: Keys, records: int, writers: int) -> None:
    each = records // writers
    started = time.monotonic()
    running = [
        subprocess.Popen(
            [sys.executable, __file__, WRITER, kind, place, str(keys.folder), str(1 + n * each), str(each)],
            cwd=ROOT,
            env=os.environ
            | {
                "PYTHONPATH": os.pathsep.join(
                    [str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
                )
            },
        )
        for n in range(writers)
    ]
    failed = sum(writer.wait() != 0 for writer in running)
    took = time.monotonic() - started
    started, before = time.monotonic(), time.process_time()
    evidence = read_evidence(open_store(kind, place), trusted(keys, "ci"), now=NOW)
    read = time.monotonic() - started
    there = {int(proven.record.commit, 16) for proven in evidence.records if not proven.problem}
    lost = len(set(range(1, each * writers + 1)) - there)
    print(
        f"{kind:<11}{writers} writers, {each * writers:,} records in {took:.0f} s ({took / (each * writers) * 1000:.1f} ms "
        f"each), writers that failed {failed}, records lost {lost}, chain {'whole' if evidence.is_whole else 'BROKEN'}; "
        f"read and verified in {read:.1f} s ({time.process_time() - before:.1f} s of processor time)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--stores", default="files,sqlite,git")
    parser.add_argument("--postgresql", metavar="URL", help="an empty database")
    parser.add_argument("--runs", type=int, default=15)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gate-bench-") as name:
        folder = Path(name)
        keys = Keys(folder)
        keys.private("ci")
        one(folder, keys, given.runs)
        for kind in filter(None, given.stores.split(",")):
            if kind == "git":
                make_store(kind, folder)
            crowd(kind, str(folder), keys, given.records, given.writers)
        if given.postgresql:
            crowd("postgresql", given.postgresql, keys, given.records, given.writers)


if __name__ == "__main__":
    if sys.argv[1:2] == [WRITER]:
        kind, place, keys, first, count = sys.argv[2:]
        write(kind, place, keys, int(first), int(count))
    else:
        main()
