"""An agent that is only the committer: its own commit under a person's name, or other people's work rebased."""

from __future__ import annotations

import dataclasses

import pytest

from gate.core.authorship import AuthorVerdict, attribute_commit
from tests.rulesets_agents import kit

AGENTS = (
    "copilot-swe-agent[bot] <198982749+Copilot@users.noreply.github.com>",
    "openhands <openhands@all-hands.dev>",
    "Codex <codex@openai.com>",
    "Claude <noreply@anthropic.com>",
)


def committed_by(agent, *, later):
    commit = kit.commit("Add a retry", committer=agent)
    if later:
        commit = dataclasses.replace(commit, committer_date="2026-01-03T08:00:00+00:00")
    return attribute_commit(commit, kit.registry())


@pytest.mark.parametrize("agent", AGENTS)
def test_an_agent_that_commits_at_once_under_a_name_of_a_person_took_part(agent):
    found = committed_by(agent, later=False)
    assert (found.verdict, found.certainty) == (AuthorVerdict.AI_ASSISTED, "probable")


@pytest.mark.parametrize("agent", AGENTS)
def test_an_agent_that_rebases_the_work_of_a_person_did_not_write_it(agent):
    """As histories have it: a branch of an agent brought up to date holds everybody's commits anew."""
    found = committed_by(agent, later=True)
    assert found.verdict is AuthorVerdict.UNDECLARED
    assert [(hint.place, hint.grade) for hint in found.hints] == [("recommitter", "C")]


def test_what_the_rebased_commit_says_itself_still_counts():
    commit = kit.commit(kit.trailer("Made-with: Cursor"), committer=AGENTS[1])
    commit = dataclasses.replace(commit, committer_date="2026-01-03T08:00:00+00:00")
    found = attribute_commit(commit, kit.registry())
    assert (found.verdict, found.agent) == (AuthorVerdict.DECLARED_AI, "cursor")
