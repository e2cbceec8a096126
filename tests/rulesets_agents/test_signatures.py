"""Every signature of the registry against its own examples, and the registry as a whole."""

from __future__ import annotations

import re
import time
from collections import Counter

import pytest

from gate.core.authorship import build_registry, fixture_problems, is_agent_identity, is_bot_identity
from gate.core.authorship.fixtures import fixture_commit
from gate.core.authorship.registry import Registry
from tests.rulesets_agents import kit

SIGNATURES = kit.registry().signatures.values()
HOSTILE = {
    "one letter": "a" * 100_000,
    "blanks": " " * 100_000,
    "slashes": "https://" + "/" * 100_000,
    "colons": "a:" * 50_000,
    "near miss": "Claude " * 14_000,
    "via": " via Crush (" * 8_000,
    "sessions": "https://github.com/" + "a/" * 50_000,
    "emoji": "🤖 Generated with [" * 5_000,
}


def test_every_example_holds_and_every_trap_carries_no_signature_at_all():
    assert fixture_problems(kit.registry()) == ()


def test_a_wrong_example_is_named():
    """The check itself finds a positive that does not match, a trap that does, and a trap of another agent."""
    document = {
        "id": "x",
        "name": "X",
        "signatures": [
            {
                "id": "x.coauthor.email",
                "field": "trailer.co-authored-by",
                "match": {"emails": ["x@example.org"]},
                "grade": "A",
                "role": "co_authored",
                "positive": ["Co-authored-by: X <y@example.org>", "> Co-authored-by: X <x@example.org>"],
                "trap": [
                    "Co-authored-by: X <x@example.org>",
                    "Co-authored-by: Cursor <cursoragent@cursor.com>",
                ],
            }
        ],
    }
    problems = fixture_problems(build_registry([*kit.documents(), document]))
    assert len(problems) == 5  # the matching trap is told twice: as carried and as counting
    assert "does not carry" in problems[0]
    assert "only as a hint" in problems[1]
    assert "trap 'Co-authored-by: X <x@example.org>' carries the signature" in problems[2]
    assert "cursor.coauthor.email" in problems[4]


@pytest.mark.parametrize(
    "agent",
    [
        "claude-code",
        "copilot",
        "copilot-autofix",
        "codex",
        "cursor",
        "devin",
        "aider",
        "gemini-cli",
        "gemini-code-assist",
        "jules",
    ],
)
def test_the_known_agents_have_a_file_with_their_id(agent):
    assert kit._load(kit.AGENTS / f"{agent}.yml")["id"] == agent


def test_file_names_are_agent_ids():
    assert {p.stem for p in kit.AGENTS.glob("[!_]*.yml")} == {a.id for a in kit.registry().agents}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_no_pattern_is_slow_on_hostile_text(name):
    """All patterns together on 100 kB; the bound is far above what linear search takes."""
    text = HOSTILE[name]
    patterns = [
        pattern.regex
        for signature in SIGNATURES
        for group in signature.groups
        for pattern in (group.pattern, group.name_pattern)
        if pattern is not None
    ]
    start = time.process_time()
    for pattern in patterns:
        pattern.search(text)
    assert time.process_time() - start < 5


def test_no_positive_example_fails_the_prefilter():
    """A message that the needles pass over is not read, so each positive in a message must hold one."""
    registry = kit.registry()
    for signature in SIGNATURES:
        if signature.field.startswith("trailer.") or signature.field == "body.line":
            for text in signature.positive:
                low = fixture_commit(text).message.lower()
                if fixture_commit(text).author.name == "Jane Doe":
                    assert any(needle in low for needle in registry.needles), signature.id


def test_the_digest_does_not_depend_on_order_and_changes_with_content():
    documents = kit.documents()
    registry = kit.registry()
    assert build_registry(documents[::-1], bots=kit.bots()).digest == registry.digest
    assert build_registry(documents[1:], bots=kit.bots()).digest != registry.digest
    assert (
        build_registry(documents, bots=kit.bots(), noreply_hosts=["git.example.org"]).digest
        != registry.digest
    )
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", registry.digest)


def test_ids_grades_and_version_are_listed():
    registry = kit.registry()
    assert isinstance(registry, Registry)
    assert registry.version == "2026-11"
    assert [a.id for a in registry.agents] == sorted(a.id for a in registry.agents)
    assert set(Counter(s.grade for s in SIGNATURES)) == {"A", "B", "C", "N"}


@pytest.mark.parametrize(
    ("text", "agent", "bot"),
    [
        ("Claude <noreply@anthropic.com>", True, False),
        ("Sonnet 4.5 <noreply@anthropic.com>", True, False),
        ("Copilot <175728472+Copilot@users.noreply.github.com>", True, False),
        ("Claude Opus 4.5 <jane+claude@example.org>", True, False),
        ("Claude Martin <claude@anthropic.com>", False, False),
        ("Jane Doe (aider) <jane@example.org>", False, False),
        ("Copilot <copilot@github.com>", True, False),
        ("Jane Doe <copilot@github.com>", False, False),
        ("GitHub <noreply@github.com>", False, False),
        ("dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>", False, True),
        ("dependabot[bot] <support@github.com>", False, True),
        ("GitHub Actions <actions@github.com>", False, True),
        ("some-app[bot] <1+some-app[bot]@users.noreply.github.com>", False, True),
        ("some-app[bot] <someone@example.org>", False, False),
        ("gemini-cli-robot <gemini-cli-robot@google.com>", False, True),
        (
            "github-advanced-security[bot] <62310815+github-advanced-security[bot]@users.noreply.github.com>",
            False,
            True,
        ),
    ],
)
def test_identities_of_agents_bots_and_people(text, agent, bot):
    who = kit.person(text)
    assert is_agent_identity(who.name, who.email, kit.registry()) is agent
    assert is_bot_identity(who.name, who.email, kit.registry()) is bot
