"""Reports of other scanners on a release: which ones, of which commit, and how fresh."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gate.core.imports import ReportOrigin, stale, unbound
from gate.core.policy import SarifPolicy
from gate.core.release.model import Imported
from gate.errors import UsageError
from gate.scanners.report_origin import read_with_origin
from gate.scanners.sarif_file import ReportError
from gate.scanners.snyk_report import is_snyk_report
from gate.scanners.zap_report import is_zap_report

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gate.core.policy import Policy
    from gate.git import Repository


def with_imports(
    policy: Policy, given: Sequence[str], repository: Repository, head: str, folder: Path
) -> Policy:
    """Return the policy with the reports that `--import NAME=PATH` names: another path for a row of its own, or a
    further report, which is required. Raises UsageError for a text that names none.
    """
    rows = {row.name: row for row in policy.scanners.sarif}
    for text in given:
        name, equals, path = text.partition("=")
        if not equals or not name or not path:
            raise UsageError(
                f"--import {text!r}: is not NAME=PATH", hint="For example --import zap=out/zap.json."
            )
        known = rows.get(name)
        rows[name] = replace(known, path=path) if known else _detected(name, path, repository, head, folder)
    return replace(policy, scanners=replace(policy.scanners, sarif=tuple(rows.values())))


def _detected(name: str, path: str, repository: Repository, head: str, folder: Path) -> SarifPolicy:
    """A row for a report that the policy does not know; a file that cannot be read fails where it is imported."""
    row = SarifPolicy(name=name, path=path)
    try:
        document, _ = _read(row, repository, head, folder)
    except ReportError:
        return row
    if is_zap_report(document):
        return replace(row, format="zap-json", kind="target")
    return replace(row, format="snyk-json", kind="dependency") if is_snyk_report(document) else row


def look_at_imports(
    policy: Policy, repository: Repository, head: str, *, folder: Path, now: str
) -> tuple[Imported, ...]:
    """Return each report of the policy with its origin, and why it cannot speak of the release."""
    return tuple(_imported(row, repository, head, folder, now) for row in policy.scanners.sarif)


def _imported(row: SarifPolicy, repository: Repository, head: str, folder: Path, now: str) -> Imported:
    origin, why = ReportOrigin(), ""
    try:
        _, origin = _read(row, repository, head, folder)
    except ReportError as error:
        why = str(error)
    why = (
        why
        or stale(origin, head=head, now=now, max_age_hours=row.max_age_hours)
        or (unbound(origin, row.path) if row.required else "")
    )
    return Imported(
        name=row.name,
        format=row.format,
        kind=row.kind,
        required=row.required,
        path=row.path,
        digest=origin.digest,
        made_at=origin.made_at,
        problem=f"{row.path} {why}." if why else "",
    )


def _read(
    row: SarifPolicy, repository: Repository, head: str, folder: Path
) -> tuple[dict[str, object], ReportOrigin]:
    return read_with_origin(row.path, folder, repository.root, lambda path: repository.is_tracked(head, path))
