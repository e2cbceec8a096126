"""What is shown while a run is under way: bars on a terminal, few lines in a log, nothing with -q."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys

import pytest

from gate.cli.progress import progress
from gate.scanners import Step

SCRIPT = """
import time
from gate.cli.progress import progress
from gate.scanners import Step
with progress(quiet=False, verbose=0) as display:
    display("reading files")
    for n in range(1, 301):
        display.read(n)
    display("scanning \\x1b[2J[red]300[/red] files")
    for done in (10, 150, 300):
        display.step(Step(tool="semgrep", done=done, asked=300, sightings=done // 10))
        time.sleep(0.15)
    display.step(Step(tool="semgrep", done=300, asked=300, sightings=31, ended=True))
    display.step(Step(tool="bandit", done=0, asked=0, sightings=0, ended=True))
    time.sleep(0.15)
"""


@pytest.fixture
def in_ci(monkeypatch):
    monkeypatch.setenv("CI", "true")


def steps(display, *, asked: int, tool: str = "semgrep") -> None:
    for done in range(asked + 1):
        display.step(Step(tool=tool, done=done, asked=asked, sightings=done))
    display.step(Step(tool=tool, done=asked, asked=asked, sightings=asked, ended=True))


def test_in_ci_each_stage_is_a_line_and_a_tool_has_at_most_ten(in_ci, capsys):
    with progress(quiet=False, verbose=0) as display:
        display("reading files")
        steps(display, asked=1_000)
    lines = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"gate: +\d+\.\ds reading files", lines[0])
    assert len(lines) == 11
    assert lines[1].endswith("semgrep: 100 of 1,000 files, 100 findings so far")


def test_two_tools_do_not_share_their_lines(in_ci, capsys):
    with progress(quiet=False, verbose=0) as display:
        steps(display, asked=2, tool="semgrep")
        steps(display, asked=2, tool="bandit")
    said = capsys.readouterr().err
    assert said.count("semgrep: ") == said.count("bandit: ") == 2
    assert "1 of 2 files, 1 finding so far" in said


def test_reading_many_files_says_so_now_and_then(in_ci, capsys):
    with progress(quiet=False, verbose=0) as display:
        for number in range(1, 50_001):
            display.read(number)
    lines = capsys.readouterr().err.splitlines()
    assert [line.split("files: ")[1] for line in lines] == [
        "5,000 so far",
        "10,000 so far",
        "20,000 so far",
        "40,000 so far",
    ]


def test_a_tool_without_files_divides_nothing(in_ci, capsys):
    with progress(quiet=False, verbose=0) as display:
        display.step(Step(tool="bandit", done=0, asked=0, sightings=0))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("quiet", "verbose"), [(True, 0), (True, 2), (False, 0)])
def test_quiet_or_in_a_pipe_nothing_is_said(monkeypatch, capsys, quiet, verbose):
    monkeypatch.setenv("CI", "true" if quiet else "")
    with progress(quiet=quiet, verbose=verbose) as display:
        display("reading files")
        display.read(100_000)
        steps(display, asked=50)
    assert capsys.readouterr().err == ""


def on_terminal(*, columns: int) -> str:
    """What a person sees who runs SCRIPT in a terminal of that width."""
    controller, terminal = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k not in ("CI", "NO_COLOR")}
    environment |= {"TERM": "xterm-256color", "COLUMNS": str(columns), "LINES": "24"}
    with subprocess.Popen([sys.executable, "-c", SCRIPT], stderr=terminal, env=environment) as child:
        os.close(terminal)
        seen = b""
        while True:
            try:
                chunk = os.read(controller, 65536)
            except OSError:  # Linux says so when the other end is closed
                break
            if not chunk:
                break
            seen += chunk
    os.close(controller)
    assert child.returncode == 0
    return seen.decode()


@pytest.mark.parametrize("columns", [80, 140])
def test_on_a_terminal_each_tool_has_a_bar_and_a_count(columns):
    seen = on_terminal(columns=columns)
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen)
    assert "150 of 300 files, 15 findings so far" in plain
    assert "━" in plain
    assert "semgrep" in plain
    assert "bandit" in plain
    # Text from outside moves nothing: neither an escape sequence nor the markup of rich.
    assert "\x1b[2J" not in seen
    assert "[red]300[/red]" in plain
    # The bars are gone when the run is over: the last thing done is to erase their lines.
    assert seen.rstrip().endswith("\x1b[2K")
