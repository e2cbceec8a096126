"""`gate doctor`: a test for each thing it looks at, on real repositories, and what it says to do."""

from __future__ import annotations

import json
import os
import shutil
from typing import Any

import pytest

from tests.ci.kit import gate
from tests.support.repos import Repo

ANN = ("Ann", "ann@acme.example")
PEOPLE = """
  humans:
    - {id: ann, github: ann, gitlab: ann, emails: [ann@acme.example]}
    - {id: bob, github: bob, gitlab: bob, emails: [bob@acme.example]}
  reviewers: {auth: [ann, bob], crypto: [ann, bob], data: [ann, bob], gate: [ann, bob]}
"""
POLICY = f"version: 1\nsignoff:{PEOPLE}"
PIN = "a" * 40
GATE = f"""
on:
  pull_request:
permissions: {{}}
jobs:
  check:
    permissions: {{contents: read}}
    uses: acme/ai-merge-gate/.github/workflows/gate-scan.yml@{PIN}
"""
PUBLISH = f"""
on:
  workflow_run: {{workflows: [gate]}}
permissions: {{}}
jobs:
  publish:
    permissions: {{statuses: write}}
    uses: acme/ai-merge-gate/.github/workflows/gate-report.yml@{PIN}
"""
OWNERS = "/.gate.yml @ann\n/.gate/ @ann\n/.github/ @ann\n/.gitlab-ci.yml @ann\n"
GITHUB = {
    ".gate.yml": POLICY,
    ".github/CODEOWNERS": OWNERS,
    ".github/workflows/gate.yml": GATE,
    ".github/workflows/gate-publish.yml": PUBLISH,
}
GITLAB = {
    ".gate.yml": POLICY,
    "CODEOWNERS": OWNERS,
    ".gitlab-ci.yml": f"include:\n  - component: $CI_SERVER_FQDN/sec/ai-merge-gate/gate@{PIN}\n",
}


@pytest.fixture(autouse=True)
def _outside_of_ci(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.startswith(("GITHUB_", "GITLAB_", "GH_", "CI_", "GATE_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("HOME", str(tmp_path))


def shop(tmp_path, files: dict[str, str | None], *, host: str = "github.com") -> Repo:
    repo = Repo(tmp_path / "shop")
    repo.config("remote.origin.url", f"https://{host}/acme/shop.git")
    repo.commit(files, author=ANN)
    repo.git("update-ref", "refs/remotes/origin/main", "HEAD")
    repo.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    repo.git("reset", "-q", "--hard")
    return repo


def look(repo: Repo, *more: str, now: str = "2026-06-01") -> tuple[int, dict[str, dict[str, Any]]]:
    """Exit code and checks by id."""
    done = gate("doctor", "--repo", str(repo.path), "--now", now, "-q", "-o", "json", *more)
    assert done.stdout, done.stderr
    told = json.loads(done.stdout)
    assert told["exit_code"] == done.returncode
    for one in told["checks"]:
        assert bool(one["mend"]) == (one["state"] != "ok"), one  # whatever is not fine says how to mend it
    return done.returncode, {one["id"]: one for one in told["checks"]}


def state(repo: Repo, identifier: str, *more: str, **how: str) -> tuple[str, str]:
    one = look(repo, *more, **how)[1][identifier]
    return one["state"], f"{one['found']} {one['mend']}"


def test_a_good_set_up_is_fine_and_only_the_token_is_missing(tmp_path):
    code, checks = look(shop(tmp_path, GITHUB))
    assert code == 0
    assert [one["id"] for one in checks.values() if one["state"] != "ok"] == ["token"]


def test_a_good_set_up_on_gitlab_is_fine_too(tmp_path):
    code, checks = look(shop(tmp_path, GITLAB, host="gitlab.acme.example"))
    assert code == 0
    assert [one["id"] for one in checks.values() if one["state"] != "ok"] == ["token"]


def test_text_names_what_is_wrong_and_what_to_do(tmp_path):
    done = gate("doctor", "--repo", str(shop(tmp_path, {"a": "b"}).path), "-q")
    assert done.returncode == 1
    assert "✗ ci" in done.stdout
    assert "→ Run gate init" in done.stdout
    assert done.stdout.rstrip().endswith("failed")


def test_hostile_text_reaches_no_terminal(tmp_path):
    repo = shop(tmp_path, GITHUB | {".github/workflows/\x1b[31mgate.yml": GATE.replace(PIN, "main")})
    done = gate("doctor", "--repo", str(repo.path), "-q")
    assert "\x1b" not in done.stdout
    assert "\\u001b" in done.stdout


def test_outside_of_a_repository_it_says_so(tmp_path):
    done = gate("doctor", "--repo", str(tmp_path))
    assert done.returncode == 4
    assert "not a git repository" in done.stderr


# -- machine ---------------------------------------------------------------------------------------------


def test_programs_are_named_with_their_versions(tmp_path):
    checks = look(shop(tmp_path, GITHUB))[1]
    for name in ("git", "semgrep", "bandit", "ssh-keygen"):
        assert any(letter.isdigit() for letter in checks[name]["found"]), checks[name]


def test_keys_without_ssh_keygen_fail(tmp_path, monkeypatch):
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("git", "env"):
        (folder / name).symlink_to(shutil.which(name))
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILVgoIQDb7Fk95Y4BrTh2HdRNxTeeqDVCx8XsBp/T49Y x"
    repo = shop(
        tmp_path, GITHUB | {".gate.yml": POLICY.replace("ann, github", f'ann, keys: ["{key}"], github')}
    )
    monkeypatch.setenv("PATH", str(folder))
    assert state(repo, "ssh-keygen")[0] == "fail"


def test_a_cache_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GATE_CACHE_DIR", str(tmp_path / "file" / "x"))
    assert state(shop(tmp_path, GITHUB), "cache")[0] == "warn"


# -- clone -----------------------------------------------------------------------------------------------


def test_a_shallow_clone_fails(tmp_path):
    repo = shop(tmp_path, GITHUB)
    repo.commit({"x": "y"}, author=ANN)
    clone = repo.clone(tmp_path / "clone", "--depth", "1")
    found, told = state(clone, "history")
    assert found == "fail"
    assert "fetch-depth: 0" in told


def test_without_a_target_branch_head_is_looked_at_and_that_is_said(tmp_path):
    repo = Repo(tmp_path / "r")
    repo.commit(GITHUB, author=ANN)
    found, told = state(repo, "target")
    assert found == "warn"
    assert "HEAD" in told
    assert state(repo, "target", "--base", "nowhere")[0] == "fail"


def test_unrelated_histories_fail(tmp_path):
    repo = shop(tmp_path, GITHUB)
    repo.checkout("other", create=True)
    repo.commit({"a": "b"}, parents=())
    assert state(repo, "merge-base")[0] == "fail"


def test_replace_refs_are_told(tmp_path):
    repo = shop(tmp_path, GITHUB)
    other = repo.commit({"a": "b"}, author=ANN)
    repo.git("replace", other, f"{other}^")
    found, told = state(repo, "view")
    assert found == "warn"
    assert "git replace -d" in told


def test_notes_that_the_policy_requires_and_the_clone_lacks_fail(tmp_path):
    repo = shop(tmp_path, GITHUB | {".gate.yml": f"{POLICY}authorship: {{require: [notes_ai]}}\n"})
    found, told = state(repo, "notes")
    assert found == "fail"
    assert "git fetch origin '+refs/notes/*:refs/notes/*'" in told
    repo.git("notes", "--ref", "ai", "add", "-m", "x")
    assert state(repo, "notes")[0] == "ok"


# -- policy and people -----------------------------------------------------------------------------------


def test_no_policy_is_told(tmp_path):
    found, told = state(shop(tmp_path, GITHUB | {".gate.yml": None}), "policy")
    assert found == "warn"
    assert "gate init" in told


def test_a_broken_policy_on_the_target_fails_with_its_lines(tmp_path):
    found, told = state(shop(tmp_path, GITHUB | {".gate.yml": "version: 1\nmoode: observe\n"}), "policy")
    assert found == "fail"
    assert ".gate.yml:2:1" in told


def test_a_policy_that_is_not_merged_yet_is_told_and_checked(tmp_path):
    repo = shop(tmp_path, GITHUB)
    (repo.path / ".gate.yml").write_text(f"{POLICY}mode: observe\n")
    assert state(repo, "policy-here")[0] == "warn"
    (repo.path / ".gate.yml").write_text("version: 2\n")
    assert state(repo, "policy-here")[0] == "fail"


def test_lines_without_effect_are_told(tmp_path):
    text = f"{POLICY}scanners: {{exclude: [nowhere/]}}\n"
    found, told = state(shop(tmp_path, GITHUB | {".gate.yml": text}), "policy-remarks")
    assert found == "warn"
    assert "nowhere/" in told


def test_observing_is_told(tmp_path):
    assert state(shop(tmp_path, GITHUB | {".gate.yml": f"{POLICY}mode: observe\n"}), "mode")[0] == "warn"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("crypto: [ann, bob], ", "", "nobody is named for crypto"),
        ("data: [ann, bob]", "data: [ann]", "only one person"),
    ],
)
def test_areas_without_enough_people_are_told(tmp_path, old, new, told):
    found, text = state(shop(tmp_path, GITHUB | {".gate.yml": POLICY.replace(old, new)}), "reviewers")
    assert found == "warn"
    assert told in text


def test_a_reviewer_without_an_account_of_this_forge_fails(tmp_path):
    found, told = state(
        shop(tmp_path, GITHUB | {".gate.yml": POLICY.replace("bob, github: bob", "bob")}), "accounts"
    )
    assert found == "fail"
    assert "bob" in told
    assert "github: LOGIN" in told


def test_a_reviewer_whose_time_is_over_is_told(tmp_path):
    repo = shop(tmp_path, GITHUB | {".gate.yml": POLICY.replace("id: bob", "until: 2026-05-31, id: bob")})
    assert state(repo, "ended", now="2026-06-01")[0] == "warn"
    assert state(repo, "ended", now="2026-05-31")[0] == "ok"


def test_expired_and_broken_waivers_are_told(tmp_path):
    waiver = (
        "version: 1\nwaivers:\n  - {family: weak-hash, path: tools/x.py, owner: ann, "
        "reason: a checksum of local files, created: 2026-01-10, expires: 2026-03-31}\n"
    )
    repo = shop(tmp_path, GITHUB | {".gate/waivers.yml": waiver})
    assert state(repo, "waivers", now="2026-03-31")[0] == "ok"
    assert state(repo, "waivers", now="2026-04-01")[0] == "warn"
    repo.commit({".gate/waivers.yml": "version: 9\n"}, author=ANN)
    assert state(repo, "waivers", "--base", "main")[0] == "fail"


def test_gate_files_without_an_owner_are_told(tmp_path):
    found, told = state(shop(tmp_path, GITHUB | {".github/CODEOWNERS": "/src/ @ann\n"}), "owners")
    assert found == "warn"
    assert ".gate.yml" in told


def test_addresses_that_nobody_is_listed_with_are_told_and_agents_are_not(tmp_path):
    repo = shop(tmp_path, GITHUB)
    repo.commit({"x": "1"}, author=("New", "new@acme.example"))
    repo.commit({"x": "2"}, author=("Claude", "noreply@anthropic.com"))
    repo.commit({"x": "3"}, author=("Bob", "7+bob@users.noreply.github.com"))
    found, told = state(repo, "people", "--base", "main")
    assert found == "warn"
    assert "new@acme.example" in told
    assert "anthropic" not in told
    assert "noreply" not in told


# -- CI files --------------------------------------------------------------------------------------------

WORKFLOW = ".github/workflows/gate.yml"


def workflow(tmp_path, text: str, *, path: str = WORKFLOW) -> dict[str, dict[str, Any]]:
    return look(shop(tmp_path, GITHUB | {path: text}))[1]


def test_ci_that_only_lies_in_the_work_tree_is_told(tmp_path):
    repo = shop(tmp_path, GITHUB | {WORKFLOW: None})
    (repo.path / WORKFLOW).write_text(GATE)
    found, told = state(repo, "ci")
    assert found == "fail"
    assert "your files do" in told


@pytest.mark.parametrize(
    ("identifier", "old", "new", "told"),
    [
        ("filters", "pull_request:", "pull_request: {paths: ['src/**']}", "paths"),
        ("pins", PIN, "v1", "not pinned"),
        ("pins", "acme/ai", "OWNER/ai", "OWNER"),
        ("trigger", "pull_request:", "pull_request_target:", "stranger"),
        ("rights", "{contents: read}", "{contents: write}", "may write"),
        ("rights", "permissions: {}\n", "", "no permissions at the top"),
        ("rights", "  check:\n", "  check:\n    env: {K: '${{ secrets.K }}'}\n", "secret"),
        ("rights", "  check:\n", "  check:\n    secrets: inherit\n", "secret"),
    ],
)
def test_a_workflow_that_can_be_got_around_fails(tmp_path, identifier, old, new, told):
    assert old in GATE
    one = workflow(tmp_path, GATE.replace(old, new))[identifier]
    assert one["state"] == "fail"
    assert told in one["found"]


def test_a_checkout_without_history_or_with_a_token_fails(tmp_path):
    steps = f"""
on: [pull_request]
permissions: {{}}
jobs:
  check:
    runs-on: x
    steps:
      - uses: actions/checkout@{PIN}
      - run: gate check
"""
    one = workflow(tmp_path, steps)["checkout"]
    assert one["state"] == "fail"
    assert "fetch-depth" in one["found"]
    assert "persist-credentials" in one["found"]


def test_a_check_without_a_publisher_is_told(tmp_path):
    checks = look(shop(tmp_path, GITHUB | {".github/workflows/gate-publish.yml": None}))[1]
    assert checks["publisher"]["state"] == "warn"


@pytest.mark.parametrize(
    "text", ["a: [", "&a [*a]", "- 1", "? {a: b}\n: c", "on: gate check\njobs: {a: 1}\n"]
)
def test_a_broken_workflow_ends_nothing(tmp_path, text):
    assert "ci" in workflow(tmp_path, f"# gate check\n{text}\n", path=".github/workflows/odd.yml")


def test_a_workflow_of_aliases_ends_quickly(tmp_path):
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    text = "\n".join(["# gate check", "on: pull_request", *lines, "jobs: {j: {steps: *a59}}"])
    assert workflow(tmp_path, text, path=".github/workflows/odd.yml")["ci"]["state"] == "ok"


@pytest.mark.parametrize(
    ("identifier", "text"),
    [
        ("ci", "build: {script: [make]}\n"),
        ("pins", "include: [{component: $CI_SERVER_FQDN/sec/ai-merge-gate/gate@~latest}]\n"),
        ("pins", "include: [{local: /x.yml, inputs: {source: https://h/OWNER/ai-merge-gate.git}}]\n"),
        ("failures", "gate: {script: [gate check], allow_failure: true}\n"),
        (
            "job",
            f"include: [{{component: h/sec/ai-merge-gate/gate@{PIN}}}]\nai-merge-gate: {{variables: {{A: b}}}}\n",
        ),
    ],
)
def test_a_pipeline_that_can_be_got_around_fails(tmp_path, identifier, text):
    repo = shop(tmp_path, GITLAB | {".gitlab-ci.yml": text}, host="gitlab.com")
    assert state(repo, identifier)[0] == "fail"


# -- tokens ----------------------------------------------------------------------------------------------


def test_a_token_beside_the_change_fails(tmp_path, monkeypatch):
    repo = shop(tmp_path, GITHUB)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_EVENT_NAME", "pull_request")
    assert state(repo, "token-here", "--offline")[0] == "ok"
    monkeypatch.setenv("GH_TOKEN", "t0p")
    done = gate("doctor", "--repo", str(repo.path), "-q")
    assert done.returncode == 1
    assert "GH_TOKEN is set in a job that has the change as files" in done.stdout
    assert "t0p" not in done.stdout + done.stderr


def test_what_init_writes_is_fine_once_it_is_merged(tmp_path):
    for forge, host in (("github", "github.com"), ("gitlab", "gitlab.com")):
        repo = shop(tmp_path / forge, {"a.py": "x = 1\n"}, host=host)
        source = f"{host}/acme/ai-merge-gate@{PIN}"
        done = gate(
            "init", "--repo", str(repo.path), "--reviewer", "ann", "--reviewer", "bob", "--source", source
        )
        assert done.returncode == 0, done.stderr
        new = {
            p.relative_to(repo.path).as_posix(): p.read_text()
            for p in repo.path.rglob("*")
            if p.is_file() and ".git/" not in p.as_posix()
        }
        repo.commit(new, author=ANN)
        code, checks = look(repo, "--base", "main")
        assert code == 0, checks
        # Ann's address does not tell her account, so she is only proposed.
        assert {one["id"] for one in checks.values() if one["state"] == "warn"} <= {"token", "people"}
