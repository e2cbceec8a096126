"""A release as values: tags, the steps of the released line, what answers for each, and what is left."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.core.area import Touch
    from gate.core.authorship import Authorship
    from gate.core.change import Commit, FileChange
    from gate.core.evidence.record import Record
    from gate.core.facts import Run
    from gate.core.review import Override, Signoff


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag, or a commit that stands in for one. `name` is without refs/tags/, empty for a bare commit.

    `object` is what the ref holds and `inside` the name that an annotated tag gives itself. `problem` says why
    the tag cannot be believed; then `commit` can be empty.
    """

    name: str
    object: str
    annotated: bool
    commit: str = ""
    tree: str = ""
    inside: str = ""
    tagger: str = ""
    tagger_email: str = ""
    signed: bool = False
    problem: str = ""

    @property
    def ref(self) -> str:
        """The full name of the ref, or the commit where there is none."""
        return f"refs/tags/{self.name}" if self.name else self.commit

    @property
    def shown(self) -> str:
        """What people call it."""
        return self.name or self.commit[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One step of the released line: a commit on its first parents, with everything that it brought in.

    `commits` are the commit itself and what only it brings, newest first. `rows` compare it with `parent` (None:
    a root) and carry contents only where somebody read them. `authorship` is that of `commits`.
    """

    sha: str
    parent: str | None
    commits: tuple[Commit, ...]
    rows: tuple[FileChange, ...]
    change_digest: str
    authorship: Authorship
    touches: tuple[Touch, ...] = ()

    @property
    def own(self) -> Commit:
        """The commit on the line."""
        return self.commits[0]

    @property
    def is_merge(self) -> bool:
        return len(self.own.parents) > 1

    @property
    def paths(self) -> frozenset[str]:
        return frozenset(row.path for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A record of a verdict as it was found. `id` is its digest (`sha256:…`) and `source` where it lay.

    `problem` says why it cannot be believed (no signature, a foreign key, changed bytes); empty if its signature
    holds with a key of the policy. `key` is the fingerprint of that key, `signer` whom it belongs to.
    """

    id: str
    source: str
    record: Record
    problem: str = ""
    key: str = ""
    signer: str = ""


class How(StrEnum):
    """In which way what a record judged came onto the line."""

    AS_IS = "as judged"
    MERGE = "merge commit"
    SQUASH = "squash"
    REBASE = "rebase"
    PICK = "cherry-pick"
    TREE = "automatic merge"


class State(StrEnum):
    """What became of one step."""

    PLAIN = "plain"  # neither sensitive nor by an AI
    CANCELLED = "cancelled"  # nothing of it is in the release
    COVERED = "covered"
    OVERRIDDEN = "overridden"
    UNCOVERED = "uncovered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What answers for a step. `kind`: record, forge, statement or release.

    `id` names the record or the statements, `change` the merge request, `people` who accepted and `at` when that
    was recorded. `units` are all steps that the same proof covers together, as after a rebase.
    """

    kind: str
    id: str = ""
    how: How | None = None
    change: str = ""
    people: tuple[str, ...] = ()
    at: str = ""
    units: tuple[str, ...] = ()
    override: Override | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A unit with its fate. `areas` are those that somebody must answer for, with places; `ai`: a machine took
    part, and `agents` names those that its commits or its record name. `signoff` is the derivation where no record covers it, `refused` what concerns it and does not count.
    """

    unit: Unit
    state: State
    areas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ai: bool = False
    agents: tuple[str, ...] = ()
    proof: Proof | None = None
    signoff: Signoff | None = None
    refused: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def required(self) -> bool:
        """Whether somebody has to answer for it."""
        return self.state not in (State.PLAIN, State.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A report that the policy requires or reads for the release, and whether it is of this commit and fresh."""

    name: str
    format: str
    kind: str
    required: bool
    path: str
    digest: str = ""
    made_at: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """All that was found out about a release, besides the scan of its range.

    `first`: there was no release before, and all before `previous` is taken as it is. `store` names where
    records were read, empty if nowhere; `store_problems` say what is wrong with it and `store_hint` how to get
    records that are not there. `store_ends` are the digests at which its chain ends, and `store_number` the
    highest number of a record there. `records` are those that
    steps rely on or name, by id.
    """

    repo: str
    previous: Tag
    tag: Tag
    first: bool
    change_digest: str
    steps: tuple[Step, ...]
    records: Mapping[str, Found] = field(default_factory=dict)
    store: str = ""
    store_problems: tuple[str, ...] = ()
    store_hint: str = ""
    store_ends: tuple[str, ...] = ()
    store_number: int = 0
    statements: Signoff | None = None
    imports: tuple[Imported, ...] = ()
    forge_problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def in_state(self, *states: State) -> tuple[Step, ...]:
        """Return the steps in one of these states, newest first."""
        return tuple(step for step in self.steps if step.state in states)

    def override_of(self, step: Step) -> Override | None:
        """Return the override that a step passed by, None if it needed none."""
        return step.proof.override if step.state is State.OVERRIDDEN and step.proof else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One demand of a framework that a release report can show something for, in our words by language.

    `shows` are the facts of a report that speak of it; see `gate.core.release.controls`.
    """

    framework: str
    id: str
    shows: tuple[str, ...]
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """A set of demands; `title` by language, `source` names the document and its version."""

    id: str
    title: Mapping[str, str]
    source: str
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """A release that was judged: what was found out, the run with findings, verdict and exit code, and the
    frameworks that its report is mapped to.
    """

    release: Release
    run: Run
    frameworks: tuple[Framework, ...] = ()
