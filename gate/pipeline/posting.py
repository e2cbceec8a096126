"""Writing a verdict to a forge: status, one comment, remarks on lines. Each channel fails alone.

Nothing is written unless the request still has the head that was judged, nothing is written twice, and what
did not work changes no verdict.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gate.core.baseline.files import Files
from gate.core.finding import Decision, InDiff, Severity, State
from gate.core.verdict import Outcome
from gate.errors import IncompleteError
from gate.forges.calls import Flooded, Refused, TooLong, Unsure
from gate.forges.port import Remark, Status
from gate.reports import inline, order
from gate.reports.comment import marker
from gate.reports.escape import cut, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gate.core.facts import Run
    from gate.core.finding import Finding
    from gate.forges.port import Comment, Forge, InlineComment, Proposal

#: Characters of a status on both forges.
MOST_DESCRIPTION = 140
#: Remarks of one publish, and how often the same rule may stand on lines.
MOST_REMARKS = 20
MOST_ALIKE = 5
STATES = {
    Outcome.PASSED: "success",
    Outcome.NEEDS_SIGNOFF: "pending",
    Outcome.BLOCKED: "failure",
    Outcome.INCOMPLETE: "error",
}


class Superseded(IncompleteError):
    """The request moved on while it was judged; its next run speaks of the new head."""


@dataclass(slots=True, kw_only=True)
class Poster:
    """Writes for one request and one judged head. `log` collects a line for everything that was or was not
    written, `failed` the channels that did not work.
    """

    forge: Forge
    proposal: Proposal
    context: str = "gate"
    key: str = "default"
    language: str = "en"
    url: str = ""
    log: list[str] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)

    @property
    def marker(self) -> str:
        """The first line of our one comment."""
        return marker(self.key)

    # -- guard -----------------------------------------------------------------------------------------

    def guard(self) -> None:
        """Raise Superseded unless the request is open and has the judged head."""
        now = self.forge.proposal()
        if now.head != self.proposal.head:
            raise Superseded(
                f"the merge request moved on from {self.proposal.head[:12]} to {now.head[:12]}",
                hint="Nothing more is posted; the run of the new head does that.",
            )
        if now.target != self.proposal.target or not now.is_open:
            raise Superseded(
                f"the merge request was {'retargeted' if now.is_open else 'closed'} meanwhile",
                hint="Nothing more is posted.",
            )

    def _try(self, channel: str, write: Callable[[], None]) -> None:
        try:
            write()
        except Superseded:
            raise
        except IncompleteError as error:
            self.failed.add(channel)
            told = f"{channel}: not posted: {error.message}"
            self.log.append(f"{told}. {error.hint}" if error.hint else told)

    # -- status ----------------------------------------------------------------------------------------

    def status(self, state: str, description: str) -> None:
        """Say the verdict on the head, unless our newest status says it already."""
        self._try("status", lambda: self._status(state, description))

    def _status(self, state: str, description: str) -> None:
        wanted = Status(state=state, context=self.context, description=description, url=self.url)
        found = self._found()
        if found is not None and (found.state, found.description) == (self.forge.states[state], description):
            self.log.append(f"status: unchanged ({state})")
            return
        self.guard()
        self.forge.set_status(self.proposal, self.proposal.head, wanted)
        self.log.append(f"status: {state}, {description}")

    def _found(self) -> Status | None:
        """Our newest status, None if there is none that is read. Whoever buries it under others must not keep an old
        answer standing: what is to be said is then said again.
        """
        try:
            return self.forge.status(self.proposal.head, self.context)
        except Flooded:
            self.log.append("status: there are too many to look for an earlier one of ours")
            return None

    def passed(self, description: str) -> None:
        """Say that the head passed, and for which branch: another request may bring the same commit elsewhere."""
        self.status("success", f"{cut(description, MOST_DESCRIPTION - len(self._goal))}{self._goal}")

    @property
    def _goal(self) -> str:
        return f" → {cut(one_line(self.proposal.target), MOST_DESCRIPTION // 2)}"

    def pending(self, description: str) -> None:
        """Say that a run is under way, where nothing of ours stands on this head, or a pass for another branch."""
        found = self._found()
        is_for_another = (
            found is not None
            and found.state == self.forge.states["success"]
            and not found.description.endswith(self._goal)
        )
        if found is not None and not is_for_another:
            self.log.append("status: there is one already")
            return
        self.status("pending", description)

    def take_back(self, description: str) -> None:
        """Let no pass of ours stand that this run cannot confirm; any other answer stays."""
        try:
            found = self.forge.status(self.proposal.head, self.context)
        except Flooded:
            self.status("error", description)
            return
        if found is not None and found.state == self.forge.states["success"]:
            self.status("error", description)

    def sarif(self, report: Callable[[], str]) -> None:
        """Hand a SARIF report to code scanning."""

        def upload() -> None:
            self.guard()
            self.forge.upload_sarif(self.proposal, self.proposal.head, report())
            self.log.append("sarif: uploaded")

        self._try("sarif", upload)

    # -- comment ---------------------------------------------------------------------------------------

    def comment(self, texts: Sequence[Callable[[], str]], *, worth: bool) -> None:
        """Keep our one comment up to date. `texts` make it, marker and all, at less and less length; `worth` says
        whether a first one is made.
        """
        self._try("comment", lambda: self._comment(texts, worth=worth))

    def _comment(self, texts: Sequence[Callable[[], str]], *, worth: bool) -> None:
        ours = self._ours()
        if ours is None and not worth:
            self.log.append("comment: nothing to say")
            return
        for number, text in enumerate(texts):
            try:
                self._write(ours, text())
            except TooLong:
                if number + 1 == len(texts):
                    raise
                self.log.append("comment: too long for the forge, made shorter")
            else:
                return

    def _write(self, ours: Comment | None, body: str) -> None:
        if ours is not None:
            if _normal(ours.body) == _normal(body):
                self.log.append("comment: unchanged")
                return
            self.guard()
            self.forge.edit_comment(ours, body)
            self.log.append("comment: edited")
            return
        self.guard()
        for again in (False, True):
            try:
                self.forge.add_comment(body)
            except Unsure:
                if again:
                    raise
                found = self._ours()
                if found is None:
                    continue
                self.log.append("comment: posted (the answer was lost)")
                if _normal(found.body) != _normal(body):
                    self.forge.edit_comment(found, body)
                return
            else:
                self.log.append("comment: posted")
                return

    def _ours(self) -> Comment | None:
        """Our newest comment with our marker. Others can paste the marker, and theirs is not ours."""
        own = [c for c in self.forge.comments() if c.body.split("\n", 1)[0].rstrip("\r ") == self.marker]
        return own[-1] if own else None

    # -- lines -----------------------------------------------------------------------------------------

    def remarks(self, run: Run) -> None:
        """Put new findings on their lines, and mark those that are gone. Nothing of ours is said twice."""
        self._try("lines", lambda: self._remarks(run))

    def _remarks(self, run: Run) -> None:
        existing: dict[str, InlineComment] = {}
        for one in self.forge.inline():
            if (name := inline.fingerprint_of(one.body)) is not None:
                existing[name] = one
        wanted = candidates(run)
        if run.verdict.outcome is not Outcome.INCOMPLETE:  # what was not looked for is not gone
            self._settle(run, existing)
        fresh = [finding for finding in wanted if finding.id not in existing]
        if not fresh:
            self.log.append("lines: nothing new")
            return
        self._add(run, fresh)

    def _settle(self, run: Run, existing: Mapping[str, InlineComment]) -> None:
        present = {
            f.id for f in run.facts.findings if f.decision not in (Decision.SUPPRESSED, Decision.WAIVED)
        }
        by_id = {f.id: f for f in run.facts.findings}
        for name, one in existing.items():
            is_done = inline.is_fixed(one.body) if one.resolved is None else one.resolved
            if name not in present and not is_done:
                self.guard()
                text = inline.fixed(one.body, self.proposal.head, self.language)
                self.forge.settle(one, text, resolved=True)
                self.log.append(f"lines: {name[:14]} is gone, marked so")
            elif name in present and is_done and (one.resolved is None or one.resolved_by_us):
                self.guard()
                self.forge.settle(one, inline.remark(by_id[name], self.language), resolved=False)
                self.log.append(f"lines: {name[:14]} is back, opened again")

    def _add(self, run: Run, fresh: Sequence[Finding]) -> None:
        files = Files(run.facts.change)
        remarks = [
            Remark(
                path=f.path,
                old_path=files.origin(f.path) or f.path,
                line=f.range.start_line,
                old_line=files.lines(f.path).base_line(f.range.start_line),
                body=inline.remark(f, self.language),
            )
            for f in fresh
        ]
        self.guard()
        text = inline.review(len(remarks), self.language)
        for again in (False, True):
            try:
                taken = self.forge.add_inline(self.proposal, self.proposal.head, remarks, text)
            except Unsure:
                if again:
                    raise
                there = {inline.fingerprint_of(one.body) for one in self.forge.inline()}
                if any(finding.id in there for finding in fresh):
                    self.log.append("lines: posted (the answer was lost)")
                    return
            except Refused as error:
                if error.status != 422:
                    raise
                self.guard()
                self.log.append(
                    f"lines: the forge does not take them, so the comment alone has them: {error.message}"
                )
                return
            else:
                rest = len(remarks) - len(taken)
                self.log.append(
                    f"lines: {len(taken)} posted" + (f", {rest} only in the comment" if rest else "")
                )
                return


def candidates(run: Run) -> list[Finding]:
    """Return the findings that get a remark on their line, worst first: new, not hidden, medium or worse, and
    on a line that the forge shows. Of many alike only the first.
    """
    found = [
        f
        for f in order.findings(run.facts.findings)
        if f.state is State.NEW
        and f.decision in (Decision.BLOCK, Decision.SIGNOFF, Decision.NOTE)
        and f.severity >= Severity.MEDIUM
        and f.in_diff is not InDiff.OUTSIDE
        and f.path
        and f.path.isprintable()
    ]
    alike = Counter(f.family for f in found)
    chosen, seen = [], set()
    for finding in found:
        if alike[finding.family] > MOST_ALIKE and finding.family in seen:
            continue
        seen.add(finding.family)
        chosen.append(finding)
    return chosen[:MOST_REMARKS]


def _normal(body: str) -> str:
    """A body as forges keep it: line ends and blanks at the ends of lines do not count."""
    return "\n".join(line.rstrip() for line in body.replace("\r\n", "\n").strip().split("\n"))
