"""The real Semgrep over awkward trees and broken rules; stand-ins only for a Semgrep in bad health."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from gate.core.finding import Confidence, Range, Severity
from gate.core.policy import ToolPolicy
from gate.core.scan import ScanStatus
from gate.scanners import load_rules, semgrep
from gate.scanners.rules import RuleFile, Rules
from gate.scanners.semgrep import Semgrep
from tests.scanners.conftest import AWKWARD
from tests.scanners.kit import CALL, RULES, SEMGREP, TOOL, found, reasons, rules_of, script, slots, tree_of
from tests.test_process import dies

if TYPE_CHECKING:
    from pathlib import Path

    from gate.core.scan import ScanReport
    from gate.scanners import TargetTree

UNREAD = {
    "broken.py": "PartialParsing",
    "newer.py": "PartialParsing",
    "returns.py": "PartialParsing",
    "wide.py": "encoding",
    "large.py": "too-large",
}
RULE = b"- {id: %s, languages: [python], severity: %s, message: m, pattern: os.system($X)}\n"


def raw(*texts: bytes) -> Rules:
    """Rules that nobody checked, as an engine could meet them."""
    files = tuple(
        RuleFile(name=f"{n}.yaml", data=text, path=None, ids=(), languages=frozenset({"python"}))
        for n, text in enumerate(texts)
    )
    return Rules(files=files, digest="", ids=(), shipped_ids=frozenset())


def scan(
    rules: Rules, files: dict[str, bytes] | None = None, fake: Path | None = None, timeout: int = 60
) -> ScanReport:
    with tree_of(files or {"a.py": CALL}) as tree:
        report = Semgrep(fake).scan([tree], ToolPolicy(timeout=timeout), rules, slots())[0]
        assert str(tree.private) not in repr(report)
    reasons(report)
    return report


@pytest.mark.parametrize("engine", ["experimental", "classic"])
def test_every_file_is_read_or_named(engine: str, request: pytest.FixtureRequest) -> None:
    """Names, default ignores and settings of the tree hide nothing from either engine."""
    report: ScanReport = request.getfixturevalue(engine)
    assert (report.tool, report.engine) == ("semgrep", engine)
    assert report.version.count(".") == 2
    assert report.status is ScanStatus.PARTIAL
    assert reasons(report) == UNREAD
    assert report.reason == "5 files not fully read (PartialParsing, encoding, too-large)"
    calls = {path for path, data in AWKWARD.items() if CALL in (data if isinstance(data, bytes) else data[1])}
    calls -= {"large.py", "wide.py"}
    assert {s.path for s in report.sightings if s.rule_id == "shell"} >= calls
    languages = {"app.js", "app.ts", "Dockerfile", "Dockerfile.prod", ".github/workflows/ci.yml"}
    assert {s.path for s in report.sightings if s.rule_id != "shell"} == languages
    assert "main.go" not in report.targets
    assert "notes.txt" not in report.targets
    assert "chart/templates/a.yaml" not in report.targets


def test_both_engines_say_the_same(experimental: ScanReport, classic: ScanReport) -> None:
    assert experimental.sightings == classic.sightings
    assert experimental.area_hits == classic.area_hits
    assert experimental.unscanned == classic.unscanned


def test_no_temporary_path_is_in_a_report(
    experimental: ScanReport, classic: ScanReport, awkward: TargetTree
) -> None:
    assert "/tmp" not in repr(experimental) + repr(classic)
    assert str(awkward.private) not in repr(experimental) + repr(classic)


def test_a_sighting_is_in_the_words_of_the_gate(experimental: ScanReport) -> None:
    sighting = next(s for s in experimental.sightings if s.path == "src/plain.py")
    assert sighting.severity is Severity.HIGH
    assert sighting.confidence is Confidence.LOW
    assert (sighting.native_severity, sighting.native_confidence) == ("HIGH", "LOW")
    assert sighting.cwe == (78, 88)
    assert sighting.title == "A shell runs x"
    assert sighting.message == "A shell runs x. Use a list."
    assert sighting.url == "https://example.org/shell"
    assert sighting.family is None, "only shipped rules may name a family"
    assert not sighting.external


def test_a_rule_of_an_area_gives_a_fact_and_no_sighting(experimental: ScanReport) -> None:
    assert [(hit.area, hit.rule_id, hit.path) for hit in experimental.area_hits] == [
        ("auth", "login", "login.py")
    ]
    assert "login" not in {s.rule_id for s in experimental.sightings}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("bom.py", [Range(start_line=1, start_column=2, end_line=1, end_column=14), Range(start_line=2, start_column=1, end_line=2, end_column=13)]),
        ("columns.py", [Range(start_line=1, start_column=10, end_line=1, end_column=22)]),
        ("lines.py", [Range(start_line=2, start_column=1, end_line=4, end_column=2)]),
        ("formfeed.py", [Range(start_line=2, start_column=2, end_line=2, end_column=14)]),
        ("crlf.py", [Range(start_line=2, start_column=1, end_line=2, end_column=13)]),
        ("returns.py", [Range(start_line=1, start_column=17, end_line=1, end_column=29)]),
    ],
)  # fmt: skip
def test_ranges_count_code_points_of_the_file_in_git(
    path: str, expected: list[Range], experimental: ScanReport
) -> None:
    assert [s.range for s in experimental.sightings if s.path == path] == expected


def test_inline_suppressions_are_kept_and_marked(experimental: ScanReport) -> None:
    """As Semgrep behaves: a string can suppress, a longer word too, another id does not."""
    marks = {s.range.start_line: s.suppressed_inline for s in experimental.sightings if s.path == "marked.py"}
    assert marks == {2: True, 3: True, 4: False, 6: True, 7: True, 8: True}
    assert not any(s.suppressed_inline for s in experimental.sightings if s.path == "waved.py")


def test_a_file_not_fully_read_the_second_time_suppresses_nothing(tmp_path: Path) -> None:
    """The second look claims a timeout: what it lacks is then no suppression."""
    fake = script(
        tmp_path,
        f"""#!/bin/sh
case " $* " in *" --disable-nosem "*) exec "{SEMGREP}" "$@";; esac
for root; do :; done
printf '{{"results": [], "paths": {{"scanned": ["%s/a.py"]}}, "errors": [{{"type": "Timeout", "level": "warn", "path": "%s/a.py"}}]}}' "$root" "$root"
""",
        "semgrep",
    )
    report = scan(rules_of(RULES), {"a.py": b"os.system(x)  # nosem\n"}, fake)
    assert [s.suppressed_inline for s in report.sightings] == [False]


def test_severities_outside_of_the_policy_s_words_are_kept() -> None:
    """INVENTORY and EXPERIMENT are information; the classic engine would drop them."""
    report = scan(
        rules_of(
            b"rules:\n"
            + b"".join(RULE % (word.lower(), word) for word in (b"INVENTORY", b"EXPERIMENT", b"CRITICAL"))
        )
    )
    assert {s.rule_id: s.severity for s in report.sightings} == {
        "inventory": Severity.INFO,
        "experiment": Severity.INFO,
        "critical": Severity.CRITICAL,
    }
    assert report.status is ScanStatus.COMPLETED


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (
            b"- {id: b, languages: [python], severity: HIGH, message: m, pattern: 'f(('}\n",
            "Rule parse error in rule b",
        ),
        (b"- {id: b, languages: [python], severity: HIGH, pattern: f()}\n", "Rule parse error in rule b"),
        (
            b"- {id: b, languages: [python], severity: HIGH, message: m, min-version: 99.0.0, pattern: f()}\n",
            "IncompatibleRule in rule b",
        ),
        (
            b"- {id: b, languages: [apex], severity: HIGH, message: m, pattern: f()}\n",
            "Missing plugin in rule b",
        ),
    ],
    ids=["pattern", "schema", "version", "plugin"],
)
def test_a_broken_rule_fails_the_run_and_the_findings_stay(broken: bytes, reason: str) -> None:
    report = scan(raw(b"rules:\n" + RULE % (b"good", b"HIGH") + broken))
    assert (report.status, report.reason) == (ScanStatus.FAILED, reason)
    assert found(report) == {("good", "a.py", 2)}
    assert reasons(report) == {"a.py": "scanner-failed"}


def test_a_rule_that_only_the_classic_engine_takes_is_run_by_it() -> None:
    """An anchor: the experimental engine refuses it. (load_rules does, too, for policies.)"""
    report = scan(
        raw(
            b"rules:\n- {id: &x a, languages: [python], severity: HIGH, message: *x, pattern: os.system($X)}\n"
        )
    )
    assert (report.status, report.engine) == (ScanStatus.COMPLETED, "classic")
    assert found(report) == {("a", "a.py", 2)}


def test_a_rule_that_takes_too_long_makes_the_file_unscanned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(semgrep, "RULE_SECONDS", 1)
    slow = b"""
- id: slow
  languages: [python]
  severity: HIGH
  message: m
  patterns:
  - pattern: $A
  - pattern: $B
  - pattern-inside: "...\\n$X = $Y\\n...\\n$Z = $W\\n..."
"""
    lines = b"".join(b"x%d = f(x%d, [g(a%d, b) for b in c])\n" % (n, n, n) for n in range(4000))
    files = {"slow.py": CALL + lines, "quick.py": CALL}
    report = scan(rules_of(b"rules:\n" + RULE % (b"good", b"HIGH") + slow), files)
    assert report.status is ScanStatus.PARTIAL
    assert reasons(report) == {"slow.py": "Timeout"}
    assert ("good", "quick.py", 2) in found(report)


@pytest.mark.parametrize("name", ["a.py", "a.js", "a.ts", "a.tsx", "a.go", "A.java"])
def test_a_file_that_cannot_be_parsed_is_named_although_no_rule_has_a_word_in_it(name: str) -> None:
    """Semgrep parses a file only for a rule whose words are in it, and calls it scanned all the same."""
    report = scan(load_rules(), {name: b"((( zzz\n<<<<<<< ours\n"})
    assert report.status is ScanStatus.PARTIAL
    assert list(reasons(report)) == [name]
    assert not report.sightings
    whole = scan(load_rules(), {"a.py": b"a < a < a < a\n", "a.ts": b"a < a < a < a\n"})
    assert (whole.status, whole.sightings, whole.area_hits) == (ScanStatus.COMPLETED, (), ())


def test_shipped_families_come_from_the_rule(tmp_path: Path) -> None:
    rules = load_rules()
    code = b"import subprocess\ndef f(request):\n    subprocess.run(request.args['x'], shell=True)\n"
    report = scan(rules, {"a.py": code})
    assert report.status is ScanStatus.COMPLETED
    families = {s.rule_id: s.family for s in report.sightings}
    assert families
    assert all(families.values())
    assert set(families) <= rules.shipped_ids


def test_only_rule_files_for_the_languages_at_hand_are_passed() -> None:
    rules = rules_of(
        b"rules:\n" + RULE % (b"a", b"LOW"),
        b"rules:\n- {id: g, languages: [go], severity: LOW, message: m, pattern: f()}\n",
        b"rules:\n- {id: r, languages: [regex], severity: LOW, message: m, pattern-regex: f}\n",
        b"rules:\n- {id: j, languages: [js], severity: LOW, message: m, pattern: f()}\n",
    )
    assert [f.ids for f in rules.for_languages(frozenset({"python"}))] == [("a",), ("r",)]
    assert [f.ids for f in rules.for_languages(frozenset({"ts", ""}))] == [("r",), ("j",)]


def test_rules_for_every_file_also_read_files_that_are_no_targets() -> None:
    rules = rules_of(
        b"rules:\n- {id: r, languages: [regex], severity: LOW, message: m, pattern-regex: token}\n"
    )
    report = scan(rules, {"a.txt": b"a token\n"})
    assert found(report) == {("r", "a.txt", 1)}
    assert report.targets == ()


@pytest.mark.parametrize("files", [{}, {"main.go": b"package main\n"}, {"logo.png": b"\0"}])
def test_without_targets_the_run_is_complete(files: dict[str, bytes], tmp_path: Path) -> None:
    with tree_of(files) as tree:
        (report,) = Semgrep(tmp_path / "none").scan(
            [tree], TOOL, rules_of(b"rules:\n" + RULE % (b"a", b"LOW")), slots()
        )
    assert (report.status, report.targets) == (ScanStatus.COMPLETED, ())


def test_shares_of_a_large_tree_say_what_one_run_says(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"src/{n}.py": CALL + b"x = 1  # nosem\nos.system(y)  # nosem\n" for n in range(12)}
    files["broken.py"] = AWKWARD["broken.py"]
    whole = scan(rules_of(RULES), files)
    monkeypatch.setattr(semgrep, "SPLIT_BYTES", 100)
    shared = scan(rules_of(RULES), files)
    assert len(whole.sightings) == 25
    assert shared.sightings == whole.sightings
    assert (shared.scanned, shared.unscanned, shared.errors) == (whole.scanned, whole.unscanned, whole.errors)


RESULT = '{"check_id": "shell", "path": "%s/a.py", "start": {"line": 2, "col": 1}, "end": {"line": 2, "col": 13}, "extra": {"severity": "HIGH", "message": "m"}}'
BAD_HEALTH = {
    "killed": ("kill -9 $$", "semgrep was killed by SIGKILL"),
    "silent": ("exit 0", "semgrep ended with code 0 and no output"),
    "half": ('printf \'{"results": [{"check_id"\'', "semgrep ended with code 0 and cut or foreign output"),
    "foreign": ("echo '[1, 2]'", "semgrep ended with code 0 and cut or foreign output"),
    "nested": (
        "head -c 200000 /dev/zero | tr '\\0' '['",
        "semgrep ended with code 0 and cut or foreign output",
    ),
    "no errors": ("echo '{\"results\": []}'", "semgrep's output has no list of errors"),
    "code": (
        f'printf \'{{"results": [{RESULT}], "errors": [], "paths": {{"scanned": ["%s/a.py"]}}}}\' "$root" "$root"; exit 2',
        "semgrep ended with code 2",
    ),
    "error": (
        'echo \'{"results": [], "errors": [{"level": "error", "type": "Fatal error", "message": "gone"}]}\'',
        "Fatal error: gone",
    ),
    "stranger": (
        (
            'echo \'{"results": [{"check_id": "shell", "path": "/etc/passwd", "start": {"line": 2, "col": 1}, '
            '"end": {"line": 2, "col": 13}}], "errors": []}\''
        ),
        "semgrep speaks of a file that it was not given: '/etc/passwd'",
    ),
    "odd": (
        'echo \'{"results": [5], "errors": []}\'',
        "semgrep's output has a result without a rule or a place",
    ),
}


@pytest.mark.parametrize("case", BAD_HEALTH)
def test_a_semgrep_in_bad_health_is_a_failed_run(case: str, tmp_path: Path) -> None:
    text, reason = BAD_HEALTH[case]
    report = scan(rules_of(RULES), fake=script(tmp_path, f"#!/bin/sh\nfor root; do :; done\n{text}\n"))
    assert (report.status, report.reason) == (ScanStatus.FAILED, reason)
    assert reasons(report) == {"a.py": "scanner-failed"}
    assert len(report.sightings) == (case == "code"), "what was read is kept"


def test_a_semgrep_that_is_missing_or_no_program_is_a_failed_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = scan(rules_of(RULES), fake=tmp_path / "nowhere")
    assert report.status is ScanStatus.FAILED
    assert report.reason == "semgrep could not be started (No such file or directory)"
    monkeypatch.setattr(semgrep, "find_executable", lambda _name: None)
    assert scan(rules_of(RULES)).reason == "semgrep is not installed"


def test_a_hanging_semgrep_is_killed_with_all_that_it_started(tmp_path: Path) -> None:
    fake = script(tmp_path, f"#!/bin/sh\nsleep 600 & echo $! > {tmp_path}/grandchild\nwait\n")
    started = time.monotonic()
    report = scan(rules_of(RULES), fake=fake, timeout=1)
    assert time.monotonic() - started < 8
    assert (report.status, reasons(report)) == (ScanStatus.PARTIAL, {"a.py": "timeout"})
    assert dies(int((tmp_path / "grandchild").read_text()))


def test_a_file_that_takes_all_the_time_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    """Semgrep says nothing at all if it is ended: the largest file is read alone, after the others."""
    fake = script(
        tmp_path,
        f"""#!/bin/bash
for root; do :; done
grep -rqs hangs "$root" && {{ sleep 600 & wait; }}
exec {SEMGREP} "$@"
""",
        "semgrep",
    )
    files = {"a.py": CALL, "b.py": CALL, "slow.py": CALL + b"# hangs\n" * 1000, "app.js": b"eval(x)\n"}
    report = scan(rules_of(RULES), files, fake, timeout=16)
    assert (report.status, reasons(report)) == (ScanStatus.PARTIAL, {"slow.py": "timeout"})
    assert found(report) == {("shell", "a.py", 2), ("shell", "b.py", 2), ("evaluated", "app.js", 1)}


def test_a_silent_zero_is_no_proof_that_a_file_was_read(tmp_path: Path) -> None:
    fake = script(tmp_path, '#!/bin/sh\necho \'{"results": [], "errors": [], "paths": {"scanned": []}}\'\n')
    report = scan(rules_of(RULES), fake=fake)
    assert (report.status, reasons(report)) == (ScanStatus.PARTIAL, {"a.py": "not-selected"})


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ('{"type": "OutOfMemory", "level": "warn", "path": "%s/a.py"}', "OutOfMemory"),
        ('{"type": ["Something new", [1]], "level": "warn", "path": "%s/a.py"}', "Something new"),
        ('{"type": "StackOverflow", "level": "warn", "message": "somewhere"}', "StackOverflow"),
        ("{}", "unknown error"),
    ],
)
def test_any_other_error_makes_files_partial(entry: str, reason: str, tmp_path: Path) -> None:
    output = f'{{"results": [], "errors": [{entry}], "paths": {{"scanned": ["%s/a.py"]}}}}'
    fake = script(tmp_path, f'#!/bin/sh\nfor root; do :; done\nprintf \'{output}\' "$root" "$root"\n')
    if "%s" not in entry:
        fake = script(tmp_path, f"#!/bin/sh\nfor root; do :; done\nprintf '{output}' \"$root\"\n")
    report = scan(rules_of(RULES), fake=fake)
    assert (report.status, reasons(report)) == (ScanStatus.PARTIAL, {"a.py": reason})


def test_the_users_settings_have_no_effect(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SEMGREP_BASELINE_COMMIT", "HEAD")
    monkeypatch.setenv("SEMGREP_APP_TOKEN", "secret")
    monkeypatch.setenv("SEMGREP_RULES", "/nowhere")
    monkeypatch.setenv("HOME", str(tmp_path))
    report = scan(rules_of(RULES))
    assert report.status is ScanStatus.COMPLETED
    assert found(report) == {("shell", "a.py", 2)}
    assert list(tmp_path.iterdir()) == []


NAMES = {
    "js": [
        "a.min.js",
        ".min.js",
        "A.MIN.JS",
        "b.Min.js",
        "a.min.mjs",
        "a.min.jsx",
        "a.bundle.js",
        "a.js.",
        "dist/x.min.js",
    ],
    "ts": [
        "a.d.ts",
        ".d.ts",
        "A.D.TS",
        "a.d.mts",
        "a.d.cts",
        "a.min.ts",
        "types/index.d.ts",
        "a.spec.ts",
        "a.tsx",
    ],
    "go": ["a.pb.go", "a_test.go", "zz_generated.go", "a.min.go", "vendor/a.go", "A.GO"],
    "java": ["ATest.java", "a.min.java", "target/A.java", "A.JAVA"],
}
CODE = {
    "js": b"danger(1);\n",
    "ts": b"danger(1);\n",
    "go": b"package a\n\nfunc f() { danger(1) }\n",
    "java": b"class A { void f() { danger(1); } }\n",
}


@pytest.mark.parametrize("language", NAMES)
def test_no_name_keeps_the_rules_of_a_language_from_code_in_it(language: str) -> None:
    """A rule for every file reads it all the same, so that it would be called read without its own rules."""
    word = {"js": "javascript", "ts": "typescript"}.get(language, language)
    own = f"rules:\n- {{id: own, languages: [{word}], severity: ERROR, message: m, pattern: danger(...)}}\n"
    every = "- {id: every, languages: [regex], severity: ERROR, message: m, pattern-regex: nowhere}\n"
    rules = rules_of((own + every).encode())
    report = scan(rules, {name: CODE[language] + b"// %d\n" % n for n, name in enumerate(NAMES[language])})
    assert {s.path for s in report.sightings} == set(NAMES[language])
    assert (report.status, report.unscanned) == (ScanStatus.COMPLETED, ())
