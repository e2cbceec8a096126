"""What looks like AI and is not."""

from __future__ import annotations

import pytest

from gate.core.authorship import AuthorVerdict
from tests.rulesets_agents.kit import judge, trailer

NONE = AuthorVerdict.UNDECLARED


@pytest.mark.parametrize(
    "name",
    [
        "Claude",
        "Claude Martin",
        "Devin Ivy",
        "Jules Verne",
        "Cody Lee",
        "Aiden Cline",
        "Hermes Conrad",
        "Oz Levi",
        "Amp Jones",
        "Gemini Wong",
        "Cursor",
        "Copilot",
    ],
)
def test_people_with_such_names_are_people(name):
    who = f"{name} <someone@example.org>"
    assert judge(author=who).verdict is NONE
    found = judge(trailer(f"Co-authored-by: {who}"))
    assert found.verdict is NONE
    assert [p.name for p in found.coauthors] == [name]


@pytest.mark.parametrize(
    "domain",
    [
        "anthropic.com",
        "openai.com",
        "cline.bot",
        "continue.dev",
        "sweep.dev",
        "all-hands.dev",
        "warp.dev",
    ],
)
def test_the_staff_of_a_vendor_are_people(domain):
    who = f"Jane Doe <jane@{domain}>"
    assert judge(author=who).verdict is NONE
    assert judge(trailer(f"Co-authored-by: {who}")).verdict is NONE


def test_a_shared_account_number_says_nothing():
    actions = "github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>"
    claude = "claude[bot] <41898282+claude[bot]@users.noreply.github.com>"
    assert judge(author=actions).verdict is AuthorVerdict.BOT
    assert judge(author=claude).verdict is AuthorVerdict.DECLARED_AI


@pytest.mark.parametrize(
    ("number", "role"),
    [(223556219, "co_authored"), (175728472, "assisted"), (198982749, "co_authored"), (7, "assisted")],
)
def test_the_number_tells_the_forms_of_copilot_apart(number, role):
    found = judge(trailer(f"Co-authored-by: Copilot <{number}+Copilot@users.noreply.github.com>"))
    assert (found.role, found.agents) == (role, ("copilot",))


def test_copilot_in_the_cloud_is_the_author():
    found = judge(author="Copilot <198982749+Copilot@users.noreply.github.com>")
    assert (found.role, found.author_is_agent) == ("authored", True)


def test_an_address_an_editor_wrote_by_default_is_a_hint():
    found = judge(trailer("Co-authored-by: Copilot <copilot@github.com>"))
    assert found.verdict is NONE
    assert [h.signature for h in found.hints] == ["copilot.coauthor.email"]


def test_a_committer_suffix_alone_is_the_users_own_edit():
    assert judge(author="Jane <j@example.org>", committer="Jane (aider) <j@example.org>").verdict is NONE
    found = judge(author="Jane (aider) <j@example.org>", committer="Jane (aider) <j@example.org>")
    assert (found.verdict, found.role, found.author_is_agent) == (
        AuthorVerdict.DECLARED_AI,
        "authored",
        False,
    )


def test_the_suffix_counts_for_the_maintainer_too():
    assert judge(author="Paul Gauthier <paul@aider.chat>").verdict is NONE
    assert judge(author="Paul Gauthier (aider) <paul@aider.chat>").verdict is AuthorVerdict.DECLARED_AI


def test_the_merge_button_is_no_agent():
    assert judge(committer="GitHub <noreply@github.com>").verdict is NONE
    assert judge(author="GitHub <noreply@github.com>").verdict is NONE


@pytest.mark.parametrize("bot", ["pre-commit-ci[bot]", "renovate[bot]", "unknown-app[bot]"])
def test_automation_beside_a_person_is_neither_ai_nor_bot(bot):
    found = judge(trailer(f"Co-authored-by: {bot} <1+{bot}@users.noreply.github.com>"))
    assert found.verdict is NONE
    assert found.coauthors == ()


def test_an_unlisted_bot_is_said_to_be_one():
    found = judge(author="some-app[bot] <9+some-app[bot]@users.noreply.github.com>")
    assert found.verdict is AuthorVerdict.BOT
    assert [h.remark for h in found.hints] == ["unlisted bot"]


@pytest.mark.parametrize(
    "value",
    [
        "Jane Doe <jane@example.org>",
        "@jane",
        "https://example.org/review/1",
        "AGENT_NAME:MODEL_VERSION",
        "Claude Martin <claude@example.org>",
        "the friendly people of the forum",
    ],
)
def test_assisted_by_credits_people_and_links(value):
    assert judge(trailer(f"Assisted-by: {value}")).verdict is NONE


@pytest.mark.parametrize(
    "text",
    [
        "Spotted by Copilot",
        "Pointed out by Codex Security",
        "Reviewed-by: OpenAI Codex",
        "Reported-by: Claude <noreply@anthropic.com>",
        "Add Claude 3.7",
        "CLAUDE.md and .cursor/ are new",
    ],
)
def test_what_ai_found_or_reviewed_it_did_not_write(text):
    assert judge(trailer(text)).verdict is NONE
    assert judge(text).verdict is NONE


@pytest.mark.parametrize(
    "text",
    [
        "    Co-authored-by: Claude <noreply@anthropic.com>",
        "> Assisted-by: Crush:kimi-k2.6",
        "```\nCo-authored-by: Claude <noreply@anthropic.com>\n```",
        "Use `Co-authored-by: Claude <noreply@anthropic.com>` then.",
    ],
)
def test_an_example_of_a_trailer_is_documentation(text):
    found = judge(f"Document trailers\n\n{text}\n\nThat is all.")
    assert found.verdict is NONE
    assert found.hints


@pytest.mark.parametrize("who", ["Amp <amp@example.com>", "Codex <codex@example.com>"])
def test_placeholders_are_hints(who):
    assert judge(author=who).verdict is NONE
    assert judge(author=who).hints


def test_a_deployment_is_automation():
    assert judge(trailer("Replit-Commit-Author: Deployment")).verdict is NONE
    assert judge(trailer("Replit-Commit-Author: Agent")).verdict is AuthorVerdict.DECLARED_AI


def test_a_forged_author_only_raises_the_bar():
    found = judge(
        author="claude[bot] <claude[bot]@users.noreply.github.com>", committer="Jane Doe <jane@example.org>"
    )
    assert found.verdict is AuthorVerdict.DECLARED_AI
    assert not found.committer_is_agent


def test_the_release_robot_of_a_tool_is_no_agent():
    assert judge(author="gemini-cli-robot <gemini-cli-robot@google.com>").verdict is AuthorVerdict.BOT


def test_the_account_of_a_person_is_not_the_agent_of_the_forge_with_that_name():
    """GitHub gives its own Claude and Codex the plain names, which people have, too: the number decides."""
    for name, number in (("Claude", 242468646), ("Codex", 242516109)):
        assert judge(author=f"{name} <123+{name}@users.noreply.github.com>").verdict is NONE
        assert judge(author=f"{name} Martin <{name}@users.noreply.github.com>").verdict is NONE
        ours = judge(author=f"{name} <{number}+{name}@users.noreply.github.com>")
        assert (ours.verdict, ours.role) == (AuthorVerdict.DECLARED_AI, "authored")


def test_a_company_that_is_called_ai_is_no_agent():
    who = "smithery-ai[bot] <194235850+smithery-ai[bot]@users.noreply.github.com>"
    assert judge(author=who).verdict is AuthorVerdict.BOT


@pytest.mark.parametrize(
    ("line", "agents"),
    [
        ("🤖 Generated with [Claude Code](https://claude.com/claude-code)", ("claude-code",)),
        ("🤖 Generated with [Amp](https://ampcode.com)", ("amp",)),
        ("🤖 Generated with [Some Agent](https://example.org)", ("generic-agent",)),
        ("Co-authored-by: GPT-5.2 <noreply@openai.com>", ("codex",)),
        ("Co-authored-by: Kimi K2 <someone@example.org>", ("generic-agent",)),
    ],
)
def test_an_agent_of_its_own_comes_before_the_general_form(line, agents):
    assert judge(trailer(line)).agents == agents
