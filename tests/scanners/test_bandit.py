"""The real Bandit over awkward trees; stand-ins only for a Bandit in bad health."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import pytest

from gate.core.finding import Confidence, Range, Severity
from gate.core.policy import ToolPolicy
from gate.core.scan import ScanStatus
from gate.scanners import bandit as module
from gate.scanners.bandit import Bandit
from gate.scanners.words import bandit_severity
from tests.scanners.conftest import AWKWARD
from tests.scanners.kit import CALL, TOOL, found, reasons, rules_of, script, slots, tree_of
from tests.test_process import dies

if TYPE_CHECKING:
    from pathlib import Path

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
    command = (str(fake), "-I", "-X", "utf8", "-m", "bandit") if fake else Bandit().command
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


def test_a_test_that_crashes_makes_its_file_unscanned(tmp_path: Path) -> None:
    """Only standard error tells; the message is that of bandit/core/tester.py."""
    fake = script(
        tmp_path,
        f'#!/bin/sh\nfor last; do :; done\n{sys.executable} "$@"; code=$?\n'
        'echo "[tester]	ERROR	Bandit internal error running: hardcoded_sql on file $last at line 3: oops" >&2\nexit $code\n',
    )
    report = scan({"a.py": CALL, "b.py": CALL}, fake)
    assert (report.status, reasons(report)) == (ScanStatus.PARTIAL, {"b.py": "scanner-exception"})
    assert "b.py: test hardcoded_sql crashed" in report.errors
    assert len(found(report)) == 2


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
    monkeypatch.setattr(module, "MAX_ARGUMENT_BYTES", 150)
    shared = scan(files)
    assert len([s for s in whole.sightings if s.suppressed_inline]) == 9
    assert shared.sightings == whole.sightings
    assert (shared.scanned, shared.unscanned, shared.errors) == (whole.scanned, whole.unscanned, whole.errors)


def test_chunks_stay_below_the_limit_of_a_command_line() -> None:
    files = {f"{'d' * 150}/{'e' * 150}/{n}.py": b"" for n in range(1000)}
    with tree_of(files) as tree:
        chunks = module._split(tuple(tree.files.values()), prefix=40, slots=2)
    assert sum(map(len, chunks)) == 1000
    assert len(chunks) > 1
    assert max(sum(len(f.written) + 42 for f in chunk) for chunk in chunks) <= module.MAX_ARGUMENT_BYTES


BAD_HEALTH = {
    "killed": ("kill -9 $$", "bandit was killed by SIGKILL"),
    "silent": ("exit 0", "bandit ended with code 0 and no output"),
    "half": (
        'printf \'{"results": [{"test_id\'; exit 1',
        "bandit ended with code 1 and cut or foreign output",
    ),
    "foreign": ("echo '[]'", "bandit ended with code 0 and cut or foreign output"),
    "usage": (f'{sys.executable} "$@" > out; cat out; exit 2', "bandit ended with code 2"),
    "traceback": ("echo 'RuntimeError: boom' >&2; exit 1", "bandit ended with code 1 and no output"),
    "missing": ("echo 'python: No module named bandit' >&2; exit 1", "bandit is not installed"),
    "stranger": (
        'echo \'{"errors": [], "metrics": {}, "results": [{"filename": "/etc/passwd", "test_id": "B1", "line_number": 1}]}\'',
        "bandit speaks of a file that it was not given: '/etc/passwd'",
    ),
    "odd issue": (
        'echo \'{"errors": [], "metrics": {}, "results": [7]}\'',
        "bandit's output has an issue without a test or a place",
    ),
    "odd error": (
        'echo \'{"errors": [7], "metrics": {}, "results": []}\'',
        "bandit's output has an error without a file",
    ),
}


@pytest.mark.parametrize("case", BAD_HEALTH)
def test_a_bandit_in_bad_health_is_a_failed_run(case: str, tmp_path: Path) -> None:
    text, reason = BAD_HEALTH[case]
    report = scan(fake=script(tmp_path, f"#!/bin/sh\n{text}\n"))
    assert (report.status, report.reason) == (ScanStatus.FAILED, reason)
    assert reasons(report) == {"a.py": "scanner-failed"}
    assert len(report.sightings) == (case == "usage"), "what was read is kept"
    if case == "traceback":
        assert report.errors == ("RuntimeError: boom",)


def test_a_bandit_that_cannot_start_is_a_failed_run(tmp_path: Path) -> None:
    report = scan(fake=tmp_path / "nowhere")
    assert report.reason == "bandit could not be started (No such file or directory)"


def test_a_zero_is_no_proof_that_a_file_was_read(tmp_path: Path) -> None:
    output = '{"errors": [], "metrics": {"_totals": {}}, "results": []}'
    report = scan(fake=script(tmp_path, f"#!/bin/sh\necho '{output}'\n"))
    assert (report.status, reasons(report)) == (ScanStatus.PARTIAL, {"a.py": "not-selected"})


def test_a_file_that_hangs_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    """The chunk is killed with all it started, then every file is tried alone."""
    fake = script(
        tmp_path,
        f"""#!/bin/bash
case "$*" in *hang.py*) sleep 600 & echo $! >> {tmp_path}/grandchildren; wait;; esac
{REAL}
""",
    )
    started = time.monotonic()
    report = scan({"a.py": CALL, "hang.py": CALL, "b.py": b"def f(:\n"}, fake, timeout=12)
    assert time.monotonic() - started < 14
    assert (report.status, reasons(report)) == (
        ScanStatus.PARTIAL,
        {"b.py": "syntax-error", "hang.py": "timeout"},
    )
    assert found(report) == {("B605", "a.py", 2)}
    assert all(dies(int(line)) for line in (tmp_path / "grandchildren").read_text().split())


def test_when_time_is_up_every_file_is_named(tmp_path: Path) -> None:
    fake = script(tmp_path, "#!/bin/sh\nsleep 600\n")
    report = scan({f"{n}.py": CALL for n in range(5)}, fake, timeout=1, jobs=1)
    assert report.status is ScanStatus.PARTIAL
    assert set(reasons(report).values()) == {"timeout"}


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
