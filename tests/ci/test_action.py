"""What a step of GitHub Actions runs, in a workspace that a stranger filled."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.forges.shop import FLAW, Shop
from tests.support.fake_github import TOKEN, FakeGitHub
from tests.support.repos import Repo


class Workspace:
    def __init__(self, folder) -> None:
        self.folder = folder
        self.repo = Repo(folder / "target")
        self.base = self.repo.commit({".gate.yml": "version: 1\n", "a.py": "x = 1\n"})
        self.repo.git("update-ref", "refs/remotes/origin/main", self.base)

    def step(self, *, head: str | None = None, **inputs: str) -> subprocess.CompletedProcess[str]:
        event = {
            "pull_request": {
                "number": 7,
                "base": {"ref": "main"},
                "head": {"sha": head or self.repo.rev(), "ref": "topic"},
                "user": {"login": "dev", "id": 1, "type": "User"},
            }
        }
        (self.folder / "event.json").write_text(json.dumps(event))
        variables = {f"ACTION_{name.upper()}": value for name, value in inputs.items()}
        return subprocess.run(
            [sys.executable, "-I", "-m", "gate.cli.action"],
            cwd=self.folder,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.folder),
                "GITHUB_ACTIONS": "true",
                "GITHUB_EVENT_NAME": "pull_request",
                "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
                "GITHUB_WORKSPACE": str(self.folder),
                "GITHUB_OUTPUT": str(self.folder / "output"),
                "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
                "ACTION_COMMAND": "check",
                "ACTION_PATH": "target",
                "GATE_NO_CACHE": "1",
                **variables,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def output(self) -> str:
        return (self.folder / "output").read_text()

    @property
    def report(self) -> dict:
        return json.loads((self.folder / "gate-report.json").read_text())


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    return Workspace(tmp_path)


def test_base_and_head_come_from_the_event_and_the_report_is_left_for_the_publisher(workspace):
    workspace.repo.checkout("topic", create=True)
    head = workspace.repo.commit({"b.md": "text\n"})
    done = workspace.step()
    assert done.returncode == 0, done.stdout + done.stderr
    assert workspace.output == "verdict=passed\nexit-code=0\n"
    assert (workspace.report["change"]["base"], workspace.report["change"]["head"]) == (workspace.base, head)


def test_a_blocked_change_fails_the_step_unless_its_inputs_say_otherwise(workspace):
    workspace.repo.checkout("topic", create=True)
    workspace.repo.commit({"b.py": "import os\nfrom flask import request\nos.system(request.args['x'])\n"})
    done = workspace.step()
    assert done.returncode == 1
    assert workspace.output.endswith("verdict=blocked\nexit-code=1\n")
    softened = workspace.step(when_blocked="pass")
    assert softened.returncode == 0
    assert workspace.output.endswith("verdict=blocked\nexit-code=1\n")
    assert "the verdict is blocked" in softened.stderr


def test_waiting_passes_the_step_where_the_status_waits_in_its_place(workspace):
    workspace.repo.checkout("topic", create=True)
    workspace.repo.commit({".github/workflows/x.yml": "on: push\n"})
    assert workspace.step().returncode == 3
    assert workspace.step(when_waiting="pass").returncode == 0


def test_what_is_incomplete_never_passes(workspace):
    done = workspace.step(head="f" * 40, when_waiting="pass", when_blocked="pass")
    assert done.returncode == 4
    assert workspace.output == "verdict=incomplete\nexit-code=4\n"


def test_a_package_of_the_same_name_in_the_workspace_is_not_imported(workspace):
    (workspace.folder / "gate").mkdir()
    (workspace.folder / "gate" / "__init__.py").write_text("raise SystemExit(0)\n")
    (workspace.folder / "target" / "gate.py").write_text("raise SystemExit(0)\n")
    assert workspace.step(head="f" * 40).returncode == 4


def test_text_of_the_change_gives_the_runner_no_command(workspace):
    workspace.repo.checkout("topic", create=True)
    workspace.repo.commit(
        {"::set-output name=x::y.py": "import os\nfrom flask import request\nos.system(request.args['x'])\n"}
    )
    done = workspace.step()
    lines = done.stdout.splitlines()
    stop = lines[0]
    assert stop.startswith("::stop-commands::")
    word = stop.removeprefix("::stop-commands::")
    assert f"::{word}::" in lines
    after = lines[lines.index(f"::{word}::") + 1 :]
    assert after
    assert all(line.startswith(("::error", "::warning", "::notice")) for line in after)


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({"command": "rm"}, "command"),
        ({"path": "../.."}, "leads out of the workspace"),
        ({"path": "nowhere"}, "there is no folder"),
        ({"when_waiting": "maybe"}, "when-waiting"),
    ],
)
def test_inputs_that_cannot_be_used_end_with_2(workspace, inputs, told):
    done = workspace.step(**inputs)
    assert done.returncode == 2
    assert told in done.stderr


def test_further_arguments_come_one_a_line(workspace):
    workspace.repo.checkout("topic", create=True)
    workspace.repo.commit({".github/workflows/x.yml": "on: push\n"})
    assert workspace.step(args="--mode=observe\n\n  --jobs=1\n").returncode == 0


# -- the publisher ---------------------------------------------------------------------------------------


def publish(folder, fake, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The step of gate-report.yml: after a run of the check, with the job's own token and no secret."""
    run = {"head_sha": fake.head, "head_branch": "topic", "head_repository": {"id": 5}}
    (folder / "event.json").write_text(json.dumps({"workflow_run": run}))
    return subprocess.run(
        [sys.executable, "-I", "-m", "gate.cli.action"],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": "workflow_run",
            "GITHUB_EVENT_PATH": str(folder / "event.json"),
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_API_URL": fake.url,
            "GITHUB_SERVER_URL": fake.url,
            "GITHUB_WORKSPACE": str(folder),
            "GITHUB_OUTPUT": str(folder / "output"),
            "GITHUB_TOKEN": TOKEN,
            "GATE_TOKEN": "",  # as Actions hands down a secret that is not there
            "ACTION_COMMAND": "publish",
            "ACTION_ARGS": "\n".join(("--forge=github", *arguments, "")),
            "ACTION_WHEN_WAITING": "pass",
            "ACTION_WHEN_BLOCKED": "pass",
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def flawed(tmp_path_factory) -> Shop:
    shop = Shop(tmp_path_factory.mktemp("shop"))
    shop.change({"shop.py": FLAW})
    return shop


def test_the_publisher_writes_with_the_jobs_own_token(flawed, tmp_path):
    with FakeGitHub(flawed.head) as fake:
        pending = publish(tmp_path, fake, "--pending")
        assert pending.returncode == 0, pending.stderr
        report = flawed.report()
        done = publish(tmp_path, fake, f"--report={report}", f"--repo={flawed.repo.path}")
        assert done.returncode == 0, done.stderr  # blocked is the status's word, not the job's failure
        assert [one["state"] for one in reversed(fake.statuses)] in (
            ["pending", "failure"],
            ["failure", "pending"],
        )
        assert len(fake.comments) == 1
        again = publish(tmp_path, fake, f"--report={report}", f"--repo={flawed.repo.path}")
        assert again.returncode == 0
        assert len(fake.comments) == 1  # it knows its own comment, although this token cannot ask who it is


def test_an_empty_archive_makes_the_status_an_error(flawed, tmp_path):
    (tmp_path / "gate-report.zip").write_bytes(b"")
    with FakeGitHub(flawed.head) as fake:
        done = publish(tmp_path, fake, "--report=gate-report.zip")
        assert done.returncode == 4
        assert [one["state"] for one in fake.statuses] == ["error"]
