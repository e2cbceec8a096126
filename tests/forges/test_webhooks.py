"""Events as GitHub recorded them (npm package @octokit/webhooks-examples): every one is understood as what it is."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gate.errors import UsageError
from gate.forges.environment import merge_request
from gate.forges.settings import find_settings

ROOT = Path(__file__).resolve().parents[2]
PEERS = Path(os.environ.get("GATE_PEERS", ROOT / ".cache" / "peers"))
EXAMPLES = PEERS / "node_modules/@octokit/webhooks-examples/api.github.com/index.json"

pytestmark = pytest.mark.skipif(not EXAMPLES.is_file(), reason="the events are not installed: make peers")
SHA = re.compile(r"[0-9a-f]{40}")


@cache
def events(name: str) -> list[dict[str, Any]]:
    every = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    return next(row["examples"] for row in every if row["name"] == name)


def job(name: str) -> dict[str, str]:
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": name,
        "GITHUB_EVENT_PATH": "event.json",
        "GITHUB_REPOSITORY": "Codertocat/Hello-World",
        "GITHUB_TOKEN": "t",
    }


def reading(event: dict[str, Any]):
    return lambda _path, _most: json.dumps(event).encode()


def test_a_pull_request_is_judged_at_its_own_head_against_the_tip_of_its_target():
    assert len(events("pull_request")) >= 20
    for event in events("pull_request"):
        pull = event["pull_request"]
        found = merge_request(job("pull_request"), reading(event))
        assert found is not None
        assert (found.head, found.base) == (pull["head"]["sha"], f"refs/remotes/origin/{pull['base']['ref']}")
        assert found.opener is not None
        assert found.opener.login == pull["user"]["login"]
        assert found.opener.bot == (pull["user"]["type"] == "Bot")
        settings = find_settings(job("pull_request"), reading(event))
        assert (settings.number, settings.queued) == (pull["number"], False)


def test_a_review_leads_to_its_pull_request():
    assert len(events("pull_request_review")) >= 3
    for event in events("pull_request_review"):
        assert (
            find_settings(job("pull_request_review"), reading(event)).number
            == event["pull_request"]["number"]
        )


def test_the_publisher_takes_head_branch_and_source_from_the_run_and_nothing_else():
    assert len(events("workflow_run")) >= 4
    for event in events("workflow_run"):
        run = event["workflow_run"]
        settings = find_settings(job("workflow_run"), reading(event))
        assert settings.head is not None
        assert SHA.fullmatch(settings.head)
        assert settings.head == run["head_sha"]
        assert settings.branch == run["head_branch"]
        assert settings.source == run["head_repository"]["id"]
        assert settings.number is None, "lists of pull requests in events are empty for forks"
        assert not settings.queued


def test_an_entry_of_the_merge_queue_is_compared_with_the_entry_before():
    assert events("merge_group")
    for event in events("merge_group"):
        group = event["merge_group"]
        found = merge_request(job("merge_group"), reading(event))
        assert found is not None
        assert (found.base, found.head) == (group["base_sha"], group["head_sha"])


@pytest.mark.parametrize("name", ["push", "issue_comment", "create", "check_run", "ping"])
def test_other_events_name_no_request_and_end_with_a_sentence(name):
    for event in events(name):
        assert merge_request(job(name), reading(event)) is None
        with pytest.raises(UsageError, match="the merge request is not known"):
            find_settings(job(name), reading(event))
