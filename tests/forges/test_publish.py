"""`gate publish` on both forges, through their own clients: what is posted, how often, and what people do to it."""

from __future__ import annotations

MARKER = "<!-- ai-merge-gate:1 key=default -->"
#: The gate's states in the words of each forge.
WORDS = {
    "github": {"failure": "failure", "pending": "pending", "success": "success", "error": "error"},
    "gitlab": {"failure": "failed", "pending": "pending", "success": "success", "error": "failed"},
}


def state(fake) -> str:
    row = fake.statuses[-1]
    return row.get("state") or row["status"]


def approve(forge, fake, shop, login="sec1", number=11):
    if forge == "github":
        fake.approve(login, number, commit=shop.head)
    else:
        fake.approve(login, number)


def test_a_flaw_is_posted_once_in_every_channel_and_a_second_run_writes_nothing(forge, open_fake, flawed):
    shop, report = flawed
    fake, publish = open_fake(shop)
    done = publish(report)
    assert (done.word, done.exit_code, done.failed) == ("blocked", 1, frozenset()), done.log
    assert [call.method for call in fake.writes] == ["POST"] * 3
    assert state(fake) == WORDS[forge]["failure"]
    assert fake.statuses[-1]["description"] == "Blocked: new findings"
    (comment,) = fake.comments
    assert comment["body"].startswith(MARKER + "\n")
    assert "BLOCKED" in comment["body"]
    assert len(fake.inline) == 1

    fake.forget()
    again = publish(report)
    assert (again.exit_code, [str(c) for c in fake.writes]) == (1, []), (again.log, again.problem)
    assert "comment: unchanged" in again.log


def test_an_approval_turns_pending_into_success_without_a_new_scan(forge, open_fake, sensitive):
    shop, report = sensitive
    fake, publish = open_fake(shop)
    done = publish(report)
    assert (done.word, done.exit_code) == ("needs_signoff", 3), done.run.verdict
    assert (state(fake), fake.statuses[-1]["description"]) == ("pending", "Waiting for sign-off: auth")
    assert "sec1" in fake.comments[0]["body"]
    approve(forge, fake, shop)
    fake.forget()
    done = publish(report)
    assert (done.word, done.exit_code, state(fake)) == ("passed", 0, "success"), done.run.verdict
    assert len(fake.writes) == 2
    if forge == "github":
        fake.reviews[-1]["state"] = "DISMISSED"
    else:
        fake.approvals.clear()
    assert publish(report).exit_code == 3
    assert state(fake) == "pending"
    assert len(fake.comments) == 1
