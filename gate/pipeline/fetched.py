"""The objects of a merge request: from a clone at hand, or fetched without a checkout."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gate.git import Repository
from gate.pipeline.posting import Superseded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gate.forges.port import Forge, Proposal
    from gate.git.remote import SharedRef
    from gate.pipeline.request import Progress

#: Names that the target branch and the judged head get in the fetched repository.
BASE, HEAD = "refs/remotes/origin/{}", "refs/gate/head"
NOTES = "refs/notes/*"


@contextmanager
def objects_of(
    repo: Path | None, forge: Forge, proposal: Proposal, progress: Progress
) -> Iterator[tuple[Repository, Callable[[Sequence[str]], None], SharedRef | None]]:
    """Open the given clone, or fetch the objects into a bare repository that is gone afterwards.

    Also gives a function that brings further commits, if it can, and the remote that the objects came from.
    """
    if repo is not None:
        with Repository.open(repo) as repository:
            yield repository, lambda _shas: None, None
        return
    from gate.git.fetch import Fetcher  # noqa: PLC0415 - not with a clone at hand

    origin = forge.origin(proposal)
    with tempfile.TemporaryDirectory(prefix="gate-publish-") as folder:
        progress("fetching the objects of the merge request")
        bare = Path(folder) / "objects.git"
        fetcher = Fetcher(bare, origin.url, header=origin.header, ca_file=origin.ca_file)
        fetcher.fetch(
            {origin.target_ref: BASE.format(proposal.target), origin.head_ref: HEAD}, optional=(NOTES,)
        )
        with Repository.open(bare) as repository:
            if repository.resolve(HEAD) != proposal.head:
                raise Superseded(
                    f"{origin.head_ref} is not at {proposal.head[:12]} any more",
                    hint="Nothing is posted; the run of the new head does that.",
                )
            yield repository, fetcher.fetch_commits, fetcher.shared()
