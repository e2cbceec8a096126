"""All scanners over one side or two."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gate import scanners
from gate.core.policy import ScannersPolicy, ToolPolicy
from gate.core.scan import ScanStatus
from gate.scanners import SCANNERS, bandit, scan, scan_both, semgrep, uncovered
from gate.scanners.interface import Slots, shared_out
from gate.scanners.semgrep import Semgrep
from tests.scanners.kit import (
    CALL,
    POLICY,
    RULES,
    SEMGREP,
    TOOL,
    dying_bandit,
    found,
    reasons,
    rules_of,
    script,
    tree_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gate.core.scan import ScanReport


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


MIXED = {
    "a.py": CALL + b"os.system(y)  # nosec # nosem\n",
    "b.py": b"<<<<<<< ours\nos.system(x)\n",
    "c\n.py": CALL,
    "d.js": b"eval(x)\n",
    "login.py": b"login(x)\n",
}


def both(*, jobs: int = 2) -> list[ScanReport]:
    other = {path: data + b"\n" for path, data in MIXED.items() if path != "d.js"} | {"e.py": b"def f(:\n"}
    with tree_of(MIXED) as head, tree_of(other) as base:
        runs = scan_both(head, base, POLICY, rules_of(RULES), only=None, jobs=jobs)
    reports = [report for run in runs for report in (run.head, run.base) if report is not None]
    assert len(reports) == 4
    return [replace(report, seconds=0.0) for report in reports]


def test_one_child_for_both_sides_says_what_a_child_for_each_says(monkeypatch: pytest.MonkeyPatch) -> None:
    together = both()
    assert [len(reasons(report)) for report in together] == [1, 1, 1, 2]
    assert [len(report.sightings) for report in together] == [5, 4, 3, 3]
    assert all(any(s.suppressed_inline for s in report.sightings) for report in together)
    for module in (semgrep, bandit):
        monkeypatch.setattr(module, "SPLIT_BYTES", 1)
        monkeypatch.setattr(module, "CHUNK_BYTES", 30)
    assert both() == together
    assert both(jobs=1) == together


def test_what_one_side_does_to_the_common_child_does_not_touch_the_other(
    tmp_path: Path,
) -> None:
    """Both stand-ins die when they read the base, and the base is scanned beside the head at first."""
    marker = "grep -rqs breaks"
    text = '#!/bin/bash\nfor a; do case "$a" in */tree*) %s "$a" && kill -9 $$;; esac; done\nexec %s "$@"\n'
    fakes = {
        "semgrep": Semgrep(script(tmp_path, text % (marker, SEMGREP), "semgrep")),
        "bandit": dying_bandit(
            tmp_path, "os.kill(os.getpid(), 9)", when='b"breaks" in open(name, "rb").read()'
        ),
    }
    told = {
        "semgrep": "semgrep was killed by SIGKILL",
        "bandit": "bandit was ended by SIGKILL twice while it read a.py",
    }
    with tree_of({"a.py": CALL}) as head, tree_of({"a.py": b"breaks()\n"}) as base:
        for tool, fake in fakes.items():
            after, before = fake.scan([head, base], TOOL, rules_of(RULES), Slots(2))
            assert (after.tool, after.status, len(after.sightings)) == (tool, ScanStatus.COMPLETED, 1)
            assert (before.status, before.reason) == (ScanStatus.FAILED, told[tool])


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
        first, second = scan(tree, POLICY, rules_of(RULES), only=None, jobs=2)
    assert (first.status, first.reason) == (
        ScanStatus.FAILED,
        "the gate could not read this tool: AttributeError",
    )
    assert second.status is ScanStatus.COMPLETED


def test_code_that_no_scanner_covers_is_known() -> None:
    files = {
        "a.py": CALL,
        "b.rb": b"puts 1\n",
        "c.md": b"text",
        "d.js": "eval(x)".encode("utf-16"),
        "e.vue": b"",
    }
    with tree_of(files) as tree:
        rules = rules_of(RULES)
        reports = scan(tree, POLICY, rules, only=None, jobs=2)
        assert uncovered(tree, reports, rules) == ("b.rb", "e.vue")
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


def test_an_interruption_ends_all_children_and_starts_no_others(tmp_path: Path) -> None:
    """The fallback and the second looks of a scanner whose child was killed must not begin."""
    slots = Slots(2)
    begun = threading.Event()
    seen: list[str] = []

    def work(number: int) -> None:
        if number:
            begun.wait(10)
            raise KeyboardInterrupt
        begun.set()
        children = (slots.run(["sleep", "60"], cwd=tmp_path, timeout_seconds=60) for _ in range(2))
        seen.extend(child.trouble for child in children)

    with pytest.raises(KeyboardInterrupt):
        slots.each(work, [1, 0])
    assert seen[-1] == "could not be started (the gate was interrupted)"


def test_shares_are_balanced_and_never_empty() -> None:
    def sums(shares: Iterable[list[int]]) -> list[int]:
        return sorted(map(sum, shares))

    assert sums(shared_out([5, 1, 1, 1, 4], [1, 1], lambda n: n)) == [6, 6]
    assert list(map(sum, shared_out([1] * 12, [3, 1], lambda n: n))) == [9, 3]
    assert shared_out([3], [1] * 4, lambda n: n) == [[3]]
    assert shared_out([], [1] * 4, lambda n: n) == []


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
