"""The jobs of shards and releases as runners run them: their own scripts, in a real clone, one after the other."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ci.test_action import Workspace
from tests.support.repos import Repo

ROOT = Path(__file__).resolve().parents[2]
VULNERABLE = "import os\nfrom flask import request\n\n\ndef f():\n    os.system('ls ' + request.args['x'])\n"


@pytest.fixture
def clone(tmp_path: Path) -> Repo:
    """The clone of a job: branch `topic` against `origin/main`."""
    origin = Repo(tmp_path / "origin")
    origin.commit({"a.py": "x = 1\n", ".gate.yml": "version: 1\n"})
    origin.checkout("topic", create=True)
    origin.commit({"b.py": VULNERABLE, "c.py": "y = 1\n", "d.py": "z = 1\n"})
    origin.git("clone", "-q", ".", str(tmp_path / "clone"))
    return Repo(tmp_path / "clone", init=False)


def jobs(name: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / f"templates/{name}.yml").read_text().partition("\n---\n")[2])


def job(clone: Repo, template: str, name: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the script of a job as a runner does: its parents' keys first, one shell for all of it."""
    all_jobs = jobs(template)
    whole = dict(all_jobs[name])
    parent = all_jobs.get(whole.get("extends", ""), {})
    lines = [*parent.get("before_script", []), *whole.get("before_script", []), *whole["script"]]
    return subprocess.run(
        ["sh", "-ec", "\n".join(lines)],
        cwd=clone.path,
        env={
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(clone.path.parent),
            "GATE_NO_CACHE": "1",
            "GITLAB_CI": "true",
            "AI_MERGE_GATE_SOURCE": "",
            "AI_MERGE_GATE_TAGS": "v*",
            "AI_MERGE_GATE_BASELINE": "",
            "GATE_FORGE": "none",
            "AI_MERGE_GATE_FINDINGS": "changed",
            "AI_MERGE_GATE_SHARDS": "2",
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def merge_request(clone: Repo) -> dict[str, str]:
    return {
        "CI_PIPELINE_SOURCE": "merge_request_event",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_COMMIT_SHA": clone.rev(),
        "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": clone.rev(),
    }


def test_gitlab_jobs_of_shards_and_the_verdict_on_all_of_them(clone: Repo) -> None:
    told = merge_request(clone)
    for number in ("1", "2"):
        done = job(clone, "gate", "ai-merge-gate-shard", CI_NODE_INDEX=number, CI_NODE_TOTAL="2", **told)
        assert done.returncode == 0, done.stderr
        assert "this is no verdict" in done.stderr
    kept = jobs("gate")["ai-merge-gate-shard"]["artifacts"]["paths"]
    assert all((clone.path / path).is_dir() for path in kept)
    done = job(clone, "gate", "ai-merge-gate", **told)
    assert done.returncode == 1, done.stdout + done.stderr
    report = json.loads((clone.path / "gate-report.json").read_bytes())
    assert (report["verdict"], report["change"]["head"]) == ("blocked", clone.rev())
    (clone.path / "gate-shards" / "2-of-2.json").unlink()
    done = job(clone, "gate", "ai-merge-gate", **told)
    assert done.returncode == 4
    assert "missing: shard 2/2" in done.stderr


def test_gitlab_jobs_of_shards_need_a_base_and_believe_no_shard_of_the_change(clone: Repo) -> None:
    told = merge_request(clone)
    for name in ("ai-merge-gate", "ai-merge-gate-shard"):
        done = job(
            clone,
            "gate",
            name,
            CI_NODE_INDEX="1",
            CI_NODE_TOTAL="1",
            **told | {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": ""},
        )
        assert done.returncode == 4, done.stderr
    clone.commit({"gate-shards/1-of-1.json": "{}\n"})
    clone.git("reset", "-q", "--hard")
    told = merge_request(clone)
    job(clone, "gate", "ai-merge-gate-shard", CI_NODE_INDEX="1", CI_NODE_TOTAL="1", **told)
    done = job(clone, "gate", "ai-merge-gate", **told)
    assert done.returncode == 4
    assert "is part of the commit under review" in done.stderr


def test_the_verdict_on_shards_comes_also_when_one_of_them_failed() -> None:
    rules = jobs("gate")["ai-merge-gate"]["rules"]
    assert [rule["when"] for rule in rules] == ["always"]
    workflow = yaml.load((ROOT / ".github/workflows/gate-scan.yml").read_text(), Loader=yaml.BaseLoader)
    assert workflow["jobs"]["scan"]["if"] == "${{ !cancelled() }}", "a job that is skipped counts as passed"
    assert workflow["jobs"]["shard"]["strategy"]["fail-fast"] == "false"


def test_github_steps_of_shards_and_the_verdict_on_all_of_them(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.repo.checkout("topic", create=True)
    workspace.repo.commit({"b.py": VULNERABLE, "c.py": "y = 1\n"})
    names = []
    for number in (1, 2):
        done = workspace.step(shard=f"{number}/2")
        assert done.returncode == 0, done.stdout + done.stderr
        names.append(tmp_path / f"gate-shard-{number}-of-2.json")
    (tmp_path / "gate-shards").mkdir()
    for name in names:
        shutil.move(name, tmp_path / "gate-shards")
    done = workspace.step(command="merge-reports", shards="gate-shards")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "::error" in done.stdout, "remarks on the lines"
    assert workspace.report["verdict"] == "blocked"
    shutil.rmtree(tmp_path / "gate-shards")
    done = workspace.step(command="merge-reports", shards="gate-shards", **{"when-waiting": "pass"})
    assert done.returncode == 4
    assert "there is no shard report" in done.stderr


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({"command": "merge-reports"}, "shards: give the folder"),
        ({"command": "merge-reports", "shards": "../out"}, "leads out of the workspace"),
        ({"command": "merge-reports", "shards": "s", "shard": "1/2"}, "scans no share"),
        ({"shards": "s"}, "check reads none"),
        ({"shard": "3/2"}, "counted from 1"),
    ],
)
def test_github_inputs_that_make_no_sense_fail_the_step(
    tmp_path: Path, inputs: dict[str, str], told: str
) -> None:
    done = Workspace(tmp_path).step(**inputs)
    assert done.returncode == 2
    assert told in done.stderr


@pytest.fixture
def released(clone: Repo) -> Repo:
    """Two tags, with nothing sensitive and nothing of an AI between them."""
    origin = Repo(clone.path.parent / "origin", init=False)
    origin.checkout("main")
    origin.git("tag", "-a", "v1.0.0", "-m", "first")
    origin.ticks = 50
    origin.commit({"notes.md": "text\n"})
    origin.git("tag", "-a", "v1.1.0", "-m", "second")
    origin.git("notes", "--ref", "gate-evidence", "add", "-m", "a record")
    origin.git("branch", "gate-evidence")
    clone.git("fetch", "-q", "--tags", "origin")
    clone.git("checkout", "-q", "v1.1.0")
    return clone


def test_the_release_job_of_gitlab_finds_the_release_before_this_one(released: Repo) -> None:
    done = job(released, "release", "ai-merge-gate-release", CI_COMMIT_TAG="v1.1.0")
    assert done.returncode in (0, 3), done.stdout + done.stderr
    for path in jobs("release")["ai-merge-gate-release"]["artifacts"]["paths"]:
        assert (released.path / path).stat().st_size, path
    assert "v1.0.0" in (released.path / "gate-release.md").read_text()


def test_a_first_release_needs_somebody_to_say_where_it_begins(released: Repo) -> None:
    done = job(released, "release", "ai-merge-gate-release", CI_COMMIT_TAG="v1.0.0")
    assert done.returncode == 4
    assert "give the input baseline" in done.stdout
    done = job(released, "release", "ai-merge-gate-release", CI_COMMIT_TAG="")
    assert done.returncode == 4


def test_the_step_of_github_judges_a_release_and_shows_the_report(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.repo.git("tag", "-a", "v1.0.0", "-m", "first")
    workspace.repo.commit({"notes.md": "text\n"})
    workspace.repo.git("tag", "-a", "v1.1.0", "-m", "second")
    done = workspace.step(command="release", args="v1.0.0..v1.1.0\n\n", **{"when-waiting": "pass"})
    assert done.returncode == 0, done.stdout + done.stderr
    assert all((tmp_path / f"gate-release.{end}").is_file() for end in ("json", "md", "html"))
    assert "v1.1.0" in (tmp_path / "summary").read_text()


def test_the_workflow_finds_the_release_before_this_one(released: Repo, tmp_path: Path) -> None:
    workflow = yaml.load((ROOT / ".github/workflows/gate-tag.yml").read_text(), Loader=yaml.BaseLoader)
    (script,) = (step["run"] for step in workflow["jobs"]["judge"]["steps"] if "run" in step)
    output = tmp_path / "output"

    def step(tag: str, kind: str = "tag", baseline: str = "") -> tuple[int, str]:
        output.write_text("")
        done = subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=released.path,
            env={
                "PATH": os.environ["PATH"],
                "GITHUB_REF": f"refs/tags/{tag}",
                "GITHUB_REF_NAME": tag,
                "GITHUB_REF_TYPE": kind,
                "GITHUB_OUTPUT": str(output),
                "TAGS": "v*",
                "BASELINE": baseline,
                "GH_TOKEN": "t",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, output.read_text()

    assert step("v1.1.0") == (0, "range=v1.0.0..v1.1.0\nbaseline=\n")
    for ref in ("refs/notes/gate-evidence", "refs/heads/gate-evidence"):
        assert released.rev(ref), "records do not come with a clone"
    assert step("v1.0.0", baseline="abc") == (0, "range=v1.0.0\nbaseline=--baseline=abc\n")
    assert step("v1.0.0")[0] == 4
    assert step("main", "branch")[0] == 4
