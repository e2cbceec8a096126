"""Evidence that stands elsewhere: in the original of a cherry-pick, in the commits that a squash threw away.

What a message says of another commit or of a merge request is a claim. It is followed only to add evidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from gate.core.authorship.grades import GRADES, ROLES, Role, capped
from gate.core.authorship.judge import attribute_commit, picked_ids, reverted_ids
from gate.core.authorship.model import Reverted, Squash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from gate.core.authorship.model import CommitAuthorship, Evidence
    from gate.core.authorship.registry import Registry
    from gate.core.change import Commit

#: Commits that one message can send us to; more are a list and no history.
MAX_POINTERS: Final = 100

_SQUASHED: Final = re.compile(r"\((#)(\d{1,9})\)$")
_PULLED: Final = re.compile(r"^Merge pull request (#)(\d{1,9})\b")
_GITLAB: Final = re.compile(r"^See merge request \S{0,250}(!)(\d{1,9})\r?$", re.MULTILINE)
#: Share of paths in both, of all paths, from which a request and a commit can be one. Of 14,900 squash commits of
#: six projects 99 % have the same paths as their request, and most of the others share more than this.
_ALIKE: Final = 0.25
_LOWER: Final = {"A": "B", "B": "weak", "weak": "C", "C": "C"}


class Request(NamedTuple):
    """The number of a merge request: `sign` is `#` (GitHub, Gitea) or `!` (GitLab), which count separately."""

    sign: str
    number: int

    def __str__(self) -> str:
        return f"{self.sign}{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCommits:
    """The judgements on the commits of a merge request that are in no history of its target.

    `paths` are those that the request changes as a whole and `own` those of the commit that is said to be its
    squash; None if they could not be told, or nobody asked.
    """

    commits: tuple[CommitAuthorship, ...]
    paths: frozenset[bytes] | None = None
    own: frozenset[bytes] | None = None

    @property
    def speaks(self) -> bool:
        """Whether any of the commits has evidence, so that it matters whether the request is the right one."""
        return any(commit.evidence for commit in self.commits)

    @property
    def same(self) -> bool:
        """Whether both change the same paths. Commits with one `git patch-id --stable` always do."""
        return self.paths is not None and self.paths == self.own

    @property
    def apart(self) -> bool:
        """Whether few paths are in both: then the number may be one of another project, as in a fork's history."""
        if self.paths is None or self.own is None:
            return True
        shared = len(self.paths & self.own)
        return not shared or shared < _ALIKE * len(self.paths | self.own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What was found elsewhere.

    `originals` holds commits by the id that a message names, as it is written there. `squashed` maps a commit
    to the request that it is the squash of, and `sources` to that request's commits, where they are known.
    `earlier` maps a commit to those with the same patch in earlier heads of the merge request, which a rebase or an
    amended message replaced.
    """

    originals: Mapping[str, Commit] = field(default_factory=dict)
    squashed: Mapping[str, Request] = field(default_factory=dict)
    sources: Mapping[str, SourceCommits] = field(default_factory=dict)
    earlier: Mapping[str, tuple[Commit, ...]] = field(default_factory=dict)

    def concerns(self, entry: CommitAuthorship) -> bool:
        """Whether there may be anything to add to a commit."""
        return bool(
            entry.cherry_picked_from
            or entry.reverts
            or entry.sha in self.squashed
            or entry.sha in self.earlier
        )


def points_elsewhere(message: bytes) -> bool:
    """Whether a message may name another commit or a merge request; cheap, for long histories."""
    return (
        b"(#" in message.partition(b"\n")[0]
        or message.startswith(b"Merge pull request #")
        or b"his reverts commit" in message
        or b"cherry picked from commit" in message
        or b"See merge request" in message
    )


def squashed_requests(commits: Iterable[Commit]) -> Iterator[tuple[str, Request, bool]]:
    """Yield the id of each commit that a message calls the squash of a merge request, and the request.

    The third value is false where only the merge commit of GitLab says so: it merges a branch, which a squash
    may have made of the request's commits.
    """
    for commit in commits:
        request = _request(commit.message)
        if request is None or not commit.parents:
            continue
        if len(commit.parents) == 1:
            yield commit.sha, request, True
        elif request.sign == "!" and len(commit.parents) == 2:
            yield commit.parents[1], request, False


def pointers(message: str) -> tuple[str, ...]:
    """The ids of commits, in full or not, that a message says it was picked from or reverts."""
    return (*picked_ids(message)[:MAX_POINTERS], *reverted_ids(message)[:MAX_POINTERS])


class Unite:
    """Brings together what was found elsewhere with the judgement on each commit.

    `add` is what unites a judgement and further evidence; `known` are the judgements that there are already, which
    spare looking at a commit again.
    """

    def __init__(
        self,
        recovered: Recovered,
        registry: Registry,
        *,
        add: Callable[[CommitAuthorship, Sequence[Evidence]], CommitAuthorship],
        known: Mapping[str, CommitAuthorship],
    ) -> None:
        self._recovered = recovered
        self._registry = registry
        self._add = add
        self.known = known

    def __call__(self, entry: CommitAuthorship) -> CommitAuthorship:
        """Return the judgement with what its originals and source commits add to it."""
        request = self._recovered.squashed.get(entry.sha)
        earlier = self._recovered.earlier.get(entry.sha, ())
        if request is None and not entry.cherry_picked_from and not earlier:
            return entry
        brought = [*self._picked(entry), *self._replaced(earlier)]
        if request is not None:
            entry, pieces = self._squashed(entry, request)
            brought += pieces
        brought = list(_worth_listing(brought, entry.evidence))
        counted = [piece for piece in brought if piece.grade != "C"]
        hints = tuple(piece for piece in brought if piece.grade == "C")
        entry = entry._replace(hints=(*entry.hints, *hints)) if hints else entry
        return self._add(entry, counted) if counted else entry

    def reverted(self, entry: CommitAuthorship) -> CommitAuthorship:
        """Return the judgement with what the commit takes back: told, and no evidence of who wrote it."""
        if not entry.reverts:
            return entry
        return entry._replace(reverted=tuple(self._reverted(entry)))

    def _original(self, sha: str) -> CommitAuthorship | None:
        if sha in self.known:
            return self.known[sha]
        commit = self._recovered.originals.get(sha)
        if commit is None:
            return None
        return self.known.get(commit.sha) or attribute_commit(commit, self._registry)

    def _picked(self, entry: CommitAuthorship) -> Iterator[Evidence]:
        for sha in entry.cherry_picked_from[:MAX_POINTERS]:
            original = self._original(sha)
            if original is not None and original.sha != entry.sha:
                for piece in original.evidence:
                    yield replace(piece, source="cherry_pick", sha=original.sha)

    def _replaced(self, earlier: Sequence[Commit]) -> Iterator[Evidence]:
        for commit in earlier:
            for piece in attribute_commit(commit, self._registry).evidence:
                yield replace(piece, source="mr_commit", sha=commit.sha)

    def _reverted(self, entry: CommitAuthorship) -> Iterator[Reverted]:
        for sha in entry.reverts[:MAX_POINTERS]:
            original = self._original(sha)
            if original is None:
                yield Reverted(sha=sha)
            else:
                yield Reverted(sha=original.sha, verdict=original.verdict, agents=original.agents)

    def _squashed(self, entry: CommitAuthorship, request: Request) -> tuple[CommitAuthorship, list[Evidence]]:
        found = self._recovered.sources.get(entry.sha)
        if found is None or not found.commits:
            return entry._replace(squash=Squash(request=str(request))), []
        own = [one for one in found.commits if not one.merge]
        squash = Squash(
            request=str(request),
            commits=len(own),
            ai=sum(one.verdict.is_ai for one in own),
            same=None if found.own is None else found.same,
        )
        steps = 0 if found.same else 3 if found.apart else 1
        # What one of several commits declares holds for some of the squash.
        pieces = [
            replace(
                piece,
                grade=_lowered(piece.grade, steps),
                role=capped(piece.role, Role.CO_AUTHORED),
                source="mr_commit",
                sha=one.sha,
            )
            for one in found.commits
            for piece in one.evidence
        ]
        return entry._replace(squash=squash), pieces


def _request(message: str) -> Request | None:
    subject = message.partition("\n")[0].rstrip()
    found = _SQUASHED.search(subject) or _PULLED.search(subject)
    if found is None and "See merge request" in message:
        found = _GITLAB.search(message)
    return Request(found[1], int(found[2])) if found else None


def _lowered(grade: str, steps: int) -> str:
    for _ in range(steps):
        grade = _LOWER[grade]
    return grade


def _worth_listing(brought: Iterable[Evidence], listed: Iterable[Evidence]) -> Iterator[Evidence]:
    """Leave out what stands there already, as in most squash commits, at no worse grade and no weaker role."""
    best: dict[tuple[str, str], tuple[int, int]] = {}

    def better(piece: Evidence) -> bool:
        key = (piece.signature, piece.text)
        rank = (GRADES[piece.grade], ROLES.get(piece.role or "", len(ROLES)))
        known = best.get(key)
        if known is not None and known[0] <= rank[0] and known[1] <= rank[1]:
            return False
        best[key] = rank if known is None else (min(known[0], rank[0]), min(known[1], rank[1]))
        return True

    for piece in listed:
        better(piece)
    yield from (piece for piece in brought if better(piece))
