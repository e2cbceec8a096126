"""Small trees, small rules and stand-ins for the scanners."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gate.core.policy import ScannersPolicy, ToolPolicy
from gate.scanners import Rules, Target, TargetTree, load_rules
from gate.scanners.bandit import Bandit
from gate.scanners.interface import Slots

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.core.scan import ScanReport

POLICY = ScannersPolicy()
TOOL = ToolPolicy()
SEMGREP = Path(sys.executable).parent / "semgrep"

WORKER = Bandit().command[-1]

CALL = b"import os\nos.system(x)\n"

#: A finding in the usual languages, and an area fact.
RULES = b"""
rules:
- id: shell
  languages: [python]
  severity: HIGH
  message: "A shell runs $X. Use a list."
  metadata:
    cwe: ["CWE-78: OS Command Injection", "CWE-88"]
    confidence: LOW
    gate: {family: command-injection}
    references: ["javascript:alert(1)", "https://example.org/shell"]
  pattern: os.system($X)
- id: login
  languages: [python]
  severity: INFO
  message: A login.
  metadata: {gate: {area: auth}}
  pattern: login(...)
- id: evaluated
  languages: [javascript]
  severity: WARNING
  message: Text is evaluated
  metadata: {cwe: "CWE-95: Eval Injection"}
  pattern: eval($X)
- id: root
  languages: [dockerfile]
  severity: CRITICAL
  message: Runs as root.
  pattern: USER root
- id: everything
  languages: [yaml]
  severity: LOW
  message: All permissions.
  pattern: "permissions: write-all"
"""


def target(path: str, content: bytes | tuple[str, bytes]) -> Target:
    mode, data = content if isinstance(content, tuple) else ("100644", content)
    return Target(path=path, mode=mode, data=data)


def tree_of(files: Mapping[str, bytes | tuple[str, bytes]], **options: object) -> TargetTree:
    """Write files; a tuple is mode and content."""
    return TargetTree.write((target(path, content) for path, content in files.items()), **options)


def rules_of(*texts: bytes) -> Rules:
    """Rules as a policy names them, without the shipped ones."""
    return load_rules({f"rules/{n}.yaml": text for n, text in enumerate(texts)}, builtin=False)


def slots(jobs: int = 2) -> Slots:
    return Slots(jobs)


def reasons(report: ScanReport) -> dict[str, str]:
    assert set(report.targets) == set(report.scanned) | {miss.path for miss in report.unscanned}
    assert len(report.targets) == len(report.scanned) + len(report.unscanned)
    assert list(report.targets) == sorted(report.targets, key=os.fsencode)
    return {miss.path: miss.reason for miss in report.unscanned}


def found(report: ScanReport) -> set[tuple[str, str, int]]:
    return {(s.rule_id, s.path, s.range.start_line) for s in report.sightings}


def script(folder: Path, text: str, name: str = "fake") -> Path:
    """An executable that stands in for a scanner, for what the real one does only in bad times."""
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return path


DYING = f"""
import os, runpy, sys
worker = runpy.run_path({WORKER!r})
read = worker["Reader"].read
def dies(self, name):
    if {{when}} and not (os.path.exists({{marker!r}}) and {{once}}):
        open({{marker!r}}, "w").close()
        {{how}}
    return read(self, name)
worker["Reader"].read = dies
worker["main"]()
"""


def dying_bandit(tmp_path: Path, how: str, *, when: str = '"hang" in name', once: bool = False) -> Bandit:
    """The real worker, which does something bad (a statement) when it comes to a file (an expression)."""
    program = tmp_path / "dying.py"
    program.write_text(DYING.format(marker=str(tmp_path / "seen"), when=when, how=how, once=once))
    return Bandit((sys.executable, "-I", "-X", "utf8", str(program)))
