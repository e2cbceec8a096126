"""Sign-off in text: what a reviewer has to look at and who can sign, and the whole derivation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.words import listed, shown
from gate.reports import order, signoff_parts, summary
from gate.reports.escape import terminal, terminal_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gate.core.area import Touch
    from gate.core.change import ChangeSet
    from gate.core.facts import Run
    from gate.core.review import Group, Signoff
    from gate.reports.messages import Catalogue
    from gate.reports.terminal import Page

#: Places and lines shown per area; the JSON report names all evidence.
MOST_SPOTS = 3
MOST_LINES = 6
#: More people than this are counted instead of named.
MOST_PEOPLE = 6


def section(page: Page, run: Run, say: Catalogue) -> None:
    """Show per area the hunks that matter and who can sign. What is missing stands at the rule's reason."""
    signoff = run.facts.signoff
    if not signoff.areas:
        return
    page.heading(say("signoff"), say("signoff.state", n=len(signoff.accepted), needed=signoff.needed))
    unanswered = summary.unanswered(signoff)
    for area, touches in order.by_area(t for group in signoff.areas.values() for t in group).items():
        page.text("", indent=2, lead=terminal(area), lead_style="bold")
        evidence(page, run.facts.change, touches, say)
        eligible = signoff.eligible.get(area, ())
        if area in unanswered:
            people(page, say, say("can_sign"), eligible or (say("nobody"),), indent=4)
        else:
            answered = signoff.served.get(area, ()) or set(eligible).intersection(signoff.accepted)
            people(page, say, say("accepted"), answered, indent=4)
        if barred := signoff.barred.get(area, ()):
            told = (f"{one.who} ({one.why})" for one in barred)
            people(page, say, say("cannot_sign"), told, indent=4)
    if set(signoff.accepted).difference(*signoff.eligible.values()):
        people(page, say, say("accepted"), signoff.accepted)
    people(page, say, say("objections"), signoff.objections)
    people(page, say, say("unresolved"), signoff.unresolved)
    if unanswered and signoff.authors:
        people(page, say, say("made" if signoff.roles else "authors"), signoff_parts.makers(signoff))
    if signoff.ignored:
        page.text("", indent=2, lead=f"{say('not_counted')}:", lead_style="bold")
        for ignored in sorted(signoff.ignored):
            page.text(f"{terminal(ignored.who)}: {terminal(ignored.why)}", indent=4, hang=6)
    for line in signoff_parts.how(run, say):
        page.text(terminal(line), indent=2, lead=f"{say('how')}: ", lead_style="bold", hang=4)
    for note in signoff.notes:
        page.text(terminal(note), indent=2, style="dim", hang=4)


def evidence(
    page: Page,
    change: ChangeSet,
    touches: Sequence[Touch],
    say: Catalogue,
    *,
    most: int = MOST_SPOTS,
    most_lines: int = MOST_LINES,
) -> None:
    """Show the hunks of one area that matter most, each with why it was flagged."""
    found, more = signoff_parts.spots(change, touches, most=most, most_lines=most_lines)
    for spot in found:
        place = f"{shown(spot.path)}:{spot.line}" if spot.line else shown(spot.path)
        told = terminal(signoff_parts.reasons(spot, say), most=200)
        page.text(told, indent=4, lead=f"{terminal(place)}  ", lead_style="cyan", hang=6)
        if not spot.lines:
            quoted = next((t.text for t in spot.touches if t.text and t.line), "")
            if quoted:
                page.code("", terminal_code(quoted), indent=6, strong=False)
            continue
        size = max(len(str(line.number)) for line in spot.lines)
        for line in spot.lines:
            gutter = f"{line.sign} {line.number:>{size}} │ "
            page.code(gutter, terminal_code(line.text), indent=6, strong=line.flagged)
        if spot.left:
            page.text(say.count("more_lines", spot.left), indent=6, style="dim")
    if more:
        page.text(say.count("more_spots", more), indent=4, style="dim")


def people(page: Page, say: Catalogue, title: str, names: Iterable[str], *, indent: int = 2) -> None:
    """Show people in one row, if there are any."""
    if told := [terminal(person) for person in sorted(names)]:
        rest = len(told) - MOST_PEOPLE
        row = told[:MOST_PEOPLE] + ([say("more", n=f"{rest:,}")] if rest > 0 else [])
        page.text(", ".join(row), indent=indent, lead=f"{title}: ", lead_style="bold", hang=indent + 2)


# -- the derivation ----------------------------------------------------------------------------------


def derivation(page: Page, run: Run, say: Catalogue) -> None:
    """Show every step of the decision with its facts, in the order in which it is made."""
    facts, signoff = run.facts, run.facts.signoff
    page.heading(say("derive"))
    change, policy = facts.change, facts.policy
    _step(
        page,
        say,
        1,
        [
            say("derive.base", sha=change.base[:12], target=change.target),
            say("derive.head", sha=change.head[:12], digest=change.change_digest),
            say("derive.policy", source=run.stamp.policy_source),
        ],
    )
    areas = order.by_area(t for group in signoff.areas.values() for t in group)
    page.text(say("derive.2"), indent=2, lead="2  ", lead_style="bold", style="bold")
    for area, touches in areas.items():
        page.text(say.count("pieces", len(touches)), indent=5, lead=f"{terminal(area)}  ", style="dim")
        for touch in touches:
            place = f"{shown(touch.path)}:{touch.line}" if touch.line else shown(touch.path)
            side = f" ({touch.side})" if touch.side == "old" else ""
            told = f"{terminal(touch.rule)} · {terminal(signoff_parts.why(touch, say), most=160)}"
            page.text(told, indent=7, lead=f"{terminal(place)}{side}  ", lead_style="cyan", hang=9)
    if not areas:
        page.text(say("derive.none"), indent=5)
    _step(page, say, 3, _makers(signoff, say))
    if areas:
        numbers = say(
            "derive.needed", needed=signoff.needed, min=policy.signoff.min, ai_min=policy.signoff.ai_min
        )
        raised = [say("derive.because", reason=reason) for reason in signoff.needed_because]
        _step(page, say, 4, [numbers, *raised])
        _step(page, say, 5, _whose(signoff, say))
        _step(page, say, 6, _said(signoff, say))
        _step(page, say, 7, _result(signoff, say))


def _step(page: Page, say: Catalogue, number: int, lines: Iterable[str]) -> None:
    page.text(say(f"derive.{number}"), indent=2, lead=f"{number}  ", lead_style="bold", style="bold")
    for line in lines:
        page.text(terminal(line), indent=5, hang=7)


def _makers(signoff: Signoff, say: Catalogue) -> list[str]:
    roles = signoff.roles or dict.fromkeys(signoff.authors, say("derive.3"))
    told = [say("derive.made", who=who, role=role) for who, role in sorted(roles.items())]
    lines = told or [say("derive.nobody")]
    lines.append(say("derive.ai" if signoff.ai else "derive.no_ai"))
    if signoff.accountable:
        lines.append(say("derive.accountable", people=", ".join(signoff.accountable)))
    else:
        lines.append(say("derive.not_accountable"))
    if signoff.unresolved:
        lines.append(say("derive.unresolved", people="; ".join(signoff.unresolved)))
    if signoff.pushers == "unknown":
        lines.append(say("derive.pushers"))
    return lines


def _whose(signoff: Signoff, say: Catalogue) -> list[str]:
    lines = []
    for area in sorted(signoff.areas):
        groups = signoff.groups.get(area, ())
        told = [_group(group, say) for group in groups]
        if not any(group.people for group in groups):
            told = [say("nobody")]
        lines += [f"{area} · {one}" for one in dict.fromkeys(told)]
        lines += [
            f"{area} · {say('derive.barred', who=b.who, why=b.why)}" for b in signoff.barred.get(area, ())
        ]
    return lines


def _group(group: Group, say: Catalogue) -> str:
    named = say("derive.reviewers", people=", ".join(group.reviewers)) if group.reviewers else ""
    owners = ""
    if group.owners or group.section:
        paths = listed([shown(path) for path in group.paths], most=3)
        section = f" [{group.section}]" if group.section else ""
        owners = say(
            "derive.owners",
            paths=f"{paths}{section}",
            needed=group.needed,
            people=", ".join(group.owners) or say("derive.silent"),
        )
    return say("or").join(part for part in (named, owners) if part)


def _said(signoff: Signoff, say: Catalogue) -> list[str]:
    asked = say("derive.asked", forge=signoff.forge) if signoff.forge else say("derive.not_asked")
    lines = [asked]
    lines += [
        say("derive.carried" if who in signoff.carried_over else "derive.accepted", who=who)
        for who in signoff.accepted
    ]
    lines += [say("derive.objected", who=who) for who in signoff.objections]
    lines += [say("derive.ignored", who=one.who, why=one.why) for one in signoff.ignored]
    for one in signoff.statements:
        who = say("derive.statement", id=one.id, source=one.source) + (
            f" {one.reviewer}" if one.reviewer else ""
        )
        what = f"{who}, {one.decision}" if one.decision else who
        told = (
            say("derive.accepted", who=what) if one.counts else say("derive.ignored", who=what, why=one.why)
        )
        lines.append(told)
    if len(lines) == 1:
        lines.append(say("derive.silent"))
    return lines


def _result(signoff: Signoff, say: Catalogue) -> list[str]:
    lines = [say("derive.unweighed")] if signoff.waiting is None else []
    for area in sorted(signoff.areas) if signoff.waiting is not None else ():
        names = ", ".join(signoff.served.get(area, ()))
        if area not in (signoff.waiting or ()):
            lines.append(say("derive.served", area=area, people=names))
        elif names:
            lines.append(say("derive.partly", area=area, people=names))
        else:
            lines.append(say("derive.waiting", area=area))
    lines.append(say("derive.count", n=len(signoff.accepted), needed=signoff.needed))
    lines += [say("derive.missing", what=what) for what in signoff.missing]
    lines += summary.override(signoff, say)
    lines.append(f"→ {signoff.outcome.word}")
    return lines
