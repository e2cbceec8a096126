"""What a pass costs: known before the first call, and no call without the money for it."""

from __future__ import annotations

import json
import re
import stat
import threading
import time

import pytest

from gate.ai.prices import price_of
from tests.ai.kit import KEY, check, repository
from tests.support.fake_messages import Reply, messages_api

TWO = {f"f{n}.py": "".join(f"value_{n}_{i} = request_{i}\n" for i in range(40)) for n in range(2)}


def said(**usage) -> Reply:
    reply = Reply(text=json.dumps({"review_id": "{id}", "findings": []}), stop="end_turn")
    return Reply(text=reply.text, stop="end_turn", usage=usage) if usage else reply


def script(reply: Reply):
    """Fill in the id that a request bears."""

    def answer(asked, _number):
        return Reply(text=reply.text.replace("{id}", asked.review_id), stop=reply.stop, usage=reply.usage)

    return answer


def run(tmp_path, reply, *, model="claude-opus-4-8", more="", **changes):
    with messages_api(script(reply)) as service:
        policy = (
            f"ai: {{enabled: true, engine: messages-api, model: {model}, jobs: 1, batch_bytes: 1200{more}}}"
        )
        repo = repository(tmp_path / "r", policy, change=TWO, **changes)
        environment = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": service.url}
        return check(repo, tmp_path, "--no-cache", "-v", **environment), service


def test_the_most_that_a_pass_can_cost_is_known_before_it(tmp_path):
    ran, service = run(tmp_path, said(input_tokens=10_000, output_tokens=1_000))
    assert (ran.ai["status"], ran.ai["batches"], len(service.messages)) == ("completed", 2, 2)
    assert ran.ai["estimate_usd"] == pytest.approx(0.8 + 2 * 0.015, abs=0.03)
    assert ran.ai["cost_usd"] == pytest.approx(2 * (10_000 * 5 + 1_000 * 25) / 1e6)
    assert "0.15 USD" in ran.text
    assert re.search(
        r"AI review: at most 0\.8\d USD of 2 \(prices of [\d-]+\), 2 calls for 2 parts", ran.error
    )


def test_no_call_is_started_without_the_money_for_its_longest_answer(tmp_path):
    ran, service = run(tmp_path, said(), more=", max_usd: 0.3")
    assert (ran.ai["status"], ran.ai["reason"], service.messages) == ("failed", "budget", [])
    assert {row["reason"] for row in ran.ai["unreviewed"]} == {"budget"}
    assert "a call may cost 0.4" in ran.text
    assert ran.ai["cost_usd"] is None


def test_what_was_spent_is_missing_for_the_next_call(tmp_path):
    dear = said(input_tokens=100_000, output_tokens=16_000)
    ran, service = run(tmp_path, dear, more=", max_usd: 1")
    assert (ran.ai["status"], ran.ai["reason"], len(service.messages)) == ("partial", "budget", 1)
    assert ran.ai["unreviewed"] == [{"path": "f1.py", "reason": "budget"}]
    assert ran.ai["cost_usd"] == pytest.approx(0.9)


def test_calls_beside_each_other_wait_for_money_that_may_come_back(tmp_path):
    change = {f"f{n}.py": TWO["f0.py"] for n in range(6)}
    policy = "ai: {enabled: true, engine: messages-api, model: claude-opus-4-8, jobs: 6, batch_bytes: 1200, max_usd: 1}"
    at_work, most, lock = 0, 0, threading.Lock()
    plain = script(said(input_tokens=1, output_tokens=1))

    def slow(asked, number):
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        time.sleep(0.3)
        with lock:
            at_work -= 1
        return plain(asked, number)

    with messages_api(slow) as service:
        repo = repository(tmp_path / "r", policy, change=change)
        environment = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": service.url}
        ran = check(repo, tmp_path, "--no-cache", **environment)
    assert (ran.ai["status"], len(service.messages)) == ("completed", 6)
    assert most == 2  # each may cost 0.42


def test_a_model_without_a_price_is_told_and_reviews(tmp_path):
    ran, _ = run(tmp_path, said(), model="model-of-the-house")
    assert (ran.ai["status"], ran.ai["estimate_usd"], ran.ai["cost_usd"]) == ("completed", None, None)
    assert "nobody knows the price of a call" in ran.text


def test_names_with_a_date_are_the_same_model():
    assert price_of("claude-haiku-4-5-20251001") == price_of("claude-haiku-4-5") is not None
    assert price_of("claude-haiku-4-5-x") is None
    assert price_of("") is None


def test_a_folder_that_takes_no_recordings_stops_before_anything_is_asked(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with messages_api(script(said())) as service:
        repo = repository(tmp_path / "r", "ai: {enabled: true, engine: messages-api, model: m}")
        environment = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": service.url}
        ran = check(repo, tmp_path, "--no-cache", "--ai-record", str(blocked / "records"), **environment)
        assert ran.code == 2
        assert "recordings cannot be written" in ran.error
        assert not service.asked
        ran = check(repo, tmp_path, "--no-cache", "--ai-record", str(tmp_path / "records"), **environment)
    (record,) = (tmp_path / "records").iterdir()
    assert stat.S_IMODE(record.stat().st_mode) == 0o600


def test_a_call_that_was_cut_off_may_have_cost_what_it_was_promised(tmp_path):
    flood = Reply(raw=b'{"a": "' + b"x" * 11_000_000, kind="application/json")
    with messages_api(flood) as service:
        policy = "ai: {enabled: true, engine: messages-api, model: claude-opus-4-8, jobs: 1, batch_bytes: 1200, max_usd: 0.6}"
        repo = repository(tmp_path / "r", policy, change=TWO)
        environment = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": service.url}
        ran = check(repo, tmp_path, "--no-cache", **environment)
    assert len(service.messages) == 1
    assert {row["path"]: row["reason"] for row in ran.ai["unreviewed"]} == {
        "f0.py": "invalid-output",
        "f1.py": "budget",
    }
