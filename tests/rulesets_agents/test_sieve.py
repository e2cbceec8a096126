"""The fast way through long histories gives what the slow way gives."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.authorship import attribute_commit, build_registry
from gate.core.authorship.fixtures import fixture_commit
from gate.core.authorship.sieve import Sieve
from gate.core.change import RawCommit
from tests.rulesets_agents import kit

SIEVE = Sieve(kit.registry())
PIECES = (
    *(
        "Co-authored-by: Claude <noreply@anthropic.com>",
        "co-authored-BY:",
        "🤖 Generated with [Claude Code](",
    ),
    *(
        "https://claude.ai/code)",
        "aider: ",
        "Merge pull request #1 from x/claude/y",
        "Merge branch 'codex/x'",
    ),
    *("Made-with: Cursor", "Assisted-by: Opus 4.7", "This reverts commit 1234567.", "```", "> ", "\\n", "\r"),
    *("\n", "\n\n", "    ", "caf\udce9", "K", "ſ", "İ", "(cherry picked from commit 1234567)", "plain words"),
)
PEOPLE = (
    "Jane Doe <jane@example.org>",
    "Claude <noreply@anthropic.com>",
    "Jane Doe (aider) <jane@example.org>",
    "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>",
    "some-app[bot] <1+some-app[bot]@users.noreply.github.com>",
    "GitHub <noreply@github.com>",
)


def raw(commit) -> RawCommit:
    texts = (
        commit.sha,
        " ".join(commit.parents),
        commit.author.name,
        commit.author.email,
        commit.author_date,
        commit.committer.name,
        commit.committer.email,
        commit.committer_date,
        commit.message,
    )
    return RawCommit(*(text.encode("utf-8", "surrogateescape") for text in texts))


def without_signers(entry):
    return entry._replace(signers=())


def same(commits, registry=None):
    """Both ways over the same commits."""
    slow = [attribute_commit(c, registry or kit.registry()) for c in commits]
    fast = (Sieve(registry) if registry else SIEVE).judge([raw(c) for c in commits])
    assert [without_signers(e) for e in fast] == [without_signers(e) for e in slow]
    return fast


def test_every_example_of_the_registry_gets_the_same_judgement():
    texts = [t for s in kit.registry().signatures.values() for t in (*s.positive, *s.trap)]
    same([fixture_commit(text) for text in texts])


def test_no_positive_example_is_passed_over():
    """What declares by its message must be read; identities are looked up for every commit."""
    for signature in kit.registry().signatures.values():
        if signature.field.startswith("trailer.") or signature.field in ("body.line", "subject"):
            for text in signature.positive:
                commit = fixture_commit(text)
                if commit.author.name == "Jane Doe":
                    assert SIEVE.speaks(commit.message.encode()), (signature.id, text)


def test_a_commit_that_only_signs_off_is_not_read():
    message = b"Fix it\n\nIt was broken.\n\nSigned-off-by: Jane Doe <jane@example.org>\n"
    assert not SIEVE.speaks(message)
    assert not SIEVE.speaks(b"Merge branch 'claude-martin/topic'\n")


@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(PIECES), max_size=8), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)
        ),
        max_size=6,
    )
)
def test_any_history_gets_the_same_judgements(history):
    commits = [kit.commit("".join(pieces), author=a, committer=c) for pieces, a, c in history]
    same([*commits, *(dataclasses.replace(c, committer_date="2026-02-01T00:00:00+00:00") for c in commits)])


@pytest.mark.skipif(not kit.dev_rows(), reason=f"no {kit.DEV_FILE}")
def test_real_commits_get_the_same_judgements():
    same([kit.dev_commit(row) for row in kit.dev_rows()])


def test_a_signature_of_a_site_is_seen_too():
    """Also one whose fixed text is not ASCII, where lower case differs between bytes and text."""
    document = {
        "id": "site",
        "name": "Site",
        "signatures": [
            {
                "id": "site.line",
                "field": "body.line",
                "match": {"pattern": "^ÉCRIT AVEC Süd-Agent$"},
                "grade": "A",
                "role": "authored",
                "positive": ["ÉCRIT AVEC Süd-Agent"],
                "trap": ["écrit avec"],
            }
        ],
    }
    registry = build_registry([*kit.documents(), document])
    (found,) = same([kit.commit("Fix\n\nÉCRIT AVEC Süd-Agent\n")], registry)
    assert found.agent == "site"


def test_many_identities_do_not_fill_memory(monkeypatch):
    monkeypatch.setattr("gate.core.authorship.sieve._REMEMBERED", 10)
    sieve = Sieve(kit.registry())
    sieve.judge([raw(kit.commit(author=f"P{n} <p{n}@example.org>")) for n in range(100)])
    assert len(sieve._known) <= 10
