"""From what the scanners said on both sides to decided findings."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from gate.core.area import Touch
from gate.core.baseline import compare
from gate.core.change import Content, Status
from gate.core.finding import InDiff, Severity, State
from gate.core.merge import is_ai, merge
from gate.core.rules.ai import decide_ai
from gate.core.rules.findings import decide_findings
from gate.core.scan import ScanStatus
from gate.core.source import Source
from gate.core.suppression import apply_waivers, find_markers, judge_suppressions
from gate.pipeline.ai.witnesses import sightings as sightings_of_models
from gate.pipeline.sides import text_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from gate.core.ai import AiPass
    from gate.core.authorship import Authorship
    from gate.core.change import ChangeSet
    from gate.core.family import Families
    from gate.core.finding import Finding, Range, Sighting
    from gate.core.policy import Policy
    from gate.core.scan import ScanReport, ToolRun
    from gate.core.suppression import Marker, Suppression, Waiver
    from gate.git import Repository

#: Only a file with one of these words can hold an inline suppression.
_MARK = re.compile(rb"(?i)nosec|nosem")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Findings with state and decision, what is gone, what hides what, and the touches that hiding causes.

    `covered` are words of a tool alone that shipped rules did not confirm: (tool, rule, how often).
    """

    findings: tuple[Finding, ...]
    fixed: tuple[Finding, ...]
    suppressions: tuple[Suppression, ...]
    touches: tuple[Touch, ...]
    covered: Counter[tuple[str, str]] = field(default_factory=Counter)


def judge_findings(
    repository: Repository,
    change: ChangeSet,
    authorship: Authorship,
    runs: Sequence[ToolRun],
    *,
    policy: Policy,
    families: Families,
    waivers: Sequence[Waiver],
    now: str,
    review: AiPass | None = None,
) -> Judged:
    """Merge the sightings of each side, compare the sides, and decide every finding.

    What a model saw in `review` becomes further witnesses, and findings of its own.
    """
    heads = [run.head for run in runs]
    bases = [run.base for run in runs if run.base is not None]
    limit = policy.scanners.max_file_bytes
    seen = sightings_of_models(review)
    head_sources = sources_of(
        repository, change, heads, "new", limit, more={sighting.path for sighting in seen}
    )

    @cache
    def all_of_base() -> dict[str, Source]:
        return sources_of(repository, change, bases, "old", limit)

    def base_sources(path: str) -> Source | None:  # mostly not asked: sightings bring their places
        return all_of_base().get(path)

    markers = markers_in(head_sources.values(), families)

    shipped = "builtin" in policy.scanners.semgrep.rulesets
    head, covered = _beyond_rules(
        merge([*_sightings(heads), *seen], head_sources, families),
        heads,
        families,
        shipped=shipped,
        seen=seen,
        sources=head_sources,
    )
    base, _ = _beyond_rules(
        merge(_sightings(bases), base_sources, families), bases, families, shipped=shipped
    )
    compared = compare(
        head,
        base,
        change=change,
        scanned_base=_fully_scanned(bases),
        scanned_head=_fully_scanned(heads),
        head_sources=head_sources,
        base_sources=base_sources,
    )
    findings = _without_base(compared.findings, runs, change)
    authors = Authors(repository, change, authorship, findings, markers)
    hidden = judge_suppressions(
        findings,
        base,
        markers,
        fail_level=policy.findings.fail_level,
        honour_added=policy.findings.honour_suppressions,
        author_kind=authors.kind,
        undeclared_is_ai=policy.authorship.treat_undeclared_as_ai,
    )
    waived = apply_waivers(
        hidden.findings,
        waivers,
        today=now[:10],
        humans={human.id for human in policy.signoff.humans},
        renamed=families.renamed,
    )
    decided = decide_findings((*waived.findings, *hidden.added), policy.findings)
    decided = decide_ai(decided, review, policy)
    return Judged(
        findings=tuple(authors.fill(finding) for finding in decided),
        fixed=compared.fixed,
        suppressions=hidden.suppressions + waived.suppressions,
        touches=tuple(touch_of(s) for s in hidden.suppressions if s.needs_signoff),
        covered=covered,
    )


def merge_tree(
    reports: Sequence[ScanReport],
    read: Callable[[str], bytes | None],
    families: Families,
    *,
    shipped: bool = True,
) -> tuple[tuple[Finding, ...], tuple[Suppression, ...], tuple[ScanReport, ...]]:
    """Return findings and suppressions of one tree without a base, every state unknown, and the reports.

    The reports say what of a tool was left to shipped rules. `read` gives the content of a path, None if it cannot be read any more. `shipped`: Semgrep had our rules.
    """
    sources: dict[str, Source] = {}
    sighted = {sighting.path for sighting in _sightings(reports)} - {""}
    # Rules for every language also see something in files that are nobody's targets.
    # A file that no scanner was shown because of its size may be larger than the memory.
    large = {miss.path for report in reports for miss in report.unscanned if miss.reason == "too-large"}
    for path in sighted.union(*(report.targets for report in reports)) - large:
        data = read(path)
        if data is not None and _is_needed(path, data, sighted):
            sources[path] = Source(path, data)
    found, covered = _beyond_rules(
        merge(_sightings(reports), sources, families), reports, families, shipped=shipped
    )
    judged = judge_suppressions(
        found,
        (),
        markers_in(sources.values(), families),
        fail_level=Severity.CRITICAL,
        honour_added=True,
        author_kind=lambda _path, _line: None,
        undeclared_is_ai=False,
        has_base=False,
    )
    return judged.findings, judged.suppressions, tuple(with_covered(report, covered) for report in reports)


def with_covered(report: ScanReport, covered: Counter[tuple[str, str]]) -> ScanReport:
    """Return a tool's report with what of it was left to shipped rules, by rule."""
    return replace(
        report, covered=tuple(sorted((rule, n) for (tool, rule), n in covered.items() if tool == report.tool))
    )


def _sightings(reports: Iterable[ScanReport]) -> list[Sighting]:
    return [sighting for report in reports for sighting in report.sightings]


def _beyond_rules(
    findings: tuple[Finding, ...],
    reports: Iterable[ScanReport],
    families: Families,
    *,
    shipped: bool,
    seen: Sequence[Sighting] = (),
    sources: Mapping[str, Source] = MappingProxyType({}),
) -> tuple[tuple[Finding, ...], Counter[tuple[str, str]]]:
    """Leave out what a tool alone says where a shipped rule looked more closely and said nothing; count it.

    Only in files that Semgrep read whole with the shipped rules: nothing is left out on the word of a rule
    that did not run. What models in `seen` said beside such a tool stays, as theirs alone.
    """
    covered: Counter[tuple[str, str]] = Counter()
    if not shipped:
        return findings, covered
    read = {path for report in reports if report.tool == "semgrep" for path in report.scanned}
    kept: list[Finding] = []
    for finding in findings:
        said = [(w.tool, w.rule_id) for w in finding.witnesses if not is_ai(w.tool)]
        if finding.path in read and said and all(families.is_covered(*words) for words in said):
            covered.update(said)
            kept += _of_models(finding, seen, sources, families)
        else:
            kept.append(finding)
    return tuple(kept), covered


def _is_needed(path: str, data: bytes, sighted: set[str]) -> bool:
    return path in sighted or _MARK.search(data) is not None


def _of_models(
    finding: Finding, seen: Sequence[Sighting], sources: Mapping[str, Source], families: Families
) -> tuple[Finding, ...]:
    """Return what is left of a finding without its scanners: under the same name, so that no other one moves."""
    said = {(w.tool, w.rule_id, w.range) for w in finding.witnesses if is_ai(w.tool)}
    rest = [s for s in seen if s.path == finding.path and (s.tool, s.rule_id, s.range) in said]
    return tuple(
        replace(one, id=finding.id, fingerprints=finding.fingerprints, ordinal=finding.ordinal)
        for one in merge(rest, sources, families)[:1]
    )


def sources_of(
    repository: Repository,
    change: ChangeSet,
    reports: Sequence[ScanReport],
    side: str,
    limit: int,
    *,
    more: Iterable[str] = (),
) -> dict[str, Source]:
    """Return the text of each file of one side that has sightings, is one of `more`, or may hold a suppression."""
    sighted = {s.path for report in reports for s in report.sightings}.union(more)
    users: dict[str, list[str]] = {}
    for file in change.files:
        blob, content = (
            (file.new_blob, file.new_content) if side == "new" else (file.old_blob, file.old_content)
        )
        if content not in (Content.ABSENT, Content.LINK, Content.GITLINK, Content.LARGE):
            users.setdefault(blob, []).append(file.path)
    found: dict[str, Source] = {}
    for blob, data in repository.blobs(users, max_bytes=limit):
        for path in users[blob]:
            if _is_needed(path, data, sighted):
                found[path] = Source(path, data)
    commit = change.head if side == "new" else change.merge_base
    changed = {file.path for file in change.files}
    for path in sorted(sighted - changed - {""}):  # imported reports speak of the whole tree
        text = text_at(repository, commit, path, limit)
        if text is not None:
            found[path] = Source(path, text)
    return found


def markers_in(sources: Iterable[Source], families: Families) -> tuple[Marker, ...]:
    """Return the comments in these files that tell a scanner to keep quiet."""
    tests = families.rule_names("bandit")
    return tuple(marker for source in sources for marker in find_markers(source, tests))


def _fully_scanned(reports: Sequence[ScanReport]) -> Callable[[str], bool]:
    """Whether no scanner that had a file for a target failed to read it."""
    unread = {miss.path for report in reports for miss in report.unscanned}
    for report in reports:
        if report.status is ScanStatus.FAILED:
            unread.update(report.targets)
    return lambda path: path not in unread


def _without_base(
    findings: Iterable[Finding], runs: Sequence[ToolRun], change: ChangeSet
) -> tuple[Finding, ...]:
    """Correct the state of findings that only an imported report without a base side knows.

    In a file that the change does not touch they were there before; in one that it adds they are new;
    in any other nobody knows.
    """
    # By sighting, not by name: an imported report of Semgrep is the same witness as our own run of it.
    blind = {_key(s) for run in runs if run.base is None for s in run.head.sightings}
    blind -= {_key(s) for run in runs if run.base is not None for s in run.head.sightings}
    status = {file.path: file.status for file in change.files}

    def state(finding: Finding) -> State:
        path = finding.path
        if finding.state not in (State.NEW, State.UNKNOWN) or not all(
            (w.tool, w.rule_id, path, w.range) in blind for w in finding.witnesses
        ):
            return finding.state
        if finding.path == "" or status.get(finding.path) in (Status.MODIFIED, Status.TYPE_CHANGED):
            return State.UNKNOWN
        return State.NEW if finding.path in status else State.EXISTING

    return tuple(replace(finding, state=state(finding)) for finding in findings)


def _key(sighting: Sighting) -> tuple[str, str, str, Range]:
    return (sighting.tool, sighting.rule_id, sighting.path, sighting.range)


def touch_of(suppression: Suppression) -> Touch:
    """Return the evidence that a suppression, which a human must agree to, is for the reviewers of the gate."""
    return Touch(
        area="gate",
        layer="L0",
        rule="suppression.added",
        path=suppression.path,
        line=suppression.line,
        side="new",
        text=f"{suppression.kind} comment: {suppression.why}",
    )


class Authors:
    """Which commit of the change brought a line, and who wrote that commit."""

    def __init__(
        self,
        repository: Repository,
        change: ChangeSet,
        authorship: Authorship,
        findings: Iterable[Finding],
        markers: Iterable[Marker],
    ) -> None:
        self._kinds: Mapping[str, str] = {c.sha: c.verdict.value for c in authorship.commits}
        wanted: dict[str, set[int]] = {}
        for finding in findings:
            if finding.in_diff is InDiff.ADDED:
                wanted.setdefault(finding.path, set()).add(finding.range.start_line)
        for marker in markers:
            wanted.setdefault(marker.path, set()).add(marker.line)
        self._commits = {path: repository.blame(change, path, lines) for path, lines in wanted.items()}

    def commit(self, path: str, line: int) -> str | None:
        """The commit of the change that a line of the head comes from, None for an older line."""
        return self._commits.get(path, {}).get(line)

    def kind(self, path: str, line: int) -> str | None:
        """The authorship verdict of that commit, None for an older line."""
        commit = self.commit(path, line)
        return self._kinds.get(commit) if commit else None

    def fill(self, finding: Finding) -> Finding:
        """Return the finding with its commit and author."""
        commit = self.commit(finding.path, finding.range.start_line)
        if commit is None:
            return finding
        return replace(finding, commit=commit, author_kind=self._kinds.get(commit))
