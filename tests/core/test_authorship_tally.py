"""Sums over a history."""

from __future__ import annotations

from gate.core.authorship import AuthorVerdict, attribute, attribute_commit
from gate.core.authorship.tally import Tally
from tests.rulesets_agents import kit

CLAUDE = "Co-authored-by: Claude <noreply@anthropic.com>"
CURSOR = "Co-authored-by: Cursor <cursoragent@cursor.com>"
DEVIN = "devin-ai-integration[bot] <158243242+devin-ai-integration[bot]@users.noreply.github.com>"


def history():
    return [
        kit.commit("Human", sha="1" * 40),
        kit.commit(kit.trailer(CLAUDE), sha="2" * 40),
        kit.commit(kit.trailer(f"{CLAUDE}\n{CURSOR}"), sha="3" * 40),
        kit.commit("Devin's", author=DEVIN, sha="4" * 40),
        kit.commit("Merge pull request #1 from x/claude/y", parents=("a" * 40, "b" * 40), sha="5" * 40),
        kit.commit("Bump", author="dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"),
    ]


def tally(commits):
    found = Tally()
    found.add(attribute_commit(c, kit.registry()) for c in commits)
    return found


def test_sums_are_those_of_the_change():
    """The verdict, the share and the order of agents are what `attribute` says of the same commits."""
    change, found = attribute(history(), kit.registry()), tally(history())
    assert (found.verdict, found.share, found.agents) == (change.verdict, change.share_commits, change.agents)


def test_commits_of_two_agents_count_for_both_and_merges_for_no_share():
    found = tally(history())
    assert {a: (s.commits, dict(s.roles)) for a, s in found.by_agent.items()} == {
        "claude-code": (2, {"co_authored": 2}),
        "cursor": (1, {"co_authored": 1}),
        "devin": (1, {"authored": 1}),
    }
    assert (found.commits, found.merges, found.ai, found.hinted) == (6, 1, 3, 1)
    assert found.verdicts[AuthorVerdict.BOT] == 1
    assert sum(found.verdicts.values()) == 6


def test_months_are_those_of_the_committer():
    found = tally(history())
    (month,) = found.by_month
    assert month == "2026-01"
    assert found.by_month[month].agents == {"claude-code": 2, "cursor": 1, "devin": 1}
    assert (found.by_month[month].commits, found.by_month[month].ai, found.by_month[month].merges) == (
        5,
        3,
        1,
    )


def test_an_empty_history_has_no_share():
    found = tally([])
    assert (found.verdict, found.share, found.agents) == (AuthorVerdict.UNDECLARED, None, ())
