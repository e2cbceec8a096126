"""Whatever a tool writes, reading it raises nothing: every node of real output is replaced in turn."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from gate.core.scan import ScanStatus
from gate.process import Completed
from gate.scanners import bandit_output, semgrep_output
from gate.scanners.accounting import Account, hider
from gate.scanners.positions import Sources
from tests.scanners.kit import CALL, rules_of, tree_of
from tests.scanners.test_sarif import HEAD, log_of, report_of, result

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gate.scanners import TargetTree

STRANGERS: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**30,
    1.5,
    "x",
    "\ud800\x1b[31m\n",
    [],
    [[]],
    [7, None],
    {},
    {"x": {}},
)


def variants(value: Any) -> Iterator[Any]:
    """Yield copies of a JSON value with one node replaced or one key removed."""
    for path in _paths(value, ()):
        for stranger in (*STRANGERS, KeyError):
            changed = copy.deepcopy(value)
            holder = changed
            for key in path[:-1]:
                holder = holder[key]
            if stranger is KeyError:
                del holder[path[-1]]
            else:
                holder[path[-1]] = stranger
            yield changed


def _paths(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from _paths(value[key], (*path, key))


@pytest.fixture(scope="module")
def files() -> Iterator[TargetTree]:
    with tree_of({"a.py": CALL}) as tree:
        yield tree


def test_sarif(tmp_path: Path) -> None:
    rule = {
        "id": "r1",
        "defaultConfiguration": {"level": "error"},
        "helpUri": "https://example.org",
        "messageStrings": {"default": {"text": "{0}"}},
        "properties": {"tags": ["CWE-78"], "precision": "high", "security-severity": "8.0"},
        "relationships": [{"target": {"id": "78", "toolComponent": {"name": "CWE"}}}],
    }
    location = {
        "physicalLocation": {
            "artifactLocation": {"index": 0, "uriBaseId": "ROOT"},
            "region": {"startLine": 2, "startColumn": 11, "endLine": 2, "endColumn": 18},
        }
    }
    one = result(
        message={"id": "default", "arguments": ["a"]},
        locations=[location],
        ruleIndex=0,
        rule={"id": "r1", "index": 0, "toolComponent": {"index": 0}},
        level="error",
        kind="fail",
        suppressions=[{"kind": "inSource", "status": "accepted"}],
        taxa=[{"id": "78", "toolComponent": {"name": "CWE"}}],
        properties={"tags": [], "issue_severity": "HIGH"},
    )
    log = log_of(
        one,
        tool={"driver": {"name": "T", "version": "1", "rules": [rule]}, "extensions": [{"rules": [rule]}]},
        originalUriBaseIds={"ROOT": {"uri": "src/", "uriBaseId": "TOP"}},
        artifacts=[{"location": {"uri": "a.py", "uriBaseId": "ROOT"}}],
        invocations=[
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [{"level": "warning", "locations": [location]}],
            }
        ],
        versionControlProvenance=[{"revisionId": HEAD}],
        columnKind="utf16CodeUnits",
    )
    statuses = {report_of(tmp_path, variant).status for variant in variants(log)}
    assert statuses == {ScanStatus.PARTIAL, ScanStatus.COMPLETED, ScanStatus.FAILED}


def test_semgrep(files: TargetTree) -> None:
    path = f"{files.root}/a.py"
    report = {
        "version": "1.185.0",
        "results": [
            {
                "check_id": "shell",
                "path": path,
                "start": {"line": 2, "col": 1, "offset": 10},
                "end": {"line": 2, "col": 13, "offset": 22},
                "extra": {
                    "severity": "HIGH",
                    "message": "m",
                    "metadata": {
                        "cwe": ["CWE-78"],
                        "gate": {"family": "x"},
                        "confidence": "HIGH",
                        "references": [],
                    },
                },
            }
        ],
        "errors": [
            {"type": ["PartialParsing", []], "level": "warn", "path": path, "message": "m", "rule_id": "r"}
        ],
        "paths": {"scanned": [path], "skipped": []},
        "time": {"fixpoint_timeouts": [{"path": path}]},
    }
    sources, rules = Sources(files), rules_of()
    for variant in variants(report):
        child = Completed(returncode=0, stdout=json.dumps(variant).encode())
        (output,) = semgrep_output.read_output(child, "experimental", [files.root])
        account = Account(tool="semgrep", targets=tuple(files.files.values()), hide=hider(files))
        for found in output.results:
            if files.path_of(found.written):
                semgrep_output.sight(account, found, "a.py", sources, rules, suppressed=False)
        account.report(required=True)
        assert output.failure or len(output.results) == len(variant["results"])


def test_bandit(files: TargetTree) -> None:
    name = f"{files.root}/a.py"
    row = ["B605", "start_process", 2, 0, 12, 1, "HIGH", "HIGH", "text", 78, "https://example.org"]
    lines = [
        {"bandit": "1.9.4"},
        {"file": name, "unread": None, "crashed": [], "issues": [row], "left": [row]},
        {"end": 1},
    ]
    sources = Sources(files)
    failures = 0
    for variant in variants(lines):
        text = (
            "\n".join(map(json.dumps, variant)) + "\n" if isinstance(variant, list) else json.dumps(variant)
        )
        output = bandit_output.read_output(Completed(returncode=0, stdout=text.encode()), [name])
        failures += bool(output.failure)
        for answer in output.answers:
            assert answer.name == name
            for found in answer.issues:
                bandit_output.sight(found, "a.py", sources)
        assert output.failure or len(output.answers) == 1
    assert failures
