"""The overlay of a site: what it adds, and where each problem of it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gate import config
from gate.config.overlay import registry_with_overlay
from gate.core.authorship import AuthorVerdict, Registry, attribute_commit
from gate.errors import ConfigErrors
from tests.rulesets_agents.kit import commit, trailer

ACME = """\
id: acme
name: Acme Coder
signatures:
- id: acme.coauthor.email
  field: trailer.co-authored-by
  match: {emails: [coder@bots.acme.example]}
  grade: A
  role: co_authored
  positive: ['Co-authored-by: Acme Coder <coder@bots.acme.example>']
  trap: ['Co-authored-by: Ann <ann@acme.example>']
"""
LISTED = "agents:\n- " + ACME.replace("\n", "\n  ").rstrip() + "\n"


def read(text: str) -> Registry:
    return registry_with_overlay(
        text.encode(),
        name="agents.yml",
        documents=list(config.load_agents().values()),
        bots=config.load_bots(),
    )


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigErrors) as caught:
        read(text)
    return [error.message for error in caught.value.errors]


@pytest.mark.parametrize("text", [ACME, LISTED, "version: 1\n" + LISTED])
def test_an_agent_of_the_team_is_found_whether_the_file_holds_one_or_a_list(text):
    registry = read(text)
    found = attribute_commit(
        commit(trailer("Co-authored-by: Acme Coder <coder@bots.acme.example>")), registry
    )
    assert (found.verdict, found.agent) == (AuthorVerdict.DECLARED_AI, "acme")
    assert registry.added == ("acme.coauthor.email",)


@pytest.mark.parametrize("text", [ACME, LISTED])
def test_an_agent_of_the_team_can_have_names_in_notes(text):
    indent = "  " if text is LISTED else ""
    named = text.replace("Acme Coder\n", f"Acme Coder\n{indent}note_tools: [acme-cli]\n", 1)
    assert read(named).note_tools["acme-cli"] == "acme"
    (problem,) = problems(named.replace("acme-cli", "claude"))
    assert "note_tools names 'claude', as claude-code does" in problem


def test_a_signature_can_be_switched_off_and_the_digest_tells():
    made_with = commit(trailer("Made-with: Cursor"))
    off = read("disable: [cursor.made-with.text]\n")
    assert attribute_commit(made_with, read("version: 1\n")).verdict.is_ai
    assert not attribute_commit(made_with, off).verdict.is_ai
    assert off.disabled == ("cursor.made-with.text",)
    assert off.digest != read("version: 1\n").digest


def test_bots_and_hosts_of_the_team():
    registry = read("bots: ['acme-release[bot]']\nnoreply_hosts: [git.acme.example]\n")
    robot = commit(author="Release <1+acme-release[bot]@users.noreply.git.acme.example>")
    assert attribute_commit(robot, registry).verdict is AuthorVerdict.BOT
    assert (registry.added_bots, registry.added_hosts) == (("acme-release[bot]",), ("git.acme.example",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ["1:1: the file is empty; write at least 'version: 1'"]),
        ("version: 2\n", ["1:10: version: 2 is too large; the largest is 1"]),
        ("agents: 3\n", ["1:9: agents: expected a list, found the number 3"]),
        ("disabled: [x]\n", ["1:1: unknown key 'disabled'; did you mean 'disable'?"]),
        (
            "disable: [cursor.made-with.tex]\n",
            ["1:11: disable: 'cursor.made-with.tex' is no signature; did you mean 'cursor.made-with.text'?"],
        ),
        ("disable: [zzz]\n", ["1:11: disable: 'zzz' is no signature; `gate rules --agents` lists them"]),
        (
            "bots: ['a b', 3]\nnoreply_hosts: [HTTPS://x]\n",
            [
                "1:8: bots[0]: 'a b' is not the name of an account",
                "1:15: bots[1]: expected the name of an account, found the number 3; put it in quotes",
                "2:17: noreply_hosts[0]: 'HTTPS://x' is not a host name in lower case",
            ],
        ),
        (
            ACME.replace("[coder@bots.acme.example]", "['@acme.example']"),
            [
                (
                    "6:19: signature acme.coauthor.email of agent acme: match.emails holds"
                    " '@acme.example'; give whole addresses, never a domain: its staff are people"
                )
            ],
        ),
        (
            ACME.replace("grade: A", "grade: Z"),
            [
                (
                    "7:10: signature acme.coauthor.email of agent acme: grade is 'Z'; it must be A, B, C or N"
                    " (in quotes, N is a word of YAML)"
                )
            ],
        ),
        (
            ACME.replace("coder@bots.acme.example>", "other@acme.example>"),
            [
                (
                    "4:7: acme.coauthor.email: positive 'Co-authored-by: Acme Coder <other@acme.example>'"
                    " does not carry the signature"
                )
            ],
        ),
        (
            LISTED.replace("acme", "cursor").replace(".acme.", ".cursor."),
            ["5:9: signature cursor.coauthor.email: stands twice in the registry"],
        ),
    ],
)
def test_each_problem_is_told_with_its_place(text, said):
    assert problems(text) == [f"agents.yml:{one}" for one in said]


def test_every_wrong_signature_is_told_at_once():
    text = ACME.replace("role: co_authored", "role: chief") + "- 7\n- {id: other.x, field: subject}\n"
    assert [one.split(":")[1] for one in problems(text)] == ["4", "8", "12"]


def test_a_rule_that_takes_people_for_agents_is_refused():
    text = ACME.replace("{emails: [coder@bots.acme.example]}", "{name: Jules, any_email: true}")
    assert "takes the name 'Jules' alone; people are called so" in problems(text)[0]


def test_the_example_of_the_documentation_is_accepted():
    page = Path(__file__).parents[2] / "docs" / "policy.md"
    [example] = re.findall(r"^```yaml agents\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)
    assert read(example).added == ("acme.coauthor.email",)
