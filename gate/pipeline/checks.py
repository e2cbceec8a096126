"""The gate's own look at a change, as one more tool beside the scanners."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate import __version__, config
from gate.core.change import ABSENT, Content, path_bytes
from gate.core.checks import CheckError, Side, build_checks, pairs, undeclared, weakened
from gate.core.checks.model import TOOL
from gate.core.scan import ScanReport, ScanStatus, ToolRun
from gate.errors import ConfigError
from gate.pipeline.ai.addressed import addressed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gate.core.change import ChangeSet, FileChange
    from gate.core.checks import Checks
    from gate.core.finding import Sighting
    from gate.core.policy import Policy
    from gate.git import Repository

#: Larger manifests and locks are not read.
MAX_MANIFEST_BYTES = 20_000_000
#: Larger files are generated.
MAX_FILE_BYTES = 1_000_000
#: A weakness that a scanner reports on the same line is said once, by the scanner.
_SAID_BY_RULES = frozenset({"gate.protection-off", "gate.origin-opened"})


def load_checks() -> Checks:
    """Return the checks with their shipped tables. Raises ConfigError if these are broken."""
    try:
        return build_checks(
            config.load_document("checks/rules.yml"),
            config.load_document("checks/packages.yml"),
            config.load_document("checks/controls.yml"),
        )
    except CheckError as error:
        raise ConfigError(
            f"{error}", hint="Install it again: pip install --force-reinstall ai-merge-gate"
        ) from error


def run_checks(
    repository: Repository, change: ChangeSet, policy: Policy, runs: Sequence[ToolRun] = ()
) -> ToolRun:
    """Return what the change as a whole shows, on both sides; `runs` are those of the scanners.

    A failure of the checks is no pass: the run is then `failed` and required, which makes the verdict incomplete.
    """
    checks = load_checks()
    rows = [row for row in change.files if not any(g.matches(row.path) for g in policy.scanners.exclude)]
    try:
        new, old = (_texts(repository, rows, side) for side in ("new", "old"))
        head, base = (
            undeclared(
                Side(paths=repository.paths_at(sha), files=files, read=_reader(repository, sha)),
                checks,
                policy.findings.known_packages,
            )
            for sha, files in ((change.head, new), (change.merge_base, old))
        )
        head += _not_said(weakened(pairs(change, old, new), checks), runs)
        head += [one.sighting(TOOL) for one in addressed(change) if one.path in new]
    except (ValueError, RecursionError, LookupError, AttributeError, TypeError) as error:
        reason = f"the checks of the gate stopped: {type(error).__name__}"
        failed = ScanReport(tool=TOOL, version=__version__, status=ScanStatus.FAILED, reason=reason)
        return ToolRun(head=failed)
    return ToolRun(head=_report(new, head), base=_report(old, base))


def _report(files: Mapping[str, str], sightings: list[Sighting]) -> ScanReport:
    # Not required: that these checks looked at a file makes up for no scanner that did not.
    paths = tuple(sorted(files, key=path_bytes))
    return ScanReport(
        tool=TOOL,
        version=__version__,
        required=False,
        targets=paths,
        scanned=paths,
        sightings=tuple(sorted(sightings, key=lambda s: (path_bytes(s.path), s.range, s.rule_id))),
    )


def _not_said(sightings: list[Sighting], runs: Sequence[ToolRun]) -> list[Sighting]:
    said = {(s.path, n) for run in runs for s in run.head.sightings for n in _lines(s)}
    return [
        s
        for s in sightings
        if s.rule_id not in _SAID_BY_RULES or not any((s.path, n) in said for n in _lines(s))
    ]


def _lines(sighting: Sighting) -> range:
    return range(sighting.range.start_line, min(sighting.range.last_line, sighting.range.start_line + 50) + 1)


def _texts(repository: Repository, rows: Sequence[FileChange], side: str) -> Mapping[str, str]:
    """The changed text files of one side by path."""
    users: dict[str, list[str]] = {}
    for row in rows:
        mode, blob, content = (
            (row.new_mode, row.new_blob, row.new_content)
            if side == "new"
            else (row.old_mode, row.old_blob, row.old_content)
        )
        if mode != ABSENT and content is Content.TEXT:
            users.setdefault(blob, []).append(row.path)
    found = {}
    for blob, data in repository.blobs(users, max_bytes=MAX_FILE_BYTES):
        text = data.decode("utf-8", "surrogateescape")
        found.update(dict.fromkeys(users[blob], text))
    return found


def _reader(repository: Repository, sha: str) -> Callable[[Sequence[str]], Mapping[str, str]]:
    """Return what reads files of one side that the change need not touch."""

    def read(paths: Sequence[str]) -> Mapping[str, str]:
        if not paths:
            return {}
        blobs = repository.blobs_at([sha], paths, (), most=0)[sha]
        texts = {
            blob: data.decode("utf-8", "surrogateescape")
            for blob, data in repository.blobs(sorted(set(blobs.values())), max_bytes=MAX_MANIFEST_BYTES)
        }
        return {path: texts[blob] for path, blob in blobs.items() if blob in texts}

    return read
