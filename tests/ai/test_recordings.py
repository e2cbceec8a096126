"""What the real CLI wrote once, of both versions, read back without it."""

from __future__ import annotations

import json

import pytest

from gate.ai.engines.claude import ClaudeEngine, not_isolated
from gate.ai.engines.security_review import SecurityReviewEngine
from gate.ai.request import ReviewRequest
from gate.ai.stream import cause, read_events, usage
from gate.core.ai import Reason
from tests.ai.kit import KEY, VERSIONS
from tests.ai.record_events import BUILT_IN, CASES, FOLDER, ID

#: The reason of each recording, None: an answer came.
REASONS = {
    "found": None, "nothing": None, "taken-back": None, "another-id": None, "security-review": None,
    "security-review-denied": None, "prose": Reason.NO_STRUCTURED_OUTPUT, "cut": Reason.NO_STRUCTURED_OUTPUT,
    "refused": Reason.REFUSED, "max-tokens": Reason.MAX_TOKENS, "tools": Reason.MAX_TURNS,
    "invalid": Reason.INVALID_OUTPUT, "auth": Reason.AUTH, "rate": Reason.RATE_LIMITED,
    "overloaded": Reason.OVERLOADED, "html": Reason.CONNECTION,
}  # fmt: skip


def recorded(version, name):
    return (FOLDER / version / f"{name}.jsonl").read_bytes()


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", [*CASES, *BUILT_IN])
def test_every_recording_has_its_reason_and_its_start_was_closed(tmp_path, version, name):
    offered = SecurityReviewEngine.tools if name in BUILT_IN else ()
    events = read_events(recorded(version, name), offered)
    assert cause(events) is REASONS[name]
    made = SecurityReviewEngine if name in BUILT_IN else ClaudeEngine
    more = {"stage": lambda _folder, _paths: 0} if name in BUILT_IN else {}
    engine = made(environment={"ANTHROPIC_API_KEY": KEY}, **more)
    request = ReviewRequest(
        key="k", review_id=ID, prompt="", schema={}, model="claude-test-1", effort="high", timeout=1.0, max_usd=1.0
    )  # fmt: skip
    started = dict(events.init)
    cwd = started.pop("cwd")
    assert cwd == "/private/cwd"
    assert not_isolated({**started, "cwd": str(tmp_path)}, engine.expected(request), tmp_path) == ""
    assert not_isolated(events.init, engine.expected(request), tmp_path)


@pytest.mark.parametrize("version", VERSIONS)
def test_answers_tools_and_cost_are_read_from_it(version):
    found = read_events(recorded(version, "found"))
    assert [answer["findings"][0]["quote"] for answer in found.answers] == ["x = input()"]
    assert usage(found.result)[2:] == (50, ("claude-test-1",))
    back = read_events(recorded(version, "taken-back"))
    assert [len(answer["findings"]) for answer in back.answers] == [1, 0]
    assert read_events(recorded(version, "tools")).tool_attempts == {"Read": 6}
    denied = read_events(recorded(version, "security-review-denied"), SecurityReviewEngine.tools)
    assert (denied.tool_attempts, len(denied.answers)) == ({"Bash": 1}, 1)
    assert read_events(recorded(version, "rate")).retried == 2


@pytest.mark.parametrize("version", VERSIONS)
def test_a_recording_that_is_cut_anywhere_is_no_answer(version):
    data = recorded(version, "found")
    for end in range(0, len(data.rstrip()), 37):
        assert cause(read_events(data[:end])) is not None


@pytest.mark.parametrize("version", VERSIONS)
def test_recordings_name_no_person_machine_or_folder(version):
    for path in (FOLDER / version).glob("*.jsonl"):
        text = path.read_text()
        assert KEY not in text
        assert all(json.loads(line) for line in text.splitlines())
        assert not [word for word in ("/tmp/", "/home/", "/root/", "gate-ai-") if word in text]
