"""`gate publish` leaves the record of its verdict before it posts it, or posts that it could not."""

from __future__ import annotations

import json

import pytest

from gate.core.evidence.record import Origin
from gate.errors import ConfigError
from gate.evidence.sqlite import SqliteStore
from gate.pipeline.evidence import read_evidence
from gate.pipeline.recording import Recording
from tests.evidence.kit import NOW, make_store, trusted
from tests.forges.conftest import ACTIVE
from tests.forges.shop import POLICY, Shop
from tests.forges.test_publish import WORDS, approve, state
from tests.forges.test_publish_command import gate
from tests.signing.kit import Keys

ORIGIN = Origin(job="https://ci.example/jobs/9", actor="github:dev")


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> Keys:
    return Keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def recorded(tmp_path_factory, keys):
    """A shop whose policy wants records, signed by `ci`, in a folder; and the report of its change."""
    folder = tmp_path_factory.mktemp("recorded")
    policy = POLICY + (
        "evidence:\n"
        f"  store: 'files:{folder}/records'\n"
        f"  signers: [{{id: ci, keys: ['{keys.public('ci')}']}}]\n"
    )
    shop = Shop(folder, policy=policy)
    shop.change({"auth/login.py": ACTIVE})
    return shop, shop.report()


def how(keys, **changes) -> Recording:
    return Recording(**{"key": str(keys.private("ci")), "origin": ORIGIN} | changes)


def test_each_verdict_leaves_its_record_with_the_reviews_that_counted(
    forge, open_fake, recorded, keys, tmp_path
):
    shop, report = recorded
    fake, publish = open_fake(shop)
    recording = how(keys, store=f"files:{tmp_path}/records")
    first = publish(report, recording=recording)
    assert first.exit_code == 3
    assert first.log[0].startswith("evidence: record 1 was left in files:")
    assert "signed by ci" in first.log[0]
    again = publish(report, recording=recording)
    assert again.log[0].startswith("evidence: record 1 is there already")
    approve(forge, fake, shop)
    assert publish(report, recording=recording).exit_code == 0

    evidence = read_evidence(make_store("files", tmp_path), trusted(keys, "ci"), now=NOW)
    assert evidence.is_whole
    waiting, passed = (one.record for one in evidence.records)
    assert (waiting.verdict, waiting.change, waiting.signoff.reviews) == ("needs_signoff", "7", ())
    assert (passed.verdict, passed.repo.endswith("acme/shop"), passed.commit) == ("passed", True, shop.head)
    (review,) = passed.signoff.reviews
    assert (review.who, review.commit, review.areas) == ("sec1", shop.head, ("auth",))
    assert review.kind == {"github": "review", "gitlab": "approval"}[forge]
    assert passed.signoff.accepted == ("sec1",)
    assert passed.origin == ORIGIN
    assert [area.area for area in passed.areas] == ["auth"]


def test_the_store_is_that_of_the_policy_of_the_target_branch(forge, open_fake, recorded, keys):
    shop, report = recorded
    _, publish = open_fake(shop)
    done = publish(report, recording=how(keys))
    assert f"files:{shop.path}/records" in done.log[0]


def test_a_status_never_stands_for_a_record_that_could_not_be_left(
    forge, open_fake, recorded, keys, tmp_path
):
    shop, report = recorded
    fake, publish = open_fake(shop)
    approve(forge, fake, shop)
    (tmp_path / "taken").write_text("a file where the folder should be")
    done = publish(report, recording=how(keys, store=f"files:{tmp_path}/taken"))
    assert (done.exit_code, done.word) == (4, "incomplete")
    assert "records could not be" in done.problem.message
    assert state(fake) == WORDS[forge]["error"]
    assert "success" not in [row.get("state") or row["status"] for row in fake.statuses]


def test_without_the_key_that_the_policy_asks_for_nothing_passes(forge, open_fake, recorded, keys):
    shop, report = recorded
    fake, publish = open_fake(shop)
    approve(forge, fake, shop)
    with pytest.raises(ConfigError, match="no key to sign with"):
        publish(report, recording=how(keys, key=""))
    assert state(fake) == WORDS[forge]["error"]


def test_a_dry_run_leaves_nothing(forge, open_fake, recorded, keys, tmp_path):
    shop, report = recorded
    _, publish = open_fake(shop)
    done = publish(report, recording=how(keys, store=f"files:{tmp_path}/records", dry_run=True))
    assert done.log[0] == f"evidence: a record would be left in files:{tmp_path}/records"
    assert not (tmp_path / "records").exists()


def test_a_policy_without_a_store_leaves_nothing(forge, open_fake, sensitive, keys):
    shop, report = sensitive
    _, publish = open_fake(shop)
    done = publish(report, recording=how(keys))
    assert not [line for line in done.log if line.startswith("evidence:")]


def test_the_command_without_a_forge_leaves_a_signed_record(recorded, keys, tmp_path):
    shop, report = recorded
    reviews = tmp_path / "reviews.json"
    reviews.write_text(
        json.dumps(
            {
                "schema": "gate-reviews/1",
                "repo": "127.0.0.1/acme/shop",
                "change": "7",
                "target": "refs/heads/main",
                "target_protected": True,
                "head": shop.head,
                "complete": True,
                "opener": {"account": "github:dev", "id": 1, "kind": "user"},
                "decisions": [],
            }
        )
    )
    arguments = ("--report", report, "--forge", "none", "--reviews", reviews, "--repo", shop.repo.path)
    more = ("--base", "origin/main", "--now", NOW, "--record", f"sqlite:{tmp_path}/e.db")
    variables = {
        "GATE_EVIDENCE_KEY": keys.private("ci").read_text(),
        "GITLAB_CI": "true",
        "CI_JOB_URL": "https://ci.example/9",
    }
    done = gate(tmp_path, *arguments, *more, **variables)
    assert done.returncode == 3, done.stderr
    assert f"gate: evidence: record 1 was left in sqlite:{tmp_path}/e.db, signed by ci" in done.stderr
    evidence = read_evidence(SqliteStore(tmp_path / "e.db"), trusted(keys, "ci"), now=NOW)
    (one,) = evidence.records
    assert (one.problem, one.record.change, one.record.origin.job) == ("", "7", "https://ci.example/9")
