"""The report file: the keys that other programs rely on, and text that stays what it was."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings

from gate.core.change import path_bytes
from gate.reports import json as reports_json
from gate.reports import render, render_areas, render_authorship, render_scan
from tests.reports import factories as make
from tests.reports import scenarios
from tests.reports.hostile import hidden_characters, hostile_path, hostile_text
from tests.reports.other_samples import touches, tree

#: Keys of `gate-report/1`: contract first, additions after `|`.
KEYS = {
    "": "schema gate change authorship areas tools findings fixed suppressions signoff ai reasons verdict"
    "| exit_code excluded uncovered notes context",
    "gate": "version policy_source policy_digest rulesets_digest registry_digest | registry_version registry_overlay preset mode",
    "change": "repo target base merge_base head change_digest commits files | merge_bases",
    "change.files[]": "path old_path status added removed binary",
    "authorship": "verdict agents commits share | suppressed evidence hints sources remarks suppression"
    " fetches registry",
    "authorship.share": "commits lines | method",
    "authorship.commits[]": "sha verdict role agent evidence | agents certainty suppressed hints remarks lines"
    " squash squash_of cherry_picked_from reverts",
    "authorship.commits[].evidence[]": "grade source field text line"
    "| signature agent agent_name role registry_grade place sha prompter remark",
    "areas[]": "area evidence",
    "areas[].evidence[]": "layer rule path line side text",
    "tools[]": "name version engine status reason targets scanned unscanned errors seconds | required base covered",
    "tools[].base": "name version engine status reason targets scanned unscanned errors seconds | required covered",
    "tools[].unscanned[]": "path reason",
    "findings[]": "id fingerprints family cwe title message severity confidence location snippet commit witnesses"
    " state suppression decision | line_hash snippet_start matched",
    "findings[].fingerprints": "id/v1 moved/v1 code/v1",
    "findings[].location": "path start end scope in_diff",
    "findings[].location.start": "line col",
    "findings[].commit": "sha author_kind",
    "findings[].witnesses[]": "tool rule_id native_severity native_confidence range message url | suppressed",
    "findings[].witnesses[].range": "start end",
    "suppressions[]": "kind path line rules blanket reason owner expires findings introduced author_kind effective"
    " why | needs_signoff",
    "signoff": "required areas authors needed accepted ignored eligible missing"
    "| unresolved accountable ai objections carried_over override pushers notes"
    " roles needed_because barred groups served waiting statements forge",
    "signoff.ignored[]": "who why",
    "ai": "status reason engine model cli_version runs agreement cost_usd unreviewed",
    "reasons[]": "rule outcome because to_pass findings",
}


def load(run, **options):
    return json.loads(render("json", run, **options))


@functools.cache
def reports() -> tuple[dict, ...]:
    """The report of every scenario."""
    return tuple(load(make_run()) for make_run, _ in scenarios.SCENARIOS.values())


def found(report, path: str) -> list[dict]:
    values = [report]
    for step in path.split(".") if path else ():
        values = [v[step.removesuffix("[]")] for v in values if v is not None]
        if step.endswith("[]"):
            values = [item for v in values for item in v]
    return [v for v in values if v is not None]


@pytest.mark.parametrize("path", [*KEYS])
def test_keys_are_exactly_those_of_the_contract_and_the_documented_ones(path):
    expected = set(KEYS[path].replace("|", " ").split())
    seen = 0
    for report in reports():
        for value in found(report, path):
            assert set(value) == expected
            seen += 1
    assert seen, "no scenario has such an object"


def test_keys_are_sorted():
    def check(pairs):
        assert [key for key, _ in pairs] == sorted(key for key, _ in pairs)
        return dict(pairs)

    json.loads(render("json", scenarios.blocked()), object_pairs_hook=check)


def test_seconds_are_left_out_unless_asked_for():
    run = scenarios.blocked()
    assert {t["seconds"] for t in load(run)["tools"]} == {None}
    assert {t["seconds"] for t in load(run, timings=True)["tools"]} == {1.25}


def test_options_for_people_have_no_effect():
    run = scenarios.blocked()
    assert render("json", run, language="ko", colour=True, width=40, verbose=True) == render("json", run)


def test_a_rename_is_one_row_with_both_paths():
    rows = {row["path"]: row for row in load(scenarios.passed())["change"]["files"]}
    assert set(rows) == {"docs/start.md", "src/auth/login.py", "src/shop/orders.py"}
    assert (
        rows["docs/start.md"] | {"status": "renamed", "old_path": "docs/readme.md"} == rows["docs/start.md"]
    )
    assert rows["src/auth/login.py"]["old_path"] == "src/auth/login.py"
    assert rows["src/shop/orders.py"]["old_path"] is None


def test_a_rename_whose_rows_do_not_fit_stays_two_rows():
    """The pairs of git are a hint; the rows of the comparison are the facts."""
    story = scenarios.passed()
    files = tuple(f for f in story.facts.change.files if f.path != "docs/readme.md")
    facts = replace(story.facts, change=replace(story.facts.change, files=files))
    rows = {row["path"]: row["status"] for row in load(replace(story, facts=facts))["change"]["files"]}
    assert rows["docs/start.md"] == "added"


def test_a_run_without_a_base_scan_has_null():
    run = make.run(tools=(replace(make.tool(), base=None),))
    assert load(run)["tools"][0]["base"] is None


def test_observe_mode_is_said_beside_the_verdict():
    report = load(scenarios.observe())
    assert (report["verdict"], report["exit_code"], report["gate"]["mode"]) == ("blocked", 0, "observe")


@settings(max_examples=50)
@given(hostile_text, hostile_path)
def test_text_is_carried_unchanged_and_shown(text, path):
    document = render("json", scenarios.everywhere(text, path))
    assert not hidden_characters(document, allowed="\n")
    report = json.loads(document)
    if not re.search(r"[\ud800-\udfff]", text):  # JSON cannot carry these
        assert report["findings"][0]["message"] == text
    raw = report["findings"][0]["location"]["path"].encode()
    assert re.sub(rb"\\x([0-9a-f]{2})", lambda m: bytes([int(m[1], 16)]), raw) == path_bytes(path)


def test_other_commands_print_parts_of_the_report():
    report = load(scenarios.needs_signoff())
    assert json.loads(render_areas("json", touches())) == {"areas": report["areas"], "context": []}
    history = json.loads(render_authorship("json", make.authorship()))
    own = ("date", "merge", "subject")
    history["commits"] = [{k: v for k, v in one.items() if k not in own} for one in history["commits"]]
    assert {key: value for key, value in history.items() if key != "summary"} == report["authorship"]
    scan = json.loads(render_scan("json", tree()))
    assert set(scan) == {
        *("tools", "findings", "suppressions", "excluded", "uncovered"),
        *("unopened", "installed", "files", "incomplete", "baseline"),
    }
    assert set(scan["findings"][0]) == set(report["findings"][0])
    assert set(scan["tools"][0]) == set(report["tools"][0])


def test_a_large_report_is_laid_out_like_a_small_one(monkeypatch):
    value = {
        "b": [],
        "a": {},
        "t": '\udcff é \u2028 \x7f \U0001f600 \\ "',
        "n": [1, -2.5, True, None, [[]], {"x": [{}]}],
    }
    small = reports_json.dump(value)
    monkeypatch.setattr(reports_json, "LARGE", 0)
    assert reports_json.dump(value) == small
