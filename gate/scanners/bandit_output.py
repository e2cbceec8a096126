"""What Bandit's JSON and its standard error say. Shapes are those of bandit 1.9.4."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gate.core.finding import Confidence, Severity, Sighting
from gate.process import MAX_ERROR_BYTES
from gate.scanners.words import CONFIDENCE, bandit_severity, cwe_numbers, dig, first_url, message_of, title_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gate.process import Completed
    from gate.scanners.accounting import Account
    from gate.scanners.positions import Sources

_REASONS = {
    "syntax error while parsing AST from file": "syntax-error",
    "exception while scanning file": "scanner-exception",
}
#: A test that crashed is named only on standard error (bandit/core/tester.py).
_CRASHED_TEST = re.compile(
    r"Bandit internal error running: (?P<test>\S+) on file (?P<path>.+?) at line \d+", re.DOTALL
)
_ODD = re.compile(r"[^A-Za-z0-9]+")
_MAX_WORD = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One issue. `line` is Python's, columns are 0-based bytes of UTF-8; `end` 0 if unknown."""

    written: str
    test_id: str
    test_name: str
    line: int
    start: int
    end: int
    severity: str
    confidence: str
    text: str
    cwe: int
    url: str


@dataclass(slots=True, kw_only=True)
class Output:
    """What one child said. `failure` set: it proves nothing about any file, its issues are still true.

    `read` are written names that it opened, `unread` maps some of them to why they were not read whole.
    """

    child: Completed
    failure: str = ""
    issues: list[Issue] = field(default_factory=list)
    read: set[str] = field(default_factory=set)
    unread: dict[str, str] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)

    def fail(self, reason: str) -> None:
        self.failure = self.failure or reason


def read_output(child: Completed, roots: Sequence[Path]) -> list[Output]:
    """Return what a child said about files below each root. Never raises for what it wrote.

    What it says of no root in particular counts for all of them.
    """
    try:
        report = json.loads(child.stdout.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        report = None
    prefixes = [f"{root}/" for root in roots]
    return [_read(child, report, prefix, tuple(p for p in prefixes if p != prefix)) for prefix in prefixes]


def _read(child: Completed, report: Any, prefix: str, others: tuple[str, ...]) -> Output:
    output = Output(child=child)
    if child.trouble:
        output.fail(f"bandit {child.trouble}")
    if not (
        isinstance(report, dict)
        and isinstance(report.get("results"), list)
        and isinstance(report.get("errors"), list)
        and isinstance(report.get("metrics"), dict)
    ):
        if "No module named bandit" in child.stderr:
            output.fail("bandit is not installed")
        elif not child.trouble:
            what = "cut or foreign output" if child.stdout.strip() else "no output"
            output.fail(f"bandit ended with code {child.returncode} and {what}")
            output.messages.append(_last_line(child.stderr))
        return output
    if child.returncode not in {0, 1, None}:
        output.fail(f"bandit ended with code {child.returncode}")
    if len(child.stderr) >= MAX_ERROR_BYTES:
        output.fail("bandit wrote more errors than the gate reads")
    here = [path for path in report["metrics"] if path != "_totals" and not path.startswith(others)]
    output.read = {path.removeprefix(prefix) for path in here}
    for error in report["errors"]:
        path, reason = dig(error, "filename"), dig(error, "reason")
        if not isinstance(path, str) or not isinstance(reason, str):
            output.fail("bandit's output has an error without a file")
        elif not path.startswith(others):
            word = _REASONS.get(reason) or _ODD.sub("-", reason[:_MAX_WORD]).strip("-").lower()
            output.unread[path.removeprefix(prefix)] = word
            output.messages.append(f"{path}: {reason}")
    for found in _CRASHED_TEST.finditer(child.stderr):
        if not found["path"].startswith(others):
            output.unread.setdefault(found["path"].removeprefix(prefix), "scanner-exception")
            output.messages.append(f"{found['path']}: test {found['test']} crashed")
    for result in report["results"]:
        issue = _issue(result, prefix)
        if issue is None:
            output.fail("bandit's output has an issue without a test or a place")
        elif not issue.written.startswith(others):
            output.issues.append(issue)
    return output


def sight(account: Account, issue: Issue, path: str, sources: Sources, *, suppressed: bool) -> None:
    """Enter an issue into the books as a sighting."""
    severity = bandit_severity(issue.severity, issue.confidence)
    if severity is None:
        account.note(
            f"{issue.test_id}: severity {issue.severity!r} with confidence {issue.confidence!r} read as medium"
        )
    message = message_of(issue.text)
    account.sightings.append(
        Sighting(
            tool="bandit",
            rule_id=issue.test_id,
            path=path,
            range=sources.from_python(path, issue.line, issue.start, issue.end),
            severity=severity or Severity.MEDIUM,
            confidence=CONFIDENCE.get(issue.confidence, Confidence.MEDIUM),
            native_severity=issue.severity,
            native_confidence=issue.confidence,
            cwe=cwe_numbers(f"CWE-{issue.cwe}") if issue.cwe else (),
            title=title_of(message, issue.test_name or issue.test_id),
            message=message,
            url=first_url(issue.url),
            suppressed_inline=suppressed,
        )
    )


def _issue(result: Any, prefix: str) -> Issue | None:
    path, test, line = dig(result, "filename"), dig(result, "test_id"), dig(result, "line_number")
    if not isinstance(path, str) or not isinstance(test, str) or type(line) is not int:
        return None
    span = dig(result, "line_range")
    lines = len(span) if isinstance(span, list) else 1
    return Issue(
        written=path.removeprefix(prefix),
        test_id=test[:_MAX_WORD],
        test_name=_word(result, "test_name"),
        line=line,
        start=_number(dig(result, "col_offset")),
        # The end column belongs to the node's last line, which is not told.
        end=_number(dig(result, "end_col_offset")) if lines == 1 else 0,
        severity=_word(result, "issue_severity"),
        confidence=_word(result, "issue_confidence"),
        text=message_of(dig(result, "issue_text")),
        cwe=_number(dig(result, "issue_cwe", "id")),
        url=first_url(dig(result, "more_info")),
    )


def _word(result: Any, key: str) -> str:
    value = dig(result, key)
    return value[:_MAX_WORD] if isinstance(value, str) else ""


def _number(value: Any) -> int:
    return value if type(value) is int and value > 0 else 0


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "nothing on standard error"
