"""Both sides of a change in front of the scanners, without touching the user's work tree."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gate.core.change import ABSENT, Content
from gate.core.scan import ScanStatus, ToolRun
from gate.core.source.outline import outline
from gate.errors import GitError, ScannerError
from gate.pipeline import inputs
from gate.pipeline.places import locate
from gate.scanners import Target, TargetTree, remember, scan_both, uncovered
from gate.scanners.accounting import shortened
from gate.scanners.tree import Recalled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from gate.core.change import ChangeSet
    from gate.core.facts import Excluded
    from gate.core.policy import Policy
    from gate.core.source.outline import Outline
    from gate.git import Repository
    from gate.pipeline.request import Progress
    from gate.scanners import Rules, TreeFile
    from gate.scanners.cache import Cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What the scanners said: `excluded` files the policy leaves out, in `uncovered` code nobody looks for weaknesses."""

    runs: tuple[ToolRun, ...]
    excluded: tuple[Excluded, ...] = ()
    uncovered: tuple[str, ...] = ()


Outlined = Callable[["TreeFile", bytes], "Outline | None"]

#: What looks at a running service.
TARGET = "target"
#: Source at the base for which outlines pay: with less, reading doubtful files once more costs as much as they save.
OUTLINE_BYTES = 500_000

_MANIFESTS = ("pyproject.toml", "setup.cfg")


def scan_sides(
    repository: Repository,
    change: ChangeSet,
    policy: Policy,
    rules: Rules,
    *,
    only: frozenset[str] | None,
    jobs: int,
    progress: Progress,
    cache: Cache | None = None,
    own: frozenset[str] | None = None,
) -> Scanned:
    """Scan the changed files at head and the same files at the merge base.

    With `own` only these files are scanned, and no message of a scanner is left out: others are to be added.
    """
    limit = policy.scanners.max_file_bytes
    memory = remember(cache, policy.scanners, rules, only=only)
    with ExitStack() as stack:
        head, base = (
            stack.enter_context(
                TargetTree.write(
                    _targets(repository, change, side, limit, own),
                    max_file_bytes=limit,
                    exclude=policy.scanners.exclude,
                    memory=memory,
                    outlined=outlined,
                )
            )
            for side, outlined in (("new", lambda _file, _data: None), ("old", _outlines(change)))
        )
        progress(f"scanning {len(head.files):,} changed files, and {len(base.files):,} at the base")
        runs = scan_both(
            head,
            base,
            policy.scanners,
            rules,
            only=only,
            jobs=jobs,
            progress=progress,
            memory=memory,
            locate=locate,
        )
        return _scanned(head, runs if own is not None else _cut(runs), rules)


def stand_in(
    repository: Repository, change: ChangeSet, policy: Policy, rules: Rules, runs: tuple[ToolRun, ...]
) -> Scanned:
    """Return what `scan_sides` would, if these are the runs of the scanners; none is started."""
    limit = policy.scanners.max_file_bytes
    with TargetTree.write(
        _targets(repository, change, "new", limit),
        max_file_bytes=limit,
        exclude=policy.scanners.exclude,
        memory=AllKnown(),
    ) as head:
        return _scanned(head, _cut(runs), rules)


class AllKnown:
    """A memory by which no file has to be written for a scanner."""

    def recall(self, _file: TreeFile) -> Recalled:
        """See Memory.recall."""
        return Recalled({}, complete=True)


def _scanned(head: TargetTree, runs: tuple[ToolRun, ...], rules: Rules) -> Scanned:
    return Scanned(
        runs=runs,
        excluded=head.excluded,
        uncovered=uncovered(head, [run.head for run in runs], rules),
    )


def _cut(runs: tuple[ToolRun, ...]) -> tuple[ToolRun, ...]:
    return tuple(
        ToolRun(head=shortened(run.head), base=None if run.base is None else shortened(run.base))
        for run in runs
    )


def scan_areas(
    repository: Repository,
    change: ChangeSet,
    policy: Policy,
    *,
    jobs: int,
    progress: Progress,
    cache: Cache | None = None,
) -> tuple[ToolRun, ...]:
    """Run only the area rules, shipped and of the policy, over both sides.

    Raises ScannerError if they did not run to their end.
    """
    rules = inputs.rules(repository, change.base, policy).of_areas()
    scanners = replace(policy.scanners, semgrep=replace(policy.scanners.semgrep, enabled=True))
    scanned = scan_sides(
        repository,
        change,
        replace(policy, scanners=scanners),
        rules,
        only=frozenset({"semgrep"}),
        jobs=jobs,
        progress=progress,
        cache=cache,
    )
    for run in scanned.runs:
        for report in (run.head, run.base):
            if report is not None and report.status is ScanStatus.FAILED:
                raise ScannerError(
                    f"{report.tool} could not run the area rules: {report.reason}",
                    hint="Correct that and run again; without these rules areas could be missing.",
                )
    return scanned.runs


def import_reports(
    repository: Repository,
    change: ChangeSet,
    policy: Policy,
    scanned: Scanned,
    *,
    folder: Path,
    now: str = "",
    release: bool = False,
) -> Scanned:
    """Add the reports of other scanners that the policy names, relative to `folder`.

    `now` is the time at which they must not be too old. Those on a running service are read for a `release` only:
    a change is deployed nowhere.
    """
    rows = [row for row in policy.scanners.sarif if release or row.kind != TARGET]
    if not rows:
        return scanned
    from gate.scanners.sarif import import_sarif  # noqa: PLC0415 - only with such reports

    head, base = (
        {entry.path: entry for entry in repository.tree(sha) if entry.mode.startswith("100")}
        for sha in (change.head, change.merge_base)
    )
    limit = policy.scanners.max_file_bytes

    def reader(sha: str) -> Callable[[str], bytes | None]:
        return lambda path: text_at(repository, sha, path, limit)

    imported = tuple(
        import_sarif(
            row,
            head=change.head,
            folder=folder,
            tracked=lambda path: repository.is_tracked(change.head, path),
            paths=head,
            read=reader(change.head),
            base=change.merge_base,
            base_paths=base,
            read_base=reader(change.merge_base),
            root=repository.root,
            now=now,
        )
        for row in rows
    )
    return replace(scanned, runs=scanned.runs + imported)


def text_at(repository: Repository, commit: str, path: str, limit: int) -> bytes | None:
    """Return the content of a file that an imported report names, or None if it cannot be read.

    Such a file can be any one of the tree, also one that is larger than all that is scanned.
    """
    try:
        return repository.file_at(commit, path, max_bytes=limit)
    except GitError:
        return None


def _outlines(change: ChangeSet) -> Outlined:
    """Return what gives the outline of a file of the base, if so much is to be read that outlines pay."""
    rows = {
        row.path: row.hunks
        for row in change.files
        if row.old_content is row.new_content is Content.TEXT and row.old_mode == row.new_mode
    }
    small = sum(row.old_size for row in change.files if row.path in rows) < OUTLINE_BYTES

    def outlined(file: TreeFile, data: bytes) -> Outline | None:
        hunks = rows.get(file.path)
        return None if small or not hunks else outline(data, hunks, file.language)

    return outlined


def _targets(
    repository: Repository, change: ChangeSet, side: str, limit: int, own: frozenset[str] | None = None
) -> Iterator[Target]:
    """Yield every regular file of one side (of `own` only, if given), one content in memory at a time."""
    users: dict[str, list[tuple[str, str]]] = {}
    for file in change.files:
        mode, blob, content = (
            (file.new_mode, file.new_blob, file.new_content)
            if side == "new"
            else (file.old_mode, file.old_blob, file.old_content)
        )
        if mode == ABSENT or content in (Content.LINK, Content.GITLINK):
            continue
        if own is not None and file.path not in own:
            continue
        if content is Content.LARGE:
            yield Target(path=file.path, mode=mode, data=b"", too_large=True)
            continue
        users.setdefault(blob, []).append((file.path, mode))
    for blob, data in repository.blobs(users, max_bytes=limit):
        for path, mode in users[blob]:
            yield Target(path=path, mode=mode, data=data)


def manifests(repository: Repository, change: ChangeSet) -> Mapping[str, tuple[bytes | None, bytes | None]]:
    """Return both sides of the changed settings files that scanners share with other tools."""
    found = {}
    for file in change.all_files:
        if file.path.rpartition("/")[2].casefold() not in _MANIFESTS:
            continue
        blobs = {file.old_blob, file.new_blob} - {"0" * len(file.old_blob)}
        if any(
            c is not Content.TEXT and c is not Content.ABSENT for c in (file.old_content, file.new_content)
        ):
            continue
        data = dict(repository.blobs(sorted(blobs), max_bytes=1_000_000))
        if len(data) == len(blobs):
            found[file.path] = (data.get(file.old_blob), data.get(file.new_blob))
    return found
