"""What a CI system says about its merge request."""

from __future__ import annotations

import json

import pytest

from gate.errors import UsageError
from gate.forges.environment import MergeRequest, merge_request

PULL_REQUEST = {
    "pull_request": {
        "base": {"ref": "main", "sha": "b" * 40},
        "head": {"ref": "claude/fix", "sha": "a" * 40},
        "body": "Fixes it",
    }
}


def github(event, name="pull_request"):
    variables = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": "/event.json"}
    data = event if isinstance(event, bytes) else json.dumps(event).encode()
    return merge_request(variables, lambda _path, _limit: data)


def test_a_pull_request_is_judged_on_its_own_head_and_the_tip_of_its_target():
    assert github(PULL_REQUEST) == MergeRequest(
        forge="github",
        base="refs/remotes/origin/main",
        head="a" * 40,
        target="refs/heads/main",
        branch="claude/fix",
        body="Fixes it",
    )


def test_a_merge_queue_group_names_its_own_ends():
    group = {"merge_group": {"base_sha": "b" * 40, "head_sha": "a" * 40, "base_ref": "refs/heads/main"}}
    found = github(group, "merge_group")
    assert (found.base, found.head, found.target) == ("b" * 40, "a" * 40, "refs/heads/main")


@pytest.mark.parametrize(
    "event", [b"", b"{", b"[]", b"{}", b'{"pull_request": {"base": null}}', b'{"pull_request": 3}']
)
def test_an_unusable_event_is_an_error_and_never_an_empty_scan(event):
    with pytest.raises(UsageError) as error:
        github(event)
    assert "/event.json" in error.value.message
    assert "--base" in error.value.hint


def test_a_push_is_no_merge_request():
    assert github({"ref": "refs/heads/main"}, "push") is None


def test_gitlab_names_target_source_and_the_source_branch_commit():
    found = merge_request(
        {
            "GITLAB_CI": "true",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
            "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "topic",
            "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "a" * 40,
            "CI_COMMIT_SHA": "c" * 40,  # the temporary merge of a merged results pipeline
        },
        lambda *_: b"",
    )
    assert (found.base, found.head, found.target) == ("refs/remotes/origin/main", "a" * 40, "refs/heads/main")


def test_an_ordinary_gitlab_pipeline_reads_the_commit_that_runs():
    found = merge_request(
        {
            "GITLAB_CI": "true",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
            "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "",
            "CI_COMMIT_SHA": "c" * 40,
        },
        lambda *_: b"",
    )
    assert found.head == "c" * 40


def test_an_empty_target_in_gitlab_is_an_error():
    with pytest.raises(UsageError):
        merge_request({"GITLAB_CI": "true", "CI_MERGE_REQUEST_IID": "7"}, lambda *_: b"")


def test_nothing_is_said_outside_of_ci():
    assert merge_request({}, lambda *_: b"") is None
