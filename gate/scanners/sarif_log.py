"""Whether the runs of a SARIF log can be believed; section numbers are those of SARIF 2.1.0."""

from __future__ import annotations

import re
from typing import Any

from gate.scanners.sarif_file import ReportError
from gate.scanners.words import dig, message_of

_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_SHOWN = 12


def runs_of(log: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the runs of a log, at least one. Raises ReportError."""
    version = log.get("version")
    if version != "2.1.0":
        told = f"version {message_of(version)[:40]!r}" if isinstance(version, str) else "without a version"
        raise ReportError(f"is neither SARIF 2.1.0 nor a security report of GitLab ({told})")
    if "inlineExternalProperties" in log:
        raise ReportError("keeps parts of its runs outside of them, which the gate does not follow")
    runs = log.get("runs")
    if not isinstance(runs, list) or not runs or not all(isinstance(run, dict) for run in runs):
        raise ReportError("has no runs: nothing was scanned")
    return runs


def check_run(run: dict[str, Any], commit: str) -> None:
    """Raise ReportError if the run did not do its work, or did it on another commit than `commit`."""
    if not isinstance(run.get("results"), list):
        raise ReportError("has a run without results: nothing was scanned")
    if run.get("externalPropertyFileReferences"):
        raise ReportError("keeps parts of a run in other files, which the gate does not follow")
    for invocation in listed(run, "invocations"):
        if dig(invocation, "executionSuccessful") is False:
            raise ReportError("says that the tool failed")
        if dig(invocation, "processStartFailureMessage"):
            raise ReportError("says that the tool could not be started")
    for notification in notifications(run):
        if dig(notification, "level") == "error":
            text = message_of(dig(notification, "message", "text"))[:200]
            raise ReportError(f"holds an error of the tool: {text or 'without a text'}")
    _check_commit(run, commit)


def listed(holder: Any, key: str) -> list[Any]:
    """Return a list of the log, empty if it is absent. Raises ReportError if something else stands there."""
    value = dig(holder, key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise ReportError(f"is not SARIF 2.1.0: {key} is no list")
    return value


def notifications(run: dict[str, Any]) -> list[Any]:
    """Return what the tool said about its own work."""
    return [
        notification
        for invocation in listed(run, "invocations")
        for key in ("toolExecutionNotifications", "toolConfigurationNotifications")
        for notification in listed(invocation, key)
    ]


def _check_commit(run: dict[str, Any], commit: str) -> None:
    """A run may name several repositories, such as submodules: one of them has to be ours."""
    found = [dig(provenance, "revisionId") for provenance in listed(run, "versionControlProvenance")]
    revisions = [word.strip().lower() for word in found if isinstance(word, str) and word.strip()]
    if not commit or not revisions or any(_is_commit(word, commit) for word in revisions):
        return
    raise ReportError(
        f"is stale: it was made for {message_of(revisions[0])[:_SHOWN]} and not for {commit[:_SHOWN]}; let the "
        "scanner check out that commit, which on GitHub is not the merge commit of the pull request"
    )


def _is_commit(word: str, commit: str) -> bool:
    return _COMMIT.fullmatch(word) is not None and commit.lower().startswith(word)
