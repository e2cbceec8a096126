"""The threat table, rows of signed statements, with the real ssh-keygen. A test has the number of its row."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import replace

import pytest

from gate.core.review import Account, Decision, ForgeFacts, Member
from gate.core.review.statement import payload
from gate.core.verdict import Outcome

P, N, B, I = Outcome.PASSED, Outcome.NEEDS_SIGNOFF, Outcome.BLOCKED, Outcome.INCOMPLETE  # noqa: E741
LATER = "2026-01-21T00:00:00Z"


def why(signoff) -> str:
    """The one reason of the one statement that does not count."""
    (refused,) = [one for one in signoff.statements if not one.counts]
    assert any(one.why == refused.why for one in signoff.ignored)
    return refused.why


def forge(shop, *decisions: Decision, **fields) -> ForgeFacts:
    change = shop.change()
    dev = Account(account="github:dev", kind="user")
    given = {
        "repo": change.repo,
        "change": "12",
        "target": change.target,
        "target_protected": True,
        "head": change.head,
        "opener": dev,
        "pushers": (dev,),
        "decisions": decisions,
    }
    return ForgeFacts(**{**given, **fields})


def review(shop, who: str, **fields) -> Decision:
    given = {
        "id": "1",
        "account": Account(account=f"github:{who}", kind="user"),
        "state": "approved",
        "at": "2026-01-19T00:00:00Z",
        "commit": shop.change().head,
        "permission": "write",
    }
    return Decision(**{**given, **fields})


def test_a_signed_statement_of_a_reviewer_is_enough_without_a_forge(shop):
    shop.start().signed("sec1")
    signoff = shop.decide()
    assert (signoff.outcome, signoff.accepted) == (P, ("sec1",))
    assert [one.counts for one in signoff.statements] == [True]


# -- 56: replay --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (
            {"target": "refs/tags/v1.1"},
            "it is for refs/tags/v1.1, and this change goes to refs/heads/main",
        ),
        ({"target": "refs/heads/release"}, "it is for refs/heads/release, and this"),
        (
            {"repo": "host.example/acme/other"},
            "it is for the repository host.example/acme/other, and this is repo",
        ),
        ({"change_digest": "sha256:" + "1" * 64, "commit": "c" * 40}, "cannot be compared"),
    ],
    ids=["tag", "branch", "repository", "base"],
)
def test_t56_statement_replayed_to_something_else(shop, fields, told):
    shop.start().signed("sec1", **fields)
    signoff = shop.decide()
    assert signoff.outcome is N
    assert told in why(signoff)


def test_t56_statement_replayed_to_another_base_of_the_same_file(shop):
    """The same head content on a base where the same file is another: what the reviewer saw is not what merges."""
    shop.start().signed("sec1")
    shop.repo.checkout("main")
    shop.repo.commit({"auth/login.py": LOGIN_OF_MAIN})
    topic = shop.repo.tree("topic")
    shop.repo.branch("topic", shop.repo.rev("main"))
    shop.repo.checkout("topic")
    shop.repo.commit({}, tree=topic)
    signoff = shop.decide()
    assert signoff.outcome is N
    assert why(signoff).endswith("files changed since: auth/login.py")


LOGIN_OF_MAIN = "def login(user, password):\n    return check(user, password) and allowed(user)\n"


# -- 57: what makes a signature worthless ------------------------------------------------------------


def tampered(data: bytes) -> bytes:
    document = json.loads(data)
    raw = b64decode(document["payload"]).replace(b'"areas":["auth"]', b'"areas":["auth","crypto"]')
    return json.dumps({**document, "payload": b64encode(raw).decode()}).encode()


def test_t57_tampered_statement(shop):
    shop.start().put(tampered(shop.keys.bundle(shop.statement(), "sec1")))
    signoff = shop.decide()
    assert signoff.outcome is N
    assert why(signoff).startswith("its content was changed after it was signed")


@pytest.mark.parametrize("namespace", ["git", "file", "gate-signoff2"])
def test_t57_signed_for_another_purpose(shop, namespace):
    shop.start().put(shop.keys.bundle(shop.statement(), "sec1", namespace=namespace))
    signoff = shop.decide()
    assert (signoff.outcome, why(signoff)) == (N, f"it is signed for '{namespace}' and not for gate-signoff")


def test_t57_key_that_is_not_listed(shop):
    shop.start().signed("sec1", key="unlisted")
    signoff = shop.decide()
    assert signoff.outcome is N
    assert why(signoff).startswith("it is signed with a key that is not listed for sec1 (SHA256:")


def test_t57_key_of_somebody_else(shop):
    shop.start().signed("sec1", key="sec2")
    signoff = shop.decide()
    assert signoff.outcome is N
    assert why(signoff).startswith("it speaks for sec1 and is signed with a key of sec2 (SHA256:")


def test_t57_author_signs_in_his_own_name(shop):
    shop.start().signed("dev")
    signoff = shop.decide()
    assert (signoff.outcome, why(signoff)) == (N, "author of this change")


def test_t57_identity_that_the_policy_does_not_list(shop):
    shop.start().signed("ghost", key="sec1")
    signoff = shop.decide()
    assert signoff.outcome is N
    assert "speaks for ghost and is signed with a key of sec1" in why(signoff)


def test_t57_expired_statement(shop):
    shop.start().signed("sec1", expires_at="2026-01-31T23:59:59Z")
    signoff = shop.decide()
    assert (signoff.outcome, why(signoff)) == (N, "expired at 2026-01-31T23:59:59Z")
    assert shop.decide(now="2026-01-31T23:59:58Z").outcome is P


def test_t57_expired_key(shop):
    line = f'sec1 namespaces="gate-signoff",valid-before="20260125" {shop.keys.public("old")}\n'
    shop.start(files={".gate/allowed_signers": line}).signed("sec1", key="old")
    signoff = shop.decide()
    assert signoff.outcome is N
    assert why(signoff).startswith("its key is not valid at this time (SHA256:")
    assert shop.decide(now="2026-01-24T00:00:00Z").outcome is P


def test_t57_backdated_statement_of_an_expired_key(shop):
    """Who has an old key can write any date into a statement: the time of the run decides."""
    line = f'sec1 namespaces="gate-signoff",valid-before="20260125" {shop.keys.public("old")}\n'
    shop.start(files={".gate/allowed_signers": line})
    shop.signed("sec1", key="old", created_at="2026-01-02T00:00:00Z")
    assert shop.decide().outcome is N


def test_t57_revoked_key(shop):
    shop.start(files={".gate/revoked_keys": shop.keys.public("sec1") + "\n"}).signed("sec1")
    signoff = shop.decide()
    assert signoff.outcome is N
    assert why(signoff).startswith("its key was revoked (SHA256:")


def test_t57_file_of_revoked_keys_that_cannot_be_read(shop):
    shop.start(files={".gate/revoked_keys": "garbage\n"}).signed("sec1")
    signoff = shop.decide()
    assert signoff.outcome is N
    assert why(signoff).startswith("its key was revoked, or the file of revoked keys cannot be read (SHA256:")


def test_t57_statement_from_the_future(shop):
    shop.start().signed("sec1", created_at="2026-02-01T00:11:00Z")
    signoff = shop.decide()
    assert (signoff.outcome, why(signoff)) == (N, "its date lies in the future (2026-02-01T00:11:00Z)")
    assert shop.decide(now="2026-02-01T00:01:00Z").outcome is P


def test_t57_areas_that_the_statement_does_not_name(shop):
    shop.start().signed("sec1", areas=("crypto",))
    signoff = shop.decide()
    assert signoff.outcome is N
    assert [one.why for one in signoff.statements] == ["it is for crypto, which this change does not touch"]


# -- 59, 60 ------------------------------------------------------------------------------------------


def test_t59_signers_changed_inside_the_change(shop):
    shop.start()
    line = f'sec1 namespaces="gate-signoff" {shop.keys.public("mallory")}\n'
    shop.repo.commit({".gate/allowed_signers": line})
    shop.signed("sec1", key="mallory", areas=("auth", "gate"))
    signoff = shop.decide()
    assert signoff.outcome is N
    assert {"auth", "gate"} <= set(signoff.areas)
    assert "not listed for sec1" in why(signoff)


def test_t60_notes_that_were_not_fetched(shop, tmp_path):
    shop.start()
    shop.note(shop.keys.bundle(shop.statement(), "sec1"), "topic")
    assert shop.decide().outcome is P
    clone = shop.repo.clone(tmp_path / "clone")
    clone.git("branch", "main", "origin/main")
    clone.git("branch", "-f", "topic", "origin/topic", check=False)
    shop.repo = clone
    signoff = shop.decide()
    assert signoff.outcome is N
    assert any(
        "git fetch origin refs/notes/gate-signoff:refs/notes/gate-signoff" in note for note in signoff.notes
    )
    clone.git("fetch", "-q", "origin", "refs/notes/gate-signoff:refs/notes/gate-signoff")
    # The clone has another name (there is no host in its remote), so what was signed is another repository.
    assert "it is for the repository repo, and this is" in why(shop.decide())


# -- 61: break-glass ---------------------------------------------------------------------------------

GLASS = "  break_glass: {people: [sec2, dev], max_hours: 48}\n"
OVERRIDE = {
    "decision": "override",
    "created_at": "2026-01-31T20:00:00Z",
    "expires_at": "2026-02-02T00:00:00Z",
    "text": "Login is down for everybody, ticket OPS-7",
}


def test_t61_override_that_is_complete(shop):
    shop.start(more=GLASS).signed("sec2", **OVERRIDE)
    signoff = shop.decide()
    assert signoff.outcome is P
    assert (signoff.override.by, signoff.override.reason) == ("sec2", OVERRIDE["text"])
    assert (signoff.override.expires_at, signoff.override.recent) == ("2026-02-02T00:00:00Z", 1)
    assert signoff.missing == (
        "auth: needs 1 of alice, sec1, sec2.",
        (
            "Approvals were not asked for: give the merge request's reviews with --reviews FILE, or signed "
            "statements with --signoffs PATH."
        ),
    )
    assert signoff.accepted == ()


def test_t61_override_by_an_author_who_is_named(shop):
    shop.start(more=GLASS).signed("dev", **OVERRIDE)
    assert shop.decide().override.by == "dev"


@pytest.mark.parametrize(
    ("who", "fields", "told"),
    [
        ("sec2", {"text": None}, "an override needs a reason of at least 15 characters"),
        ("sec2", {"text": "urgent"}, "an override needs a reason of at least 15 characters"),
        ("sec2", {"expires_at": None}, "an override needs an end (expiresAt)"),
        ("sec2", {"expires_at": "2026-02-01T00:00:00Z"}, "expired at 2026-02-01T00:00:00Z"),
        (
            "sec2",
            {"expires_at": "2026-02-02T20:00:01Z"},
            "an override may last 48 hours, and this one ends 2026-02-02T20:00:01Z",
        ),
        ("sec1", {}, "signoff.break_glass does not name this person"),
        ("sec2", {"commit": "c" * 40}, "an override is for one commit: it names cccccccccccc, and this is"),
    ],
    ids=["no reason", "short reason", "no end", "expired", "too long", "unnamed person", "other commit"],
)
def test_t61_override_that_does_not_hold(shop, who, fields, told):
    shop.start(more=GLASS).signed(who, **{**OVERRIDE, **fields})
    signoff = shop.decide()
    assert (signoff.outcome, signoff.override) == (N, None)
    assert why(signoff).startswith(told)


def test_t61_override_where_the_policy_allows_none(shop):
    shop.start().signed("sec2", **OVERRIDE)
    signoff = shop.decide()
    assert (signoff.outcome, why(signoff)) == (N, "the policy allows no override (signoff.break_glass)")


def test_t61_override_covers_neither_an_objection_nor_missing_facts(shop):
    shop.start(more=GLASS).signed("sec2", **OVERRIDE)
    objection = review(shop, "sec1", state="changes_requested")
    assert shop.decide(reviews=forge(shop, objection)).outcome is B
    assert shop.decide(reviews=forge(shop, complete=False)).outcome is I


def test_t61_overrides_of_other_changes_are_counted(shop):
    shop.start(more=GLASS).signed("sec2", **OVERRIDE)
    for number, day in enumerate(("2025-11-05", "2026-01-10", "2025-10-01")):
        old = shop.statement(
            "sec2", **{**OVERRIDE, "created_at": f"{day}T00:00:00Z", "change_digest": "sha256:" + "5" * 64}
        )
        shop.note(shop.keys.bundle(replace(old, commit=str(number) * 40), "sec2"), "main")
    signoff = shop.decide()
    assert signoff.override.recent == 3
    assert len(signoff.statements) == 1


# -- 66, 71 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("decision", ["reject", "revoke", "approve"])
def test_t66_newer_statement_with_a_bad_signature_shadows_nothing(shop, decision):
    shop.start().signed("sec1")
    shop.signed("sec1", key="mallory", name="b", decision=decision, created_at=LATER)
    signoff = shop.decide()
    assert (signoff.outcome, signoff.accepted) == (P, ("sec1",))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('* namespaces="gate-signoff" KEY', "a wildcard would let one key speak for many people"),
        (
            '*@acme.example namespaces="gate-signoff" KEY',
            "a wildcard would let one key speak for many people",
        ),
        ("sec1 KEY", 'it must have exactly the option namespaces="gate-signoff"'),
        ('sec1 namespaces="git" KEY', 'it must have exactly the option namespaces="gate-signoff"'),
        ('sec1 namespaces="*" KEY', 'it must have exactly the option namespaces="gate-signoff"'),
        ('sec1 cert-authority,namespaces="gate-signoff" KEY', "a certificate authority would name people"),
        ('sec1,sec2 namespaces="gate-signoff" KEY', "a key speaks for one person; write one line for each"),
        ('ghost namespaces="gate-signoff" KEY', "'ghost' is not the id of a human of the policy"),
        ('sec1 namespaces="gate-signoff" ssh-ed25519 AAAA', "it holds no whole public key"),
        ('sec1 namespaces="gate-signoff",weird="1" KEY', "it has an option that is not known here"),
    ],
)
def test_t71_line_of_a_signers_file_that_says_too_much(shop, line, told):
    """Each of these lines would make ssh-keygen accept the signature, or more than that."""
    text = line.replace("KEY", shop.keys.public("wide"))
    shop.start(files={".gate/allowed_signers": f"# signers\n\n{text}\n"}).signed("sec1", key="wide")
    signoff = shop.decide()
    assert signoff.outcome is N
    (note,) = [note for note in signoff.notes if "refused" in note]
    assert ".gate/allowed_signers at " in note
    assert f":3: this line was refused: {told}" in note


def test_t71_key_of_one_person_for_another(shop):
    line = f'sec2 namespaces="gate-signoff" {shop.keys.public("sec1")}\n'
    shop.start(files={".gate/allowed_signers": line}).signed("sec2", key="sec1")
    signoff = shop.decide()
    assert signoff.outcome is N
    assert any("its key speaks for sec1 already" in note for note in signoff.notes)


def test_t71_a_plain_line_counts(shop):
    line = f'sec1 namespaces="gate-signoff" {shop.keys.public("token")}\n'
    shop.start(files={".gate/allowed_signers": line}).signed("sec1", key="token")
    assert shop.decide().outcome is P


# -- statements beside a forge, rebases, and decisions that follow each other ------------------------


def test_signer_needs_write_on_the_forge(shop):
    shop.start().signed("sec1")
    account = Account(account="github:sec1", kind="user")
    for member, outcome, told in (
        (None, N, "the forge did not say whether this person may write"),
        (Member(account=account, permission="read"), N, "no write permission"),
        (Member(account=account, permission="write", active=False), N, "account not active"),
        (Member(account=account, permission="write"), P, ""),
    ):
        signoff = shop.decide(reviews=forge(shop, members=(member,) if member else ()))
        assert signoff.outcome is outcome
        assert not told or why(signoff) == told


def test_statement_and_review_make_two_people(shop):
    shop.start().signed("sec1")
    member = Member(account=Account(account="github:sec1", kind="user"), permission="write")
    signoff = shop.decide(reviews=forge(shop, review(shop, "bob"), members=(member,)), min=2)
    assert (signoff.outcome, signoff.accepted) == (P, ("bob", "sec1"))


def test_statement_and_review_of_one_person_count_once(shop):
    shop.start().signed("sec1")
    signoff = shop.decide(reviews=forge(shop, review(shop, "sec1")), min=2)
    assert (signoff.outcome, signoff.accepted) == (N, ("sec1",))


def test_clean_rebase_keeps_a_statement_unless_the_policy_says_never(shop):
    shop.start().signed("sec1")
    tip = shop.repo.tree("topic")
    shop.repo.checkout("main")
    shop.repo.commit({"shop.py": "x = 1\n"})
    shop.repo.branch("topic", "main")
    shop.repo.checkout("topic")
    login = shop.repo.git("show", f"{tip}:auth/login.py") + "\n"
    shop.repo.commit({"auth/login.py": login})
    signoff = shop.decide()
    assert (signoff.outcome, signoff.carried_over) == (P, ("sec1",))
    from gate.core.policy import CarryOver

    strict = shop.decide(carry_over=CarryOver.NEVER)
    assert strict.outcome is N
    assert "the policy carries no approval over to another commit" in why(strict)


def test_statement_in_a_note_on_the_commit_before_the_rebase(shop):
    shop.start()
    shop.note(shop.keys.bundle(shop.statement(), "sec1"), "topic")
    login = shop.repo.git("show", "topic:auth/login.py") + "\n"
    shop.repo.checkout("main")
    shop.repo.commit({"shop.py": "x = 1\n"})
    shop.repo.branch("topic", "main")
    shop.repo.checkout("topic")
    shop.repo.commit({"auth/login.py": login})
    assert (shop.decide().outcome, shop.decide().carried_over) == (P, ("sec1",))


def test_content_pushed_after_the_signature_is_named(shop):
    shop.start().signed("sec1")
    shop.repo.commit({"auth/login.py": LOGIN_OF_MAIN})
    signoff = shop.decide()
    assert signoff.outcome is N
    assert why(signoff).endswith("files changed since: auth/login.py")


@pytest.mark.parametrize(
    ("decision", "outcome"), [("reject", B), ("revoke", N)], ids=["rejected", "taken back"]
)
def test_later_statement_of_the_same_person_counts(shop, decision, outcome):
    shop.start().signed("sec1")
    shop.signed("sec1", name="b", decision=decision, created_at=LATER, areas=())
    assert shop.decide().outcome is outcome
    shop.signed("sec1", name="c", created_at="2026-01-22T00:00:00Z")
    assert shop.decide().outcome is P


def test_rejection_of_another_change_says_nothing_here(shop):
    shop.start().signed("sec1")
    shop.signed(
        "sec1",
        name="b",
        decision="reject",
        commit="c" * 40,
        change_digest="sha256:" + "2" * 64,
        created_at=LATER,
    )
    signoff = shop.decide()
    assert signoff.outcome is P
    assert why(signoff) == "it is about another change (commit cccccccccccc)"


def test_rejection_stands_after_a_push_to_the_same_branch(shop):
    shop.start().signed("sec1", decision="reject")
    shop.repo.commit({"auth/login.py": LOGIN_OF_MAIN})
    assert shop.decide().outcome is B


def test_statements_for_several_areas_add_up(shop):
    shop.start()
    shop.repo.commit({"lib/crypto/aes.py": "def encrypt(key):\n    return cipher(key)\n"})
    shop.signed("sec1", areas=("auth",))
    assert shop.decide().outcome is N
    shop.signed("sec1", areas=("crypto",), created_at=LATER, name="b")
    areas = tuple(shop.decide().areas)
    shop.signed("sec1", areas=areas, created_at=LATER, name="c")
    signoff = shop.decide()
    assert (signoff.outcome, signoff.waiting) == (P, ())


def test_statement_of_another_merge_request(shop):
    shop.start().signed("sec1", change="11")
    member = Member(account=Account(account="github:sec1", kind="user"), permission="write")
    signoff = shop.decide(reviews=forge(shop, members=(member,)))
    assert (signoff.outcome, why(signoff)) == (N, "it is for merge request 11, and this is 12")


def test_missing_ssh_keygen_is_incomplete_and_never_a_pass(shop, monkeypatch, tmp_path):
    shop.start().signed("sec1")
    (tmp_path / "bin").mkdir()
    for program in ("git", "env"):
        from shutil import which

        (tmp_path / "bin" / program).symlink_to(which(program))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    signoff = shop.decide()
    assert signoff.outcome is I
    assert "ssh-keygen could not be started" in signoff.missing[0]
    assert "Install OpenSSH" in signoff.missing[0]


def test_statement_that_is_no_statement(shop):
    shop.start()
    raw = payload(shop.statement()).replace(b"approve", b"approves")
    shop.put(shop.keys.bundle(raw, "sec1"))
    signoff = shop.decide()
    assert signoff.outcome is N
    assert why(signoff) == "its decision is none of approve, reject, revoke, override"
