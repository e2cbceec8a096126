"""What the child that runs Bandit says, line by line, and what its death says. Shapes: see bandit_worker."""

from __future__ import annotations

import json
import re
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gate.core.finding import Confidence, Severity, Sighting
from gate.process import signal_name
from gate.scanners.words import CONFIDENCE, bandit_severity, cwe_numbers, first_url, message_of, title_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gate.process import Completed
    from gate.scanners.positions import Sources

#: Bandit's reasons in our words; others are turned into words of the same form.
_REASONS = {
    "syntax error while parsing AST from file": "syntax-error",
    "exception while scanning file": "scanner-exception",
}
_CRASHED = "scanner-exception"
_ODD = re.compile(r"[^A-Za-z0-9]+")
_MAX_WORD = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One issue. `line` is Python's, columns are 0-based bytes of UTF-8; `end` 0 if unknown."""

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
    suppressed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was said of one file, by the name it was given under. `unread`: why not all of it was read."""

    name: str
    issues: tuple[Issue, ...]
    unread: str = ""
    messages: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Output:
    """What one child said of the files it was given, in their order.

    `answers` are for the first files; `failure` says why there is none for the others, and `file_limit`
    that the first of these took more time than one file has.
    """

    answers: list[Answer] = field(default_factory=list)
    version: str = ""
    failure: str = ""
    file_limit: bool = False


def read_output(child: Completed, names: Sequence[str]) -> Output:
    """Return what a child said about the files `names`. Never raises for what it wrote."""
    output = Output()
    ended = False
    # The last line of a child that was killed may be half of one.
    lines = child.stdout.decode("utf-8", "replace").split("\n")
    for text in lines:
        line = _line(text)
        if line is None:
            if text:
                output.failure = "bandit ended with cut or foreign output"
            break
        if isinstance(line.get("bandit"), str):
            output.version = line["bandit"][:_MAX_WORD]
        elif "end" in line:
            ended = line["end"] == len(output.answers) == len(names)
        else:
            answer = _answer(line)
            place = len(output.answers)
            if answer is None or place >= len(names) or answer.name != names[place]:
                output.failure = "bandit speaks of a file that it was not given, or not in order"
                break
            output.answers.append(answer)
    if child.trouble:
        output.failure = f"bandit {child.trouble}"
        output.file_limit = child.signal == signal.SIGALRM and bool(output.version)
    elif "No module named" in child.stderr and not output.version:
        output.failure = "bandit is not installed"
    elif child.returncode:
        output.failure = f"bandit ended with code {child.returncode}: {_last_line(child.stderr)}"
    elif not ended and not output.failure:
        output.failure = "bandit ended without an answer for every file"
    return output


def sight(issue: Issue, path: str, sources: Sources) -> Sighting:
    """Return an issue as a sighting."""
    severity = bandit_severity(issue.severity, issue.confidence)
    message = message_of(issue.text)
    return Sighting(
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
        suppressed_inline=issue.suppressed,
    )


def death(child: Completed, name: str) -> str:
    """Return why a run failed in which one file killed the child twice."""
    how = signal_name(child.signal) if child.signal is not None else f"code {child.returncode}"
    return f"bandit was ended by {how} twice while it read {name}"


def _line(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _answer(line: dict[str, Any]) -> Answer | None:
    name, unread, crashed = line.get("file"), line.get("unread"), line.get("crashed")
    found, left = line.get("issues"), line.get("left")
    if not isinstance(name, str) or not isinstance(crashed, list) or not isinstance(found, list):
        return None
    messages = [f"{name}: test {test} crashed" for test in crashed]
    reason = _CRASHED if crashed else ""
    if isinstance(unread, str):
        reason = _REASONS.get(unread) or _ODD.sub("-", unread[:_MAX_WORD]).strip("-").lower() or _CRASHED
        messages.append(f"{name}: {unread}")
    # What was not read as a whole with its comments honoured has none that could be trusted.
    honoured = left if isinstance(left, list) and not reason else found
    issues = []
    for row in found:
        issue = _issue(row, suppressed=row not in honoured)
        if issue is None:
            return None
        issues.append(issue)
    return Answer(name=name, issues=tuple(issues), unread=reason, messages=tuple(messages))


def _issue(row: Any, *, suppressed: bool) -> Issue | None:
    if not isinstance(row, list) or len(row) != 11:
        return None
    test, name, line, start, end, lines, severity, confidence, text, cwe, url = row
    if not isinstance(test, str) or type(line) is not int:
        return None
    return Issue(
        test_id=test[:_MAX_WORD],
        test_name=_word(name),
        line=line,
        start=_number(start),
        # The end column belongs to the node's last line, which is not told.
        end=_number(end) if lines == 1 else 0,
        severity=_word(severity),
        confidence=_word(confidence),
        text=message_of(text),
        cwe=_number(cwe),
        url=first_url(url),
        suppressed=suppressed,
    )


def _word(value: Any) -> str:
    return value[:_MAX_WORD] if isinstance(value, str) else ""


def _number(value: Any) -> int:
    return value if type(value) is int and value > 0 else 0


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1][:200] if lines else "nothing on standard error"
