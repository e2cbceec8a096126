"""Who wrote the commits of a range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.authorship import attribute
from gate.git import Repository
from gate.pipeline import inputs
from gate.pipeline.request import Request

if TYPE_CHECKING:
    from pathlib import Path

    from gate.core.authorship import Authorship
    from gate.pipeline.request import Progress


def authorship(
    repo: Path,
    *,
    revision_range: str | None,
    ids: tuple[str, ...] | None,
    config: Path | None,
    progress: Progress,
) -> Authorship:
    """Return who wrote the commits of `revision_range`, or those with the full `ids`, in that order.

    Without `config` the shipped registry alone judges: a range has no one base to take a policy from.
    """
    registry = inputs.registry(inputs.load_policy(None, None, Request(config=config)))
    with Repository.open(repo) as repository:
        progress("reading commits")
        if ids is not None:
            commits = tuple(repository.commits_by_id(ids))
        else:
            commits = tuple(repository.commits(revision_range or "HEAD"))
        progress(f"judging {len(commits):,} commits")
        return attribute(commits, registry, sources={"mr_commits": "not_asked"})
