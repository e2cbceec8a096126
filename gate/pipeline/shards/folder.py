"""A folder, scanned in shards: what is in it, and who reads what."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gate.core.change import path_bytes
from gate.core.evidence import digest
from gate.core.scan import ToolRun
from gate.core.shard import FILE_COST, split
from gate.errors import IncompleteError
from gate.scanners import reading_cost
from gate.scanners.names import collision_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from gate.core.policy import Policy
    from gate.core.scan import ScanReport
    from gate.core.shard import Part
    from gate.pipeline.shards.document import Shard
    from gate.scanners import Rules, Target, TreeFile


@dataclass(slots=True)
class Listing:
    """What files a folder held when it was read: by path, mode, size in bytes and SHA-256 of the content."""

    rows: dict[str, tuple[str, int, str]] = field(default_factory=dict)

    def over(self, targets: Iterable[Target]) -> Iterator[Target]:
        """Yield these targets and remember each."""
        for target in targets:
            self.rows[target.path] = (
                target.mode,
                len(target.data),
                hashlib.sha256(target.data).hexdigest(),
            )
            yield target

    def prove(self, files: Iterable[TreeFile]) -> None:
        """Raise IncompleteError if one of these files, read again, is another one than before."""
        for file in files:
            if self.rows[file.path][2] != file.digest:
                raise IncompleteError(
                    f"{file.path}: was changed while it was scanned",
                    hint="Let nothing write into the folder meanwhile, and scan it again.",
                )

    def shares(self, policy: Policy, of: int) -> Sequence[frozenset[str]]:
        """Return the paths of each of `of` shards."""
        limit, exclude = policy.scanners.max_file_bytes, policy.scanners.exclude

        def cost(path: str, size: int) -> int:
            if size > limit or any(glob.matches(path) for glob in exclude):
                return FILE_COST
            return FILE_COST + reading_cost(path, size)

        costs = {path: cost(path, size) for path, (_, size, _) in self.rows.items()}
        return split(costs, of, together=collision_key)

    def shard(
        self,
        part: Part,
        policy: Policy,
        rules: Rules,
        only: frozenset[str] | None,
        reports: Iterable[ScanReport],
        left_open: tuple[str, ...],
    ) -> Shard:
        """Return the shard of what the scanners said about the files of one share."""
        from gate.pipeline.shards.document import Shard  # noqa: PLC0415 - most scans have none

        own = self.shares(policy, part.of)[part.number - 1]
        return Shard(
            part=part,
            scan=self._scan(policy, rules, only),
            files=tuple(sorted(own, key=path_bytes)),
            runs=tuple(ToolRun(head=report) for report in reports),
            left_open=left_open,
        )

    def join(
        self,
        places: Sequence[Path],
        policy: Policy,
        rules: Rules,
        only: frozenset[str] | None,
        secret: bytes,
    ) -> tuple[ScanReport, ...]:
        """Return what the scanners of all shards said together. Raises what `gate.pipeline.shards.joining.join` raises."""
        from gate.pipeline.shards.joining import join  # noqa: PLC0415

        scan = self._scan(policy, rules, only)
        runs = join(places, scan, functools.partial(self.shares, policy), policy.scanners, secret)
        return tuple(run.head for run in runs)

    def _scan(self, policy: Policy, rules: Rules, only: frozenset[str] | None) -> Mapping[str, str]:
        from gate.pipeline.shards.identity import made_with  # noqa: PLC0415

        rows = sorted((path, *row) for path, row in self.rows.items())
        nothing = dict.fromkeys(("merge_base", "head"), "")
        return {"kind": "folder", **nothing, "files": digest(rows), **made_with(policy, rules, only)}
