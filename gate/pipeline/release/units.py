"""The steps of a release with what each changes, who wrote it, and, where nothing answers for it, its areas."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from gate.config.ci_includes import included_files
from gate.core.area import Classifier, is_manifest
from gate.core.change import ChangeSet, change_digest, path_bytes
from gate.core.release.model import Unit
from gate.core.release.units import authorship_of, divide, rejoins
from gate.pipeline import inputs
from gate.pipeline.areas import CI_FILE
from gate.pipeline.contents import contents, manifests

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from gate.core.area import Area
    from gate.core.authorship import Authorship
    from gate.core.policy import Policy
    from gate.git import Repository

#: Steps whose contents are in memory at once.
_BATCH = 100


def find_units(repository: Repository, change: ChangeSet, authorship: Authorship) -> tuple[Unit, ...]:
    """Return the steps of the range, newest first, without their areas; a few processes for any number."""
    groups = divide(change.commits, change.head)
    judged = {entry.sha: entry for entry in authorship.commits}
    steps = [(group[0].sha, group[0].parents[0] if group[0].parents else None) for group in groups]
    units = tuple(
        Unit(
            sha=sha,
            parent=parent,
            commits=group,
            rows=rows,
            change_digest=change_digest([rows]),
            authorship=authorship_of(group, judged),
        )
        for group, (sha, parent), rows in zip(groups, steps, repository.step_rows(steps), strict=True)
    )
    joint = rejoins((group[0] for group in groups), change.commits, change.base)
    return tuple(
        _with_what_it_left_out(repository, change.base, units, unit) if unit.sha == joint else unit
        for unit in units
    )


def _with_what_it_left_out(repository: Repository, previous: str, units: Sequence[Unit], unit: Unit) -> Unit:
    """A merge that brings the previous release to the line, with the files in which it does not keep its changes.

    What git merges by itself keeps all of them.
    """
    parents, fork = unit.own.parents, units[-1].parent
    if len(parents) == 2:
        (merged,) = repository.merged_trees([(parents[0], parents[1])])
        if merged is not None and merged == repository.trees_of([unit.sha]).get(unit.sha):
            return unit
    (against,) = repository.step_rows([(unit.sha, previous)])
    if fork is not None:
        (own,) = repository.step_rows([(previous, fork)])
        changed = {row.path for row in own}
        against = tuple(row for row in against if row.path in changed)
    rows = {row.path: row for row in (*unit.rows, *against)}
    kept = tuple(rows[path] for path in sorted(rows, key=path_bytes))
    return replace(unit, rows=kept, change_digest=change_digest([kept]))


def with_areas(
    repository: Repository,
    change: ChangeSet,
    policy: Policy,
    areas: Sequence[Area],
    units: Sequence[Unit],
    wanted: Collection[str],
) -> tuple[Unit, ...]:
    """Return the units, the `wanted` ones (by id) with the areas that each touches by itself.

    The rules that read code through a scanner are left out here: they run over the whole range.
    """
    gate_paths = _gate_paths(repository, change, policy)
    found: dict[str, Unit] = {}
    left = iter([unit for unit in units if unit.sha in wanted])
    while some := tuple(islice(left, _BATCH)):
        read = list(_read(repository, policy, some))
        # What it has read of one batch is forgotten with it: a history has no end of words.
        classifier = Classifier(areas, wide=policy.wide_areas)
        # One question for all: contents are told by blob, whichever step changed them.
        code = contents(
            repository,
            replace(change, files=tuple(row for unit in read for row in unit.rows), other_files=()),
        )
        for unit in read:
            one = replace(change, files=unit.rows, other_files=(), renames=(), commits=())
            touched = classifier.touched(
                one,
                gate_paths=gate_paths,
                manifests=manifests(repository, one) if _has_manifest(unit) else {},
                contents=code,
            )
            found[unit.sha] = replace(unit, touches=touched.touches)
    return tuple(found.get(unit.sha, unit) for unit in units)


def _read(repository: Repository, policy: Policy, units: Sequence[Unit]) -> Iterator[Unit]:
    rows = [row for unit in units for row in unit.rows]
    read = iter(repository.with_contents(rows, max_bytes=policy.scanners.max_file_bytes))
    for unit in units:
        yield replace(unit, rows=tuple(next(read) for _ in unit.rows))


def _has_manifest(unit: Unit) -> bool:
    return any(is_manifest(row.path) for row in unit.rows)


def _gate_paths(repository: Repository, change: ChangeSet, policy: Policy) -> tuple[str, ...]:
    named = [path for path in policy.scanners.semgrep.rulesets if path != "builtin"]
    included = included_files(lambda path: repository.file_at(change.base, path), CI_FILE)
    overlay = (policy.authorship.overlay,) if policy.authorship.overlay else ()
    return (inputs.POLICY_FILE, policy.waivers, *overlay, *named, *included)
