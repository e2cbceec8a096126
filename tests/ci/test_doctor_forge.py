"""`gate doctor` with a token: settings of GitHub and GitLab, asked through the real clients."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.ci.kit import gate, serving
from tests.ci.test_doctor import GITHUB, GITLAB, _outside_of_ci, shop  # noqa: F401 - the fixture serves here too

REPO = "/repos/acme/shop"
WORKFLOWS = {"type": "workflows", "parameters": {"workflows": [{"path": ".github/workflows/gate.yml"}]}}
HOOK = {
    "url": "https://gitlab.com/api/v4/projects/9/ref/main/trigger/pipeline",
    "merge_requests_events": True,
}
SAFE_GITHUB: dict[str, Any] = {
    REPO: {"permissions": {"admin": False, "push": True}, "default_branch": "main"},
    f"{REPO}/rules/branches/main": [
        {
            "type": "required_status_checks",
            "parameters": {"required_status_checks": [{"context": "gate", "integration_id": 4711}]},
        },
        WORKFLOWS,
        {
            "type": "pull_request",
            "parameters": {"dismiss_stale_reviews_on_push": True, "require_last_push_approval": True},
        },
    ],
    f"{REPO}/actions/permissions/workflow": {
        "default_workflow_permissions": "read",
        "can_approve_pull_request_reviews": False,
    },
    f"{REPO}/environments/gate-publish": {
        "name": "gate-publish",
        "deployment_branch_policy": {"protected_branches": True, "custom_branch_policies": False},
    },
    f"{REPO}/codeowners/errors": {"errors": []},
    f"{REPO}/collaborators/ann/permission": {"permission": "write"},
    f"{REPO}/collaborators/bob/permission": {"permission": "admin"},
}
PROJECT = "/projects/acme/shop"
SAFE_GITLAB: dict[str, Any] = {
    PROJECT: {
        "only_allow_merge_if_pipeline_succeeds": True,
        "allow_merge_on_skipped_pipeline": False,
        "ci_allow_fork_pipelines_to_run_in_parent_project": False,
        "ci_pipeline_variables_minimum_override_role": "no_one_allowed",
    },
    "/personal_access_tokens/self": {"scopes": ["read_api"], "expires_at": "2027-01-01"},
    f"{PROJECT}/protected_branches/main": {
        "allow_force_push": False,
        "push_access_levels": [{"access_level": 0}],
    },
    f"{PROJECT}/approvals": {
        "reset_approvals_on_push": True,
        "merge_requests_author_approval": False,
        "merge_requests_disable_committers_approval": True,
        "disable_overriding_approvers_per_merge_request": True,
    },
    f"{PROJECT}/variables/GATE_TOKEN": {"masked": True, "protected": True},
    f"{PROJECT}/hooks": [HOOK],
    "/users": [{"id": 5, "username": "ann", "state": "active"}],
    f"{PROJECT}/members/all/5": {"access_level": 30},
}


class Asked:
    """Both forges, set up well; `with_` changes some answers."""

    #: Whether the answers are such as the forge describes them.
    described = True

    def __init__(self, tmp_path, monkeypatch) -> None:
        self._folder, self._patch = tmp_path, monkeypatch

    def __call__(self, forge: str, changed: dict[str, Any] | None = None, **policy: str):
        files, answers = (GITHUB, SAFE_GITHUB) if forge == "github" else (GITLAB, SAFE_GITLAB)
        files = dict(files)
        for old, new in policy.items():
            files[".gate.yml"] = files[".gate.yml"].replace(old, new)
        repo = shop(self._folder / forge, files, host=f"{forge}.com")
        self._patch.setenv("GATE_TOKEN", "t0p-secret")
        with serving(copy.deepcopy(answers) | (changed or {})) as served:
            api = f"{served.url}/api/v{'3' if forge == 'github' else '4'}"
            done = gate(
                "doctor", "--repo", repo.path, "--api-url", api, "-q", "-o", "json", "--now", "2026-06-01"
            )
        assert done.stdout, done.stderr
        assert "t0p-secret" not in done.stdout + done.stderr
        assert all(one.startswith("GET ") for one in served.asked)  # nothing is ever written
        if self.described:
            assert served.violations == []
        checks = {one["id"]: one for one in json.loads(done.stdout)["checks"]}
        return done.returncode, checks


@pytest.fixture
def asked(tmp_path, monkeypatch) -> Asked:
    return Asked(tmp_path, monkeypatch)


@pytest.mark.parametrize("forge", ["github", "gitlab"])
def test_a_safe_set_up_is_fine(asked, forge):
    code, checks = asked(forge)
    assert [one for one in checks.values() if one["state"] != "ok"] == []
    assert code == 0


def rule(kind: str, **parameters: Any) -> list[dict[str, Any]]:
    rules = copy.deepcopy(SAFE_GITHUB[f"{REPO}/rules/branches/main"])
    for one in rules:
        if one["type"] == kind:
            one["parameters"] |= parameters
    return rules


RULES = f"{REPO}/rules/branches/main"


@pytest.mark.parametrize(
    ("identifier", "changed", "state"),
    [
        ("token-rights", {REPO: {"permissions": {"admin": True}}}, "warn"),
        ("branch", {RULES: []}, "fail"),
        (
            "status",
            {RULES: rule("required_status_checks", required_status_checks=[{"context": "ci"}])},
            "fail",
        ),
        (
            "status",
            {RULES: rule("required_status_checks", required_status_checks=[{"context": "gate"}])},
            "warn",
        ),
        ("stale", {RULES: rule("pull_request", dismiss_stale_reviews_on_push=False)}, "warn"),
        ("check-source", {RULES: [one for one in rule("") if one != WORKFLOWS]}, "warn"),
        ("last-push", {RULES: rule("pull_request", require_last_push_approval=False)}, "warn"),
        ("bypass", {f"{REPO}/branches/main/protection": {"enforce_admins": {"enabled": False}}}, "warn"),
        (
            "bypass",
            {
                f"{REPO}/branches/main/protection": {
                    "enforce_admins": {"enabled": True},
                    "required_pull_request_reviews": {
                        "bypass_pull_request_allowances": {"users": [{"login": "eve"}]}
                    },
                }
            },
            "warn",
        ),
        (
            "workflow-token",
            {f"{REPO}/actions/permissions/workflow": {"default_workflow_permissions": "write"}},
            "fail",
        ),
        (
            "workflow-token",
            {f"{REPO}/actions/permissions/workflow": {"can_approve_pull_request_reviews": True}},
            "fail",
        ),
        ("workflow-token", {f"{REPO}/actions/permissions/workflow": 403}, "unknown"),
        ("environment", {f"{REPO}/environments/gate-publish": 404}, "warn"),
        ("environment", {f"{REPO}/environments/gate-publish": {"deployment_branch_policy": None}}, "fail"),
        (
            "owners-read",
            {f"{REPO}/codeowners/errors": {"errors": [{"line": 2, "kind": "Unknown owner"}]}},
            "warn",
        ),
        ("people-forge", {f"{REPO}/collaborators/bob/permission": {"permission": "read"}}, "fail"),
        ("people-forge", {f"{REPO}/collaborators/bob/permission": 404}, "fail"),
        ("people-forge", {f"{REPO}/collaborators/bob/permission": 403}, "unknown"),
        ("repository", {REPO: 404}, "unknown"),
    ],
)
def test_a_weak_setting_of_github_is_told_with_the_place_to_mend_it(asked, identifier, changed, state):
    code, checks = asked("github", changed)
    assert checks[identifier]["state"] == state, checks[identifier]
    assert checks[identifier]["mend"]
    assert code == {"fail": 1, "unknown": 4}.get(state, 0)


@pytest.mark.parametrize("setting", ["skipped", "pipelines"])
def test_t62_skipped_pipelines_count_as_success(asked, setting):
    """`[skip ci]` and empty pipelines pass where the project lets them: the doctor says so, and how to mend it."""
    weak = {
        "skipped": {"allow_merge_on_skipped_pipeline": True},
        "pipelines": {"only_allow_merge_if_pipeline_succeeds": False},
    }[setting]
    code, checks = asked("gitlab", {PROJECT: SAFE_GITLAB[PROJECT] | weak})
    assert (code, checks[setting]["state"]) == (1, "fail")
    assert checks[setting]["mend"]


def test_t63_a_status_that_another_token_could_forge(asked):
    weak = {RULES: rule("required_status_checks", required_status_checks=[{"context": "gate"}])}
    _, checks = asked("github", weak)
    assert checks["status"]["state"] == "warn"
    _, checks = asked("github", weak, **{"version: 1": "version: 1\nextends: strict"})
    assert checks["status"]["state"] == "fail"


def test_classic_protection_counts_like_a_ruleset(asked):
    classic = {
        RULES: [],
        f"{REPO}/branches/main/protection": {
            "required_status_checks": {"checks": [{"context": "gate", "app_id": 12}]},
            "required_pull_request_reviews": {
                "dismiss_stale_reviews": True,
                "require_last_push_approval": True,
            },
            "enforce_admins": {"enabled": True},
        },
    }
    code, checks = asked("github", classic)
    assert code == 0, checks


@pytest.mark.parametrize(
    ("identifier", "path", "answer", "state"),
    [
        ("token-rights", "/personal_access_tokens/self", {"scopes": ["api", "sudo"]}, "fail"),
        ("branch", f"{PROJECT}/protected_branches/main", 404, "fail"),
        ("branch", f"{PROJECT}/protected_branches/main", {"allow_force_push": True}, "fail"),
        (
            "branch",
            f"{PROJECT}/protected_branches/main",
            {"push_access_levels": [{"access_level": 30}]},
            "warn",
        ),
        ("pipelines", PROJECT, {"only_allow_merge_if_pipeline_succeeds": False}, "fail"),
        ("skipped", PROJECT, {"allow_merge_on_skipped_pipeline": True}, "fail"),
        ("forks", PROJECT, {"ci_allow_fork_pipelines_to_run_in_parent_project": True}, "warn"),
        ("variables", PROJECT, {"ci_pipeline_variables_minimum_override_role": "developer"}, "warn"),
        ("stale", f"{PROJECT}/approvals", {"reset_approvals_on_push": False}, "warn"),
        ("author", f"{PROJECT}/approvals", {"merge_requests_author_approval": True}, "warn"),
        ("committers", f"{PROJECT}/approvals", {"merge_requests_disable_committers_approval": False}, "warn"),
        ("rules", f"{PROJECT}/approvals", {"disable_overriding_approvers_per_merge_request": False}, "warn"),
        ("rules", f"{PROJECT}/approvals", 403, "unknown"),
        ("variable", f"{PROJECT}/variables/GATE_TOKEN", {"masked": False, "protected": True}, "fail"),
        ("variable", f"{PROJECT}/variables/GATE_TOKEN", {"masked": True, "protected": False}, "warn"),
        ("variable", f"{PROJECT}/variables/GATE_TOKEN", 404, "ok"),
        ("check-source", f"{PROJECT}/hooks", [{**HOOK, "url": "https://chat.example/x"}], "warn"),
        ("check-source", f"{PROJECT}/hooks", [{**HOOK, "merge_requests_events": False}], "warn"),
        ("check-source", f"{PROJECT}/hooks", 403, "unknown"),
        ("people-forge", "/users", [], "fail"),
        ("people-forge", "/users", [{"id": 5, "state": "blocked"}], "fail"),
        ("people-forge", f"{PROJECT}/members/all/5", {"access_level": 20}, "fail"),
        ("people-forge", f"{PROJECT}/members/all/5", 404, "fail"),
        ("project", PROJECT, 404, "unknown"),
    ],
)
def test_a_weak_setting_of_gitlab_is_told_with_the_place_to_mend_it(asked, identifier, path, answer, state):
    changed = (
        {path: SAFE_GITLAB[PROJECT] | answer}
        if path == PROJECT and isinstance(answer, dict)
        else {path: answer}
    )
    code, checks = asked("gitlab", changed)
    assert checks[identifier]["state"] == state, checks[identifier]
    assert bool(checks[identifier]["mend"]) == (state != "ok")
    assert code in {"fail": (1,), "unknown": (4,)}.get(state, (0,))


def test_a_wrong_token_is_unknown_and_not_fine(asked):
    code, checks = asked("github", {REPO: 401})
    assert code == 4
    assert checks["repository"]["state"] == "unknown"


def test_answers_of_another_shape_end_nothing(asked):
    asked.described = False
    code, checks = asked("github", {path: ["x"] for path in SAFE_GITHUB if path != REPO})
    assert "status" in checks
    assert code in (1, 4)
    code, checks = asked("gitlab", dict.fromkeys(SAFE_GITLAB, "x"))
    assert "pipelines" in checks
