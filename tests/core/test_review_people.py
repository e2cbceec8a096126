"""Which human stands behind an account or an address."""

from __future__ import annotations

import pytest

from gate.core.policy import Human
from gate.core.review import Account
from gate.core.review.people import People

PEOPLE = People(
    (
        Human(id="ann", github=("ann", "ann-work"), gitlab=("a.nn",), emails=("Ann@Acme.example",)),
        Human(id="ben", github=("ben",), github_id=7, gitlab=("ben",), gitlab_id=8),
    )
)


@pytest.mark.parametrize(
    ("account", "human"),
    [
        (Account(account="github:ann", kind="user"), "ann"),
        (Account(account="github:ANN-work", kind="user"), "ann"),
        (Account(account="gitlab:a.nn", kind="user"), "ann"),
        (Account(account="gitlab:ann", kind="user"), None),
        (Account(account="forgejo:ann", kind="user"), None),
        (Account(account="github:ann", kind="bot"), None),
        (Account(account="github:ann", kind="unknown"), None),
        (Account(account="github:ben", kind="user", number=7), "ben"),
        (Account(account="github:renamed", kind="user", number=7), "ben"),
        (Account(account="github:ben", kind="user", number=9), None),
        (Account(account="github:ben", kind="user"), None),
        (Account(account="gitlab:ben", kind="user", number=7), None),
    ],
)
def test_an_account_is_a_human_by_number_else_by_login_and_only_if_a_user(account, human):
    assert PEOPLE.by_account(account) == human


def test_everyone_else_keeps_the_name_of_the_account():
    assert PEOPLE.behind(Account(account="github:zoe", kind="user")) == "account:github/zoe"


def test_for_keeping_somebody_out_a_login_is_enough():
    assert PEOPLE.could_be(Account(account="github:ben", kind="unknown")) == "ben"
    assert PEOPLE.could_be(Account(account="github:ben", kind="user", number=9)) == "account:github/ben"
    assert PEOPLE.could_be(Account(account="github:ann", kind="bot")) == "account:github/ann"


@pytest.mark.parametrize(
    ("email", "human"),
    [
        ("ann@acme.EXAMPLE", "ann"),
        (" ann@acme.example ", "ann"),
        ("ann@elsewhere.example", None),
        ("7+whoever@users.noreply.github.com", "ben"),
        ("9+ben@users.noreply.github.com", None),
        ("ben@users.noreply.github.com", "ben"),
        ("5+ann@users.noreply.github.com", "ann"),
        ("8-whoever@users.noreply.gitlab.com", "ben"),
        ("7-ben@users.noreply.gitlab.com", None),
        ("5-a.nn@users.noreply.git.acme.example", "ann"),
        ("5+ann@users.noreply.git.acme.example", "ann"),
        ("", None),
    ],
)
def test_an_address_is_a_human_if_listed_or_the_private_one_of_a_forge(email, human):
    assert PEOPLE.by_email(email) == human


@pytest.mark.parametrize(
    ("text", "human"),
    [
        ("Ann <ann@acme.example>", "ann"),
        ("ann@acme.example", "ann"),
        ("@ann-work", "ann"),
        ("ben", "ben"),
        ("Zoe <zoe@x.example>", None),
        ("", None),
    ],
)
def test_text_names_a_human_by_address_login_or_id(text, human):
    assert PEOPLE.by_text(text) == human
