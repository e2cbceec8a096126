"""Looking at a set-up: what is needed, what is missing, what could be got around, and how to mend it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from gate.config import load_policy
from gate.errors import EXIT_INCOMPLETE, GateError, GitError
from gate.git import Repository
from gate.pipeline import inputs
from gate.pipeline.doctor import ai, ci_files, clone, github, gitlab, machine, policy, token
from gate.pipeline.doctor.check import Check, Clone, State, as_json, unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.pipeline.request import Progress

__all__ = ["Check", "Look", "State", "as_json", "doctor", "exit_code"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The options of `gate doctor`. `offline` asks no forge even where there is a token. `now` is YYYY-MM-DD."""

    repo: Path = Path()
    base: str | None = None
    forge: str | None = None
    repository: str | None = None
    api: str | None = None
    context: str = "gate"
    offline: bool = False
    now: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)


def doctor(wish: Look, progress: Progress) -> dict[str, list[Check]]:
    """Return all checks by group, in reading order. Raises GitError or UsageError if there is no repository."""
    progress("looking at the clone")
    with Repository.open(wish.repo) as repository:
        seen = Clone(repository=repository, environment=wish.environment, now=wish.now)
        _find_target(seen, wish)
        seen.forge = wish.forge or _forge(seen)
        seen.registry = inputs.registry(load_policy(None))
        progress("reading the policy")
        of_policy = list(policy.checks(seen))
        groups = {
            "machine": list(machine.checks(wish.environment, seen.policy)),
            "clone": list(clone.checks(seen)),
            "policy": of_policy,
            "AI review": list(ai.checks(seen)),
            "CI files": list(ci_files.checks(seen)),
            "token": list(token.checks(wish.environment, seen.forge)),
        }
        if (
            not wish.offline
            and seen.forge
            and any(one.id == "token" and one.state is State.OK for one in groups["token"])
        ):
            progress("asking the forge")
            groups["GitHub" if seen.forge == "github" else "GitLab"] = _settings(seen, wish)
        return groups


def exit_code(groups: Mapping[str, list[Check]]) -> int:
    """Return 1 if a check failed, else 4 if one could not be made, else 0."""
    states = {one.state for checks in groups.values() for one in checks}
    if State.FAIL in states:
        return 1
    return EXIT_INCOMPLETE if State.UNKNOWN in states else 0


def _find_target(seen: Clone, wish: Look) -> None:
    try:
        name = wish.base or seen.repository.default_base()
        seen.target, seen.target_name = seen.repository.resolve(name), name
    except GateError as error:
        seen.target_problem, seen.target_hint = error.message, error.hint or ""
        if wish.base is None:
            with suppress(GitError):
                seen.target, seen.target_name = seen.repository.resolve("HEAD"), "HEAD"
                seen.is_assumed = True


def _forge(seen: Clone) -> str:
    host, slash, _ = seen.repository.name.partition("/")
    for name in ("github", "gitlab"):
        if slash and name in host.split("."):
            return name
    if seen.environment.get("GITHUB_ACTIONS") == "true":
        return "github"
    if seen.environment.get("GITLAB_CI"):
        return "gitlab"
    if seen.at_target(".gitlab-ci.yml") is not None:
        return "gitlab"
    return "github" if any(path.startswith(".github/") for path in seen.paths()) else ""


def _settings(seen: Clone, wish: Look) -> list[Check]:
    from gate.forges.connect import connect  # noqa: PLC0415 - loads the forge's client
    from gate.forges.settings import find_settings  # noqa: PLC0415

    host, _, path = seen.repository.name.partition("/")
    branch = (seen.target_name or "").removeprefix("refs/heads/").removeprefix("origin/")
    public = host in ("github.com", "gitlab.com") or not path
    api = wish.api or (None if public else f"https://{host}/api/{'v3' if seen.forge == 'github' else 'v4'}")
    try:
        settings = find_settings(
            seen.environment,
            lambda _path, _most: b"{}",
            forge=seen.forge,
            repository=wish.repository or path or None,
            api=api,
            is_for_request=False,
        )
        calls = cast("Any", connect(settings)).calls
        if seen.forge == "github":
            context = wish.context.replace("{target}", branch)
            return list(github.checks(calls, settings.repository, branch, seen.policy, context))
        return list(gitlab.checks(calls, settings.repository, branch, seen.policy))
    except GateError as error:
        return [unknown("forge", error.message, error.hint or "Run gate doctor again later.")]
