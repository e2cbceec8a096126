"""The GitLab job as GitLab would run it: include, inputs, rules, script and artifacts, by gitlab-ci-local."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ci.kit import gate
from tests.support.repos import Repo

ROOT = Path(__file__).resolve().parents[2]
PEERS = Path(os.environ.get("GATE_PEERS", ROOT / ".cache" / "peers"))
NODE, LOCAL = PEERS / "node_modules/node/bin/node", PEERS / "node_modules/gitlab-ci-local/dist/index.js"

pytestmark = [
    pytest.mark.skipif(not LOCAL.is_file(), reason="gitlab-ci-local is not installed: make peers"),
    pytest.mark.skipif(
        shutil.which("rsync") is None, reason="gitlab-ci-local needs rsync, which is not installed"
    ),
]
VULNERABLE = "import os\nfrom flask import request\n\n\ndef f():\n    os.system('ls ' + request.args['x'])\n"


@pytest.fixture
def shop(tmp_path) -> Repo:
    """A project whose main branch gate init has set up."""
    return _shop(tmp_path)


@pytest.fixture
def large_shop(tmp_path) -> Repo:
    """The same with a scan over two jobs, and a job for releases."""
    return _shop(tmp_path, "--shards", "2", "--release")


def _shop(tmp_path: Path, *more: str) -> Repo:
    Repo(tmp_path / "origin", bare=True)
    repo = Repo(tmp_path / "shop")
    repo.config("remote.origin.url", "https://gitlab.acme.example/acme/shop.git")
    repo.commit(
        {
            "a.py": "x = 1\n",
            ".gitlab-ci.yml": "stages: [build, test]\nbuild: {stage: build, script: [make]}\n",
        }
    )
    repo.git("reset", "-q", "--hard")
    done = gate(
        "init", "--repo", repo.path, "--source", f"gitlab.acme.example/sec/ai-merge-gate@{'a' * 40}", *more
    )
    assert done.returncode == 0, done.stderr
    # The gate that is tested is the one in this tree: the image "holds" it.
    text = (repo.path / ".gitlab-ci.yml").read_text()
    text = re.sub(r'source: "[^"]*"', 'source: ""', text)
    repo.commit(
        {
            ".gitlab-ci.yml": text,
            ".gate.yml": "version: 1\n",
            **{f".gitlab/{file.name}": file.read_text() for file in (repo.path / ".gitlab").glob("*.yml")},
        }
    )
    repo.git("update-ref", "refs/remotes/origin/main", "HEAD")
    repo.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    repo.checkout("topic", create=True)
    return repo


def pipeline(
    repo: Repo, *more: str, target: str | None = "main", source: str = "merge_request_event"
) -> tuple[str, int | None]:
    """What the job said, and the exit code that the runner saw."""
    repo.git("reset", "-q", "--hard")
    variables = {"CI_PIPELINE_SOURCE": source, "CI_MERGE_REQUEST_IID": "7"}
    if target is not None:
        variables["CI_MERGE_REQUEST_TARGET_BRANCH_NAME"] = target
    given = [word for name, value in variables.items() for word in ("--variable", f"{name}={value}")]
    done = subprocess.run(
        [
            NODE,
            LOCAL,
            "--cwd",
            ".",
            "--force-shell-executor",
            "--shell-isolation",
            *given,
            "--ignore-predefined-vars",
            "CI_PIPELINE_SOURCE",
            *(more or ("ai-merge-gate",)),
        ],
        cwd=repo.path,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "GATE_NO_CACHE": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    said = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
    failed = re.search(r" FAIL (\d+)", said)
    return said, int(failed[1]) if failed else (0 if done.returncode == 0 else None)


def test_a_harmless_change_passes(shop):
    shop.commit({"b.md": "text\n"})
    said, code = pipeline(shop)
    assert code == 0, said
    assert "passed · exit 0" in said


def test_a_blocked_change_fails_the_job_and_its_reports_are_kept(shop):
    shop.commit({"b.py": VULNERABLE})
    said, code = pipeline(shop)
    assert code == 1, said
    report = json.loads((shop.path / "gate-report.json").read_text())
    assert report["verdict"] == "blocked"
    assert (report["change"]["target"], report["change"]["head"]) == ("refs/heads/main", shop.rev())


def test_a_pipeline_without_a_base_ends_with_4_and_scans_nothing(shop):
    shop.commit({"b.py": VULNERABLE})
    said, code = pipeline(shop, target=None)
    assert code == 4, said
    assert "CI_MERGE_REQUEST_TARGET_BRANCH_NAME is empty" in said
    assert "not a pass" in said


def test_the_job_runs_in_merge_request_pipelines_only_and_beside_the_teams_own(shop):
    shop.commit({"b.md": "x\n"})
    assert "ai-merge-gate" in pipeline(shop, "--list")[0]
    assert "ai-merge-gate" not in pipeline(shop, "--list", source="push")[0]
    assert "build" in pipeline(shop, "--list", source="push")[0]


def test_an_unknown_option_value_is_refused(shop):
    text = shop.git("show", "HEAD:.gitlab-ci.yml").replace('source: ""', 'mode: "lenient"')
    shop.commit({".gitlab-ci.yml": text})
    said, code = pipeline(shop, "--list")
    assert code is None
    assert "lenient" in said or "mode" in said


def test_all_findings_of_the_tree_are_listed_by_a_job_of_their_own_on_both_sides(shop):
    ci = (
        (shop.path / ".gitlab-ci.yml")
        .read_text()
        .replace('stage: "test"', 'stage: "test"\n      findings: "tree"')
    )
    shop.commit({".gitlab-ci.yml": ci, "old.py": VULNERABLE})
    said, code = pipeline(shop, "ai-merge-gate-findings")
    assert code == 0, said
    (report,) = shop.path.glob(".gitlab-ci-local/builds/ai-merge-gate-findings/gl-sast-report.json")
    assert [row["location"]["file"] for row in json.loads(report.read_text())["vulnerabilities"]] == [
        "old.py"
    ]
    pipeline(shop)
    assert not [*shop.path.glob(".gitlab-ci-local/builds/ai-merge-gate/gl-*")], "one job lists, not two"
    assert "ai-merge-gate-findings" not in pipeline(shop, "--list", source="push")[0]
    shop.git("update-ref", "refs/heads/main", "HEAD")
    shop.checkout("main")
    assert "ai-merge-gate-findings" in pipeline(shop, "--list", source="push")[0]


def test_without_being_asked_for_no_job_lists_the_tree(shop):
    assert "ai-merge-gate-findings" not in pipeline(shop, "--list")[0]


def test_shards_are_handed_over_and_judged_together(large_shop):
    large_shop.commit({"b.py": VULNERABLE, "c.py": "y = 1\n"})
    said, code = pipeline(large_shop, "--needs", "ai-merge-gate")
    assert code == 1, said
    assert "shard 1/2" in said
    assert "shard 2/2" in said
    report = json.loads((large_shop.path / "gate-report.json").read_text())
    assert (report["verdict"], report["change"]["head"]) == ("blocked", large_shop.rev())


def test_a_release_is_judged_in_the_pipeline_of_its_tag_only(large_shop, tmp_path):
    large_shop.git("tag", "-a", "v1.0.0", "-m", "first")
    large_shop.commit({"b.md": "text\n"})
    large_shop.git("tag", "-a", "v1.1.0", "-m", "second")
    (tmp_path / "origin").rename(tmp_path / "empty")
    large_shop.git("clone", "-q", "--bare", ".", str(tmp_path / "origin"))
    large_shop.config("remote.origin.url", str(tmp_path / "origin"))
    tag = ("--variable", "CI_COMMIT_TAG=v1.1.0")
    said, code = pipeline(large_shop, *tag, "ai-merge-gate-release", target=None, source="push")
    assert code in (0, 3), said
    assert (large_shop.path / "gate-release.html").stat().st_size
    said, _ = pipeline(large_shop, "--list")
    assert "ai-merge-gate-shard" in said
    assert "ai-merge-gate-release" not in said
