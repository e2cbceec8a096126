"""Reports that lie: what is recomputed wins, and a report of something else posts nothing."""

from __future__ import annotations

import json

import pytest

from gate.core.checks.model import TOOL as CHECKS
from gate.errors import ConfigError
from tests.forges.shop import CLEAN, FLAW, LOGIN, POLICY, Shop, edited


def test_a_report_that_claims_a_pass_is_judged_by_its_findings(open_fake, flawed):
    shop, report = flawed

    def lie(document):
        document.update(verdict="passed", exit_code=0, reasons=[])
        for finding in document["findings"]:
            finding.update(decision="note", snippet="nothing here")
            finding["location"]["in_diff"] = "outside"

    fake, publish = open_fake(shop)
    done = publish(edited(report, lie))
    assert (done.word, done.exit_code) == ("blocked", 1)
    assert len(fake.inline) == 1
    assert "nothing here" not in fake.comments[0]["body"]


@pytest.mark.parametrize(
    "lie",
    [
        {"decision": "suppressed", "suppression": "nosec in line 5"},
        {"decision": "waived", "suppression": "accepted by sec1 until 2099-01-01"},
        {"state": "existing", "matched": None},
    ],
    ids=["suppressed", "waived", "existing"],
)
def test_what_hides_a_finding_must_be_there(open_fake, tmp_path_factory, lie):
    shop = Shop(tmp_path_factory.mktemp("new"))
    shop.change({"new.py": FLAW})
    report = edited(shop.report(), lambda document: document["findings"][0].update(lie))
    _, publish = open_fake(shop)
    assert publish(report).word == "blocked"


def test_a_touched_area_and_an_agent_cannot_be_left_out(open_fake, sensitive):
    shop, report = sensitive
    fake, publish = open_fake(shop)
    done = publish(edited(report, lambda d: d.update(areas=[], signoff={}, authorship={}, verdict="passed")))
    assert (done.word, done.exit_code) == ("needs_signoff", 3)
    assert fake.statuses[-1].get("state", fake.statuses[-1].get("status")) == "pending"


def test_a_file_that_no_scanner_accounts_for_makes_the_verdict_incomplete(open_fake, flawed):
    shop, report = flawed

    def forget(document):
        document["findings"] = []
        for tool in document["tools"]:
            tool.update(targets=[], scanned=[])

    _, publish = open_fake(shop)
    done = publish(edited(report, forget))
    assert (done.word, done.exit_code) == ("incomplete", 4)
    assert "shop.py" in done.run.verdict.reasons[0].because


@pytest.mark.parametrize("edit", ["required", "gone"])
def test_which_scanner_is_required_is_the_word_of_the_policy(open_fake, flawed, edit):
    shop, report = flawed

    def lie(document):
        if edit == "gone":
            document["tools"] = [t for t in document["tools"] if t["name"] != "bandit"]
        else:
            for tool in document["tools"]:
                tool.update(required=False, status="failed", reason="x", targets=[], scanned=[])

    _, publish = open_fake(shop)
    assert publish(edited(report, lie)).exit_code == 4


@pytest.mark.parametrize(
    "edit",
    [
        lambda c: c.update(head="e" * 40),
        lambda c: c.update(repo="github.example/other/place"),
        lambda c: c.update(target="refs/heads/release"),
    ],
    ids=["head", "repository", "target"],
)
def test_a_report_of_something_else_posts_nothing(open_fake, flawed, edit):
    shop, report = flawed
    fake, publish = open_fake(shop)
    done = publish(edited(report, lambda document: edit(document["change"])))
    assert (done.word, done.exit_code, fake.writes) == ("incomplete", 4, [])
    assert "Nothing of it was posted" in done.problem.hint


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (lambda d: d["change"].update(change_digest="sha256:0"), "of another change"),
        (lambda d: d["change"].update(commits=0), "counts 0 commits"),
        (lambda d: d["gate"].update(policy_digest="sha256:0"), "another version of the policy"),
        (lambda d: d["gate"].update(rulesets_digest="sha256:0"), "another version of the rules"),
        (lambda d: d["gate"].update(registry_digest="sha256:0"), "another version of the agents"),
        (lambda d: d.update(surprise="<script>alert(1)</script> @everyone"), "unknown field"),
    ],
    ids=["digest", "commits", "policy", "rules", "agents", "key"],
)
def test_a_refused_report_posts_a_status_and_one_fixed_sentence(open_fake, flawed, edit, why):
    shop, report = flawed
    fake, publish = open_fake(shop)
    done = publish(edited(report, edit))
    assert (done.word, done.exit_code, done.run) == ("incomplete", 4, None)
    assert why in done.problem.message
    (comment,) = fake.comments
    assert "could not believe the report" in comment["body"]
    assert "script" not in comment["body"]
    assert fake.statuses[-1]["description"] == "Incomplete: the report of the check job was refused"
    fake.forget()
    publish(edited(report, edit))
    assert fake.writes == []


def test_the_policy_is_that_of_the_target_now_and_not_of_the_head(open_fake, tmp_path):
    shop = Shop(tmp_path)
    shop.change({"shop.py": FLAW, ".gate.yml": POLICY + "mode: observe\n"})
    fake, publish = open_fake(shop)
    assert publish(shop.report()).exit_code == 1
    assert "gate" in fake.comments[0]["body"]


def test_findings_that_the_target_waives_are_waived_and_others_are_not(open_fake, tmp_path):
    shop = Shop(tmp_path)
    shop.change({"shop.py": FLAW})
    name = publish_id(shop)
    waiver = (
        f"version: 1\nwaivers:\n  - {{fingerprint: '{name}', owner: sec1, reason: 'A script for local use only', "
        "created: 2026-02-20, expires: 2026-03-20}\n"
    )
    shop.repo.checkout("main")
    tip = shop.repo.commit({".gate/waivers.yml": waiver})
    shop.repo.git("update-ref", "refs/remotes/origin/main", tip)
    report = shop.report()
    _, publish = open_fake(shop)
    done = publish(report)
    assert done.word == "passed", done.run.verdict
    assert {f.id: f.decision.value for f in done.run.facts.findings}[name] == "waived"


def publish_id(shop) -> str:
    return json.loads(shop.report().read_text())["findings"][0]["id"]


def test_recomputing_an_honest_report_gives_the_verdict_of_the_check(open_fake, tmp_path):
    shop = Shop(tmp_path)
    shop.change(
        {
            "shop.py": FLAW.replace("shell=True)", "shell=True)  # nosec B602"),
            "old.py": CLEAN,
            "web.rb": "puts 1\n",
        },
        message="Add\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n",
    )
    report = shop.report()
    told = json.loads(report.read_text())
    _, publish = open_fake(shop)
    run = publish(report).run
    assert [r.outcome.word for r in run.verdict.reasons] == [r["outcome"] for r in told["reasons"]]
    assert [r.rule for r in run.verdict.reasons] == [r["rule"] for r in told["reasons"]]
    assert run.verdict.outcome.word == told["verdict"]
    theirs_by_id = {row["id"]: row for row in told["findings"]}
    assert sorted(one.id for one in run.facts.findings) == sorted(theirs_by_id)
    for ours in run.facts.findings:
        theirs = theirs_by_id[ours.id]
        assert (ours.decision.value, ours.state.value) == (theirs["decision"], theirs["state"])
        assert "\n".join(ours.snippet) == theirs["snippet"]
        assert (ours.line_hash, ours.in_diff.value) == (theirs["line_hash"], theirs["location"]["in_diff"])


def test_a_policy_that_is_wrong_takes_an_earlier_answer_back(open_fake, tmp_path):
    shop = Shop(tmp_path)
    shop.change({"README": "x\n"})
    report = shop.report()
    fake, publish = open_fake(shop)
    assert publish(report).exit_code == 0
    shop.repo.checkout("main")
    tip = shop.repo.commit({".gate.yml": "version: 1\nsurprise: true\n"})
    shop.repo.git("update-ref", "refs/remotes/origin/main", tip)
    with pytest.raises(ConfigError):
        publish(report)
    row = fake.statuses[-1]
    assert (row.get("state") or row["status"]) in ("error", "failed")
    assert "policy of the target branch" in row["description"]


def test_what_the_gate_itself_sees_in_the_change_cannot_be_left_out(open_fake, tmp_path):
    shop = Shop(tmp_path)
    shop.change({"auth/login.py": "import leftpadd\n" + LOGIN, "requirements.txt": "requests==2.32.0\n"})
    report = shop.report()
    told = [
        f["id"] for f in json.loads(report.read_text())["findings"] if f["witnesses"][0]["tool"] == CHECKS
    ]
    assert told
    _, publish = open_fake(shop)
    assert set(told) <= {f.id for f in publish(report).run.facts.findings}
    silent = publish(edited(report, lambda document: document.update(findings=[])))
    assert set(told) <= {f.id for f in silent.run.facts.findings}
