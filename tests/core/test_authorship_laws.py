"""Laws of authorship on generated messages, and hostile input."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.authorship import AuthorVerdict, attribute
from gate.core.authorship.message import MAX_LINE, MAX_MESSAGE
from tests.rulesets_agents.kit import commit, judge, registry

ORDER = list(AuthorVerdict)
TRAILERS = [
    "Co-authored-by: Claude <noreply@anthropic.com>",
    "Co-authored-by: Li <li@example.org>",
    "Assisted-by: Cursor",
    "Made-with: Cursor",
    "Entire-Checkpoint: f6a415abf2b0",
    "Signed-off-by: Jane Doe <jane@example.org>",
    "Replit-Commit-Author: Agent",
    "Assisted-by: Claude Sonnet 4.5 via Crush",
    "Co-authored-by: Copilot <copilot@github.com>",
]
LINES = [
    *TRAILERS,
    "",
    "",
    "Text that says something.",
    "```",
    "~~~~",
    "---------",
    "    indented",
    "> quoted",
    "🤖 Generated with [Claude Code](https://claude.ai/code)",
    "Text\\n\\nCo-authored-by: Claude <noreply@anthropic.com>",
    "https://claude.ai/code/session_01AB",
    "  continued",
    "> Assisted-by: Cursor",
    "\tAssisted-by: Cursor",
    "Fix Co-authored-by: Claude <noreply@anthropic.com>",
    "Co-authored-by Cursor",
    "aider: fix",
]
MESSAGES = st.lists(st.sampled_from(LINES), max_size=12).map("\n".join)
AUTHORS = st.sampled_from(
    [
        "Jane Doe <jane@example.org>",
        "claude[bot] <claude[bot]@users.noreply.github.com>",
        "Jane (aider) <j@example.org>",
        "renovate[bot] <1+renovate[bot]@users.noreply.github.com>",
        "Codex <codex@example.com>",
    ]
)


@given(MESSAGES, st.sampled_from(TRAILERS), st.sampled_from(["\n", "\n\n"]), AUTHORS)
def test_adding_a_trailer_never_lowers_a_verdict(message, added, gap, author):
    before = judge(message, author=author)
    after = judge(message + gap + added, author=author)
    assert ORDER.index(after.verdict) <= ORDER.index(before.verdict)
    assert set(before.agents) <= set(after.agents)


@given(st.lists(st.tuples(MESSAGES, AUTHORS), max_size=6), st.randoms())
def test_the_order_of_commits_changes_only_their_order(parts, random):
    commits = [commit(message, author=author, sha=f"{i:040x}") for i, (message, author) in enumerate(parts)]
    shuffled = commits[:]
    random.shuffle(shuffled)
    one, other = attribute(commits, registry()), attribute(shuffled, registry())
    assert (one.verdict, one.agents, one.share_commits) == (other.verdict, other.agents, other.share_commits)
    assert sorted(one.commits, key=lambda c: c.sha) == sorted(other.commits, key=lambda c: c.sha)
    assert [c.sha for c in other.commits] == [c.sha for c in shuffled]


@given(st.text(max_size=300), st.text(max_size=40), st.text(max_size=40))
def test_nothing_raises(message, name, email):
    found = attribute([commit(message, author=f"{name} <{email}>")], registry(), body=message, branch=name)
    assert found.commits[0].verdict in AuthorVerdict


@given(MESSAGES)
def test_attested_human_needs_a_note(message):
    assert judge(message).verdict is not AuthorVerdict.ATTESTED_HUMAN


CLAUDE = "Co-authored-by: Claude <noreply@anthropic.com>"
HOSTILE = {
    "long line": "Subject\n\n" + "x" * 1_000_000,
    "many trailers": "Subject\n\n" + f"{CLAUDE}\n" * 10_000,
    "different trailers": "Subject\n\n"
    + "".join(f"Co-authored-by: Claude {i} <noreply@anthropic.com>\n" for i in range(10_000)),
    "unclosed fences": "Subject\n\n" + "```\ntext\n~~~ a\n" * 30_000 + CLAUDE,
    "growing fences": "Subject\n\n" + "".join("`" * (3 + i) + "a\n" for i in range(1_000)) + CLAUDE,
    "deep quotes": "Subject\n\n" + ">" * 9_000 + CLAUDE + "\n" + "> " * 400_000 + CLAUDE,
    "continuations": f"Subject\n\n{CLAUDE}\n" + "  more\n" * 100_000,
    "literal breaks": "Subject" + "\\n" * 200_000 + CLAUDE,
    "keys in a line": "Subject\n\n- " + "Co-authored-by: " * 50_000,
    "angle brackets": "Subject\n\nCo-authored-by: " + "<a@" * 3_000 + ">\nCo-authored-by: " + "[" * 9_000,
    "colons": "Subject\n\n" + "a:" * 400_000,
    "blank lines": "Subject\n" + "\n" * 900_000 + CLAUDE,
    "surrogates": "Subject\udc80\n\n" + "Co-authored-by: Cl\udcffaude <noreply@anthropic.com>\n" * 1_000,
    "capital that grows": "Subject\n\n- İCo-authored-by: Claude <noreply@anthropic.com>" * 5_000,
    "reverts": "Subject\n\n" + "This reverts commit 0123456789.\n" * 20_000,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_messages_are_judged(name):
    found = attribute(
        [commit(HOSTILE[name])], registry(), body=HOSTILE[name], branch="claude/" + "x" * 100_000
    )
    entry = found.commits[0]
    assert len(entry.evidence) <= 200
    assert all(
        len(piece.text) <= 200 and piece.text.isprintable() for piece in (*entry.evidence, *entry.hints)
    )


def test_a_list_of_evidence_that_is_cut_says_so():
    found = judge(HOSTILE["different trailers"])
    assert len(found.evidence) == 100
    assert found.remarks == ("9900 further pieces of evidence are not listed",)


def test_equal_lines_are_listed_once():
    assert len(judge(HOSTILE["many trailers"]).evidence) == 1


def test_padding_hides_no_trailer():
    """Subject and trailers stand at the ends, so the middle of a long message is left out."""
    for message in (
        f"Subject\n\n{CLAUDE}\n" + "x\n" * MAX_MESSAGE,
        "Subject\n\n" + "x\n" * MAX_MESSAGE + CLAUDE,
    ):
        found = judge(message)
        assert found.verdict is AuthorVerdict.DECLARED_AI
        assert found.evidence[0].line == message[: message.index(CLAUDE)].count("\n") + 1
        (remark,) = found.remarks
        assert remark.startswith(f"the message has {len(message):,} characters; ")
        assert "in the middle, after the first 500,000, were not read" in remark


def test_a_trailer_is_at_its_end_whatever_stands_before():
    found = judge("Subject\n\n" + "x" * MAX_MESSAGE + "\n\n" + CLAUDE)
    assert found.evidence[0].place == "last_block"
    assert len(found.remarks) == 2  # also the long line


def test_a_line_above_the_limit_is_cut_and_says_so():
    assert judge(f"Subject\n\n- {'x' * MAX_LINE} {CLAUDE}").remarks == (
        "lines are longer than 10,000 characters; what follows in them was not read",
    )
    assert judge(f"Subject\n\n{'x' * MAX_LINE}\n{CLAUDE}").remarks == ()


def test_a_nul_ends_the_message_and_is_told():
    found = judge("Subject\n\nText.\0\n\n" + CLAUDE)
    assert found.verdict is AuthorVerdict.UNDECLARED
    assert found.remarks == (
        "the message goes on behind a NUL, where git ends it; what follows was not read",
    )


def test_an_unclosed_fence_hides_nothing():
    assert judge("Subject\n\n```\nexample\n\n" + CLAUDE).verdict is AuthorVerdict.DECLARED_AI


def test_time_grows_with_the_text_and_not_faster():
    """Ten times the text takes about ten times as long; quadratic would take a hundred times."""
    import time

    def seconds(factor: int) -> float:
        text = "Subject\n\n" + (f"- {CLAUDE} ```\n```\n  {CLAUDE}\n> {CLAUDE}\ntext: <a@\n\n" * 40 * factor)
        start = time.process_time()
        judge(text)
        return time.process_time() - start

    seconds(1)
    assert seconds(100) < 40 * max(seconds(10), 0.02)
