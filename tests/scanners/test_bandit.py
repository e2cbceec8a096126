"""The real Bandit over awkward trees; stand-ins only for a Bandit in bad health."""

from __future__ import annotations

import ast
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gate.core.finding import Confidence, Range, Severity
from gate.core.policy import ToolPolicy
from gate.core.scan import ScanStatus
from gate.scanners import bandit as module
from gate.scanners.bandit import Bandit
from gate.scanners.words import bandit_severity
from tests.scanners.conftest import AWKWARD
from tests.scanners.kit import (
    CALL,
    TOOL,
    WORKER,
    dying_bandit,
    found,
    reasons,
    rules_of,
    script,
    slots,
    tree_of,
)
from tests.test_process import dies

if TYPE_CHECKING:
    from gate.core.scan import ScanReport
    from gate.scanners import TargetTree

UNREAD = {
    "broken.py": "syntax-error",
    "newer.py": "syntax-error",
    "deep.py": "scanner-exception",
    "wide.py": "encoding",
    "large.py": "too-large",
}
REAL = f'exec {sys.executable} "$@"'


def scan(
    files: dict[str, bytes] | None = None, fake: Path | None = None, timeout: int = 60, jobs: int = 2
) -> ScanReport:
    command = (str(fake), *Bandit().command[1:]) if fake else Bandit().command
    with tree_of(files or {"a.py": CALL}) as tree:
        report = Bandit(command).scan([tree], ToolPolicy(timeout=timeout), rules_of(), slots(jobs))[0]
        assert str(tree.private) not in repr(report)
    reasons(report)
    return report


def test_every_python_file_is_read_or_named(bandit: ScanReport) -> None:
    """Neither `.bandit` files, nor other settings of the tree, nor names like CVS hide anything."""
    assert (bandit.tool, bandit.status) == ("bandit", ScanStatus.PARTIAL)
    assert bandit.version.count(".") == 2
    assert bandit.engine.startswith("python 3.")
    if sys.version_info < (3, 13):
        assert reasons(bandit) == UNREAD
    calls = {path for path, data in AWKWARD.items() if CALL in (data if isinstance(data, bytes) else data[1])}
    calls -= {"large.py", "wide.py"}
    assert {s.path for s in bandit.sightings if s.rule_id == "B605"} >= calls
    assert not {"app.js", "Dockerfile", "pyproject.toml"} & set(bandit.targets)


def test_no_temporary_path_is_in_the_report(bandit: ScanReport, awkward: TargetTree) -> None:
    assert str(awkward.private) not in repr(bandit)
    assert "broken.py: syntax error while parsing AST from file" in bandit.errors


def test_a_sighting_is_in_the_words_of_the_gate(bandit: ScanReport) -> None:
    sighting = next(s for s in bandit.sightings if s.path == "src/plain.py")
    assert (sighting.rule_id, sighting.severity, sighting.confidence) == (
        "B605",
        Severity.HIGH,
        Confidence.HIGH,
    )
    assert (sighting.native_severity, sighting.native_confidence) == ("HIGH", "HIGH")
    assert sighting.cwe == (78,)
    assert sighting.title == "Starting a process with a shell, possible injection detected, security issue"
    assert sighting.url.startswith("https://bandit.readthedocs.io/")
    assert sighting.family is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("bom.py", [Range(start_line=1, start_column=2, end_line=1, end_column=14), Range(start_line=2, start_column=1, end_line=2, end_column=13)]),
        ("columns.py", [Range(start_line=1, start_column=10, end_line=1, end_column=22), Range(start_line=2, start_column=1, end_line=2, end_column=19)]),
        ("latin.py", [Range(start_line=2, start_column=10, end_line=2, end_column=22)]),
        ("lines.py", [Range(start_line=2, start_column=1, end_line=2, end_column=11)]),
        ("formfeed.py", [Range(start_line=2, start_column=2, end_line=2, end_column=14)]),
        ("crlf.py", [Range(start_line=2, start_column=1, end_line=2, end_column=13)]),
        ("returns.py", [Range(start_line=1, start_column=17, end_line=1, end_column=29)]),
    ],
)  # fmt: skip
def test_ranges_are_those_that_semgrep_has(path: str, expected: list[Range], bandit: ScanReport) -> None:
    """Python's lines and byte columns become lines of git and code points."""
    assert [s.range for s in bandit.sightings if s.path == path and s.rule_id == "B605"] == expected


def test_inline_suppressions_are_kept_and_marked(bandit: ScanReport) -> None:
    """As Bandit behaves: case matters, strings do not count, longer words and unknown ids do."""
    marks = {
        s.range.start_line: s.suppressed_inline
        for s in bandit.sightings
        if s.path == "waved.py" and s.rule_id == "B605"
    }
    assert marks == {2: True, 3: True, 4: False, 5: False, 6: False, 7: True, 8: True}
    assert not any(s.suppressed_inline for s in bandit.sightings if s.path == "marked.py")


CRASHING = f"""
import functools, runpy, sys
from bandit.core import extension_loader

@functools.wraps(next(p.plugin for p in extension_loader.MANAGER.plugins if p.plugin._test_id == "B605"))
def start_process(context, config):
    if "b.py" in context.filename:
        raise RuntimeError("oops")

next(p for p in extension_loader.MANAGER.plugins if p.plugin._test_id == "B605").plugin = start_process
sys.argv = [{WORKER!r}, *sys.argv[2:]]
runpy.run_path({WORKER!r}, run_name="__main__")
"""


def test_a_test_that_crashes_makes_its_file_unscanned(tmp_path: Path) -> None:
    """Bandit only tells its log; what the other tests found in that file is kept."""
    (tmp_path / "crashing.py").write_text(CRASHING)
    command = (sys.executable, str(tmp_path / "crashing.py"), WORKER)
    with tree_of({"a.py": CALL, "b.py": CALL + b"eval(x)\n"}) as tree:
        (report,) = Bandit(command).scan([tree], TOOL, rules_of(), slots(1))
    assert (report.status, reasons(report)) == (ScanStatus.PARTIAL, {"b.py": "scanner-exception"})
    assert "b.py: test start_process_with_a_shell crashed" in report.errors
    assert found(report) == {("B307", "b.py", 3)}


@pytest.mark.parametrize("version", ["1.9.4", "another"])
def test_the_short_way_through_a_tree_says_what_bandit_s_own_way_says(version: str, tmp_path: Path) -> None:
    """The worker passes nodes by only in the version of Bandit that it knows."""
    (tmp_path / "worker.py").write_text(
        f"import runpy, sys\nmain = runpy.run_path({WORKER!r})['main']\n"
        f"main.__globals__['KNOWN_VERSION'] = {version!r}\nmain()\n"
    )
    files = {
        f"{n}.py": path.read_bytes()
        for n, path in enumerate(sorted(Path(ast.__file__).parent.glob("[a-h]*.py"))[:60])
    }
    files["waved.py"] = AWKWARD["waved.py"]  # type: ignore[assignment]
    with tree_of(files) as tree:
        (usual,) = Bandit().scan([tree], TOOL, rules_of(), slots(1))
        (report,) = Bandit((sys.executable, "-I", str(tmp_path / "worker.py"))).scan(
            [tree], TOOL, rules_of(), slots(1)
        )
    assert len(usual.sightings) > 50
    assert replace(report, seconds=0) == replace(usual, seconds=0)


@pytest.mark.parametrize(
    ("severity", "confidence", "expected"),
    [
        ("HIGH", "HIGH", Severity.HIGH),
        ("HIGH", "LOW", Severity.MEDIUM),
        ("MEDIUM", "MEDIUM", Severity.MEDIUM),
        ("MEDIUM", "LOW", Severity.LOW),
        ("LOW", "HIGH", Severity.LOW),
        ("LOW", "LOW", Severity.INFO),
        ("UNDEFINED", "HIGH", None),
        ("HIGH", "UNDEFINED", None),
        ("", "", None),
    ],
)
def test_severity_table(severity: str, confidence: str, expected: Severity | None) -> None:
    assert bandit_severity(severity, confidence) is expected


def test_a_large_set_is_shared_out_and_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"src/{n}.py": CALL + b"os.system(y)  # nosec\n" for n in range(9)}
    files["broken.py"] = b"def f(:\n"
    whole = scan(files)
    monkeypatch.setattr(module, "SPLIT_BYTES", 10)
    monkeypatch.setattr(module, "CHUNK_BYTES", 100)
    shared = scan(files)
    assert len([s for s in whole.sightings if s.suppressed_inline]) == 9
    assert shared.sightings == whole.sightings
    assert (shared.scanned, shared.unscanned, shared.errors) == (whole.scanned, whole.unscanned, whole.errors)


#: The name of the one file of the list that a stand-in is given last but one.
NAME = f"name=$({sys.executable} -c 'import json, sys; print(json.load(open(sys.argv[1]))[0][0])' \"${{@: -2:1}}\")"
BANDIT = 'echo \'{"bandit": "1.9.4"}\''
ROW = '["B605", "start", 2, 0, 12, 1, "HIGH", "HIGH", "t", 78, ""]'
ANSWER = (
    f'printf \'{{"file": "%s", "unread": null, "crashed": [], "issues": [{ROW}], "left": null}}\n\' "$name"'
)
BAD_HEALTH = {
    "killed": ("kill -9 $$", "bandit was killed by SIGKILL", 0),
    "silent": ("exit 0", "bandit ended without an answer for every file", 0),
    "half": (f"{BANDIT}; printf '{{\"file\": '", "bandit ended with cut or foreign output", 0),
    "foreign": ("echo '[]'", "bandit ended with cut or foreign output", 0),
    "nested": ("head -c 200000 /dev/zero | tr '\\0' '['", "bandit ended with cut or foreign output", 0),
    "usage": (f"{BANDIT}; {ANSWER}; echo gone >&2; exit 2", "bandit ended with code 2: gone", 1),
    "no end": (f"{BANDIT}; {ANSWER}", "bandit ended without an answer for every file", 1),
    "wrong end": (f"{BANDIT}; {ANSWER}; echo '{{\"end\": 2}}'", "bandit ended without an answer for every file", 1),
    "traceback": ("echo 'RuntimeError: boom' >&2; exit 1", "bandit ended with code 1: RuntimeError: boom", 0),
    "missing": ("echo 'No module named bandit' >&2; exit 1", "bandit is not installed", 0),
    "stranger": (f"{BANDIT}; name=/etc/passwd; {ANSWER}", "bandit speaks of a file that it was not given, or not in order", 0),
    "twice": (f"{BANDIT}; {ANSWER}; {ANSWER}", "bandit speaks of a file that it was not given, or not in order", 1),
    "odd issue": (
        f"{BANDIT}; printf '{{\"file\": \"%s\", \"crashed\": [], \"issues\": [7]}}\n' \"$name\"",
        "bandit speaks of a file that it was not given, or not in order",
        0,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_HEALTH)
def test_a_bandit_in_bad_health_is_a_failed_run(case: str, tmp_path: Path) -> None:
    text, reason, kept = BAD_HEALTH[case]
    report = scan(fake=script(tmp_path, f"#!/bin/bash\n{NAME}\n{text}\n"))
    assert (report.status, report.reason) == (ScanStatus.FAILED, reason)
    assert reasons(report) == {"a.py": "scanner-failed"}
    assert len(report.sightings) == kept, "what was read is kept"


def test_a_bandit_that_cannot_start_is_a_failed_run(tmp_path: Path) -> None:
    report = scan(fake=tmp_path / "nowhere")
    assert report.reason == "bandit could not be started (No such file or directory)"


FILES = {"a.py": CALL, "hang.py": CALL, "z.py": CALL, "b.py": b"def f(:\n"}


def test_a_file_that_hangs_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    """Also in code that looks at no signal: the child dies, and another goes on behind the file."""
    bandit = dying_bandit(tmp_path, "import re; re.match('(a+)+$', 'a' * 50 + 'b')")
    with tree_of(FILES) as tree:
        (report,) = bandit.scan([tree], ToolPolicy(timeout=10), rules_of(), slots())
    assert (report.status, reasons(report)) == (
        ScanStatus.PARTIAL,
        {"b.py": "syntax-error", "hang.py": "timeout"},
    )
    assert found(report) == {("B605", "a.py", 2), ("B605", "z.py", 2)}


@pytest.mark.parametrize(("how", "told"), [("os.abort()", "SIGABRT"), ("os._exit(7)", "code 7")])
def test_a_file_that_kills_the_scanner_fails_the_run_and_is_named(
    how: str, told: str, tmp_path: Path
) -> None:
    with tree_of(FILES) as tree:
        (report,) = dying_bandit(tmp_path, how).scan([tree], TOOL, rules_of(), slots())
    assert report.status is ScanStatus.FAILED
    assert report.reason == f"bandit was ended by {told} twice while it read hang.py"
    assert found(report) == {("B605", "a.py", 2), ("B605", "z.py", 2)}, "what was found elsewhere is kept"


def test_a_scanner_killed_once_from_outside_is_started_again(tmp_path: Path) -> None:
    with tree_of(FILES) as tree:
        (report,) = dying_bandit(tmp_path, "os.kill(os.getpid(), 9)", once=True).scan(
            [tree], TOOL, rules_of(), slots()
        )
    assert (report.status, reasons(report)) == (ScanStatus.PARTIAL, {"b.py": "syntax-error"})
    assert len(found(report)) == 3


def test_when_time_is_up_every_file_is_named_and_all_that_was_started_ends(tmp_path: Path) -> None:
    fake = script(tmp_path, f"#!/bin/bash\nsleep 600 & echo $! > {tmp_path}/grandchild; wait\n")
    started = time.monotonic()
    report = scan({f"{n}.py": CALL for n in range(5)}, fake, timeout=1, jobs=1)
    assert time.monotonic() - started < 8
    assert report.status is ScanStatus.PARTIAL
    assert set(reasons(report).values()) == {"timeout"}
    assert dies(int((tmp_path / "grandchild").read_text()))


def test_the_users_settings_have_no_effect(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "yaml.py").write_text("raise SystemExit('hostile module')")
    (tmp_path / ".bandit").write_text("[bandit]\nskips: B605\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert found(scan({"a.py": CALL, "yaml.py": CALL})) == {("B605", "a.py", 2), ("B605", "yaml.py", 2)}


def test_without_python_the_run_is_complete() -> None:
    with tree_of({"a.js": b"eval(x)\n"}) as tree:
        report = Bandit(("/nowhere",)).scan([tree], TOOL, rules_of(), slots())[0]
    assert (report.status, report.targets) == (ScanStatus.COMPLETED, ())
