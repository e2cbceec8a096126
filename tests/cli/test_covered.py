"""What Bandit alone says, where a shipped rule looks for the same with values and checks."""

from __future__ import annotations

import json

import pytest

from gate.cli import run

LIST = "import subprocess\n\n\ndef show(name):\n    return subprocess.run(['ls', '--', name], check=True)\n"
SHELL = "import subprocess\n\n\ndef show(name):\n    return subprocess.run('ls ' + name, shell=True)\n"
MARSHAL = "import marshal\n\n\ndef load(data):\n    return marshal.loads(data)\n"


@pytest.fixture(autouse=True)
def quiet_surroundings(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def witnesses(tmp_path, text, *options):
    """Run on one file; the findings that say more than `info`, each as its witnesses."""
    tree, report = tmp_path / "tree", tmp_path / "report.json"
    tree.mkdir(exist_ok=True)
    (tree / "show.py").write_text(text)
    assert run(["scan", str(tree), "-o", f"json={report}", *options]) == 0
    findings = json.loads(report.read_text())["findings"]
    return [{w["tool"] for w in f["witnesses"]} for f in findings if f["severity"] != "info"]


def test_a_list_without_a_shell_is_no_finding(tmp_path):
    assert witnesses(tmp_path, LIST) == []


def test_without_semgrep_the_word_of_bandit_stands(tmp_path):
    assert {"bandit"} in witnesses(tmp_path, LIST, "--scanners", "bandit")


def test_both_are_witnesses_of_what_both_see(tmp_path):
    assert witnesses(tmp_path, SHELL) == [{"bandit", "semgrep"}]


def test_what_bandit_alone_looks_for_stays(tmp_path):
    assert witnesses(tmp_path, MARSHAL) == [{"bandit"}]
