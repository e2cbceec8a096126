"""What the place of a signature makes of its grade, and how pieces of evidence combine."""

from __future__ import annotations

import pytest

from gate.core.authorship import AuthorVerdict
from tests.rulesets_agents.kit import judge, trailer

A = "Co-authored-by: Claude <noreply@anthropic.com>"
B = "Assisted-by: Cursor"
LINE = "🤖 Generated with [Claude Code](https://claude.ai/code)"
AI, HELP, LINK, NONE = (
    AuthorVerdict.DECLARED_AI,
    AuthorVerdict.AI_ASSISTED,
    AuthorVerdict.AI_LINKED,
    AuthorVerdict.UNDECLARED,
)

#: place, message with `{}` for the line
PLACES = [
    ("last_block", "Subject\n\nText.\n\n{}"),
    ("last_block", "Subject\n\nText.\n\n{}\n\n---------\n\nSigned-off-by: Jane <jane@example.org>"),
    ("last_block", "Subject\r\n\r\nText.\r\n\r\n{}  \r\n"),
    ("last_block", "Subject\n\nText.\n\n(cherry picked from commit 0123456789abcdef)\n[jane: kept it]\n{}"),
    ("last_block", "Subject\n\nText.\n\nSee-also: a\n  long value\n{}"),
    ("own_line", "Subject\n\n{}\n\nText."),
    ("own_line", "Subject\n{}"),
    ("own_line", "Subject\n\nText.\n{}"),
    ("own_line", "Subject\n\n```\nnever closed\n{}\n\nText."),
    ("repaired", "Subject\n\nText.\\n\\n{}"),
    ("repaired", "Subject\\n\\n{}"),
    ("indented", "Subject\n\n    {}"),
    ("indented", "Subject\n\n\t{}"),
    ("quoted", "Subject\n\n> {}"),
    ("quoted", "Subject\n\n>>> > >{}"),
    ("fenced", "Subject\n\n```\n{}\n```"),
    ("fenced", "Subject\n\n~~~ text\n```\n{}\n~~~~"),
    ("inline", "Subject\n\nThe line `{}` is new."),
    ("inline", "Subject\n\n- {}"),
]
EFFECTIVE = {
    "last_block": ("A", "B"),
    "own_line": ("B", "weak"),
    "repaired": ("B", "weak"),
}


@pytest.mark.parametrize(("place", "message"), PLACES)
@pytest.mark.parametrize(("line", "registered"), [(A, "A"), (B, "B")])
def test_a_trailer_has_the_grade_of_its_place(place, message, line, registered):
    found = judge(message.replace("{}", line))
    grades = EFFECTIVE.get(place)
    pieces = found.evidence if grades else found.hints
    assert [(p.place, p.grade, p.registry_grade) for p in pieces] == [
        (place, grades["AB".index(registered)] if grades else "C", registered)
    ]
    assert (found.verdict is NONE) == (grades is None)


@pytest.mark.parametrize(("place", "message"), [p for p in PLACES if p[0] != "repaired"])
def test_a_tool_line_has_the_grade_of_its_place(place, message):
    found = judge(message.replace("{}", LINE))
    grades = EFFECTIVE.get(place)
    if grades:
        assert [(p.place, p.grade) for p in found.evidence] == [(place, grades[1])]
    else:
        assert found.verdict is NONE


@pytest.mark.parametrize(
    ("who", "verdict", "grade"),
    [
        ("claude[bot] <209825114+claude[bot]@users.noreply.github.com>", AI, "A"),
        ("Cline <cline@example.com>", AI, "B"),
        ("Codex <codex@example.com>", NONE, "C"),
    ],
)
def test_an_author_identity_keeps_its_grade(who, verdict, grade):
    found = judge(author=who)
    assert found.verdict is verdict
    assert [p.grade for p in (*found.evidence, *found.hints)] == [grade]
    assert found.role == ("authored" if verdict is AI else None)


@pytest.mark.parametrize(
    ("who", "verdict", "grade"),
    [
        ("claude[bot] <209825114+claude[bot]@users.noreply.github.com>", HELP, "weak"),
        ("Cline <cline@example.com>", NONE, "C"),
    ],
)
def test_a_committer_alone_is_weak(who, verdict, grade):
    found = judge(committer=who)
    assert found.verdict is verdict
    assert [(p.place, p.grade) for p in (*found.evidence, *found.hints)] == [("committer", grade)]


def test_one_weak_piece_assists_and_two_declare():
    line = "🤖 Generated with [Claude Code](https://claude.ai/code)"
    assert judge(f"Subject\n\n{line}\n\nText.").verdict is HELP
    assert judge(f"Subject\n\n{line}\n\nText.\n\n{line}\n\nMore.").verdict is AI
    assert judge(f"Subject\n\n{B}\n\nText.\n\n{B}\n\nMore.").verdict is HELP


def test_a_weak_link_stays_a_link():
    line = "Entire-Checkpoint: f6a415abf2b0"
    assert judge(trailer(line)).verdict is LINK
    assert judge(f"Subject\n\n{line}\n\nText.").verdict is LINK


def test_the_strongest_role_wins_and_orders_the_agents():
    found = judge(
        trailer(f"{A}\nEntire-Checkpoint: f6a415abf2b0\n{B}"),
        author="Copilot <198982749+Copilot@users.noreply.github.com>",
    )
    assert (found.verdict, found.role, found.agent) == (AI, "authored", "copilot")
    assert found.agents == ("copilot", "claude-code", "cursor", "entire")
    assert found.certainty == "certain"


def test_many_hints_stay_hints():
    found = judge(f"Subject\n\n> {A}\n\n    {B}\n\n```\n{A}\n```")
    assert found.verdict is NONE
    assert len(found.hints) == 3
    assert found.certainty == "probable"


def test_a_tool_comes_before_its_model():
    assert judge(trailer("Assisted-by: Claude Sonnet 4.5 via Crush")).agents == ("crush", "claude-code")


def test_a_shared_address_under_a_foreign_name_is_another_agent():
    found = judge(trailer("Co-authored-by: Sonnet 4.5 <noreply@anthropic.com>"))
    assert (found.verdict, found.agents) == (AI, ("other",))
    assert found.evidence[0].agent_name == "Sonnet 4.5"


def test_the_kernel_form_without_an_own_entry_keeps_the_name():
    found = judge(trailer("Assisted-by: Bolt:gpt-5 [coccinelle]"))
    assert (found.verdict, found.agents) == (HELP, ("generic-agent",))
    assert found.evidence[0].agent_name == "Bolt:gpt-5 [coccinelle]"
    assert judge(trailer("Assisted-by: Claude:claude-opus-4-6")).agents == ("claude-code",)


def test_assisted_by_an_identity_is_assisted():
    found = judge(trailer("Assisted-by: Claude <noreply@anthropic.com>"))
    assert (found.verdict, found.role, found.evidence[0].grade) == (HELP, "assisted", "A")


@pytest.mark.parametrize(
    "key", ["Co-authored-by", "CO-AUTHORED-BY", "Co-developed-by", "Generated-by", "Co-authored-by-AI"]
)
def test_the_keys_that_name_co_authors(key):
    found = judge(trailer(f"{key} : Claude <noreply@anthropic.com>"))
    assert (found.verdict, found.role) == (AI, "co_authored")


@pytest.mark.parametrize(
    "key",
    ["Signed-off-by", "Reviewed-by", "Tested-by", "Reported-by", "Suggested-by", "Helped-by", "Acked-by"],
)
def test_other_credits_never_declare(key):
    assert judge(trailer(f"{key}: Claude <noreply@anthropic.com>")).verdict is NONE


def test_an_author_entry_counts_as_co_author_and_the_other_way_round():
    found = judge(trailer("Co-authored-by: Codex <codex@openai.com>"))
    assert (found.verdict, found.role) == (AI, "co_authored")
    found = judge(author="Amp <amp@ampcode.com>")
    assert (found.verdict, found.role) == (AI, "authored")


def test_an_unregistered_number_is_reported():
    found = judge(author="x <5+devin-ai-integration[bot]@users.noreply.github.com>")
    assert found.verdict is AI
    assert "account number 5" in (found.evidence[0].remark or "")


def test_evidence_says_where_it_stands():
    found = judge("Subject\n\nText.\n\nCo-authored-by: Claude <noreply@anthropic.com>")
    piece = found.evidence[0]
    assert (piece.signature, piece.field, piece.line) == (
        "claude-code.coauthor.email",
        "trailer.co-authored-by",
        5,
    )
    assert piece.text == "Co-authored-by: Claude <noreply@anthropic.com>"
    assert (piece.source, piece.sha, piece.prompter) == ("commit", None, None)


def test_text_of_evidence_is_short_and_harmless():
    found = judge(
        trailer("Co-authored-by: Cl\x1b[31m\u202eaude\udc80" + "x" * 300 + " <noreply@anthropic.com>")
    )
    text = found.evidence[0].text
    assert len(text) == 200
    assert text.isprintable()
    assert "\\x1b" in text
    assert "\\u202e" in text
    assert "\\udc80" in text


def test_a_value_continued_on_the_next_line_is_read():
    found = judge(trailer("Co-authored-by: Claude\n  <noreply@anthropic.com>"))
    assert (found.verdict, found.evidence[0].grade) == (AI, "A")


def test_a_trailer_is_not_hidden_as_a_continuation():
    found = judge(
        trailer(
            "Signed-off-by: Jane Doe <jane@example.org>\n  Co-authored-by: Claude <noreply@anthropic.com>"
        )
    )
    assert found.verdict is AI


@pytest.mark.parametrize(
    "value",
    [
        "Oz [oz-agent@warp.dev](mailto:oz-agent@warp.dev)",
        "Oz <oz-agent@warp.dev>:wq",
        "Oz <oz-agent@warp.dev>\\n",
    ],
)
def test_hand_pasted_identities_are_repaired(value):
    found = judge(trailer(f"Co-authored-by: {value}"))
    assert [(p.place, p.grade) for p in found.evidence] == [("repaired", "B")]


def test_a_message_pasted_into_one_line_is_repaired():
    found = judge("Fix the parser Co-Authored-By: Claude <noreply@anthropic.com>")
    assert [(p.place, p.grade, p.line) for p in found.evidence] == [("repaired", "B", 1)]
    assert judge("Fix the parser Co-Authored-By: Claude <noreply@anthropic.com>\n\nText.").verdict is NONE


def test_a_subject_is_read_for_subject_signatures_only():
    assert judge("aider: add a retry").verdict is HELP
    assert judge("🤖 Generated with [Claude Code](https://claude.ai/code)").verdict is NONE


@pytest.mark.parametrize("between", [", ", " ", "; ", " & "])
def test_every_person_on_a_line_counts(between: str) -> None:
    message = f"s\n\nCo-authored-by: Ann <ann@x.example>{between}Claude <noreply@anthropic.com>\n"
    judged = judge(message)
    assert (judged.verdict, judged.agent) == (AuthorVerdict.DECLARED_AI, "claude-code")
    # The person on the same line took part too, and cannot sign the change off.
    assert [person.email for person in judged.coauthors] == ["ann@x.example"]


def test_a_trailer_without_its_colon_is_a_hint() -> None:
    judged = judge("s\n\nCo-authored-by Claude <noreply@anthropic.com>\n")
    assert judged.verdict is AuthorVerdict.UNDECLARED
    assert [hint.agent for hint in judged.hints] == ["claude-code"]


@pytest.mark.parametrize(
    "line",
    [
        "Co-authored-by: Claude <noreply@\u200banthropic.com>",
        "Co-authored-by: Claude <\u2060noreply@anthropic.com\u200d>",
        "\ufeffCo-authored-by: Claude <noreply@anthropic.com>",
        "\u200b\nCo-authored-by: Claude <noreply@anthropic.com>\n\u200b",
    ],
)
def test_characters_that_nobody_sees_hide_nothing(line):
    found = judge(trailer(line))
    assert (found.verdict, found.agent) == (AI, "claude-code")
    assert found.evidence[0].text == line.strip("\u200b\n").encode("ascii", "backslashreplace").decode()


def test_an_author_with_invisible_characters_is_who_it_looks_like():
    found = judge(author="claude[bot] <209825114+claude[bot]@users\u200b.noreply.github.com>")
    assert (found.verdict, found.role) == (AI, "authored")
    assert found.author_is_agent


def test_a_robot_in_front_of_a_trailer_repairs_it():
    found = judge(trailer("🤖 Co-authored-by: Claude <noreply@anthropic.com>"))
    (piece,) = found.evidence
    assert (found.verdict, piece.place, piece.grade) == (AI, "repaired", "B")
    assert piece.text == "🤖 Co-authored-by: Claude <noreply@anthropic.com>"
    assert judge(trailer("🤖 Co-authored-by: Jane Doe <jane@example.org>")).verdict is NONE
