"""`gate doctor` looks at the review by a model, and asks no model for it."""

from __future__ import annotations

import pytest

from tests.ai.kit import KEY
from tests.ai.test_claude_probe import program
from tests.ci.test_doctor import GITHUB, POLICY, _outside_of_ci, look, shop, state  # noqa: F401 - a fixture
from tests.support.fake_messages import Reply, messages_api


@pytest.fixture(autouse=True)
def _without_a_key(monkeypatch):
    for name in (
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_AUTH_TOKEN",
        "CLAUDE_CODE_OAUTH_TOKEN",
        "ANTHROPIC_BASE_URL",
    ):
        monkeypatch.delenv(name, raising=False)


def asks(tmp_path, ai: str, **files):
    return shop(tmp_path, GITHUB | {".gate.yml": f"{POLICY}ai: {{enabled: true, {ai}}}\n"} | files)


def test_without_a_review_nothing_is_said_of_it(tmp_path):
    assert not [name for name in look(shop(tmp_path, GITHUB))[1] if name.startswith("ai-")]


def test_a_key_and_a_model_with_a_price_are_fine_and_nobody_is_asked(tmp_path, monkeypatch):
    with messages_api(Reply(status=500)) as model:
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", model.url)
        code, checks = look(asks(tmp_path, "engine: messages-api, model: claude-opus-4-8"))
    found = {name: one["state"] for name, one in checks.items() if name.startswith("ai-")}
    assert (code, set(found.values())) == (0, {"ok"})
    assert set(found) == {"ai-effect", "ai-env", "ai-engine", "ai-key", "ai-price"}
    assert "USD a call" in checks["ai-price"]["found"]
    assert model.asked == []
    assert KEY not in str(checks)


def test_an_absent_key_is_told_and_what_then_happens(tmp_path):
    repo = asks(tmp_path, "engine: messages-api, model: claude-opus-4-8, required: true")
    told, text = state(repo, "ai-key")
    assert (told, "incomplete (4)" in text) == ("warn", True)


@pytest.mark.parametrize(("required", "expected"), [("false", "warn"), ("true", "fail")])
def test_a_program_that_is_too_old_or_missing(tmp_path, monkeypatch, required, expected):
    (tmp_path / "bin").mkdir()
    repo = asks(tmp_path, f"engine: claude, model: claude-opus-4-8, required: {required}")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    assert state(repo, "ai-engine")[0] == expected
    program(tmp_path / "bin", "echo '2.1.100 (Claude Code)'")
    told, text = state(repo, "ai-engine")
    assert (told, "2.1.100 is older than 2.1.197" in text) == (expected, True)
    program(tmp_path / "bin", "echo '2.1.999 (Claude Code)'")
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    told, text = state(repo, "ai-engine")
    assert (told, "newer than 2.1.330" in text) == ("warn", True)


def test_an_address_without_encryption_is_no_way_for_a_key(tmp_path, monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://proxy.example")
    told, text = state(asks(tmp_path, "engine: messages-api, model: claude-opus-4-8"), "ai-engine")
    assert (told, "ANTHROPIC_BASE_URL" in text) == ("warn", True)


def test_too_little_money_for_one_call_is_a_failure(tmp_path):
    repo = asks(tmp_path, "engine: messages-api, model: claude-opus-4-8, max_usd: 0.05")
    assert state(repo, "ai-price")[0] == "fail"


def test_hints_that_are_not_there(tmp_path):
    repo = asks(tmp_path, "engine: replay, instructions: hints.md")
    assert state(repo, "ai-hints")[0] == "fail"


def test_findings_that_count_need_a_review_that_counts(tmp_path):
    repo = asks(tmp_path, "engine: replay, findings: block, if_missing: note")
    assert state(repo, "ai-effect")[0] == "warn"
