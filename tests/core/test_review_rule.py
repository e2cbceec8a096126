"""What the sign-off rule says in the verdict."""

from __future__ import annotations

from types import SimpleNamespace

from gate.core.rules.signoff import signoff
from gate.core.verdict import Outcome
from tests.core.test_threats_factories import (
    LOGIN,
    OLD,
    authored,
    by_ai,
    change_of,
    changed,
    decide,
    forge_of,
    review,
)

FILES = (LOGIN, *(changed(f"auth/{name}.py") for name in "abcd"))


def said(decided):
    (result,) = signoff(SimpleNamespace(signoff=decided))
    assert result.rule == "signoff.required"
    assert result.outcome is decided.outcome
    return result.because, result.to_pass


def test_nothing_sensitive():
    assert said(decide(files=())) == (
        "No sensitive area is touched, as far as structure, paths and area rules can tell.",
        "",
    )


def test_waiting_names_places_people_and_why_approvals_do_not_count():
    assert said(decide(review("dev"), review("bob", commit=None), files=FILES)) == (
        (
            "Sensitive areas are touched: auth (auth/a.py, auth/b.py, auth/c.py and 2 more). "
            "Approvals that do not count: bob (no commit id), dev (author of this change)."
        ),
        "auth: needs 1 of alice, sec1, sec2.",
    )


def test_a_pass_names_who_signed_and_what_was_carried_over():
    digest = change_of(LOGIN).change_digest
    because, to_pass = said(decide(review("sec1", commit=OLD), review("bob"), older_digests={OLD: digest}))
    assert because == (
        "Sensitive areas are touched: auth (auth/login.py). "
        "Signed off by bob, sec1 (for an earlier commit with the same content)."
    )
    assert to_pass == ""


def test_an_objection_blocks_and_says_who_can_lift_it():
    because, to_pass = said(decide(review("sec1", "changes_requested"), authorship=authored(by_ai())))
    assert because.endswith("Changes were requested by sec1.")
    assert to_pass == "sec1 requested changes: the same person approves, withdraws it, or it is dismissed."


def test_what_cannot_be_told_is_incomplete():
    because, to_pass = said(decide(forge=forge_of(missing=("reviews, page 2: HTTP 403",))))
    assert because.endswith("Whether a human signed off cannot be told.")
    assert to_pass == "The forge did not tell everything: reviews, page 2: HTTP 403."
    decided = decide(files=(), missing=("The history is shallow.",))
    assert decided.outcome is Outcome.INCOMPLETE
    assert said(decided)[0] == "Which sensitive areas this change touches cannot be told."


def test_lines_stand_before_whole_files():
    long = changed("auth/z.py", "a\n", "a\u202eb\n")
    assert "opaque (auth/z.py:1)" in said(decide(files=(long,)))[0]
