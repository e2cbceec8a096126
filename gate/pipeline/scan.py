"""A folder as it stands: no base, no sign-off, nothing decided but whether it could be read."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.core.baseline import is_within, recognise
from gate.core.scan import ScanStatus, ToolRun
from gate.errors import EXIT_INCOMPLETE, UsageError
from gate.pipeline import inputs
from gate.pipeline.cache import open_cache
from gate.pipeline.findings import merge_tree
from gate.pipeline.folder import PassedBy, reader, real_place
from gate.pipeline.places import locate
from gate.pipeline.request import Request
from gate.pipeline.shards.folder import Listing
from gate.pipeline.sides import AllKnown
from gate.reports import Compared, Scan
from gate.scanners import Target, TargetTree, remember, targets_from_folder, uncovered
from gate.scanners import scan as run_scanners
from gate.scanners.accounting import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from gate.core.baseline import Baseline
    from gate.core.finding import Finding
    from gate.core.scan import ScanReport
    from gate.core.shard import Part
    from gate.pipeline.request import Progress
    from gate.pipeline.shards.document import Shard
    from gate.scanners import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanResult:
    """What `gate scan` found, and the exit code: 0, or 4 if a required scanner could not do its work."""

    scan: Scan
    exit_code: int


def scan(
    path: Path,
    *,
    config: Path | None,
    scanners: frozenset[str] | None,
    jobs: int | None,
    progress: Progress,
    on_step: Callable[[Step], None] = lambda _step: None,
    on_read: Callable[[int], None] = lambda _files: None,
    baseline: Baseline | None = None,
    baseline_name: str = "",
    cache: Path | None = None,
    cache_secret: bytes = b"",
    shards: tuple[Path, ...] = (),
    shard_secret: bytes = b"",
) -> ScanResult:
    """Scan the folder or file `path` with the policy of `config` (default: the shipped preset).

    No policy is read from the folder itself: it may be somebody else's. `on_step` hears how far each scanner
    is, from any thread, and `on_read` how many files were read so far. With a `baseline` each finding says
    whether it is in there. Results of scanners are remembered in the folder `cache` (None: nowhere), sealed
    with `cache_secret`; one that lies in `path` is used only with a secret. With `shards`, files or folders of
    shard reports that must be sealed with `shard_secret` if there is one, no scanner is started. Raises
    UsageError if there is nothing at `path` that can be scanned.
    """
    place, path = str(path), real_place(path)
    cache = _outside(path, cache, cache_secret, progress)
    request = Request(config=config, jobs=jobs, cache=cache, cache_secret=cache_secret)
    policy = inputs.load_policy(None, None, request)
    rules, families = inputs.rules(None, None, policy), inputs.families()
    limit = policy.scanners.max_file_bytes
    passed_by = PassedBy()
    listing = Listing()

    progress("reading files")
    targets = _counted(targets_from_folder(path, limit, passed_by), on_read)
    with ExitStack() as stack:
        memory = None
        if shards:
            targets = listing.over(targets)
        else:
            store = stack.enter_context(open_cache(request, progress))
            memory = remember(store, policy.scanners, rules, only=scanners)
        tree = stack.enter_context(
            TargetTree.write(
                targets,
                max_file_bytes=limit,
                exclude=policy.scanners.exclude,
                memory=AllKnown() if shards else memory,
            )
        )
        if not path.is_dir() and passed_by.unopened:
            raise UsageError(f"{place}: cannot be read", hint="Check its permissions.")
        if shards:
            progress("joining shards")
            reports = listing.join(shards, policy, rules, scanners, shard_secret)
        else:
            progress(f"scanning {len(tree.files):,} files")
            reports = run_scanners(
                tree,
                policy.scanners,
                rules,
                only=scanners,
                jobs=request.processes,
                progress=progress,
                on_step=on_step,
                memory=memory,
                locate=locate,
            )
        reports = tuple(map(shortened, reports))
        progress("merging findings")
        root = path if path.is_dir() else path.parent
        findings, suppressions, reports = merge_tree(
            reports, reader(root), families, shipped="builtin" in policy.scanners.semgrep.rulesets
        )
        nobody = {name: tree.files[name].language for name in uncovered(tree, reports, rules)}
        files, excluded = len(tree.files) + len(tree.excluded), tree.excluded
        present = frozenset(tree.files)
    unopened, installed = tuple(passed_by.unopened), tuple(passed_by.installed)
    compared = None
    if baseline is not None:
        findings, compared = _compare(
            findings,
            baseline,
            baseline_name,
            reports,
            unread={*unopened, *installed, *(e.path for e in excluded)},
            present=present,
            rules=rules.digest,
        )
    incomplete = _incomplete(reports, chosen=scanners is not None)
    return ScanResult(
        scan=Scan(
            tools=tuple(ToolRun(head=report) for report in reports),
            findings=findings,
            suppressions=suppressions,
            place=place,
            files=files,
            excluded=excluded,
            unopened=unopened,
            installed=installed,
            links=passed_by.links,
            uncovered=nobody,
            incomplete=incomplete,
            compared=compared,
            rules=rules.digest,
        ),
        exit_code=EXIT_INCOMPLETE if incomplete else 0,
    )


def scan_share(
    path: Path,
    part: Part,
    *,
    config: Path | None,
    scanners: frozenset[str] | None,
    jobs: int | None,
    progress: Progress,
    cache: Path | None = None,
    cache_secret: bytes = b"",
) -> Shard:
    """Scan one share of a folder and return it as a shard; see `scan`, whose `shards` are made of these."""
    path = real_place(path)
    cache = _outside(path, cache, cache_secret, progress)
    request = Request(config=config, jobs=jobs, cache=cache, cache_secret=cache_secret)
    policy = inputs.load_policy(None, None, request)
    rules = inputs.rules(None, None, policy)
    limit = policy.scanners.max_file_bytes

    progress("reading files")
    listing = Listing()
    for _ in listing.over(targets_from_folder(path, limit, PassedBy())):
        pass
    own = listing.shares(policy, part.of)[part.number - 1]
    targets = (target for target in targets_from_folder(path, limit, PassedBy()) if target.path in own)
    with ExitStack() as stack:
        store = stack.enter_context(open_cache(request, progress))
        memory = remember(store, policy.scanners, rules, only=scanners)
        tree = stack.enter_context(
            TargetTree.write(targets, max_file_bytes=limit, exclude=policy.scanners.exclude, memory=memory)
        )
        listing.prove(tree.files.values())
        progress(f"scanning {len(tree.files):,} files")
        reports = run_scanners(
            tree,
            policy.scanners,
            rules,
            only=scanners,
            jobs=request.processes,
            progress=progress,
            memory=memory,
            locate=locate,
        )
    incomplete = _incomplete(reports, chosen=scanners is not None)
    return listing.shard(part, policy, rules, scanners, reports, incomplete)


def _outside(path: Path, cache: Path | None, secret: bytes, progress: Progress) -> Path | None:
    """Return the folder of the cache, None for one that is part of what is scanned and holds no secret."""
    if cache is not None and not secret and cache.resolve().is_relative_to(path):
        progress(f"no cache: {cache} is part of what is scanned")
        return None
    return cache


def _counted(targets: Iterable[Target], on_read: Callable[[int], None]) -> Iterator[Target]:
    for number, target in enumerate(targets, 1):
        yield target
        on_read(number)


def _incomplete(reports: Iterable[ScanReport], *, chosen: bool) -> tuple[str, ...]:
    """Say which required scanner did not do its work. One that was not `chosen` did not have to."""
    wrong = {ScanStatus.FAILED} if chosen else {ScanStatus.FAILED, ScanStatus.SKIPPED}
    return tuple(
        f"{report.tool} {report.status.value}: {report.reason}".rstrip(": ")
        for report in reports
        if report.required and report.status in wrong
    )


def _compare(
    findings: tuple[Finding, ...],
    baseline: Baseline,
    name: str,
    reports: Iterable[ScanReport],
    *,
    unread: set[str],
    present: frozenset[str],
    rules: str,
) -> tuple[tuple[Finding, ...], Compared]:
    ran = [r for r in reports if r.status in (ScanStatus.COMPLETED, ScanStatus.PARTIAL)]
    unread |= {miss.path for report in ran for miss in report.unscanned}
    tools = frozenset(report.tool for report in ran)
    found = recognise(findings, baseline, tools=tools, fully_read=lambda path: not is_within(path, unread))
    notes = []
    if baseline.findings and not any(known.path in present for known in baseline.findings):
        notes.append("none of its files is in this tree; was it written for another folder?")
    if baseline.rules and baseline.rules != rules:
        notes.append("it was written with other rules, so what is new may be known to newer rules only")
    if missing := sorted(tools - baseline.tools):
        notes.append(f"it was written without {', '.join(missing)}, whose findings are therefore unknown")
    return found.findings, Compared(baseline=name, gone=found.gone, unsure=found.unsure, notes=tuple(notes))
