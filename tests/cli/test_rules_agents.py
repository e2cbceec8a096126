"""`gate rules --agents`: every signature with grade, role and source, and which registry that is."""

from __future__ import annotations

import json

import pytest

from gate.cli import run
from tests.rulesets_agents import kit

OVERLAY = """\
agents:
- id: acme
  name: Acme Coder
  signatures:
  - id: acme.coauthor.email
    field: trailer.co-authored-by
    match: {emails: [coder@bots.acme.example]}
    grade: A
    role: co_authored
    positive: ['Co-authored-by: Acme Coder <coder@bots.acme.example>']
    trap: ['Co-authored-by: Ann <ann@acme.example>']
disable: [cursor.made-with.text]
"""


@pytest.fixture(autouse=True)
def _wide_terminal(monkeypatch):
    """Lines are compared as a whole, whatever terminal the tests are started from."""
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def policy(tmp_path):
    (tmp_path / "agents.yml").write_text(OVERLAY)
    file = tmp_path / "policy.yml"
    file.write_text("version: 1\nauthorship: {overlay: agents.yml}\n")
    return file


def test_text_names_every_signature_and_the_registry(capsys):
    assert run(["rules", "--agents"]) == 0
    printed = capsys.readouterr().out
    rows = {row[2]: row for row in (line.split() for line in printed.splitlines()) if len(row) == 4}
    for signature in kit.registry().signatures.values():
        assert rows[signature.id][:2] == [signature.grade, signature.role or "-"]
    assert kit.registry().version in printed
    assert kit.registry().digest in printed


def test_json_has_the_same_with_evidence_and_source(capsys):
    assert run(["rules", "--agents", "-o", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert (listed["version"], listed["digest"]) == (kit.registry().version, kit.registry().digest)
    found = {s["id"]: s for agent in listed["agents"] for s in agent["signatures"]}
    assert set(found) == set(kit.registry().signatures)
    claude = found["claude-code.coauthor.email"]
    assert (claude["field"], claude["grade"], claude["role"], claude["source"]) == (
        *("trailer.co-authored-by", "A", "co_authored", "shipped"),
    )
    assert claude["evidence"]


def test_agents_of_the_team_are_listed_with_the_policy_that_names_them(policy, capsys):
    assert run(["rules", "--agents", "--config", str(policy), "-o", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    sources = {s["id"]: s["source"] for agent in listed["agents"] for s in agent["signatures"]}
    assert sources["acme.coauthor.email"] == "overlay"
    assert listed["disabled"] == ["cursor.made-with.text"]
    assert "cursor.made-with.text" not in sources
    assert run(["rules", "--agents", "--config", str(policy)]) == 0
    assert "1 of the team, 1 switched off (cursor.made-with.text)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda p: (p.parent / "agents.yml").unlink(),
            "authorship.overlay names agents.yml, which is not there",
        ),
        (lambda p: (p.parent / "agents.yml").write_text("x: 1\n"), "agents.yml:1:1: unknown key 'x'"),
        (lambda p: p.unlink(), "cannot be read"),
    ],
)
def test_a_policy_or_overlay_that_cannot_be_used_is_an_error(policy, change, said, capsys):
    change(policy)
    assert run(["rules", "--agents", "--config", str(policy)]) == 2
    assert said in capsys.readouterr().err


def test_a_policy_says_nothing_of_other_lists(policy, capsys):
    assert run(["rules", "--areas", "--config", str(policy)]) == 2
    assert "--agents" in capsys.readouterr().err
