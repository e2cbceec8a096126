"""Who is listed, who reviews what: nobody twice, nobody unknown, no key that is not exactly one key."""

from __future__ import annotations

import textwrap

import pytest

from gate.config import load_policy
from tests.config.reading import KEY, error, errors, warnings


def humans(*entries: str, more: str = "") -> str:
    return "version: 1\nsignoff:\n  humans:\n" + "".join(f"    - {entry}\n" for entry in entries) + more


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{github: alice}", "4:7: signoff.humans[0]: the key 'id' is missing"),
        ("alice", "4:7: signoff.humans[0]: expected a mapping, found the text 'alice'"),
        (
            "{id: alice smith, github: a}",
            "4:12: signoff.humans[0].id: 'alice smith' is not an id (letters, digits, '.', '_', '@', '+', '-')",
        ),
        (
            "{id: '*', github: a}",
            "4:12: signoff.humans[0].id: '*' is not an id (letters, digits, '.', '_', '@', '+', '-')",
        ),
        (
            "{id: codeowners, github: a}",
            "4:12: signoff.humans[0].id: 'codeowners' is a word with a meaning of its own in reviewer lists",
        ),
        (
            "{id: 7, github: a}",
            (
                "4:12: signoff.humans[0].id: expected an id (letters, digits, '.', '_', '@', '+', '-'), "
                "found the number 7; put it in quotes"
            ),
        ),
        (
            "{id: a, github: '@alice'}",
            "4:23: signoff.humans[0].github: '@alice' starts with '@'; write 'alice'",
        ),
        (
            "{id: a, github: [alice, 'renovate[bot]']}",
            "4:31: signoff.humans[0].github[1]: 'renovate[bot]' is a bot; only humans can sign off",
        ),
        ("{id: a, github: []}", "4:23: signoff.humans[0].github: the list is empty"),
        (
            "{id: a, github: 12}",
            "4:23: signoff.humans[0].github: expected a login, found the number 12; put it in quotes",
        ),
        ("{id: a, gitlab: a/b}", "4:23: signoff.humans[0].gitlab: 'a/b' is not a login"),
        ("{id: a, gitlab_id: 0}", "4:26: signoff.humans[0].gitlab_id: 0 is too small; the smallest is 1"),
        (
            "{id: a, emails: [a.example.com]}",
            "4:24: signoff.humans[0].emails[0]: 'a.example.com' is not an e-mail address",
        ),
        (
            "{id: a, github: a, until: 2027-02-30}",
            "4:33: signoff.humans[0].until: '2027-02-30' is not a date; write it as YYYY-MM-DD",
        ),
        (
            "{id: a, github: a, until: 31.1.2027}",
            "4:33: signoff.humans[0].until: '31.1.2027' is not a date; write it as YYYY-MM-DD",
        ),
        (
            "{id: a, github: a, name: Ann}",
            (
                "4:26: unknown key 'name' in signoff.humans[0]; "
                "known here: id, github, gitlab, github_id, gitlab_id, emails, keys, until"
            ),
        ),
    ],
)
def test_a_person_is_written_in_one_way(entry, message):
    assert error(humans(entry)) == message


@pytest.mark.parametrize(
    ("key", "complaint"),
    [
        (
            "ssh-dss AAAAB3NzaC1kc3M",
            (
                "'ssh-dss AAAAB3NzaC1kc3M' is not an SSH public key; it starts with one of ssh-ed25519, "
                "sk-ssh-ed25519@openssh.com, ecdsa-sha2-nistp256, ecdsa-sha2-nistp384, ecdsa-sha2-nistp521, "
                "sk-ecdsa-sha2-nistp256@openssh.com, ssh-rsa"
            ),
        ),
        (
            KEY[:40],
            f"'{KEY[:40]}' is not a whole SSH public key; copy the line of the .pub file again",
        ),
        (
            KEY.replace("ssh-ed25519", "ssh-rsa"),
            (
                f"'{KEY.replace('ssh-ed25519', 'ssh-rsa')[:59]}…' is not a whole SSH public key; "
                "copy the line of the .pub file again"
            ),
        ),
        (
            "-----BEGIN OPENSSH PRIVATE KEY-----",
            "this is a private key; revoke it, it is public now. Give the line of the .pub file",
        ),
        (f"{KEY} a\\n* {KEY}", f"'{KEY[:59]}…' must be one line without tabs"),
    ],
)
def test_a_key_is_one_whole_public_key_on_one_line(key, complaint):
    assert error(humans(f'{{id: a, keys: ["{key}"]}}')) == f"4:22: signoff.humans[0].keys[0]: {complaint}"


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (
            "{id: bob, github: a}",
            "{id: Bob, github: b}",
            "5:12: signoff.humans[1].id: the id 'Bob' stands in line 4 already",
        ),
        (
            "{id: a, github: [x, Bob]}",
            "{id: b, github: bob}",
            "5:23: signoff.humans[1].github: the GitHub login 'bob' stands in line 4 already",
        ),
        (
            "{id: a, gitlab: bob}",
            "{id: b, gitlab: [bob]}",
            "5:24: signoff.humans[1].gitlab: the GitLab user name 'bob' stands in line 4 already",
        ),
        (
            "{id: a, github_id: 7}",
            "{id: b, github_id: 7}",
            "5:26: signoff.humans[1].github_id: the GitHub account id '7' stands in line 4 already",
        ),
        (
            "{id: a, emails: [alice@example.com]}",
            "{id: b, emails: [Alice@example.com]}",
            "5:24: signoff.humans[1].emails: the e-mail address 'Alice@example.com' stands in line 4 already",
        ),
        (
            f"{{id: a, keys: [{KEY} one]}}",
            f"{{id: b, keys: [{KEY} two]}}",
            f"5:22: signoff.humans[1].keys: the key '{KEY[:59]}…' stands in line 4 already",
        ),
    ],
)
def test_nobody_can_be_two_people(first, second, message):
    assert error(humans(first, second)) == message


def test_one_person_repeated_in_one_list_is_told_once():
    assert errors(humans("{id: a, emails: [a@b.c, a@b.c]}")) == [
        "4:31: signoff.humans[0].emails: 'a@b.c' is listed twice"
    ]


def test_the_same_login_on_two_forges_can_be_two_people():
    assert warnings(humans("{id: a, github: bob}", "{id: b, gitlab: bob}")) == []


@pytest.mark.parametrize(
    ("reviewers", "message"),
    [
        (
            "{auth: []}",
            "5:21: signoff.reviewers.auth: the list is empty; name at least one person or remove the area",
        ),
        ("{auth: alice}", "5:21: signoff.reviewers.auth: expected a list, found the text 'alice'"),
        (
            "{auth: [alcie]}",
            "5:22: signoff.reviewers.auth: 'alcie' is not in signoff.humans; did you mean 'alice'?",
        ),
        (
            "{auth: [Alice]}",
            "5:22: signoff.reviewers.auth: 'Alice' is not in signoff.humans; did you mean 'alice'?",
        ),
        (
            "{auth: [zoe]}",
            "5:22: signoff.reviewers.auth: 'zoe' is not in signoff.humans; add the person there",
        ),
        ("{auth: [alice, alice]}", "5:29: signoff.reviewers.auth: 'alice' is listed twice"),
        ("{crypt: [alice]}", "5:15: signoff.reviewers: there is no area 'crypt'; did you mean 'crypto'?"),
        (
            "{zzz: [alice]}",
            (
                "5:15: signoff.reviewers: there is no area 'zzz'; known are "
                "auth, authz, crypto, data, gate, supply, opaque, money"
            ),
        ),
    ],
)
def test_reviewers_are_listed_humans_of_known_areas(reviewers, message):
    more = f"  reviewers: {reviewers}\nareas: {{money: {{paths: [a]}}}}\n"
    assert error(humans("{id: alice, github: alice}", more=more)) == message


def test_an_area_of_the_team_can_have_reviewers():
    more = "  reviewers: {money: [alice]}\nareas: {money: {paths: [a]}}\n"
    assert warnings(humans("{id: alice, github: alice}", more=more)) == []


def test_an_entry_that_recognises_nobody_is_remarked_on():
    assert warnings(humans("{id: alice}")) == [
        "4:7: signoff.humans[0]: without an account, address or key nobody is recognised by it"
    ]


def test_a_number_of_sign_offs_that_cannot_be_reached_is_remarked_on():
    assert warnings(humans("{id: a, github: a}", "{id: b, github: b}", more="  min: 2\n  ai_min: 3\n")) == [
        "7:11: signoff.ai_min: 3 sign-offs cannot be reached, only 2 humans are listed"
    ]


def test_logins_that_are_no_humans_are_useless_without_teams_and_wrong_for_listed_people():
    assert warnings(humans("{id: a, github: a}", more="  not_humans: [bot-1]\n")) == [
        "5:15: signoff.not_humans: has no effect without signoff.humans_from"
    ]
    assert error(humans("{id: a, github: a}", more="  not_humans: [a]\n")) == (
        "5:16: signoff.not_humans: 'a' is listed in signoff.humans"
    )


def test_teams_codeowners_and_break_glass_are_read():
    policy = load_policy(
        textwrap.dedent(
            """
        version: 1
        signoff:
          humans: [{id: alice, github: alice}]
          reviewers: {auth: [codeowners], data: [alice, erin]}
          humans_from: {github_teams: [acme/dev], gitlab_groups: [acme, acme/shop]}
          not_humans: [build-bot]
          break_glass: {people: [alice], max_hours: 24}
        """
        ).encode()
    )
    signoff = policy.signoff
    assert signoff.reviewers["auth"] == ("codeowners",)
    assert signoff.teams == ("github:acme/dev", "gitlab:acme", "gitlab:acme/shop")
    assert signoff.not_humans == ("build-bot",)
    assert (signoff.break_glass.people, signoff.break_glass.max_hours) == (("alice",), 24)
    assert policy.warnings == (
        (
            ".gate.yml:5:49: signoff.reviewers.data: 'erin' is not in signoff.humans; it counts only as the login of a "
            "member of signoff.humans_from"
        ),
    )


def test_without_people_there_is_no_override():
    assert load_policy(b"version: 1\nsignoff: {break_glass: {}}").signoff.break_glass is None
    assert load_policy(b"version: 1\nsignoff: {break_glass: {people: []}}").signoff.break_glass is None


def test_a_misspelt_reviewer_is_an_error_also_with_teams():
    more = "  reviewers: {auth: [alcie]}\n  humans_from: {github_teams: [acme/dev]}\n"
    assert error(humans("{id: alice, github: alice}", more=more)) == (
        "5:22: signoff.reviewers.auth: 'alcie' is not in signoff.humans; did you mean 'alice'?"
    )
