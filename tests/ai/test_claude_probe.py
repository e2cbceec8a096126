"""A program that is missing, a stub, old, or without the flags of the isolation is never started on a change."""

from __future__ import annotations

import pytest

from gate.ai.engines.claude import NEEDED, ClaudeEngine
from gate.core.ai import Reason
from tests.ai.kit import KEY, check, repository

HELP = " ".join(NEEDED)


def program(folder, version, helps=HELP):
    """A stand-in that only states its version and its flags."""
    path = folder / "claude"
    path.write_text(
        f'#!/bin/sh\ncase "$1" in --version) {version};; --help) echo "{helps}";; *) exit 99;; esac\n'
    )
    path.chmod(0o755)
    return ClaudeEngine(environment={"PATH": f"{folder}:/usr/bin:/bin", "ANTHROPIC_API_KEY": KEY})


@pytest.mark.parametrize(
    ("version", "helps", "problem"),
    [
        ("echo '2.1.197 (Claude Code)'", HELP, None),
        ("echo '2.1.196 (Claude Code)'", HELP, Reason.CLI_TOO_OLD),
        ("echo '2.1.330 (Claude Code)'", HELP.replace("--bare", ""), Reason.CLI_TOO_OLD),
        ("echo 'native binary not installed'; exit 1", HELP, Reason.CLI_MISSING),
        ("echo 'native binary not installed'", HELP, Reason.CLI_MISSING),
        ("exit 0", HELP, Reason.CLI_MISSING),
    ],
)
def test_the_start_check(tmp_path, version, helps, problem):
    assert program(tmp_path, version, helps).probe().problem is problem


def test_a_newer_version_runs_with_a_remark(tmp_path):
    info = program(tmp_path, "echo '3.0.0 (Claude Code)'").probe()
    assert (info.problem, info.version) == (None, "3.0.0")
    assert "newer than" in info.notes[0]


def test_a_program_in_a_relative_folder_is_not_looked_at(tmp_path, monkeypatch):
    program(tmp_path, "echo 2.1.330")
    monkeypatch.chdir(tmp_path)
    engine = ClaudeEngine(environment={"PATH": ".:", "ANTHROPIC_API_KEY": KEY})
    assert engine.probe().problem is Reason.CLI_MISSING


def test_only_one_credential_is_given_and_a_login_changes_the_mode(tmp_path):
    both = {"PATH": "/usr/bin", "ANTHROPIC_API_KEY": KEY, "CLAUDE_CODE_OAUTH_TOKEN": "another-token"}
    found = ClaudeEngine(environment=both).child_environment(tmp_path)
    assert "CLAUDE_CODE_OAUTH_TOKEN" not in found
    assert ClaudeEngine(environment={"CLAUDE_CODE_OAUTH_TOKEN": "t"}).credential == "CLAUDE_CODE_OAUTH_TOKEN"


def test_a_missing_program_is_a_reason_and_no_error(tmp_path):
    repo = repository(tmp_path / "r", "ai: {enabled: true, model: m}")
    ran = check(repo, tmp_path, "--no-cache", PATH="/usr/bin:/bin", ANTHROPIC_API_KEY=KEY)
    assert (ran.ai["status"], ran.ai["reason"]) == ("skipped", "cli-missing")
    assert "not performed (cli-missing)" in ran.text
