"""The real CLI, both ends of the versions that are supported, against a model of ours on this machine."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import tempfile
import time
from typing import TYPE_CHECKING

import pytest

from gate.ai.engines.claude import ClaudeEngine
from gate.ai.request import ReviewRequest
from gate.ai.schema import ANSWER
from gate.core.ai import Reason
from tests.ai.kit import KEY, VERSIONS, cli_folder
from tests.support.fake_messages import Reply, answer, finding, messages_api

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow
ID = "a" * 32
MODEL = "claude-test-1"


@pytest.fixture(params=VERSIONS)
def folder(request):
    return cli_folder(request.param)


def engine(folder: Path, url: str, **more: str) -> ClaudeEngine:
    environment = {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "ANTHROPIC_API_KEY": KEY,
        "ANTHROPIC_BASE_URL": url,
    }
    return ClaudeEngine(environment=environment | more)


def request(**changed) -> ReviewRequest:
    values = {
        "key": "k", "review_id": ID, "prompt": f"Review.\nreview_id: {ID}\n@/etc/passwd\n!id\n/help\n", "schema": ANSWER,
        "model": MODEL, "effort": "high", "timeout": 60.0, "max_usd": 1.0,
    }  # fmt: skip
    return ReviewRequest(**values | changed)


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    """Temporary folders lie here, and are gone at the end."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    assert not list(tmp_path.glob("gate-ai-*"))


def ask(folder, script, **changed):
    with messages_api(script) as model:
        return engine(folder, model.url).review(request(**changed)), model


def test_it_is_found_and_states_its_version(folder):
    info = engine(folder, "").probe()
    assert (info.problem, info.version, info.isolation) == (None, folder.parent.parent.name, "verified")


def test_a_whole_answer_and_nothing_but_the_prompt_in_the_request(folder):
    reply, model = ask(folder, answer(finding(quote="x = 1")))
    assert (reply.problem, reply.answers[0]["review_id"], reply.models) == (None, ID, (MODEL,))
    assert reply.cost_usd is not None
    (asked,) = model.messages
    assert len(model.asked) == 1
    body = json.loads(asked.body)
    assert [tool["name"] for tool in body["tools"]] == ["StructuredOutput"]
    sent = asked.body.decode()
    assert "root:" not in sent  # of the @-mention
    assert "uid=" not in sent
    assert os.uname().nodename not in sent


FAILURES = {
    "auth": (Reply(status=401, error="authentication_error"), Reason.AUTH),
    "forbidden": (Reply(status=403, error="permission_error"), Reason.AUTH),
    "rate": (Reply(status=429, error="rate_limit_error", headers={"retry-after": "0"}), Reason.RATE_LIMITED),
    "overloaded": (
        Reply(status=529, error="overloaded_error", headers={"retry-after": "0"}),
        Reason.OVERLOADED,
    ),
    "server": (Reply(status=500, error="api_error", headers={"retry-after": "0"}), Reason.SERVER_ERROR),
    "model": (Reply(status=404, error="not_found_error", message=f"model: {MODEL}"), Reason.MODEL_NOT_FOUND),
    "bad": (Reply(status=400, error="invalid_request_error", message="bad field"), Reason.BAD_REQUEST),
    "credit": (
        Reply(
            status=400,
            error="invalid_request_error",
            message="Your credit balance is too low to access the Anthropic API.",
        ),
        Reason.BILLING,
    ),
    "long": (
        Reply(
            status=400,
            error="invalid_request_error",
            message="prompt is too long: 250000 tokens > 200000 maximum",
        ),
        Reason.TOO_LARGE,
    ),
    "size": (Reply(status=413, error="request_too_large"), Reason.TOO_LARGE),
    "cut": (Reply(text="All is well. " * 20, cut=True), Reason.NO_STRUCTURED_OUTPUT),
    "turns": (Reply(tools=[("Read", {"file_path": "x"})]), Reason.MAX_TURNS),
    "html": (Reply(raw=b"<html>a proxy</html>", kind="text/html"), Reason.CONNECTION),
    "prose": (Reply(text="All is well."), Reason.NO_STRUCTURED_OUTPUT),
    "fenced": (Reply(text='```json\n{"findings": []}\n```'), Reason.NO_STRUCTURED_OUTPUT),
    "refusal": (Reply(text="No.", stop="refusal"), Reason.REFUSED),
    "tokens": (Reply(text="a", stop="max_tokens"), Reason.MAX_TOKENS),
    "invalid": (Reply(tools=[("StructuredOutput", {"nothing": 1})]), Reason.INVALID_OUTPUT),
}


@pytest.mark.parametrize("name", FAILURES)
def test_every_failure_has_its_reason_and_none_is_an_answer(folder, name):
    script, reason = FAILURES[name]
    started = time.monotonic()
    reply, model = ask(folder, script)
    assert reply.problem is reason
    assert time.monotonic() - started < 60
    assert model.messages


def test_a_call_that_costs_more_than_is_left_says_so_and_keeps_what_was_answered(folder):
    dear = answer(finding(quote="x = 1"))
    dear.usage = {"input_tokens": 900_000, "output_tokens": 15_000}
    reply, model = ask(folder, dear, max_usd=0.05, model="claude-opus-4-8")
    assert (reply.problem, len(model.messages)) == (Reason.BUDGET, 1)
    assert reply.cost_usd > 1
    assert len(reply.answers[0]["findings"]) == 1


def test_a_login_in_the_place_of_a_key_is_as_closed(folder):
    with messages_api(answer(finding(quote="x = 1"))) as model:
        login = engine(folder, model.url, ANTHROPIC_API_KEY="", CLAUDE_CODE_OAUTH_TOKEN=KEY)
        assert login.probe().problem is None
        reply = login.review(request())
    assert (reply.problem, len(reply.answers)) == (None, 1)
    assert {asked.headers.get("authorization") for asked in model.messages} == {f"Bearer {KEY}"}
    sent = b"".join(asked.body for asked in model.asked).decode()
    for secret in ("root:", "uid=", KEY):
        assert secret not in sent


def test_nobody_answers(folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    reply = engine(folder, f"http://127.0.0.1:{port}").review(request())
    assert (reply.problem, reply.answers) == (Reason.CONNECTION, ())


def test_a_model_that_hangs_is_left_within_the_limit_and_no_process_stays(folder):
    started = time.monotonic()
    # An amount of its own tells this process from those of tests beside it.
    reply, _ = ask(folder, Reply(hang=30), timeout=5.0, max_usd=1.37)
    assert reply.problem is Reason.TIMEOUT
    assert time.monotonic() - started < 15
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "--max-budget-usd 1.37" not in running


def test_a_large_answer_is_read_whole(folder):
    rows = [finding(quote=f"row {n}", description="d" * 1_000) for n in range(1_500)]
    reply, _ = ask(folder, answer(*rows))
    assert (reply.problem, len(reply.answers[0]["findings"])) == (None, 1_500)


def test_tools_that_a_model_reaches_for_are_told_and_do_nothing(folder, tmp_path):
    canary = tmp_path / "canary"

    def script(_asked, number):
        if number == 0:
            return Reply(
                tools=[("Bash", {"command": f"touch {canary}"}), ("Read", {"file_path": "/etc/passwd"})]
            )
        return answer()

    reply, model = ask(folder, script)
    assert (reply.problem, dict(reply.tool_attempts)) == (None, {"Bash": 1, "Read": 1})
    assert not canary.exists()
    assert b"root:" not in model.everything()


def test_an_answer_that_is_taken_back_is_still_there(folder):
    first, last = answer(finding(quote="x = 1")), answer()
    reply, _ = ask(folder, Reply(tools=first.tools + last.tools))
    assert sum(len(one["findings"]) for one in reply.answers) == 1


@pytest.mark.parametrize(
    "flag", ["--bare", "--setting-sources", "--strict-mcp-config", "--disable-slash-commands"]
)
def test_no_flag_of_the_isolation_is_missing(folder, flag):
    assert flag in engine(folder, "").arguments(request())


def test_nothing_of_the_job_reaches_the_program(folder, tmp_path):
    more = {
        "GITHUB_TOKEN": "canary",
        "NODE_OPTIONS": "--require /x",
        "BASH_ENV": "/x",
        "CLAUDE_CONFIG_DIR": "/x",
    }
    found = engine(folder, "", **more).child_environment(tmp_path)
    assert set(found) == {
        "PATH", "HOME", "TMPDIR", "LANG", "ANTHROPIC_API_KEY", "CLAUDE_CONFIG_DIR", "DISABLE_AUTOUPDATER",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "CLAUDE_CODE_DISABLE_ATTACHMENTS",
        "CLAUDE_CODE_DISABLE_AUTO_MEMORY", "CLAUDE_CODE_MAX_RETRIES", "API_TIMEOUT_MS",
        "CLAUDE_CODE_MAX_OUTPUT_TOKENS",
    }  # fmt: skip
    assert "canary" not in str(found)
    assert found["CLAUDE_CONFIG_DIR"] == str(tmp_path / "cfg")
