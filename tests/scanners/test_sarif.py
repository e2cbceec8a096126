"""SARIF files: hostile ones, and the shapes that real tools write."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from gate.core.finding import Range, Severity
from gate.core.policy import SarifPolicy
from gate.core.scan import ScanStatus
from gate.scanners import sarif, sarif_file
from gate.scanners.sarif import import_sarif
from gate.scanners.sarif_file import MAX_DEPTH

if TYPE_CHECKING:
    from pathlib import Path

    from gate.core.finding import Sighting
    from gate.core.scan import ScanReport, ToolRun

HEAD = "a" * 40
BASE = "b" * 40
PATHS = {"100%.py", "a%20b.py", "src/a.py", "src/b c.py", "src/ü.py", "main.tf", "src/\udcff.py"}
TEXT = {"src/a.py": 'x = 1\ns = "😀"; call(x)\n'.encode()}


def log_of(*results: dict[str, Any], **run: Any) -> dict[str, Any]:
    whole = {"tool": {"driver": {"name": "Tool", "rules": []}}, "results": list(results), **run}
    return {"version": "2.1.0", "runs": [whole]}


def result(uri: str = "src/a.py", **more: Any) -> dict[str, Any]:
    place = {"artifactLocation": {"uri": uri}, "region": {"startLine": 2}}
    return {"ruleId": "r1", "message": {"text": "m"}, "locations": [{"physicalLocation": place}], **more}


def imported(folder: Path, log: Any, **options: Any) -> ToolRun:
    data = log if isinstance(log, bytes) else json.dumps(log).encode()
    (folder / "tool.sarif").write_bytes(data)
    settings = {"head": HEAD, "tracked": lambda _path: False, "paths": PATHS, "read": TEXT.get} | options
    row = settings.pop("row", SarifPolicy(name="tool", path="tool.sarif"))
    return import_sarif(row, folder=folder, **settings)


def report_of(folder: Path, log: Any, **options: Any) -> ScanReport:
    return imported(folder, log, **options).head


def sighting_of(folder: Path, log: Any, **options: Any) -> Sighting:
    report = report_of(folder, log, **options)
    assert report.status is ScanStatus.COMPLETED, report.reason
    (sighting,) = report.sightings
    return sighting


def test_an_empty_list_of_results_is_clean(tmp_path: Path) -> None:
    report = report_of(tmp_path, log_of())
    assert (report.status, report.reason, report.sightings, report.targets) == (
        ScanStatus.COMPLETED,
        "",
        (),
        (),
    )


DEEP = b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1)
HOSTILE: dict[str, tuple[Any, str]] = {
    "nothing": (b"", "is empty: the scanner did not finish"),
    "blank": (b" \n", "is empty"),
    "other words": ("\ufeff{}".encode("utf-16"), "is UTF-16"),
    "packed": (b"\x1f\x8b\x08\x00", "is compressed"),
    "archive": (b"PK\x03\x04\x00", "is a ZIP archive"),
    "web page": (b"\n<html>", "is XML or HTML"),
    "comma": (b'{"version": "2.1.0",\n "runs": [],}', "cut or damaged at line 2, column 13"),
    "long number": (b'{"version": %s}' % (b"1" * 5_000), "a number is too long"),
    "half": (b'{"version": "2.1.0", "runs": [', "is no JSON"),
    "bytes": (b'{"version": "\xff"}', "is no JSON"),
    "list": (b"[]", "is neither SARIF 2.1.0 nor"),
    "nested": (b"[" * 100_000, "is no JSON"),
    "deep": (b'{"version": "2.1.0", "runs": %s}' % DEEP, f"is nested deeper than {MAX_DEPTH}"),
    "twice": (b'{"version": "2.1.0", "runs": [], "runs": []}', "a key occurs twice"),
    "nan": (b'{"version": "2.1.0", "runs": [{"results": [], "x": NaN}]}', "NaN is no number"),
    "version": ({"version": "2.0.0", "runs": [{"results": []}]}, "(version '2.0.0')"),
    "draft": ({"version": "2.1.0-rtm.5", "runs": [{"results": []}]}, "(version '2.1.0-rtm.5')"),
    "no version": ({"runs": [{"results": []}]}, "(without a version)"),
    "no list": (log_of(invocations={}), "invocations is no list"),
    "no runs": ({"version": "2.1.0", "runs": []}, "has no runs"),
    "null runs": ({"version": "2.1.0", "runs": None}, "has no runs"),
    "odd runs": ({"version": "2.1.0", "runs": [7]}, "has no runs"),
    "no results": ({"version": "2.1.0", "runs": [{}]}, "has a run without results"),
    "null results": (log_of() | {"runs": [{"results": None}]}, "has a run without results"),
    "second run": (log_of() | {"runs": [log_of()["runs"][0], {}]}, "has a run without results"),
    "odd result": ({"version": "2.1.0", "runs": [{"results": [7]}]}, "has a result that is no object"),
    "failed": (log_of(invocations=[{"executionSuccessful": False}]), "says that the tool failed"),
    "not started": (
        log_of(invocations=[{"executionSuccessful": True, "processStartFailureMessage": "no"}]),
        "could not be started",
    ),
    "error": (
        log_of(
            invocations=[
                {
                    "executionSuccessful": True,
                    "toolExecutionNotifications": [{"level": "error", "message": {"text": "out of memory"}}],
                }
            ]
        ),
        "holds an error of the tool: out of memory",
    ),
    "configuration": (
        log_of(invocations=[{"toolConfigurationNotifications": [{"level": "error"}]}]),
        "holds an error of the tool",
    ),
    "stale": (
        log_of(versionControlProvenance=[{"revisionId": BASE}]),
        f"is stale: it was made for {BASE[:12]} and not for {HEAD[:12]}",
    ),
    "branch": (log_of(versionControlProvenance=[{"revisionId": "main"}]), "is stale: it was made for main"),
    "stale everywhere": (
        log_of(versionControlProvenance=[{"revisionId": BASE}, {"revisionId": BASE}]),
        "is stale",
    ),
    "external": (log_of(externalPropertyFileReferences={"results": [{"location": {}}]}), "in other files"),
    "inline external": (log_of() | {"inlineExternalProperties": []}, "outside of them"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_file_that_proves_nothing_is_a_failed_run(case: str, tmp_path: Path) -> None:
    log, reason = HOSTILE[case]
    report = report_of(tmp_path, log)
    assert report.status is ScanStatus.FAILED
    assert report.reason.startswith("tool.sarif: ")
    assert reason in report.reason
    assert report.sightings == ()


def test_a_missing_special_or_large_file_is_a_failed_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reason(name: str) -> str:
        row = SarifPolicy(name="tool", path=name)
        run = import_sarif(row, head=HEAD, folder=tmp_path, tracked=lambda _path: False, paths=PATHS)
        assert run.head.status is ScanStatus.FAILED
        return run.head.reason

    assert reason("gone.sarif").startswith(
        "gone.sarif: there is no such file below the folder in which the gate"
    )
    assert "run the scanner before the gate" in reason("gone.sarif")
    os.mkfifo(tmp_path / "pipe")
    assert "is not a regular file" in reason("pipe")
    assert "cannot be read (Is a directory)" in reason(".") or "is not a regular file" in reason(".")
    (tmp_path / "loop").symlink_to("loop")
    assert "cannot be read" in reason("loop")
    assert "cannot be read" in reason("a\0b")
    monkeypatch.setattr(sarif_file, "MAX_BYTES", 10)
    (tmp_path / "large").write_bytes(b"x" * 11)
    assert "is larger than" in reason("large")


def test_a_file_of_the_commit_under_review_is_refused_also_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "tool.sarif").write_text(json.dumps(log_of()))
    (tmp_path / "reports").symlink_to("real")
    for name, tracked in (
        ("real/tool.sarif", "real/tool.sarif"),
        ("./real/../real/tool.sarif", "real/tool.sarif"),
        ("reports/tool.sarif", "real/tool.sarif"),
    ):
        row = SarifPolicy(name="tool", path=name)
        run = import_sarif(row, head=HEAD, folder=tmp_path, tracked=tracked.__eq__, paths=PATHS)
        assert "is part of the commit under review" in run.head.reason


def test_what_the_commit_brings_decides_on_no_part_of_the_way(tmp_path: Path) -> None:
    """A link or submodule of the commit may lead to any file that an earlier job left somewhere."""
    outside, work = tmp_path / "outside", tmp_path / "work"
    outside.mkdir()
    (work / "sub").mkdir(parents=True)
    (outside / "clean.sarif").write_text(json.dumps(log_of()))
    (work / "reports").symlink_to(outside)
    (work / "own").symlink_to("reports")
    (work / "tool.sarif").symlink_to(outside / "clean.sarif")
    (work / "sub" / "clean.sarif").write_text(json.dumps(log_of()))

    def report(name: str, *known: str, folder: Path = work) -> ScanReport:
        row = SarifPolicy(name="tool", path=name)
        return import_sarif(
            row, head=HEAD, folder=folder, root=work, tracked=set(known).__contains__, paths=PATHS
        ).head

    for name, known in (
        ("reports/clean.sarif", "reports"),
        ("own/clean.sarif", "reports"),
        ("tool.sarif", "tool.sarif"),
        ("sub/clean.sarif", "sub"),
        ("sub/../sub/clean.sarif", "sub/clean.sarif"),
        (str(work / "sub/clean.sarif"), "sub/clean.sarif"),
    ):
        assert report(name).status is ScanStatus.COMPLETED, name
        assert "is part of the commit under review" in report(name, known).reason, name
    assert "is part of" in report("clean.sarif", "sub/clean.sarif", folder=work / "sub").reason
    assert "is part of" in report("work/sub/clean.sarif", "sub/clean.sarif", folder=tmp_path).reason
    assert report("../outside/clean.sarif", "outside").status is ScanStatus.COMPLETED


def test_too_many_results_are_cut_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MAX_RESULTS", 2)
    report = report_of(tmp_path, log_of(result(), result(), result()))
    assert (report.status, len(report.sightings)) == (ScanStatus.PARTIAL, 2)
    assert report.reason == "1 results beyond 2 were not read"


def test_a_warning_that_names_a_file_makes_it_unscanned(tmp_path: Path) -> None:
    def notification(level: str | None, uri: str) -> dict[str, Any]:
        words = {"level": level} if level else {}
        return words | {"locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}}}]}

    notes = [
        notification("warning", "src/a.py"),
        notification(None, "main.tf"),
        notification("note", "src/ü.py"),
    ]
    report = report_of(tmp_path, log_of(invocations=[{"toolExecutionNotifications": notes}]))
    assert report.status is ScanStatus.PARTIAL
    assert [(miss.path, miss.reason) for miss in report.unscanned] == [
        ("main.tf", "tool-warning"),
        ("src/a.py", "tool-warning"),
    ]
    assert report.targets == ("main.tf", "src/a.py")


def test_of_several_repositories_one_is_ours(tmp_path: Path) -> None:
    log = log_of(versionControlProvenance=[{"revisionId": BASE}, {"revisionId": HEAD}])
    assert report_of(tmp_path, log).status is ScanStatus.COMPLETED


@pytest.mark.parametrize("revision", [HEAD, HEAD.upper(), HEAD[:7], "", " "])
def test_a_report_for_this_commit_is_taken(revision: str, tmp_path: Path) -> None:
    log = log_of(versionControlProvenance=[{"revisionId": revision, "repositoryUri": "https://example.org"}])
    assert report_of(tmp_path, log).status is ScanStatus.COMPLETED


def test_the_base_has_a_report_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "base.sarif").write_text(json.dumps(log_of(result(), result())))
    row = SarifPolicy(name="tool", path="tool.sarif", base="base.sarif", required=False)
    run = imported(tmp_path, log_of(result()), row=row, base=BASE, base_paths={"src/a.py"})
    assert run.base is not None
    assert (len(run.head.sightings), len(run.base.sightings)) == (1, 2)
    assert not run.head.required
    assert imported(tmp_path, log_of()).base is None


def test_passes_and_gone_results_are_counted_and_left_out(tmp_path: Path) -> None:
    kinds = [
        result(kind="pass"),
        result(kind="fail"),
        result(kind="informational"),
        result(baselineState="absent"),
    ]
    report = report_of(tmp_path, log_of(*kinds))
    assert len(report.sightings) == 1
    assert report.errors == (
        "1 results that the tool calls gone were left out",
        "2 results that report no failure were left out",
    )


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (None, False),
        ([], False),
        ([{"kind": "inSource"}], True),
        ([{"kind": "inSource", "status": "accepted"}], True),
        ([{"kind": "inSource", "status": "underReview"}], False),
        ([{"kind": "inSource"}, {"kind": "external", "status": "rejected"}], False),
        ([{"kind": "external"}], False),
    ],
)
def test_only_accepted_comments_in_the_source_suppress(entries: Any, expected: bool, tmp_path: Path) -> None:
    sighting = sighting_of(tmp_path, log_of(result(suppressions=entries)))
    assert sighting.suppressed_inline is expected


def test_external_suppressions_are_told(tmp_path: Path) -> None:
    report = report_of(tmp_path, log_of(result(suppressions=[{"kind": "external"}])))
    assert report.errors == ("1 results are suppressed outside the source, which the gate does not honour",)


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("src/a.py", "src/a.py"),
        ("./src/./a.py", "src/a.py"),
        ("src/b%20c.py", "src/b c.py"),
        ("src/%C3%BC.py", "src/ü.py"),
        ("src/ü.py", "src/ü.py"),
        ("src/%FF.py", "src/\udcff.py"),
        ("src\\a.py", "src/a.py"),
        (".\\src\\a.py", "src/a.py"),
        ("..\\src\\a.py", ""),
        ("C:\\work\\src\\a.py", ""),
        ("file:///C:/work/src/a.py", ""),
        ("/home/runner/work/x/x/src/a.py", ""),
        ("file:///home/runner/work/x/x/src/a.py", ""),
        ("100%.py", "100%.py"),
        ("a%20b.py", "a%20b.py"),
        ("src/a.py%00", ""),
        ("file:src/a.py", "src/a.py"),
        ("file://FOLDER/src/a.py", "src/a.py"),
        ("FOLDER/src/a.py", "src/a.py"),
        ("../src/a.py", ""),
        ("src/../../src/a.py", ""),
        ("src/%2E%2E/src/a.py", ""),
        ("/src/a.py", ""),
        ("file:///src/a.py", ""),
        ("https://example.org/src/a.py", ""),
        ("src/gone.py", ""),
        ("", ""),
    ],
)
def test_a_location_is_a_file_of_the_repository_or_none(uri: str, expected: str, tmp_path: Path) -> None:
    assert sighting_of(tmp_path, log_of(result(uri.replace("FOLDER", str(tmp_path))))).path == expected


@pytest.mark.parametrize(
    ("bases", "uri", "expected"),
    [
        ({"ROOT": {"uri": "file://FOLDER/"}}, "src/a.py", "src/a.py"),
        ({"ROOT": {"uri": "src/", "uriBaseId": "TOP"}, "TOP": {"uri": "file://FOLDER"}}, "a.py", "src/a.py"),
        ({"ROOT": {"uri": "file:///home/runner/work/x/"}}, "src/a.py", "src/a.py"),
        ({"ROOT": {"uriBaseId": "ROOT"}}, "src/a.py", "src/a.py"),
        ({"ROOT": {"uri": "x/", "uriBaseId": "ROOT"}}, "src/a.py", "src/a.py"),
        (None, "src/a.py", "src/a.py"),
        ({"ROOT": {}}, "src/a.py", "src/a.py"),
        ({"ROOT": {"uri": "https://example.org/r"}}, "src/a.py", "src/a.py"),
        (
            {"ROOT": {"uri": "file:///home/runner/work/x/x/"}},
            "file:///home/runner/work/x/x/src/a.py",
            "src/a.py",
        ),
        ({"ROOT": {"uri": "file:///C:/work/x/"}}, "file:///c:/work/x/src/a.py", "src/a.py"),
        ({"ROOT": {"uri": "C:\\work\\x"}}, "C:\\work\\x\\src\\a.py", "src/a.py"),
        ({"ROOT": {"uri": "src/", "uriBaseId": "TOP"}, "TOP": {"uri": "file:///other/"}}, "a.py", "src/a.py"),
        ({"ROOT": {"uri": "lib/", "uriBaseId": "TOP"}, "TOP": {"uri": "file:///other/"}}, "main.tf", ""),
        ({"ROOT": {"uri": "lib/"}}, "main.tf", ""),
        ({"ROOT": {"uri": "file:///other/x"}}, "file:///other/xy/src/a.py", ""),
        ({"ROOT": {"uri": "file:///"}}, "src/a.py", "src/a.py"),
        ({"ROOT": {"uri": "file:///other/"}}, "../other/src/a.py", ""),
        (["odd"], "src/a.py", "src/a.py"),
    ],
)
def test_bases_are_followed_without_end(bases: Any, uri: str, expected: str, tmp_path: Path) -> None:
    text = json.dumps(bases).replace("FOLDER", str(tmp_path))
    one = result()
    one["locations"][0]["physicalLocation"]["artifactLocation"] = {"uri": uri, "uriBaseId": "ROOT"}
    assert sighting_of(tmp_path, log_of(one, originalUriBaseIds=json.loads(text))).path == expected


def test_a_result_without_a_place_is_kept(tmp_path: Path) -> None:
    sighting = sighting_of(tmp_path, log_of({"message": {"text": "m"}}))
    assert (sighting.path, sighting.range, sighting.rule_id) == ("", Range(start_line=1), "unnamed")


@pytest.mark.parametrize(
    ("kind", "region", "expected"),
    [
        (None, {"startLine": 2}, Range(start_line=2, end_line=2)),
        (None, {"startLine": 2, "startColumn": 11, "endColumn": 18}, Range(start_line=2, start_column=10, end_line=2, end_column=17)),
        ("unicodeCodePoints", {"startLine": 2, "startColumn": 10, "endColumn": 17}, Range(start_line=2, start_column=10, end_line=2, end_column=17)),
        (None, {"startLine": 1, "endLine": 2, "endColumn": 11}, Range(start_line=1, start_column=1, end_line=2, end_column=10)),
        (None, {"startLine": 2, "startColumn": 500}, Range(start_line=2, start_column=499, end_line=2)),
        (None, {"startLine": 5, "endLine": 3}, Range(start_line=5, end_line=5)),
        (None, {"startLine": 2.0, "startColumn": 0, "endColumn": 0}, Range(start_line=2, end_line=2)),
        (None, {"startLine": 0, "endLine": 0}, Range(start_line=1)),
        (None, {"startLine": "2"}, Range(start_line=1)),
        (None, {"startLine": -1}, Range(start_line=1)),
        (None, {"startLine": True}, Range(start_line=1)),
        (None, {"startLine": 1e9}, Range(start_line=1)),
        (None, {"charOffset": 5}, Range(start_line=1)),
        (None, None, Range(start_line=1)),
    ],
)  # fmt: skip
def test_columns_are_code_points(kind: str | None, region: Any, expected: Range, tmp_path: Path) -> None:
    one = result()
    one["locations"][0]["physicalLocation"]["region"] = region
    more = {"columnKind": kind} if kind else {}
    assert sighting_of(tmp_path, log_of(one, **more)).range == expected


@pytest.mark.parametrize(
    ("rule", "more", "expected"),
    [
        ({}, {}, Severity.MEDIUM),
        ({"defaultConfiguration": {"level": "error"}}, {}, Severity.HIGH),
        ({"defaultConfiguration": {"level": "error"}}, {"level": "note"}, Severity.LOW),
        ({}, {"level": "none"}, Severity.INFO),
        ({}, {"level": "loud"}, Severity.MEDIUM),
        ({"properties": {"security-severity": "9.0"}}, {"level": "note"}, Severity.CRITICAL),
        ({"properties": {"security-severity": 7}}, {}, Severity.HIGH),
        ({}, {"properties": {"security-severity": "4.0"}}, Severity.MEDIUM),
        ({"properties": {"security-severity": "0.1"}}, {}, Severity.LOW),
        ({"properties": {"security-severity": "0.0"}}, {}, Severity.INFO),
        ({"properties": {"security-severity": "nan"}}, {"level": "error"}, Severity.HIGH),
        ({"properties": {"security-severity": "-1"}}, {"level": "error"}, Severity.HIGH),
        ({"properties": {"security-severity": []}}, {"level": "error"}, Severity.HIGH),
    ],
)
def test_severity(rule: dict[str, Any], more: dict[str, Any], expected: Severity, tmp_path: Path) -> None:
    log = log_of(result(**more), tool={"driver": {"name": "Tool", "rules": [{"id": "r1"} | rule]}})
    assert sighting_of(tmp_path, log).severity is expected


def test_files_are_read_in_any_order_with_the_same_outcome(tmp_path: Path) -> None:
    results = [result(), result("main.tf"), result("src/ü.py", ruleId="r0")]
    one = report_of(tmp_path, log_of(*results))
    other = report_of(tmp_path, log_of(*reversed(results)))
    assert one == other
