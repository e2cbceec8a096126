"""Checks of a project's settings on GitLab: whether a change can be merged past the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from gate.core.words import listed
from gate.pipeline.doctor.ask import Answer, ask, at, rows, withheld
from gate.pipeline.doctor.check import Check, fail, ok, warn
from gate.pipeline.doctor.github import people

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gate.core.policy import Policy
    from gate.forges.calls import Calls

_MAINTAINER = "a token of a maintainer (read_api)"
#: Developer; below it nobody may merge or approve with effect.
_WRITE = 30


def checks(calls: Calls, project: str, branch: str, policy: Policy | None) -> Iterator[Check]:
    """Yield how the project is set up; `branch` is the target's plain name, `project` a path or number."""
    root = f"/projects/{quote(project, safe='')}"
    told = ask(calls, root)
    if told.data is None:
        yield withheld("project", told, "a token that may read the project")
        return
    yield scopes(ask(calls, "/personal_access_tokens/self"))
    yield protected(ask(calls, f"{root}/protected_branches/{quote(branch, safe='')}"), branch)
    yield pipelines(told)
    yield skipped(told)
    yield forks(told)
    yield variables(told)
    yield from approvals(ask(calls, f"{root}/approvals"))
    yield check_source(ask(calls, f"{root}/hooks"))
    yield secret(ask(calls, f"{root}/variables/GATE_TOKEN"))
    if policy is not None:
        yield reviewers(calls, root, policy)


def scopes(told: Answer) -> Check:
    """Whether the token may do no more than it has to."""
    if told.data is None:
        return withheld("token-rights", told, "a personal or project access token")
    has = [str(one) for one in at(told.data, "scopes") or []]
    if {"sudo", "admin_mode"} & set(has):
        return fail(
            "token-rights",
            f"the token has {listed(has)}",
            "Make one with api (publisher) or read_api (check).",
        )
    return ok("token-rights", f"scopes {listed(has)}, until {at(told.data, 'expires_at') or 'for ever'}")


def protected(told: Answer, branch: str) -> Check:
    """Whether the target branch is protected, and nobody pushes to it."""
    if told.is_absent:
        return fail(
            "branch",
            f"{branch} is not protected: developers can push past the gate",
            "Settings > Repository > Protected branches: push no one, merge maintainers.",
        )
    if told.data is None:
        return withheld("branch", told, _MAINTAINER)
    if at(told.data, "allow_force_push") is True:
        return fail(
            "branch", f"{branch} can be pushed to by force", "Settings > Repository > Protected branches."
        )
    pushers = [at(one, "access_level") for one in rows(at(told.data, "push_access_levels"))]
    if any(isinstance(level, int) and level > 0 for level in pushers):
        return warn(
            "branch",
            f"{branch} is protected, and some people can push to it without a merge request",
            "Settings > Repository > Protected branches: allowed to push, no one.",
        )
    return ok("branch", f"{branch} is protected; nobody pushes to it directly")


def pipelines(project: Answer) -> Check:
    """Whether a failed pipeline stops the merge."""
    if at(project.data, "only_allow_merge_if_pipeline_succeeds") is True:
        return ok("pipelines", "pipelines must succeed")
    return fail(
        "pipelines",
        "a merge request can be merged although its pipeline failed",
        "Settings > Merge requests > Merge checks: pipelines must succeed.",
    )


def skipped(project: Answer) -> Check:
    """Whether `[skip ci]` is no way around the gate."""
    if at(project.data, "allow_merge_on_skipped_pipeline") is not True:
        return ok("skipped", "a skipped pipeline does not count as success")
    return fail(
        "skipped",
        "a skipped pipeline counts as success: [skip ci] in a message passes the gate by",
        "Settings > Merge requests > Merge checks: turn off `Skipped pipelines are considered successful`.",
    )


def forks(project: Answer) -> Check:
    """Whether a fork's configuration never runs with this project's variables."""
    if at(project.data, "ci_allow_fork_pipelines_to_run_in_parent_project") is True:
        return warn(
            "forks",
            "members can run a fork's pipeline here: the fork's configuration with this project's variables",
            "Settings > CI/CD > General pipelines: turn off pipelines for forks in this project.",
        )
    return ok("forks", "configurations of forks do not run here")


def variables(project: Answer) -> Check:
    """Whether somebody who starts a pipeline could set the gate's options."""
    level = at(project.data, "ci_pipeline_variables_minimum_override_role")
    if level in (None, "no_one_allowed"):
        return ok(
            "variables",
            "nobody passes variables to a pipeline" if level else "not told by this version of GitLab",
        )
    return warn(
        "variables",
        f"{level} can pass variables to a pipeline, which win over those of the job",
        "Settings > CI/CD > Variables: minimum role to use pipeline variables, no one allowed.",
    )


def approvals(told: Answer) -> Iterator[Check]:
    """Whether approvals mean what they say; the settings exist from GitLab Premium on."""
    wanted = (
        (
            "stale",
            "reset_approvals_on_push",
            True,
            "approvals are removed by a push",
            "approvals stay after a push",
        ),
        (
            "author",
            "merge_requests_author_approval",
            False,
            "authors cannot approve",
            "authors can approve their own",
        ),
        (
            "committers",
            "merge_requests_disable_committers_approval",
            True,
            "committers cannot approve",
            "whoever committed can approve",
        ),
        (
            "rules",
            "disable_overriding_approvers_per_merge_request",
            True,
            "approval rules are fixed",
            "approval rules can be changed in a merge request",
        ),
    )
    for name, key, value, good, bad in wanted:
        if told.data is None:
            yield withheld(name, told, _MAINTAINER)
        elif at(told.data, key) is value:
            yield ok(name, good)
        elif at(told.data, key) is None:
            yield ok(name, "this tier of GitLab has no such setting; the gate looks at approvals itself")
        else:
            yield warn(name, bad, "Settings > Merge requests > Merge request approvals.")


def check_source(told: Answer) -> Check:
    """Whether a publisher project judges merge requests where none of them can edit the job."""
    if told.data is None:
        return withheld("check-source", told, _MAINTAINER)
    hooks = [hook for hook in rows(told.data) if hook.get("merge_requests_events") is True]
    if any("/trigger/pipeline" in str(hook.get("url")) for hook in hooks):
        return ok("check-source", "a webhook wakes a publisher project, which no merge request can edit")
    return warn(
        "check-source",
        "the check is defined by files that a merge request can edit, so it can leave findings out",
        "Set up a publisher project and its webhook (docs/ci.md), or a pipeline execution policy.",
    )


def secret(told: Answer) -> Check:
    """Whether the token in the project's variables shows up in no log."""
    if told.data is None:
        if told.is_absent:
            return ok("variable", "there is no variable GATE_TOKEN: the check job reads no approvals")
        return withheld("variable", told, _MAINTAINER)
    wrong = [name for name in ("masked", "protected") if at(told.data, name) is not True]
    if "masked" in wrong:
        return fail(
            "variable", "GATE_TOKEN is not masked", "Settings > CI/CD > Variables > GATE_TOKEN: masked."
        )
    if wrong:
        return warn(
            "variable",
            "GATE_TOKEN is not protected: every branch's pipeline has it",
            "Give it read_api only, or protect it and keep it to the publisher project.",
        )
    return ok("variable", "GATE_TOKEN is masked and protected")


def reviewers(calls: Calls, root: str, policy: Policy) -> Check:
    """Whether listed reviewers exist, are active and may write."""
    named = {one for names in policy.signoff.reviewers.values() for one in names}
    logins = sorted({login for human in policy.signoff.humans if human.id in named for login in human.gitlab})
    absent, weak = [], []
    for login in logins[:50]:
        found = ask(calls, "/users", username=login)
        if found.data is None:
            return withheld("people-forge", found, "a token with read_api")
        user = next((row for row in rows(found.data) if row.get("state") == "active"), None)
        if user is None:
            absent.append(login)
            continue
        member = ask(calls, f"{root}/members/all/{user.get('id')}")
        level = at(member.data, "access_level")
        if member.data is None and not member.is_absent:
            return withheld("people-forge", member, "a token with read_api")
        if not isinstance(level, int) or level < _WRITE:
            weak.append(login)
    return people(logins, absent, weak)
