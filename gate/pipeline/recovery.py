"""Looking up the commits that messages point to: originals of picks and reverts, and what a squash was made of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gate.core.authorship.recovery import (
    Recovered,
    SourceCommits,
    pointers,
    points_elsewhere,
    squashed_requests,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gate.core.authorship import CommitAuthorship
    from gate.core.authorship.recovery import Request
    from gate.core.change import Commit, RawCommit
    from gate.git import Repository

#: The fetch that brings the heads of merge requests into a clone, by the sign of their numbers.
FETCHES = {
    "#": "git fetch origin '+refs/pull/*/head:refs/remotes/origin/pull/*'",
    "!": "git fetch origin '+refs/merge-requests/*/head:refs/remotes/origin/merge-requests/*'",
}


class Recovery:
    """Looks up what the commits of a history point to, batch by batch, children first.

    git is only started for a batch in which a message asks for something. `asked` counts the merge requests that
    messages named, `found` those of which this clone has commits that its target has not, or the head itself.
    """

    def __init__(
        self,
        repository: Repository,
        judge: Callable[[Sequence[RawCommit]], Sequence[CommitAuthorship]],
        *,
        since: bytes = b"",
    ) -> None:
        """`judge` judges the commits of requests. Squashes committed before `since` (ISO 8601) are not followed."""
        self._repository = repository
        self._judge = judge
        self._since = since
        self._merged: dict[str, Request] = {}
        self.asked: dict[str, int] = {}
        self.found = 0

    def raw(self, commits: Sequence[RawCommit]) -> Recovered:
        """The same as `of`, for commits as bytes."""
        asking = [
            raw.decoded()
            for raw in commits
            if raw.committer_date >= self._since and points_elsewhere(raw.message)
        ]
        if not asking and not self._merged:
            return Recovered()
        named = {sha for sha, _, itself in squashed_requests(asking) if not itself} | self._merged.keys()
        named -= {commit.sha for commit in asking}
        if named:
            asking += [raw.decoded() for raw in commits if raw.sha.decode("ascii", "replace") in named]
        return self.of(asking)

    def of(self, commits: Sequence[Commit]) -> Recovered:
        """Return what was found of that to which `commits` point.

        `commits` may leave out those whose messages say nothing. Raises GitError for a broken clone.
        """
        names = dict.fromkeys(name for commit in commits for name in pointers(commit.message))
        originals = self._repository.known_commits(list(names)) if names else {}
        claims = self._claims(commits)
        sources = self._sources(commits, {sha: request for sha, (request, _) in claims.items()})
        squashed, confirmed = {}, {}
        for sha, (request, by_itself) in claims.items():
            source = sources.get(sha)
            if source is not None and any(commit.sha == sha for commit in source.commits):
                continue  # a commit of the request itself
            if by_itself or (source is not None and source.same):
                squashed[sha] = request
                if source is not None:
                    confirmed[sha] = source
        return Recovered(originals=originals, squashed=squashed, sources=confirmed)

    def states(self) -> dict[str, str]:
        """What is known of the source `mr_commits` by now."""
        if not self.asked:
            return {"mr_commits": "not_asked"}
        return {"mr_commits": "present" if self.found else "absent"}

    def fetches(self) -> tuple[str, ...]:
        """The commands that bring merge requests which messages named and of which the clone has none."""
        return () if self.found else tuple(FETCHES[sign] for sign in sorted(self.asked))

    def _claims(self, commits: Sequence[Commit]) -> dict[str, tuple[Request, bool]]:
        """The commits that are called squashes of a request, by id; false where only a merge commit says so."""
        here = {commit.sha: commit for commit in commits}
        claims: dict[str, tuple[Request, bool]] = {}
        for sha, request, by_itself in squashed_requests(commits):
            self.asked[request.sign] = self.asked.get(request.sign, 0) + 1
            if by_itself:
                claims[sha] = (request, True)
            else:
                self._merged[sha] = request
        for sha in sorted(here.keys() & self._merged.keys()):
            request = self._merged.pop(sha)
            if len(here[sha].parents) == 1:
                claims.setdefault(sha, (request, False))
        return claims

    def _sources(
        self, commits: Sequence[Commit], claims: Mapping[str, Request]
    ) -> Mapping[str, SourceCommits]:
        """Read the commits of the requests that the clone has."""
        if not claims:
            return {}
        from gate.git.requests import Asked  # noqa: PLC0415 - only where a message names a request

        heads = self._repository.request_heads
        parents = {commit.sha: commit.parents[0] for commit in commits if commit.sha in claims}
        asked = [
            Asked(sha, parents[sha], heads[request]) for sha, request in claims.items() if request in heads
        ]
        self.found += len(asked)
        sources = self._repository.source_commits(asked)
        judged = {one: SourceCommits(commits=tuple(self._judge(s.commits))) for one, s in sources.items()}
        # Whether a request is the right one only matters where it says something: most do not.
        paths = self._repository.request_paths(
            {one: sources[one] for one in asked if one in judged and judged[one].speaks}
        )
        return {
            one.squash: replace(source, paths=paths[one].whole, own=paths[one].own)
            if one in paths
            else source
            for one, source in judged.items()
        }
