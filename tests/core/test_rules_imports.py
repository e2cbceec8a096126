"""What an imported report means for the verdict: it speaks of the whole tree and names no file that it read."""

from __future__ import annotations

from dataclasses import replace

from gate.core.area import Touch
from gate.core.policy import SarifPolicy
from gate.core.rules import decide, scan, suppressions
from gate.core.scan import CUT, ScanReport, ScanStatus, ToolRun, Unscanned
from gate.core.verdict import Outcome
from tests.reports.factories import run

BASE = run().facts
OWN = ScanReport(tool="semgrep", targets=("a.py",), scanned=("a.py",))


def facts(*reports):
    scanners = replace(BASE.policy.scanners, sarif=(SarifPolicy(name="other", path="other.sarif"),))
    return replace(
        BASE,
        policy=replace(BASE.policy, scanners=scanners),
        findings=(),
        tools=tuple(ToolRun(head=report) for report in (OWN, *reports)),
    )


def imported(status, reason="", missed=(), *, required=True):
    unscanned = tuple(Unscanned(path=path, reason="tool-warning") for path in missed)
    return ScanReport(
        tool="other",
        status=status,
        reason=reason,
        required=required,
        targets=tuple(missed),
        unscanned=unscanned,
    )


def test_a_report_that_cannot_be_used_says_who_makes_it():
    (result,) = scan.required(facts(imported(ScanStatus.FAILED, "other.sarif: is empty")))
    assert result.outcome is Outcome.INCOMPLETE
    assert result.because == "The required report of other cannot be used: other.sarif: is empty."
    assert "the row other of scanners.sarif" in result.to_pass
    assert "Installing" not in result.to_pass


def test_an_optional_one_is_noted():
    results = list(scan.required(facts(imported(ScanStatus.FAILED, "other.sarif: is empty", required=False))))
    assert {result.outcome for result in results} == {Outcome.PASSED}
    assert "other, which the policy does not require, failed: other.sarif: is empty." in [
        result.because for result in results
    ]


def test_nobody_counts_the_files_of_an_imported_report():
    (result,) = scan.required(facts(imported(ScanStatus.COMPLETED)))
    assert result.because == "Every required scanner ran: other (imported), semgrep (1 file)."


def test_a_report_that_was_cut_is_incomplete():
    cut = imported(ScanStatus.PARTIAL, f"7 results beyond 3 {CUT}")
    assert decide(facts(cut)).outcome is Outcome.INCOMPLETE
    assert [r.outcome for r in scan.coverage(facts(replace(cut, required=False)))] == []


def test_a_warning_about_a_file_that_the_change_does_not_touch_is_a_note():
    changed = BASE.change.files[0].path
    elsewhere = imported(ScanStatus.PARTIAL, "1 file", ["far/away.py"])
    (result,) = scan.coverage(facts(elsewhere))
    assert (result.outcome, "far/away.py" in result.because) == (Outcome.PASSED, True)
    (result,) = scan.coverage(facts(imported(ScanStatus.PARTIAL, "1 file", [changed])))
    assert result.outcome is Outcome.INCOMPLETE
    assert "its own settings" in result.to_pass


def test_settings_of_scanners_in_the_change_do_nothing_and_that_is_said():
    touch = Touch(area="gate", layer="L0", rule="L0.gate-file", path=".gate.yml", line=0, side="new")
    paths = [
        (".semgrepignore", "new"),
        ("a/.bandit", "new"),
        ("pyproject.toml", "new"),
        ("b/.bandit", "old"),
        (".husky/x", "new"),
    ]
    touches = tuple(replace(touch, rule="L0.scanner", path=path, side=side) for path, side in paths)
    (result,) = suppressions.ignored(replace(BASE, touches=touches))
    assert result.outcome is Outcome.PASSED
    assert ": .semgrepignore, a/.bandit, pyproject.toml. " in result.because
    assert BASE.policy.waivers in result.because
    assert list(suppressions.ignored(replace(BASE, touches=(touch,)))) == []
