"""How the publisher on GitHub finds the report of the check: its own script, with a `gh` that answers from a table."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
HEAD = "a" * 40
GH = """#!/bin/sh
# gh api PATH [--jq EXPRESSION]
echo "$2" >> "$TABLE/asked"
name=$(echo "$2" | sed 's/?.*//; s,.*/,,')
[ -f "$TABLE/$name" ] || { echo "gh: Not Found (HTTP 404)" >&2; exit 1; }
if [ "$3" = --jq ]; then jq -r "$4" "$TABLE/$name"; else cat "$TABLE/$name"; fi
"""
RUN = {"id": 11, "conclusion": "success"}
ARTIFACT = {"id": 21, "expired": False, "size_in_bytes": 900}

pytestmark = pytest.mark.skipif(shutil.which("jq") is None, reason="the stand-in for gh needs jq")


def script() -> str:
    workflow = yaml.safe_load((ROOT / ".github/workflows/gate-report.yml").read_text())
    return next(step["run"] for step in workflow["jobs"]["report"]["steps"] if "run" in step)


@pytest.fixture
def load(tmp_path):
    """Run the script; returns its exit code, what it said, the file that it left and what it asked for."""
    table = tmp_path / "table"
    table.mkdir()
    (tmp_path / "gh").write_text(GH)
    (tmp_path / "gh").chmod(0o755)

    def load_(runs, artifacts=(ARTIFACT,), head=HEAD, workflow="gate.yml"):
        (table / "runs").write_text(json.dumps({"workflow_runs": runs}))
        (table / "artifacts").write_text(json.dumps({"artifacts": list(artifacts)}))
        (table / "zip").write_bytes(b"PK of the artifact")
        done = subprocess.run(
            ["bash", "-c", script()],
            cwd=tmp_path,
            env={
                **os.environ,
                "PATH": f"{tmp_path}:{os.environ['PATH']}",
                "TABLE": str(table),
                "GITHUB_REPOSITORY": "acme/shop",
                "HEAD_SHA": head,
                "CHECK_WORKFLOW": workflow,
                "REPORT_RUN": "",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        asked = (table / "asked").read_text() if (table / "asked").exists() else ""
        return done, (tmp_path / "gate-report.zip").read_bytes(), asked

    return load_


def test_the_artifact_of_the_newest_run_is_loaded(load):
    done, data, asked = load([RUN, {"id": 10, "conclusion": "failure"}])
    assert (done.returncode, data) == (0, b"PK of the artifact"), done.stderr
    assert f"head_sha={HEAD}" in asked
    assert "runs/11/artifacts?name=gate-report" in asked
    assert "artifacts/21/zip" in asked


def test_a_blocked_change_has_a_report_too(load):
    assert load([{"id": 12, "conclusion": "failure"}])[1] == b"PK of the artifact"


def test_a_run_that_a_newer_one_took_the_place_of_says_nothing(load):
    done, _, asked = load([{"id": 13, "conclusion": "cancelled"}, RUN])
    assert done.returncode == 0
    assert "runs/11/artifacts" in asked
    assert "runs/13/" not in asked


@pytest.mark.parametrize(
    ("runs", "artifacts"),
    [
        ([], [ARTIFACT]),
        ([{"id": 13, "conclusion": "cancelled"}], [ARTIFACT]),
        ([RUN], []),
        ([RUN], [ARTIFACT | {"expired": True}]),
        ([RUN], [ARTIFACT | {"size_in_bytes": 20_971_520}]),
    ],
    ids=["no run", "only a cancelled one", "no artifact", "expired", "too large"],
)
def test_without_a_report_an_empty_file_is_left_and_publish_makes_that_an_error(load, runs, artifacts):
    done, data, _ = load(runs, artifacts)
    assert (done.returncode, data) == (0, b"")


@pytest.mark.parametrize(
    ("head", "workflow"),
    [
        ("main", "gate.yml"),
        (f"{HEAD}&per_page=1", "gate.yml"),
        (HEAD, "../../x"),
        (HEAD, "gate.yml?a=b"),
        ("", ""),
    ],
)
def test_what_is_no_commit_or_no_file_name_is_never_asked_for(load, head, workflow):
    done, data, asked = load([RUN], head=head, workflow=workflow)
    assert done.returncode != 0
    assert (data, asked) == (b"", "")
