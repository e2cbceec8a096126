"""What an inline suppression of a scanner is worth: honoured, waiting for a human, or without effect."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gate.core.finding import Confidence, Decision, Finding, Severity, State, Witness
from gate.core.fingerprint import fingerprints, raw_bytes
from gate.core.suppression.attribute import Idle, Place, attribute
from gate.core.suppression.model import Suppression

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from gate.core.suppression.markers import Marker

_HUMAN = frozenset(["human"])
# Who can push notes can attest a person, so that word lowers nothing.
_UNDECLARED = frozenset(["undeclared", "unknown", "attested_human", None])

#: The rule of findings about a comment that an agent added.
SUPPRESSION_ADDED = "gate.suppression-added"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """`findings` are those of the head in their order, with `suppressed`, `decision` and `suppression` filled in;
    `suppressions` every inline suppression by path and line; `added` a finding of family `gate` for each one
    that an agent added.
    """

    findings: tuple[Finding, ...]
    suppressions: tuple[Suppression, ...]
    added: tuple[Finding, ...]


def judge_suppressions(
    findings: Sequence[Finding],
    base: Sequence[Finding],
    markers: Iterable[Marker],
    *,
    fail_level: Severity,
    honour_added: bool,
    author_kind: Callable[[str, int], str | None],
    undeclared_is_ai: bool,
    has_base: bool = True,
) -> Judgement:
    """Return what the inline suppressions of the head do.

    `findings` were compared with `base` before: a suppression is new in the change unless the base's finding
    was suppressed by the same rule, so a comment that only moved is not new. `author_kind` says who wrote a
    line of the head (`human`, `ai`, or a verdict on authorship; None if that is not known). `honour_added`
    false: what is new has no effect. Without a base nothing is new.
    """
    judge = _Judge(
        before={f.id: {(w.tool, w.rule_id) for w in f.witnesses if w.suppressed} for f in base},
        fail_level=fail_level,
        honour_added=honour_added,
        author_kind=author_kind,
        undeclared_is_ai=undeclared_is_ai,
        has_base=has_base,
    )
    markers = tuple(markers)
    judged = []
    for finding, places in zip(findings, attribute(findings, markers), strict=True):
        judged.append(judge.finding(finding, places) if places else finding)
    rows = judge.rows()
    used = {(row.kind, row.path, row.line) for row in rows}
    marked = {m.path for m in markers}
    idle = Idle(f for f in judged if f.path in marked)
    rows += [
        _idle(m, idle.why(m), author_kind)
        for m in markers
        if m.is_plain and (m.kind, m.path, m.line) not in used
    ]
    rows.sort(key=lambda row: (raw_bytes(row.path), row.line, row.kind, row.rules))
    return Judgement(findings=tuple(judged), suppressions=tuple(rows), added=judge.added())


@dataclass(slots=True)
class _Entry:
    """What one place hides, collected over findings."""

    place: Place
    author: str | None
    findings: list[Finding]
    introduced: bool = False
    effective: bool = True
    needs_signoff: bool = False
    by_agent: bool = False
    why: str = ""


@dataclass(slots=True, kw_only=True)
class _Judge:
    before: Mapping[str, set[tuple[str, str]]]  # id of a base finding -> tools and rules suppressed there
    fail_level: Severity
    honour_added: bool
    author_kind: Callable[[str, int], str | None]
    undeclared_is_ai: bool
    has_base: bool
    entries: dict[Place, _Entry] = field(default_factory=dict)

    def finding(self, finding: Finding, places: Sequence[tuple[Witness, Place]]) -> Finding:
        """Decide one finding with suppressed witnesses, and note what each place does to it."""
        refused: set[Witness] = set()
        introduced: dict[Place, bool] = defaultdict(bool)
        for witness, place in places:
            is_new = self._is_new(finding, witness)
            introduced[place] |= is_new
            if not place.is_plain or (is_new and not self.honour_added):
                refused.add(witness)
        honoured = {witness for witness, place in places} - refused
        witnesses = tuple(
            replace(w, suppressed=False) if w.suppressed and w not in honoured else w
            for w in finding.witnesses
        )
        is_hidden = finding.suppressed and not refused  # not by the witnesses: only 50 of them are kept
        finding = replace(finding, witnesses=witnesses, suppressed=is_hidden)
        waits = False
        for place, is_new in introduced.items():
            entry = self._entry(place)
            entry.findings.append(finding)
            entry.introduced |= is_new
            waits |= self._note(entry, finding, is_new=is_new, is_hidden=is_hidden)
        if not is_hidden:
            return finding
        decision = Decision.SIGNOFF if waits else Decision.SUPPRESSED
        told = ", ".join(f"{place.kind} in line {place.line}" for place in introduced)
        return replace(finding, decision=decision, suppression=told + (" waits for a human" if waits else ""))

    def _is_new(self, finding: Finding, witness: Witness) -> bool:
        if finding.state is State.EXISTING and finding.matched is None:
            return False  # of an imported report without a base, in a file that the change does not touch
        before = self.before.get(finding.matched or "", set())
        return self.has_base and (witness.tool, witness.rule_id) not in before

    def _note(self, entry: _Entry, finding: Finding, *, is_new: bool, is_hidden: bool) -> bool:
        """Write down what a place does to a finding; say whether a human must agree to it."""
        # An older comment can come to hide new code, as the last line of a statement does: then its author counts.
        agent = self._is_agent(entry.author or self.author_kind(finding.path, finding.range.start_line))
        place = entry.place
        if not place.is_plain:
            entry.effective = False
            entry.why = (
                "stands in a string, not in a comment"
                if place.in_string
                else "is only the beginning of another word"
            )
        elif is_new and not self.honour_added:
            entry.effective = False
            entry.why = "new in this change, and the policy honours none that are new"
        elif not is_hidden:
            entry.why = entry.why or "hides one tool; the finding stands on the others"
        elif not is_new:
            entry.why = entry.why or ("was there before this change" if self.has_base else "hides a finding")
        elif agent:
            entry.needs_signoff = entry.by_agent = True
            entry.why = "added by an agent or an unknown author; a human reviewer of area gate must agree"
        elif finding.severity >= self.fail_level:
            entry.needs_signoff = True
            entry.why = f"new in this change and hides a {finding.severity.word} finding"
        else:
            entry.why = entry.why or f"new in this change, hides a {finding.severity.word} finding"
        return is_hidden and is_new and place.is_plain and (agent or finding.severity >= self.fail_level)

    def _is_agent(self, author: str | None) -> bool:
        """Whoever is no human is one; so is an unknown author if the policy says so."""
        return self.undeclared_is_ai if author in _UNDECLARED else author not in _HUMAN

    def _entry(self, place: Place) -> _Entry:
        if place not in self.entries:
            author = self.author_kind(place.path, place.line)
            self.entries[place] = _Entry(place, author, [])
        return self.entries[place]

    def rows(self) -> list[Suppression]:
        return [
            Suppression(
                kind=e.place.kind,
                path=e.place.path,
                line=e.place.line,
                rules=e.place.rules,
                blanket=e.place.blanket,
                reason=e.place.text,
                findings=tuple(f.id for f in e.findings),
                introduced=e.introduced,
                author_kind=e.author,
                effective=e.effective,
                needs_signoff=e.needs_signoff,
                why=e.why,
            )
            for e in self.entries.values()
        ]

    def added(self) -> tuple[Finding, ...]:
        return tuple(_added(entry) for entry in self.entries.values() if entry.by_agent)


def _idle(marker: Marker, why: str, author_kind: Callable[[str, int], str | None]) -> Suppression:
    return Suppression(
        kind=marker.kind,
        path=marker.path,
        line=marker.line,
        rules=marker.rules,
        blanket=marker.blanket,
        reason=marker.text,
        author_kind=author_kind(marker.path, marker.line),
        effective=False,
        why=why,
    )


def _added(entry: _Entry) -> Finding:
    """The finding `gate.suppression-added` about a comment of an agent; its subject is what it hides."""
    first, place = entry.findings[0], entry.place
    code = f"suppression-added {place.kind} {first.fingerprints.id_v1}"
    found = fingerprints(path=place.path, family="gate", scope=first.scope, code=code, ordinal=0)
    spot = place.range
    message = f"The comment hides {len(entry.findings)} finding(s), the first one: {first.title}"
    return Finding(
        id=f"id/v1:{found.id_v1}",
        fingerprints=found,
        family="gate",
        cwe=(),
        title="An agent added a comment that hides a finding",
        message=message,
        severity=max(f.severity for f in entry.findings),
        confidence=Confidence.HIGH,
        path=place.path,
        range=spot,
        scope=first.scope,
        code=code,
        ordinal=0,
        statement=spot,
        witnesses=(Witness(tool="gate", rule_id=SUPPRESSION_ADDED, range=spot, message=message),),
        state=State.NEW,
        decision=Decision.SIGNOFF,
    )
