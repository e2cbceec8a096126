"""Sign-off in the HTML page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gate.reports import areas_text, html_source, links, order, signoff_parts, summary

if TYPE_CHECKING:
    from gate.core.facts import Run
    from gate.reports.messages import Catalogue
    from gate.reports.options import Options

MOST_SPOTS, MOST_LINES, MOST_NEAR = 5, 20, 50


def signoff(run: Run, say: Catalogue, options: Options) -> dict[str, Any]:
    """Return areas with evidence and people, who made the change, how to sign, what does not count, and what came near an area."""
    facts = run.facts.signoff
    waiting = summary.unanswered(facts)
    areas = order.by_area(t for group in facts.areas.values() for t in group)
    rows = []
    for area, touches in areas.items():
        spots, left = signoff_parts.spots(run.facts.change, touches, most=MOST_SPOTS, most_lines=MOST_LINES)
        done = area not in waiting
        eligible = facts.eligible.get(area, ())
        answered = facts.served.get(area, ()) or set(eligible).intersection(facts.accepted)
        rows.append(
            {
                "name": area,
                "done": done,
                "who": ", ".join(sorted(answered if done else eligible)) or ("" if done else say("nobody")),
                "barred": ", ".join(f"{b.who} ({b.why})" for b in facts.barred.get(area, ()) if not done),
                "left": say.count("more_spots", left) if left else "",
                "spots": [
                    {
                        "place": f"{spot.path}:{spot.line}" if spot.line else spot.path,
                        "url": links.spot_url(run.facts.change, options, spot),
                        "reasons": signoff_parts.reasons(spot, say),
                        "lines": list(html_source.changed(spot.lines)),
                    }
                    for spot in spots
                ],
            }
        )
    made = say("made" if facts.roles else "authors")
    return {
        "areas": rows,
        "signoff_state": say("signoff.state", n=len(facts.accepted), needed=facts.needed),
        "people": [
            (say("accepted"), ", ".join(sorted(facts.accepted))),
            (say("objections"), ", ".join(sorted(facts.objections))),
            (say("unresolved"), ", ".join(sorted(facts.unresolved))),
            (made, ", ".join(signoff_parts.makers(facts)) if waiting else ""),
        ],
        "how": [line.replace("`", "") for line in signoff_parts.how(run, say)],
        "ignored": sorted(facts.ignored),
        "near": [
            {
                "reason": reason,
                "paths": paths[:MOST_NEAR],
                "left": say("more", n=f"{len(paths) - MOST_NEAR:,}") if len(paths) > MOST_NEAR else "",
            }
            for reason, paths in areas_text.near(run.facts.context, say)
        ],
    }
