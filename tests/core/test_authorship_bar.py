"""AI only raises the bar: from the texts of commits and merge requests to the sign-off that they lead to."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.authorship import Authorship, AuthorVerdict, Opener, attribute
from gate.core.authorship.change import VERDICT_ORDER
from gate.core.authorship.model import Marker
from gate.core.authorship.recovery import Recovered, Request, SourceCommits
from gate.core.authorship.sieve import Sieve
from gate.core.change import Commit, RawCommit
from gate.core.policy import SignoffPolicy
from gate.core.review import Signoff, decide_signoff
from gate.core.review.model import Binding
from gate.core.verdict import Outcome
from tests.core.test_threats_factories import (
    HEAD,
    HUMANS,
    LOGIN,
    NAMES,
    NOW,
    REPO,
    TARGET,
    forge_of,
    review,
    shipped_areas,
    touches_of,
)
from tests.rulesets_agents.kit import commit, registry

law = settings(max_examples=int(os.environ.get("LAW_EXAMPLES", "100")))

AI_LINES = (
    "Co-authored-by: Claude <noreply@anthropic.com>",
    "Assisted-by: Cursor",
    "Made-with: Cursor",
    "🤖 Generated with [Claude Code](https://claude.com/claude-code)",
    "Entire-Checkpoint: f6a415abf2b0",
    "Co-authored-by: Copilot <175728472+Copilot@users.noreply.github.com>",
)
OTHER_LINES = (
    "",
    "Text that says something.",
    "```",
    "    indented",
    "Co-authored-by: Li <li@example.org>",
    "This reverts commit 1111111111.",
    "Merge branch 'codex/x'",
)
AUTHORS = (
    *(f"{name} <{name}@acme.example>" for name in ("dev", "mallory", "alice")),
    "renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>",
    "claude[bot] <209825114+claude[bot]@users.noreply.github.com>",
)
messages = st.lists(st.sampled_from((*AI_LINES, *OTHER_LINES)), max_size=5).map(
    lambda lines: "\n".join(("Change it", "", *lines))
)
rows = st.lists(st.tuples(messages, st.sampled_from(AUTHORS)), min_size=1, max_size=3)
bodies = st.none() | messages
openers = st.none() | st.builds(
    Opener,
    st.sampled_from(("devin-ai-integration[bot]", "Copilot", "renovate[bot]", "x[bot]", "jane")),
    st.booleans(),
)
branches = st.none() | st.sampled_from(("claude/x", "fix", "codex/y"))
policies = st.builds(
    SignoffPolicy,
    min=st.integers(1, 2),
    ai_min=st.integers(1, 2),
    humans=st.just(HUMANS),
    reviewers=st.just(dict.fromkeys(("auth", "gate"), NAMES)),
)
approvals = st.lists(st.sampled_from(("alice", "bob", "sec1", "mallory")), unique=True, max_size=3)


def commits_of(made: list[tuple[str, str]]) -> list[Commit]:
    return [commit(text, author=author, sha=f"{n:040x}") for n, (text, author) in enumerate(made, 1)]


def decide(
    commits: list[Commit], authorship: Authorship, policy: SignoffPolicy, by: list[str], **more: Any
) -> Signoff:
    return decide_signoff(
        touches=touches_of(LOGIN),
        areas=shipped_areas(),
        binding=Binding(repo=REPO, target=TARGET, head=HEAD, change_digest="sha256:1"),
        commits=commits,
        authorship=authorship,
        forge=forge_of(*(review(name, id=name) for name in by)),
        policy=policy,
        now=NOW,
        is_agent=lambda name, email: registry().standing(name, email).name == "AGENT",
        **more,
    )


def rank(authorship: Authorship) -> int:
    return VERDICT_ORDER.index(authorship.verdict)


def raw(one: Commit) -> RawCommit:
    texts = (
        *(one.sha, " ".join(one.parents), one.author.name, one.author.email, one.author_date),
        *(one.committer.name, one.committer.email, one.committer_date, one.message),
    )
    return RawCommit(*(text.encode("utf-8", "surrogateescape") for text in texts))


@law
@given(rows, bodies, branches, openers, policies, approvals, st.booleans())
def test_what_a_merge_request_says_never_lowers_the_bar(
    made, body, branch, opener, policy, by, undeclared_is_ai
):
    commits = commits_of(made)
    before = attribute(commits, registry())
    after = attribute(commits, registry(), body=body, branch=branch, opener=opener)
    assert rank(after) <= rank(before)
    assert set(before.agents) <= set(after.agents)
    plain, told = (
        decide(commits, one, policy, by, undeclared_is_ai=undeclared_is_ai) for one in (before, after)
    )
    assert told.needed >= plain.needed
    assert told.outcome >= plain.outcome
    assert told.areas == plain.areas


@law
@given(rows, st.integers(0, 2), st.sampled_from(AI_LINES), policies, approvals, st.booleans())
def test_one_more_line_in_a_message_never_lowers_the_bar(made, which, line, policy, by, undeclared_is_ai):
    which %= len(made)
    more = [*made]
    more[which] = (f"{made[which][0]}\n\n{line}", made[which][1])
    found = []
    for texts in (made, more):
        commits = commits_of(texts)
        authorship = attribute(commits, registry())
        found.append((authorship, decide(commits, authorship, policy, by, undeclared_is_ai=undeclared_is_ai)))
    (before, plain), (after, told) = found
    assert rank(after) <= rank(before)
    assert told.needed >= plain.needed
    assert told.outcome >= plain.outcome


@law
@given(rows, rows, st.sampled_from(("same", "alike", "apart")), st.booleans())
def test_commits_that_are_found_elsewhere_never_lower_a_verdict(made, elsewhere, fit, picked):
    commits, others = commits_of(made), commits_of(elsewhere)
    first = commits[0]
    if picked:
        first = replace(first, message=f"{first.message}\n\n(cherry picked from commit {'9' * 40})")
        recovered = Recovered(originals={"9" * 40: replace(others[0], sha="9" * 40)})
    else:
        paths = {"same": {b"a", b"b"}, "alike": {b"a", b"b", b"c"}, "apart": {b"z"}}[fit]
        recovered = Recovered(
            squashed={first.sha: Request("#", 7)},
            sources={
                first.sha: SourceCommits(
                    commits=tuple(Sieve(registry()).judge([raw(one) for one in others])),
                    paths=frozenset(paths),
                    own=frozenset({b"a", b"b"}),
                )
            },
        )
    before = attribute([first, *commits[1:]], registry())
    after = attribute([first, *commits[1:]], registry(), recovered=recovered)
    assert rank(after) <= rank(before)
    for old, new in zip(before.commits, after.commits, strict=True):
        assert VERDICT_ORDER.index(new.verdict) <= VERDICT_ORDER.index(old.verdict)
        assert set(old.agents) <= set(new.agents)
        if fit == "apart" and not picked:
            assert new.verdict is old.verdict


@law
@given(rows, policies, approvals, st.booleans())
def test_suppression_changes_no_verdict_and_no_decision(made, policy, by, undeclared_is_ai):
    commits = commits_of(made)
    marker = Marker(agent="claude-code", file=".claude/settings.json", key="attribution.commit", side="head")
    plain, marked = (attribute(commits, registry(), markers=markers) for markers in ((), (marker,)))
    assert [c.verdict for c in marked.commits] == [c.verdict for c in plain.commits]
    one, other = (decide(commits, a, policy, by, undeclared_is_ai=undeclared_is_ai) for a in (plain, marked))
    assert one == other


def without_ai(made: list[tuple[str, str]]) -> list[tuple[str, str]]:
    kept = ["\n".join(line for line in text.split("\n") if line not in AI_LINES) for text, _ in made]
    authors = [author if "claude[bot]" not in author else "dev <dev@acme.example>" for _, author in made]
    return list(zip(kept, authors, strict=True))


@law
@given(rows, policies, approvals, st.booleans())
def test_deleting_what_declares_an_agent_never_makes_a_sensitive_change_pass_unsigned(
    made, policy, by, undeclared_is_ai
):
    """Who deletes it still needs as many independent people as anybody else."""
    commits = commits_of(without_ai(made))
    authorship = attribute(commits, registry())
    assert not authorship.is_ai
    decided = decide(commits, authorship, policy, by, undeclared_is_ai=undeclared_is_ai)
    assert decided.required
    assert decided.needed >= policy.min >= 1
    assert decided.outcome is not Outcome.PASSED or len(decided.accepted) >= decided.needed


@law
@given(rows, policies, approvals)
def test_deleting_gains_nothing_at_all_where_undeclared_counts_as_ai(made, policy, by):
    declared, deleted = commits_of(made), commits_of(without_ai(made))
    before = decide(declared, attribute(declared, registry()), policy, by, undeclared_is_ai=True)
    after = decide(deleted, attribute(deleted, registry()), policy, by, undeclared_is_ai=True)
    people = [author for _, author in without_ai(made) if "renovate" not in author]
    if people and before.outcome is not Outcome.PASSED:
        assert after.outcome is not Outcome.PASSED


def test_the_generated_changes_reach_every_verdict():
    verdicts = {
        attribute(commits_of([("Change it\n\n" + line, AUTHORS[0])]), registry()).verdict for line in AI_LINES
    }
    verdicts.add(attribute(commits_of([("Change it", AUTHORS[3])]), registry()).verdict)
    verdicts.add(attribute(commits_of([("Change it", AUTHORS[0])]), registry()).verdict)
    assert verdicts == set(AuthorVerdict) - {AuthorVerdict.ATTESTED_HUMAN}
