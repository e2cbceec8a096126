"""Engine `command`: any other program that reads a prompt and writes one JSON answer. What it isolates is not known."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from gate import process
from gate.ai.folder import PrivateFolder
from gate.ai.request import NO_PRICE, EngineInfo, Form, RawReply
from gate.core.ai import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gate.ai.request import ReviewRequest

NAME = "command"
MAX_OUTPUT = 32 * 1024 * 1024


@dataclass(frozen=True)
class CommandEngine:
    """`argv` may hold `{prompt_file}`, `{schema_file}`, `{output_file}` and `{model}`; no shell reads it.

    Of the job's `environment` the program gets PATH and the variables named in `extra`, nothing else.
    """

    argv: tuple[str, ...]
    environment: Mapping[str, str]
    extra: tuple[str, ...] = ()

    form: ClassVar[Form] = Form()

    def probe(self) -> EngineInfo:
        """Look for the program in absolute folders only: a relative one would lie in the repository."""
        info = EngineInfo(
            name=NAME,
            isolation="unverified",
            notes=("what the program of ai.command isolates is not verified", NO_PRICE),
        )
        if self._program() is None:
            return EngineInfo(
                name=NAME,
                isolation="unverified",
                problem=Reason.CLI_MISSING,
                detail=f"there is no program {self.argv[0]}",
            )
        return info

    def count(self, request: ReviewRequest) -> int | None:  # noqa: ARG002
        return None

    def _program(self) -> str | None:
        name = self.argv[0]
        if "/" in name:
            return name if name.startswith("/") and os.access(name, os.X_OK) else None
        return shutil.which(name, path=self._path())

    def _path(self) -> str:
        return ":".join(part for part in self.environment.get("PATH", "").split(":") if part.startswith("/"))

    def review(self, request: ReviewRequest) -> RawReply:
        """Ask once. The answer is the output file, else standard output: one JSON document of our schema."""
        program = self._program()
        if program is None:
            return RawReply(problem=Reason.CLI_MISSING)
        with PrivateFolder() as folder:
            prompt = request.prompt.encode("utf-8", "replace")
            places = {
                "prompt_file": folder / "prompt",
                "schema_file": folder / "schema",
                "output_file": folder / "answer",
            }
            places["prompt_file"].write_bytes(prompt)
            places["schema_file"].write_text(json.dumps(request.schema), "utf-8")
            words = {name: str(place) for name, place in places.items()} | {"model": request.model}
            done = process.run(
                [program, *(_filled(word, words) for word in self.argv[1:])],
                cwd=folder / "cwd",
                env=self._child_environment(folder),
                timeout_seconds=request.timeout,
                max_output_bytes=MAX_OUTPUT,
                stdin=prompt,
            )
            said = _answer(places["output_file"]) or done.stdout
        answer, parsed = _document(said)
        problem, detail = _problem(done, parsed=parsed, empty=not said.strip())
        return RawReply(
            answers=(answer,) if parsed else (), problem=problem, detail=detail, review_id=request.review_id
        )

    def _child_environment(self, folder: Path) -> dict[str, str]:
        passed = {name: self.environment[name] for name in self.extra if name in self.environment}
        return {
            **passed,
            "PATH": self._path(),
            "HOME": str(folder / "home"),
            "TMPDIR": str(folder / "tmp"),
            "LANG": "C.UTF-8",
        }


def _filled(word: str, words: Mapping[str, str]) -> str:
    for name, value in words.items():
        word = word.replace(f"{{{name}}}", value)
    return word


def _answer(path: Path) -> bytes:
    """The output file; a link would be read with the rights of the gate."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_OUTPUT:
        return b""
    return path.read_bytes()


def _document(data: bytes) -> tuple[Any, bool]:
    try:
        return json.loads(data), True
    except (ValueError, RecursionError):
        return None, False


def _problem(done: process.Completed, *, parsed: bool, empty: bool) -> tuple[Reason | None, str]:
    if done.overflow:
        return Reason.INVALID_OUTPUT, "the reply is larger than is read"
    if done.timed_out:
        return Reason.TIMEOUT, "the program gave no answer in time"
    if done.error:
        return Reason.CLI_MISSING, "the program could not be started"
    if done.returncode != 0:
        return (
            Reason.CRASHED,
            f"the program ended with {done.returncode if done.signal is None else 'a signal'}",
        )
    if not parsed:
        return (
            Reason.NO_STRUCTURED_OUTPUT if empty else Reason.INVALID_OUTPUT
        ), "the answer is not one JSON document"
    return None, ""
