"""Write tests/recordings/claude again: what the real CLI says of each end of a call, without ids, times and paths.

`python -m tests.ai.record_events` asks every installed version; `make claude` installs them.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gate.ai.engines.claude import ClaudeEngine
from gate.ai.engines.security_review import SecurityReviewEngine
from gate.ai.request import ReviewRequest
from tests.ai.kit import CLI, KEY, VERSIONS
from tests.support.fake_messages import Reply, answer, finding, messages_api
from tests.support.repos import git_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.support.fake_messages import Asked

FOLDER = Path(__file__).resolve().parents[1] / "recordings" / "claude"
ID = "a" * 32
SEEN = finding(quote="x = input()")
LATER = {"retry-after": "0"}
#: What the model does; the name of the file.
CASES: dict[str, Reply | Callable[[Asked, int], Reply]] = {
    "found": answer(SEEN),
    "nothing": answer(),
    "taken-back": Reply(tools=[*answer(SEEN).tools, *answer().tools]),
    "another-id": Reply(tools=[("StructuredOutput", {"review_id": "b" * 32, "findings": []})]),
    "prose": Reply(text="All is well."),
    "cut": Reply(text="All is well. " * 20, cut=True),
    "refused": Reply(text="No.", stop="refusal"),
    "max-tokens": Reply(text="a", stop="max_tokens"),
    "tools": Reply(tools=[("Read", {"file_path": "/etc/passwd"})]),
    "invalid": Reply(tools=[("StructuredOutput", {"nothing": 1})]),
    "auth": Reply(status=401, error="authentication_error"),
    "rate": Reply(status=429, error="rate_limit_error", headers=LATER),
    "overloaded": Reply(status=529, error="overloaded_error", headers=LATER),
    "html": Reply(raw=b"<html>a proxy</html>", kind="text/html"),
}
TOLD = Reply(tools=[("StructuredOutput", {"findings": [SEEN]})])
BUILT_IN: dict[str, Reply | Callable[[Asked, int], Reply]] = {
    "security-review": TOLD,
    "security-review-denied": lambda _asked, n: TOLD if n else Reply(tools=[("Bash", {"command": "env"})]),
}
_SCRUB = (
    (re.compile(r'"[^"]*/gate-ai-[A-Za-z0-9_]+/'), '"/private/'),
    (re.compile(r"/[^\s\"]*/gate-ai-[A-Za-z0-9_]+/"), "/private/"),
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "00000000-0000-0000-0000-000000000000"),
    (re.compile(r"\b(msg|toolu|req)_[A-Za-z0-9]+"), r"\1_0"),
    (re.compile(r'("(?:duration|ttft|time_to)\w*":)\s*[\d.]+'), r"\g<1>0"),
    (re.compile(r'("(?:timestamp|\w+_at)":)\s*"[^"]*"'), r'\g<1>""'),
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:1"),
)


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """Keeps the last output file, which an engine reads and throws away."""

    said: dict[str, bytes] = field(default_factory=dict)

    def _run(self, argv: list[str], folder: Path, timeout: float, **more: Any) -> Any:
        done = super()._run(argv, folder, timeout, **more)  # type: ignore[misc]
        if more.get("out") is not None:
            self.said["out"] = more["out"].read_bytes()
        return done


@dataclass(frozen=True, kw_only=True)
class _Claude(_Kept, ClaudeEngine):
    pass


@dataclass(frozen=True, kw_only=True)
class _BuiltIn(_Kept, SecurityReviewEngine):
    pass


def stage(folder: Path, paths: Sequence[str]) -> int:
    """A clone of two commits, as the gate makes them."""

    def git(*words: str) -> None:
        subprocess.run(
            ["git", "-C", str(folder), *words], check=True, env=git_environment(), capture_output=True
        )

    git("init", "--quiet")
    for number, text in enumerate(("", "x = input()\n")):
        for path in paths:
            (folder / path).write_text(text)
        git("add", ".")
        git("-c", "user.name=gate", "-c", "user.email=g@x.example", "commit", "--quiet", "-m", str(number))
        if not number:
            git("update-ref", "refs/remotes/origin/HEAD", "HEAD")
    return 100


def scrubbed(data: bytes) -> str:
    """The events without what differs between two runs."""
    events = [json.loads(line) for line in data.splitlines()]
    for event in events:
        if event["type"] == "user":
            event.pop("tool_use_result", None)
            event["message"] = {}  # what the program tells the model is the program's own text
        elif event.get("subtype") == "permission_denied":
            event["message"] = ""
    text = "".join(json.dumps(event, separators=(",", ":")) + "\n" for event in events)
    for pattern, instead in _SCRUB:
        text = pattern.sub(instead, text)
    return text


def main() -> None:
    """Write one file for each case and version."""
    for version in VERSIONS:
        path = f"{CLI / version / 'node_modules' / '.bin'}:{os.environ['PATH']}"
        for name, script in (CASES | BUILT_IN).items():
            with messages_api(script) as model:
                environment = {"PATH": path, "ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": model.url}
                engine = (
                    _BuiltIn(environment=environment, stage=stage)
                    if name in BUILT_IN
                    else _Claude(environment=environment)
                )
                engine.review(
                    ReviewRequest(
                        key="k",
                        review_id=ID,
                        prompt=f"Review.\nreview_id: {ID}\n",
                        schema=engine.form.schema,
                        model="claude-test-1",
                        effort="high",
                        timeout=60.0,
                        max_usd=1.0,
                        paths=("app.py",),
                    )
                )
            target = FOLDER / version / f"{name}.jsonl"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(scrubbed(engine.said["out"]))


if __name__ == "__main__":
    main()
