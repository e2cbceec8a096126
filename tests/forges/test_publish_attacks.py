"""What the author of a merge request can do to keep an answer standing that is not true any more."""

from __future__ import annotations

import pytest

from gate.core.review import compared_commits
from gate.forges.port import Wanted
from tests.forges.shop import Publisher, edited
from tests.support.fake_github import FakeGitHub, user

OTHERS = {"github": ("creator", "context", "state"), "gitlab": ("author", "name", "status")}


def word(fake) -> str:
    row = fake.statuses[-1]
    return row.get("state") or row["status"]


def approve(fake, shop, forge: str) -> None:
    if forge == "github":
        fake.approve("sec1", 11, commit=shop.head)
    else:
        fake.approve("sec1", 11)


def take_approvals_back(fake, forge: str) -> None:
    (fake.reviews if forge == "github" else fake.approvals).clear()


@pytest.fixture
def for_a_run(sensitive):
    """A fake GitHub, and a publisher that a run of the check woke up: it knows head, branch and source only."""
    shop, report = sensitive
    with FakeGitHub(shop.head) as fake:
        yield fake, Publisher(fake, shop, number=None, head=shop.head, branch="topic", source=5), report
        assert fake.violations == []


def test_a_report_of_something_else_confirms_no_pass_of_before(for_a_run):
    fake, publish, report = for_a_run
    approve(fake, publish.shop, "github")
    assert (publish(report).word, word(fake)) == ("passed", "success")
    fake.reviews.clear()
    for lie in ({"head": "a" * 40}, {"repo": "evil.example/other/thing"}, {"target": "refs/heads/other"}):
        fake.statuses[-1]["state"] = "success"
        done = publish(edited(report, lambda d, lie=lie: d["change"].update(lie)))
        assert (done.exit_code, word(fake)) == (4, "error")
        assert "was refused" in fake.statuses[-1]["description"]


def test_a_second_request_from_the_branch_silences_nothing(for_a_run):
    fake, publish, report = for_a_run
    approve(fake, publish.shop, "github")
    assert (publish(report).word, word(fake)) == ("passed", "success")
    fake.pulls[8] = fake.pull(8, publish.shop.head, target="scratch")
    fake.pulls[3] = fake.pull(3, publish.shop.head, target="scratch2")
    fake.reviews.clear()
    assert (publish(report).word, word(fake)) == ("needs_signoff", "pending")


def test_two_requests_from_a_branch_to_protected_branches_pass_neither(for_a_run):
    fake, publish, report = for_a_run
    approve(fake, publish.shop, "github")
    fake.pulls[8] = fake.pull(8, publish.shop.head, target="release")
    fake.protected.add("release")
    publish(report)
    assert word(fake) == "pending"
    assert "release (request 8)" in fake.statuses[-1]["description"]


def test_a_flood_of_statuses_keeps_no_pass_standing(forge, open_fake, sensitive):
    shop, report = sensitive
    fake, publish = open_fake(shop)
    approve(fake, shop, forge)
    assert (publish(report).word, word(fake)) == ("passed", "success")
    take_approvals_back(fake, forge)
    who, name, state = OTHERS[forge]
    stranger = user("mallory", 66) if forge == "github" else {"username": "mallory", "id": 66}
    first = fake.statuses[0]
    flood = {**first, who: stranger, state: "success"}
    fake.statuses.extend({**flood, "id": first["id"] + 1 + n, name: "gate"} for n in range(10_001))
    assert publish(report).word == "needs_signoff"
    ours = [row for row in fake.statuses if row[who] != stranger]
    assert [row[state] for row in ours] == ["success", "pending"]


def test_a_status_that_names_its_branch_is_no_pass_for_another(forge, open_fake, sensitive):
    shop, report = sensitive
    fake, publish = open_fake(shop)
    approve(fake, shop, forge)
    if forge == "github":
        fake.pulls[8] = fake.pull(8, shop.head, target="release")
    else:
        fake.requests[8] = fake.request(8, shop.head, target="release")
    fake.protected.add("release")
    assert publish(report, context="gate {target}").word == "passed"
    assert (fake.statuses[-1][OTHERS[forge][1]], word(fake)) == ("gate main", "success"), (
        "and no sibling holds it up"
    )
    if forge == "github":
        fake.pulls[7]["base"]["ref"] = "release"
    else:
        fake.requests[7]["target_branch"] = "release"
    publish(None, pending=True, context="gate {target}")
    assert (fake.statuses[-1][OTHERS[forge][1]], word(fake)) == ("gate release", "pending")


def test_reviews_that_can_never_count_cost_no_comparison(for_a_run):
    """Each compared commit is fetched and diffed: hundreds would outlast the job, and an old pass would stand."""
    fake, publish, report = for_a_run
    fake.approve("sec1", 11, commit="5" * 40)
    for number in range(300):
        fake.approve("dev", 1, commit=f"{number:040x}", state="COMMENTED")
        fake.approve(f"stranger{number % 3}", 100 + number % 3, commit=f"{number + 1000:040x}")
    for number in range(3):
        fake.permissions[f"stranger{number}"] = {"permission": "read", "role_name": "read"}
    assert publish(report).word == "needs_signoff"
    facts = publish.forge.facts(publish.forge.proposal(), Wanted())
    assert len(facts.decisions) == 601
    assert compared_commits(facts.decisions) == ("5" * 40,)
