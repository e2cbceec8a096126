"""What every report for people says about a run: headline, next step, counts, what was not scanned.

Everything returned here is still hostile text; each format escapes it for its own target.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.core.finding import Decision, Severity
from gate.core.verdict import Outcome
from gate.core.words import shown
from gate.reports import order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gate.core.facts import Run
    from gate.core.finding import Finding
    from gate.core.review import Signoff
    from gate.core.scan import ToolRun
    from gate.reports.messages import Catalogue
    from gate.reports.options import Scan

#: At most this many people are named in one sentence.
MOST_PEOPLE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A changed file that nobody scanned (fully), and why."""

    path: str
    tool: str
    reason: str


def headline(run: Run, say: Catalogue) -> str:
    """Return one or two sentences: who must do what."""
    facts = run.facts
    blocking = say.count("findings", len(with_decision(facts.findings, Decision.BLOCK)))
    has_blocking = any(f.decision is Decision.BLOCK for f in facts.findings)
    parts = []
    if facts.signoff.override is not None:
        parts += override(facts.signoff, say)
    match run.verdict.outcome:
        case Outcome.PASSED | Outcome.SKIPPED if facts.signoff.override is not None:
            parts.append(say("overridden.missing", missing=" ".join(facts.signoff.missing)))
        case Outcome.PASSED | Outcome.SKIPPED:
            people = say.listed(sorted(facts.signoff.accepted), most=MOST_PEOPLE)
            parts.append(say("passed.signed", people=people) if people else say("passed.who"))
        case Outcome.BLOCKED:
            if has_blocking:
                parts.append(say("blocked.findings", findings=blocking))
            if facts.signoff.objections:
                parts.append(say("blocked.objection", people=_people(facts.signoff.objections, say)))
            if not parts:
                parts.append(say("blocked.reasons"))
        case Outcome.NEEDS_SIGNOFF:
            parts += _waiting(run, say)
        case Outcome.INCOMPLETE:
            reasons = sum(r.outcome is Outcome.INCOMPLETE for r in run.verdict.reasons)
            parts.append(say("incomplete.who", reasons=say.count("reasons", reasons)))
            if has_blocking:
                parts.append(say("also.blocked", findings=blocking))
    waits = any(r.outcome is Outcome.NEEDS_SIGNOFF for r in run.verdict.reasons)
    if waits and run.verdict.outcome is not Outcome.NEEDS_SIGNOFF:
        parts += _waiting(run, say)
    if softened(run):
        parts.append(say("observe"))
    return " ".join(parts)


def title(run: Run, say: Catalogue) -> str:
    """Return the verdict in large letters; an override stands in its place, so that nobody misses it."""
    overridden = run.facts.signoff.override
    if overridden is not None:
        return say("overridden", who=overridden.by)
    outcome = run.verdict.outcome
    return say(outcome.word if outcome else "incomplete")


def override(signoff: Signoff, say: Catalogue) -> list[str]:
    """Return what there is to say of an override: until when and why, and how often that was done."""
    found = signoff.override
    if found is None:
        return []
    told = [say("overridden.who", until=found.expires_at, reason=found.reason.rstrip(".") + ".")]
    return told + ([say("overridden.recent", n=found.recent)] if found.recent > 1 else [])


def softened(run: Run) -> bool:
    """Whether observe mode turned a blocked or waiting verdict into exit code 0."""
    return run.exit_code == 0 and run.verdict.outcome in (Outcome.BLOCKED, Outcome.NEEDS_SIGNOFF)


def _waiting(run: Run, say: Catalogue) -> list[str]:
    signoff = run.facts.signoff
    open_areas = unanswered(signoff)
    nobody = [area for area in open_areas if not signoff.eligible.get(area)]
    asked = {area: signoff.eligible[area] for area in open_areas if area not in nobody}
    parts = []
    if len(set(asked.values())) == 1:
        people = _people(next(iter(asked.values())), say)
        parts.append(say("wait.all", people=people, areas=", ".join(asked)))
    elif asked:
        told = (say("wait.part", area=area, people=_people(people, say)) for area, people in asked.items())
        parts.append(say("wait.some", parts="; ".join(told)))
    if nobody:
        parts.append(say("wait.nobody", areas=", ".join(nobody)))
    missing = signoff.needed - len(signoff.accepted)
    if signoff.required and missing > (1 if asked else 0):
        approvals, others = say.count("approvals", missing), still_to_ask(run)
        if others and not asked:
            parts.append(say("wait.more_from", approvals=approvals, people=_people(others, say)))
        elif missing > 1 and not signoff.accepted:
            parts.append(say("wait.in_all", n=missing))
        else:
            parts.append(say("wait.more", approvals=approvals))
    return parts or [say("wait.reasons")]


def unanswered(signoff: Signoff) -> list[str]:
    """Return the required areas for which nobody, or not everybody needed, has accepted yet."""
    if signoff.waiting is not None:
        return list(signoff.waiting)
    accepted = set(signoff.accepted)
    return [
        area for area in sorted(signoff.areas) if not accepted.intersection(signoff.eligible.get(area, ()))
    ]


def still_to_ask(run: Run) -> list[str]:
    """Return whose sign-off would bring a change that waits further: of those who have not accepted."""
    signoff = run.facts.signoff
    can = {p for area in signoff.waiting or signoff.areas for p in signoff.eligible.get(area, ())}
    can -= set(signoff.accepted)
    if not can and len(signoff.accepted) < signoff.needed:
        can = {human.id for human in run.facts.policy.signoff.humans} - {*signoff.authors, *signoff.accepted}
    return sorted(can)


def _people(people: Sequence[str], say: Catalogue) -> str:
    shown = sorted(people)
    if len(shown) > MOST_PEOPLE:
        return say.listed(shown, most=MOST_PEOPLE)
    return say.any_of(shown)


def next_step(run: Run, say: Catalogue) -> str:
    """Return the one thing to do next, without a full stop."""
    signoff = run.facts.signoff
    match run.verdict.outcome:
        case Outcome.PASSED | Outcome.SKIPPED:
            return say("next.passed")
        case Outcome.BLOCKED:
            blocking = with_decision(run.facts.findings, Decision.BLOCK)
            if len(blocking) == 1:
                return say("next.fix", place=place(blocking[0]))
            if blocking:
                findings = say.count("findings", len(blocking))
                return say("next.fix_many", findings=findings, place=place(blocking[0]))
            if signoff.objections:
                return say("next.objection", people=_people(signoff.objections, say))
        case Outcome.NEEDS_SIGNOFF:
            open_areas = unanswered(signoff)
            people = {p for area in open_areas for p in signoff.eligible.get(area, ())}
            if not open_areas and len(signoff.accepted) < signoff.needed:
                people = set(still_to_ask(run))
            if people:
                return say("next.ask", people=_people(sorted(people), say))
            if open_areas:
                return say("next.name", areas=", ".join(open_areas))
        case Outcome.INCOMPLETE:
            first = next((r.to_pass for r in run.verdict.reasons if r.to_pass), "")
            if first:
                return first.rstrip(".")
    return say("next.reasons")


def place(finding: Finding) -> str:
    """Return `path:line`, or what stands for it where a finding has no place."""
    if not finding.path:
        return "(no place)"
    path = shown(finding.path)
    return f"{path}:{finding.range.start_line}" if finding.range.start_line else path


def message(finding: Finding) -> str:
    """Return what a finding says beyond its title; empty if that is the title again, with or without a full stop.

    A message that begins with the title as a sentence goes on after it.
    """
    told, title = finding.message.strip(), finding.title.strip().rstrip(".")
    if told.rstrip(".") == title:
        return ""
    return told.removeprefix(f"{title}. ").lstrip() if title else finding.message


def with_decision(findings: Iterable[Finding], *decisions: Decision) -> list[Finding]:
    """Return the findings with one of `decisions`, in the order of reports."""
    return order.findings(f for f in findings if f.decision in decisions)


def severities(findings: Iterable[Finding]) -> str:
    """Return `2 critical, 1 high`, worst first; empty for no finding."""
    counts = Counter(f.severity for f in findings)
    return ", ".join(f"{counts[s]:,} {s.word}" for s in sorted(Severity, reverse=True) if counts[s])


def states(findings: Iterable[Finding]) -> str:
    """Return `3 new, 1 existing` in the order of reports; empty for no finding."""
    counts = Counter(f.state for f in findings)
    return ", ".join(f"{counts[s]:,} {s.value}" for s in order.STATES if counts[s])


def grouped(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Return findings that read the same (decision, severity, state, family, title) together, in order."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for f in order.findings(findings):
        groups.setdefault((f.decision, f.severity, f.state, f.family, f.title), []).append(f)
    return list(groups.values())


def missed(run: Run, say: Catalogue) -> list[Missed]:
    """Return every changed file that was not fully scanned, by path: by each tool, by policy, by language."""
    facts = run.facts
    return _sorted(
        [
            *missed_by_tools(facts.tools, say),
            *(
                Missed(path=e.path, tool="", reason=say("unscanned.excluded", glob=e.glob))
                for e in facts.excluded
            ),
            *(Missed(path=path, tool="", reason=say("unscanned.uncovered")) for path in facts.uncovered),
        ]
    )


def missed_in_tree(scan: Scan, say: Catalogue) -> list[Missed]:
    """Return every file of a tree that was not fully scanned, but those in a language that nobody reads."""
    return _sorted(
        [
            *missed_by_tools(scan.tools, say),
            *(Missed(path=path, tool="", reason=say("unscanned.unopened")) for path in scan.unopened),
            *(Missed(path=path, tool="", reason=say("unscanned.installed")) for path in scan.installed),
            *(
                Missed(path=e.path, tool="", reason=say("unscanned.excluded", glob=e.glob))
                for e in scan.excluded
            ),
        ]
    )


def missed_by_tools(tools: Iterable[ToolRun], say: Catalogue) -> list[Missed]:
    """Return what the tools did not (fully) read of either side, by path."""
    return _sorted(
        Missed(path=u.path, tool=side.tool, reason=say(phrase, reason=u.reason) if phrase else u.reason)
        for tool in tools
        for side, phrase in ((tool.head, ""), (tool.base, "unscanned.base"))
        if side is not None
        for u in side.unscanned
    )


def _sorted(rows: Iterable[Missed]) -> list[Missed]:
    return sorted(rows, key=lambda m: (order.path_key(m.path), m.tool, m.reason))


def percent(share: float) -> str:
    """Return a share for people: one that is not zero never reads as zero, and one that is not all never as all."""
    if 0 < share < 0.01 or 0.99 < share < 1:
        return f"{share:.1%}" if 0.0005 <= share < 0.9995 else ("<0.1%" if share < 0.5 else ">99.9%")
    return f"{share:.0%}"
