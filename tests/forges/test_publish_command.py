"""`gate publish` as a job runs it: variables of CI, a fetch of its own, what it prints, how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.forges.conftest import ACTIVE, FAKES
from tests.forges.shop import Shop
from tests.support.fake_github import TOKEN, FakeGitHub

ROOT = Path(__file__).parents[2]
GATE = (sys.executable, "-m", "gate", "publish")


def gate(folder: Path, *arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),  # the same rules as the report that is published
        "GATE_TOKEN": TOKEN,
        **variables,
    }
    return subprocess.run(
        [*GATE, *map(str, arguments)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def serve_git(fake, shop, ref: str) -> None:
    """Put the repository on the fake, as a plain web server gives it."""
    bare = shop.repo.clone(shop.path / "served.git", "--bare")
    bare.git("update-ref", ref, shop.head)
    bare.git("update-ref", "-d", "refs/heads/topic")
    bare.git("update-server-info")
    folder = shop.path / "served.git"
    for file in folder.rglob("*"):
        if file.is_file():
            fake.files[f"/acme/shop.git/{file.relative_to(folder)}"] = file.read_bytes()


@pytest.fixture
def event(tmp_path):
    """Return a function that writes an event file and returns its path."""

    def write(content: object) -> str:
        path = tmp_path / "event.json"
        path.write_text(json.dumps(content))
        return str(path)

    return write


def actions(fake, event_file: str, **more: str) -> dict[str, str]:
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_API_URL": fake.url,
        "GITHUB_SERVER_URL": fake.url,
        "GITHUB_RUN_ID": "99",
        "GITHUB_EVENT_PATH": event_file,
        "GATE_BOT_LOGIN": "github-actions[bot]",
        **more,
    }


def gitlab_ci(fake, **more: str) -> dict[str, str]:
    return {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": fake.url + "/api/v4",
        "CI_SERVER_URL": fake.url,
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_PROJECT_ID": "acme/shop",
        "CI_JOB_URL": fake.url + "/acme/shop/-/jobs/9",
        **more,
    }


@pytest.mark.parametrize("kind", FAKES)
def test_a_job_fetches_the_objects_itself_and_shows_the_token_to_nobody(kind, flawed, tmp_path, event):
    shop, report = flawed
    with FAKES[kind](shop.head) as fake:
        serve_git(fake, copied(shop, tmp_path), REFS[kind])
        run = {"workflow_run": {"head_sha": shop.head, "head_branch": "topic", "head_repository": {"id": 5}}}
        variables = actions(fake, event(run)) if kind == "github" else gitlab_ci(fake)
        done = gate(tmp_path, "--report", report, **variables)
        assert done.returncode == 1, done.stderr
        assert done.stderr.rstrip().rpartition("\n")[2].startswith("gate: blocked, exit 1. Fix the code.")
        assert "status: failure, Blocked: new findings" in done.stderr
        assert fake.statuses[0]["target_url"].endswith("/actions/runs/99" if kind == "github" else "/jobs/9")
        assert {header.split()[0] for header in fake.asked.values() if header} == {"Basic"}
        assert None not in fake.asked.values()
        assert TOKEN not in done.stderr + done.stdout
        assert fake.violations == []
    assert sorted(path.name for path in tmp_path.iterdir()) == (
        ["copy", "event.json"] if kind == "github" else ["copy"]
    )


REFS = {"github": "refs/pull/7/head", "gitlab": "refs/merge-requests/7/head"}


@pytest.mark.parametrize("kind", FAKES)
def test_a_server_with_a_certificate_of_its_own_is_reached_by_api_and_git_if_it_is_named(
    kind, flawed, tmp_path, event
):
    shop, report = flawed
    certificate = tmp_path / "ca.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=forge",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-keyout",
            "key.pem",
            "-out",
            "ca.pem",
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    both = tmp_path / "both.pem"
    both.write_bytes((tmp_path / "key.pem").read_bytes() + certificate.read_bytes())
    fake = FAKES[kind](shop.head)
    fake.use_tls(both)
    with fake:
        serve_git(fake, copied(shop, tmp_path), REFS[kind])
        request = {"pull_request": {"number": 7}}
        variables = actions(fake, event(request)) if kind == "github" else gitlab_ci(fake)
        done = gate(tmp_path, "--report", report, **variables)
        assert (done.returncode, "GATE_CA_FILE" in done.stderr, fake.calls) == (4, True, [])
        done = gate(tmp_path, "--report", report, GATE_CA_FILE=str(certificate), **variables)
        assert done.returncode == 1, done.stderr
        assert len(fake.statuses) == 1


def copied(shop: Shop, tmp_path: Path) -> Shop:
    other = Shop.__new__(Shop)
    other.path, other.repo, other.head, other.base = tmp_path / "copy", shop.repo, shop.head, shop.base
    other.path.mkdir()
    return other


def test_a_token_of_an_app_that_is_not_named_is_asked_for(flawed, tmp_path):
    shop, report = flawed
    with FakeGitHub(shop.head) as fake:
        options = ("--forge", "github", "--repository", "acme/shop", "--change", 7, "--api-url", fake.url)
        fake.statuses.append(
            {"id": 0, "sha": shop.head, "context": "gate", "state": "pending", "creator": fake.me}
        )
        done = gate(tmp_path, "--report", report, "--repo", shop.repo.path, *options)
    assert done.returncode == 4
    assert "--bot-login" in done.stderr


def test_a_comment_without_permission_goes_into_the_summary_of_the_step(flawed, tmp_path, event):
    shop, report = flawed
    with FakeGitHub(shop.head) as fake:
        fake.fault("POST", "/comments$", status=403, times=9)
        variables = actions(fake, event({"pull_request": {"number": 7}}))
        summary = tmp_path / "summary.md"
        done = gate(
            tmp_path,
            "--report",
            report,
            "--repo",
            shop.repo.path,
            GITHUB_STEP_SUMMARY=str(summary),
            **variables,
        )
    assert done.returncode == 1, done.stderr
    assert "comment: not posted" in done.stderr
    assert "docs/publish.md" in done.stderr
    assert "BLOCKED" in summary.read_text()


def test_a_dry_run_names_every_write_and_makes_none(flawed, tmp_path, event):
    shop, report = flawed
    with FakeGitHub(shop.head) as fake:
        variables = actions(fake, event({"pull_request": {"number": 7}}))
        done = gate(tmp_path, "--report", report, "--repo", shop.repo.path, "--dry-run", **variables)
        assert fake.writes == []
    assert done.returncode == 1
    assert done.stderr.count("would send POST") == 3
    assert "posted" not in done.stderr


def test_the_head_of_a_closed_request_is_nothing_to_do(flawed, tmp_path, event):
    shop, report = flawed
    with FakeGitHub(shop.head) as fake:
        fake.pulls[7]["state"] = "closed"
        run = {"workflow_run": {"head_sha": shop.head, "head_branch": "topic", "head_repository": {"id": 5}}}
        done = gate(tmp_path, "--report", report, **actions(fake, event(run)))
    assert (done.returncode, "nothing to do" in done.stderr) == (0, True), done.stderr


@pytest.mark.parametrize("kind", FAKES)
def test_the_token_follows_no_redirect_to_another_host(kind, flawed, tmp_path, event):
    shop, report = flawed
    with FAKES[kind](shop.head) as fake, FAKES[kind](shop.head) as other:
        fake.fault(
            "GET",
            "/(pulls|merge_requests)/7$",
            status=302,
            headers={"Location": f"{other.url}/stolen"},
            times=9,
        )
        request = {"pull_request": {"number": 7}}
        variables = actions(fake, event(request)) if kind == "github" else gitlab_ci(fake)
        done = gate(tmp_path, "--report", report, "--repo", shop.repo.path, **variables)
        assert (done.returncode, other.calls, fake.writes) == (4, [], [])
        assert "Traceback" not in done.stderr


def test_a_webhook_can_name_only_projects_that_are_served(flawed, tmp_path, event):
    shop, report = flawed
    with FAKES["gitlab"](shop.head) as fake:
        payload = event({"project": {"id": 5}, "object_attributes": {"iid": 7}})
        variables = gitlab_ci(fake, TRIGGER_PAYLOAD=payload)
        done = gate(tmp_path, "--report", report, "--allow-project", "6", **variables)
        assert (done.returncode, fake.calls) == (2, [])
        assert "--allow-project" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "variables", "said"),
    [
        ((), {}, "--report is missing"),
        (("--report", "r"), {}, "which forge to talk to is not known"),
        (("--report", "r", "--forge", "github"), {}, "the project is not known"),
        (("--report", "r", "--forge", "github", "--repository", "a/b"), {}, "the merge request is not known"),
        (
            ("--report", "r", "--forge", "github", "--repository", "a/../b", "--change", 1),
            {},
            "no path of a project",
        ),
        (
            ("--report", "r", "--forge", "gitlab", "--repository", "a/b", "--change", 1),
            {"GATE_TOKEN": ""},
            "none of GATE_TOKEN, GITLAB_TOKEN is set",
        ),
        (
            (
                "--report",
                "r",
                "--forge",
                "github",
                "--repository",
                "a/b",
                "--change",
                1,
                "--api-url",
                "http://x.example",
            ),
            {},
            "over https",
        ),
        (
            (
                "--report",
                "r",
                "--forge",
                "github",
                "--repository",
                "a/b",
                "--change",
                1,
                "--api-url",
                "https://u:p@x",
            ),
            {},
            "holds a password",
        ),
        (("--report", "r", "--comment-key", "A B"), {}, "--comment-key"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_missing_is_said_with_the_option_that_helps(tmp_path, arguments, variables, said):
    done = gate(tmp_path, *arguments, **variables)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_forge_a_file_tells_the_reviews_and_reports_take_the_place_of_posts(sensitive, tmp_path):
    shop, report = sensitive
    reviews = {
        "schema": "gate-reviews/1",
        "repo": "127.0.0.1/acme/shop",
        "change": "7",
        "target": "refs/heads/main",
        "target_protected": True,
        "head": shop.head,
        "complete": True,
        "opener": {"account": "github:dev", "id": 1, "kind": "user"},
        "decisions": [],
    }
    approval = {
        "id": "1", "account": "github:sec1", "id_number": 11, "kind": "user", "state": "approved",
        "at": "2026-02-01T00:00:00Z", "commit": shop.head, "active": True, "permission": "write", "source": "review",
    }  # fmt: skip
    file = tmp_path / "reviews.json"
    options = ("--report", report, "--forge", "none", "--reviews", file, "--repo", shop.repo.path)
    file.write_text(json.dumps(reviews))
    done = gate(tmp_path, *options, "-o", f"markdown={tmp_path / 'comment.md'}")
    assert done.returncode == 3, done.stderr
    assert "WAITING" in (tmp_path / "comment.md").read_text()
    file.write_text(json.dumps(reviews | {"decisions": [approval]}))
    assert gate(tmp_path, *options).returncode == 0
    assert gate(tmp_path, "--report", report, "--forge", "none").returncode == 2


def test_check_asks_the_forge_for_approvals(tmp_path, event):
    shop = Shop(tmp_path / "shop")
    shop.change({"auth/login.py": ACTIVE})
    command = (sys.executable, "-m", "gate", "check", "--repo", str(shop.repo.path), "--base", "origin/main")
    with FakeGitHub(shop.head) as fake:
        variables = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "PYTHONPATH": str(ROOT),
            "GATE_TOKEN": TOKEN,
            "GATE_NO_CACHE": "1",
            **actions(fake, event({"pull_request": {"number": 7}})),
        }

        def check() -> tuple[int, str]:
            done = subprocess.run(
                [*command, "--head", shop.head, "--target", "refs/heads/main", "--forge", "auto"],
                env=variables,
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=False,
            )
            return done.returncode, done.stdout + done.stderr

        assert check()[0] == 3
        fake.approve("sec1", 11, commit=shop.head)
        code, said = check()
        assert code == 0, said
        fake.fault("GET", "/reviews$", status=403, times=99)
        assert check()[0] == 4
        assert fake.writes == []


def test_start_up_loads_neither_client():
    script = (
        "import sys\nfrom gate.cli import run\ncode = run(['publish', '--help'])\n"
        "sys.exit(code or any(m in sys.modules for m in ('github', 'gitlab', 'requests', 'msgspec', 'git')))"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=False).returncode == 0
