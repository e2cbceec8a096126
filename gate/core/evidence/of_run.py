"""From a finished run to its record."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from gate.core.evidence import model as rec
from gate.core.finding import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gate.core.area import Touch
    from gate.core.authorship import Authorship
    from gate.core.facts import Run
    from gate.core.review import Signoff
    from gate.core.suppression import Suppression

_Item = TypeVar("_Item")
_NUMBER = re.compile(r"[1-9]\d{0,39}")
_NAME, _PROSE, _REFERENCE = 300, 2000, 500
#: Bytes of one list. Characters outside of ASCII take six or twelve each, and a record has to stay below 1 MiB.
_ROOM, _ROOM_OF_AREA = 60_000, 6_000


def record_of(
    run: Run,
    *,
    tree: str,
    change: str | None,
    recorded_at: str,
    origin: rec.Origin,
    report_digest: str,
    findings_digest: str,
) -> rec.Record:
    """Return the record of a run; it stands first in a chain until `link` gives it its place.

    `tree` is that of the head, `change` the number of the merge request (anything else is left out), `recorded_at`
    the run's one time.
    Lists that a hostile change could make endless are cut, and texts, too; the digests cover everything.
    """
    facts, stamp = run.facts, run.stamp
    return rec.Record(
        repo=facts.change.repo,
        commit=facts.change.head,
        tree=tree,
        change=change if change and _NUMBER.fullmatch(change) else None,
        target=_cut(facts.change.target, _PROSE),
        base=facts.change.base,
        merge_base=facts.change.merge_base,
        change_digest=facts.change.change_digest,
        policy_source=_cut(stamp.policy_source, _PROSE),
        policy_digest=stamp.policy_digest,
        rulesets_digest=stamp.rulesets_digest,
        registry_digest=stamp.registry_digest,
        preset=facts.policy.preset,
        mode=facts.policy.mode.value,
        gate_version=stamp.version,
        tools=tuple(
            rec.Tool(name=_cut(t.head.tool), version=t.head.version[:_NAME], status=t.head.status.value)
            for t in sorted(facts.tools, key=lambda t: t.head.tool)
        ),
        findings=rec.Findings(
            digest=findings_digest,
            severities=Counter(
                f.severity.word for f in facts.findings if f.state in (State.NEW, State.MOVED, State.UNKNOWN)
            ),
            decisions=Counter(f.decision.value for f in facts.findings),
        ),
        authors=_authors(facts.authorship, facts.signoff),
        areas=_areas(facts.touches),
        signoff=_signoff(facts.signoff),
        waivers=_waivers(facts.suppressions),
        verdict=run.verdict.outcome.word,
        exit_code=run.exit_code,
        recorded_at=recorded_at,
        origin=rec.Origin(job=origin.job[:_PROSE], actor=origin.actor[:_NAME]),
        report_digest=report_digest,
    )


def _authors(facts: Authorship, signoff: Signoff) -> rec.Authors:
    people = _names(signoff.authors)
    return rec.Authors(
        verdict=facts.verdict.value,
        agents=_names(facts.agents),
        commits=len(facts.commits),
        ai_commits=sum(commit.verdict.is_ai for commit in facts.commits),
        people=people,
        more_people=len(set(signoff.authors)) - len(people),
        unresolved=_names(signoff.unresolved),
    )


def _areas(touches: Iterable[Touch]) -> tuple[rec.AreaEvidence, ...]:
    by_area: dict[str, list[str]] = {}
    for touch in sorted(set(touches)):
        place = f"{touch.path}:{touch.line}" if touch.line else touch.path
        by_area.setdefault(touch.area, []).append(_cut(f"{touch.rule} {place}", _REFERENCE))
    return tuple(
        rec.AreaEvidence(area=area, references=kept, more=len(found) - len(kept))
        for area, found in sorted(by_area.items())
        for kept in (_fitting(found[: rec.MOST_REFERENCES], _ROOM_OF_AREA),)
    )


def _signoff(signoff: Signoff) -> rec.SignoffOutcome:
    override = signoff.override
    return rec.SignoffOutcome(
        outcome=signoff.outcome.word,
        required=signoff.required,
        ai=signoff.ai,
        needed=signoff.needed,
        accepted=_names(signoff.accepted),
        reviews=tuple(
            rec.Review(who=_cut(a.who), kind=a.kind, at=a.at, commit=a.commit, areas=a.areas)
            for a in _fitting(signoff.answers)
        ),
        ignored=tuple(
            rec.Ignored(who=_cut(one.who), why=_cut(one.why, _PROSE))
            for one in _fitting(sorted(signoff.ignored))
        ),
        statements=tuple(
            rec.UsedStatement(
                id=_cut(one.id),
                reviewer=one.reviewer[:_NAME],
                decision=one.decision[:_NAME],
                counts=one.counts,
                why=one.why[:_PROSE],
            )
            for one in _fitting(sorted(signoff.statements))
        ),
        override=None
        if override is None
        else rec.UsedOverride(
            by=override.by, reason=_cut(override.reason, _PROSE), expires_at=override.expires_at
        ),
    )


def _waivers(suppressions: Sequence[Suppression]) -> tuple[rec.UsedWaiver, ...]:
    used = [s for s in suppressions if s.kind == "waiver" and s.effective and s.findings]
    found = [
        rec.UsedWaiver(
            owner=_cut(s.owner or "nobody"),
            expires=s.expires or "",
            reason=_cut(s.reason, _PROSE),
            rules=_fitting([_cut(rule) for rule in s.rules], _ROOM_OF_AREA),
            findings=_names(s.findings, _ROOM_OF_AREA),
        )
        for s in used
    ]
    return _fitting(sorted(found, key=lambda w: (w.expires, w.owner, w.findings)))


def content(record: rec.Record) -> Mapping[str, object]:
    """Return what two records must have in common for the later one to say nothing new."""
    aside = {"previous", "number", "recorded_at", "origin", "report_digest"}
    return {name: getattr(record, name) for name in record.__dataclass_fields__ if name not in aside}


def _names(names: Iterable[str], room: int = _ROOM) -> tuple[str, ...]:
    return _fitting(sorted({_cut(name) for name in names}), room)


def _fitting(items: Sequence[_Item], room: int = _ROOM) -> tuple[_Item, ...]:
    """As many of the first items as have room, written in ASCII."""
    kept = []
    for item in items:
        room -= len(ascii(item))
        if room < 0:
            break
        kept.append(item)
    return tuple(kept)


def _cut(text: str, most: int = _NAME) -> str:
    return (text if len(text) <= most else text[: most - 1] + "…") or "-"
