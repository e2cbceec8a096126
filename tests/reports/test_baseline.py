"""The baseline file: what it says, that it says the same anywhere, and what is refused when it is read."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.finding import Decision
from gate.errors import ConfigError, UsageError
from gate.reports import baseline
from gate.reports.escape import json_path, path_from_json
from tests.reports import factories as make
from tests.reports import scenarios
from tests.reports.hostile import hostile_path, hostile_text
from tests.reports.other_samples import tree


def text(scan=None) -> str:
    return baseline.document(scan or tree())


def changed(edit) -> bytes:
    document = json.loads(text())
    edit(document)
    return json.dumps(document).encode()


def test_what_is_written_is_read_back():
    scan = tree()
    known = baseline.load(text(scan).encode(), name="known.json")
    assert {k.id for k in known.findings} == {f.id for f in scan.findings}
    assert {(k.path, k.line, k.severity) for k in known.findings} == {
        (f.path, f.range.start_line, f.severity) for f in scan.findings
    }
    assert known.tools == {"bandit", "semgrep"}
    assert known.unread == {"src/shop/big.py", "src/vendor/jquery.js", "private", "web/node_modules"}
    assert known.rules == scan.rules


def test_suppressed_findings_are_remembered_too():
    hidden = [f.id for f in tree().findings if f.decision is Decision.SUPPRESSED]
    assert hidden
    assert all(one in text() for one in hidden)


def test_keys_are_sorted_and_the_order_of_the_facts_has_no_effect():
    document = json.loads(text())
    assert list(document) == sorted(document)
    assert all(list(f) == sorted(f) for f in document["findings"])
    scan = tree()
    mixed = replace(
        scan,
        tools=scan.tools[::-1],
        findings=scan.findings[::-1],
        excluded=scan.excluded[::-1],
        unopened=scan.unopened[::-1],
    )
    assert text(mixed) == text()


def test_neither_place_nor_time_is_in_it():
    scan = replace(tree(), place="/home/somebody/shop")
    assert text(scan) == text()


@settings(max_examples=60)
@given(hostile_text, hostile_path)
def test_hostile_text_survives_and_nothing_is_hidden(value, path):
    run = scenarios.everywhere(value, path)
    scan = replace(tree(), findings=run.facts.findings, tools=(), unopened=(path,))
    data = text(scan)
    assert data.encode()
    known = baseline.load(data.encode(), name="known.json")
    assert {k.path for k in known.findings} == {f.path for f in scan.findings}
    assert path in known.unread


@given(hostile_path)
def test_a_path_comes_back_from_json(path):
    assert path_from_json(json_path(path)) == path


@given(st.text())
def test_any_text_is_some_path(value):
    path_from_json(value)


@pytest.mark.parametrize(
    ("edit", "place"),
    [
        (lambda d: d.update(schema="gate-baseline/2"), "$.schema"),
        (lambda d: d.pop("schema"), "$.schema"),
        (lambda d: d.update(extra=1), "$"),
        (lambda d: d.pop("tools"), "$"),
        (lambda d: d.update(findings={}), "$.findings"),
        (lambda d: d.update(unread=[1]), "$.unread[0]"),
        (lambda d: d["gate"].pop("version"), "$.gate"),
        (lambda d: d["tools"][0].update(name=None), "$.tools[0].name"),
        (lambda d: d["findings"][1].update(line=-1), "$.findings[1].line"),
        (lambda d: d["findings"][1].update(line="3"), "$.findings[1].line"),
        (lambda d: d["findings"][1].update(line=True), "$.findings[1].line"),
        (lambda d: d["findings"][2].update(severity="awful"), "$.findings[2].severity"),
        (lambda d: d["findings"][2].update(severity="HIGH"), "$.findings[2].severity"),
        (lambda d: d["findings"][0].update(id="13b54f68"), "$.findings[0].id"),
        (lambda d: d["findings"][0].update(suppressed=True), "$.findings[0]"),
        (lambda d: d["findings"][0]["fingerprints"].pop("moved/v1"), "$.findings[0].fingerprints"),
        (lambda d: d["findings"][0]["fingerprints"].update({"code/v1": "x"}), "$.findings[0].fingerprints"),
        (lambda d: d["findings"][0].update(path="x" * 30_000), "$.findings[0].path"),
        (lambda d: d["findings"][0].update(tools=[["bandit"]]), "$.findings[0].tools[0]"),
    ],
)
def test_what_is_not_of_the_format_is_refused_with_its_place(edit, place):
    with pytest.raises(ConfigError) as caught:
        baseline.load(changed(edit), name="known.json")
    assert caught.value.message.startswith(f"known.json: {place}")
    assert caught.value.hint


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "known.json:1:1: not valid JSON"),
        (b'{"schema": "gate-baseline/1",\n "findings": [', "known.json:2:15: not valid JSON"),
        (b"\xff\xfe", "known.json: $: not valid JSON"),
        (b"[]", "known.json: $.schema: must be 'gate-baseline/1'"),
        (b"null", "known.json: $.schema"),
        (b'{"schema": "gate-report/1"}', "is 'gate-report/1'"),
        (b'{"schema": "gate-baseline/1", "schema": "gate-baseline/1"}', "the key 'schema' stands twice"),
        (b'{"schema": NaN}', "NaN is no JSON"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"schema": ' + b"9" * 5_000 + b"}", "not valid JSON"),
        (b" " * (baseline.MAX_BYTES + 1), "larger than 64,000,000 bytes"),
    ],
    ids=range(11),
)
def test_what_is_no_baseline_is_refused(data, says):
    with pytest.raises(ConfigError) as caught:
        baseline.load(data, name="known.json")
    assert says in caught.value.message


def test_a_baseline_that_nobody_could_read_back_is_not_written(monkeypatch):
    monkeypatch.setattr(baseline, "MAX_BYTES", 1_000)
    with pytest.raises(UsageError, match="more than 1,000 bytes"):
        text()


def test_a_finding_without_code_has_no_fingerprint_that_travels():
    scan = replace(tree(), findings=(make.finding(code=""),))
    prints = json.loads(text(scan))["findings"][0]["fingerprints"]
    assert prints == {"moved/v1": "", "code/v1": ""}
