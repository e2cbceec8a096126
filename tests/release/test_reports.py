"""Reports on a release: every format holds what decides, none obeys what a commit says, equal input equal bytes."""

from __future__ import annotations

import json
import re

import pytest

from gate.pipeline import inputs
from gate.reports.release import FORMATS, render_release
from tests.release.kit import CLAUDE, LOGIN, Keys, Story, person
from tests.release.test_signed import OVERRIDE, sign, statement

OTHER = LOGIN.replace("return", "return user.ok and")
HOSTILE = "</td><script>alert(1)</script> | `x` \x1b[31m\u202e @everyone [a](javascript:b)"
WAIVER = """\
version: 1
waivers:
  - {rule: B602, path: shop/run.py, owner: sec1, reason: the name is a fixed one, created: 2026-01-10, expires: %s}
"""
FLAW = "import subprocess\n\n\ndef show(name):\n    return subprocess.call('ls ' + name, shell=True)\n"


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> Keys:
    return Keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def released(tmp_path_factory, keys):
    """A release with everything: records, an open step, an override, an AI, something taken back."""
    from tests.support.repos import Repo

    folder = tmp_path_factory.mktemp("story")
    story = Story(Repo(folder / "shop"), keys, folder).start()
    story.repo.commit(
        {".gate.yml": story.policy + "  break_glass: {people: [sec1], max_hours: 72}\n"}, message="glass\n"
    )
    story.repo.git("tag", "-d", "v1.0")
    story.repo.tag("v1.0", message="v1.0")
    story.request({"auth/login.py": OTHER}, message=f"By an agent\n\n{CLAUDE}\n", how="merge")
    gone = story.repo.commit({"auth/gone.py": "token = 1\n"}, message="gone\n", author=person("dev"))
    story.repo.commit({"auth/gone.py": None}, message=f"back\n\nThis reverts commit {gone}.\n")
    story.repo.commit(
        {f"auth/{'x' * 5}|`<b>.py": "token = 2\n"},
        message=f"{HOSTILE}\n",
        author=(HOSTILE.translate({60: None, 62: None}), "dev@acme.example"),
    )
    story.tag()
    return story, story.release()


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_names_the_verdict_the_steps_and_who_answered(released, name, language):
    _, told = released
    text = render_release(name, told, language=language)
    assert text.endswith("\n")
    for step in told.release.steps:
        if step.required:
            assert step.unit.sha[:12] in text
    for word in ("sec1", "claude-code"):
        assert word in text
    assert text == render_release(name, told, language=language)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_a_commit_says_is_shown_and_never_obeyed(released, language):
    _, told = released
    page = render_release("html", told, language=language)
    assert "<script" not in page
    assert "alert(1)" in page
    assert page.count("<style>") == 1
    markdown = render_release("markdown", told, language=language)
    assert "<script" not in markdown
    assert "javascript:b)" not in re.sub(r"\\.", "", markdown) or "](javascript" not in markdown
    assert "@everyone" not in markdown
    rows = [line for line in markdown.split("\n") if line.startswith("| `")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in rows if "alert" in line} == {6}
    text = render_release("text", told, language=language)
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_korean_leaves_no_phrase_of_ours_in_english(released):
    _, told = released
    text = render_release("markdown", told, language="ko")
    for phrase in ("What nobody answers for", "Written by", "recorded verdict", "needs 1 of", "Takes back"):
        assert phrase not in text, phrase


def test_the_json_report_holds_every_step_with_its_proof_and_the_report_of_the_range(released):
    story, told = released
    document = json.loads(render_release("json", told))
    assert document["schema"] == "gate-release/1"
    assert [step["state"] for step in document["steps"]] == ["uncovered", "cancelled", "cancelled", "covered"]
    covered = document["steps"][-1]
    assert covered["proof"]["kind"] == "record"
    assert covered["proof"]["id"] in {one["id"] for one in document["evidence"]["records"]}
    assert document["evidence"]["records"][0]["signer"] == "ci"
    assert document["report"]["schema"] == "gate-report/1"
    assert document["tag"]["commit"] == story.repo.rev("v1.1")


def test_overrides_and_waivers_are_listed_with_their_end(repo, keys, tmp_path):
    story = Story(repo, keys, tmp_path).start(
        files={".gate/waivers.yml": WAIVER % "2026-03-01", "shop/run.py": FLAW}
    )
    story.repo.commit(
        {".gate.yml": story.policy + "  break_glass: {people: [sec1], max_hours: 72}\n"}, message="glass\n"
    )
    story.repo.git("tag", "-d", "v1.0")
    story.repo.tag("v1.0", message="v1.0")
    story.repo.commit({"auth/login.py": OTHER, "shop/run.py": f"# a\n{FLAW}"}, author=person("dev"))
    story.tag()
    sign(story, statement(story, **OVERRIDE))
    told = story.release()
    assert told.run.exit_code == 0
    for name in ("text", "markdown", "html"):
        text = render_release(name, told)
        for word in ("2026-03-01", "2026-02-02T00:00:00Z", "everybody is away", "the name is a fixed one"):
            assert word in text.replace("\\", "").replace("\u200b", ""), (name, word)


def test_a_waiver_whose_time_is_over_blocks_a_release_that_still_has_the_finding(repo, keys, tmp_path):
    story = Story(repo, keys, tmp_path).start(
        files={".gate/waivers.yml": WAIVER % "2026-01-31", "shop/run.py": FLAW}
    )
    story.repo.commit({"shop/run.py": f"# a\n{FLAW}"}, message="x\n")
    story.tag()
    told = story.release()
    assert told.run.exit_code == 1
    assert any(
        r.rule == "release.waiver" and "until 2026-01-31, sec1" in r.because for r in told.run.verdict.reasons
    )


def test_waivers_that_came_with_an_answered_change_count_in_its_release(repo, keys, tmp_path):
    story = Story(repo, keys, tmp_path).start()
    story.request({".gate/waivers.yml": WAIVER % "2026-03-01"}, approve="sec1")
    story.request({"shop/run.py": FLAW}, approve="sec1")
    assert story.run.exit_code == 0
    story.tag()
    told = story.release()
    assert told.run.exit_code == 0, told.run.verdict.reasons[0]
    # The same line, pushed past everybody, waives nothing.
    story.repo.git("tag", "-d", "v1.1")
    story.repo.commit(
        {".gate/waivers.yml": (WAIVER % "2026-03-01").replace("shop/run.py", "shop/*.py")},
        author=person("dev"),
    )
    story.tag()
    assert story.release().run.exit_code == 1


def test_every_shipped_mapping_speaks_both_languages_and_of_facts_that_reports_show():
    frameworks = inputs.frameworks()
    assert {one.id for one in frameworks} == {"ssdf", "soc2", "pci-dss", "iso-42001"}
    for framework in frameworks:
        ids = [control.id for control in framework.controls]
        assert len(ids) == len(set(ids))
        for control in framework.controls:
            assert any("가" <= c <= "힣" for c in control.text["ko"]), control.id
