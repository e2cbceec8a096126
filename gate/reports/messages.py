"""The fixed phrases of reports for people, in English; other languages have them in their gettext catalogue.

A new phrase needs a row in locale/ko/LC_MESSAGES/gate.po with its key as context; then `make catalogue`. Keys,
codes, rule ids, severities and states are never translated. Reasons are sentences of the core and are said again by
`gate.reports.sentences`. `{name}` is filled in by the report; `one|many` holds singular and plural (Korean needs none).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.reports.evidence_messages import PHRASES as EVIDENCE_PHRASES
from gate.reports.html_messages import PHRASES as HTML_PHRASES
from gate.reports.inline_messages import PHRASES as INLINE_PHRASES
from gate.reports.languages import said
from gate.reports.release_messages import PHRASES as RELEASE_PHRASES
from gate.reports.signoff_messages import PHRASES as SIGNOFF_PHRASES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PHRASES: dict[str, str] = {
    # Verdicts
    "passed": "PASSED",
    "needs_signoff": "WAITING FOR SIGN-OFF",
    "blocked": "BLOCKED",
    "incomplete": "INCOMPLETE",
    # Who must do what
    "passed.who": "Nothing is left to do.",
    "passed.signed": "Nothing is left to do; signed off by {people}.",
    "blocked.findings": "The author must fix {findings}.",
    "blocked.objection": "{people} asked for changes; only {people} can clear that.",
    "blocked.reasons": "The author must resolve the reasons below.",
    "wait.all": "{people} must sign off ({areas}).",
    "wait.some": "Sign-off is needed: {parts}.",
    "wait.part": "{area} by {people}",
    "wait.nobody": "Nobody can sign off {areas} yet.",
    "wait.more": "{approvals} needed.",
    "wait.in_all": "{n} approvals are needed in all.",
    "wait.more_from": "{approvals} needed, from {people}.",
    "wait.reasons": "A reviewer must sign off; see why below.",
    "incomplete.who": "Not everything could be checked; whoever runs the pipeline must clear {reasons}.",
    "also.blocked": "Also blocking: {findings}.",
    "observe": "Observe mode: the job does not fail.",
    # What to do next
    "next": "next",
    "exit": "exit {code}",
    "next.passed": "merge when you are ready",
    "next.fix": "fix {place}, then push again",
    "next.fix_many": "fix the {findings}, {place} first, then push again",
    "next.ask": "ask {people} to approve this change",
    "next.objection": "settle it with {people}",
    "next.name": "name a reviewer for {areas} in the policy of the target branch",
    "next.reasons": "do what the first reason says",
    # Sections
    "why": "Why",
    "to_pass": "to pass",
    "passed_rules": "Also checked",
    "all_reasons": "All reasons",
    "other_reasons": "Other reasons",
    "signoff": "Sign-off",
    "signoff.state": "{n} of {needed} accepted",
    "can_sign": "can sign",
    "nobody": "no eligible reviewer (none is configured, or all of them wrote this change)",
    "accepted": "accepted",
    "not_counted": "does not count",
    "objections": "asked for changes",
    "authors": "cannot sign (authors)",
    "unresolved": "unknown people",
    "findings": "Findings",
    "findings.none": "none",
    "findings.fixed": "{n} fixed by this change",
    "blocking": "Blocking",
    "waiting": "Waiting for sign-off",
    "noted": "Noted, not blocking",
    "hidden": "Suppressed or waived",
    "advice": "Source and advice",
    "fix": "fix",
    "seen": "seen by",
    "suppressions": "Suppressions and waivers",
    "added_here": "added by this change",
    "effective": "in effect",
    "ineffective": "no effect",
    "waits": "waits for sign-off",
    "blanket": "everything",
    "authorship": "Authorship",
    "authorship.commits": "{ai} of {all} commits by AI, merges left out",
    "authorship.none": "no commits",
    "authorship.agents": "agents: {agents}",
    "authorship.suppressed": "attribution is switched off in the tree, so nothing declared proves nothing",
    "authorship.introduced": "set by this change",
    "authorship.base_only": "at the base only",
    "authorship.intent": "the tool does not read it from a repository",
    "authorship.advice": "To count undeclared commits as AI, set this in the policy: {setting}",
    "authorship.request": "said of the merge request itself: {places}",
    "authorship.account": "opened by {account}",
    "authorship.body": "line {line} of its description",
    "authorship.no_requests": "messages name merge requests whose commits this clone does not have; this fetches them",
    "authorship.squash": "squash of {request}: {ai} of {all} commits by AI",
    "authorship.squash_differs": "and it changes other files",
    "authorship.registry": "signatures",
    "authorship.added": "the team adds {ids}",
    "authorship.disabled": "the team disables {ids}",
    "authorship.reverts": "reverts {sha}",
    "authorship.unreadable": "could not be read: {sources}",
    "authorship.agent": "By agent",
    "authorship.month": "By month",
    "authorship.all": "commits",
    "authorship.first": "first",
    "authorship.last": "last",
    "authorship.before": "before",
    "authorship.share": "share",
    "authorship.none_ai": "No commit says that an agent took part.",
    "authorship.list": "{commits} are not listed: --list shows them, --ai those by AI, -o csv or -o json writes them",
    "authorship.sources": "sources",
    "authorship.lines": "{share} of the added lines",
    "authorship.no_notes": "no notes on single lines in this clone; if there are any, this fetches them",
    "unscanned": "Not scanned",
    "unscanned.excluded": "excluded by the policy ({glob})",
    "unscanned.uncovered": "no scanner reads this language",
    "unscanned.unopened": "could not be opened",
    "unscanned.installed": "installed packages, left out; to scan them, give this folder as PATH",
    "unscanned.base": "{reason} (base side)",
    "tools": "Tools",
    "ai": "AI review",
    "ai.performed": "performed by {engine} over {files}",
    "ai.not_performed": "not performed ({reason})",
    "ai.incomplete": "incomplete ({n} of {of} files not reviewed, {reason})",
    "ai.runs": "runs {n}",
    "ai.agreement": "agreement {share}",
    "ai.most": "at most {usd} USD",
    "ai.removed": "removed code, {place} at the merge base",
    "ai.seen": "seen {n}",
    "ai.rejected": "claims that were thrown away",
    "ai.all_rejected": "nothing that the model said could be shown in the change; --ai-record keeps its words",
    "ai.tried": "the model tried what it was not given or allowed",
    "ai.unreviewed": "not reviewed",
    "tools.none": "no scanner ran",
    "tools.files": "{scanned} of {targets} read",
    "tools.covered": "not counted, for our rules look for the same and found nothing: {rules}",
    "policy": "policy",
    "notes": "Notes",
    "areas": "Sensitive areas",
    "areas.none": "No sensitive area is touched.",
    "areas.context": "Near a sensitive area, but nobody has to sign:",
    "areas.context.test": "tests",
    "areas.context.documentation": "documentation",
    "areas.context.format": "layout and comments only",
    "areas.context.rename": "names of variables only",
    "areas.context.translation": "translations",
    "areas.context.generated": "generated code",
    "where": "Where",
    "what": "What",
    "severity": "Severity",
    "state": "State",
    "file": "File",
    "reason": "Reason",
    "area": "Area",
    "evidence": "Evidence",
    "by_family": "By family",
    "by_folder": "By folder",
    "worst": "Worst first",
    "scan": "Scan of {place}",
    "worst.new": "New, worst first",
    "worst.known": "Known from the baseline",
    "gone": "Gone since the baseline",
    "unsure": "In the baseline, and nobody can say whether they are gone",
    "all": "all",
    "files": "files",
    "in_tests": "{n} of them in tests",
    "scan.incomplete": "{tools}. What is missing here is not known to be absent.",
    "scan.new": "{findings} not in the baseline",
    "scan.known": "{n} known from the baseline",
    "scan.gone": "{n} gone since then",
    "scan.unsure": "{n} that could not be looked for again",
    "scan.unknown": "{n} of those shown may be older: the baseline could not know them",
    "baseline": "baseline",
    "nothing_read": "No file was read",
    "nothing_read.empty": "the folder is empty",
    "nothing_read.tools": "no scanner did its work",
    "nothing_read.language": "none is in a language that a scanner knows",
    "nothing_read.code": "No code was read: only rules for every language looked at these files",
    "nothing_read.missed": "see below why",
    "files.all": "{n} in all",
    "files.read": "{n} read",
    "files.missed": "{n} not fully read",
    "files.also_read": "{n} only by rules for every language",
    "files.uncovered": "{n} in languages without rules",
    "files.others": "{n} in no language that a scanner knows",
    "files.links": "{n} links not followed",
    "uncovered": "Nobody looked for weaknesses in: {files}",
    "seen.alone": "{tools} alone {n}",
    "scan.more": "{n} more: {severities}",
    "scan.info": "{n} of level info, only counted",
    "scan.next": "To see every finding with its source: {all}. For programs: {programs}.",
    "scan.adopt": "To accept what is there today: {write}; then {read} shows only what is new.",
    "more.rows": "{n} more: {findings}",
    "full_report": "Full report",
    # Counts and cuts
    "n.findings": "{n} finding|{n} findings",
    "n.reasons": "{n} reason|{n} reasons",
    "n.commits": "{n} commit|{n} commits",
    "n.files": "{n} file|{n} files",
    "n.more_places": "and {n} more place|and {n} more places",
    "n.approvals": "{n} more approval|{n} more approvals",
    "n.merges": "{n} merge|{n} merges",
    "n.hinted": "{n} commit without an AI verdict carries a hint|{n} commits without an AI verdict carry hints",
    "n.pieces": "{n} piece of evidence|{n} pieces of evidence",
    "more": "{n} more in the JSON report",
    "more.here": "and {n} more",
    "omitted": "{n} omitted here; the JSON report has them all.",
    "or": " or ",
    **SIGNOFF_PHRASES,
    **EVIDENCE_PHRASES,
    **INLINE_PHRASES,
    **HTML_PHRASES,
    **RELEASE_PHRASES,
}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The phrases of one language; an unknown language speaks English."""

    language: str = "en"

    def __call__(self, key: str, **values: str | int) -> str:
        """Return phrase `key` with its fields filled in. Raises KeyError for a key or field that is missing."""
        return self.template(key).format(**values)

    def has(self, key: str) -> bool:
        """Whether there is a phrase of this name."""
        return key in PHRASES

    def template(self, key: str) -> str:
        """Return phrase `key` with its fields still open."""
        return said(key, PHRASES[key], self.language)

    def count(self, key: str, n: int) -> str:
        """Return phrase `n.key` for `n` things, with thousands separated."""
        one, _, many = self.template(f"n.{key}").partition("|")
        return (one if n == 1 or not many else many).format(n=f"{n:,}")

    def any_of(self, people: Sequence[str]) -> str:
        """Return `a`, `a or b`, `a, b or c`."""
        if len(people) < 2:
            return "".join(people)
        return ", ".join(people[:-1]) + self("or") + people[-1]

    def listed(self, items: Iterable[str], *, most: int) -> str:
        """Return `a, b, c and 4 more`, at most `most` of them."""
        every = list(items)
        shown = ", ".join(every[:most])
        return shown if len(every) <= most else f"{shown} {self('more.here', n=f'{len(every) - most:,}')}"
