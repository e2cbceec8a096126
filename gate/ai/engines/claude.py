"""Engine `claude`: the CLI without tools, settings or commands, in an empty folder, with a home of its own."""

from __future__ import annotations

import json
import re
import shutil
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from gate import process
from gate.ai.folder import ADDRESS, CREDENTIALS, PrivateFolder, address_problem
from gate.ai.request import EngineInfo, Form, RawReply
from gate.ai.stream import TOOL, Events, cause, read_events, usage
from gate.core.ai import Reason
from gate.core.ai.price import MAX_OUTPUT as MAX_ANSWER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.ai.request import ReviewRequest

NAME = "claude"
OLDEST = (2, 1, 197)
#: The newest version that was tried with every test of tests/ai.
NEWEST_TRIED = (2, 1, 330)
#: Flags that the help must list.
NEEDED = ("--bare", "--setting-sources", "--json-schema", "--tools", "--strict-mcp-config", "--effort")
MAX_OUTPUT = 32 * 1024 * 1024
MAX_TURNS = 6
PASSED_ON = ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "NODE_EXTRA_CA_CERTS")


@dataclass(frozen=True)
class ClaudeEngine:
    """`environment` are the variables of the job, `extra` the names of further ones that the policy lets through."""

    environment: Mapping[str, str]
    extra: tuple[str, ...] = ()

    name: ClassVar[str] = NAME
    form: ClassVar[Form] = Form()
    #: Tools that the model is given beside the one for its answer.
    tools: ClassVar[tuple[str, ...]] = ()

    @cached_property
    def program(self) -> str | None:
        """The program, looked for in absolute folders only: a relative one would lie in the repository."""
        entries = self.environment.get("PATH", "").split(":")
        found = shutil.which("claude", path=":".join(entry for entry in entries if entry.startswith("/")))
        return str(Path(found).resolve()) if found else None

    @property
    def credential(self) -> str | None:
        """The name of the variable whose value is given to the CLI."""
        return next((name for name in CREDENTIALS if self.environment.get(name)), None)

    def probe(self) -> EngineInfo:
        """Start the program for its version and its flags; no model is asked."""
        info = EngineInfo(name=self.name, isolation="verified")
        if self.program is None:
            return with_problem(info, Reason.CLI_MISSING, "there is no program claude in PATH")
        with PrivateFolder() as folder:
            said = self._run([self.program, "--version"], folder, 60.0)
            version = re.match(rb"(\d+)\.(\d+)\.(\d+)\b", said.stdout)
            if said.trouble or said.returncode or version is None:
                return with_problem(info, Reason.CLI_MISSING, f"{self.program} does not state its version")
            number = tuple(int(part) for part in version.groups())
            word = ".".join(map(str, number))
            info = EngineInfo(name=self.name, isolation="verified", version=word)
            if number < OLDEST:
                oldest = ".".join(map(str, OLDEST))
                return with_problem(info, Reason.CLI_TOO_OLD, f"claude {word} is older than {oldest}")
            flags = self._run([self.program, "--help"], folder, 60.0)
            missing = [flag for flag in NEEDED if flag.encode() not in flags.stdout]
            if missing:
                return with_problem(info, Reason.CLI_TOO_OLD, f"claude {word} lacks {', '.join(missing)}")
        if self.credential is None:
            return with_problem(info, Reason.NO_CREDENTIALS, f"none of {', '.join(CREDENTIALS)} is set")
        problem = address_problem(self.environment)
        if problem:
            return with_problem(info, Reason.CONNECTION, problem)
        newer = number > NEWEST_TRIED
        tried = ".".join(map(str, NEWEST_TRIED))
        notes = (f"claude {word} is newer than {tried}, the last version that was tried",) if newer else ()
        return EngineInfo(
            name=self.name, isolation="verified", version=word, notes=notes, charges=True, tells_price=True
        )

    def count(self, request: ReviewRequest) -> int | None:  # noqa: ARG002
        return None

    def review(self, request: ReviewRequest) -> RawReply:
        """Ask once. Every end of the program is a value."""
        if self.program is None:
            return RawReply(problem=Reason.CLI_MISSING)
        started = time.monotonic()
        with PrivateFolder() as folder:
            if (obstacle := self.get_ready(request, folder / "cwd")) is not None:
                return RawReply(problem=obstacle[0], detail=obstacle[1], started=False)
            out = folder / "out"
            done = self._run(
                [self.program, *self.arguments(request)],
                folder,
                max(0.0, request.timeout - (time.monotonic() - started)),
                stdin=self.words(request),
                out=out,
            )
            data = out.read_bytes() if out.exists() else b""
        events = read_events(data, self.tools)
        cost, tokens_in, tokens_out, models = usage(events.result)
        problem, detail = self._problem(done, events, request, folder)
        return RawReply(
            answers=events.answers,
            problem=problem,
            detail=detail,
            review_id=request.review_id if self.form.with_id else None,
            tool_attempts=events.tool_attempts,
            models=models,
            cost_usd=cost,
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            retried=events.retried,
        )

    def get_ready(self, request: ReviewRequest, cwd: Path) -> tuple[Reason, str] | None:  # noqa: ARG002
        """Put into the folder what the program is to find there, here nothing; return why that cannot be done."""
        return None

    def words(self, request: ReviewRequest) -> bytes:
        """What the program reads from its standard input."""
        return request.prompt.encode("utf-8", "replace")

    def arguments(self, request: ReviewRequest) -> list[str]:
        """The flags, which let nothing in and give no tool."""
        return [
            "-p",
            *self.closed(),
            "--disable-slash-commands",
            *self.asked(request),
            "--max-turns",
            str(MAX_TURNS),
        ]

    def closed(self) -> list[str]:
        """Flags against settings. `--bare` refuses an OAuth token; `--safe-mode` takes it and is as closed with the rest."""
        mode = "--safe-mode" if self.credential == "CLAUDE_CODE_OAUTH_TOKEN" else "--bare"
        return [mode, "--setting-sources", "", "--strict-mcp-config", "--no-session-persistence"]

    def asked(self, request: ReviewRequest) -> list[str]:
        """Flags that say what is asked, within which limits, and in which form the answer comes."""
        return [
            "--tools",
            ",".join(self.tools),
            "--permission-mode",
            "dontAsk",
            "--max-budget-usd",
            f"{max(request.max_usd, 0.01):.2f}",
            "--model",
            request.model,
            "--effort",
            request.effort,
            "--output-format",
            "stream-json",
            "--verbose",
            "--json-schema",
            json.dumps(request.schema, separators=(",", ":")),
        ]

    def expected(self, request: ReviewRequest) -> dict[str, Any]:
        """What the program must say of its own start."""
        return {
            "tools": [TOOL],
            "mcp_servers": [],
            "slash_commands": [],
            "skills": [],
            "permissionMode": "dontAsk",
            "model": request.model,
        }

    def _problem(
        self, done: process.Completed, events: Events, request: ReviewRequest, folder: Path
    ) -> tuple[Reason | None, str]:
        if done.overflow:
            return Reason.INVALID_OUTPUT, "the reply is larger than is read"
        if done.timed_out:
            return _timeout_cause(events), f"no answer within {request.timeout:.0f} seconds"
        if done.error:
            return Reason.CLI_MISSING, "the program could not be started"
        if events.init is not None and (
            odd := not_isolated(events.init, self.expected(request), folder / "cwd")
        ):
            return Reason.ISOLATION, odd
        found = cause(events)
        if found is None and (done.returncode != 0 or done.signal is not None):
            return Reason.CRASHED, "the program said success and failed"
        if found is None and events.init is None:
            return Reason.ISOLATION, "the program did not say how it started"
        return found, ""

    def _run(
        self, argv: list[str], folder: Path, timeout: float, *, stdin: bytes = b"", out: Path | None = None
    ) -> process.Completed:
        return process.run(
            argv,
            cwd=folder / "cwd",
            env=self.child_environment(folder),
            timeout_seconds=timeout,
            max_output_bytes=MAX_OUTPUT,
            stdin=stdin,
            stdout_path=out,
        )

    def child_environment(self, folder: Path) -> dict[str, str]:
        """The whole environment of the CLI, built from nothing."""
        program = Path(self.program or "/usr/bin/claude")
        passed = {
            name: self.environment[name] for name in (*PASSED_ON, *self.extra) if name in self.environment
        }
        given = {} if self.credential is None else {self.credential: self.environment[self.credential]}
        if address := self.environment.get(ADDRESS):
            given[ADDRESS] = address
        return {
            **passed,
            **given,
            "PATH": f"{program.parent}:/usr/bin:/bin",
            "HOME": str(folder / "home"),
            "TMPDIR": str(folder / "tmp"),
            "CLAUDE_CONFIG_DIR": str(folder / "cfg"),
            "LANG": "C.UTF-8",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "DISABLE_AUTOUPDATER": "1",
            "CLAUDE_CODE_DISABLE_ATTACHMENTS": "1",
            "CLAUDE_CODE_DISABLE_AUTO_MEMORY": "1",
            "CLAUDE_CODE_MAX_RETRIES": "2",
            "API_TIMEOUT_MS": "120000",
            "CLAUDE_CODE_MAX_OUTPUT_TOKENS": str(MAX_ANSWER),
        }


def with_problem(info: EngineInfo, problem: Reason, detail: str) -> EngineInfo:
    """Return the same engine, which cannot be started."""
    return EngineInfo(
        name=info.name, isolation=info.isolation, version=info.version, problem=problem, detail=detail
    )


def _timeout_cause(events: Events) -> Reason:
    by_status = {429: Reason.RATE_LIMITED, 529: Reason.OVERLOADED, 401: Reason.AUTH, 403: Reason.AUTH}
    if events.retry_status is None:
        return Reason.TIMEOUT
    if 500 <= events.retry_status < 600 and events.retry_status not in by_status:
        return Reason.SERVER_ERROR
    return by_status.get(events.retry_status, Reason.TIMEOUT)


def not_isolated(init: Mapping[str, Any], expected: Mapping[str, Any], cwd: Path) -> str:
    """Return what of the start is not as it must be; empty if all is."""
    for name, value in expected.items():
        if init.get(name) != value:
            return f"the program started with {name} other than asked for"
    told = init.get("cwd")
    if not isinstance(told, str) or Path(told).resolve() != cwd.resolve():
        return "the program started in another folder"
    plugins = init.get("plugins", [])
    sources = (
        [p.get("source") if isinstance(p, dict) else None for p in plugins]
        if isinstance(plugins, list)
        else [None]
    )
    if not all(isinstance(source, str) and source.endswith("@builtin") for source in sources):
        return "the program loaded a plugin"
    return ""
