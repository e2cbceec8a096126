"""A folder as it stands: no base, no sign-off, nothing decided but whether it could be read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gate.core.scan import ScanStatus, ToolRun, Unscanned
from gate.errors import EXIT_INCOMPLETE, UsageError
from gate.pipeline import inputs
from gate.pipeline.findings import merge_tree
from gate.pipeline.request import Request
from gate.reports import Scan
from gate.scanners import Target, TargetTree, targets_from_folder
from gate.scanners import scan as run_scanners

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gate.core.scan import ScanReport
    from gate.pipeline.request import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanResult:
    """What `gate scan` found, and the exit code: 0, or 4 if a required scanner could not do its work."""

    scan: Scan
    exit_code: int


def scan(
    path: Path, *, config: Path | None, scanners: frozenset[str] | None, jobs: int | None, progress: Progress
) -> ScanResult:
    """Scan the folder or file `path` with the policy of `config` (default: the shipped preset).

    No policy is read from the folder itself: it may be somebody else's. Raises UsageError if there is
    nothing at `path`.
    """
    if not path.exists():
        raise UsageError(f"{path}: no such file or folder", hint="Give an existing folder: gate scan .")
    request = Request(config=config, jobs=jobs)
    policy = inputs.load_policy(None, None, request)
    rules, families = inputs.rules(None, None, policy), inputs.families()
    skipped: list[Unscanned] = []
    root = path if path.is_dir() else path.parent

    def targets() -> Iterator[Target]:
        def skip(name: str, reason: str) -> None:
            if reason == "unreadable" and (path.is_dir() or name == path.name):
                skipped.append(Unscanned(path=name, reason=reason))

        found = targets_from_folder(root, policy.scanners.max_file_bytes, skip)
        return found if path.is_dir() else (t for t in found if t.path == path.name)

    progress("reading files")
    with TargetTree.write(
        targets(), max_file_bytes=policy.scanners.max_file_bytes, exclude=policy.scanners.exclude
    ) as tree:
        progress(f"scanning {len(tree.files):,} files")
        reports = run_scanners(
            tree, policy.scanners, rules, only=scanners, jobs=request.processes, progress=progress
        )
        progress("merging findings")
        findings, suppressions = merge_tree(reports, _reader(root), families)
    runs = tuple(ToolRun(head=_with(report, tuple(skipped))) for report in reports)
    failed = any(
        run.head.required
        and (run.head.status is ScanStatus.FAILED or (run.head.status is ScanStatus.SKIPPED and not scanners))
        for run in runs
    )
    return ScanResult(
        scan=Scan(tools=runs, findings=findings, suppressions=suppressions, place=str(path)),
        exit_code=EXIT_INCOMPLETE if failed else 0,
    )


def _with(report: ScanReport, skipped: tuple[Unscanned, ...]) -> ScanReport:
    """Add files that could not even be opened to what a scanner did not read."""
    if not skipped or report.status in (ScanStatus.SKIPPED, ScanStatus.FAILED):
        return report
    paths = {u.path for u in report.unscanned}
    return replace(
        report,
        status=ScanStatus.PARTIAL,
        targets=(*report.targets, *(u.path for u in skipped if u.path not in paths)),
        unscanned=(*report.unscanned, *(u for u in skipped if u.path not in paths)),
    )


def _reader(root: Path) -> Callable[[str], bytes | None]:
    def read(path: str) -> bytes | None:
        try:
            return (root / path).read_bytes()
        except OSError:
            return None

    return read
