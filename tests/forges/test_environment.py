"""What a CI system says about its merge request."""

from __future__ import annotations

import json

import pytest

from gate.errors import UsageError
from gate.forges.environment import Login, MergeRequest, merge_request

PULL_REQUEST = {
    "pull_request": {
        "base": {"ref": "main", "sha": "b" * 40},
        "head": {"ref": "claude/fix", "sha": "a" * 40},
        "body": "Fixes it",
        "user": {"login": "devin-ai-integration[bot]", "id": 158243242, "type": "Bot"},
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
        opener=Login("devin-ai-integration[bot]", bot=True, number=158243242),
    )


@pytest.mark.parametrize(
    ("user", "opener"),
    [
        ({"login": "jane", "id": 7, "type": "User"}, Login("jane", bot=False, number=7)),
        ({"login": "jane"}, Login("jane", bot=False)),
        ({"login": "x", "id": "7; rm", "type": ["Bot"]}, Login("x", bot=False)),
        ({"login": "x", "id": True, "type": "Bot"}, Login("x", bot=True)),
        ({"login": "x", "id": -1, "type": "bot"}, Login("x", bot=False)),
        ({"login": 3, "type": "Bot"}, None),
        (None, None),
        ("jane", None),
    ],
)
def test_the_account_of_an_event_is_taken_as_it_is_or_not_at_all(user, opener):
    event = {"pull_request": PULL_REQUEST["pull_request"] | {"user": user}}
    assert github(event).opener == opener


def test_an_event_without_a_description_says_that_there_is_none():
    assert github({"pull_request": PULL_REQUEST["pull_request"] | {"body": None}}).body == ""


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


def test_gitlab_hands_down_the_description_and_says_when_it_was_cut():
    variables = {
        "GITLAB_CI": "true",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_MERGE_REQUEST_DESCRIPTION": "Fixes it",
    }
    found = merge_request(variables, lambda *_: b"")
    assert (found.body, found.body_cut, found.opener) == ("Fixes it", False, None)
    cut = merge_request(variables | {"CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED": "true"}, lambda *_: b"")
    assert cut.body_cut
