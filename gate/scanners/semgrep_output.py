"""What Semgrep's JSON says, and what it only seems to say. Shapes are those of semgrep 1.185.0."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gate.core.finding import Confidence, Severity, Sighting
from gate.core.scan import AreaHit
from gate.scanners.positions import Sources
from gate.scanners.words import (
    CONFIDENCE,
    SEMGREP_SEVERITY,
    cwe_numbers,
    dig,
    first_url,
    items,
    message_of,
    title_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gate.process import Completed
    from gate.scanners.accounting import Account
    from gate.scanners.rules import Rules
    from gate.scanners.tree import TargetTree

#: Errors that say that rules did not run, at whatever level and exit code they come.
_RULE_ERRORS = frozenset(
    {"Rule parse error", "InvalidRuleSchemaError", "IncompatibleRule", "Missing plugin", "PatternParseError"}
)
_MAX_WORD = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One match. `written` is the name in the tree, places are (line, column in bytes), both 1-based."""

    rule_id: str
    written: str
    start: tuple[int, int]
    end: tuple[int, int]
    severity: str
    message: Any
    metadata: Any


@dataclass(slots=True, kw_only=True)
class Output:
    """What one child said. `failure` set: it proves nothing about any file, its results are still true.

    `unread` maps a written name to why it was not read as a whole; `unread_everywhere` is a reason without
    a place. `hidden` are the places of results that an inline comment suppresses, see place_of.
    """

    engine: str
    failure: str = ""
    version: str = ""
    results: list[Result] = field(default_factory=list)
    scanned: set[str] = field(default_factory=set)
    unread: dict[str, str] = field(default_factory=dict)
    unread_everywhere: str = ""
    messages: list[str] = field(default_factory=list)
    hidden: set[tuple[object, ...]] = field(default_factory=set)
    timed_out: bool = False
    seconds: float = 0.0

    def fail(self, reason: str) -> None:
        self.failure = self.failure or reason


def read_output(child: Completed, engine: str, roots: Sequence[Path]) -> list[Output]:
    """Return what a child said about the tree below each root. Never raises for what it wrote.

    What it says of no root in particular counts for all of them.
    """
    try:
        # Source bytes that are not UTF-8 stand raw in the JSON of the experimental engine.
        report = json.loads(child.stdout.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        report = None
    prefixes = [f"{root}/" for root in roots]
    return [
        _read(child, report, engine, prefix, tuple(p for p in prefixes if p != prefix)) for prefix in prefixes
    ]


def _read(child: Completed, report: Any, engine: str, prefix: str, others: tuple[str, ...]) -> Output:
    output = Output(engine=engine, seconds=child.seconds, timed_out=child.timed_out)
    if child.trouble:
        output.fail(f"semgrep {child.trouble}")
    if not isinstance(report, dict) or not isinstance(report.get("results"), list):
        if not child.trouble:
            what = "cut or foreign output" if child.stdout.strip() else "no output"
            output.fail(f"semgrep ended with code {child.returncode} and {what}")
            output.messages.append(_last_line(child.stderr))
        return output

    def is_elsewhere(path: Any) -> bool:
        return isinstance(path, str) and path.startswith(others)

    version = report.get("version")
    output.version = version if isinstance(version, str) else ""
    for result in report["results"]:
        if not is_elsewhere(dig(result, "path")):
            _read_result(output, result, prefix)
    for path in items(report, "paths", "scanned"):
        if isinstance(path, str) and not is_elsewhere(path):
            output.scanned.add(path.removeprefix(prefix))
    errors = report.get("errors")
    if not isinstance(errors, list):
        output.fail("semgrep's output has no list of errors")
    for error in items(errors):
        if not is_elsewhere(dig(error, "path")):
            _read_error(output, error, prefix)
    for entry in items(report, "time", "fixpoint_timeouts"):
        path = entry if isinstance(entry, str) else dig(entry, "path") or dig(entry, "location", "path")
        if isinstance(path, str) and not is_elsewhere(path):
            output.unread.setdefault(path.removeprefix(prefix), "FixpointTimeout")
        elif not isinstance(path, str):
            output.unread_everywhere = output.unread_everywhere or "FixpointTimeout"
    if child.returncode:
        output.fail(f"semgrep ended with code {child.returncode}")
    return output


def join(outputs: Sequence[Output]) -> Output:
    """Return what children that ran side by side over shares of one tree said together."""
    first, *others = outputs
    for other in others:
        if other.engine not in first.engine.split(" and "):
            first.engine = " and ".join(sorted([first.engine, other.engine], reverse=True))
        # The smallest, for the children end in any order.
        first.failure = min(filter(None, (first.failure, other.failure)), default="")
        first.version = first.version or other.version
        first.results += other.results
        first.scanned |= other.scanned
        first.unread |= other.unread
        first.unread_everywhere = first.unread_everywhere or other.unread_everywhere
        first.messages += other.messages
        first.hidden |= other.hidden
        first.seconds = max(first.seconds, other.seconds)
    return first


def place_of(result: Result) -> tuple[object, ...]:
    """Return what identifies a match in two runs over the same file."""
    return result.rule_id, result.written, result.start, result.end


def weaknesses(output: Output) -> int:
    """Return how many results are about weaknesses, and not facts about the code."""
    return sum(1 for r in output.results if not dig(r.metadata, "gate", "area"))


def book(account: Account, output: Output, tree: TargetTree, rules: Rules) -> None:
    """Enter what Semgrep said into the books."""
    account.version, account.engine = output.version or account.version, output.engine
    if output.failure:
        account.fail(output.failure)
    if output.unread_everywhere:
        account.miss_all(output.unread_everywhere)
    for message in output.messages:
        account.note(message)
    account.read.update(path for path in map(tree.path_of, output.scanned) if path)
    for written, reason in output.unread.items():
        path = tree.path_of(written)
        if path is None:
            account.fail(f"semgrep speaks of a file that it was not given: {written!r}")
        else:
            account.miss(path, reason)
    sources = Sources(tree)
    for result in output.results:
        path = tree.path_of(result.written)
        if path is None:
            account.fail(f"semgrep speaks of a file that it was not given: {result.written!r}")
        else:
            sight(account, result, path, sources, rules, suppressed=place_of(result) in output.hidden)


def sight(
    account: Account, result: Result, path: str, sources: Sources, rules: Rules, *, suppressed: bool
) -> None:
    """Enter a match into the books: as an area fact if its rule belongs to an area, else as a sighting.

    A shipped rule that only makes Semgrep parse the file says nothing.
    """
    if dig(result.metadata, "gate", "parse") is True and result.rule_id in rules.shipped_ids:
        return
    place = sources.from_bytes(path, result.start, result.end)
    area = dig(result.metadata, "gate", "area")
    if isinstance(area, str) and area:
        account.area_hits.append(AreaHit(area=area, rule_id=result.rule_id, path=path, range=place))
        return
    severity = SEMGREP_SEVERITY.get(result.severity)
    confidence = dig(result.metadata, "confidence")
    family = dig(result.metadata, "gate", "family") if result.rule_id in rules.shipped_ids else None
    message = message_of(result.message)
    account.sightings.append(
        Sighting(
            tool="semgrep",
            rule_id=result.rule_id,
            path=path,
            range=place,
            severity=severity or Severity.MEDIUM,
            confidence=CONFIDENCE.get(confidence, Confidence.MEDIUM)
            if isinstance(confidence, str)
            else Confidence.MEDIUM,
            native_severity=result.severity[:_MAX_WORD],
            native_confidence=confidence[:_MAX_WORD] if isinstance(confidence, str) else "",
            family=family if isinstance(family, str) else None,
            cwe=cwe_numbers(dig(result.metadata, "cwe")),
            title=title_of(message, result.rule_id),
            message=message,
            url=first_url(dig(result.metadata, "references")) or first_url(dig(result.metadata, "source")),
            suppressed_inline=suppressed,
        )
    )


def _read_result(output: Output, result: Any, prefix: str) -> None:
    rule_id, path = dig(result, "check_id"), dig(result, "path")
    numbers = [dig(result, side, part) for side in ("start", "end") for part in ("line", "col")]
    if not isinstance(rule_id, str) or not isinstance(path, str) or not all(type(n) is int for n in numbers):
        output.fail("semgrep's output has a result without a rule or a place")
        return
    severity = dig(result, "extra", "severity")
    output.results.append(
        Result(
            rule_id=rule_id,
            written=path.removeprefix(prefix),
            start=(numbers[0], numbers[1]),
            end=(numbers[2], numbers[3]),
            severity=severity if isinstance(severity, str) else "",
            message=dig(result, "extra", "message"),
            metadata=dig(result, "extra", "metadata"),
        )
    )


def _read_error(output: Output, error: Any, prefix: str) -> None:
    kind = dig(error, "type")
    kind = dig(kind, 0) if isinstance(kind, list) else kind
    kind = kind[:_MAX_WORD] if isinstance(kind, str) and kind else "unknown error"
    message = dig(error, "message") or dig(error, "long_msg") or dig(error, "short_msg")
    message = message if isinstance(message, str) else ""
    path = dig(error, "path")
    written = path.removeprefix(prefix) if isinstance(path, str) else ""
    output.messages.append(f"{kind}: {message}" if message else kind)
    if kind in _RULE_ERRORS or dig(error, "level") == "error":
        rule = dig(error, "rule_id")
        output.fail(f"{kind} in rule {rule}" if isinstance(rule, str) else f"{kind}: {message}"[:200])
    elif written:
        output.unread.setdefault(written, kind)
    else:
        output.unread_everywhere = output.unread_everywhere or kind


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "nothing on standard error"
