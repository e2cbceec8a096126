"""JUnit: the reasons of the verdict, the scanners and the findings as test cases."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from gate.core.finding import Decision
from gate.core.scan import ScanStatus
from gate.core.verdict import Outcome
from gate.reports import ai_parts, order, summary
from gate.reports.escape import json_path
from gate.reports.escape_xml import xml, xml_lines
from gate.reports.hints import hint
from gate.reports.messages import Catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gate.core.facts import Run
    from gate.core.finding import Finding
    from gate.core.scan import ToolRun
    from gate.core.verdict import RuleResult
    from gate.reports.options import Options

_TAGS = {
    Outcome.NEEDS_SIGNOFF: "skipped",
    Outcome.BLOCKED: "failure",
    Outcome.INCOMPLETE: "error",
}
_DECISIONS = {Decision.BLOCK: "failure", Decision.SIGNOFF: "skipped"}
_MOST_NAME = 300
_MOST_FILES = 100


def report(run: Run, _: Options) -> str:
    """Return one suite each of reasons, scanners, the review by a model (if asked for) and findings, in the order
    of reports.

    Blocked is a `failure`, incomplete an `error`, and what waits for sign-off is `skipped`. Times are 0: a
    measured time is never the same twice.
    """
    root = ET.Element("testsuites", name="ai-merge-gate", time="0")
    _suite(root, "verdict", [_reason(reason) for reason in run.verdict.reasons])
    _suite(root, "scanners", [_tool(tool) for tool in order.tools(run.facts.tools)])
    if run.facts.policy.ai.enabled:
        _suite(root, "ai", [_ai(run)])
    _suite(root, "findings", [_finding(f) for f in order.findings(run.facts.findings)])
    _count(root, root.findall("testsuite/testcase"))
    suite = root.find("testsuite")
    if suite is not None:
        properties = ET.Element("properties")
        for name, value in (("verdict", run.verdict.outcome.word), ("exit_code", str(run.exit_code))):
            ET.SubElement(properties, "property", name=name, value=value)
        suite.insert(0, properties)
    ET.indent(root, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(root: ET.Element, name: str, cases: list[ET.Element]) -> None:
    """Add a suite. Viewers keep one of several cases with the same name, so a repeated name is numbered."""
    suite = ET.SubElement(root, "testsuite", name=f"ai-merge-gate.{name}", time="0")
    seen: dict[tuple[str, str], int] = {}
    for case in cases:
        key = (case.get("classname", ""), case.get("name", ""))
        seen[key] = seen.get(key, 0) + 1
        if seen[key] > 1:
            case.set("name", f"{key[1]} ({seen[key]})")
        suite.append(case)
    _count(suite, cases)


def _count(element: ET.Element, cases: Iterable[ET.Element]) -> None:
    every = list(cases)
    element.set("tests", str(len(every)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(attribute, str(sum(case.find(tag) is not None for case in every)))


def _case(suite: str, name: str, file: str = "", line: int = 0) -> ET.Element:
    case = ET.Element(
        "testcase", classname=f"ai-merge-gate.{suite}", name=xml(name, most=_MOST_NAME), time="0"
    )
    if file:
        case.set("file", xml(json_path(file)))
    if line > 0:
        case.set("line", str(line))
    return case


def _says(case: ET.Element, tag: str, kind: str, message: str, text: str = "") -> None:
    element = ET.SubElement(case, tag, message=xml(message))
    if tag != "skipped":
        element.set("type", xml(kind, most=_MOST_NAME))
    element.text = xml_lines(text) or None


def _reason(reason: RuleResult) -> ET.Element:
    case = _case("verdict", f"{reason.rule}: {reason.because}")
    tag = _TAGS.get(reason.outcome)
    if tag is not None:
        to_pass = f"To pass: {xml(reason.to_pass)}" if reason.to_pass else ""
        _says(case, tag, reason.rule, reason.because, to_pass)
    return case


def _tool(tool: ToolRun) -> ET.Element:
    head = tool.head
    case = _case("scanners", f"{head.tool} {head.version}".rstrip())
    unread = order.unscanned(head.unscanned)
    files = [f"{xml(json_path(u.path))}: {xml(u.reason)}" for u in unread[:_MOST_FILES]]
    if len(unread) > _MOST_FILES:
        files.append(f"{len(unread) - _MOST_FILES:,} more in the JSON report")
    told = f"{head.status.value}: {head.reason}".removesuffix(": ")
    if head.status is ScanStatus.COMPLETED and not unread:
        return case
    stopped = head.status is ScanStatus.FAILED or (head.required and head.status is ScanStatus.SKIPPED)
    _says(case, "error" if stopped else "skipped", head.status.value, told, "\n".join(files))
    return case


def _ai(run: Run) -> ET.Element:
    """How the review by a model ended: an error where the verdict needs it, skipped where it is not complete."""
    review = run.facts.ai
    say = Catalogue()
    case = _case("ai", ai_parts.line(run.facts, say))
    lines = [*ai_parts.unreviewed(review, say, most=_MOST_FILES), *ai_parts.details(review, say)]
    text = "\n".join(xml(line) for line in lines)
    if review is None or not review.performed:
        needed = any(r.rule.startswith("ai") and r.outcome is Outcome.INCOMPLETE for r in run.verdict.reasons)
        told = ai_parts.remedy(review, say) or ai_parts.sentence(run.facts)
        _says(case, "error" if needed else "skipped", "ai", told, text)
    elif text:
        ET.SubElement(case, "system-out").text = xml_lines(text)
    return case


def _finding(finding: Finding) -> ET.Element:
    title = finding.title or finding.family or "finding"
    case = _case(
        "findings",
        f"{finding.severity.word} {title} at {summary.place(finding)}",
        finding.path,
        finding.range.start_line,
    )
    usual = hint(finding.family, "en")
    witnesses = dict.fromkeys(f"{w.tool} {w.rule_id}" for w in order.witnesses(finding.witnesses))
    lines = (
        xml(summary.message(finding)),
        f"Fix: {usual}" if usual else "",
        f"Seen by: {xml(', '.join(witnesses))}" if witnesses else "",
        f"State: {finding.state.value}. Decision: {finding.decision.value}. Id: {finding.id}",
        xml(finding.suppression or ""),
    )
    text = "\n".join(line for line in lines if line)
    tag = _DECISIONS.get(finding.decision)
    if tag is None:
        ET.SubElement(case, "system-out").text = xml_lines(text)
    else:
        _says(case, tag, finding.family or "finding", title, text)
    return case
