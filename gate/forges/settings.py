"""Which forge, which request and which token: from options, and from what the CI system says."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gate.errors import UsageError
from gate.forges.environment import MAX_EVENT_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

#: Variables that may hold a token, in the order in which they are tried.
TOKENS = {
    "github": ("GATE_TOKEN", "GITHUB_TOKEN", "GH_TOKEN"),
    "gitlab": ("GATE_TOKEN", "GITLAB_TOKEN"),
}
APIS = {"github": "https://api.github.com", "gitlab": "https://gitlab.com/api/v4"}
#: The account of the token that GitHub Actions gives to a job.
ACTIONS_LOGIN = "github-actions[bot]"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to reach one request of one project.

    `api` is the address of the API and `web` that of the pages, without a slash at the end. `repository` is a
    path or, on GitLab, also a number. `number` None: the request is the open one whose head is `head` and that
    comes from `branch` of project `source`. `queued`: `branch` is one of the merge queue. `login` is our own account where the forge cannot say it.
    `job_url` leads to the run for people. `token` is shown nowhere.
    """

    forge: str
    api: str
    web: str
    repository: str
    token: str
    token_name: str
    number: int | None = None
    head: str | None = None
    branch: str | None = None
    source: int | None = None
    queued: bool = False
    login: str | None = None
    ca_file: str = ""
    job_url: str = ""

    def __repr__(self) -> str:
        """Return a text without the token."""
        return f"Settings({self.forge}, {self.api}, {self.repository}, {self.number})"


def find_settings(
    environment: Mapping[str, str],
    read: Callable[[str, int], bytes],
    *,
    forge: str = "auto",
    repository: str | None = None,
    number: int | None = None,
    api: str | None = None,
    login: str | None = None,
    allowed: Collection[str] = (),
    is_for_request: bool = True,
) -> Settings:
    """Return the settings; options win over the environment. Empty variables count as absent.

    Without `is_for_request` they lead to the project alone. `allowed` are the projects that a payload of a webhook may name. Raises UsageError where something is
    missing or does not fit together, naming option and variable.
    """
    given = {name: value for name, value in environment.items() if value}
    name = _forge(forge, given)
    told = _github(given, read) if name == "github" else _gitlab(given, read, allowed)
    repository = repository or told.get("repository")
    if not repository:
        raise UsageError(
            "the project is not known",
            hint="Give --repository OWNER/NAME; in CI it comes from "
            + ("GITHUB_REPOSITORY." if name == "github" else "CI_MERGE_REQUEST_PROJECT_ID or CI_PROJECT_ID."),
        )
    if not re.fullmatch(r"[\w.-]+(/[\w.-]+)*", repository) or ".." in repository.split("/"):
        raise UsageError(
            f"{repository!r} is no path of a project", hint="Give it as --repository OWNER/NAME."
        )
    found = number or told.get("number")
    if is_for_request and found is None and not told.get("head"):
        raise UsageError(
            "the merge request is not known", hint="Give its number: --change 12. In CI the event names it."
        )
    variable = next((v for v in TOKENS[name] if v in given), None)
    if variable is None:
        raise UsageError(
            f"no token for {name}: none of {', '.join(TOKENS[name])} is set",
            hint="Give the job a token; docs/publish.md lists the permissions that it needs.",
        )
    address = (api or told.get("api") or APIS[name]).rstrip("/")
    _prove_safe(address)
    web = (told.get("web") or _web(name, address)).rstrip("/")
    return Settings(
        forge=name,
        api=address,
        web=web,
        repository=repository,
        token=given[variable].strip(),
        token_name=variable,
        number=found,
        head=None if number else told.get("head"),
        branch=told.get("branch"),
        source=told.get("source"),
        queued=bool(told.get("queued")) and not number,
        login=login
        or given.get("GATE_BOT_LOGIN")
        or (ACTIONS_LOGIN if variable == "GITHUB_TOKEN" and "GITHUB_ACTIONS" in given else None),
        ca_file=given.get("GATE_CA_FILE")
        or (given.get("CI_SERVER_TLS_CA_FILE", "") if name == "gitlab" else "")
        or given.get("REQUESTS_CA_BUNDLE", ""),
        job_url=told.get("job_url", ""),
    )


def read_event(path: str, most: int) -> bytes:
    """Return the content of an event file. Raises OSError, or ValueError for more than `most` bytes."""
    with Path(path).open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise ValueError(f"more than {most:,} bytes")
    return data


def _forge(asked: str, given: Mapping[str, str]) -> str:
    if asked != "auto":
        return asked
    if given.get("GITHUB_ACTIONS") == "true":
        return "github"
    if "GITLAB_CI" in given:
        return "gitlab"
    raise UsageError(
        "which forge to talk to is not known: this is no job of GitHub Actions or GitLab CI",
        hint="Give --forge github or --forge gitlab.",
    )


def _web(name: str, api: str) -> str:
    """The address of the pages: GitHub's own API has a host of its own, other servers have a path for it."""
    if api == APIS["github"]:
        return "https://github.com"
    return re.sub(r"/api/v[34]$", "", api) if name == "github" else re.sub(r"/api/v4$", "", api)


def _prove_safe(address: str) -> None:
    parts = urlsplit(address)
    if parts.username or parts.password:
        raise UsageError(
            "the address of the API holds a password", hint="Give the token in GATE_TOKEN and nowhere else."
        )
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and parts.hostname in _LOOPBACK:
        return
    raise UsageError(
        f"{address}: the API must be reached over https, so that the token stays secret",
        hint="Correct --api-url, GITHUB_API_URL or CI_API_V4_URL.",
    )


def _github(given: Mapping[str, str], read: Callable[[str, int], bytes]) -> dict[str, Any]:
    if given.get("GITHUB_ACTIONS") != "true":
        return {}
    told: dict[str, Any] = {
        "repository": given.get("GITHUB_REPOSITORY"),
        "api": given.get("GITHUB_API_URL"),
        "web": given.get("GITHUB_SERVER_URL"),
    }
    if told["web"] and told["repository"] and (run := given.get("GITHUB_RUN_ID")):
        told["job_url"] = f"{told['web']}/{told['repository']}/actions/runs/{run}"
    path = given.get("GITHUB_EVENT_PATH")
    event = _json(path, read, "GITHUB_EVENT_PATH") if path else {}
    if isinstance(run := event.get("workflow_run"), dict):
        told["head"] = _sha(run.get("head_sha"))
        told["branch"] = run.get("head_branch") if isinstance(run.get("head_branch"), str) else None
        told["queued"] = run.get("event") == "merge_group"  # a branch of a stranger can have such a name, too
        told["source"] = _number(_at(run, "head_repository", "id"))
    elif (number := _number(_at(event, "pull_request", "number"))) is not None:
        told["number"] = number
    return told


def _gitlab(
    given: Mapping[str, str], read: Callable[[str, int], bytes], allowed: Collection[str]
) -> dict[str, Any]:
    if "GITLAB_CI" not in given:
        return {}
    told: dict[str, Any] = {
        "api": given.get("CI_API_V4_URL"),
        "web": given.get("CI_SERVER_URL"),
        "job_url": given.get("CI_JOB_URL", ""),
    }
    if path := given.get("TRIGGER_PAYLOAD"):
        # Of what a webhook sends only the project and the number are taken; all else is asked from the API.
        event = _json(path, read, "TRIGGER_PAYLOAD")
        project = _number(_at(event, "project", "id"))
        if project is None or str(project) not in allowed:
            raise UsageError(
                f"TRIGGER_PAYLOAD: project {project} is not served here",
                hint="Allow it with --allow-project ID if its merge requests are to be judged.",
            )
        return {
            **told,
            "repository": str(project),
            "number": _number(_at(event, "object_attributes", "iid")),
        }
    iid = given.get("CI_MERGE_REQUEST_IID", "")
    told["number"] = int(iid) if iid.isdigit() else None
    told["repository"] = given.get("CI_MERGE_REQUEST_PROJECT_ID") or given.get("CI_PROJECT_ID")
    return told


def _json(path: str, read: Callable[[str, int], bytes], name: str) -> dict[str, Any]:
    try:
        event: Any = json.loads(read(path, MAX_EVENT_BYTES))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(
            f"{name} {path}: the event could not be read: {error}", hint="Give --repository and --change."
        ) from error
    return event if isinstance(event, dict) else {}


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _number(value: Any) -> int | None:
    return value if type(value) is int and 0 < value < 10**12 else None


def _sha(value: Any) -> str | None:
    return value if isinstance(value, str) and _SHA.fullmatch(value) else None
