"""The CI files that are shipped, and those that `gate init` writes, under the linters that their readers use."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.ci.kit import gate
from tests.support.repos import Repo

ROOT = Path(__file__).resolve().parents[2]
PIN = "a" * 40
SHIPPED = (
    "action.yml",
    ".github/actions/gate/action.yml",
    *(
        f".github/workflows/{name}.yml"
        for name in ("ci", "gate-scan", "gate-tag", "gate-report", "gate-record")
    ),
)
TEMPLATES = ("gate", "release", "publisher", "review")


def tool(name: str) -> str:
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed: make peers")
    return found


def run(*command: str, cwd: Path = ROOT) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def document(path: Path | str) -> dict:
    """Every scalar as text: `on` is a word here."""
    return yaml.load((ROOT / path).read_text(), Loader=yaml.BaseLoader)


@pytest.fixture(scope="module", params=[(), ("--release", "--shards", "3", "--ai")], ids=["plain", "all"])
def written(request, tmp_path_factory) -> Path:
    """A repository in which gate init has written for GitHub."""
    return _written(tmp_path_factory.mktemp("github"), "github", *request.param)


@pytest.fixture(scope="module", params=[(), ("--release", "--shards", "3")], ids=["plain", "all"])
def written_gitlab(request, tmp_path_factory) -> Path:
    return _written(tmp_path_factory.mktemp("gitlab"), "gitlab", *request.param)


def _written(folder: Path, forge: str, *more: str) -> Path:
    repo = Repo(folder / "r")
    repo.commit({"a.py": "x = 1\n"})
    source = f"github.com/acme/ai-merge-gate@{PIN}"
    done = gate("init", "--repo", repo.path, "--forge", forge, "--source", source, *more)
    assert done.returncode == 0, done.stderr
    return repo.path


def test_zizmor_has_nothing_to_say_of_what_is_shipped():
    told = run(tool("zizmor"), "--offline", "--no-progress", "--persona", "pedantic", *SHIPPED)
    assert "No findings to report" in told


def test_zizmor_has_nothing_to_say_of_what_init_writes(written):
    told = run(tool("zizmor"), "--offline", "--no-progress", "--persona", "pedantic", ".", cwd=written)
    assert "No findings to report" in told


def test_only_documented_exceptions_are_made_from_zizmor(written):
    files = [*(ROOT / path for path in SHIPPED), *written.glob(".github/workflows/*.yml")]
    found = sorted(
        rule for file in files for rule in re.findall(r"zizmor: ignore\[([a-z-]+)\] \w+", file.read_text())
    )
    assert found == ["dangerous-triggers"]


def test_schemas_hold(written):
    check = tool("check-jsonschema")
    workflows = [path for path in SHIPPED if "workflows" in path]
    run(
        check,
        "--builtin-schema",
        "vendor.github-workflows",
        *workflows,
        *map(str, written.glob(".github/workflows/*.yml")),
    )
    run(check, "--builtin-schema", "vendor.github-actions", "action.yml", ".github/actions/gate/action.yml")


def test_gitlab_schemas_hold(written_gitlab, tmp_path):
    """A component has two documents, and the schema knows the second."""
    check = (
        tool("check-jsonschema"),
        "--builtin-schema",
        "vendor.gitlab-ci",
        "--data-transform",
        "gitlab-ci",
    )
    parts = []
    for name in TEMPLATES:
        header, _, jobs = (ROOT / f"templates/{name}.yml").read_text().partition("\n---\n")
        assert "spec:" in header
        parts.append(tmp_path / f"{name}.yml")
        parts[-1].write_text(jobs.replace("$[[ inputs.shards ]]", "4"))  # GitLab puts the number there
    run(*check, ".gitlab-ci.yml", str(written_gitlab / ".gitlab-ci.yml"), *map(str, parts))


def test_actionlint_has_nothing_to_say(written):
    files = [path for path in SHIPPED if "workflows" in path]
    # Nothing here uses a cache, and servers of GitHub's enterprise edition do not know the key that is missed.
    run(
        tool("actionlint"),
        "-no-color",
        "-ignore",
        "cache access limit",
        *files,
        *map(str, written.glob(".github/workflows/*.yml")),
    )


def test_every_action_is_pinned_to_a_commit(written):
    for file in [*(ROOT / path for path in SHIPPED), *written.glob(".github/workflows/*.yml")]:
        for use in re.findall(r"(?m)^\s*(?:- )?uses: (\S+)(.*)$", file.read_text()):
            assert use[0].startswith("$/") or re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", use[0]), (file, use)
            assert use[0].startswith("$/") or re.match(r" # v\d+\.\d+\.\d+$", use[1]), (file, use)


def test_no_expression_stands_in_a_script():
    for path in SHIPPED:
        data = document(path)
        steps = (
            data["runs"]["steps"]
            if "runs" in data
            else [s for j in data["jobs"].values() for s in j["steps"]]
        )
        for step in steps:
            assert "${{" not in step.get("run", ""), (path, step)
    for name in TEMPLATES:
        jobs = yaml.safe_load((ROOT / f"templates/{name}.yml").read_text().partition("\n---\n")[2])
        for job in jobs.values():
            for key in ("script", "before_script", "after_script"):
                assert "$[[" not in str(job.get(key, "")), (name, key)


def test_the_job_with_the_change_holds_no_secret_and_may_write_nothing(written):
    scan, caller = (
        document(".github/workflows/gate-scan.yml"),
        document(written / ".github/workflows/gate.yml"),
    )
    assert scan["permissions"] == caller["permissions"] == {}
    assert caller["jobs"]["check"]["permissions"] == {"contents": "read"}
    assert all(job["permissions"] == {"contents": "read"} for job in scan["jobs"].values())
    for path in (ROOT / ".github/workflows/gate-scan.yml", written / ".github/workflows/gate.yml"):
        assert "secrets." not in path.read_text()
    steps = [step for job in scan["jobs"].values() for step in job["steps"]]
    checkouts = [step for step in steps if "checkout" in step.get("uses", "")]
    assert len(checkouts) == len(scan["jobs"])
    assert all(step["with"]["persist-credentials"] == "false" for step in checkouts)
    assert set(caller["on"]) == {"pull_request", "merge_group"}
    assert set(caller["on"]["pull_request"]) == {
        "types"
    }  # no filter: a required check that is filtered out waits for ever


def test_the_publisher_never_has_the_change_as_files(written):
    report = document(".github/workflows/gate-report.yml")["jobs"]["report"]
    assert [step["uses"] for step in report["steps"] if "uses" in step] == [
        "$/.github/actions/gate"
    ]  # no checkout
    text = (ROOT / ".github/workflows/gate-report.yml").read_text()
    assert "allow-unsafe-pr-checkout" not in text
    assert report["environment"] == "gate-publish"
    caller = document(written / ".github/workflows/gate-publish.yml")
    assert set(caller["on"]) == {"workflow_run"}
    assert caller["jobs"]["publish"]["permissions"] == report["permissions"]


def test_no_run_that_judges_nothing_takes_the_place_of_one_that_waits_to_judge(written):
    """A group of the whole workflow also takes in runs that are skipped; an author could cause them for ever."""
    caller = document(written / ".github/workflows/gate-publish.yml")
    assert "concurrency" not in caller
    group = caller["jobs"]["publish"]["concurrency"]
    assert "github.event.action" in group["group"]
    assert "workflow_run.head_sha" in group["group"]
    assert group["cancel-in-progress"] == "false"


def test_the_publisher_that_leaves_records_has_one_more_right_and_is_else_the_same():
    report, record = (document(f".github/workflows/{name}.yml") for name in ("gate-report", "gate-record"))
    assert record["jobs"]["report"]["permissions"].pop("contents") == "write"
    assert report["jobs"]["report"]["permissions"].pop("contents") == "read"
    assert record["jobs"] == report["jobs"], "run `make actions`"
    keys = [path for path in (ROOT / ".github/workflows").glob("*.yml") if "EVIDENCE_KEY" in path.read_text()]
    assert sorted(path.stem for path in keys) == ["gate-record", "gate-report"]


def test_what_a_caller_grants_is_what_the_called_workflow_asks_for(written):
    pairs = [("gate", "gate-scan", "check"), ("gate-publish", "gate-report", "publish")]
    if (written / ".github/workflows/gate-release.yml").exists():
        pairs.append(("gate-release", "gate-tag", "gate"))
    for caller, called, job in pairs:
        granted = document(written / f".github/workflows/{caller}.yml")["jobs"][job]
        assert granted["uses"].startswith(f"acme/ai-merge-gate/.github/workflows/{called}.yml@")
        for asked in document(f".github/workflows/{called}.yml")["jobs"].values():
            assert asked["permissions"].items() <= granted["permissions"].items()


def test_the_lock_covers_what_the_package_needs():
    """CI installs from the lock alone, without resolving anything."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    lock = (ROOT / "requirements.lock").read_text()
    locked = {re.sub(r"[-_.]+", "-", name).lower() for name in re.findall(r"(?m)^([A-Za-z0-9._-]+)==", lock)}
    names = {re.sub(r"[-_.]+", "-", re.match(r"[A-Za-z0-9._-]+", one)[0]).lower() for one in wanted}
    assert names - locked == set()
    entries = re.findall(r"(?m)^[A-Za-z0-9]\S+==", lock)
    assert len(entries) <= lock.count("--hash=sha256:")


def test_the_image_is_pinned_by_digest_and_runs_without_rights():
    text = (ROOT / "Dockerfile").read_text()
    images = re.findall(r"(?m)^FROM (\S+)", text)
    assert images
    assert all(re.fullmatch(r"\S+@sha256:[0-9a-f]{64}", image) for image in images)
    assert re.search(r"(?m)^USER 10001$", text)
    assert "--require-hashes" in text
    copied = set(re.findall(r"(?m)^COPY (?!--from)(.+) \S+$", text))
    names = {name for line in copied for name in line.split()}
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert names == kept
    assert all((ROOT / name).exists() for name in names)


def test_hooks_name_programs_that_are_there():
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text()):
        module = hook["entry"].split()[3]
        assert hook["entry"].startswith(
            "python -I -m "
        )  # nothing of the repository is imported in the gate's place
        assert (ROOT / f"{module.replace('.', '/')}.py").is_file()


def test_own_ci_runs_one_script():
    assert yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text())["run"]["script"] == [".ci/run"]
    assert document(".github/workflows/ci.yml")["jobs"]["run"]["steps"][-1]["run"] == ".ci/run"


def test_the_copy_of_the_action_is_up_to_date():
    copy = (ROOT / ".github/actions/gate/action.yml").read_text().partition("\n")[2]
    assert copy == (ROOT / "action.yml").read_text().replace(
        "$GITHUB_ACTION_PATH", "$GITHUB_ACTION_PATH/../../.."
    )
    assert (ROOT / ".github/actions/gate/../../../requirements.lock").is_file()


def test_every_script_is_valid_for_its_shell():
    scripts = []
    for path in SHIPPED:
        data = document(path)
        steps = (
            data["runs"]["steps"]
            if "runs" in data
            else [s for j in data["jobs"].values() for s in j["steps"]]
        )
        scripts += [("bash", step["run"]) for step in steps if "run" in step]
    for name in TEMPLATES:
        jobs = yaml.safe_load((ROOT / f"templates/{name}.yml").read_text().partition("\n---\n")[2])
        scripts += [
            ("sh", "\n".join(job.get(key) or []))
            for job in jobs.values()
            for key in ("before_script", "script")
        ]
    assert len(scripts) > 8
    for shell, script in scripts:
        done = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), script
