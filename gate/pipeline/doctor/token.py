"""Checks of tokens in the environment: enough where it is needed, none where the change is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.words import listed
from gate.forges.settings import TOKENS
from gate.pipeline.doctor.check import Check, fail, ok, warn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PULL_REQUEST_EVENTS = ("pull_request", "merge_group")


def checks(environment: Mapping[str, str], forge: str) -> Iterator[Check]:
    """Yield what tokens this environment has."""
    names = TOKENS.get(forge, ("GATE_TOKEN",))
    there = [name for name in names if environment.get(name)]
    if _is_check_job(environment):
        if there:
            yield fail(
                "token-here",
                f"{listed(there)} is set in a job that has the change as files: whoever writes the change can take it",
                "Give tokens to the publisher only; the check needs none.",
            )
        else:
            yield ok("token-here", "the job that has the change as files holds no token")
        return
    if there:
        yield ok("token", f"{there[0]} is set and used")
    else:
        yield warn(
            "token",
            "none is set, so settings of the forge were not looked at",
            f"Set {names[0]} to a token that may read the project's settings, then run gate doctor again.",
        )


def _is_check_job(environment: Mapping[str, str]) -> bool:
    if environment.get("GITHUB_ACTIONS") == "true":
        return environment.get("GITHUB_EVENT_NAME") in _PULL_REQUEST_EVENTS
    return (
        bool(environment.get("GITLAB_CI")) and environment.get("CI_PIPELINE_SOURCE") == "merge_request_event"
    )
