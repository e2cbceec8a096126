"""Records of verdicts for people and programs: lists, one record, and what verifying a store found."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gate.reports.escape import terminal
from gate.reports.messages import Catalogue
from gate.reports.options import Options
from gate.reports.terminal import Page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gate.core.evidence.held import Evidence, Proven
    from gate.core.evidence.record import AreaEvidence, Record

FORMATS = ("text", "json")
SIGNS = {
    "passed": ("✓", "green"),
    "needs_signoff": ("◷", "yellow"),
    "blocked": ("✗", "red"),
    "incomplete": ("?", "magenta"),
}
#: Records that do not verify, beyond which the others are counted.
MOST_NAMED = 20
#: Places of one area that are shown; JSON has all that the record holds.
MOST_PLACES = 5


def listed(name: str, evidence: Evidence, options: Mapping[str, Any]) -> str:
    """Return every record, one a line, as `text` or `json`."""
    if name == "json":
        return dump(_document(evidence))
    settings = Options(**options)
    page, say = Page(settings), Catalogue(settings.language)
    for one in evidence.records:
        record = one.record
        sign, style = SIGNS[record.verdict]
        proof = say("evidence.by", who=one.signer) if not one.problem else say("evidence.no_proof")
        page.row(
            (
                (f"{record.number:>5}", 5, "dim"),
                (terminal(record.recorded_at), 20, ""),
                (f"{sign} {record.verdict}", 15, style),
                (terminal(_request(record)), 6, ""),
                (record.commit[:12], 12, ""),
            ),
            indent=0,
            last=f"{proof} · {terminal(record.repo)} → {terminal(record.target.removeprefix('refs/heads/'))}",
        )
    if not evidence.records:
        page.text(say("evidence.none"))
    page.blank()
    _unreadable(page, say, evidence)
    _whole(page, say, evidence)
    return page.done()


def verified(
    name: str,
    evidence: Evidence,
    options: Mapping[str, Any],
    *,
    good: bool,
    remarks: Sequence[str] = (),
    chain_only: bool = False,
) -> str:
    """Return what verifying found: every problem with its place, or that all is good. With `chain_only` nothing is
    said of single records.
    """
    if name == "json":
        return dump(_document(evidence) | {"verified": good, "remarks": list(remarks)})
    settings = Options(**options)
    page, say = Page(settings), Catalogue(settings.language)
    for unreadable in evidence.unreadable[:MOST_NAMED]:
        page.text(
            terminal(unreadable.why), lead=f"✗ {terminal(unreadable.place)}: ", lead_style="red", hang=2
        )
    _more(page, say, len(evidence.unreadable))
    wrong = [one for one in evidence.records if one.problem]
    for one in wrong[:MOST_NAMED]:
        page.text(terminal(one.problem), lead=f"✗ {_name(one)}: ", lead_style="red", hang=2)
    _more(page, say, len(wrong))
    proven = len(evidence.records) - len(wrong)
    signers = sorted({one.signer for one in evidence.records if not one.problem})
    if proven:
        told = say(
            "evidence.proven", records=say.count("records", proven), who=", ".join(map(terminal, signers))
        )
        page.text(told, lead="✓ ", lead_style="green", hang=2)
    if not evidence.records and not evidence.unreadable and not chain_only:
        page.text(say("evidence.none"), lead="? ", lead_style="magenta", hang=2)
    _whole(page, say, evidence)
    for remark in remarks:
        page.text(terminal(remark), style="dim", hang=2)
    page.text(say("evidence.good" if good else "evidence.bad"), style="bold")
    return page.done()


def dump(value: dict[str, Any]) -> str:
    """Return `value` as the JSON that other commands print, too."""
    from gate.reports.json import dump as dump_json  # noqa: PLC0415 - loads half of the gate

    return dump_json(value)


def _whole(page: Page, say: Catalogue, evidence: Evidence) -> None:
    chain = evidence.chain
    for problem in chain.problems:
        page.text(terminal(problem), lead="✗ ", lead_style="red", hang=2)
    if not chain.problems and chain.ends.digests:
        page.text(say("evidence.chain", number=chain.ends.number), lead="✓ ", lead_style="green", hang=2)
    for end in chain.ends.digests:
        page.text(end, lead=f"  {say('evidence.end')} ", lead_style="dim", hang=4)
    if chain.beginnings > 1:
        page.text(say("evidence.beginnings", n=chain.beginnings), style="dim", hang=2)


def _unreadable(page: Page, say: Catalogue, evidence: Evidence) -> None:
    for one in evidence.unreadable[:MOST_NAMED]:
        page.text(terminal(one.why), lead=f"✗ {terminal(one.place)}: ", lead_style="red", hang=2)
    _more(page, say, len(evidence.unreadable))


def _more(page: Page, say: Catalogue, number: int) -> None:
    if number > MOST_NAMED:
        page.text(say("evidence.more", n=number - MOST_NAMED), lead="✗ ", lead_style="red", hang=2)


def shown(name: str, one: Proven, options: Mapping[str, Any]) -> str:
    """Return all that one record says."""
    if name == "json":
        return dump(_record(one))
    settings = Options(**options)
    page, say = Page(settings), Catalogue(settings.language)
    record = one.record
    sign, style = SIGNS[record.verdict]
    page.text(one.digest, lead=f"{say('evidence.record')} {record.number}  ", lead_style="bold", hang=4)
    page.text(f"exit {record.exit_code} · {record.mode}", lead=f"{sign} {record.verdict}  ", lead_style=style)
    page.blank()
    for head, value in _rows(record, one, say):
        if value:
            page.text(terminal(value), indent=2, lead=f"{head:<13}", lead_style="dim", hang=15)
    return page.done()


def _rows(record: Record, one: Proven, say: Catalogue) -> list[tuple[str, str]]:
    signoff = record.signoff
    found = [f"{n} {word}" for word, n in record.findings.severities.items() if n]
    rows = [
        ("signed by", one.signer if not one.problem else f"{say('evidence.no_proof')}: {one.problem}"),
        ("recorded", record.recorded_at),
        ("job", " ".join(part for part in (record.origin.job, record.origin.actor) if part)),
        ("repository", record.repo),
        ("request", _request(record)),
        ("target", record.target),
        ("commit", record.commit),
        ("tree", record.tree),
        ("merge base", record.merge_base),
        ("content", record.change_digest),
        ("policy", f"{record.policy_source} (extends {record.preset}), {record.policy_digest}"),
        ("rules", record.rulesets_digest),
        ("agents", record.registry_digest),
        ("gate", record.gate_version),
        ("tools", ", ".join(f"{t.name} {t.version} {t.status}".replace("  ", " ") for t in record.tools)),
        ("new findings", ", ".join(found) or "none"),
        (
            "authorship",
            f"{record.authors.verdict}, AI in {record.authors.ai_commits} of {record.authors.commits}",
        ),
        ("AI agents", ", ".join(record.authors.agents)),
        ("authors", ", ".join(record.authors.people)),
        ("unresolved", "; ".join(record.authors.unresolved)),
        (
            "sign-off",
            f"{signoff.outcome}, {len(signoff.accepted)} of {signoff.needed} accepted"
            if signoff.required
            else "not needed",
        ),
    ]
    rows += [row for area in record.areas for row in _places(area)]
    rows += [
        ("review", f"{r.who}, {r.kind} at {r.at} of {r.commit[:12]}: {', '.join(r.areas)}")
        for r in signoff.reviews
    ]
    rows += [("not counted", f"{i.who}: {i.why}") for i in signoff.ignored]
    rows += [
        ("statement", f"{s.reviewer} {s.decision} {s.id}: {'counts' if s.counts else s.why}")
        for s in signoff.statements
    ]
    if signoff.override is not None:
        override = signoff.override
        rows.append(("override", f"by {override.by} until {override.expires_at}: {override.reason}"))
    rows += [
        ("waiver", f"by {w.owner} until {w.expires}: {w.reason} ({', '.join(w.rules or w.findings)})")
        for w in record.waivers
    ]
    rows += [("report", record.report_digest), *(("before it", before) for before in record.previous)]
    return rows


def _places(area: AreaEvidence) -> list[tuple[str, str]]:
    rows = [("", reference) for reference in area.references[:MOST_PLACES]]
    if left := len(area.references) - len(rows) + area.more:
        rows.append(("", f"and {left:,} more"))
    return [(f"area {area.area}"[:13], rows[0][1]), *rows[1:]] if rows else []


def _request(record: Record) -> str:
    return f"!{record.change}" if record.change else "-"


def _name(one: Proven) -> str:
    return f"{one.record.number}, {one.digest[:19]} ({terminal(one.place)})"


def _document(evidence: Evidence) -> dict[str, Any]:
    chain = evidence.chain
    return {
        "store": evidence.store,
        "records": [_record(one) for one in evidence.records],
        "unreadable": [{"place": one.place, "why": one.why} for one in evidence.unreadable],
        "chain": {
            "ends": list(chain.ends.digests),
            "number": chain.ends.number,
            "beginnings": chain.beginnings,
            "problems": list(chain.problems),
        },
    }


def _record(one: Proven) -> dict[str, Any]:
    return {
        "place": one.place,
        "digest": one.digest,
        "number": one.record.number,
        "signer": one.signer,
        "proven": not one.problem,
        "problem": one.problem,
        "statement": json.loads(one.envelope.payload),
    }
