"""A release asks the forge for the merged requests behind its steps, and believes only what fits them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.core.release.model import How, State
from gate.core.verdict import Outcome
from gate.pipeline.release.run import Wanted, judge_release
from gate.pipeline.request import Request
from tests.forges.conftest import ACTIVE
from tests.forges.shop import NOW, Shop

DEV = ("dev", "dev@acme.example")


class Merged:
    """A shop whose request 7 was merged into `main`, with the tags v1.0 before and v1.1 behind it."""

    def __init__(self, tmp_path, open_fake, forge: str) -> None:
        self.shop, self.forge = Shop(tmp_path), forge
        self.repo = self.shop.repo
        self.repo.tag("v1.0", message="v1.0")
        self.shop.change({"auth/login.py": ACTIVE}, author=DEV)
        self.fake, self.publisher = open_fake(self.shop)
        rows = self.fake.pulls if forge == "github" else self.fake.requests
        rows[7] |= {"merged_at": NOW} if forge == "github" else {"state": "merged"}
        self.answers = [{key: value for key, value in rows[7].items() if key != "head_pipeline"}]
        for pattern in (
            r"/repos/acme/shop/commits/(?P<sha>[0-9a-f]{40})/pulls",
            r"/projects/[^/]+/repository/commits/(?P<sha>[0-9a-f]{40})/merge_requests",
        ):
            self.fake.route("GET", pattern, lambda _m, _c: self.answers)

    def merge(self, files: dict[str, str] | None = None) -> str:
        """Squash the request onto main, with more `files` than were reviewed."""
        self.repo.checkout("main")
        tree = self.repo.tree("topic")
        sha = self.repo.commit(files, message="Ask whether it is active (#7)\n", author=DEV, tree=tree)
        self.repo.tag("v1.1", message="v1.1")
        return sha

    def approve(self, who: str = "sec1", number: int = 11) -> None:
        self.fake.approve(
            who, number, commit=self.shop.head
        ) if self.forge == "github" else self.fake.approve(who, number)

    def release(self):
        settings = replace(self.publisher.settings, number=1)
        request = Request(repo=self.repo.path, now=NOW, forge=settings)
        return judge_release(request, Wanted(range="v1.0..v1.1"), lambda _: None)


@pytest.fixture
def merged(tmp_path, open_fake, forge) -> Merged:
    return Merged(tmp_path, open_fake, forge)


def test_an_approved_request_answers_for_its_squash(merged):
    merged.approve()
    merged.merge()
    released = merged.release()
    (step,) = released.release.steps
    assert (step.state, step.proof.kind, step.proof.change) == (State.COVERED, "forge", "7"), step.refused
    assert step.proof.people == ("sec1",)
    assert step.proof.how is How.SQUASH
    assert released.run.verdict.outcome is Outcome.PASSED


def test_a_request_without_approval_says_what_it_lacks(merged):
    merged.merge()
    (step,) = merged.release().release.steps
    assert step.state is State.UNCOVERED
    assert any(
        "The reviews of merge request 7 do not answer for it (needs_signoff)" in r for r in step.refused
    )


def test_more_than_was_reviewed_is_not_what_the_request_brought(merged):
    merged.approve()
    merged.merge({"auth/back.py": "token = 'x'\n"})
    (step,) = merged.release().release.steps
    assert step.state is State.UNCOVERED
    assert any("It is not what merge request 7 brought" in line for line in step.refused)


def test_a_head_that_the_clone_lacks_is_named_with_the_command(merged):
    merged.approve()
    merged.merge()
    rows = merged.fake.pulls if merged.forge == "github" else merged.fake.requests
    row = rows[7]
    if merged.forge == "github":
        row["head"]["sha"] = "e" * 40
    else:
        row["sha"] = "e" * 40
    (step,) = merged.release().release.steps
    assert step.state is State.UNCOVERED
    assert any("is not in this clone. Fetch it: `git fetch origin refs/" in line for line in step.refused)


def test_a_forge_that_does_not_answer_makes_the_release_incomplete(merged):
    merged.approve()
    merged.merge()
    merged.fake.fault("GET", "/commits/", status=403, times=99)
    released = merged.release()
    assert released.run.exit_code == 4
    assert any(r.rule == "release.forge" for r in released.run.verdict.reasons)


def test_a_commit_without_a_request_stays_open(merged):
    merged.answers.clear()
    merged.merge()
    (step,) = merged.release().release.steps
    assert step.state is State.UNCOVERED
