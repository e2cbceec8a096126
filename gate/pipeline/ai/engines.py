"""Which engine a policy asks for, and whether this job may use it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gate.ai.engines.claude import ClaudeEngine
from gate.ai.engines.command import CommandEngine
from gate.ai.engines.messages_api import MessagesEngine
from gate.ai.engines.replay import ReplayEngine
from gate.core.ai import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gate.ai.request import Engine
    from gate.core.policy import AiPolicy

_MAX_EVENT = 20_000_000


def engine_of(policy: AiPolicy, environment: Mapping[str, str], replay: Path | None) -> Engine:
    """Return the engine that the policy names."""
    if policy.engine == "replay":
        return ReplayEngine(folder=replay)
    if policy.engine == "command":
        return CommandEngine(argv=policy.command, environment=environment, extra=policy.env)
    if policy.engine == "messages-api":
        return MessagesEngine(environment=environment)
    return ClaudeEngine(environment=environment, extra=policy.env)


def without_credentials(environment: Mapping[str, str]) -> Reason:
    """Return why there is no key: a merge request from a fork gets none, any other job has none."""
    return Reason.FORK if _is_fork(environment) else Reason.NO_CREDENTIALS


def _is_fork(environment: Mapping[str, str]) -> bool:
    source = environment.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID")
    if source and source != environment.get("CI_MERGE_REQUEST_PROJECT_ID"):
        return True
    path = environment.get("GITHUB_EVENT_PATH", "")
    if environment.get("GITHUB_ACTIONS") != "true" or not path:
        return False
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - read within a limit
            event: Any = json.loads(file.read(_MAX_EVENT))
        request = event["pull_request"]
        return bool(request["head"]["repo"]["id"] != request["base"]["repo"]["id"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False
