"""The service asked directly, over a real socket."""

from __future__ import annotations

import json
import time

import pytest

from gate.ai.engines.messages_api import MessagesEngine
from gate.ai.request import ReviewRequest
from gate.ai.schema import ANSWER
from gate.core.ai import Reason
from tests.ai.kit import KEY
from tests.support.fake_messages import Reply, finding, messages_api

ID = "b" * 32


def request(**changed):
    values = {
        "key": "k", "review_id": ID, "prompt": f"review_id: {ID}\n", "schema": ANSWER, "model": "m", "effort": "high",
        "timeout": 30.0, "max_usd": 1.0,
    }  # fmt: skip
    return ReviewRequest(**values | changed)


def ask(script, **changed):
    with messages_api(script) as model:
        engine = MessagesEngine(environment={"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": model.url})
        return engine.review(request(**changed)), model


def text(value) -> Reply:
    return Reply(text=json.dumps(value), stop="end_turn")


def test_an_answer_comes_back_with_what_it_took():
    reply, model = ask(text({"review_id": ID, "findings": [finding()]}))
    assert (reply.problem, len(reply.answers[0]["findings"]), reply.tokens_in, reply.tokens_out) == (
        None,
        1,
        100,
        50,
    )
    body = json.loads(model.messages[0].body)
    assert body["output_config"]["format"]["schema"] == ANSWER
    assert "tools" not in body


def test_a_service_that_knows_no_schema_is_asked_with_a_tool():
    def script(_asked, number):
        if number == 0:
            return Reply(status=400, error="invalid_request_error", message="output_config: unknown field")
        return Reply(tools=[("report", {"review_id": ID, "findings": []})])

    reply, model = ask(script)
    assert (reply.problem, len(model.messages)) == (None, 2)
    assert json.loads(model.messages[1].body)["tool_choice"] == {"type": "tool", "name": "report"}


AGAIN = {"retry-after": "0"}
FAILURES = {
    "auth": (Reply(status=401, error="authentication_error"), Reason.AUTH, 1),
    "model": (Reply(status=404, error="not_found_error"), Reason.MODEL_NOT_FOUND, 1),
    "size": (Reply(status=413, error="request_too_large"), Reason.TOO_LARGE, 1),
    "bad": (Reply(status=400, error="invalid_request_error"), Reason.BAD_REQUEST, 1),
    "credit": (
        Reply(status=400, error="invalid_request_error", message="Your credit balance is too low"),
        Reason.BILLING,
        1,
    ),
    "rate": (Reply(status=429, error="rate_limit_error", headers=AGAIN), Reason.RATE_LIMITED, 3),
    "overloaded": (Reply(status=529, error="overloaded_error", headers=AGAIN), Reason.OVERLOADED, 3),
    "server": (Reply(status=503, error="api_error", headers=AGAIN), Reason.SERVER_ERROR, 3),
    "redirect": (Reply(status=307, headers={"location": "http://127.0.0.1:9/"}), Reason.CONNECTION, 1),
    "html": (Reply(raw=b"<html>", kind="text/html"), Reason.CONNECTION, 1),
    "page with JSON": (Reply(raw=b"{}", kind="text/html"), Reason.CONNECTION, 1),
    "refusal": (Reply(text="No.", stop="refusal"), Reason.REFUSED, 1),
    "tokens": (Reply(text="{", stop="max_tokens"), Reason.MAX_TOKENS, 1),
    "prose": (Reply(text="All is well."), Reason.NO_STRUCTURED_OUTPUT, 1),
    "pause": (Reply(text="{}", stop="pause_turn"), Reason.CRASHED, 1),
}


@pytest.mark.parametrize("name", FAILURES)
def test_every_failure_has_its_reason(name):
    script, reason, requests = FAILURES[name]
    reply, model = ask(script)
    assert (reply.problem, len(model.messages)) == (reason, requests)


def test_a_service_that_hangs_is_left_in_time():
    started = time.monotonic()
    reply, _ = ask(Reply(hang=20), timeout=2.0)
    assert reply.problem is Reason.TIMEOUT
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    "address", ["http://evil.example", "ftp://127.0.0.1", "http://127.0.0.1.evil.example", "https://u:p@x/"]
)
def test_a_key_travels_by_https_or_stays_here(address):
    info = MessagesEngine(environment={"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": address}).probe()
    assert info.problem is Reason.CONNECTION


def test_without_a_key_nothing_is_asked():
    assert MessagesEngine(environment={}).probe().problem is Reason.NO_CREDENTIALS
