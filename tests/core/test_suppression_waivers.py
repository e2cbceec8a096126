"""Waivers: what they cover, for how long, and why one does not count."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.core.finding import Decision, Severity
from gate.core.fingerprint import fingerprints
from gate.core.suppression import Waiver, apply_waivers
from tests.core.test_merge_factories import merged, place, sighting

TODAY = "2025-03-01"


def two():
    """Two identical sinks."""
    return merged("run(a)\nrun(a)\n", sighting(place(1, 1, 1, 7)), sighting(place(2, 1, 2, 7)))


def waiver(**fields):
    given = {
        "owner": "alice",
        "reason": "internal tool, input is constant",
        "created": "2025-02-01",
        "expires": "2025-04-01",
    }
    if not {"family", "rule", "fingerprint"} & fields.keys():
        fields |= {"family": "command-injection"}
    if "fingerprint" not in fields:
        given |= {"path": "a.py", "path_regex": r"\Aa\.py\Z"}
    return Waiver(**(given | fields))


def apply(*waivers, findings=None, **options):
    options = {"today": TODAY, "humans": {"alice"}} | options
    return apply_waivers(two() if findings is None else findings, waivers, **options)


def decisions(outcome):
    return [f.decision.value for f in outcome.findings]


def test_by_family_and_path():
    outcome = apply(waiver())
    assert decisions(outcome) == ["waived", "waived"]
    (row,) = outcome.suppressions
    assert (row.kind, row.owner, row.expires, row.effective) == ("waiver", "alice", "2025-04-01", True)
    assert row.findings == tuple(f.id for f in outcome.findings)
    assert "alice" in (outcome.findings[0].suppression or "")


def test_by_rule_and_path():
    assert decisions(apply(waiver(rule="shell"))) == ["waived", "waived"]
    assert decisions(apply(waiver(rule="other"))) == ["note", "note"]
    assert decisions(apply(waiver(rule="shell", family="xss"))) == ["note", "note"]
    assert decisions(apply(waiver(path_regex=r"\Ab\.py\Z"))) == ["note", "note"]


@pytest.mark.parametrize("prefix", ["id/v1:", ""])
def test_a_fingerprint_covers_one_of_two_identical_sinks(prefix):
    findings = two()
    outcome = apply(waiver(fingerprint=prefix + findings[1].fingerprints.id_v1), findings=findings)
    assert decisions(outcome) == ["note", "waived"]


def test_a_fingerprint_follows_the_finding_of_the_base():
    """A new sink above took the old ordinal: the waiver stays with the old sink."""
    base = two()[0].id
    new, old = two()
    outcome = apply(waiver(fingerprint=base), findings=(new, replace(old, matched=base)))
    assert decisions(outcome) == ["note", "waived"]
    outcome = apply(
        waiver(fingerprint=base), waiver(fingerprint=base), findings=(replace(new, matched="id/v1:0"), old)
    )
    assert decisions(outcome) == ["note", "note"]
    assert len(outcome.unused) == 2


@pytest.mark.parametrize(
    ("fields", "options", "why"),
    [
        ({"expires": "2025-02-28"}, {}, "expired on 2025-02-28"),
        ({"created": "2025-03-02"}, {}, "begins on 2025-03-02"),
        ({"expires": "2025-05-03"}, {}, "longer than 90 days"),
        ({"max_severity": "critical"}, {}, "longer than 14 days"),
        ({"max_severity": "medium"}, {}, "up to medium; the finding is high"),
        ({"max_severity": "all"}, {}, "up to info"),
        ({"reason": " too short    "}, {}, "shorter than 15"),
        ({"owner": "mallory"}, {}, "owner mallory"),
        ({"expires": "2025-4-1"}, {}, "YYYY-MM-DD"),
        ({"expires": "2025-02-30"}, {}, "YYYY-MM-DD"),
        ({"path": "**/*", "path_regex": ""}, {}, "no finding of this run"),
        ({"path": "**", "path_regex": ".*"}, {}, "no literal component"),
        ({"path": "*.py", "path_regex": ".*"}, {}, "no literal component"),
        ({}, {"today": "never"}, "YYYY-MM-DD"),
    ],
)
def test_what_does_not_count_says_why(fields, options, why):
    outcome = apply(waiver(**fields), **options)
    assert decisions(outcome) == ["note", "note"]
    (row,) = outcome.suppressions
    assert not row.effective
    assert why in row.why


@pytest.mark.parametrize("fields", [{"expires": TODAY}, {"expires": "2025-05-02"}, {"created": TODAY}])
def test_the_last_day_counts(fields):
    assert decisions(apply(waiver(**fields))) == ["waived", "waived"]


def test_critical_for_two_weeks():
    findings = tuple(replace(f, severity=Severity.CRITICAL) for f in two())
    short = {"created": "2025-02-20", "expires": "2025-03-06", "max_severity": "critical"}
    assert decisions(apply(waiver(**short), findings=findings)) == ["waived", "waived"]
    assert decisions(apply(waiver(), findings=findings)) == ["note", "note"]


def test_only_what_is_bad_enough_stays_open():
    mild, bad = two()
    outcome = apply(waiver(), findings=(mild, replace(bad, severity=Severity.CRITICAL)))
    assert decisions(outcome) == ["waived", "note"]
    assert "1 worse than high" in outcome.suppressions[0].why


def test_unused():
    outcome = apply(waiver(family="xss"))
    assert [w.family for w in outcome.unused] == ["xss"]
    assert not outcome.suppressions[0].effective


def test_decided_findings_and_the_gates_own_are_left_alone():
    decided = tuple(
        replace(f, decision=d) for f, d in zip(two(), (Decision.SUPPRESSED, Decision.SIGNOFF), strict=True)
    )
    assert decisions(apply(waiver(), findings=decided)) == ["suppressed", "signoff"]
    own = tuple(replace(f, family="gate") for f in two())
    assert decisions(apply(waiver(family="gate"), findings=own)) == ["note", "note"]
    assert decisions(apply(waiver(fingerprint=own[0].id), findings=own)) == ["note", "note"]


def test_a_renamed_family_is_waived_under_both_names():
    findings = two()
    old = fingerprints(path="a.py", family="shell-injection", scope="", code=findings[0].code, ordinal=0)
    renamed = {"shell-injection": "command-injection"}
    assert decisions(apply(waiver(fingerprint=old.id_v1), findings=findings, renamed=renamed)) == [
        "waived",
        "note",
    ]
    outcome = apply(waiver(family="shell-injection"), findings=findings, renamed=renamed)
    assert decisions(outcome) == ["waived", "waived"]
