"""Engine `security-review`: the command that the CLI brings along, in a private clone that the gate builds.

Run in a checkout it obeys the author's settings, asks nobody where a ref is missing, and does not see more
than about 30,000 characters of a change. Here it finds neutral commits, no settings and one part of the change.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from gate.ai.engines.claude import ClaudeEngine, with_problem
from gate.ai.request import Form
from gate.ai.schema import BUILT_IN
from gate.ai.stream import TOOL
from gate.core.ai import Reason
from gate.errors import GateError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gate.ai.request import EngineInfo, ReviewRequest

NAME = "security-review"
COMMAND = "/security-review"
MAX_TURNS = 12
#: Bytes of a diff that both supported versions put into the prompt; a longer one they only mention.
MAX_DIFF = 29_000
#: The same for our own count, which does not know every word of git's.
MAX_PLANNED = 28_000


@dataclass(frozen=True, kw_only=True)
class SecurityReviewEngine(ClaudeEngine):
    """`stage` makes the clone for some files in an empty folder and returns the bytes of its diff.

    It raises GateError where the change cannot be shown so.
    """

    stage: Callable[[Path, Sequence[str]], int]

    name: ClassVar[str] = NAME
    form: ClassVar[Form] = Form(
        schema=BUILT_IN, command=COMMAND, most=MAX_PLANNED, whole=True, context=3, overhead=17_000
    )
    tools: ClassVar[tuple[str, ...]] = ("Bash", "Read")

    def probe(self) -> EngineInfo:
        info = super().probe()
        if info.problem is None and self._git is None:
            return with_problem(info, Reason.CLI_MISSING, "there is no program git in PATH")
        return info

    @property
    def _git(self) -> str | None:
        entries = self.environment.get("PATH", "").split(":")
        return shutil.which("git", path=":".join(entry for entry in entries if entry.startswith("/")))

    def get_ready(self, request: ReviewRequest, cwd: Path) -> tuple[Reason, str] | None:
        try:
            size = self.stage(cwd, request.paths)
        except GateError as error:
            return Reason.CRASHED, error.message
        except OSError as error:
            return Reason.CRASHED, f"the private clone could not be written: {error.strerror or error}"
        if size > MAX_DIFF:
            return Reason.TOO_LARGE, f"the command does not see more than {MAX_DIFF:,} bytes of a change"
        return None

    def words(self, request: ReviewRequest) -> bytes:  # noqa: ARG002 - the command reads the clone
        return b""

    def arguments(self, request: ReviewRequest) -> list[str]:
        return ["-p", COMMAND, *self.closed(), *self.asked(request), "--max-turns", str(MAX_TURNS)]

    def expected(self, request: ReviewRequest) -> dict[str, Any]:
        return {
            "tools": [*self.tools, TOOL],
            "mcp_servers": [],
            "permissionMode": "dontAsk",
            "model": request.model,
        }

    def child_environment(self, folder: Path) -> dict[str, str]:
        """That of the engine `claude`, and what keeps git to the clone."""
        found = super().child_environment(folder)
        if self._git is not None:
            found["PATH"] = f"{Path(self._git).parent}:{found['PATH']}"
        return found | {
            "GIT_ALLOW_PROTOCOL": "",
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_CEILING_DIRECTORIES": str(folder),
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
        }
