"""`gate init` in real repositories: what it writes, what it leaves alone, and what it says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest
import yaml

from gate.config import load_policy
from tests.ci.kit import Done, gate
from tests.support.repos import Repo

PIN = "a" * 40
SOURCE = f"code.example/sec/ai-merge-gate@{PIN}"


@pytest.fixture(autouse=True)
def _outside_of_ci(monkeypatch):
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "200")


def init(repo: Repo, *more: str) -> Done:
    source = () if "--source" in more else ("--source", SOURCE)
    return gate("init", "--repo", str(repo.path), *source, *more)


def files(repo: Repo) -> dict[str, bytes]:
    return {
        p.relative_to(repo.path).as_posix(): p.read_bytes()
        for p in repo.path.rglob("*")
        if p.is_file() and ".git/" not in p.as_posix()
    }


@pytest.fixture
def github(tmp_path) -> Repo:
    repo = Repo(tmp_path / "shop")
    repo.config("remote.origin.url", "git@github.com:acme/shop.git")
    repo.commit(
        {"src/a.py": "x = 1\n", "lib/b.rb": "x\n", "vendor/c.go": "package c\n"},
        author=("Ann", "1+ann@users.noreply.github.com"),
    )
    repo.commit({"src/d.py": "y = 1\n"}, author=("Bob Bee", "bob@acme.example"))
    repo.commit({"src/e.py": "z = 1\n"}, author=("Claude", "noreply@anthropic.com"))
    repo.git("reset", "-q", "--hard")
    return repo


@pytest.fixture
def gitlab(tmp_path) -> Repo:
    repo = Repo(tmp_path / "shop")
    repo.config("remote.origin.url", "https://gitlab.acme.example/shop/web.git")
    repo.commit({"a.py": "x = 1\n"})
    repo.git("reset", "-q", "--hard")
    return repo


def test_a_repository_on_github_gets_policy_and_three_workflows(github):
    done = init(github, "--reviewer", "ann", "--reviewer", "carl")
    assert done.returncode == 0, done.stderr
    written = {name: data.decode() for name, data in files(github).items() if name.startswith(".")}
    assert sorted(written) == [
        ".gate.yml",
        ".github/CODEOWNERS",
        ".github/workflows/gate-publish.yml",
        ".github/workflows/gate-signoff.yml",
        ".github/workflows/gate.yml",
    ]
    assert (
        f"uses: sec/ai-merge-gate/.github/workflows/gate-scan.yml@{PIN} #"
        in written[".github/workflows/gate.yml"]
    )
    assert not any("GATE_RE" in text or "GATE_VERSION" in text for text in written.values())
    policy = load_policy(written[".gate.yml"].encode())
    assert {h.id: h.github for h in policy.signoff.humans} == {"ann": ("ann",), "carl": ("carl",)}
    assert policy.signoff.humans[0].emails == ("1+ann@users.noreply.github.com",)
    assert policy.signoff.reviewers["auth"] == ("ann", "carl")
    for name in written:
        assert name in done.stdout


def test_people_and_unread_languages_are_proposed_and_agents_are_not(github):
    init(github)
    text = (github.path / ".gate.yml").read_text()
    assert "bob@acme.example" in text
    assert "anthropic" not in text
    assert "Nobody looks for weaknesses in ruby" in text
    assert "/vendor/" in text
    policy = load_policy(text.encode())
    assert policy.signoff.humans == ()  # a proposal gives nobody a right
    assert policy.scanners.exclude == ()


def test_a_proposal_becomes_valid_by_moving_it_up(github):
    init(github)
    text = (github.path / ".gate.yml").read_text()
    proposed = "\n".join(
        line.replace("  #  - ", "    - ") for line in text.splitlines() if "  #  - {id" in line
    )
    policy = load_policy(
        text.replace("  humans: []", f"  humans:\n{proposed}").replace("LOGIN", "bob-work").encode()
    )
    assert [h.id for h in policy.signoff.humans] == ["ann", "bob"]


def test_every_key_of_the_policy_has_a_comment_above_it(github):
    init(github, "--reviewer", "ann")
    lines = (github.path / ".gate.yml").read_text().splitlines()
    keys = [
        number
        for number, line in enumerate(lines)
        if line.strip().split(":")[0]
        in {"version", "extends", "mode", "fail_level", "exclude", "min", "ai_min", "humans", "reviewers"}
    ]
    assert len(keys) == 9
    assert [lines[n] for n in keys if not lines[n - 1].strip().startswith("#")] == []


def test_a_second_run_changes_nothing_and_says_so(github):
    init(github, "--reviewer", "ann")
    before = files(github)
    again = init(github, "--reviewer", "ann")
    assert again.returncode == 0
    assert "Nothing had to be written." in again.stdout
    assert files(github) == before


def test_a_dry_run_shows_the_diff_and_writes_nothing(github):
    before = files(github)
    done = init(github, "--dry-run")
    assert done.returncode == 0
    assert "+++ b/.gate.yml" in done.stdout
    assert "+  fail_level: high" in done.stdout
    assert "Nothing was written" in done.stdout
    assert files(github) == before


def test_files_of_the_team_stay_unless_forced_and_then_a_copy_is_kept(github):
    (github.path / ".gate.yml").write_text("version: 1\n")
    (github.path / ".github/workflows").mkdir(parents=True)
    (github.path / ".github/workflows/gate.yml").write_text("name: mine\n")
    done = init(github)
    assert (github.path / ".gate.yml").read_text() == "version: 1\n"
    assert (github.path / ".github/workflows/gate.yml").read_text() == "name: mine\n"
    assert "the policy is yours" in done.stdout
    assert "--force replaces it" in done.stdout
    forced = init(github, "--force")
    assert (github.path / ".github/workflows/gate.yml.orig").read_text() == "name: mine\n"
    assert "the old file is now .github/workflows/gate.yml.orig" in forced.stdout
    assert (github.path / ".gate.yml").read_text() == "version: 1\n"  # people decided it; no tool undoes that


def test_nothing_is_written_through_a_link(github, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (github.path / ".github").symlink_to(outside)
    done = init(github)
    assert done.returncode == 2
    assert "is a link" in done.stderr
    assert list(outside.iterdir()) == []
    assert not (github.path / ".gate.yml").exists()


def test_the_stand_in_is_named_where_no_address_of_the_gate_is_known(github, tmp_path):
    done = init(github, "--source", "nonsense")
    assert done.returncode == 2
    assert "--source HOST/OWNER/ai-merge-gate@COMMIT" in done.stderr


@pytest.mark.parametrize(
    "value",
    [
        f"x@{PIN}",
        f"a b/c@{PIN}",
        "acme/gate@main",
        f"acme/../gate@{PIN}",
        f"acme/gate@{PIN[:39]}",
        f"acme/gate;rm@{PIN}",
    ],
)
def test_a_source_that_is_no_pinned_project_is_refused(github, value):
    done = init(github, "--source", value)
    assert done.returncode == 2
    assert not (github.path / ".gate.yml").exists()


@pytest.mark.parametrize("value", [f"https://github.com/acme/gate.git@{PIN}", f"acme/gate@{PIN}"])
def test_a_source_is_taken_as_people_write_it(github, value):
    assert init(github, "--source", value).returncode == 0
    assert (
        f"uses: acme/gate/.github/workflows/gate-scan.yml@{PIN} #"
        in (github.path / ".github/workflows/gate.yml").read_text()
    )


def test_a_reviewer_is_a_login(github):
    done = init(github, "--reviewer", "@ann: evil")
    assert done.returncode == 2
    assert "is no login" in done.stderr


def test_hostile_names_and_addresses_do_not_reach_the_policy(github):
    github.commit({"x": "1"}, author=("Eve]} mode: observe", "e]}mode@x.example"))
    github.commit({"x": "2"}, author=("null", "null@x.example"))
    init(github)
    text = (github.path / ".gate.yml").read_text()
    assert "e]}mode" not in text
    assert '{id: "null",' in text
    load_policy(text.encode())


def test_where_the_forge_cannot_be_told_it_is_asked_for(tmp_path):
    repo = Repo(tmp_path / "r")
    repo.commit({"a.py": "x\n"})
    done = init(repo)
    assert done.returncode == 2
    assert "--forge github" in done.stderr
    assert init(repo, "--forge", "github").returncode == 0


def test_an_empty_repository_can_be_set_up(tmp_path):
    repo = Repo(tmp_path / "r")
    done = init(repo, "--forge", "gitlab")
    assert done.returncode == 0, done.stderr
    assert (repo.path / ".gitlab-ci.yml").is_file()


def test_a_bare_repository_is_refused(tmp_path):
    repo = Repo(tmp_path / "r", bare=True)
    repo.commit({"a.py": "x\n"})
    done = init(repo, "--forge", "github")
    assert done.returncode == 2
    assert "bare" in done.stderr


def included(text: str) -> list:
    return yaml.safe_load(text)["include"]


def test_a_repository_on_gitlab_gets_policy_job_and_include(gitlab):
    done = init(gitlab)
    assert done.returncode == 0, done.stderr
    assert sorted(name for name in files(gitlab) if name.startswith(".")) == [
        ".gate.yml",
        ".gitlab-ci.yml",
        ".gitlab/ai-merge-gate.yml",
    ]
    assert included((gitlab.path / ".gitlab-ci.yml").read_text()) == [
        {
            "local": "/.gitlab/ai-merge-gate.yml",
            "inputs": {
                "stage": "test",
                "source": "https://code.example/sec/ai-merge-gate.git",
                "revision": PIN,
            },
        }
    ]
    before = files(gitlab)
    assert "Nothing had to be written." in init(gitlab).stdout
    assert files(gitlab) == before


@pytest.mark.parametrize(
    ("own", "stage"),
    [
        ("stages: [build, test]\n# mine\nbuild:\n  script: [make]\n", "test"),
        ("stages:\n  - lint\n  - ship\nlint: {stage: lint, script: [x]}", "lint"),
        ("include:\n  - local: /a.yml\n  - template: B.yml # keep\n\nx: {script: [y]}\n", "test"),
        (
            "include:\n- local: /a.yml\n# c\n- project: g/p\n  file: /b.yml\nx:\n  script: [!reference [.y, script]]\n",
            "test",
        ),
    ],
)
def test_an_existing_pipeline_keeps_every_line_and_gets_one_include(gitlab, own, stage):
    (gitlab.path / ".gitlab-ci.yml").write_text(own)
    done = init(gitlab)
    assert done.returncode == 0, done.stderr
    text = (gitlab.path / ".gitlab-ci.yml").read_text()
    rest = iter(text.splitlines())
    assert all(line in rest for line in own.splitlines())  # every old line, in the old order
    nodes = text.replace("!reference ", "")
    assert included(nodes)[0]["inputs"]["stage"] == stage
    assert len(included(nodes)) == len(yaml.safe_load(own.replace("!reference ", "")).get("include", [])) + 1
    init(gitlab)
    assert (gitlab.path / ".gitlab-ci.yml").read_text() == text


@pytest.mark.parametrize(
    "own",
    [
        "include: /a.yml\n",
        "include: [{local: /a.yml}]\n",
        "ai-merge-gate: {script: [true]}\n",
        "a: [\n",
        "- a\n",
        "spec:\n  inputs: {}\n---\na: {script: [b]}\n",
        "a: {script: [b]}\n...\n",
    ],
)
def test_a_pipeline_that_cannot_be_added_to_safely_is_not_touched_and_the_lines_are_printed(gitlab, own):
    (gitlab.path / ".gitlab-ci.yml").write_text(own)
    done = init(gitlab)
    assert done.returncode == 0, done.stderr
    assert (gitlab.path / ".gitlab-ci.yml").read_text() == own
    assert "Add to .gitlab-ci.yml, which was not touched:" in done.stdout
    assert "      - local: /.gitlab/ai-merge-gate.yml" in done.stdout
    assert f'revision: "{PIN}"' in done.stdout


def test_jobs_that_would_stop_counting_are_warned_of(gitlab):
    (gitlab.path / ".gitlab-ci.yml").write_text("build: {script: [make]}\n")
    assert "Jobs without rules do not run in merge request pipelines" in init(gitlab).stdout


def test_existing_owners_are_not_touched_and_the_lines_are_printed(gitlab):
    (gitlab.path / "CODEOWNERS").write_text("* @ann\n/.gate.yml @ann\n")
    done = init(gitlab, "--reviewer", "ann")
    assert (gitlab.path / "CODEOWNERS").read_text() == "* @ann\n/.gate.yml @ann\n"
    added = done.stdout.split("Add to CODEOWNERS")[1]
    assert "/.gitlab-ci.yml @ann" in added
    assert "/.gate.yml @ann" not in added


def test_json_says_the_same(github):
    done = init(github, "-o", "json")
    told = json.loads(done.stdout)
    assert told["schema"] == "gate-init/1"
    assert {f["path"]: f["action"] for f in told["files"]}[".gate.yml"] == "create"
    assert all(f["written"] for f in told["files"])


def test_the_gate_judges_the_change_that_brings_it(github):
    """The whole of a first day: set up, commit on a branch, check."""
    github.checkout("set-up", create=True)
    init(github, "--reviewer", "ann", "--reviewer", "carl")
    github.commit({name: data for name, data in files(github).items() if name.startswith(".")})
    done = subprocess.run(
        [sys.executable, "-m", "gate", "check", "--base", "main", "--head", "set-up", "--no-cache"],
        cwd=github.path,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "TERM": "dumb"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stdout  # it touches the area gate, and nothing blocks


def test_a_gate_on_another_server_than_github_is_told_to_be_mirrored(github):
    assert "github.com uses workflows of its own server only" in init(github).stdout
    assert "of its own server only" not in init(github, "--source", f"github.com/acme/gate@{PIN}").stdout


def test_a_broken_policy_is_kept_and_told(github):
    (github.path / ".gate.yml").write_text("version: 1\nmoode: observe\n")
    done = init(github)
    assert done.returncode == 0
    assert "cannot be read: gate doctor" in done.stdout


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Return a function that makes pip's record say where the gate was installed from."""

    def install(**told) -> None:
        folder = tmp_path / "site" / "ai_merge_gate-9.9.9.dist-info"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: ai-merge-gate\nVersion: 9.9.9\n")
        (folder / "direct_url.json").write_text(json.dumps(told))
        monkeypatch.syspath_prepend(str(tmp_path / "site"))

    return install


def workflow(repo: Repo, *more: str) -> str:
    assert gate("init", "--repo", repo.path, *more).returncode == 0
    return (repo.path / ".github/workflows/gate.yml").read_text()


def test_ci_gets_the_commit_that_the_gate_was_installed_from(github, installed):
    installed(url="https://token@github.com/sec/gate.git", vcs_info={"vcs": "git", "commit_id": PIN})
    assert f"uses: sec/gate/.github/workflows/gate-scan.yml@{PIN} #" in workflow(github)


def test_without_an_address_the_stand_in_is_written_and_named(github, installed):
    installed(url="file:///srv/gate", vcs_info={"vcs": "git", "commit_id": PIN})
    done = gate("init", "--repo", github.path)
    assert done.returncode == 0
    assert "Put its account in the place of OWNER" in done.stdout
    assert f"uses: OWNER/ai-merge-gate/.github/workflows/gate-scan.yml@{PIN} #" in workflow(github)


def test_a_source_tree_gives_its_own_commit(github):
    """This test runs from one."""
    assert re.search(r"uses: [\w./-]+/gate-scan\.yml@[0-9a-f]{40} # v", workflow(github))


def test_a_publisher_project_gets_its_pipeline(tmp_path):
    folder = tmp_path / "publisher"
    folder.mkdir()
    command = ("init", "--publisher", str(folder), "--project", "4711", "--project", "12", "--source", SOURCE)
    done = gate(*command)
    assert done.returncode == 0, done.stderr
    (entry,) = yaml.safe_load((folder / ".gitlab-ci.yml").read_text())["include"]
    assert entry["local"] == "/publisher.yml"
    assert entry["inputs"]["projects"] == "4711 12"
    assert entry["inputs"]["revision"] == PIN
    assert (folder / "publisher.yml").read_text().startswith("# The whole pipeline of a publisher project")
    assert "Webhooks" in done.stdout
    assert "Nothing had to be written." in gate(*command).stdout


@pytest.mark.parametrize(
    "more",
    [
        ("--publisher", "nowhere", "--project", "1"),
        ("--project", "1"),
        ("--publisher", "."),
        ("--publisher", ".", "--project", "x; rm"),
    ],
)
def test_a_publisher_without_folder_or_project_is_refused(tmp_path, monkeypatch, more):
    monkeypatch.chdir(tmp_path)
    done = gate("init", *more, "--source", SOURCE)
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_scan_over_several_jobs_and_a_release_job_for_github(github):
    done = init(github, "--forge", "github", "--shards", "3", "--release")
    assert done.returncode == 0, done.stderr
    folder = github.path / ".github/workflows"
    check = yaml.safe_load((folder / "gate.yml").read_text())["jobs"]["check"]
    assert json.loads(check["with"]["shards"]) == [1, 2, 3]
    release = yaml.safe_load((folder / "gate-release.yml").read_text())["jobs"]["gate"]
    assert release["uses"].endswith(f"/.github/workflows/gate-tag.yml@{PIN}")
    assert "needs: gate" in done.stdout
    assert "tag ruleset" in done.stdout
    again = init(github, "--forge", "github", "--shards", "3", "--release")
    assert "Nothing had to be written." in again.stdout


@pytest.mark.parametrize(
    "existing",
    [None, "stages: [build, deploy]\n", "include:\n  - local: /ci/own.yml\nb: {script: [make]}\n"],
    ids=["none", "no include", "a list"],
)
def test_gitlab_gets_both_includes_and_the_team_keeps_its_own(gitlab, existing):
    if existing:
        (gitlab.path / ".gitlab-ci.yml").write_text(existing)
    done = init(gitlab, "--shards", "3", "--release")
    assert done.returncode == 0, done.stderr
    data = yaml.safe_load((gitlab.path / ".gitlab-ci.yml").read_text())
    ours = {row["local"]: row["inputs"] for row in data["include"] if "inputs" in row}
    assert ours["/.gitlab/ai-merge-gate.yml"]["shards"] == 3
    assert set(ours) == {"/.gitlab/ai-merge-gate.yml", "/.gitlab/ai-merge-gate-release.yml"}
    assert "shards" not in ours["/.gitlab/ai-merge-gate-release.yml"]
    before = yaml.safe_load(existing or "{}")
    assert [row for row in data["include"] if "inputs" not in row] == before.get("include", [])
    assert {key: value for key, value in data.items() if key != "include"} == {
        key: value for key, value in before.items() if key != "include"
    }
    assert "Nothing had to be written." in init(gitlab, "--shards", "3", "--release").stdout


def test_a_release_job_is_added_later(gitlab):
    init(gitlab)
    first = yaml.safe_load((gitlab.path / ".gitlab-ci.yml").read_text())["include"]
    assert init(gitlab, "--release").returncode == 0
    both = yaml.safe_load((gitlab.path / ".gitlab-ci.yml").read_text())["include"]
    assert [row["local"] for row in both] == [
        "/.gitlab/ai-merge-gate-release.yml",
        "/.gitlab/ai-merge-gate.yml",
    ]
    assert both[1:] == first


def test_a_pipeline_that_cannot_be_added_to_gets_both_pieces_by_hand(gitlab):
    text = "include: {local: /ci/own.yml}\n"
    (gitlab.path / ".gitlab-ci.yml").write_text(text)
    done = init(gitlab, "--release")
    assert done.returncode == 0
    assert (gitlab.path / ".gitlab-ci.yml").read_text() == text
    assert done.stdout.count("Add to .gitlab-ci.yml") == 2
    assert "/.gitlab/ai-merge-gate-release.yml" in done.stdout


def test_a_publisher_project_has_neither_shards_nor_releases(gitlab, tmp_path):
    for more in (("--release",), ("--shards", "2")):
        done = init(gitlab, "--publisher", str(tmp_path), "--project", "1", *more)
        assert done.returncode == 2
        assert "for the guarded project" in done.stderr


def test_every_step_that_is_left_to_do_is_said_to_its_end(gitlab):
    done = init(gitlab, "--reviewer", "ann", "--reviewer", "carl")
    told = json.loads(init(gitlab, "--dry-run", "-o", "json").stdout)["next"]
    assert max(map(len, told)) > 300, "one that a cut would hit"
    assert "…" not in done.stdout.partition("What is left to do:")[2]
