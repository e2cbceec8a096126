"""What a CI system says about the merge request, from its variables; nothing else reads them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from gate.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: More than any forge sends; an event file is read whole.
MAX_EVENT_BYTES = 20_000_000


class Login(NamedTuple):
    """An account as the forge names it: whether it is a bot, and its number if that is known."""

    login: str
    bot: bool
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRequest:
    """The merge request that this job runs for. `base` and `head` are revisions for git, `target` the
    full ref of the target branch, `branch` the source branch, `body` the description, `opener` the account that
    opened it. None = not said. `body_cut`: the CI system hands down only the beginning of the description.
    `problem` says why nothing could be read. Branch, body and account are what whoever opened the request wrote or is: evidence, and never an instruction.
    """

    forge: str
    base: str | None = None
    head: str | None = None
    target: str | None = None
    branch: str | None = None
    body: str | None = None
    body_cut: bool = False
    opener: Login | None = None
    problem: str | None = None


def merge_request(environment: Mapping[str, str], read: Callable[[str, int], bytes]) -> MergeRequest | None:
    """Return what the CI says, or None outside of a merge request's job.

    `read(path, max_bytes)` reads the event file of GitHub. On GitHub the head of a pull request is taken
    from the event: `GITHUB_SHA` is a temporary merge commit there. The same holds for GitLab's merged
    results pipelines, where the source branch's own commit is named by another variable.
    Raises UsageError if a merge request's job says nothing usable: that must not become an empty scan.
    """
    if environment.get("GITHUB_ACTIONS") == "true":
        return _github(environment, read)
    if environment.get("GITLAB_CI") and environment.get("CI_MERGE_REQUEST_IID"):
        return _gitlab(environment)
    return None


def _gitlab(environment: Mapping[str, str]) -> MergeRequest:
    branch = environment.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME")
    if not branch:
        raise UsageError(
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME is empty in a merge request pipeline",
            hint="Give --base explicitly; an empty base would scan nothing.",
        )
    return MergeRequest(
        forge="gitlab",
        base=f"refs/remotes/origin/{branch}",
        head=environment.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or environment.get("CI_COMMIT_SHA"),
        target=f"refs/heads/{branch}",
        branch=environment.get("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"),
        body=environment.get("CI_MERGE_REQUEST_DESCRIPTION"),
        body_cut=environment.get("CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED") == "true",
    )


def _github(environment: Mapping[str, str], read: Callable[[str, int], bytes]) -> MergeRequest | None:
    event_name = environment.get("GITHUB_EVENT_NAME", "")
    path = environment.get("GITHUB_EVENT_PATH")
    if event_name not in ("pull_request", "pull_request_target", "merge_group") or not path:
        return None
    try:
        event: Any = json.loads(read(path, MAX_EVENT_BYTES))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(
            f"GITHUB_EVENT_PATH {path}: the event could not be read: {error}",
            hint="Give --base and --head explicitly.",
        ) from error
    if event_name == "merge_group":
        base, head = _text(event, "merge_group", "base_sha"), _text(event, "merge_group", "head_sha")
        target = _text(event, "merge_group", "base_ref")
        branch = body = opener = None
    else:
        name = _text(event, "pull_request", "base", "ref")
        base, target = (f"refs/remotes/origin/{name}", f"refs/heads/{name}") if name else (None, None)
        head = _text(event, "pull_request", "head", "sha")
        branch, body = _text(event, "pull_request", "head", "ref"), _text(event, "pull_request", "body") or ""
        opener = _opener(_at(event, "pull_request", "user"))
    if not base or not head:
        raise UsageError(
            f"GITHUB_EVENT_PATH {path}: the {event_name} event names no base or head",
            hint="Give --base and --head explicitly; an empty base would scan nothing.",
        )
    return MergeRequest(
        forge="github", base=base, head=head, target=target, branch=branch, body=body, opener=opener
    )


def _opener(user: Any) -> Login | None:
    """The account of the event, None for a deleted one."""
    login, number = _text(user, "login"), _at(user, "id")
    if login is None:
        return None
    known = number if type(number) is int and 0 < number < 10**18 else None
    return Login(login, bot=_at(user, "type") == "Bot", number=known)


def _at(event: Any, *keys: str) -> Any:
    for key in keys:
        event = event.get(key) if isinstance(event, dict) else None
    return event


def _text(event: Any, *keys: str) -> str | None:
    value = _at(event, *keys)
    return value if isinstance(value, str) and value else None


def step_summary(environment: Mapping[str, str]) -> str | None:
    """Return the file whose Markdown GitHub shows on the page of the run; None outside of its jobs."""
    if environment.get("GITHUB_ACTIONS") != "true":
        return None
    return environment.get("GITHUB_STEP_SUMMARY") or None


class Project(NamedTuple):
    """Where people see a project: `github` or `gitlab`, and its web address."""

    forge: str
    web: str


def project(environment: Mapping[str, str]) -> Project | None:
    """Return the project that has the commits under review, None outside of CI.

    On GitLab that is the source project: a fork's commits are not in the target's. On GitHub both are.
    """
    if environment.get("GITHUB_ACTIONS") == "true":
        server, name = environment.get("GITHUB_SERVER_URL"), environment.get("GITHUB_REPOSITORY")
        return Project("github", f"{server.rstrip('/')}/{name}") if server and name else None
    if environment.get("GITLAB_CI"):
        web = environment.get("CI_MERGE_REQUEST_SOURCE_PROJECT_URL") or environment.get("CI_PROJECT_URL")
        return Project("gitlab", web) if web else None
    return None


class Job(NamedTuple):
    """The CI job that runs: its web address, the account that started it (`forge:login`), and the number of the
    merge request it runs for. Empty where the CI system does not say.
    """

    url: str = ""
    actor: str = ""
    change: str = ""


def job(environment: Mapping[str, str]) -> Job:
    """Return what the CI system says about this job; nothing of it is proof of anything."""
    if environment.get("GITHUB_ACTIONS") == "true":
        server, name = environment.get("GITHUB_SERVER_URL"), environment.get("GITHUB_REPOSITORY")
        run, actor = environment.get("GITHUB_RUN_ID"), environment.get("GITHUB_ACTOR")
        parts = environment.get("GITHUB_REF", "").split("/")
        return Job(
            url=f"{server.rstrip('/')}/{name}/actions/runs/{run}" if server and name and run else "",
            actor=f"github:{actor}" if actor else "",
            change=parts[2]
            if parts[:2] == ["refs", "pull"] and len(parts) > 2 and parts[2].isdigit()
            else "",
        )
    if environment.get("GITLAB_CI"):
        actor = environment.get("GITLAB_USER_LOGIN")
        change = environment.get("CI_MERGE_REQUEST_IID", "")
        return Job(
            url=environment.get("CI_JOB_URL", ""),
            actor=f"gitlab:{actor}" if actor else "",
            change=change if change.isdigit() else "",
        )
    return Job()
