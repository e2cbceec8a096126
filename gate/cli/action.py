"""What a step of GitHub Actions runs: inputs come as ACTION_* variables, results go to the files of the runner.

Started as `python -I -m gate.cli.action`, so that nothing beside the change is imported.
"""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from gate.cli.emit import MAX_SUMMARY_BYTES
from gate.errors import EXIT_CODES, EXIT_USAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

REPORT = "gate-report.json"
RELEASE = "gate-release"
#: Verdict by exit code; the only words that are written to the step's outputs.
WORDS = {code: outcome.word for outcome, code in EXIT_CODES.items() if outcome.name != "SKIPPED"}
COMMANDS = ("check", "merge-reports", "publish", "release")
_CHOICES = ("fail", "pass")
#: Reports of a release that are kept as files: format -> end of the name.
_RELEASE_FORMATS = {"json": "json", "markdown": "md", "html": "html"}


def main(environment: Mapping[str, str]) -> int:
    """Run the command that the step asks for, write the outputs, and return the exit code of the step."""
    try:
        arguments, folder = _arguments(environment)
        softened = {
            3: _choice(environment, "ACTION_WHEN_WAITING"),
            1: _choice(environment, "ACTION_WHEN_BLOCKED"),
        }
    except ValueError as error:
        sys.stderr.write(f"gate: error: {error}\n")
        return EXIT_USAGE
    code = _run(arguments) if arguments[0] == "publish" else _beside_the_change(arguments, folder)
    _output(environment, code)
    if arguments[0] == "release":
        _summarise(environment)
    if softened.get(code) == "pass":
        sys.stderr.write(
            f"gate: the step passes at exit code {code}, as its inputs say; the verdict is {WORDS[code]}\n"
        )
        return 0
    return code


def _arguments(environment: Mapping[str, str]) -> tuple[list[str], Path]:
    command = environment.get("ACTION_COMMAND", "")
    if command not in COMMANDS:
        raise ValueError(f"command: {command!r} is not one of {', '.join(COMMANDS)}")
    workspace = Path(environment.get("GITHUB_WORKSPACE") or ".").resolve()
    folder = (workspace / (environment.get("ACTION_PATH") or ".")).resolve()
    if not folder.is_relative_to(workspace):
        raise ValueError("path: leads out of the workspace")
    more = [line.strip() for line in environment.get("ACTION_ARGS", "").splitlines() if line.strip()]
    if command == "publish":
        return [command, *more], workspace
    shard, shards = environment.get("ACTION_SHARD", ""), _shards(environment, command, workspace)
    if shard and command != "check":
        raise ValueError(f"shard: {command} scans no share; leave it empty")
    if shard:
        name = f"gate-shard-{shard.replace('/', '-of-')}.json"
        return [command, f"--shard={shard}", f"--output=shard={workspace / name}", *more], folder
    if command == "release":
        files = [f"--output={name}={workspace / RELEASE}.{end}" for name, end in _RELEASE_FORMATS.items()]
        given = [f"--shards={place}" for place in shards]
        return [command, *files, "--output=text", *given, *more], folder
    return [command, *shards, f"--output=json={workspace / REPORT}", "--output=text", *more], folder


def _shards(environment: Mapping[str, str], command: str, workspace: Path) -> list[str]:
    """The folder of shard reports, which must be beside the checkout; none if the command has no use for one."""
    name = environment.get("ACTION_SHARDS", "")
    if not name:
        if command == "merge-reports":
            raise ValueError("shards: give the folder of the shard reports")
        return []
    if command == "check":
        raise ValueError("shards: check reads none; the command that does is merge-reports")
    place = (workspace / name).resolve()
    if not place.is_relative_to(workspace):
        raise ValueError("shards: leads out of the workspace")
    place.mkdir(exist_ok=True)  # without one artifact there is no folder, and all shards are missing
    return [str(place)]


def _choice(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name) or "fail"
    if value not in _CHOICES:
        raise ValueError(
            f"{name.removeprefix('ACTION_').lower().replace('_', '-')}: {value!r} is not fail or pass"
        )
    return value


def _beside_the_change(arguments: list[str], folder: Path) -> int:
    """Run a command in the folder of the change: its text is hostile and gives the runner no commands."""
    if not folder.is_dir():
        sys.stderr.write(
            f"gate: error: path: there is no folder {folder}; was the change checked out there?\n"
        )
        return EXIT_USAGE
    os.chdir(folder)  # what CI says about a merge request is believed for the current folder only
    with tempfile.TemporaryDirectory(prefix="gate-action-") as place:
        annotations = Path(place, "annotations")
        word = secrets.token_hex(16)
        _print(f"::stop-commands::{word}")
        annotated = arguments[0] != "release" and not any(a.startswith("--shard=") for a in arguments)
        code = _run([*arguments, f"--output=github={annotations}"] if annotated else arguments)
        _print(f"::{word}::")
        if annotations.is_file():
            _print(annotations.read_text(encoding="utf-8").rstrip("\n"))
    return code


def _run(arguments: list[str]) -> int:
    from gate.cli import run  # noqa: PLC0415 - after the folder is known

    return run(arguments)


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _summarise(environment: Mapping[str, str]) -> None:
    """Show the report of a release in the summary of the step, where GitHub takes it: below one MiB."""
    place = environment.get("GITHUB_STEP_SUMMARY")
    report = Path(environment.get("GITHUB_WORKSPACE") or ".", f"{RELEASE}.md")
    if place and report.is_file() and report.stat().st_size <= MAX_SUMMARY_BYTES:
        with Path(place).open("a", encoding="utf-8") as file:
            file.write(report.read_text(encoding="utf-8"))


def _output(environment: Mapping[str, str], code: int) -> None:
    place = environment.get("GITHUB_OUTPUT")
    if place:
        with Path(place).open("a", encoding="utf-8") as file:
            file.write(f"verdict={WORDS.get(code, 'error')}\nexit-code={code}\n")


if __name__ == "__main__":
    sys.exit(main(os.environ))
