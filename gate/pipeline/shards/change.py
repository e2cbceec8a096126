"""A change, scanned in shards: one runner's share, and all shards in the place of the scanners."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from gate.core.change import ABSENT, Content, FileChange
from gate.core.evidence import digest
from gate.core.shard import FILE_COST, split
from gate.errors import IncompleteError
from gate.pipeline.cache import is_brought, open_cache
from gate.pipeline.sides import scan_sides, stand_in
from gate.scanners import reading_cost
from gate.scanners.names import collision_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gate.core.change import ChangeSet
    from gate.core.policy import Policy
    from gate.core.shard import Part
    from gate.git import Repository
    from gate.pipeline.request import Progress, Request
    from gate.pipeline.shards.document import Shard
    from gate.pipeline.sides import Scanned
    from gate.scanners import Rules


def scan_change(
    repository: Repository,
    change: ChangeSet,
    policy: Policy,
    rules: Rules,
    request: Request,
    progress: Progress,
) -> Scanned:
    """Return what the scanners say about a change: from the shards of `request` if it has some, else by running them.

    Raises IncompleteError if the shards are not exactly those of this change.
    """
    if request.shards:
        from gate.pipeline.shards.joining import join  # noqa: PLC0415 - most runs have none

        progress("joining shards")
        for place in request.shards:
            if is_brought(place, repository, change.head):
                raise IncompleteError(
                    f"{place}: is part of the commit under review, so whoever wrote that wrote it",
                    hint="Let CI put shard reports where no file of the repository can lie. This is not a pass.",
                )
        scan = _scan(change, policy, rules, request.scanners)
        runs = join(
            request.shards,
            scan,
            functools.partial(_shares, change, policy),
            policy.scanners,
            request.shard_secret,
        )
        return stand_in(repository, change, policy, rules, runs)
    with open_cache(request, progress, repository, change.head) as cache:
        return scan_sides(
            repository,
            change,
            policy,
            rules,
            only=request.scanners,
            jobs=request.processes,
            progress=progress,
            cache=cache,
        )


def scan_share(
    repository: Repository,
    change: ChangeSet,
    policy: Policy,
    rules: Rules,
    request: Request,
    part: Part,
    progress: Progress,
) -> Shard:
    """Scan one share of a change and return it as a shard, which says nothing about the rest."""
    from gate.core.shard_state import left_open  # noqa: PLC0415 - most runs have no shards
    from gate.pipeline.shards.document import Shard  # noqa: PLC0415

    own = _shares(change, policy, part.of)[part.number - 1]
    with open_cache(request, progress, repository, change.head) as cache:
        scanned = scan_sides(
            repository,
            change,
            policy,
            rules,
            only=request.scanners,
            jobs=request.processes,
            progress=progress,
            cache=cache,
            own=own,
        )
    return Shard(
        part=part,
        scan=_scan(change, policy, rules, request.scanners),
        files=tuple(file.path for file in change.files if file.path in own),
        runs=scanned.runs,
        left_open=left_open(scanned.runs, policy.scanners.coverage),
    )


def _scan(change: ChangeSet, policy: Policy, rules: Rules, only: frozenset[str] | None) -> Mapping[str, str]:
    from gate.pipeline.shards.identity import made_with  # noqa: PLC0415

    # Not the base: while jobs run, the target branch moves on, and what is scanned hangs on the merge base alone.
    rows = [(f.path, f.old_mode, f.old_blob, f.new_mode, f.new_blob) for f in change.files]
    return {
        "kind": "change",
        "merge_base": " ".join(change.merge_bases),
        "head": change.head,
        "files": digest(rows),
        **made_with(policy, rules, only),
    }


def _shares(change: ChangeSet, policy: Policy, of: int) -> Sequence[frozenset[str]]:
    costs = {file.path: _cost(file, policy) for file in change.files}
    return split(costs, of, together=collision_key)


def _cost(file: FileChange, policy: Policy) -> int:
    """What a file costs the scanners. Of a base they mostly read what differs, which costs about half."""
    if any(glob.matches(file.path) for glob in policy.scanners.exclude):
        return FILE_COST
    sides = (
        (file.new_mode, file.new_content, file.new_size, 1),
        (file.old_mode, file.old_content, file.old_size, 2),
    )
    return FILE_COST + sum(
        reading_cost(file.path, size) // divisor
        for mode, content, size, divisor in sides
        if mode != ABSENT
        and content in (Content.TEXT, Content.WIDE_TEXT)
        and size <= policy.scanners.max_file_bytes
    )
