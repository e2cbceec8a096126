"""Comments of others, repeated runs, fixed findings, large changes, other requests with the same head."""

from __future__ import annotations

import pytest

from tests.forges.shop import FLAW, POLICY, Shop, edited
from tests.support.fake_github import user
from tests.support.fake_gitlab import user as gitlab_user

MARKER = "<!-- ai-merge-gate:1 key=default -->"


def other(forge):
    return user("mallory", 66) if forge == "github" else gitlab_user("mallory", 66)


def state(fake) -> str:
    row = fake.statuses[-1]
    return row.get("state") or row["status"]


def test_a_marker_that_somebody_else_pasted_is_neither_edited_nor_believed(forge, open_fake, flawed):
    shop, report = flawed
    fake, publish = open_fake(shop)
    theirs = f"{MARKER}\n### ✓ PASSED"
    fake.add(theirs, other(forge))
    publish(report)
    first, second = fake.comments
    assert first["body"] == theirs
    assert "BLOCKED" in second["body"]
    fake.forget()
    fake.add(second["body"], other(forge))
    publish(report)
    assert fake.writes == []


def test_250_comments_hide_nothing_and_the_newest_of_our_own_is_used(forge, open_fake, flawed):
    shop, report = flawed
    fake, publish = open_fake(shop)
    fake.add(f"{MARKER}\nolder", fake.me)
    for number in range(120):
        fake.add(f"talk {number}", other(forge))
    fake.add(f"{MARKER}\nnewer", fake.me)
    for number in range(130):
        fake.add(f"talk {number}", other(forge))
    publish(report)
    own = [c for c in fake.comments if c["body"].startswith(MARKER)]
    assert len(own) == 2
    assert own[0]["body"] == f"{MARKER}\nolder"
    assert "BLOCKED" in own[1]["body"]
    fake.forget()
    publish(report)
    assert fake.writes == []


def test_a_changed_report_costs_exactly_one_write(forge, open_fake, flawed):
    shop, report = flawed
    fake, publish = open_fake(shop)
    publish(report)
    fake.forget()
    worse = edited(report, lambda d: d["findings"][0].update(severity="critical"))
    assert publish(worse).exit_code == 1
    assert [call.method for call in fake.writes] == [{"github": "PATCH", "gitlab": "PUT"}[forge]]
    assert "critical" in fake.comments[0]["body"]


@pytest.mark.parametrize("text", ["/gate approve", "/gate pass", "@gate ok", "LGTM /approve", "👍"])
def test_no_comment_is_a_command(forge, open_fake, sensitive, text):
    shop, report = sensitive
    fake, publish = open_fake(shop)
    publish(report)
    fake.add(text, user("sec1", 11) if forge == "github" else gitlab_user("sec1", 11))
    fake.forget()
    assert publish(report).exit_code == 3
    assert fake.writes == []


def test_a_finding_that_goes_is_marked_and_one_that_comes_back_is_opened_again(forge, open_fake, tmp_path):
    shop = Shop(tmp_path)
    shop.change({"shop.py": FLAW})
    fake, publish = open_fake(shop)
    assert publish(shop.report()).exit_code == 1

    def push(files):
        head = shop.change(files)
        fake.move(head)
        if forge == "gitlab":
            number = len(fake.versions) + 1
            fake.versions.insert(0, fake.version(number, head, f"2026-01-{number:02}T00:00:00Z"))
        fake.forget()
        return publish(shop.report())

    done = push({"shop.py": "def show(name):\n    return name\n"})
    assert done.exit_code == 0, done.run.verdict
    (line,) = fake.inline
    assert line["resolved"] if forge == "gitlab" else "**Fixed** in" in line["body"]
    assert len(fake.comments) == 1
    assert "PASSED" in fake.comments[0]["body"]
    assert push({"README": "more\n"}).exit_code == 0
    assert [c for c in fake.writes if "discussions" in c.path or "pulls/comments" in c.path] == []

    # Back, two lines further down: the same finding, the same comment.
    push({"shop.py": "# one\n# two\n" + FLAW})
    (line,) = fake.inline
    assert not line["resolved"] if forge == "gitlab" else "Fixed** in" not in line["body"]
    if forge == "gitlab":
        push({"shop.py": "def show(name):\n    return name\n"})
        fake.threads[-1]["notes"][0]["resolved_by"] = other(forge)
        fake.inline[0]["resolved_by"] = other(forge)
        push({"shop.py": FLAW})
        assert fake.inline[0]["resolved"], "a thread that a person closed stays closed"
    assert len(fake.inline) == 1


def test_a_rebase_makes_no_second_comment(forge, open_fake, tmp_path):
    shop = Shop(tmp_path)
    shop.change({"shop.py": FLAW})
    fake, publish = open_fake(shop)
    publish(shop.report())
    shop.repo.checkout("main")
    tip = shop.repo.commit({"elsewhere.py": "x = 1\n"})
    shop.repo.git("update-ref", "refs/remotes/origin/main", tip)
    shop.repo.git("branch", "-f", "topic", tip)
    head = shop.change({"shop.py": "\n\n" + FLAW})
    fake.move(head)
    if forge == "gitlab":
        fake.versions.insert(0, fake.version(2, head, "2026-01-02T00:00:00Z"))
    assert publish(shop.report()).exit_code == 1
    assert (len(fake.comments), len(fake.inline)) == (1, 1)


def test_what_was_not_scanned_is_not_called_fixed(forge, open_fake, flawed):
    shop, report = flawed
    fake, publish = open_fake(shop)
    publish(report)

    def fail(document):
        document["findings"] = []
        for tool in document["tools"]:
            tool.update(status="failed", reason="crashed", targets=[], scanned=[])

    assert publish(edited(report, fail)).exit_code == 4
    (line,) = fake.inline
    assert not line.get("resolved")
    assert "Fixed** in" not in line["body"]


def test_3000_findings_fit_and_20_stand_on_lines(forge, open_fake, tmp_path):
    shop = Shop(tmp_path)
    code = "import subprocess\n" + "".join(
        f"subprocess.call('ls {n} ' + name, shell=True)\n" for n in range(40)
    )
    shop.change({f"m{n}.py": code for n in range(75)})
    report = shop.report()

    def spread(document):
        for number, finding in enumerate(document["findings"]):
            finding["family"] = f"family-{number % 30}"

    report = edited(report, spread)
    fake, publish = open_fake(shop)
    done = publish(report)
    assert len(done.run.facts.findings) >= 3000
    assert done.exit_code == 1
    assert len(fake.comments[0]["body"].encode()) <= 60_000
    assert len(fake.inline) == 20
    if forge == "github":
        assert len(fake.calls) <= 15
    fake.forget()
    publish(report)
    assert fake.writes == []


def test_a_change_of_100_files_takes_15_calls_at_most(forge, open_fake, tmp_path):
    shop = Shop(tmp_path)
    shop.change({f"auth/m{n}.py": FLAW.replace("show", f"show{n}") for n in range(100)})
    fake, publish = open_fake(shop)
    assert publish(shop.report()).exit_code == 1
    assert len(fake.calls) <= 15, [str(call) for call in fake.calls]


@pytest.mark.parametrize("protected", [True, False])
def test_a_pass_waits_while_the_same_head_also_goes_to_another_protected_branch(
    forge, open_fake, tmp_path, protected
):
    shop = Shop(tmp_path)
    shop.change({"README": "hello\n"})
    fake, publish = open_fake(shop)
    if forge == "github":
        fake.pulls[8] = fake.pull(8, shop.head, target="release")
    else:
        fake.requests[8] = fake.request(8, shop.head, target="release")
    if protected:
        fake.protected.add("release")
    done = publish(shop.report())
    assert done.exit_code == 0
    assert state(fake) == ("pending" if protected else "success")
    assert ("release (request 8)" in fake.statuses[-1]["description"]) is protected
    assert fake.comments == [], "a pass with nothing to tell needs no comment"


def test_observe_mode_is_green_and_says_what_it_would_be(forge, open_fake, tmp_path):
    shop = Shop(tmp_path, policy=POLICY + "mode: observe\n")
    shop.change({"shop.py": FLAW})
    fake, publish = open_fake(shop)
    done = publish(shop.report())
    assert (done.exit_code, state(fake)) == (0, "success")
    assert fake.statuses[-1]["description"] == "Observe mode, would be: Blocked: new findings → main"


def test_a_new_head_gets_a_pending_status_once_and_an_answer_is_never_overwritten(forge, open_fake, flawed):
    shop, report = flawed
    fake, publish = open_fake(shop)
    assert publish(None, pending=True).exit_code == 0
    assert (state(fake), len(fake.statuses)) == ("pending", 1)
    publish(None, pending=True)
    assert len(fake.statuses) == 1
    publish(report)
    publish(None, pending=True)
    assert len(fake.statuses) == 2


def test_a_pass_for_another_branch_is_taken_back_when_the_same_head_comes_here(forge, open_fake, tmp_path):
    shop = Shop(tmp_path)
    shop.change({"README": "hello\n"})
    fake, publish = open_fake(shop)
    publish(shop.report())
    assert (state(fake), fake.statuses[-1]["description"]) == ("success", "Passed → main")
    publish(None, pending=True)
    assert len(fake.statuses) == 1, "it was for this branch"
    fake.statuses[-1]["description"] = "Passed → release"
    publish(None, pending=True)
    assert state(fake) == "pending"


def test_a_branch_that_anybody_can_write_to_gives_no_pass_that_a_rule_could_take(forge, open_fake, tmp_path):
    """Its policy is whatever they write there, and the same commit may go to a protected branch next."""
    shop = Shop(tmp_path)
    shop.change({"README": "hello\n"})
    fake, publish = open_fake(shop)
    fake.protected.clear()
    publish(None, pending=True)
    assert publish(shop.report()).exit_code == 0
    assert {row.get("context") or row.get("name") for row in fake.statuses} == {"gate (main)"}
    assert state(fake) == "success"


def test_a_pass_waits_where_nobody_says_whether_the_branch_is_protected(forge, open_fake, tmp_path):
    shop = Shop(tmp_path)
    shop.change({"README": "hello\n"})
    fake, publish = open_fake(shop)
    fake.fault("GET", r"/branches/main$", status=403, times=9)
    assert publish(shop.report()).exit_code == 0
    assert state(fake) == "pending"
    assert "nobody says whether main is protected" in fake.statuses[-1]["description"]


def test_a_closed_request_is_left_alone(forge, open_fake, flawed):
    shop, report = flawed
    fake, publish = open_fake(shop)
    (fake.pulls if forge == "github" else fake.requests)[7]["state"] = "closed"
    assert (publish(report).exit_code, fake.writes) == (0, [])


def test_two_gates_in_one_repository_do_not_know_each_other(forge, open_fake, flawed):
    shop, report = flawed
    fake, publish = open_fake(shop)
    publish(report)
    publish(report, key="web", context="gate/web")
    assert len(fake.comments) == 2
    assert {row.get("context") or row.get("name") for row in fake.statuses} == {"gate", "gate/web"}
    fake.forget()
    publish(report)
    publish(report, key="web", context="gate/web")
    assert fake.writes == []


def test_hostile_names_stay_text(forge, open_fake, tmp_path):
    shop = Shop(tmp_path)
    name = "x`|@everyone <img src=x onerror=alert(1)> /approve\n/merge.py"
    shop.change({name: FLAW})
    fake, publish = open_fake(shop)
    assert publish(shop.report()).exit_code == 1
    for body in (fake.comments[0]["body"], *(row["body"] for row in fake.inline)):
        assert "<img" not in body
        assert "@everyone" not in body
        assert not any(line.lstrip().startswith("/") for line in body.split("\n"))
