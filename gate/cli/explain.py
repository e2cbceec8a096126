"""`gate explain`: what a word in a report means, and how to pass."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gate.cli import last_report, options
from gate.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

VERDICTS = {
    "passed": (
        "Nothing blocks this change and nobody has to answer for it (exit code 0).",
        "Nothing to do.",
    ),
    "needs_signoff": (
        "The change touches a sensitive area, or hides a finding, and waits for an independent human (exit code 3).",
        "Someone whom the report names under 'can sign off' approves the head commit; then run the gate again.",
    ),
    "blocked": (
        "A new finding at or above the policy's level, or a reviewer who requested changes (exit code 1).",
        "Fix what the report lists first. A false alarm needs a waiver in .gate/waivers.yml on the target branch.",
    ),
    "incomplete": (
        "A scanner failed, a changed file could not be read, or facts are missing (exit code 4). Never a pass.",
        "Do what the reason says (install the tool, fetch the whole history, correct the file) and run again.",
    ),
}
STATES = {
    "new": "The base does not have this finding: the change brought it.",
    "existing": "The base has the same finding at the same place; lines may have shifted or the file been renamed.",
    "moved": "The base has the same finding in another function or file; the code was moved or renamed.",
    "unknown": "The base side could not be read, so nobody knows whether it is new. It is decided like a new one.",
    "fixed": "The base had this finding and the head has not.",
}
_ID = re.compile(r"(?:id/v1:)?([0-9a-f]{8,32})")
#: Larger files are no report of ours.
MAX_REPORT_BYTES = 64_000_000


@click.command("explain", context_settings=options.SETTINGS)
@click.argument("subject", metavar="RULE|FINGERPRINT|VERDICT")
@click.option(
    "--report",
    metavar="FILE",
    help="Report with the fingerprint; default: that of the last gate check or gate scan.",
)
def command(subject: str, report: str | None) -> int:
    """Explain a rule, a family, an area, a finding of the last report (by its id, or 8 digits of it), or a verdict.

    \b
    gate explain blocked
    gate explain py-sql-injection-built-query
    gate explain 3f2a9c01
    """
    text = _word(subject) or _rule(subject)
    if text is None and (match := _ID.fullmatch(subject.lower())):
        text = _finding(match[1], report)
    if text is None:
        raise _unknown(subject)
    click.echo(text, nl=False)
    return 0


def _page(title: str, *parts: tuple[str, str]) -> str:
    lines = [title, ""]
    for head, body in parts:
        if body:
            wrapped = textwrap.wrap(body, options.width() - 12) if "\n" not in body else body.split("\n")
            lines += [
                f"{head:<10}  {wrapped[0]}" if len(head) <= 10 else f"{head}  {wrapped[0]}",
                *(f"{'':<12}{line}" for line in wrapped[1:]),
            ]
    return "\n".join(lines).rstrip() + "\n"


def _word(subject: str) -> str | None:
    if subject in VERDICTS:
        what, to_pass = VERDICTS[subject]
        return _page(f"verdict {subject}", ("means", what), ("to pass", to_pass))
    if subject in STATES:
        return _page(f"state {subject}", ("means", STATES[subject]))
    from gate.core.rules import SUMMARIES  # noqa: PLC0415

    if subject in SUMMARIES:
        return _page(f"decision rule {subject}", ("judges", SUMMARIES[subject]))
    return None


def _rule(subject: str) -> str | None:
    from gate import config  # noqa: PLC0415 - start-up stays cheap
    from gate.scanners.catalogue import rule_cards  # noqa: PLC0415

    for card in rule_cards():
        if card.id == subject:
            return _page(
                f"rule {card.id}",
                ("what", card.message),
                ("severity", f"{card.severity}, confidence {card.confidence}"),
                ("family", card.family),
                (
                    "area",
                    f"{card.area} (never a finding: it shows that sensitive code was changed)"
                    if card.area
                    else "",
                ),
                ("cwe", "; ".join(card.cwe)),
                ("languages", ", ".join(card.languages)),
                ("read", "\n".join(card.references)),
                ("defined", f"rulesets/{card.file}"),
            )
    document = config.load_families()
    families: dict[str, Any] = document["families"]
    if subject in families:
        row = families[subject]
        ids = [card.id for card in rule_cards() if card.family == subject]
        return _page(
            f"family {subject}",
            ("what", str(row["title"])),
            ("cwe", ", ".join(f"CWE-{c}" for c in row["cwes"])),
            ("rules", "\n".join(ids)),
        ) + (f"\n{area}" if (area := _area(subject)) else "")  # gate is both
    for tool, tests in document["tools"].items():
        if subject in tests:
            row = tests[subject]
            return _page(
                f"{tool} test {subject}",
                ("family", f"{row['family']}: {families[row['family']]['title']}"),
                ("kind", str(row.get("kind", ""))),
                (
                    "read",
                    f"https://bandit.readthedocs.io/en/latest/plugins/#{subject.lower()}"
                    if tool == "bandit"
                    else "",
                ),
            )
    return _area(subject)


def _area(subject: str) -> str | None:
    from gate import config  # noqa: PLC0415 - start-up stays cheap

    area = next((one for one in config.load_areas().values() if one["id"] == subject), None)
    if area is None:
        return None
    rules: dict[str, list[str]] = area.get("rules", {})
    return _page(
        f"area {subject}",
        ("what", str(area["title"])),
        ("in paths", ", ".join((*area.get("path_words", ()), *area.get("weak_path_words", ())))),
        ("files", ", ".join(area.get("paths", ()))),
        ("in code", _words_in_code(area.get("words", {}))),
        ("packages", _some(area.get("packages", ()))),
        *((rule, ", ".join(globs)) for rule, globs in rules.items()),
        (
            "to pass",
            f"Someone named under signoff.reviewers.{area.get('reviewers_of', subject)} in .gate.yml approves, and did not write it.",
        ),
    )


def _words_in_code(words: dict[str, Any]) -> str:
    """The words of changed code: those that count alone, and those that need another beside them."""
    strong = words.get("strong", [])
    listed = [word for group in strong.values() for word in group] if isinstance(strong, dict) else strong
    weak = words.get("weak", {})
    parts = [_some(listed)] if listed else []
    parts += [f"with others beside them: {_some(weak)}"] if weak else []
    parts += [f"{_some(pair['verbs'], 6)} near {_some(pair['nouns'], 6)}" for pair in words.get("pairs", ())]
    return "; ".join(parts)


def _some(words: Iterable[str], most: int = 30) -> str:
    listed = list(words)
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more


def _finding(digits: str, report: str | None) -> str:
    place = Path(report) if report else last_report.place(None)
    try:
        with place.open("rb") as file:
            data = file.read(MAX_REPORT_BYTES + 1)
        document: Any = json.loads(data) if len(data) <= MAX_REPORT_BYTES else {}
        findings = [*document["findings"], *document.get("fixed", ())]
        matching = [f for f in findings if f["id"].removeprefix("id/v1:").startswith(digits)]
        if len(matching) == 1:
            return _finding_page(matching[0])
    except FileNotFoundError as error:
        raise UsageError(
            f"{place}: there is no report to look {digits} up in",
            hint="Run gate check or gate scan first, or give --report FILE.",
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(
            f"{place}: cannot be read as a report of gate check or gate scan",
            hint="Write one with: gate check -o json=gate-report.json",
        ) from error
    if matching:
        listed = ", ".join(sorted(f["id"] for f in matching))
        raise UsageError(f"{digits} could be any of: {listed}", hint="Give more digits.")
    raise UsageError(
        f"{place}: no finding begins with {digits}",
        hint="Give the id as the report prints it, at least 8 digits.",
    )


def _finding_page(finding: dict[str, Any]) -> str:
    from gate.reports.escape import terminal  # noqa: PLC0415

    location = finding["location"]
    witnesses = [f"{w['tool']} {w['rule_id']}" for w in finding["witnesses"]]
    page = _page(
        terminal(finding["title"]),
        (
            "where",
            terminal(
                f"{location['path']}:{location['start']['line']}"
                + (f" in {location['scope']}" if location["scope"] else "")
            ),
        ),
        ("what", terminal(finding["message"])),
        ("severity", f"{finding['severity']}, confidence {finding['confidence']}"),
        ("family", f"{finding['family']} ({', '.join(f'CWE-{c}' for c in finding['cwe'])})"),
        ("state", f"{finding['state']}: {STATES.get(finding['state'], '')}"),
        (
            "decision",
            terminal(
                f"{finding['decision']}" + (f": {finding['suppression']}" if finding["suppression"] else "")
            ),
        ),
        ("seen by", terminal(", ".join(witnesses))),
        ("id", finding["id"]),
    )
    code = [terminal(line) for line in str(finding["snippet"]).split("\n")]
    start = int(finding["snippet_start"])
    return (
        page
        + "\n"
        + "".join(f"  {start + n:>5} | {line}\n" for n, line in enumerate(code) if finding["snippet"])
    )


def _unknown(subject: str) -> UsageError:
    import difflib  # noqa: PLC0415

    from gate import config  # noqa: PLC0415
    from gate.core.rules import SUMMARIES  # noqa: PLC0415
    from gate.scanners.catalogue import rule_cards  # noqa: PLC0415

    known = [
        *VERDICTS,
        *STATES,
        *SUMMARIES,
        *(c.id for c in rule_cards()),
        *config.load_families()["families"],
    ]
    close = difflib.get_close_matches(subject, known, n=3)
    return UsageError(
        f"'{subject}' is no rule, family, area, finding or verdict"
        + (f"; did you mean {' or '.join(close)}?" if close else ""),
        hint="List what there is: gate rules, gate rules --families, gate rules --verdict",
    )
