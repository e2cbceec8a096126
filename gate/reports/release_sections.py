"""The sections of the auditor's report on a release, as plain values; still hostile text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.core.finding import State as FindingState
from gate.core.release.controls import mapped
from gate.core.release.model import State
from gate.reports import order, summary
from gate.reports import release_parts as parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gate.core.facts import Run
    from gate.core.release.model import Release, Released, Step
    from gate.reports.messages import Catalogue


class Code(str):
    """A text that is shown as it is written: an id, a path, a command."""

    __slots__ = ()


#: The lines of one cell.
Cell = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of cells under heads. `left` says how many rows more there are."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of the report. `folded`: nothing in it asks for anything."""

    id: str
    title: str
    note: str = ""
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    table: Table | None = None
    folded: bool = False


def sections(released: Released, run: Run, say: Catalogue, language: str) -> Iterator[Section]:
    """Yield the sections in the order in which an auditor asks."""
    release = released.release
    yield _areas(release, say)
    if steps := parts.open_steps(release):
        yield _open(steps, say)
    yield _answered(release, say)
    yield _ai(release, say)
    yield _waived(released, say)
    yield _overrides(release, say)
    if cancelled := tuple(s for s in release.in_state(State.CANCELLED) if s.unit.rows):
        yield _plain(cancelled, say, "cancelled")
    yield _findings(run, say)
    yield _tools(released, run, say)
    yield _evidence(release, say)
    if released.frameworks:
        yield _controls(released, say, language)
    if plain := release.in_state(State.PLAIN):
        yield _plain(plain, say, "plain")
    yield _limits(release, say)


def _areas(release: Release, say: Catalogue) -> Section:
    rows = [
        (
            (parts.area_name(area, say),),
            (f"{count:,}",),
            (f"{left:,}",),
            (say.listed(people, most=10) or "–",),
        )
        for area, count, left, people in parts.by_area(release)
    ]
    heads = ("rel.col.areas", "rel.col.steps", "rel.col.open", "rel.col.people")
    return Section(
        id="areas",
        title=say("rel.sec.areas"),
        paragraphs=() if rows else (say("rel.no_required"),),
        table=_table(rows, heads, say),
    )


def _open(steps: tuple[Step, ...], say: Catalogue) -> Section:
    rows = []
    for step in steps:
        row = parts.row(step, say)
        told = (*row.missing, *(f"{say('rel.refused')}: {line}" for line in row.refused), *row.remarks)
        rows.append((_step(row, say), (row.date,), _authors(row, say), _touched(row, say), told))
    heads = ("rel.col.step", "rel.col.date", "rel.col.authors", "rel.col.areas", "rel.col.missing")
    return Section(
        id="open",
        title=say("rel.sec.open"),
        note=say.count("steps", len(rows)),
        table=_table(rows, heads, say),
    )


def _answered(release: Release, say: Catalogue) -> Section:
    rows = []
    for step in parts.required(release):
        row = parts.row(step, say)
        rows.append(
            (
                _step(row, say),
                (row.date,),
                _authors(row, say),
                _touched(row, say),
                (row.people or "–",),
                (row.proof, *row.remarks),
            )
        )
    heads = (
        "rel.col.step",
        "rel.col.date",
        "rel.col.authors",
        "rel.col.areas",
        "rel.col.people",
        "rel.col.proof",
    )
    return Section(
        id="answered",
        title=say("rel.sec.answered"),
        note=say.count("steps", len(rows)) if rows else "",
        paragraphs=() if rows else (say("rel.none"),),
        table=_table(rows, heads, say),
    )


def _ai(release: Release, say: Catalogue) -> Section:
    found = list(parts.ai_commits(release))
    if not found:
        return Section(id="ai", title=say("rel.sec.ai"), paragraphs=(say("rel.no_ai"),))
    every = parts.counts(release)["commits"]
    rows = []
    for one in found:
        row = parts.row(one.step, say)
        rows.append(
            (
                (Code(one.commit.sha[:12]), one.commit.subject),
                (say.listed(one.agents, most=4),),
                (one.evidence,),
                _touched(row, say) or ("–",),
                (row.people or ("–" if one.step.state is not State.UNCOVERED else say("rel.nobody_yet")),),
            )
        )
    heads = ("rel.col.commit", "rel.col.agent", "rel.col.evidence", "rel.col.areas", "rel.col.people")
    told = say("rel.ai_share", ai=f"{len(found):,}", all=say.count("commits", every))
    return Section(id="ai", title=say("rel.sec.ai"), paragraphs=(told,), table=_table(rows, heads, say))


def _waived(released: Released, say: Catalogue) -> Section:
    rows = []
    for one in parts.waivers(released):
        what = (one.path and Code(one.path)) or ""
        names = tuple(Code(name) for name in one.findings[:3])
        told = say("rel.in_effect" if one.effective else "rel.ended")
        rows.append(
            (
                tuple(part for part in (what, *names) if part) or ("?",),
                (one.owner or "?",),
                (one.expires or "",),
                (one.reason,),
                (told, one.why),
            )
        )
    for name in parts.used_records(released.release):
        record = released.release.records[name].record
        rows += [
            (
                tuple(Code(rule) for rule in used.rules[:3]) or tuple(Code(i) for i in used.findings[:3]),
                (used.owner,),
                (used.expires,),
                (used.reason,),
                (
                    say("rel.record", id=name.removeprefix("sha256:")[:12]),
                    say("rel.request", number=record.change or "?"),
                ),
            )
            for used in record.waivers
        ]
    heads = ("rel.col.what", "rel.col.owner", "rel.col.until", "rel.col.reason", "rel.col.state")
    return Section(
        id="waived",
        title=say("rel.sec.waived"),
        paragraphs=() if rows else (say("rel.none"),),
        table=_table(rows, heads, say),
    )


def _overrides(release: Release, say: Catalogue) -> Section:
    rows = [
        (_step(parts.row(step, say), say), (by,), (until,), (reason,))
        for step, by, until, reason in parts.overrides(release)
    ]
    heads = ("rel.col.step", "rel.col.owner", "rel.col.until", "rel.col.reason")
    return Section(
        id="overrides",
        title=say("rel.sec.overrides"),
        paragraphs=() if rows else (say("rel.none"),),
        table=_table(rows, heads, say),
    )


def _plain(steps: tuple[Step, ...], say: Catalogue, kind: str) -> Section:
    rows = []
    for step in steps:
        row = parts.row(step, say)
        rows.append(
            (
                _step(row, say),
                (row.date,),
                _authors(row, say),
                row.remarks or ((row.proof,) if row.proof else ("–",)),
            )
        )
    heads = ("rel.col.step", "rel.col.date", "rel.col.authors", "rel.col.evidence")
    return Section(
        id=kind,
        title=say(f"rel.sec.{kind}"),
        note=say.count("steps", len(rows)),
        table=_table(rows, heads, say),
        folded=kind == "plain",
    )


def _findings(run: Run, say: Catalogue) -> Section:
    found = [f for f in order.findings(run.facts.findings) if f.state is not FindingState.EXISTING]
    rows = [
        (
            (f.severity.word,),
            (f.title or f.family or "finding",),
            (Code(summary.place(f)),),
            (say(f"decision.{f.decision.value}"),),
        )
        for f in found
    ]
    heads = ("severity", "rel.col.what", "where", "rel.col.state")
    return Section(
        id="findings",
        title=say("rel.sec.findings"),
        note=say.count("findings", len(found)) if found else "",
        paragraphs=() if rows else (say("rel.none"),),
        table=_table(rows, heads, say),
    )


def _tools(released: Released, run: Run, say: Catalogue) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (
            (f"{tool.head.tool} {tool.head.version}".rstrip(),),
            (tool.head.status.value,),
            (f"{len(tool.head.scanned):,} / {len(tool.head.targets):,}",),
            (tool.head.reason or "–",),
        )
        for tool in order.tools(run.facts.tools)
    ]
    rows += [
        (
            (one.name, f"{one.format}, {one.kind}"),
            (one.problem or "completed",),
            ("–",),
            tuple(part for part in (one.made_at, one.digest) if part) or ("–",),
        )
        for one in released.release.imports
    ]
    heads = ("rel.col.tool", "rel.col.state", "rel.col.read", "rel.col.reason")
    return Section(id="tools", title=say("rel.sec.tools"), table=_table(rows, heads, say))


def _evidence(release: Release, say: Catalogue) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for name in parts.used_records(release):
        found = release.records[name]
        record = found.record
        rows.append(
            (
                (Code(name),),
                (record.change or "–", Code(record.commit[:12]), record.target),
                (record.verdict, record.recorded_at, Code(record.policy_digest[:19])),
                (found.signer or say("rel.unsigned"), Code(found.key))
                if found.key
                else (say("rel.unsigned"),),
                (record.origin.job or "–",),
            )
        )
    statements = release.statements.statements if release.statements else ()
    rows += [
        ((Code(fate.id), fate.source), ("–",), (fate.decision,), (fate.reviewer,), ("–",))
        for fate in statements
        if fate.counts
    ]
    heads = ("rel.col.record", "rel.col.request", "rel.col.judged", "rel.col.key", "rel.col.job")
    return Section(
        id="evidence",
        title=say("rel.sec.evidence"),
        paragraphs=() if rows else (say("rel.none"),),
        table=_table(rows, heads, say),
        note=release.store,
    )


def _controls(released: Released, say: Catalogue, language: str) -> Section:
    rows = []
    for framework in released.frameworks:
        for control, missing in mapped(framework, released):
            shows = "; ".join(say(f"rel.fact.{name}") for name in control.shows)
            state = (
                say("rel.open", what="; ".join(say(f"rel.fact.{name}") for name in missing))
                if missing
                else say("rel.shown")
            )
            title = framework.title.get(language, framework.title["en"])
            rows.append(
                (
                    (f"{title} {control.id}", framework.source),
                    (control.text.get(language, control.text["en"]),),
                    (shows,),
                    (state,),
                )
            )
    heads = ("rel.col.control", "rel.col.what", "rel.col.shows", "rel.col.state")
    return Section(
        id="controls",
        title=say("rel.sec.controls"),
        paragraphs=(say("rel.limit.controls"),),
        table=_table(rows, heads, say),
        folded=True,
    )


def _limits(release: Release, say: Catalogue) -> Section:
    items = [say(f"rel.limit.{name}") for name in ("human", "areas", "declared")]
    items.append(say("rel.limit.before", previous=release.previous.shown))
    return Section(id="limits", title=say("rel.sec.limits"), items=(*items, *release.notes))


def _step(row: parts.Row, say: Catalogue) -> Cell:
    brings = (say("rel.brings", commits=say.count("commits", row.brings)),) if row.brings > 1 else ()
    return (Code(row.sha), row.subject, *brings)


def _authors(row: parts.Row, say: Catalogue) -> Cell:
    return (row.authors, *((say("rel.by_ai", agents=row.agents),) if row.agents else ()))


def _touched(row: parts.Row, say: Catalogue) -> Cell:
    return tuple(
        f"{parts.area_name(area, say)}: {places}" if places else parts.area_name(area, say)
        for area, places in row.areas
    )


def _table(rows: Iterable[tuple[Cell, ...]], heads: tuple[str, ...], say: Catalogue) -> Table | None:
    every = tuple(rows)
    if not every:
        return None
    return Table(
        heads=tuple(say(head) for head in heads),
        rows=every[: parts.MOST_ROWS],
        left=max(0, len(every) - parts.MOST_ROWS),
    )
