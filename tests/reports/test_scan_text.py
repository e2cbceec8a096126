"""The report of a scanned tree: what comes first, what is only counted, and that counting is right."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.baseline import Known
from gate.core.facts import Excluded
from gate.core.finding import Decision, Severity, State
from gate.reports import Compared, Scan, render_scan, scan_summary
from gate.reports.terminal import columns
from tests.reports import factories as make
from tests.reports import scenarios
from tests.reports.hostile import hidden_characters, hostile_path, hostile_text
from tests.reports.other_samples import compared, incomplete, tree, unread

NOTE = {"state": State.UNKNOWN, "decision": Decision.NOTE}


def found(path: str, line: int = 1, severity: Severity = Severity.HIGH, **fields):
    return make.finding(path, line, severity=severity, **(NOTE | fields))


def text(scan: Scan, **options) -> str:
    return render_scan("text", scan, **({"width": 80} | options))


def section(shown: str, title: str) -> str:
    return shown[shown.index(title) :].partition("\n\n")[0]


def folders(*paths: str) -> dict[str, int]:
    findings = [found(path, number) for number, path in enumerate(paths, 1)]
    return {row.name: row.all for row in scan_summary.by_folder(findings)}


class TestFolders:
    def test_a_folder_with_most_findings_is_opened_until_it_tells_something(self):
        paths = [f"src/app/{name}/x.py" for name in ("a", "b", "c", "d")]
        assert folders(*paths) == {"src/app/a": 1, "src/app/b": 1, "src/app/c": 1, "src/app/d": 1}

    def test_files_right_in_an_opened_folder_stand_beside_its_folders(self):
        assert folders("src/x.py", "src/a/x.py", "src/b/x.py", "src/c/x.py") == {
            "src/*": 1,
            "src/a": 1,
            "src/b": 1,
            "src/c": 1,
        }

    def test_a_chain_of_folders_is_one_row(self):
        assert folders("src/main/java/com/x/A.java", "web/b.js", "web/c.js", "d.py") == {
            "src/main/java/com/x": 1,
            "web": 2,
            "./*": 1,
        }

    def test_the_worst_comes_first_however_few(self):
        findings = [
            *(found(f"many/{n}.py", severity=Severity.LOW) for n in range(50)),
            found("one/x.py", severity=Severity.CRITICAL),
        ]
        assert [row.name for row in scan_summary.by_folder(findings)] == ["one", "many"]

    @settings(max_examples=80)
    @given(st.lists(hostile_path, max_size=12))
    def test_every_finding_is_in_one_row_whatever_its_path(self, paths):
        findings = [found(path, number) for number, path in enumerate(paths, 1)]
        assert sum(row.all for row in scan_summary.by_folder(findings)) == len(findings)


def test_product_code_comes_before_tests_of_the_same_severity():
    findings = (
        *(found(f"tests/test_{n}.py", title="In tests") for n in range(9)),
        found("src/a.py", title="In the product"),
        found("tests/test_x.py", title="Worse", severity=Severity.CRITICAL),
    )
    shown = section(text(replace(tree(), findings=findings)), "WORST FIRST")
    assert [shown.index(t) for t in ("Worse", "In the product", "In tests")] == sorted(
        shown.index(t) for t in ("Worse", "In the product", "In tests")
    )


def test_nothing_is_left_out_without_a_count():
    findings = tuple(
        found(f"src/{n:02}/a{place}.py", place, title=f"Weakness {n:02}")
        for n in range(40)
        for place in range(1, 6)
    )
    shown = text(replace(tree(), findings=findings))
    assert "125 more: 125 high" in shown  # 15 of 40 kinds are shown
    assert "and 2 more places" in shown
    assert "30 more: 150 findings" in section(shown, "BY FOLDER")
    everything = text(replace(tree(), findings=findings), verbose=True)
    assert all(f"{f.path}:{f.range.start_line}" in everything for f in findings)
    assert "more" not in section(everything, "BY FOLDER")


@pytest.mark.parametrize(
    "sample", [text(tree()), text(compared()).partition("\n\n")[0] + "\n"], ids=["tree", "compared"]
)
def test_the_documentation_shows_the_real_thing(sample):
    page = (Path(__file__).resolve().parents[2] / "docs" / "scan.md").read_text()
    assert f"```text\n{sample}```" in page


def test_files_add_up():
    for scan in (tree(), compared(), incomplete(), unread()):
        files = scan_summary.files(scan)
        assert files.all == files.read + files.missed + files.also_read + files.uncovered + files.others
        assert min(files.read, files.missed, files.also_read, files.uncovered, files.others) >= 0


def test_languages_that_nobody_reads_are_named_with_their_files():
    files = {f"a{n}.go": "go" for n in range(31)} | {"x.cs": "csharp"}
    assert "! Nobody looked for weaknesses in: Go (31 files), C# (1 file)" in text(
        replace(tree(), uncovered=files, files=100)
    )


def test_an_incomplete_scan_says_so_first_and_last():
    lines = text(incomplete()).splitlines()
    assert "? INCOMPLETE  semgrep failed" in "\n".join(lines[:4])
    assert lines[-1] == "? INCOMPLETE  exit 4"


def test_sarif_of_an_incomplete_scan_is_no_success():
    import json

    for scan, success in ((tree(), True), (incomplete(), False)):
        log = json.loads(render_scan("sarif", scan))
        assert log["runs"][0]["invocations"][0]["executionSuccessful"] is success


def test_sarif_names_what_was_not_read():
    import json

    log = json.loads(render_scan("sarif", tree()))
    notes = json.dumps(log["runs"][0]["invocations"][0]["toolExecutionNotifications"])
    for path in ("private", "src/vendor/jquery.js", "src/shop/big.py"):
        assert path in notes
    assert "Nobody looked for weaknesses in: Rust (2 files), PHP (1 file)" in notes


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("make_scan", [tree, compared, incomplete, unread])
@pytest.mark.parametrize("verbose", [False, True])
def test_no_line_is_wider_than_the_page(make_scan, width, language, verbose):
    for line in text(make_scan(), width=width, language=language, verbose=verbose).splitlines():
        assert columns(line) <= width


def test_colour_only_where_it_is_asked_for():
    plain, coloured = text(tree()), text(tree(), colour=True)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@settings(max_examples=40)
@given(hostile_text, hostile_path, st.integers(40, 120), st.booleans())
def test_hostile_text_moves_nothing(value, path, width, verbose):
    run = scenarios.everywhere(value, path)
    known = Known(
        id=value, moved="", family=value, path=path, severity=Severity.HIGH, title=value, tools=(value,)
    )
    scan = Scan(
        tools=run.facts.tools,
        findings=run.facts.findings,
        suppressions=run.facts.suppressions,
        place=value,
        files=9,
        excluded=(Excluded(path=path, glob=value),),
        unopened=(path,),
        uncovered={path: value},
        incomplete=(value,),
        compared=Compared(baseline=value, gone=(known,), unsure=(known,), notes=(value,)),
    )
    shown = text(scan, width=width, verbose=verbose)
    assert not hidden_characters(shown, allowed="\n")
    assert not re.search(r"##\w*\[", shown)
    for line in shown.splitlines():
        assert not line.lstrip().startswith("::")
        assert columns(line) - line.lstrip().startswith("\\::") <= width
    for name in ("json", "sarif"):
        assert not hidden_characters(render_scan(name, scan), allowed="\n")
