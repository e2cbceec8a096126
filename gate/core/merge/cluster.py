"""Which sightings of one weakness in one statement are the same finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.merge.seen import Seen, rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gate.core.finding import Range

#: A statement with more sightings of one family is generated code: there only equal ranges are joined.
MAX_COMPARED = 200


def cluster(group: Iterable[Seen]) -> list[list[Seen]]:
    """Return the clusters of sightings that agree on path, family and statement; each is one finding.

    No sighting is lost and none is in two clusters. Everything is compared with the first sighting of a
    cluster only, so nothing is chained through a third one. The order of the input has no effect.
    """
    ordered = sorted(group, key=lambda seen: seen.anchor_order)
    if len(ordered) == 1:
        return [ordered]
    if len(ordered) > MAX_COMPARED:
        equal: dict[Range, list[Seen]] = {}
        for seen in ordered:
            equal.setdefault(seen.range, []).append(seen)
        return list(equal.values())
    tools: dict[str, list[Seen]] = {}
    for seen in ordered:
        tools.setdefault(seen.sighting.tool, []).append(seen)
    joined: list[list[Seen]] = []
    for tool in sorted(tools, key=rank):
        joined = _join(joined, _of_one_tool(tools[tool]))
    return joined


def _of_one_tool(ordered: Sequence[Seen]) -> list[list[Seen]]:
    """One tool: other rules join where the ranges overlap; the same rule elsewhere is a second sink."""
    clusters: list[list[Seen]] = []
    for seen in ordered:
        fitting = [
            found
            for found in clusters
            if found[0].range.overlaps(seen.range) and all(member.rule != seen.rule for member in found)
        ]
        if fitting:
            min(fitting, key=lambda found: _distance(found[0], seen)).append(seen)
        else:
            clusters.append([seen])
    return clusters


def _join(joined: list[list[Seen]], clusters: list[list[Seen]]) -> list[list[Seen]]:
    """Add the clusters of one more tool.

    Overlapping ranges join. Where a side names only lines or a part of the statement, the nearest cluster
    that has nothing of this tool joins too.
    """
    pairs = sorted(
        (not overlaps, _distance(mine[0], theirs[0]), i, j)
        for i, mine in enumerate(joined)
        for j, theirs in enumerate(clusters)
        if (overlaps := mine[0].range.overlaps(theirs[0].range)) or mine[0].is_partial or theirs[0].is_partial
    )
    result = [list(mine) for mine in joined]
    taken: set[int] = set()
    for apart, _, i, j in pairs:
        tools = {seen.sighting.tool for seen in result[i]}
        rules = {seen.rule for seen in result[i]}
        tool = clusters[j][0].sighting.tool
        if j in taken or (apart and tool in tools) or any(seen.rule in rules for seen in clusters[j]):
            continue
        result[i].extend(clusters[j])
        taken.add(j)
    return result + [theirs for j, theirs in enumerate(clusters) if j not in taken]


def _distance(one: Seen, other: Seen) -> tuple[int, int]:
    a, b = one.range, other.range
    return abs(a.start_line - b.start_line), abs(a.start_column - b.start_column)
