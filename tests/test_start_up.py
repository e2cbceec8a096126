"""Starting must not be felt: no heavy module is imported that the command does not use."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("git", "github", "gitlab", "requests", "jinja2", "pathspec", "rich", "msgspec", "semgrep", "bandit")
SHOW = """
import json, sys
from gate.cli import run
code = run({arguments!r})
json.dump([code, sorted(m for m in sys.modules if m in {heavy!r})], sys.stderr)
"""


def loaded(*arguments: str) -> tuple[int, list[str]]:
    script = SHOW.format(arguments=list(arguments), heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    code, modules = json.loads(done.stderr.splitlines()[-1])
    return code, modules


@pytest.mark.parametrize(
    "arguments",
    [
        ["--version"],
        ["--help"],
        ["check", "--help"],
        ["rules"],
        ["rules", "--verdict"],
        ["explain", "blocked"],
    ],
    ids=" ".join,
)
def test_commands_that_only_tell_load_nothing_heavy(arguments):
    assert loaded(*arguments) == (0, [])


def test_explaining_a_rule_loads_nothing_heavy():
    assert loaded("explain", "sql-injection") == (0, [])


def test_reading_authorship_loads_git_and_no_scanner(repo):
    repo.commit({"a": "1"})
    code, modules = loaded("authorship", "HEAD", "--repo", str(repo.path))
    assert code == 0
    assert set(modules) <= {"git"}


def test_a_check_loads_what_it_uses(repo):
    """No forge, no terminal, no template, no import of reports, no cache that was not asked for."""
    repo.commit({"a.py": "x = 1\n"})
    repo.branch("topic")
    repo.checkout("topic")
    repo.commit({"a.py": "import os\nos.system(x)\n"})
    arguments = ("check", "--repo", str(repo.path), "--base", "main", "-q", "-o", f"json={repo.path}.json")
    code, modules = loaded(*arguments)
    assert code == 1
    assert set(modules) <= {"git", "pathspec"}
    script = SHOW.format(arguments=list(arguments), heavy=MODULES)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stderr.splitlines()[-1]) == [1, []]


#: Parts of the gate itself that a plain check has no use for.
MODULES = (
    "gate.scanners.sarif",
    "gate.scanners.gitlab_report",
    "gate.scanners.cache",
    "gate.config.waivers",
    "gate.pipeline.scan",
    "gate.pipeline.authorship",
    "gate.reports.sarif",
    "gate.reports.markdown",
    "gate.reports.text",
    "gate.reports.scan_text",
    "gate.forges.reviews_file",
    "importlib.metadata",
    "concurrent.futures.process",
    "http.client",
)
