"""Which areas a change touches, without looking for findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.config.ci_includes import included_files
from gate.core.area import classify_all
from gate.git import Repository
from gate.pipeline import inputs
from gate.pipeline.cache import open_cache
from gate.pipeline.contents import contents, manifests
from gate.pipeline.sides import scan_areas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gate.core.area import Area, Touch, Touched
    from gate.core.change import ChangeSet
    from gate.core.policy import Policy
    from gate.core.scan import ToolRun
    from gate.pipeline.request import Progress, Request

CI_FILE = ".gitlab-ci.yml"


def areas(request: Request, progress: Progress) -> tuple[ChangeSet, Touched]:
    """Return the change and every piece of evidence that it touches a sensitive area, or comes near one.

    Raises IncompleteError if the area rules could not be run: fewer areas must not look like an answer.
    """
    with Repository.open(request.repo) as repository:
        ends = inputs.find_ends(repository, request)
        policy = inputs.load_policy(repository, ends.base, request)
        progress("reading the change")
        change = repository.change(
            ends.base_name if request.base else ends.base,
            ends.head,
            target=ends.target,
            max_file_bytes=policy.scanners.max_file_bytes,
        )
        with open_cache(request, progress, repository, change.head) as cache:
            runs = scan_areas(
                repository, change, policy, jobs=request.processes, progress=progress, cache=cache
            )
        return change, touched(repository, change, policy, inputs.areas(policy), runs)


def touches(
    repository: Repository, change: ChangeSet, policy: Policy, areas: Sequence[Area], runs: Sequence[ToolRun]
) -> tuple[Touch, ...]:
    """Return the touches of all layers that need a sign-off; see `touched`."""
    return touched(repository, change, policy, areas, runs).touches


def touched(
    repository: Repository, change: ChangeSet, policy: Policy, areas: Sequence[Area], runs: Sequence[ToolRun]
) -> Touched:
    """Return what all layers say; `runs` carry the matches of area rules on both sides."""
    named = [path for path in policy.scanners.semgrep.rulesets if path != "builtin"]
    included = included_files(lambda path: repository.file_at(change.base, path), CI_FILE)
    overlay = (policy.authorship.overlay,) if policy.authorship.overlay else ()
    return classify_all(
        change,
        areas,
        wide=policy.wide_areas,
        gate_paths=(inputs.POLICY_FILE, policy.waivers, *overlay, *named, *included),
        head_hits=[hit for run in runs for hit in run.head.area_hits],
        base_hits=[hit for run in runs if run.base for hit in run.base.area_hits],
        manifests=manifests(repository, change),
        contents=contents(repository, change),
    )
