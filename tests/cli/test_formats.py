"""Every format of a real check of a real repository, and the summary of a step on GitHub."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import jsonschema
import pytest

from gate.cli import run
from gate.reports import FORMATS
from tests.reports.test_gitlab_sast import validator as gitlab
from tests.reports.test_sarif import validator as sarif

POLICY = "version: 1\nscanners: {semgrep: {enabled: false, required: false}}\n"
BAD = "import subprocess\n\n\ndef ping(host):\n    subprocess.run('ping ' + host, shell=True)\n"


@pytest.fixture
def topic(repo, monkeypatch):
    """`topic` adds a shell command built from an argument, and touches the login."""
    for name in ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    repo.commit({"a.py": "x = 1\n", ".gate.yml": POLICY}, message="start")
    repo.checkout("topic", create=True)
    repo.commit(
        {"ping.py": BAD, "src/auth/login.py": "def login(user):\n    return user\n"}, message="Add ping"
    )
    return repo


def check(repo, *arguments) -> int:
    base = ("check", "--repo", str(repo.path), "--base", "main", "--head", "topic", "-q", "--color", "never")
    return run([*base, *arguments])


def test_all_formats_of_one_run_agree(topic, tmp_path):
    """One scan, every format: all of them say blocked, and each is valid in its own world."""
    outputs = [part for name in FORMATS for part in ("-o", f"{name}={tmp_path / name}")]
    assert check(topic, *outputs) == 1
    read = {name: (tmp_path / name).read_text(encoding="utf-8") for name in FORMATS}
    assert json.loads(read["json"])["verdict"] == "blocked"
    sarif().validate(json.loads(read["sarif"]))
    log = json.loads(read["gitlab-sast"])
    gitlab().validate(log)
    assert log["vulnerabilities"][0]["location"] == {"file": "ping.py", "start_line": 5, "end_line": 5}
    paths = [e["location"]["path"] for e in json.loads(read["codequality"])]
    assert "ping.py" in paths
    assert ET.fromstring(read["junit"]).get("failures") != "0"
    assert "::error file=ping.py,line=5" in read["github"]
    assert "BLOCKED" in read["html"]
    assert read["markdown"].startswith("### ✗ BLOCKED – The author must fix")


def test_a_second_run_gives_the_same_bytes(topic, tmp_path):
    names = [name for name in FORMATS if name != "text"]
    for folder in ("one", "two"):
        outputs = [part for name in names for part in ("-o", f"{name}={tmp_path / folder / name}")]
        check(topic, "--now", "2026-02-01T00:00:00Z", *outputs)
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_annotations_on_github_come_with_the_summary_of_the_step(topic, tmp_path, monkeypatch, capsys):
    summary = tmp_path / "summary.md"
    summary.write_text("what an earlier command said\n")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert check(topic, "-o", "github") == 1
    assert capsys.readouterr().out.startswith("::error title=ai-merge-gate%3A BLOCKED::")
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("what an earlier command said\n### ✗ BLOCKED")


def test_no_summary_outside_of_github_or_for_another_format(topic, tmp_path, monkeypatch):
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    check(topic, "-o", f"github={tmp_path / 'a.txt'}")
    assert not summary.exists()
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    check(topic, "-o", f"json={tmp_path / 'b.json'}")
    assert not summary.exists()


def test_a_summary_that_cannot_be_written_changes_no_verdict(topic, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    assert check(topic, "-o", "github") == 1
    said = capsys.readouterr().err
    assert "the summary could not be written: Is a directory. The verdict is not affected." in said


def test_the_schema_of_gitlab_is_used_and_not_only_loaded():
    with pytest.raises(jsonschema.ValidationError):
        gitlab().validate({"version": "15.0.6"})


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        (
            {
                "GITHUB_ACTIONS": "true",
                "GITHUB_SERVER_URL": "https://git.example.com",
                "GITHUB_REPOSITORY": "acme/shop",
            },
            "https://git.example.com/acme/shop/blob/",
        ),
        (
            {"GITLAB_CI": "true", "CI_PROJECT_URL": "https://git.example.com/a/b"},
            "https://git.example.com/a/b/-/blob/",
        ),
        (
            {
                "GITLAB_CI": "true",
                "CI_PROJECT_URL": "https://git.example.com/a/b",
                "CI_MERGE_REQUEST_SOURCE_PROJECT_URL": "https://git.example.com/fork/b",
            },
            "https://git.example.com/fork/b/-/blob/",
        ),
        (
            {"GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "javascript:x", "GITHUB_REPOSITORY": "acme/shop"},
            None,
        ),
        ({"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "acme/shop"}, None),
        ({}, None),
    ],
)
def test_in_ci_places_are_links_to_the_judged_commit(topic, tmp_path, monkeypatch, environment, address):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    check(topic, "-o", f"markdown={tmp_path / 'a.md'}", "-o", f"html={tmp_path / 'a.html'}")
    for name in ("a.md", "a.html"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        head = topic.git("rev-parse", "topic").strip()
        assert (f"{address}{head}/ping.py#L5" in text) if address else ("/blob/" not in text)
