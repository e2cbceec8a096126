"""CODEOWNERS and teams of a forge as sources of reviewers and of humans."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.core.owners import parse_owners
from gate.core.policy import SignoffPolicy
from gate.core.verdict import Outcome
from tests.core.test_threats_factories import (
    HUMANS,
    POLICY,
    account,
    changed,
    commit,
    decide,
    forge_of,
    ignored,
    review,
)

P, N, B, I = Outcome.PASSED, Outcome.NEEDS_SIGNOFF, Outcome.BLOCKED, Outcome.INCOMPLETE  # noqa: E741

BY_OWNERS = SignoffPolicy(humans=HUMANS, reviewers={"auth": ("codeowners",), "gate": ("sec1",)})
ALSO_ALICE = replace(BY_OWNERS, reviewers={"auth": ("alice", "codeowners")})
FILES = (changed("auth/login.py"), changed("auth/token.py"))


def owners(text: str, forge: str = "github"):
    return parse_owners(text.encode(), "CODEOWNERS", forge=forge)


def outcome(*names: str, text: str, policy=BY_OWNERS, files=FILES, forge: str = "github", **options):
    reviews = map(review, names) if forge == "github" else (review(account(f"x{n}")) for n in names)
    return decide(*reviews, policy=policy, files=files, owners=owners(text, forge), **options)


def test_every_path_needs_one_of_its_owners():
    text = "auth/login.py @sec1\nauth/token.py @sec2\n"
    one = outcome("sec1", text=text)
    assert one.outcome is N
    assert one.missing == ("auth, auth/token.py: needs sec2.",)
    assert (one.served, one.waiting) == ({"auth": ("sec1",)}, ("auth",))
    assert outcome("sec1", "sec2", text=text).outcome is P


def test_a_named_reviewer_is_enough_for_every_path():
    text = "auth/login.py @sec1\nauth/token.py @sec2\n"
    assert outcome("alice", text=text, policy=ALSO_ALICE).outcome is P


def test_owners_by_login_address_and_second_account():
    for owner in ("@sec1", "@SEC1", "@sec1-second", "Sec1@acme.example"):
        assert outcome("sec1", text=f"* {owner}\n").outcome is P


def test_an_owner_by_login_is_the_human_also_where_a_number_is_listed():
    humans = tuple(replace(h, github_id=9) if h.id == "sec1" else h for h in HUMANS)
    reviews = forge_of(review(account("renamed", number=9)))
    policy = replace(BY_OWNERS, humans=humans)
    signoff = decide(forge=reviews, policy=policy, files=FILES, owners=owners("* @sec1\n"))
    assert (signoff.outcome, signoff.accepted) == (P, ("sec1",))


def test_an_address_that_nobody_has_is_nobody():
    assert outcome("sec1", text="* who@else.example\n").eligible == {"auth": ()}


def test_an_owner_whom_the_policy_does_not_list_is_nobody():
    signoff = outcome("stranger", text="* @stranger\n")
    assert signoff.outcome is N
    assert ignored(signoff) == {"github:stranger": "not a registered human"}
    assert signoff.eligible == {"auth": ()}


def test_the_author_as_owner_is_no_reviewer():
    signoff = outcome("dev", text="* @dev\n")
    assert signoff.outcome is N
    assert signoff.missing[0] == (
        "auth, auth/login.py, auth/token.py: no eligible reviewer, dev made this change. Add another person to "
        "signoff.reviewers.auth on the target branch."
    )


def test_a_path_without_owners_needs_a_named_reviewer():
    signoff = outcome("sec1", text="auth/login.py @sec1\n")
    assert signoff.outcome is N
    assert signoff.missing == (
        (
            "auth, auth/token.py: no listed human owns this: add one to signoff.reviewers.auth or to CODEOWNERS on the "
            "target branch."
        ),
    )


def test_without_a_file_the_word_stands_for_nobody_and_a_note_says_so():
    signoff = decide(review("sec1"), policy=BY_OWNERS)
    assert signoff.outcome is N
    assert any("no CODEOWNERS file" in note for note in signoff.notes)


def test_lines_that_could_not_be_read_are_named():
    signoff = outcome("sec1", text="* @sec1\nauth/ sec2\n")
    assert any(note.startswith("CODEOWNERS:2 ") for note in signoff.notes)


def test_teams_are_owners_only_as_far_as_the_forge_shows_their_members():
    text = "* @acme/security\n"
    assert outcome("sec1", text=text).outcome is N
    teams = {"github:Acme/Security": (account("sec1"), account("stranger"), account("bot", "bot"))}
    forge = forge_of(review("sec1"), teams=teams)
    signoff = decide(forge=forge, policy=BY_OWNERS, files=FILES, owners=owners(text))
    assert (signoff.outcome, signoff.eligible) == (P, {"auth": ("sec1",)})


SECTIONS = "[Auth][2] @sec1 @sec2 @bob\nauth/\n[Tokens] @priv1\nauth/token.py\n^[Docs] @mallory\nauth/\n"


def gitlab(*names: str, text: str = SECTIONS, files=FILES, **fields):
    humans = tuple(replace(human, github=(), gitlab=human.github) for human in HUMANS)
    policy = replace(BY_OWNERS, humans=humans)

    def on_gitlab(name):
        return replace(account(name), account=f"gitlab:{name}")

    forge = forge_of(
        *(review(on_gitlab(name)) for name in names),
        opener=on_gitlab("dev"),
        pushers=(on_gitlab("dev"),),
        **fields,
    )
    return decide(forge=forge, policy=policy, files=files, owners=owners(text, "gitlab"))


@pytest.mark.parametrize(
    ("names", "result"),
    [
        (("sec1",), N),  # the section needs two
        (("sec1", "sec2"), N),  # and the other section needs its own
        (("sec1", "sec2", "priv1"), P),
        (("sec1", "priv1"), N),
        (("sec1", "mallory", "priv1"), N),  # owners of an optional section add nothing
        (("bob", "sec2", "priv1"), P),
    ],
)
def test_every_section_that_is_not_optional_has_to_agree(names, result):
    assert gitlab(*names).outcome is result


def test_what_sections_still_need_is_told():
    signoff = gitlab("sec1")
    assert signoff.missing == (
        "auth, auth/login.py, auth/token.py: needs 2 owners of section Auth of bob, sec1, sec2 (sec1 did).",
        "auth, auth/token.py: needs priv1.",
    )


def test_nothing_is_said_of_owners_who_did_not_sign_yet():
    assert gitlab(files=FILES[:1]).missing == (
        "auth, auth/login.py: needs 2 owners of section Auth of bob, sec1, sec2.",
    )


def test_a_named_reviewer_is_enough_where_a_section_wants_two_and_the_text_says_so():
    policy = replace(BY_OWNERS, reviewers={"auth": ("alice", "codeowners")})
    found = owners("[Auth][2] @sec1 @sec2\nauth/\n")
    two = parse_owners(
        b"[Auth][2] sec1@acme.example sec2@acme.example\nauth/\n", "CODEOWNERS", forge="gitlab"
    )
    assert found.of("auth/x") == ()
    signoff = decide(policy=policy, files=FILES[:1], owners=two)
    assert signoff.missing == (
        "auth, auth/login.py: needs 2 owners of section Auth of sec1, sec2, or 1 of alice.",
    )
    assert decide(review("alice"), policy=policy, files=FILES[:1], owners=two).outcome is P


def test_a_section_with_too_few_owners_left_says_so():
    signoff = gitlab("sec1", text="[Auth][2] @sec1 @dev\nauth/\n", files=FILES[:1])
    assert signoff.missing[0].startswith("auth, auth/login.py: needs 2 owners, and only")


def test_too_few_owners_say_so_before_anybody_signed():
    told = gitlab(text="[Auth][2] @sec1 @dev\nauth/\n", files=FILES[:1]).missing
    assert told[0] == (
        "auth, auth/login.py: needs 2 owners, and only sec1 can sign. Add another person to signoff.reviewers.auth on "
        "the target branch."
    )


def test_many_paths_of_one_owner_are_cut_and_counted():
    files = tuple(changed(f"auth/{name}.py") for name in "abcd")
    told = outcome(text="* @sec1\n", files=files).missing
    assert told == ("auth, auth/a.py, auth/b.py, auth/c.py and 1 more: needs sec1.",)


def test_owners_and_somebody_past_the_last_day_are_told_with_the_reason():
    humans = tuple(replace(h, until="2026-01-01") if h.id == "sec1" else h for h in HUMANS)
    told = outcome(text="* @sec1\n", policy=replace(BY_OWNERS, humans=humans), files=FILES[:1]).missing
    assert told[0].startswith(
        "auth, auth/login.py: no eligible reviewer, sec1 (listed until 2026-01-01 only) may not sign. Add another"
    )


def test_where_all_sections_are_optional_one_owner_is_enough():
    text = "^[A] @sec1\nauth/\n^[B] @sec2\nauth/\n"
    assert gitlab("sec2", text=text).outcome is P
    assert gitlab("bob", text=text).outcome is N
    both = parse_owners(text.replace("@sec1", "sec1@acme.example").encode(), "CODEOWNERS", forge="gitlab")
    policy = replace(BY_OWNERS, reviewers={"auth": ("alice", "codeowners")})
    assert decide(review("alice"), policy=policy, files=FILES, owners=both).outcome is P


# -- humans from teams -------------------------------------------------------------------------------

TEAMS = replace(
    POLICY,
    humans=tuple(h for h in HUMANS if h.id in ("dev", "sec1")),
    reviewers={"auth": ("sec1", "erin")},
    teams=("github:acme/dev",),
    not_humans=("robot",),
)


def members(*names: str, **fields):
    return {"github:acme/dev": tuple(account(name, **fields) for name in names)}


def test_a_member_of_a_team_is_a_human():
    signoff = decide(forge=forge_of(review("erin"), teams=members("erin")), policy=TEAMS)
    assert (signoff.outcome, signoff.accepted) == (P, ("erin",))
    assert decide(forge=forge_of(review("erin"), teams=members("zoe")), policy=TEAMS).outcome is N


@pytest.mark.parametrize("kind", ["bot", "unknown"])
def test_a_member_that_is_no_user_is_not(kind):
    teams = {"github:acme/dev": (account("erin", kind),)}
    assert decide(forge=forge_of(review("erin"), teams=teams), policy=TEAMS).outcome is N


def test_the_number_of_a_member_decides_over_the_login():
    teams = {"github:acme/dev": (account("erin", number=5),)}
    again = decide(forge=forge_of(review(account("erin", number=6)), teams=teams), policy=TEAMS)
    assert (again.outcome, ignored(again)) == (N, {"github:erin": "not a registered human"})
    renamed = decide(forge=forge_of(review(account("erin2", number=5)), teams=teams), policy=TEAMS)
    assert (renamed.outcome, renamed.accepted) == (P, ("erin",))


def test_members_of_a_group_of_gitlab():
    def on_gitlab(name, number=None):
        return replace(account(name), account=f"gitlab:{name}", number=number)

    policy = replace(TEAMS, teams=("gitlab:acme/shop",))
    teams = {"gitlab:acme/shop": (on_gitlab("erin", 5), on_gitlab("zoe"))}
    dev = on_gitlab("erin", 5)
    for who, outcome_, told in (
        (on_gitlab("erin", 6), N, ()),
        (on_gitlab("erin", 5), N, ()),  # opened it
        (on_gitlab("zoe"), N, ("zoe",)),  # reviews nothing here
    ):
        forge = forge_of(review(who), opener=dev, pushers=(dev,), teams=teams)
        signoff = decide(forge=forge, policy=policy)
        assert (signoff.outcome, signoff.accepted) == (outcome_, told)
    assert "erin" in signoff.authors
    assert signoff.accountable == ("erin",)


def test_a_login_of_not_humans_is_not():
    policy = replace(TEAMS, reviewers={"auth": ("robot",)})
    signoff = decide(forge=forge_of(review("robot"), teams=members("Robot", "robot")), policy=policy)
    assert (signoff.outcome, ignored(signoff)) == (N, {"github:robot": "not a registered human"})


def test_a_listed_human_is_never_made_a_second_one():
    teams = members("dev-second", "dev")
    signoff = decide(forge=forge_of(review("dev-second"), teams=teams), policy=TEAMS)
    assert ignored(signoff) == {"dev": "author of this change"}


def test_a_member_with_the_id_of_a_listed_human_is_another_person():
    humans = (*TEAMS.humans[:1], replace(TEAMS.humans[1], github=("sec1-at-work",)))
    policy = replace(TEAMS, humans=humans)
    signoff = decide(forge=forge_of(review("sec1"), teams=members("sec1")), policy=policy)
    assert signoff.outcome is N  # reviewer sec1 is the listed one
    assert signoff.accepted == ("github:sec1",)


def test_nobody_becomes_a_reviewer_by_being_called_codeowners():
    policy = replace(TEAMS, reviewers={"auth": ("codeowners",)})
    forge = forge_of(review("codeowners"), teams=members("codeowners"))
    signoff = decide(forge=forge, policy=policy, owners=owners("* @sec1\n"))
    assert (signoff.outcome, signoff.accepted, signoff.served) == (N, ("github:codeowners",), {"auth": ()})


@pytest.mark.parametrize("teams", [{}, {"github:acme/dev": None}])
def test_a_team_that_cannot_be_read_is_a_missing_fact(teams):
    signoff = decide(forge=forge_of(review("sec1"), teams=teams), policy=TEAMS)
    assert signoff.outcome is I
    assert signoff.missing == (
        "Who is in github:acme/dev could not be read, and signoff.humans_from takes humans from there.",
    )


def test_a_team_of_another_forge_is_not_asked_for():
    policy = replace(TEAMS, teams=("gitlab:acme",))
    assert decide(review("sec1"), policy=policy).outcome is P


def test_commits_of_a_member_are_those_of_a_known_person():
    from gate.core.change import Person

    stranger = Person(name="Erin", email="erin@home.example")
    erin = account("erin")
    options = {
        "commits": (commit(stranger),),
        "policy": TEAMS,
        "forge": forge_of(
            review("sec1"),
            opener=erin,
            pushers=(erin,),
            teams=members("erin"),
            commit_accounts={commit().sha: (erin, erin)},
        ),
    }
    signoff = decide(**options)
    assert (signoff.authors, signoff.unresolved, signoff.outcome) == (("erin",), (), P)


# -- teams that cannot be read -----------------------------------------------------------------------


def by_team(*reviews, text="* @acme/security\n", named=(), members=None):
    policy = replace(BY_OWNERS, reviewers={"auth": (*named, "codeowners")})
    forge = forge_of(*reviews, teams={"github:acme/security": members})
    return decide(forge=forge, policy=policy, files=FILES, owners=owners(text))


def test_a_team_of_owners_that_cannot_be_read_is_a_missing_fact():
    signoff = by_team(review("sec1"))
    assert signoff.outcome is I
    assert signoff.missing == (
        "Who is in github:acme/security could not be read, and CODEOWNERS names it as owner.",
    )


def test_a_team_that_nobody_needs_may_be_unreadable():
    assert by_team(review("sec1"), named=("sec1",)).outcome is P
    assert by_team(review("sec1"), text="* @sec1\nother/ @acme/security\n").outcome is P


def test_whoever_objects_could_be_of_a_team_that_cannot_be_read():
    objection = review("bob", state="changes_requested")
    assert by_team(review("sec1"), objection, named=("sec1",)).outcome is I
    assert by_team(review("sec1"), objection, named=("sec1", "bob")).outcome is B
