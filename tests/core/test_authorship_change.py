"""The verdict on a change: its commits, body, branch and what is said of the sources."""

from __future__ import annotations

from gate.core.authorship import SOURCES, Authorship, AuthorVerdict, attribute
from tests.rulesets_agents.kit import commit, judge, registry, trailer

CLAUDE = "Co-authored-by: Claude <noreply@anthropic.com>"
BOT = "renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>"


def change(*commits, **facts) -> Authorship:
    return attribute(list(commits), registry(), **facts)


def test_the_strongest_verdict_of_the_commits_is_that_of_the_change():
    found = change(
        commit(sha="1" * 40), commit(trailer(CLAUDE), sha="2" * 40), commit(sha="3" * 40, author=BOT)
    )
    assert found.verdict is AuthorVerdict.DECLARED_AI
    assert found.agents == ("claude-code",)
    assert found.share_commits == 1 / 3
    assert found.is_ai
    assert [c.sha[0] for c in found.commits] == ["1", "2", "3"]


def test_one_undeclared_commit_among_bots_makes_the_change_undeclared():
    assert change(commit(author=BOT)).verdict is AuthorVerdict.BOT
    assert change(commit(author=BOT), commit()).verdict is AuthorVerdict.UNDECLARED


def test_a_change_without_commits_is_undeclared():
    found = change()
    assert (found.verdict, found.share_commits, found.sources["mr_commits"]) == (
        AuthorVerdict.UNDECLARED,
        None,
        "absent",
    )


def test_merges_are_judged_and_not_in_the_share():
    merge = commit(trailer(CLAUDE), parents=("1" * 40, "2" * 40))
    found = change(merge, commit())
    assert (found.verdict, found.share_commits) == (AuthorVerdict.DECLARED_AI, 0)
    assert found.commits[0].merge


def test_the_body_counts_for_the_change_only():
    found = change(
        commit(), body="Fixes it.\n\n🤖 Generated with [Claude Code](https://claude.com/claude-code)\n"
    )
    assert found.verdict is AuthorVerdict.DECLARED_AI
    assert found.commits[0].verdict is AuthorVerdict.UNDECLARED
    assert found.share_commits == 0
    assert {e.source for e in found.evidence} == {"mr_body"}
    assert found.sources["mr_body"] == "present"


def test_a_body_may_begin_with_its_trailers():
    assert change(commit(), body=CLAUDE).evidence[0].grade == "A"


def test_comments_and_quotes_of_a_body_are_hints():
    body = f"Text.\n\n<!-- write\n{CLAUDE}\nhere -->\n\n> {CLAUDE}\n\n<!-- {CLAUDE} -->"
    found = change(commit(), body=body)
    assert found.verdict is AuthorVerdict.UNDECLARED
    assert {h.place for h in found.hints} == {"comment", "quoted"}
    assert change(commit(), body=f"<!-- never closed\n\n{CLAUDE}").verdict is AuthorVerdict.DECLARED_AI


def test_a_branch_is_a_hint():
    found = change(commit(), branch="claude/fix-login")
    assert found.verdict is AuthorVerdict.UNDECLARED
    assert [(h.source, h.agent) for h in found.hints] == [("branch", "claude-code")]
    assert judge("Merge branch 'codex/add-tests' into main").hints[0].agent == "codex"
    assert judge("Merge pull request #3 from jane/cursor/fix").hints[0].agent == "cursor"


def test_sources_are_told_honestly():
    found = change(commit())
    assert tuple(found.sources) == SOURCES
    assert found.sources == {
        "mr_commits": "present",
        "notes_ai": "not_asked",
        "notes_agentblame": "not_asked",
        "mr_body": "not_asked",
        "account": "not_asked",
        "branch": "not_asked",
        "session": "absent",
    }
    found = change(
        commit(trailer("Entire-Checkpoint: f6a415abf2b0")),
        branch="",
        body=" ",
        sources={"notes_ai": "unreadable"},
    )
    assert found.sources["session"] == "present"
    assert (found.sources["branch"], found.sources["mr_body"]) == ("absent", "absent")
    assert found.sources["notes_ai"] == "unreadable"


def test_suppression_is_noted_on_undeclared_commits_only():
    found = change(commit(), commit(trailer(CLAUDE)), commit(author=BOT), suppressed=True)
    assert found.suppressed
    assert [c.suppressed for c in found.commits] == [True, False, False]


def test_a_revert_names_what_it_reverts_and_has_only_its_own_authors():
    found = judge('Revert "Add it"\n\nThis reverts commit 86171c974b389979117ddda07b9f32461514b227.')
    assert found.reverts == ("86171c974b389979117ddda07b9f32461514b227",)
    assert found.verdict is AuthorVerdict.UNDECLARED


def test_a_cherry_pick_brings_the_evidence_of_an_original_in_the_change():
    original = commit(trailer(CLAUDE), sha="1" * 40)
    picked = commit(f"Change\n\nText.\n\n(cherry picked from commit {'1' * 40})", sha="2" * 40)
    alone = change(picked)
    assert alone.verdict is AuthorVerdict.UNDECLARED
    assert alone.commits[0].cherry_picked_from == ("1" * 40,)
    found = change(picked, original)
    assert found.commits[0].verdict is AuthorVerdict.DECLARED_AI
    assert [(e.source, e.sha) for e in found.commits[0].evidence] == [("cherry_pick", "1" * 40)]


def test_people_of_the_trailers_are_named_without_agents():
    found = judge(
        trailer(
            "Signed-off-by: Jane Doe <jane@example.org>\nSigned-off-by: Claude <noreply@anthropic.com>\n"
            "Co-authored-by: Li <li@example.org>\nCo-developed-by: Max <max@example.org>\n"
            "Co-authored-by: Li <li@example.org>\nReviewed-by: Eva <eva@example.org>\n" + CLAUDE
        )
    )
    assert [p.name for p in found.signers] == ["Jane Doe"]
    assert [p.name for p in found.coauthors] == ["Li", "Max"]


def test_people_are_read_in_the_whole_message_but_not_in_quotes():
    found = judge(
        "Subject\n\nCo-authored-by: Li <li@example.org>\n\nText.\n\n> Co-authored-by: Max <max@example.org>\n\nEnd."
    )
    assert [p.name for p in found.coauthors] == ["Li"]
