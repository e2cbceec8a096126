"""Checks of a repository's settings on GitHub: whether a change can be merged past the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from gate.core.words import listed
from gate.pipeline.doctor.ask import Answer, ask, at, rows, withheld
from gate.pipeline.doctor.check import Check, fail, ok, unknown, warn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gate.core.policy import Policy
    from gate.forges.calls import Calls

ENVIRONMENT = "gate-publish"
#: Levels that may approve with effect.
_WRITE = frozenset({"admin", "maintain", "write"})
_ADMIN = "a token that may read administration of the repository"


def checks(
    calls: Calls, repository: str, branch: str, policy: Policy | None, context: str
) -> Iterator[Check]:
    """Yield how the repository is set up; `branch` is the target's plain name, `context` that of our status."""
    root, name = f"/repos/{repository}", quote(branch, safe="")
    told = ask(calls, root)
    if told.data is None:
        yield withheld("repository", told, "a token that may read the repository")
        return
    yield rights(told)
    rules = ask(calls, f"{root}/rules/branches/{name}")
    guard = ask(calls, f"{root}/branches/{name}/protection")
    yield protected(rules, guard, branch)
    yield required_status(rules, guard, context, strict=policy is not None and policy.preset == "strict")
    yield check_source(rules)
    yield stale_reviews(rules, guard)
    yield last_push(rules, guard)
    yield administrators(guard)
    yield workflow_token(ask(calls, f"{root}/actions/permissions/workflow"))
    yield environment(ask(calls, f"{root}/environments/{ENVIRONMENT}"))
    yield owners(ask(calls, f"{root}/codeowners/errors"))
    if policy is not None:
        yield reviewers(calls, root, policy)


def rights(told: Answer) -> Check:
    """Whether the token may do no more than it has to."""
    if at(told.data, "permissions", "admin") is True:
        return warn(
            "token-rights",
            "the token may administer the repository",
            "Fine for gate doctor by hand; the publisher needs pull-requests: write and statuses: write only.",
        )
    return ok("token-rights", "the token may not administer the repository")


def protected(rules: Answer, guard: Answer, branch: str) -> Check:
    """Whether the target branch is protected at all."""
    if rows(rules.data) or guard.data is not None:
        return ok("branch", f"{branch} is protected")
    if rules.data is None and not guard.is_absent:
        return withheld("branch", guard, _ADMIN)
    return fail(
        "branch",
        f"{branch} is not protected: anybody with write access can push past the gate",
        "Settings > Rules > Rulesets: a branch ruleset for it that requires pull requests and the status `gate`.",
    )


def required_status(rules: Answer, guard: Answer, context: str, *, strict: bool) -> Check:
    """Whether merging needs our status, and whether it has to come from somebody in particular."""
    wanted = [
        (at(one, "context"), at(one, "integration_id"))
        for rule in _of(rules, "required_status_checks")
        for one in rows(at(rule, "parameters", "required_status_checks"))
    ]
    wanted += [
        (at(one, "context"), at(one, "app_id"))
        for one in rows(at(guard.data, "required_status_checks", "checks"))
    ]
    ours = [source for name, source in wanted if name == context]
    where = "Settings > Rules > the ruleset of the branch > Require status checks to pass"
    if not ours:
        if rules.data is None:
            return withheld("status", rules, _ADMIN)
        if guard.data is None and not guard.is_absent:
            return unknown(
                "status",
                f"no ruleset requires the status `{context}`; classic protection was not shown",
                f"Run gate doctor with {_ADMIN}, or add it: {where}.",
            )
        return fail("status", f"merging does not need the status `{context}`", f"{where}: add `{context}`.")
    if not any(isinstance(source, int) and source > 0 for source in ours):
        return (fail if strict else warn)(
            "status",
            f"the status `{context}` is required from any source: every workflow with statuses: write can post it",
            f"{where}: choose the source, best a GitHub App of the gate's own whose key only {ENVIRONMENT} has.",
        )
    return ok("status", f"`{context}` is required, from one source")


def check_source(rules: Answer) -> Check:
    """Whether the check is defined where no pull request can edit it."""
    if rules.data is None:
        return withheld("check-source", rules, _ADMIN)
    if _of(rules, "workflows"):
        return ok("check-source", "a ruleset requires a workflow that no pull request can edit")
    return warn(
        "check-source",
        "the check is defined by files that a pull request can edit, so it can leave findings out; authorship, areas "
        "and sign-offs hold, because the publisher looks at them itself",
        "In an organisation: a ruleset with `Require workflows to pass before merging`. Else let the owners of CI "
        "files be asked for every change of them.",
    )


def stale_reviews(rules: Answer, guard: Answer) -> Check:
    """Whether GitHub itself drops approvals of older commits."""
    return _review_setting(
        rules,
        guard,
        "stale",
        "dismiss_stale_reviews_on_push",
        "dismiss_stale_reviews",
        "approvals are dismissed by a push",
        "approvals stay after a push",
        "Turn on `Dismiss stale pull request approvals when new commits are pushed`; gate binds its own to content.",
    )


def last_push(rules: Answer, guard: Answer) -> Check:
    """Whether whoever pushed last cannot be the one who approves."""
    return _review_setting(
        rules,
        guard,
        "last-push",
        "require_last_push_approval",
        "require_last_push_approval",
        "somebody else than the last pusher has to approve",
        "whoever pushed last can approve",
        "Turn on `Require approval of the most recent reviewable push`.",
    )


def administrators(guard: Answer) -> Check:
    """Whether nobody is above classic protection; who may bypass a ruleset GitHub tells only its owners."""
    if guard.data is None:
        if guard.is_absent:
            return ok("bypass", "no classic protection; look at the bypass list of the ruleset")
        return withheld("bypass", guard, _ADMIN)
    bypass = at(guard.data, "required_pull_request_reviews", "bypass_pull_request_allowances")
    people = [
        str(at(one, "login") or at(one, "slug"))
        for kind in ("users", "teams", "apps")
        for one in rows(at(bypass, kind))
    ]
    if people:
        return warn(
            "bypass", f"may merge without review: {listed(people)}", "Take them out of the branch protection."
        )
    if at(guard.data, "enforce_admins", "enabled") is not True:
        return warn(
            "bypass",
            "administrators are above the branch protection",
            "Turn on `Do not allow bypassing the above settings`.",
        )
    return ok("bypass", "nobody is above the branch protection")


def workflow_token(told: Answer) -> Check:
    """Whether jobs get a token that can write, or approve, unasked."""
    if told.data is None:
        return withheld("workflow-token", told, _ADMIN)
    wrong = []
    if at(told.data, "default_workflow_permissions") == "write":
        wrong.append("jobs may write by default")
    if at(told.data, "can_approve_pull_request_reviews") is True:
        wrong.append("jobs may approve pull requests")
    if wrong:
        return fail(
            "workflow-token",
            listed(wrong),
            "Settings > Actions > General > Workflow permissions: read, and no approving.",
        )
    return ok("workflow-token", "jobs may read by default, and approve nothing")


def environment(told: Answer) -> Check:
    """Whether only the default branch gets the publisher's secrets."""
    mend = f"Settings > Environments > {ENVIRONMENT}: deployment branches, the default branch only."
    if told.data is None:
        if told.is_absent:
            return warn("environment", f"there is no environment {ENVIRONMENT}", f"Make it. {mend}")
        return withheld("environment", told, _ADMIN)
    if at(told.data, "deployment_branch_policy") is None:
        return fail("environment", f"every branch can use {ENVIRONMENT} and read its secrets", mend)
    return ok("environment", f"{ENVIRONMENT} is limited to named branches")


def owners(told: Answer) -> Check:
    """Whether GitHub understands CODEOWNERS."""
    if told.data is None:
        if told.is_absent:
            return warn(
                "owners-read", "GitHub sees no CODEOWNERS file", "gate init --reviewer LOGIN writes one."
            )
        return withheld("owners-read", told, "a token that may read the repository")
    wrong = [f"line {at(one, 'line')}: {at(one, 'kind')}" for one in rows(at(told.data, "errors"))]
    if wrong:
        return warn(
            "owners-read", f"GitHub does not understand {listed(wrong)}", "Correct these lines in CODEOWNERS."
        )
    return ok("owners-read", "GitHub understands every line of CODEOWNERS")


def reviewers(calls: Calls, root: str, policy: Policy) -> Check:
    """Whether listed reviewers exist and may write; the approvals of others have no effect."""
    named = {one for names in policy.signoff.reviewers.values() for one in names}
    logins = sorted({login for human in policy.signoff.humans if human.id in named for login in human.github})
    weak, absent = [], []
    for login in logins[:50]:
        told = ask(calls, f"{root}/collaborators/{quote(login, safe='')}/permission")
        if told.is_absent:
            absent.append(login)
        elif told.data is None:
            return withheld("people-forge", told, "a token that may read collaborators")
        elif at(told.data, "permission") not in _WRITE:
            weak.append(login)
    return people(logins, absent, weak)


def people(logins: Sequence[str], absent: Sequence[str], weak: Sequence[str]) -> Check:
    """Return what is to be said of the accounts of reviewers."""
    if absent or weak:
        told = [f"no such account here: {listed(absent)}"] if absent else []
        told += [f"without write access: {listed(weak)}"] if weak else []
        return fail(
            "people-forge",
            "; ".join(told),
            "Correct the logins in signoff.humans, or give these people write access: else their approval counts nothing.",
        )
    return ok(
        "people-forge",
        f"{len(logins)} accounts of reviewers, all with write access" if logins else "none listed",
    )


def _review_setting(
    rules: Answer, guard: Answer, name: str, rule_key: str, classic_key: str, good: str, bad: str, mend: str
) -> Check:
    values = [at(rule, "parameters", rule_key) for rule in _of(rules, "pull_request")]
    values.append(at(guard.data, "required_pull_request_reviews", classic_key))
    if True in values:
        return ok(name, good)
    if rules.data is None or (guard.data is None and not guard.is_absent):
        return withheld(name, guard if rules.data is not None else rules, _ADMIN)
    return warn(name, bad, mend)


def _of(rules: Answer, kind: str) -> list[dict[str, Any]]:
    return [rule for rule in rows(rules.data) if rule.get("type") == kind]
