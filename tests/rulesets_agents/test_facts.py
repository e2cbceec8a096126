"""The registry against the collected facts about agents, where these are at hand."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.rulesets_agents import kit

_FILE = (kit.dev_data() or kit.ROOT / "none").with_name("agent-signatures.yaml")
FACTS: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8")) if _FILE.is_file() else {}
SIGNATURES = [(agent["id"], row) for agent in FACTS.get("agents", []) for row in agent["signatures"]]
#: Roles that differ on purpose: a co-author trailer makes no author.
ROLES = {"v0.coauthor.slug"}

pytestmark = pytest.mark.skipif(not FACTS, reason="no agent-signatures.yaml at hand")


def test_every_agent_has_its_file():
    assert {agent["id"] for agent in FACTS["agents"]} <= {path.stem for path in kit.AGENTS.glob("*.yml")}


@pytest.mark.parametrize(
    ("agent", "fact"),
    [(agent, row) for agent, row in SIGNATURES if row["match"].keys() & {"emails", "slugs"}],
    ids=[row["id"] for _, row in SIGNATURES if row["match"].keys() & {"emails", "slugs"}],
)
def test_every_identity_is_registered_with_its_grade_and_role(agent, fact):
    """Under the same field, whatever the signature is called here."""
    match = fact["match"]
    for signature in kit.registry().signatures.values():
        if signature.agent != agent or signature.field != fact["field"] or signature.grade != fact["grade"]:
            continue
        if signature.role != fact["role"] and fact["id"] not in ROLES:
            continue
        emails = {email for group in signature.groups for email in group.emails}
        slugs = {slug for group in signature.groups for slug in group.slugs}
        ids = {number for group in signature.groups for number in group.ids}
        if (
            emails >= {email.casefold() for email in match.get("emails", [])}
            and slugs >= {slug.casefold() for slug in match.get("slugs", [])}
            and ids >= set(match.get("ids", []))
        ):
            return
    pytest.fail(f"{fact['id']} is not registered")


@pytest.mark.parametrize(
    ("agent", "fact"),
    [(agent, row) for agent, row in SIGNATURES if "pattern" in row["match"] and row["field"] != "files"],
    ids=[row["id"] for _, row in SIGNATURES if "pattern" in row["match"] and row["field"] != "files"],
)
def test_every_pattern_has_a_signature_of_its_agent_for_its_field(agent, fact):
    fields = {s.field for s in kit.registry().signatures.values() if s.agent == agent}
    assert fact["field"] in fields


def test_every_signature_has_positive_and_trap():
    assert [s.id for s in kit.registry().signatures.values() if not s.positive or not s.trap] == []


def test_bots_are_listed():
    listed = {name for row in kit.bots()["bots"] for key in ("slugs", "names") for name in row.get(key, [])}
    assert set(FACTS["non_ai_bots"]) <= listed | {row["id"] for row in kit.bots()["bots"]}
