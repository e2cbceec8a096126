"""Reports of other scanners that a release needs: of this commit, fresh, or the release is incomplete."""

from __future__ import annotations

import json

import pytest

from gate.core.verdict import Outcome
from tests.release.kit import NOW, Keys, Story
from tests.scanners.test_other_reports import SNYK, ZAP

ROW = "{name: zap, path: zap.json, format: zap-json, kind: target, max_age_hours: 24}"
FRESH = ZAP | {"@generated": "Sat, 31 Jan 2026 20:00:00"}
QUIET = FRESH | {"site": [{"@name": "https://s.example", "alerts": []}]}


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> Keys:
    return Keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def story(repo, keys, tmp_path, monkeypatch) -> Story:
    """A release of a shop whose policy requires a report of ZAP on the deployed release."""
    story = Story(repo, keys, tmp_path).start()
    text = story.policy.replace(
        "  semgrep: {enabled: false}\n", f"  semgrep: {{enabled: false}}\n  sarif: [{ROW}]\n"
    )
    repo.commit({".gate.yml": text}, message="zap\n")
    repo.git("tag", "-d", "v1.0")
    repo.tag("v1.0", message="v1.0")
    repo.commit({"README": "x\n"})
    story.tag()
    monkeypatch.chdir(tmp_path)
    return story


def put(story: Story, document, commit: str | None = "v1.1") -> None:
    (story.folder / "zap.json").write_text(json.dumps(document))
    if commit:
        (story.folder / "zap.json.commit").write_text(story.repo.rev(commit) + "\n")


def reasons(released) -> str:
    return " ".join(r.because for r in released.run.verdict.reasons if r.outcome is Outcome.INCOMPLETE)


def test_a_fresh_report_of_this_commit_is_taken_and_named(story):
    put(story, QUIET)
    released = story.release()
    assert released.run.verdict.outcome is Outcome.PASSED
    assert any(
        "Imported for this commit: zap (zap-json, target" in r.because for r in released.run.verdict.reasons
    )
    (row,) = released.release.imports
    assert (row.made_at, row.problem) == ("2026-01-31T20:00:00Z", "")


def test_what_it_found_in_the_running_service_blocks_the_release(story):
    put(story, FRESH)
    released = story.release()
    assert released.run.verdict.outcome is Outcome.BLOCKED
    assert any("Cross Site Scripting" in r.because for r in released.run.verdict.reasons)


@pytest.mark.parametrize(
    ("document", "commit", "why"),
    [
        (None, None, "there is no such file"),
        (QUIET, None, "does not say of which commit it is"),
        (QUIET, "v1.0", "is stale: it was made for"),
        (QUIET | {"@generated": "Sat, 24 Jan 2026 20:00:00"}, "v1.1", "takes none older than 24 hours"),
        ({"site": "x"}, "v1.1", "zap.json"),
    ],
)
def test_a_missing_unbound_foreign_or_stale_report_makes_the_release_incomplete(story, document, commit, why):
    if document is not None:
        put(story, document, commit)
    released = story.release()
    assert released.run.exit_code == 4
    assert why in reasons(released)


def test_a_report_on_a_running_service_is_not_asked_of_a_merge_request(story):
    story.branch()
    story.topic({"README": "y\n"})
    story.judge(record=False)
    assert story.run.verdict.outcome is Outcome.PASSED


def test_a_further_report_on_the_command_line_is_required(story, tmp_path):
    put(story, QUIET)
    (tmp_path / "snyk.json").write_text(json.dumps(SNYK))
    released = story.release(imports=("snyk=snyk.json",))
    assert released.run.exit_code == 4
    assert "report of snyk cannot speak of this release: snyk.json does not say of which commit" in reasons(
        released
    )
    (tmp_path / "snyk.json.commit").write_text(story.repo.rev("v1.1"))
    released = story.release(imports=("snyk=snyk.json",))
    assert released.run.verdict.outcome is Outcome.BLOCKED
    assert any("lodash" in r.because for r in released.run.verdict.reasons)
    assert released.run.facts.now == NOW
