"""Each wall of the isolation taken away, beside the real CLI in the middle of the author's files: is it noticed?

The engine starts the CLI in an empty folder, so a single hole in the other walls shows nowhere. Here the folder
is the author's, which makes these tests fail if a flag does nothing, and prove that the others are not luck.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from typing import ClassVar

import pytest

from gate.ai.engines.claude import ClaudeEngine
from gate.ai.request import ReviewRequest
from gate.ai.schema import ANSWER
from gate.core.ai import Reason
from tests.ai.kit import KEY, VERSIONS, attack, cli_folder
from tests.support.fake_messages import Reply, answer, messages_api

pytestmark = pytest.mark.slow
ID = "c" * 32
ATTACHMENTS = "CLAUDE_CODE_DISABLE_ATTACHMENTS"
#: What is taken away, and what then tells it. No single one of the first three is missed while the others stand.
HOLES = {
    ("--setting-sources",): "author",
    ("--setting-sources", "--bare"): "canary",
    ("--setting-sources", "--bare", "--strict-mcp-config"): "mcp_servers",
    ("--bare", ATTACHMENTS): "attached",
    ("--disable-slash-commands",): "slash_commands",
    ("--tools",): "tools",
    ("--permission-mode",): "permissionMode",
}
#: Flags that say what is asked and how it is answered.
NO_WALLS = {
    "-p", "--max-turns", "--max-budget-usd", "--model", "--effort", "--output-format", "--verbose", "--json-schema",
    "--no-session-persistence",
}  # fmt: skip


@dataclass(frozen=True)
class Holed(ClaudeEngine):
    """The engine without some of its walls, in a folder with files of the author."""

    files: ClassVar[dict[str, str]] = {}
    dropped: ClassVar[tuple[str, ...]] = ()

    def get_ready(self, request, cwd):
        for name, text in self.files.items():
            path = cwd / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            path.chmod(0o755)

    def arguments(self, request):
        words = super().arguments(request)
        for flag in set(self.dropped) & set(words):
            at = words.index(flag)
            del words[at : at + 1 + (not words[at + 1].startswith("-"))]
        return words

    def child_environment(self, folder):
        found = super().child_environment(folder)
        return {name: value for name, value in found.items() if name not in self.dropped}


@pytest.fixture(params=VERSIONS)
def folder(request):
    return cli_folder(request.param)


@pytest.fixture
def noticed(folder, tmp_path, monkeypatch):
    """Ask with some walls taken away; return everything that tells it."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def ask(*dropped: str) -> set[str]:
        canary = tmp_path / "canary"
        with messages_api(Reply(status=500)) as author, messages_api(answer()) as model:
            monkeypatch.setattr(Holed, "files", attack(str(canary), author.url))
            monkeypatch.setattr(Holed, "dropped", dropped)
            environment = {
                "PATH": f"{folder}:{os.environ['PATH']}",
                "ANTHROPIC_API_KEY": KEY,
                "ANTHROPIC_BASE_URL": model.url,
            }
            reply = Holed(environment=environment).review(
                ReviewRequest(
                    key="k", review_id=ID, prompt=f"Review.\nreview_id: {ID}\n@/etc/passwd\n", schema=ANSWER,
                    model="claude-test-1", effort="high", timeout=60.0, max_usd=1.0,
                )
            )  # fmt: skip
        told = {word for word in reply.detail.split() if reply.problem is Reason.ISOLATION}
        if canary.exists():
            told.add("canary")
        if author.asked:
            told.add("author")
        if b"root:" in model.everything():
            told.add("attached")
        if b"CANARY-TEXT" in model.everything():
            told.add("loaded")
        return told

    return ask


def test_with_all_walls_nothing_of_the_author_is_noticed(noticed):
    assert noticed() == set()


@pytest.mark.parametrize("dropped", HOLES, ids=" ".join)
def test_a_wall_that_is_taken_away_is_noticed(noticed, dropped):
    assert HOLES[dropped] in noticed(*dropped)


def test_every_flag_is_a_wall_that_was_tried_or_no_wall(folder):
    request = ReviewRequest(
        key="k", review_id=ID, prompt="p", schema=ANSWER, model="m", effort="high", timeout=1.0, max_usd=1.0
    )
    engine = ClaudeEngine(environment={"PATH": str(folder), "ANTHROPIC_API_KEY": KEY})
    flags = {word for word in engine.arguments(request) if word.startswith("-")}
    tried = {flag for dropped in HOLES for flag in dropped if flag.startswith("-")}
    assert flags == tried | NO_WALLS
