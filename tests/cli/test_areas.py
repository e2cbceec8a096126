"""`gate areas` as a person uses it: real repositories, all layers, what a team adds, bad input."""

from __future__ import annotations

import json

import pytest

from gate.cli import run
from tests.support.repos import Repo

RULE = """\
rules:
- id: money-charge
  languages: [python]
  severity: INFO
  message: Money moves here, and a person who knows billing should look at the change.
  metadata: {gate: {area: money}}
  pattern: charge(...)
"""
POLICY = """\
version: 1
scanners: {semgrep: {rulesets: [builtin, rules/]}}
areas:
  money: {title: Money, words: [invoice], packages: [stripe]}
"""


@pytest.fixture(autouse=True)
def quiet_surroundings(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "CI"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def repo(tmp_path):
    return Repo(tmp_path / "r")


def areas(repo: Repo, capsys, *options: str) -> str:
    assert run(["areas", "--repo", str(repo.path), "--base", "HEAD~1", "-q", *options]) == 0
    return capsys.readouterr().out


def evidence(repo: Repo, capsys) -> set[tuple[str, str, str, int]]:
    found = json.loads(areas(repo, capsys, "-o", "json"))
    return {
        (area["area"], row["layer"], row["rule"], row["line"])
        for area in found["areas"]
        for row in area["evidence"]
    }


def test_what_a_team_adds_counts_in_every_layer(repo, capsys):
    repo.commit({".gate.yml": POLICY, "rules/money.yaml": RULE, "a.py": "x = 1\n"})
    repo.commit({"a.py": "x = 1\ncharge(x)\nsend_invoice(x)\n", "requirements.txt": "stripe==1\n"})
    assert evidence(repo, capsys) == {
        ("money", "L3", "money-charge", 2),
        ("money", "L2", "L2.invoice", 3),
        ("money", "L4", "L4.package", 1),
    }


def test_a_rule_of_the_head_is_not_believed(repo, capsys):
    repo.commit({".gate.yml": "version: 1\n", "a.py": "x = 1\n"})
    repo.commit({".gate.yml": POLICY, "rules/money.yaml": RULE, "a.py": "x = 1\ncharge(x)\n"})
    assert "money" not in {area for area, *_ in evidence(repo, capsys)}


def test_a_check_that_lost_its_ownership_is_found_on_the_old_side(repo, capsys):
    guarded = (
        "def view(note, user):\n    if note.owner_id != user.id:\n        return None\n    return note\n"
    )
    repo.commit({"a.py": guarded})
    repo.commit({"a.py": "def view(note, user):\n    return note\n"})
    assert ("authz", "L3", "py-area-authz-ownership", 2) in evidence(repo, capsys)


def test_what_asks_for_nobody_is_named_with_its_reason(repo, capsys):
    repo.commit({"auth/login.py": "def login(a):\n    return a\n", "tests/test_login.py": "x = 1\n"})
    repo.commit(
        {"auth/login.py": "# who\ndef login(a):\n    return a\n", "tests/test_login.py": "x = login()\n"}
    )
    shown = areas(repo, capsys)
    assert "No sensitive area is touched." in shown
    assert "layout and comments only: auth/login.py" in shown
    assert "tests: tests/test_login.py" in shown
    found = json.loads(areas(repo, capsys, "-o", "json"))
    assert found["areas"] == []
    assert {row["reason"] for row in found["context"]} == {"format", "test"}
    assert "서식과 주석만 바뀜" in areas(repo, capsys, "--lang", "ko")


def test_a_lock_that_cannot_be_read_is_opaque_and_no_traceback(repo, capsys):
    repo.commit({"package-lock.json": '{"lockfileVersion": 3, "packages": {}}\n'})
    repo.commit({"package-lock.json": b"\xff{\n"})
    assert {(area, rule) for area, _, rule, _ in evidence(repo, capsys)} >= {
        ("opaque", "L0.binary"),
        ("opaque", "L4.unreadable"),
    }


def test_code_in_utf_16_is_read_too(repo, capsys):
    repo.commit({"a.py": "x = 1\n".encode("utf-16")})
    repo.commit({"a.py": "x = check_password(1)\n".encode("utf-16")})
    assert ("auth", "L2", "L2.password", 1) in evidence(repo, capsys)
