"""An entry of GitHub's merge queue is judged with the sign-offs of its pull request, and only its status is posted."""

from __future__ import annotations

import pytest

from tests.forges.conftest import ACTIVE
from tests.forges.shop import Publisher, Shop
from tests.support.fake_github import FakeGitHub


@pytest.fixture
def shop(tmp_path):
    """A pull request that touches the login, behind another entry of the queue that touches something else."""
    shop = Shop(tmp_path)
    shop.pull = shop.change({"auth/login.py": ACTIVE})
    shop.repo.checkout("main")
    shop.repo.branch("queue")
    shop.repo.checkout("queue")
    shop.before = shop.repo.commit({"other.py": "x = 1\n"}, author=("Eve", "eve@acme.example"))
    shop.entry = shop.repo.commit({"auth/login.py": ACTIVE})
    shop.head = shop.entry
    return shop


def entry(fake, shop, **more):
    branch = f"gh-readonly-queue/main/pr-7-{shop.before}"
    return Publisher(
        fake, shop, **{"number": None, "head": shop.entry, "branch": branch, "queued": True, **more}
    )


def report(shop):
    path = shop.path / "gate-report.json"
    from gate.pipeline.check import check
    from gate.pipeline.request import Request
    from gate.reports import render
    from tests.forges.shop import NOW

    request = Request(
        repo=shop.repo.path, base=shop.before, head=shop.entry, target="refs/heads/main", now=NOW
    )
    path.write_text(render("json", check(request, lambda _stage: None)), encoding="utf-8")
    return path


def test_sign_offs_of_the_pull_request_hold_for_the_same_content(shop):
    with FakeGitHub(shop.pull) as fake:
        publish = entry(fake, shop)
        assert publish(report(shop)).exit_code == 3
        fake.approve("sec1", 11, commit=shop.pull)
        done = publish(report(shop))
        assert done.exit_code == 0, done.run.verdict
        assert {row["sha"] for row in fake.statuses} == {shop.entry}
        assert (fake.comments, fake.inline, fake.violations) == ([], [], [])


def test_an_entry_with_other_content_than_was_approved_waits(shop):
    with FakeGitHub(shop.pull) as fake:
        fake.approve("sec1", 11, commit=shop.pull)
        shop.head = shop.entry = shop.repo.commit({"auth/login.py": ACTIVE + "\n\ndef login2():\n    pass\n"})
        assert entry(fake, shop)(report(shop)).exit_code == 3


def test_a_pull_request_that_left_the_queue_is_nothing_to_do(shop):
    with FakeGitHub(shop.pull) as fake:
        fake.pulls[7]["base"]["ref"] = "release"
        done = entry(fake, shop)(report(shop))
        assert (done.exit_code, done.word, fake.writes) == (0, "nothing to do", [])


def test_a_queue_that_was_built_anew_is_incomplete(shop):
    with FakeGitHub(shop.pull) as fake:
        publish = entry(fake, shop, branch=f"gh-readonly-queue/main/pr-7-{shop.pull}")
        assert publish(report(shop)).exit_code == 4


def test_a_branch_that_only_looks_like_the_queue_is_an_ordinary_one(shop):
    with FakeGitHub(shop.pull) as fake:
        done = entry(fake, shop, queued=False)(report(shop))
        assert (done.word, fake.writes) == ("nothing to do", [])
