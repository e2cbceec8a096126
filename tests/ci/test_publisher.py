"""A publisher project: one job fetches, one scans without a token, one judges again and writes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ci.test_gitlab_pipeline import LOCAL, NODE
from tests.ci.test_gitlab_pipeline import pytestmark as needs_gitlab_ci_local
from tests.forges.shop import FLAW, Shop
from tests.forges.test_publish_command import serve_git
from tests.support.fake_github import TOKEN
from tests.support.fake_gitlab import FakeGitLab
from tests.support.repos import Repo

ROOT = Path(__file__).resolve().parents[2]
HEAD_REF = "refs/merge-requests/7/head"


@pytest.fixture(scope="module")
def flawed(tmp_path_factory) -> Shop:
    shop = Shop(tmp_path_factory.mktemp("shop"))
    shop.change({"shop.py": FLAW})
    return shop


@pytest.fixture
def fake(flawed):
    with FakeGitLab(flawed.head) as served:
        serve_git(served, flawed, HEAD_REF) if not (flawed.path / "served.git").exists() else _serve(
            served, flawed
        )
        # A webhook names the project by its number.
        served.routes += [
            (method, re.compile(pattern.pattern.replace("acme%2Fshop", "5")), answer)
            for method, pattern, answer in list(served.routes)
        ]
        yield served


def _serve(served, shop) -> None:
    folder = shop.path / "served.git"
    for file in folder.rglob("*"):
        if file.is_file():
            served.files[f"/acme/shop.git/{file.relative_to(folder)}"] = file.read_bytes()


@pytest.fixture
def payload(tmp_path) -> Path:
    path = tmp_path / "payload.json"
    path.write_text(json.dumps({"project": {"id": 5}, "object_attributes": {"iid": 7}}))
    return path


def job(folder: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-m", *command],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "GATE_NO_CACHE": "1", **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def trusted(fake, payload: Path) -> dict[str, str]:
    return {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": f"{fake.url}/api/v4",
        "CI_SERVER_URL": fake.url,
        "TRIGGER_PAYLOAD": str(payload),
        "GATE_TOKEN": TOKEN,
    }


BRING = (
    "gate.cli.bring",
    "--forge=gitlab",
    "--allow-project=5",
    "--to",
    "request.git",
    "--dotenv",
    "request.env",
)


def test_a_flaw_is_found_without_a_token_and_reported_with_one(fake, flawed, payload, tmp_path):
    brought = job(tmp_path, *BRING, **trusted(fake, payload))
    assert brought.returncode == 0, brought.stderr
    dotenv = dict(line.split("=", 1) for line in (tmp_path / "request.env").read_text().splitlines())
    assert dotenv["GATE_HEAD"] == flawed.head
    left = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert TOKEN.encode() not in left  # nothing that the next job gets holds the token
    checked = job(
        tmp_path,
        "gate",
        "check",
        "--forge=none",
        "--output=json=gate-report.json",
        "--output=text",
        GITLAB_CI="true",
        **dotenv,
    )
    assert checked.returncode == 1, checked.stdout + checked.stderr
    publish = ("gate", "publish", "--report=gate-report.json", "--forge=gitlab", "--allow-project=5")
    published = job(tmp_path, *publish, **trusted(fake, payload))
    assert published.returncode == 1, published.stderr
    assert [(one["name"], one["status"]) for one in fake.statuses] == [("gate", "failed")]
    (comment,) = fake.comments
    assert "shop.py" in comment["body"]


def test_a_scan_that_left_nothing_is_an_error_and_no_silence(fake, payload, tmp_path):
    (tmp_path / "gate-report.json").write_bytes(b"")
    publish = ("gate", "publish", "--report=gate-report.json", "--forge=gitlab", "--allow-project=5")
    done = job(tmp_path, *publish, **trusted(fake, payload))
    assert done.returncode == 4
    assert [one["status"] for one in fake.statuses] == ["failed"]


def test_a_project_that_is_not_served_is_refused(fake, payload, tmp_path):
    done = job(tmp_path, *BRING[:2], "--allow-project=6", *BRING[3:], **trusted(fake, payload))
    assert done.returncode == 2
    assert "not served here" in done.stderr
    assert not (tmp_path / "request.git").exists()


def test_what_is_there_is_not_written_over(fake, payload, tmp_path):
    (tmp_path / "request.git").mkdir()
    done = job(tmp_path, *BRING, **trusted(fake, payload))
    assert done.returncode == 2
    assert "is there already" in done.stderr


@needs_gitlab_ci_local[0]
@needs_gitlab_ci_local[1]
def test_the_template_runs_as_a_pipeline(fake, payload, tmp_path):
    project = Repo(tmp_path / "publisher")
    project.config("remote.origin.url", "https://gitlab.acme.example/sec/publisher.git")
    include = 'include:\n  - local: /publisher.yml\n    inputs:\n      projects: "5"\n'
    project.commit(
        {".gitlab-ci.yml": include, "publisher.yml": (ROOT / "templates/publisher.yml").read_text()}
    )
    project.git("update-ref", "refs/remotes/origin/main", "HEAD")
    project.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    project.git("reset", "-q", "--hard")
    variables = trusted(fake, payload) | {"CI_PIPELINE_SOURCE": "trigger"}
    given = [word for name, value in variables.items() for word in ("--variable", f"{name}={value}")]
    ignored = ("CI_PIPELINE_SOURCE", "CI_API_V4_URL", "CI_SERVER_URL")
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
            ",".join(ignored),
        ],
        cwd=project.path,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "GATE_NO_CACHE": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert [one["status"] for one in fake.statuses] == ["pending", "failed"], said
    (comment,) = fake.comments
    assert "shop.py" in comment["body"], said  # the finding came through all three jobs
    scanned = [line for line in said.splitlines() if "ai-merge-gate-scan" in line]
    assert not any(TOKEN in line for line in scanned)
