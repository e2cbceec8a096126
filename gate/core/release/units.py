"""The steps of a released line: which commits each one brings, which cancel out, which are sensitive."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from gate.core.authorship import Authorship, AuthorVerdict
from gate.core.authorship.change import VERDICT_ORDER
from gate.core.change import change_digest, path_bytes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from gate.core.area import Touch
    from gate.core.authorship import CommitAuthorship
    from gate.core.change import Commit, FileChange
    from gate.core.release.model import Unit


def divide(commits: Sequence[Commit], tip: str) -> tuple[tuple[Commit, ...], ...]:
    """Return the commits of a range by the step of the line that brought them, the newest step first.

    The line are the first parents from `tip` on. The first of each group is the commit on the line; every commit
    belongs to exactly one group, the oldest that reaches it. `commits` are all of the range, children first.
    """
    by_sha = {commit.sha: commit for commit in commits}
    place = {commit.sha: number for number, commit in enumerate(commits)}
    line = []
    sha = tip
    while sha in by_sha:
        line.append(sha)
        parents = by_sha[sha].parents
        if not parents:
            break
        sha = parents[0]
    taken: set[str] = set()
    groups = []
    for on_line in reversed(line):
        group, left = [], [on_line]
        while left:
            one = left.pop()
            if one in taken or one not in by_sha:
                continue
            taken.add(one)
            group.append(one)
            left += by_sha[one].parents
        group.sort(key=place.__getitem__)
        groups.append((by_sha[on_line], *(by_sha[one] for one in group if one != on_line)))
    return tuple(reversed(groups))


def rejoins(line: Iterable[Commit], commits: Sequence[Commit], previous: str) -> str | None:
    """Return the commit of `line` that brings the previous release to it; None if the line comes from there.

    Where the first parents of a release pass by the previous one, what a merge leaves out of that is in no
    comparison of a step with its first parent. `commits` are all of the range, children first.
    """
    after = {previous}
    for commit in reversed(commits):
        if not after.isdisjoint(commit.parents):
            after.add(commit.sha)
    for commit in line:
        if commit.parents and commit.parents[0] not in after and not after.isdisjoint(commit.parents):
            return commit.sha
    return None


def authorship_of(commits: Iterable[Commit], judged: Mapping[str, CommitAuthorship]) -> Authorship:
    """Return the authorship of some commits of a range, of which `judged` has the verdict on each by id."""
    own = tuple(judged[commit.sha] for commit in commits if commit.sha in judged)
    verdicts = {entry.verdict for entry in own}
    agents = dict.fromkeys(agent for entry in own for agent in entry.agents)
    return Authorship(
        verdict=next((v for v in VERDICT_ORDER if v in verdicts), AuthorVerdict.UNDECLARED),
        agents=tuple(agents),
        commits=own,
    )


def joined_digest(units: Sequence[Unit]) -> str:
    """Return the change digest of consecutive steps as one change; `units` are newest first."""
    return change_digest([joined_rows(units)])


def joined_rows(units: Sequence[Unit]) -> list[FileChange]:
    """Return the rows of consecutive steps as one change: what the first had against what the last has."""
    rows: dict[str, FileChange] = {}
    for unit in reversed(units):
        for row in unit.rows:
            before = rows.get(row.path)
            if before is not None:
                row = replace(row, old_mode=before.old_mode, old_blob=before.old_blob)  # noqa: PLW2901
            rows[row.path] = row
    changed = [r for r in rows.values() if (r.old_mode, r.old_blob) != (r.new_mode, r.new_blob)]
    return sorted(changed, key=lambda row: path_bytes(row.path))


def cancelled(units: Sequence[Unit], net_paths: Collection[str]) -> frozenset[str]:
    """Return the ids of the steps that leave nothing behind, together with those that they take back.

    No file that such a step touched differs between both ends of the release, and no step that stays touched one
    of them: half of what was reviewed as one is not what was reviewed.
    """
    touching: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        for row in unit.rows:
            touching[row.path].append(unit)
    gone = {unit.sha: unit for unit in units}
    left = [path for path in touching if path in net_paths]
    while left:
        for unit in touching.pop(left.pop(), ()):
            if gone.pop(unit.sha, None) is not None:
                left += [row.path for row in unit.rows]
    return frozenset(gone)


def explained(units: Sequence[Unit], net: Iterable[Touch], net_paths: Collection[str]) -> tuple[Unit, ...]:
    """Return the units with the touches of the whole range added that no step alone shows.

    A sensitive place that no step that stays shows makes every step that touches its file sensitive: the rules
    that read code run over the whole range, and a change can come about in pieces.
    """
    gone = cancelled(units, net_paths)
    shown = {_place(touch) for unit in units if unit.sha not in gone for touch in unit.touches}
    missing: dict[str, list[Touch]] = {}
    for touch in net:
        if _place(touch) not in shown:
            missing.setdefault(touch.path, []).append(touch)
    if not missing:
        return tuple(units)
    return tuple(
        replace(unit, touches=tuple(sorted({*unit.touches, *added})))
        if (added := [touch for row in unit.rows for touch in missing.get(row.path, ())])
        else unit
        for unit in units
    )


def _place(touch: Touch) -> tuple[str, str, str]:
    """What a step has in common with the range: numbers of lines differ, what is on them does not."""
    return touch.area, touch.path, touch.text if touch.line else ""
