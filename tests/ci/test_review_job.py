"""The job that holds the key of a model: what `gate init --ai` writes, and its scripts in a row on GitLab."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.ai.kit import KEY
from tests.ci.kit import gate
from tests.ci.test_init import SOURCE, _outside_of_ci  # noqa: F401 - a fixture
from tests.ci.test_publisher import BRING, HEAD_REF, fake, job, payload, trusted  # noqa: F401 - fixtures
from tests.forges.shop import FLAW, POLICY, Shop
from tests.support.fake_github import TOKEN
from tests.support.fake_messages import Reply, finding, messages_api
from tests.support.repos import Repo

ROOT = Path(__file__).resolve().parents[2]
CALL = "    return subprocess.call('ls ' + name, shell=True)"


@pytest.fixture(scope="module")
def flawed(tmp_path_factory) -> Shop:
    ai = "ai: {enabled: true, engine: messages-api, model: claude-opus-4-8}\n"
    shop = Shop(tmp_path_factory.mktemp("shop"), policy=POLICY + ai)
    shop.change({"shop.py": FLAW})
    return shop


def scripts() -> dict[str, str]:
    """The scripts of the add-on's jobs, with the interpreter that the pipeline sets up."""
    jobs = yaml.safe_load((ROOT / "templates/review.yml").read_text().partition("\n---\n")[2])
    return {name: "\n".join(one["script"]) for name, one in jobs.items() if "script" in one}


def shell(folder: Path, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-euc", script], cwd=folder, env=variables, capture_output=True, text=True, check=False
    )


def test_the_key_is_in_one_job_which_starts_no_scanner_and_has_no_token(fake, flawed, payload, tmp_path):  # noqa: F811
    assert job(tmp_path, *BRING, **trusted(fake, payload)).returncode == 0
    dotenv = dict(line.split("=", 1) for line in (tmp_path / "request.env").read_text().splitlines())
    plain = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "python": sys.executable, "GITLAB_CI": "true"}
    done = shell(tmp_path, scripts()["ai-merge-gate-scan"], **plain, **dotenv)
    assert done.returncode == 0, done.stderr

    def answer(asked, _number):
        said = {"review_id": asked.review_id, "findings": [finding(file="shop.py", quote=CALL)]}
        return Reply(text=json.dumps(said))

    with messages_api(answer) as model:
        key = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": model.url, "GATE_CACHE_DIR": "answers"}
        for _ in range(2):
            done = shell(tmp_path, scripts()["ai-merge-gate-review"], **plain, **dotenv, **key)
            assert done.returncode == 0, done.stdout + done.stderr
    assert len(model.messages) == 1  # the second run finds the answer
    report = json.loads((tmp_path / "gate-report.json").read_text())
    assert (report["ai"]["status"], report["ai"]["cached"]) == ("completed", 1)
    left = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert KEY.encode() not in left
    assert TOKEN.encode() not in left
    publish = ("gate", "publish", "--report=gate-report.json", "--forge=gitlab", "--allow-project=5")
    assert job(tmp_path, *publish, **trusted(fake, payload)).returncode == 1
    (comment,) = fake.comments
    assert "ai:messages-api" in comment["body"]


def test_github_gets_a_job_before_the_publisher(tmp_path):
    repo = Repo(tmp_path / "r")
    repo.commit({"a.py": "x = 1\n"})
    done = gate("init", "--repo", repo.path, "--forge", "github", "--source", SOURCE, "--ai")
    assert done.returncode == 0, done.stderr
    jobs = yaml.safe_load((repo.path / ".github/workflows/gate-publish.yml").read_text())["jobs"]
    assert set(jobs["review"]["permissions"].values()) == {"read"}
    assert jobs["review"]["environment"] == "gate-ai"
    assert jobs["publish"]["needs"] == "review"
    secrets = [step["name"] for step in jobs["review"]["steps"] if "secrets." in str(step)]
    assert secrets == ["Review the change"]
    assert "make gate-ai" in done.stdout
    assert "ai: {enabled: true" in done.stdout


def test_gitlab_gets_it_in_a_publisher_project_only(tmp_path):
    repo = Repo(tmp_path / "r")
    repo.commit({"a.py": "x = 1\n"})
    done = gate("init", "--repo", repo.path, "--forge", "gitlab", "--source", SOURCE, "--ai")
    assert done.returncode == 2
    assert "--publisher DIR --project ID --ai" in done.stderr
    done = gate("init", "--publisher", repo.path, "--project", "4711", "--source", SOURCE, "--ai")
    assert done.returncode == 0, done.stderr
    include = yaml.safe_load((repo.path / ".gitlab-ci.yml").read_text())["include"]
    assert [one["local"] for one in include] == ["/publisher.yml", "/review.yml"]
    assert (repo.path / "review.yml").is_file()
    assert "make gate-ai" in done.stdout
