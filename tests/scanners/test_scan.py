"""All scanners over one side or two."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from gate import scanners
from gate.core.policy import ScannersPolicy, ToolPolicy
from gate.core.scan import ScanStatus
from gate.scanners import SCANNERS, scan, scan_both, uncovered
from gate.scanners.interface import Slots, shared_out
from tests.scanners.kit import CALL, POLICY, RULES, found, reasons, rules_of, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterable


def test_both_sides_are_scanned_by_every_tool() -> None:
    lines: list[str] = []
    with tree_of({"a.py": CALL, "b.py": CALL}) as head, tree_of({"a.py": CALL}) as base:
        runs = scan_both(head, base, POLICY, rules_of(RULES), only=None, jobs=4, progress=lines.append)
        one = scan_both(head, base, POLICY, rules_of(RULES), only=None, jobs=1)
    assert [run.head.tool for run in runs] == list(SCANNERS)
    for run, again in zip(runs, one, strict=True):
        assert run.base is not None
        assert again.base is not None
        assert (len(found(run.head)), len(found(run.base))) == (2, 1)
        assert run.head.status is run.base.status is ScanStatus.COMPLETED
        assert (run.head.sightings, run.base.sightings) == (again.head.sightings, again.base.sightings)
    assert sorted(lines) == [
        "bandit, base: 1 of 1 files, completed",
        "bandit, head: 2 of 2 files, completed",
        "semgrep, base: 1 of 1 files, completed",
        "semgrep, head: 2 of 2 files, completed",
    ]


def test_scanners_that_are_off_or_not_chosen_are_skipped() -> None:
    policy = ScannersPolicy(bandit=ToolPolicy(enabled=False, required=False))
    with tree_of({"a.py": CALL}) as tree:
        reports = scan(tree, policy, rules_of(RULES), only=frozenset({"bandit"}), jobs=2)
    assert [(r.tool, r.status, r.reason, r.required) for r in reports] == [
        ("semgrep", ScanStatus.SKIPPED, "not among the chosen scanners", True),
        ("bandit", ScanStatus.SKIPPED, "turned off by the policy", False),
    ]


def test_a_crash_of_ours_is_a_failed_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SCANNERS, "semgrep", "gate.scanners.bandit:Nothing")
    with tree_of({"a.py": CALL}) as tree:
        semgrep, bandit = scan(tree, POLICY, rules_of(RULES), only=None, jobs=2)
    assert (semgrep.status, semgrep.reason) == (
        ScanStatus.FAILED,
        "the gate could not read this tool: AttributeError",
    )
    assert bandit.status is ScanStatus.COMPLETED


def test_code_that_no_scanner_covers_is_known() -> None:
    files = {
        "a.py": CALL,
        "b.rb": b"puts 1\n",
        "c.md": b"text",
        "d.js": "eval(x)".encode("utf-16"),
        "e.vue": b"",
    }
    with tree_of(files) as tree:
        reports = scan(tree, POLICY, rules_of(RULES), only=None, jobs=2)
        assert uncovered(tree, reports) == ("b.rb", "e.vue")
        assert reasons(reports[0]) == {"d.js": "encoding"}


def test_no_more_children_than_slots_run_at_a_time(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    lock, running, most = threading.Lock(), 0, 0

    def run(*_: object, **__: object) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        threading.Event().wait(0.02)
        with lock:
            running -= 1

    monkeypatch.setattr(scanners.interface.process, "run", run)
    slots = Slots(2)
    slots.each(lambda _: slots.run(["x"], cwd=tmp_path, timeout_seconds=1), range(8))
    assert most == 2


def test_an_interruption_ends_all_children(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[bool] = []
    monkeypatch.setattr(scanners.interface.process, "stop_all", lambda: stopped.append(True))

    def work(number: int) -> None:
        if number == 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Slots(2).each(work, range(2))
    assert stopped == [True]


def test_shares_are_balanced_and_never_empty() -> None:
    def sums(shares: Iterable[list[int]]) -> list[int]:
        return sorted(map(sum, shares))

    assert sums(shared_out([5, 1, 1, 1, 4], 2, lambda n: n)) == [6, 6]
    assert shared_out([3], 4, lambda n: n) == [[3]]
    assert shared_out([], 4, lambda n: n) == []


def test_starting_imports_nothing_heavy() -> None:
    program = "import sys, gate.scanners; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        text=True,
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    heavy = {
        "yaml",
        "msgspec",
        "semgrep",
        "bandit",
        "git",
        "unicodedata",
        "importlib.metadata",
        "subprocess32",
    }
    assert not heavy & set(done.stdout.split())
