"""The checks of the gate itself through the whole command: verdict, reports, what can be looked up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from gate.cli import run
from tests.support.repos import Repo

if TYPE_CHECKING:
    from pathlib import Path

VIEWS = "from django.contrib.auth.decorators import login_required\n\n\n@login_required\ndef export(request):\n    return rows(request)\n"
#: Without Semgrep, which is slow to start and not what these tests are about.
FAST = "version: 1\nscanners: {semgrep: {enabled: false}}\n"
POLICY = FAST + "findings: {fail_level: medium}\n"


@pytest.fixture(autouse=True)
def quiet_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "CI"):
        monkeypatch.delenv(name, raising=False)


def judged(repo: Repo, base: str, head: str, *more: str) -> tuple[int, dict[str, Any]]:
    place = repo.path / "report.json"
    code = run(
        [
            "check",
            "--repo",
            str(repo.path),
            "--base",
            base,
            "--head",
            head,
            "--no-cache",
            "-o",
            f"json={place}",
            *more,
        ]
    )
    return code, json.loads(place.read_text())


def of_gate(report: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (w["rule_id"], f["state"], f["decision"])
        for f in report["findings"]
        for w in f["witnesses"]
        if w["tool"] == "gate"
    ]


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "shop")


def test_findings_stand_beside_those_of_scanners(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    base = repo.commit({"requirements.txt": "django\n", "views.py": VIEWS, ".gate.yml": FAST})
    head = repo.commit(
        {"views.py": VIEWS.replace("@login_required\n", "") + "\n\nimport django_smart_rows\n"}
    )
    sarif = repo.path / "report.sarif"
    _, report = judged(repo, base, head, "-o", f"sarif={sarif}", "-o", "text")
    assert of_gate(report) == [
        ("gate.guard-removed", "new", "note"),
        ("gate.dependency-undeclared", "new", "note"),
    ]
    (tool,) = (t for t in report["tools"] if t["name"] == "gate")
    assert (tool["status"], tool["base"]["status"]) == ("completed", "completed")
    results = json.loads(sarif.read_text())["runs"][0]["results"]
    assert {r["baselineState"] for r in results} == {"new"}
    assert "Permission or login check removed" in capsys.readouterr().out


def test_what_the_base_has_is_not_new_and_ids_survive_shifted_lines(repo: Repo) -> None:
    base = repo.commit({"requirements.txt": "django\n", "a.py": "import rare_thing\n", ".gate.yml": POLICY})
    one = repo.commit({"a.py": "import rare_thing\n\nx = 1\n"})
    _, first = judged(repo, base, one)
    two = repo.commit({"a.py": "import os\n\nimport rare_thing\n\nx = os\n"})
    _, second = judged(repo, base, two)
    assert of_gate(first) == of_gate(second) == [("gate.dependency-undeclared", "existing", "note")]
    assert first["findings"][0]["id"] == second["findings"][0]["id"]


def test_a_policy_can_let_them_block_and_vouch_for_names(repo: Repo) -> None:
    known = POLICY.replace("medium", "medium, known_packages: [acme-*]")
    base = repo.commit({"requirements.txt": "django\n", ".gate.yml": known})
    head = repo.commit({"a.py": "import acme_core\n"})
    assert of_gate(judged(repo, base, head)[1]) == []
    head = repo.commit({"a.py": "import acme_core\nimport nothing_of_us\n"})
    code, report = judged(repo, base, head)
    assert (code, report["verdict"]) == (1, "blocked")
    assert of_gate(report) == [("gate.dependency-undeclared", "new", "block")]


def test_a_waiver_counts_for_them_too(repo: Repo) -> None:
    first = repo.commit({"requirements.txt": "django\n", ".gate.yml": POLICY})
    head = repo.commit({"a.py": "import nothing_of_us\n"})
    _, report = judged(repo, first, head)
    waiver = (
        "version: 1\nwaivers:\n"
        f"  - fingerprint: {report['findings'][0]['id']}\n    owner: alice\n    reason: of the platform\n"
        "    created: 2026-01-01\n    expires: 2026-03-01\n"
    )
    assert "nothing_of_us" in report["findings"][0]["message"]
    policy = POLICY + "signoff: {humans: [{id: alice, emails: [alice@acme.example]}]}\n"
    repo.git("update-ref", "refs/heads/main", first)
    base = repo.commit({".gate/waivers.yml": waiver, ".gate.yml": policy})
    head = repo.commit({"a.py": "import nothing_of_us\n"})
    code, report = judged(repo, base, head, "--now", "2026-02-01T00:00:00Z")
    assert of_gate(report) == [("gate.dependency-undeclared", "new", "waived")], (code, report["reasons"])


def test_excluded_files_are_left_out(repo: Repo) -> None:
    base = repo.commit(
        {
            "requirements.txt": "django\n",
            ".gate.yml": FAST.replace("{semgrep", '{exclude: ["old/**"], semgrep'),
        }
    )
    head = repo.commit({"old/a.py": "import nothing_of_us\n"})
    assert of_gate(judged(repo, base, head)[1]) == []


def test_hostile_files_stop_nothing(repo: Repo) -> None:
    deep = "(" * 3000
    base = repo.commit(
        {
            "requirements.txt": "django\n",
            "package.json": "{",
            "pyproject.toml": "[[[",
            ".gate.yml": FAST,
            "v.py": VIEWS,
        }
    )
    head = repo.commit(
        {
            "a.py": f"import x_{'y' * 5000}\n" + deep,
            "b.js": "require('" + "a/" * 50_000 + "')",
            b"caf\xe9.py": b"import caf\xc3\xa9_thing\n",
            "package.json": '{"dependencies": [1, {"a": null}], "name": 3}',
            "tsconfig.json": "\x1b[31m",
            "v.py": VIEWS.replace("@login_required\n", "@" * 20_000 + "\n"),
            "go.mod": "require (\n" * 2000,
            "m.go": 'import "' + "a.b/" * 10_000 + '"\n',
        }
    )
    _, report = judged(repo, base, head)
    (tool,) = (t for t in report["tools"] if t["name"] == "gate")
    assert tool["status"] == "completed"


def test_every_check_can_be_looked_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "-o", "json"]) == 0
    ids = {row["id"] for row in json.loads(capsys.readouterr().out) if row["id"].startswith("gate.")}
    assert len(ids) >= 10
    for name in ids:
        assert run(["explain", name]) == 0
        page = capsys.readouterr().out
        assert f"rule {name}" in page
        assert "rulesets/" in page


def test_a_name_that_is_a_family_and_an_area_is_explained_as_both(capsys):
    assert run(["explain", "gate"]) == 0
    told = capsys.readouterr().out
    assert "family gate" in told
    assert "area gate" in told
    assert ".travis.yml" in told
    assert run(["explain", "supply"]) == 0
    assert "signoff.reviewers.gate" in capsys.readouterr().out
