"""Who made a change, who answers for it, and how many have to sign."""

from __future__ import annotations

import pytest

from gate.core.authorship import AuthorVerdict, CommitAuthorship, Evidence
from gate.core.change import Person
from tests.core.test_threats_factories import (
    CLAUDE,
    HEAD,
    OLD,
    STRICT,
    WEB,
    account,
    authored,
    by_ai,
    commit,
    decide,
    forge_of,
    person,
)


def evidence(prompter: str) -> Evidence:
    return Evidence(
        signature="s",
        agent="claude-code",
        role="authored",
        grade="A",
        registry_grade="A",
        source="note",
        field="note",
        place="note",
        line=0,
        text="",
        prompter=prompter,
    )


def test_every_role_is_in_the_author_set():
    signoff = decide(
        commits=(commit("alice", "bob"),),
        authorship=authored(
            by_ai(coauthors=(person("sec1"),), signers=(person("sec2"),), evidence=(evidence("mallory"),))
        ),
        forge=forge_of(requester=account("priv1"), pushers=(account("stranger"),)),
    )
    assert signoff.authors == tuple(
        sorted(["account:github/stranger", "alice", "bob", "dev", "mallory", "priv1", "sec1", "sec2"])
    )
    assert signoff.accountable == ("dev", "priv1")
    assert signoff.eligible == {"auth": ()}


@pytest.mark.parametrize("verdict", list(AuthorVerdict))
def test_signers_are_authors_where_an_ai_wrote_or_counts_as_having_written(verdict):
    judged = authored(CommitAuthorship(sha=HEAD, verdict=verdict, signers=(person("sec2"),)))
    assert ("sec2" in decide(authorship=judged).authors) is verdict.is_ai
    assert "sec2" in decide(authorship=judged, undeclared_is_ai=True).authors


@pytest.mark.parametrize("verdict", list(AuthorVerdict))
def test_whatever_a_commit_calls_itself_it_counts_as_ai_where_undeclared_ones_do(verdict):
    """Anyone can commit as renovate[bot]."""
    judged = authored(CommitAuthorship(sha=HEAD, verdict=verdict))
    assert decide(authorship=judged).ai is verdict.is_ai
    assert decide(authorship=judged, undeclared_is_ai=True).ai


def test_a_prompter_whom_nobody_knows_keeps_his_name():
    signoff = decide(authorship=authored(by_ai(), evidence=(evidence("Zoe Q"),)))
    assert signoff.authors == ("dev", "name:Zoe Q")


def test_an_agent_is_never_a_person_but_a_listed_human_never_an_agent():
    judged = authored(by_ai(author_is_agent=True))
    assert decide(commits=(commit(CLAUDE, "dev"),), authorship=judged).authors == ("dev",)
    assert decide(commits=(commit("alice", "dev"),), authorship=judged).authors == ("alice", "dev")
    assert decide(commits=(commit("alice", "dev"),), is_agent=lambda *_: True).authors == ("alice", "dev")


def test_automation_that_is_no_agent_is_nobody_known():
    bot = commit(Person(name="renovate[bot]", email="r@bots.example"), WEB)
    judged = authored(CommitAuthorship(sha=HEAD, verdict=AuthorVerdict.BOT))
    signoff = decide(commits=(bot,), authorship=judged)
    assert (signoff.authors, signoff.needed, signoff.ai) == (("dev", "email:r@bots.example"), 2, False)


def test_the_web_committer_stands_for_nobody():
    signoff = decide(commits=(commit("dev", WEB),))
    assert (signoff.authors, signoff.unresolved, signoff.needed) == (("dev",), (), 1)


@pytest.mark.parametrize(
    ("given", "unresolved"),
    [
        (commit(Person(name="X", email="x@home.example"), "dev"), "x@home.example (author"),
        (commit("dev", Person(name="X", email="x@home.example")), "x@home.example (committer"),
        (commit(WEB, WEB), "noreply@github.com (author"),
        (commit(Person(name="X", email="")), "X (author"),
        (commit(Person(name="", email="")), "without a name (author"),
    ],
)
def test_an_identity_that_is_nobody_known_asks_for_two(given, unresolved):
    signoff = decide(commits=(given,))
    assert signoff.unresolved == (f"{unresolved} of {HEAD[:12]})",)
    assert signoff.needed == 2


def test_an_account_of_kind_user_that_the_forge_found_resolves_an_address():
    stranger = commit(Person(name="X", email="x@home.example"))
    found = (account("zoe"), account("alice"))
    signoff = decide(commits=(stranger,), forge=forge_of(commit_accounts={HEAD: found}))
    assert (signoff.authors, signoff.unresolved) == (("account:github/zoe", "alice", "dev"), ())
    for kind in ("bot", "unknown"):
        pair = (account("zoe", kind), account("zoe"))
        assert decide(commits=(stranger,), forge=forge_of(commit_accounts={HEAD: pair})).needed == 2


def test_a_deleted_opener_is_unresolved():
    for opener in (None, account("ghost", "unknown")):
        signoff = decide(forge=forge_of(opener=opener))
        assert signoff.needed == 2
        assert signoff.unresolved[0].endswith("(opener of the merge request)")


def test_a_clean_update_merge_adds_nobody():
    merge = commit("sec1", WEB, sha=OLD, update_merge=True)
    assert decide(commits=(merge, commit())).authors == ("dev",)
    assert decide(commits=(merge, commit()), undeclared_is_ai=True, authorship=authored(by_ai())).ai


def test_people_of_earlier_heads_are_kept_out():
    earlier = (commit("alice", "sec2", sha=OLD), commit("sec1", WEB, sha="d" * 40))
    signoff = decide(earlier_commits=earlier)
    assert signoff.authors == ("alice", "dev", "sec1", "sec2")


@pytest.mark.parametrize(
    ("options", "needed"),
    [
        ({}, 1),
        ({"authorship": authored(by_ai())}, 1),
        ({"authorship": authored(by_ai()), "policy": STRICT}, 2),
        ({"authorship": authored(by_ai()), "forge": None}, 2),
        ({"authorship": authored(by_ai()), "forge": forge_of(opener=account("zoe"), pushers=None)}, 2),
        ({"authorship": authored(by_ai()), "forge": forge_of(opener=account("zoe"))}, 1),
        ({"forge": forge_of(opener=account("x[bot]", "bot"), pushers=())}, 2),
        ({"forge": forge_of(opener=account("x[bot]", "bot"), requester=account("bob"), pushers=None)}, 1),
        ({"undeclared_is_ai": True, "forge": None}, 2),
        ({"undeclared_is_ai": True, "commits": (commit(sha=OLD),), "forge": None}, 2),
        ({"files": ()}, 0),
    ],
)
def test_how_many_have_to_sign(options, needed):
    assert decide(**options).needed == needed


def test_a_machine_account_of_kind_user_that_opens_makes_it_an_ai_change():
    signoff = decide(
        forge=forge_of(opener=account("our-agent"), pushers=None),
        is_agent=lambda name, _: name == "our-agent",
    )
    assert (signoff.ai, signoff.needed) == (True, 2)


def test_the_first_role_is_told_whatever_the_order_of_commits():
    commits = (commit("alice", "bob"), commit("bob", "alice", sha=OLD))
    assert decide(commits=commits) == decide(commits=commits[::-1])


def test_a_stranger_of_several_commits_is_told_once_with_how_many_more():
    stranger = Person(name="X", email="x@home.example")
    several = tuple(commit(stranger, "dev", sha=f"{number:040x}") for number in range(3))
    assert decide(commits=several).unresolved == (f"x@home.example (author of {'0' * 12} and 2 more)",)
