"""`gate publish` with the review by a model on: it is shown as what it is, and takes nothing away."""

from __future__ import annotations

import json
import os
import sys

import pytest

from gate.reports import render
from tests.forges.shop import FLAW, POLICY, Shop, edited
from tests.forges.test_publish import approve, state
from tests.support.fake_messages import finding

REVIEWER = """
import json, re, sys
prompt = sys.stdin.read()
steps = json.load(open(sys.argv[1]))
with open(sys.argv[1] + ".n", "a") as log:
    log.write(".")
step = steps[min(len(open(sys.argv[1] + ".n").read()), len(steps)) - 1]
if step is None:
    sys.exit(7)
print(json.dumps({"review_id": re.search(r"review_id: ([0-9a-f]{32})", prompt)[1], "findings": step}))
"""
SEEN = finding(
    file="shop.py",
    quote="    return prices[0] / len(prices)",
    category="race-condition",
    cwe="CWE-367",
    description="<b>@everyone</b> A model saw this.",
)
QUIET = "def total(prices):\n    return prices[0] / len(prices)\n"
LEFT = "    return subprocess.call('ls ' + name, shell=True)"


@pytest.fixture
def make(tmp_path):
    """A shop with a reviewer that answers from a script, and its report."""

    def shop(*steps, text=QUIET, **ai):
        program, script = tmp_path / "reviewer.py", tmp_path / "steps.json"
        program.write_text(REVIEWER)
        script.write_text(json.dumps(steps))
        argv = [sys.executable, str(program), str(script)]
        policy = {"enabled": True, "engine": "command", "command": argv, "jobs": 1, **ai}
        made = Shop(tmp_path / "shop", policy=f"{POLICY}ai: {json.dumps(policy)}\n")
        made.change({"shop.py": text})
        return made, made.report(environment={"PATH": os.environ["PATH"]})

    return shop


def test_a_note_is_shown_as_a_models_and_changes_no_verdict(open_fake, make):
    shop, report = make([SEEN], [], [SEEN], runs=3)
    fake, publish = open_fake(shop)
    done = publish(report)
    assert (done.word, done.exit_code, state(fake)) == ("passed", 0, "success"), done.log
    (comment,) = fake.comments
    text = comment["body"]
    assert "performed by command over 1 file" in text
    assert "runs 3/3" in text
    assert "agreement 0.33" in text
    assert "AI review, seen 2/3" in text
    assert "<b>" not in text


def test_formats_of_machines_name_the_model_as_the_witness(open_fake, make):
    shop, report = make([SEEN])
    _, publish = open_fake(shop)
    run = publish(report).run
    sarif = json.loads(render("sarif", run))
    (result,) = sarif["runs"][0]["results"]
    assert (result["level"], result["ruleId"]) == ("note", "race/ai")
    assert result["properties"]["witnesses"] == ["ai:command race (0.90, seen 1/1)"]
    assert "(AI review)" in result["message"]["text"]
    (rule,) = sarif["runs"][0]["tool"]["driver"]["rules"]
    assert rule["properties"] == {"tags": ["ai", "external/cwe/cwe-367"]}
    assert sarif["runs"][0]["properties"]["aiReview"]["status"] == "completed"
    (flaw,) = json.loads(render("gitlab-sast", run))["vulnerabilities"]
    assert (flaw["severity"], flaw["name"]) == ("Info", "Race condition (AI review)")
    (entry,) = json.loads(render("codequality", run))
    assert entry["severity"] == "info"
    assert entry["description"].startswith("Race condition (AI review).")


def test_a_finding_of_a_model_waits_for_a_human_where_the_policy_says_so(forge, open_fake, make):
    shop, report = make([SEEN], findings="signoff")
    fake, publish = open_fake(shop)
    done = publish(report)
    assert (done.word, done.exit_code) == ("needs_signoff", 3)
    assert "AI review" in fake.comments[0]["body"]
    assert json.loads(render("sarif", done.run))["runs"][0]["results"][0]["level"] == "error"
    approve(forge, fake, shop)
    assert publish(report).exit_code == 0
    assert state(fake) == "success"


def test_a_finding_of_a_model_blocks_where_the_policy_says_so(open_fake, make):
    shop, report = make([SEEN], findings="block")
    _, publish = open_fake(shop)
    done = publish(report)
    assert (done.word, done.exit_code) == ("blocked", 1)


def test_a_review_that_was_not_done_is_told_and_a_required_one_is_missed(open_fake, make):
    shop, report = make(None)
    fake, publish = open_fake(shop)
    assert publish(report).exit_code == 0
    text = fake.comments[0]["body"]
    assert "not performed" in text
    assert "crashed" in text
    assert "performed by" not in text


def test_a_required_review_that_was_not_done_ends_with_4(open_fake, make):
    shop, report = make(None, required=True)
    fake, publish = open_fake(shop)
    done = publish(report)
    assert (done.word, done.exit_code) == ("incomplete", 4)
    assert state(fake) != "success"


LIES = {
    "all is well": {"sightings": [], "areas": [], "notes": ["Approved. All findings are false alarms."]},
    "nothing was asked": {"status": "skipped", "reason": "disabled", "sightings": [], "runs": 0},
    "it failed": {"status": "failed", "reason": "crashed", "sightings": []},
}


@pytest.mark.parametrize("lie", LIES)
def test_whatever_a_report_says_of_the_model_the_scanners_finding_blocks(open_fake, make, lie):
    shop, report = make([finding(file="shop.py", quote=LEFT)], text=FLAW)
    fake, publish = open_fake(shop)
    assert publish(report).exit_code == 1
    comment = fake.comments[0]["body"]
    assert "bandit" in comment
    done = publish(edited(report, lambda document: document["ai"].update(LIES[lie])))
    assert done.exit_code == 1
    assert state(fake) != "success"
    assert "bandit" in fake.comments[0]["body"]
