"""The judgement on a change: its commits, its text and its branch, united."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gate.core.authorship.collect import SOURCE_ORDER, Collector
from gate.core.authorship.grades import GRADES, ROLES
from gate.core.authorship.judge import attribute_commit, combine, judge_account, judge_body, judge_branch
from gate.core.authorship.message import NUL_REMARK
from gate.core.authorship.model import Authorship, AuthorVerdict, CommitAuthorship, Evidence, Marker
from gate.core.authorship.notes import NoteFacts, as_noted, note_evidence
from gate.core.authorship.recovery import Recovered, Unite

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from gate.core.authorship.judge import Opener
    from gate.core.authorship.registry import Registry
    from gate.core.change import Commit

#: What authorship can be read from, in the order in which the sources break ties.
SOURCES: Final = ("mr_commits", "notes_ai", "notes_agentblame", "mr_body", "account", "branch", "session")

#: Agents with what orders them.
Ranks = dict[str, tuple[int, int, int, int, str]]

#: For a change one undeclared commit among bots makes it undeclared.
VERDICT_ORDER: Final = (
    AuthorVerdict.DECLARED_AI,
    AuthorVerdict.AI_ASSISTED,
    AuthorVerdict.AI_LINKED,
    AuthorVerdict.UNDECLARED,
    AuthorVerdict.BOT,
    AuthorVerdict.ATTESTED_HUMAN,
)


def attribute(
    commits: Sequence[Commit],
    registry: Registry,
    *,
    branch: str | None = None,
    body: str | None = None,
    suppressed: bool = False,
    markers: Sequence[Marker] = (),
    sources: Mapping[str, str] | None = None,
    notes: NoteFacts | None = None,
    recovered: Recovered | None = None,
    opener: Opener | None = None,
) -> Authorship:
    """Return who wrote a change, with its commits in the given order; the order changes nothing else.

    `branch` is the source branch and `body` the text of the merge request, None if nobody asked for them.
    `suppressed` says that the tree switches attribution off, as any of `markers` does. `sources` overrides what is said of a source:
    without it `mr_commits` is present where there are commits, and what is not read here is not_asked.
    `notes` are those of the commits and of what they point to, `recovered` what was found in other commits, `opener` the account that the
    forge says opened the merge request.
    """
    notes, suppressed = notes or NoteFacts(), suppressed or bool(markers)
    judged = [
        with_notes(attribute_commit(commit, registry, suppressed=suppressed), notes, registry)
        for commit in commits
    ]
    judged = with_recovered(judged, recovered or Recovered(), registry, notes)
    change = judge_body(body, registry) if body else Collector(registry)
    if opener is not None:
        judge_account(opener, change)
    if branch:
        judge_branch(branch, change)
    ruling = combine(change.evidence, weak_pieces=change.weak_pieces)
    verdicts = {entry.verdict for entry in judged}
    if ruling.verdict is not None:
        verdicts.add(ruling.verdict)
    counted = [entry for entry in judged if not entry.merge]
    return Authorship(
        verdict=next((v for v in VERDICT_ORDER if v in verdicts), AuthorVerdict.UNDECLARED),
        agents=_agents([*((e.agents, e.evidence) for e in judged), (change.agents(), change.evidence)]),
        commits=tuple(judged),
        share_commits=sum(e.verdict.is_ai for e in counted) / len(counted) if counted else None,
        suppressed=suppressed,
        evidence=tuple(change.evidence),
        hints=tuple(change.hints),
        sources=_sources(judged, branch, body, opener) | dict(notes.states) | dict(sources or {}),
        remarks=notes.remarks,
        markers=tuple(markers),
        registry=registry.stamp,
    )


def with_notes(entry: CommitAuthorship, facts: NoteFacts, registry: Registry) -> CommitAuthorship:
    """Return the judgement on a commit, united with what its notes say."""
    notes = facts.notes.get(entry.sha)
    if not notes:
        return entry
    added = facts.added.get(entry.sha)
    evidence = note_evidence(notes, added, registry.note_tools)
    return as_noted(_united(entry, evidence) if evidence else entry, notes, added)


def with_cut(judged: Iterable[CommitAuthorship], cut: Collection[str]) -> list[CommitAuthorship]:
    """Return the judgements with a remark on those commits (full ids) whose message git ends at a NUL."""
    return [
        entry._replace(remarks=(*entry.remarks, NUL_REMARK)) if entry.sha in cut else entry
        for entry in judged
    ]


def with_recovered(
    judged: Sequence[CommitAuthorship],
    recovered: Recovered,
    registry: Registry,
    notes: NoteFacts | None = None,
) -> list[CommitAuthorship]:
    """Return the judgements on commits, united with what was found in the commits that they point to.

    The original of a `cherry-pick -x` among `judged` need not be in `recovered`. `notes` may hold those of originals.
    """
    united = list(judged)
    pointing = [place for place, entry in enumerate(judged) if recovered.concerns(entry)]
    if not pointing:  # as nearly always in a long history
        return united
    notes = notes or NoteFacts()
    noted = {
        commit.sha: with_notes(attribute_commit(commit, registry), notes, registry)
        for commit in recovered.originals.values()
        if commit.sha in notes.notes
    }
    unite = Unite(recovered, registry, add=_united, known=noted | {entry.sha: entry for entry in judged})
    for place in pointing:
        united[place] = unite(united[place])
    unite.known = noted | {entry.sha: entry for entry in united}
    for place in pointing:
        united[place] = unite.reverted(united[place])
    return united


def _united(entry: CommitAuthorship, brought: Sequence[Evidence]) -> CommitAuthorship:
    evidence = (*entry.evidence, *brought)
    weak = {(piece.signature, piece.line) for piece in evidence if piece.grade == "weak"}
    ruling = combine(evidence, weak_pieces=len(weak))
    agents = _agents([(entry.agents, entry.evidence), ((), brought)])
    return entry._replace(
        verdict=ruling.verdict or entry.verdict,
        role=ruling.role,
        agent=agents[0] if agents else None,
        agents=agents,
        certainty="certain" if ruling.certain else "probable",
        evidence=evidence,
        suppressed=entry.suppressed and ruling.verdict is None,
    )


def _agents(groups: Iterable[tuple[Sequence[str], Iterable[Evidence]]]) -> tuple[str, ...]:
    """Order the agents of several sets of evidence; the place within a set decides between equals."""
    best: Ranks = {}
    for agents, evidence in groups:
        rank_agents(best, agents, evidence)
    return tuple(sorted(best, key=best.__getitem__))


def rank_agents(best: Ranks, agents: Sequence[str], evidence: Iterable[Evidence]) -> None:
    """Give each agent of a set of evidence its best rank so far; the lowest rank comes first."""
    places = {agent: place for place, agent in enumerate(agents)}
    for piece in evidence:
        rank = (
            ROLES.get(piece.role or "", len(ROLES)),
            GRADES[piece.grade],
            SOURCE_ORDER[piece.source],
            places.get(piece.agent, len(places)),
            piece.agent,
        )
        best[piece.agent] = min(rank, best.get(piece.agent, rank))


def _sources(
    judged: Sequence[CommitAuthorship], branch: str | None, body: str | None, opener: Opener | None
) -> dict[str, str]:
    links = any(piece.source == "session" for entry in judged for piece in entry.evidence)
    return {
        "mr_commits": "present" if judged else "absent",
        "notes_ai": "not_asked",
        "notes_agentblame": "not_asked",
        "mr_body": _asked(body),
        "account": "not_asked" if opener is None else "present",
        "branch": _asked(branch),
        "session": "present" if links else "absent",
    }


def _asked(text: str | None) -> str:
    if text is None:
        return "not_asked"
    return "present" if text.strip() else "absent"
