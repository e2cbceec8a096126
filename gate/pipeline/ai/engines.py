"""Which engine a policy asks for, and whether this job may use it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gate.ai.engines.claude import ClaudeEngine
from gate.ai.engines.command import CommandEngine
from gate.ai.engines.messages_api import MessagesEngine
from gate.ai.engines.security_review import NAME as BUILT_IN
from gate.ai.engines.security_review import SecurityReviewEngine
from gate.core.ai import Reason
from gate.core.area.model import GATE
from gate.core.secrets import mask_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from gate.ai.request import Engine
    from gate.core.area import Area
    from gate.core.change import ChangeSet
    from gate.core.glob import Glob
    from gate.core.policy import AiPolicy
    from gate.git import Repository

_MAX_EVENT = 20_000_000
#: The path rule of files that tell agents what to do.
_AGENT = "L0.agent"


def agent_files(areas: Sequence[Area]) -> tuple[Glob, ...]:
    """Return what names files that tell agents what to do."""
    return tuple(
        glob
        for area in areas
        if area.id == GATE
        for rule in area.rules
        if rule.id == _AGENT
        for glob in rule.globs
    )


def stage_of(
    repository: Repository, change: ChangeSet, policy: AiPolicy, agents: Sequence[Glob], *, max_bytes: int
) -> Callable[[Path, Sequence[str]], int]:
    """Return what makes private clones of the head, without secrets, files for agents and excluded files."""
    left_out = (*agents, *policy.exclude)
    staging = repository.staging(
        change.head,
        leave_out=lambda path: any(glob.matches(path) for glob in left_out),
        mask=mask_tokens,
        max_bytes=max_bytes,
    )
    rows = {file.path: file for file in (*change.other_files, *change.files)}
    return lambda folder, paths: staging.clone(folder, [rows[path] for path in paths])


def engine_of(
    policy: AiPolicy,
    environment: Mapping[str, str],
    replay: Engine,
    *,
    stage: Callable[[Path, Sequence[str]], int],
    agents_configured: bool,
) -> tuple[Engine, str]:
    """Return the engine that the policy names, `replay` for recordings, and why it is another one; empty if it is not.

    The built-in command is not let near a change that configures agents.
    """
    if policy.engine == BUILT_IN:
        if not agents_configured:
            return SecurityReviewEngine(environment=environment, extra=policy.env, stage=stage), ""
        return ClaudeEngine(environment=environment, extra=policy.env), (
            f"the change configures agents, so the engine claude reviewed it and not {BUILT_IN}"
        )
    return _plain(policy, environment, replay), ""


def _plain(policy: AiPolicy, environment: Mapping[str, str], replay: Engine) -> Engine:
    if policy.engine == "replay":
        return replay
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
