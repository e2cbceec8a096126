"""A SARIF log and whether its runs can be believed; section numbers are those of SARIF 2.1.0."""

from __future__ import annotations

import json
import re
from typing import Any

from gate.scanners.words import dig, message_of

MAX_DEPTH = 64
_COMMIT = re.compile(r"[0-9a-f]{7,64}")


class SarifError(Exception):
    """The file, or a run in it, says nothing that can be believed. The text says why."""


def load(data: bytes) -> dict[str, Any]:
    """Return the log, whose `runs` are a list that is not empty. Raises SarifError."""
    try:
        log = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, _BadJsonError) else "it is cut, damaged or nested too deeply"
        raise SarifError(f"is no JSON that can be trusted: {reason}") from error
    if not isinstance(log, dict):
        raise SarifError("is not SARIF 2.1.0")
    if _depth_exceeds(log, MAX_DEPTH):
        raise SarifError(f"is nested deeper than {MAX_DEPTH} levels")
    if dig(log, "version") != "2.1.0":
        raise SarifError("is not SARIF 2.1.0")
    if "inlineExternalProperties" in log:
        raise SarifError("keeps parts of its runs outside of them, which the gate does not follow")
    runs = log.get("runs")
    if not isinstance(runs, list) or not runs or not all(isinstance(run, dict) for run in runs):
        raise SarifError("has no runs: nothing was scanned")
    return log


def check_run(run: dict[str, Any], commit: str) -> None:
    """Raise SarifError if the run did not do its work, or did it on another commit than `commit`."""
    if not isinstance(run.get("results"), list):
        raise SarifError("has a run without results: nothing was scanned")
    if run.get("externalPropertyFileReferences"):
        raise SarifError("keeps parts of a run in other files, which the gate does not follow")
    for invocation in listed(run, "invocations"):
        if dig(invocation, "executionSuccessful") is False:
            raise SarifError("says that the tool failed")
        if dig(invocation, "processStartFailureMessage"):
            raise SarifError("says that the tool could not be started")
    for notification in notifications(run):
        if dig(notification, "level") == "error":
            text = message_of(dig(notification, "message", "text"))[:200]
            raise SarifError(f"holds an error of the tool: {text}")
    for provenance in listed(run, "versionControlProvenance"):
        revision = dig(provenance, "revisionId")
        if commit and isinstance(revision, str) and not _is_commit(revision, commit):
            raise SarifError("is stale: it was made for another commit")


class _BadJsonError(ValueError):
    """JSON that two readers could understand differently."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _BadJsonError("a key occurs twice in one object")
    return value


def _refuse_constant(word: str) -> Any:
    raise _BadJsonError(f"{word} is no number of JSON")


def _depth_exceeds(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def listed(holder: Any, key: str) -> list[Any]:
    """Return a list of the log, empty if it is absent. Raises SarifError if something else stands there."""
    value = dig(holder, key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise SarifError(f"is not SARIF 2.1.0: {key} is no list")
    return value


def notifications(run: dict[str, Any]) -> list[Any]:
    return [
        notification
        for invocation in listed(run, "invocations")
        for key in ("toolExecutionNotifications", "toolConfigurationNotifications")
        for notification in listed(invocation, key)
    ]


def _is_commit(revision: str, commit: str) -> bool:
    word = revision.strip().lower()
    return _COMMIT.fullmatch(word) is not None and commit.lower().startswith(word)
