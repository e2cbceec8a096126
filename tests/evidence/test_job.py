"""What a CI system says about its job, as a record keeps it."""

from __future__ import annotations

import pytest

from gate.forges.environment import Job, job

GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_SERVER_URL": "https://github.com/",
    "GITHUB_REPOSITORY": "acme/shop",
    "GITHUB_RUN_ID": "99",
    "GITHUB_ACTOR": "dev",
    "GITHUB_REF": "refs/pull/12/merge",
}
GITLAB = {
    "GITLAB_CI": "true",
    "CI_JOB_URL": "https://gitlab.com/acme/shop/-/jobs/9",
    "GITLAB_USER_LOGIN": "dev",
    "CI_MERGE_REQUEST_IID": "12",
}


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        (GITHUB, Job(url="https://github.com/acme/shop/actions/runs/99", actor="github:dev", change="12")),
        (GITHUB | {"GITHUB_REF": "refs/heads/main"}, Job(url="https://github.com/acme/shop/actions/runs/99", actor="github:dev")),
        (GITHUB | {"GITHUB_REF": "refs/pull/x/merge", "GITHUB_RUN_ID": "", "GITHUB_ACTOR": ""}, Job()),
        (GITLAB, Job(url="https://gitlab.com/acme/shop/-/jobs/9", actor="gitlab:dev", change="12")),
        (GITLAB | {"CI_MERGE_REQUEST_IID": "twelve"}, Job(url="https://gitlab.com/acme/shop/-/jobs/9", actor="gitlab:dev")),
        ({"GITHUB_ACTIONS": "true"}, Job()),
        ({"GITLAB_CI": "true"}, Job()),
        ({"CI_JOB_URL": "https://evil.example"}, Job()),
    ],
)  # fmt: skip
def test_a_job_is_what_its_own_ci_system_says(environment, told):
    assert job(environment) == told
