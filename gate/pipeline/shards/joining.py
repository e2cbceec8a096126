"""All shards of one scan, proved to be just these, as the runs of the scanners that they stand in for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from gate.core.scan import ToolRun
from gate.core.words import listed, shown
from gate.errors import IncompleteError
from gate.pipeline.shards.document import Refused, read
from gate.scanners import SCANNERS
from gate.scanners.joined import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from gate.core.policy import ScannersPolicy
    from gate.core.scan import ScanReport
    from gate.pipeline.shards.document import Shard

_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")

#: The files of each of n shards.
Shares = Callable[[int], Sequence[frozenset[str]]]

#: What is wrong where a value of `scan` is another one, by its key; only the first that differs is told.
FOREIGN = {
    "kind": "is of the other kind of scan: with --path DIR those of gate scan are joined, without it those of a change",
    "gate": "was written by another version of gate",
    "code": "was written by another build of this version of gate",
    "head": "is of another head",
    "merge_base": "is of another merge base",
    "policy": "was made with another policy; give --config, --mode and --fail-level alike to shards and here",
    "rules": "was made with other rules",
    "scanners": "was made with other scanners; give --scanners alike to shards and here",
    "tools": "was made with other versions of the scanners",
    "files": "is of other files, or of other content of them",
}
_HINT = (
    "Give the reports that all N jobs with --shard 1/N to N/N wrote, with the same commits, policy and gate.\n"
    "This is not a pass."
)


def join(
    places: Sequence[Path],
    scan: Mapping[str, str],
    shares_of: Shares,
    policy: ScannersPolicy,
    secret: bytes,
) -> tuple[ToolRun, ...]:
    """Return what the scanners of all shards said together, as one run of each.

    `places` are files, or folders with nothing but shard reports. `scan` is what each shard must say of itself.
    Raises IncompleteError, which names every file that is not one of them and every shard that is missing.
    """
    shards, problems = _read(_files(places), secret)
    problems += _foreign(shards, scan)
    problems = problems or list(_numbers(shards))
    ordered = sorted(shards.items(), key=lambda item: item[1].part)
    if not problems:
        shares = shares_of(ordered[0][1].part.of)
        problems += (f"{shown(name)}: {why}" for name, shard in ordered for why in _contents(shard, shares))
    if not problems:
        try:
            runs = [_run([shard.runs[n] for _, shard in ordered]) for n in range(len(SCANNERS))]
        except ValueError as error:
            problems.append(f"the shards do not fit together: {error}")
        else:
            return tuple(_as_required(run, policy) for run in runs)
    raise IncompleteError("\n".join(problems), hint=_HINT)


def _files(places: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for place in places:
        inside = sorted(place.glob("*.json")) if place.is_dir() else [place]
        if not inside:
            raise IncompleteError(f"{place}: there is no shard report (*.json) in this folder", hint=_HINT)
        found += inside
    return found


def _read(files: Iterable[Path], secret: bytes) -> tuple[dict[str, Shard], list[str]]:
    shards: dict[str, Shard] = {}
    problems = []
    for file in files:
        try:
            shards[str(file)] = read(file, secret)
        except Refused as error:
            problems.append(f"{shown(str(file))}: {error}")
    return shards, problems


def _foreign(shards: Mapping[str, Shard], scan: Mapping[str, str]) -> Iterator[str]:
    for name, shard in shards.items():
        for key, text in FOREIGN.items():
            has, wants = shard.scan.get(key, ""), scan[key]
            if has != wants:
                yield f"{shown(name)}: {text} ({_short(has)}, not {_short(wants)})"
                break


def _short(value: str) -> str:
    """The beginning of a digest, a commit, or of what identifies each scanner: tool, version and engine."""
    if ";" in value:
        return "; ".join(" ".join(one.split()[:4]) for one in value.split(";"))
    length = 19 if value.startswith("sha256:") else 12 if _ID.fullmatch(value) else 60
    return shown(value[:length]) or "none"


def _numbers(shards: Mapping[str, Shard]) -> Iterator[str]:
    """Say which shards are there twice, missing, or of another number of shards."""
    first = next(iter(shards.values())).part
    names: dict[int, list[str]] = {}
    for name, shard in shards.items():
        if shard.part.of != first.of:
            yield f"{shown(name)}: is shard {shard.part}, but others are of {first.of}"
        names.setdefault(shard.part.number, []).append(name)
    for number, of in sorted(names.items()):
        if len(of) > 1:
            yield f"shard {number}/{first.of} is given {len(of)} times: {listed(list(map(shown, of)))}"
    missing = [f"{number}/{first.of}" for number in range(1, first.of + 1) if number not in names]
    if missing:
        yield f"missing: shard {listed(missing, most=20)}"


def _contents(shard: Shard, shares: Sequence[frozenset[str]]) -> Iterator[str]:
    """Say where a shard speaks of other files than its own, or not of every scanner."""
    own = shares[shard.part.number - 1]
    if set(shard.files) != own or len(shard.files) != len(own):
        yield f"its files are not those of shard {shard.part} of this scan"
    tools = [run.head.tool for run in shard.runs if run.base is None or run.base.tool == run.head.tool]
    if tools != list(SCANNERS):
        yield f"it does not hold one run of each scanner: {', '.join(SCANNERS)}"
    for run in shard.runs:
        for report in filter(None, (run.head, run.base)):
            accounted = {*report.scanned, *(miss.path for miss in report.unscanned)}
            if set(report.targets) != accounted:
                yield f"{report.tool} does not account for each file that it was to read"
            others = _paths(report) - own
            if others:
                yield f"{report.tool} speaks of files that are not its own: {listed(list(map(shown, sorted(others))), most=3)}"


def _paths(report: ScanReport) -> set[str]:
    named = chain(
        (sighting.path for sighting in report.sightings),
        (hit.path for hit in report.area_hits),
        (miss.path for miss in report.unscanned),
    )
    return {*report.targets, *report.scanned, *report.also_read, *named}


def _run(runs: Sequence[ToolRun]) -> ToolRun:
    bases = [run.base for run in runs if run.base is not None]
    if len(bases) not in (0, len(runs)):
        raise ValueError("some have a base and some have none")
    return ToolRun(head=joined([run.head for run in runs]), base=joined(bases) if bases else None)


def _as_required(run: ToolRun, policy: ScannersPolicy) -> ToolRun:
    """The policy says what is required, whatever a shard says."""
    required = getattr(policy, run.head.tool).required
    base = None if run.base is None else replace(run.base, required=required)
    return ToolRun(head=replace(run.head, required=required), base=base)
