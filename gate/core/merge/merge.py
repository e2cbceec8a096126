"""From sightings to findings: resolve, locate, cluster, number, build."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from gate.core.family import SECRET_FAMILY
from gate.core.fingerprint import raw_bytes
from gate.core.lexer import Kind, code_of
from gate.core.merge.build import Cluster, build
from gate.core.merge.cluster import cluster
from gate.core.merge.place import place_of
from gate.core.merge.seen import Seen, is_ai, join_family

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from gate.core.family import Families
    from gate.core.finding import Finding, Range, Sighting
    from gate.core.source import Source

    LookUp = Callable[[str], Source | None]
    Sources = Mapping[str, Source] | LookUp


def merge(sightings: Iterable[Sighting], sources: Sources, families: Families) -> tuple[Finding, ...]:
    """Return the findings that `sightings` are witnesses of, by path bytes, line, column, family and id.

    `sources` gives the text of a path, or None where it is not known; it is asked at most once for each path,
    and only where the places of the sightings leave something open. Every sighting is a witness of exactly
    one finding (a repeated one counts once). The order of the input has no effect, and a model's sightings
    change nothing but the witnesses of what other tools found.
    """
    look_up = cache(sources if callable(sources) else sources.get)
    seen = [_locate(sighting, look_up, families) for sighting in _distinct(sightings)]
    clusters = _clusters(s for s in seen if not is_ai(s.sighting.tool))
    apart = [s for s in seen if is_ai(s.sighting.tool) and not _add_to(clusters, s, look_up(s.sighting.path))]
    clusters += _clusters(apart)
    findings = [build(found, ordinal, families) for ordinal, found in _numbered(clusters)]
    return tuple(sorted(findings, key=_report_order))


def _distinct(sightings: Iterable[Sighting]) -> list[Sighting]:
    """One sighting for each tool, rule and range; it is suppressed only if all its repetitions are."""
    repeated: dict[tuple[str, str, str, Range], list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        repeated[sighting.path, sighting.tool, sighting.rule_id, sighting.range].append(sighting)
    return [
        same[0]
        if len(same) == 1
        else replace(min(same, key=_fullest), suppressed_inline=all(s.suppressed_inline for s in same))
        for same in repeated.values()
    ]


def _fullest(sighting: Sighting) -> tuple[object, ...]:
    """Prefers what a shipped rule declares, then the worse, then the own run; decides every tie."""
    return (
        sighting.family is None,
        sighting.family or "",
        -sighting.severity,
        -sighting.confidence,
        sighting.external,
        sighting.cwe,
        sighting.native_severity,
        sighting.native_confidence,
        sighting.title,
        sighting.message,
        sighting.url,
    )


def _locate(sighting: Sighting, look_up: LookUp, families: Families) -> Seen:
    resolved = families.resolve(sighting)
    is_secret = resolved.family == SECRET_FAMILY
    place = sighting.place
    if place is None or place.is_secret != is_secret:
        place = place_of(sighting.range, look_up(sighting.path), is_secret=is_secret)
    return Seen(
        sighting=sighting,
        resolved=resolved,
        place=place,
        join_family=join_family(resolved, families.coarse),
    )


def _clusters(seen: Iterable[Seen]) -> list[Cluster]:
    groups: dict[Hashable, list[Seen]] = defaultdict(list)
    for one in seen:
        groups[one.sighting.path, one.join_family, one.statement.range].append(one)
    return [Cluster(members=found) for group in groups.values() for found in cluster(group)]


def _add_to(clusters: list[Cluster], ai: Seen, source: Source | None) -> bool:
    """Add a model's sighting to the finding whose whole statement it quotes; say whether there is one."""
    if source is None or source.is_generated:
        return False
    quoted = f" {_code_of_lines(source, ai.range)} "
    fitting = [
        found
        for found in clusters
        if found.path == ai.sighting.path
        and found.family == ai.resolved.family
        and found.statement.scope == ai.statement.scope
        and found.statement.code
        and f" {found.statement.code} " in quoted
    ]
    if not fitting:
        return False
    nearest = min(
        fitting, key=lambda found: (abs(found.position.start_line - ai.range.start_line), found.position)
    )
    nearest.ai.append(ai)
    return True


def _code_of_lines(source: Source, place: Range) -> str:
    first, last = place.start_line, min(place.last_line, source.line_count)
    if not 1 <= first <= last:
        return ""
    tokens = source.tokens_between(source.line_starts[first - 1], source.line_end(last))
    return code_of((t for t in tokens if t.kind is not Kind.COMMENT), source.dialect)


def _numbered(clusters: Iterable[Cluster]) -> list[tuple[int, Cluster]]:
    """Number the findings of equal path, family, scope and code by position, those of models last."""
    counts: dict[Hashable, int] = defaultdict(int)
    numbered = []
    for found in sorted(
        clusters, key=lambda found: (found.is_ai_only, found.statement.range, found.position)
    ):
        key = (found.path, found.family, found.statement.scope, found.statement.code)
        numbered.append((counts[key], found))
        counts[key] += 1
    return numbered


def _report_order(finding: Finding) -> tuple[object, ...]:
    return (
        raw_bytes(finding.path),
        finding.range.start_line,
        finding.range.start_column,
        finding.family,
        finding.id,
    )
