"""What of a run is recorded, whatever the run holds."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.evidence.chain import Chain, Ends
from gate.core.evidence.envelope import Envelope
from gate.core.evidence.held import Evidence, Proven, Unreadable
from gate.core.evidence.of_run import record_of
from gate.core.evidence.record import MAX_BYTES, Origin, parse_record, write_record
from gate.core.review import Ignored
from gate.reports.evidence import listed, shown, verified
from tests.evidence.kit import DIGEST, NOW, record
from tests.reports import factories as make
from tests.reports.hostile import hidden_characters, hostile_path, hostile_text
from tests.reports.scenarios import SCENARIOS
from tests.reports.shuffle import shuffled


def recorded(run, **changes):
    told = {
        "tree": "b" * 40,
        "change": "12",
        "recorded_at": NOW,
        "origin": Origin(job="https://ci.example/1", actor="github:dev"),
        "report_digest": DIGEST,
        "findings_digest": DIGEST,
    }
    return record_of(run, **told | changes)


def whole(run):
    """The run with digests in their form, as real runs have them."""
    stamp = replace(run.stamp, policy_digest=DIGEST, rulesets_digest=DIGEST, registry_digest=DIGEST)
    return replace(
        run, stamp=stamp, facts=replace(run.facts, change=replace(run.facts.change, change_digest=DIGEST))
    )


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_run_has_a_record_that_says_its_verdict(name):
    run = whole(SCENARIOS[name][0]())
    back = parse_record(write_record(recorded(run)))
    assert (back.verdict, back.exit_code) == (run.verdict.outcome.word, run.exit_code)
    assert back.signoff.outcome == run.facts.signoff.outcome.word
    assert {area.area for area in back.areas} == {touch.area for touch in run.facts.touches}
    assert sum(back.findings.decisions.values()) == len(run.facts.findings)
    assert len(back.tools) == len(run.facts.tools)


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_order_of_facts_has_no_effect(name):
    run = whole(SCENARIOS[name][0]())
    assert write_record(recorded(shuffled(run, random.Random(7)))) == write_record(recorded(run))


def test_a_change_of_endless_lists_still_has_a_record():
    signoff = replace(
        make.unsigned(),
        authors=tuple(f"email:{n}@{'x' * 300}" for n in range(5000)),
        unresolved=tuple(f"{n} <{'y' * 300}>" for n in range(5000)),
        ignored=tuple(Ignored(who=f"bot{n}", why="🙂" * 5000) for n in range(1000)),
    )
    run = whole(
        make.run(signoff=signoff, touches=tuple(make.touch(path=f"{n}/{'p' * 4000}") for n in range(500)))
    )
    raw = write_record(recorded(run))
    assert len(raw) < MAX_BYTES
    back = parse_record(raw)
    assert len(back.authors.people) + back.authors.more_people == 5000
    assert back.authors.people
    (area,) = back.areas
    assert len(area.references) + area.more == 500
    assert area.references


@pytest.mark.parametrize("change", ["", None, "twelve", "0", "1; rm"])
def test_what_is_no_number_of_a_request_is_left_out(change):
    assert recorded(whole(make.run()), change=change).change is None


@given(hostile_text, hostile_path, st.sampled_from(["en", "ko"]))
@settings(max_examples=100)
def test_hostile_text_is_kept_whole_and_shown_escaped(text, path, language):
    signoff = replace(make.unsigned(), authors=(text or "x",), ignored=(Ignored(who=text, why=text),))
    run = whole(make.run(signoff=signoff, touches=(make.touch(path=path),)))
    raw = write_record(recorded(run, origin=Origin(job=text, actor=text)))
    one = Proven(
        place=path,
        digest=DIGEST,
        record=parse_record(raw),
        envelope=Envelope(payload=raw),
        signer="ci",
        problem=text,
    )
    evidence = Evidence(
        store=path,
        records=(one,),
        unreadable=(Unreadable(place=path, why=text),),
        chain=Chain(ends=Ends(digests=(DIGEST,), number=1), beginnings=1, problems=(text,)),
    )
    style = {"language": language, "width": 100}
    for page in (
        listed("text", evidence, style),
        shown("text", one, style),
        verified("text", evidence, style, good=False, remarks=(text,)),
    ):
        assert hidden_characters(page, allowed="\n") == set()
    for document in (listed("json", evidence, style), shown("json", one, style)):
        assert hidden_characters(document, allowed="\n") == set()


def test_many_problems_are_counted():
    wrong = tuple(
        Proven(
            place="x",
            digest=DIGEST,
            record=record(n),
            envelope=Envelope(payload=b""),
            signer="",
            problem="bad",
        )
        for n in range(50)
    )
    evidence = Evidence(store="x", records=wrong, unreadable=(), chain=Chain(ends=Ends(), beginnings=0))
    page = verified("text", evidence, {"width": 100}, good=False)
    assert page.count("bad") == 20
    assert "and 30 more" in page
