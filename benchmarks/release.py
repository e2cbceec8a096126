"""What `gate release` costs beyond the scan of its range, for ranges of many steps with a signed record each.

  python benchmarks/release.py [--steps 1000,10000] [--open N] [--store files|sqlite]

A line of commits is made, each a merge request in an area that somebody must answer for, squashed as a forge does it,
with a record that a machine signed. Timed are the parts of the release job apart from the scan, each by itself: what
each step changes and who wrote it, reading and matching records, verifying their signatures, and the decision. With
`--open` so many steps have no record and are looked at one by one. Processor time counts the children, such as git
and ssh-keygen; wall time is that of a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from gate.core.evidence import record as rec
from gate.core.evidence.envelope import Envelope, write_envelope
from gate.core.evidence.of_run import record_of
from gate.core.release.model import State
from gate.git import Repository
from gate.pipeline.evidence import open_store
from gate.pipeline.release import evidence, records, run, units
from gate.pipeline.release.run import Wanted, judge_release
from gate.pipeline.request import Request
from gate.signing import key_of
from gate.signing.signers import fingerprint
from tests.release.kit import NOW, Keys, Story
from tests.support.repos import Repo

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Files that the steps change in turn.
FILES = 100


class Clock:
    """Seconds of the named parts: wall, and processor time of this process and of its children that ended."""

    def __init__(self) -> None:
        self.parts: dict[str, tuple[float, float]] = {}

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        wall, spent = time.perf_counter(), processor()
        yield
        before = self.parts.get(name, (0.0, 0.0))
        self.parts[name] = (before[0] + time.perf_counter() - wall, before[1] + processor() - spent)

    def wrap(self, module: object, name: str, label: str) -> None:
        """Time every call of a function of a module."""
        function = getattr(module, name)

        def timed(*given: object, **named: object) -> object:
            with self.part(label):
                return function(*given, **named)

        setattr(module, name, timed)


def processor() -> float:
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def history(repo: Repo, count: int, start: str) -> None:
    """Commit `count` steps on main in one git fast-import."""
    lines = [b"feature done\n", f"reset refs/heads/main\nfrom {start}\n\n".encode()]
    for number in range(count):
        text = f"def login(user, password):\n    return check(user, password, {number})\n"
        message = f"Change {number} (#{number + 1})\n"
        stamp = 1_767_300_000 + number
        lines.append(
            f"commit refs/heads/main\nauthor dev <dev@acme.example> {stamp} +0000\n"
            f"committer GitHub <noreply@github.com> {stamp} +0000\ndata {len(message)}\n{message}"
            f"M 100644 inline auth/f{number % FILES}.py\ndata {len(text)}\n{text}\n".encode()
        )
    repo.git("fast-import", "--quiet", "--force", stdin=b"".join([*lines, b"done\n"]))


def leave_records(story: Story, folder: Path, store: str, count: int, open_steps: int) -> str:
    """Leave a signed record for each step but the `open_steps` newest, and return the name of the store."""
    story.branch()
    story.topic({"auth/one.py": "token = 1\n"})
    story.judge(record=False)
    with Repository.open(story.repo.path) as opened:
        model = record_of(
            story.run,
            tree=opened.tree_id(story.run.facts.change.head),
            change="1",
            recorded_at=NOW,
            origin=rec.Origin(job="https://ci.example/jobs/1", actor="ci"),
            report_digest="sha256:" + "0" * 64,
            findings_digest="sha256:" + "0" * 64,
        )
        change = opened.change("v1.0", "v1.1")
        authorship = units.authorship_of((), {})
        steps = list(reversed(units.find_units(opened, change, authorship)))
    place = folder / ("records" if store == "files" else "records.db")
    name = f"{store}:{place}"
    opened_store = open_store(name)
    previous: tuple[str, ...] = ()
    payloads = []
    for number, unit in enumerate(steps[: count - open_steps], 1):
        record = replace(
            model,
            commit=unit.sha,
            base=unit.parent or "",
            merge_base=unit.parent or "",
            change=str(number),
            change_digest=unit.change_digest,
            previous=previous,
            number=number,
        )
        payload = rec.write_record(record)
        previous = (rec.record_digest(payload),)
        payloads.append(payload)
    with ThreadPoolExecutor(4) as pool:
        signatures = list(
            pool.map(lambda raw: story.keys.sign(raw, "ci", namespace="gate-evidence"), payloads)
        )
    for payload, signature in zip(payloads, signatures, strict=True):
        keyid = fingerprint(key_of(signature)[0])
        data = write_envelope(Envelope(payload=payload, signature=signature, keyid=keyid))
        opened_store.append(lambda _ends, data=data: data)
    return name


def measure(folder: Path, count: int, open_steps: int, store: str) -> None:
    keys_folder = folder / "keys"
    keys_folder.mkdir(parents=True)
    repo = Repo(folder / "shop")
    story = Story(repo, Keys(keys_folder), folder).start()
    history(repo, count, repo.rev("v1.0"))
    repo.tag("v1.1", "main", message="v1.1")
    repo.checkout("main")
    name = leave_records(story, folder, store, count, open_steps)
    clock = Clock()
    with clock.part("all"):
        clock.wrap(run, "scan_change", "scan")
        clock.wrap(run, "find_units", "steps")
        clock.wrap(evidence, "read_records", "read records")
        clock.wrap(records.Matcher, "match", "match and verify")
        clock.wrap(run, "with_areas", "areas of open steps")
        clock.wrap(run, "read_statements", "statements")
        clock.wrap(run, "cover", "decide")
        clock.wrap(run, "objections", "decide")
        request = Request(repo=repo.path, now=NOW)
        released = judge_release(request, Wanted(range="v1.0..v1.1", evidence=name), lambda _: None)
    covered = len(released.release.in_state(State.COVERED))
    assert covered == count - open_steps, (covered, released.run.verdict.reasons[0].because)
    beyond = [part for label, part in clock.parts.items() if label not in ("all", "scan")]
    print(f"{count:,} steps, {open_steps:,} without a record, store {store}")
    for label, (wall, spent) in clock.parts.items():
        print(f"  {label:22} {wall:7.2f} s wall  {spent:7.2f} s processor")
    print(f"  {'beyond the scan':22} {sum(wall for wall, _ in beyond):7.2f} s wall")


def main() -> None:
    """Measure each size in a process of its own: what is wrapped stays wrapped."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--steps", default="1000,10000")
    asked.add_argument("--open", type=int, default=0)
    asked.add_argument("--store", choices=("files", "sqlite"), default="files")
    given = asked.parse_args()
    for count in map(int, given.steps.split(",")):
        with tempfile.TemporaryDirectory(prefix="gate-bench-") as folder:
            measure(Path(folder), count, given.open, given.store)


if __name__ == "__main__":
    main()
