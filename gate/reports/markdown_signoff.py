"""Sign-off in Markdown: what was flagged and why, who can sign, why an approval does not count, and how to sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.reports import areas_text, links, order, signoff_parts, summary
from gate.reports.escape import Markdown, markdown, markdown_code, markdown_diff, md
from gate.reports.markdown_blocks import blocks, capital, details, lines, more, some, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gate.core.area import Touch
    from gate.core.change import ChangeSet
    from gate.core.facts import Run
    from gate.core.review import Signoff
    from gate.reports.markdown import Detail
    from gate.reports.messages import Catalogue
    from gate.reports.options import Options

#: Places of an area in the table, and changed lines of each in the fold below it.
MOST_SPOTS = 3
MOST_LINES = 12
#: Files named per reason that need no sign-off.
MOST_NEAR = 10


def signoff(run: Run, say: Catalogue, options: Options, detail: Detail) -> Markdown:
    """Return the section; nothing if no area is touched. Names of people stay at every level of detail."""
    facts = run.facts.signoff
    if not facts.areas:
        return Markdown("")
    unanswered = summary.unanswered(facts)
    areas = order.by_area(t for group in facts.areas.values() for t in group)
    rows = [
        (
            md("**{}**", area),
            _evidence(run.facts.change, touches, say, options, detail),
            _who(facts, area, say, detail, waits=area in unanswered),
        )
        for area, touches in areas.items()
    ]
    state = say("signoff.state", n=len(facts.accepted), needed=facts.needed)
    made = signoff_parts.makers(facts)
    title = say("made" if facts.roles else "authors")
    return blocks(
        f"#### {say('signoff')} · {state}",
        table((say("area"), say("evidence"), capital(say("can_sign"))), rows),
        details(say("flagged"), _hunks(run.facts.change, areas, say)) if detail.snippets else "",
        lines(
            *(
                md("- **{}**: {}", Markdown(capital(say("how"))), _how(line))
                for line in signoff_parts.how(run, say)
            )
        ),
        _labelled(capital(say("objections")), _people(facts.objections, say, detail)),
        _labelled(capital(say("unresolved")), _people(facts.unresolved, say, detail)),
        _labelled(capital(title), _people(made if unanswered else (), say, detail)),
        lines(
            f"**{capital(say('not_counted'))}**\n" if facts.ignored else "",
            *(
                md("- {} – {}", markdown(i.who, most=200), markdown(i.why, most=detail.most_text))
                for i in sorted(facts.ignored)[: detail.most_items]
            ),
            more(len(facts.ignored), say, most=detail.most_items),
        ),
    )


def near(run: Run, say: Catalogue, detail: Detail) -> Markdown:
    """Return a fold with the files that come near an area and need no sign-off, and why."""
    if not detail.minor_rows:
        return Markdown("")
    rows = [
        md(
            "- {}: {}{}",
            markdown(reason),
            Markdown(", ".join(markdown_code(path) for path in paths[:MOST_NEAR])),
            Markdown(f" {say('more', n=f'{len(paths) - MOST_NEAR:,}')}" if len(paths) > MOST_NEAR else ""),
        )
        for reason, paths in areas_text.near(run.facts.context, say)
    ]
    return details(say("areas.context").rstrip(":"), lines(*rows))


def _who(facts: Signoff, area: str, say: Catalogue, detail: Detail, *, waits: bool) -> Markdown:
    eligible = facts.eligible.get(area, ())
    if not waits:
        answered = facts.served.get(area, ()) or set(eligible).intersection(facts.accepted)
        return md("✓ {}", _people(answered, say, detail))
    who = _people(eligible, say, detail) if eligible else Markdown(say("nobody"))
    barred = [f"{one.who} ({one.why})" for one in facts.barred.get(area, ())]
    if not barred:
        return who
    return md("{}<br>{}: {}", who, Markdown(say("cannot_sign")), _people(barred, say, detail))


def _evidence(
    change: ChangeSet, touches: Sequence[Touch], say: Catalogue, options: Options, detail: Detail
) -> Markdown:
    spots, left = signoff_parts.spots(change, touches, most=MOST_SPOTS, most_lines=1)
    by_reason: dict[Markdown, list[Markdown]] = {}
    for spot in spots:
        told = markdown(signoff_parts.reasons(spot, say), most=160) if detail.messages else Markdown("")
        name = f"{spot.path}:{spot.line}" if spot.line else spot.path
        place = links.linked(name, links.spot_url(change, options, spot))
        by_reason.setdefault(told, []).append(place)
    shown = [md("{} {}", Markdown(", ".join(places)), told).rstrip(" ") for told, places in by_reason.items()]
    if left:
        shown.append(say.count("more_spots", left))
    return Markdown("<br>".join(shown))


def _hunks(change: ChangeSet, areas: Mapping[str, list[Touch]], say: Catalogue) -> Markdown:
    """The changed lines of each area's places, once each."""
    seen: set[tuple[str, int]] = set()
    shown = []
    for area, touches in areas.items():
        spots, _ = signoff_parts.spots(change, touches, most=MOST_SPOTS, most_lines=MOST_LINES)
        for spot in spots:
            if not spot.lines or (spot.path, spot.lines[0].number) in seen:
                continue
            seen.add((spot.path, spot.lines[0].number))
            place = markdown_code(f"{spot.path}:{spot.line}")
            shown += [
                md("**{}** · {} · {}", area, place, markdown(signoff_parts.reasons(spot, say), most=300)),
                markdown_diff([(line.sign, line.number, line.text) for line in spot.lines]),
                say.count("more_lines", spot.left) if spot.left else "",
            ]
    return blocks(*shown)


def _how(line: str) -> Markdown:
    """A sentence of ours with a command between backticks."""
    before, tick, rest = line.partition("`")
    command, _, after = rest.partition("`")
    if not tick:
        return markdown(line, most=600)
    # What is escaped loses the blanks at its ends, and the command stands between words.
    left, right = " " if before.endswith(" ") else "", " " if after.startswith(" ") else ""
    said = markdown(before, most=400), markdown_code(command), markdown(after, most=400)
    return md(f"{{}}{left}{{}}{right}{{}}", *said)


def _labelled(title: str, text: str) -> str:
    return f"**{title}**: {text}" if text else ""


def _people(people: Iterable[str], say: Catalogue, detail: Detail) -> Markdown:
    shown = [markdown(person, most=200) for person in sorted(people)]
    return some(shown, say, most=min(20, detail.most_items))
