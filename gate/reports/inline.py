"""What a publisher says besides the comment: on lines, over a review, in a status, and of a refused report."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gate.core.finding import Decision
from gate.core.verdict import Outcome
from gate.reports import order
from gate.reports.escape import cut, markdown, markdown_code, md, one_line, without_quick_actions
from gate.reports.hints import hint
from gate.reports.markdown_blocks import blocks
from gate.reports.messages import Catalogue

if TYPE_CHECKING:
    from gate.core.facts import Run
    from gate.core.finding import Finding

_FINGERPRINT = re.compile(r"<!-- ai-merge-gate:fp=([0-9a-f]{32}) -->\s*\Z")
_FIXED = "<!-- ai-merge-gate:fixed -->"
_DECISIONS = {Decision.BLOCK: "line.block", Decision.SIGNOFF: "line.signoff"}
_RULES = {"finding.new": "status.findings", "signoff.required": "status.objection"}


def remark(finding: Finding, language: str = "en") -> str:
    """Return the comment on the line of a finding. Its last line names the finding, for the next publish."""
    say = Catalogue(language)
    usual = hint(finding.family, language)
    cwe = " ".join(f"CWE-{number}" for number in sorted(finding.cwe)[:5])
    title = finding.title or finding.family
    more = finding.message.removeprefix(title).lstrip(" .:")
    witnesses = dict.fromkeys(f"{w.tool} {w.rule_id}" for w in order.witnesses(finding.witnesses))
    seen = ", ".join(markdown_code(w, most=150) for w in list(witnesses)[:3])
    decision = say(_DECISIONS.get(finding.decision, "line.note"))
    name = finding.id.rpartition(":")[2]
    parts = (
        f"**{finding.severity.word}**: {markdown(title, most=300)}",
        cwe,
        f"*{decision}*",
    )
    text = blocks(
        " · ".join(part for part in parts if part),
        md("- {}", markdown(more, most=1500)) if more else "",
        md(f"- **{say('line.fix')}**: {{}}", usual) if usual else "",
        " · ".join(part for part in (seen, markdown_code(f"gate explain {name[:8]}")) if part),
        f"<!-- ai-merge-gate:fp={name} -->",
    )
    return without_quick_actions(text)


def fingerprint_of(body: str) -> str | None:
    """Return the id of the finding that a comment on a line speaks of, None for another comment."""
    found = _FINGERPRINT.search(body)
    return f"id/v1:{found[1]}" if found else None


def is_fixed(body: str) -> bool:
    """Whether a comment on a line says that its finding is gone."""
    return body.startswith(_FIXED)


def fixed(body: str, sha: str, language: str = "en") -> str:
    """Return a comment on a line with the remark that its finding is gone since a commit."""
    return f"{_FIXED}\n{Catalogue(language)('line.fixed', sha=sha[:12])}\n\n{body}"


def review(findings: int, language: str = "en") -> str:
    """Return the text over comments on lines."""
    return Catalogue(language)("line.review", n=findings)


def refused(language: str = "en") -> str:
    """Return the comment where nothing of a report may be shown."""
    return Catalogue(language)("comment.refused")


def describe(run: Run, language: str = "en", *, most: int = 140) -> str:
    """Return the verdict as a line for a status, without numbers: it changes only if the decision does."""
    say = Catalogue(language)
    outcome = run.verdict.outcome
    rules = list(dict.fromkeys(r.rule for r in run.verdict.reasons if r.outcome is outcome))
    signoff = run.facts.signoff
    if outcome is Outcome.PASSED:
        told = (
            say("status.passed")
            if signoff.override is None
            else say("status.overridden", person=signoff.override.by)
        )
    elif outcome is Outcome.NEEDS_SIGNOFF:
        areas = signoff.waiting or tuple(signoff.areas)  # answered for, and still by too few people
        told = say("status.waiting", what=", ".join(areas) or ", ".join(rules))
    elif outcome is Outcome.BLOCKED:
        told = say("status.blocked", what=", ".join(say(_RULES[r]) if r in _RULES else r for r in rules))
    else:
        told = say("status.incomplete", what=", ".join(rules))
    if run.exit_code == 0 and outcome in (Outcome.BLOCKED, Outcome.NEEDS_SIGNOFF):
        told = say("status.observe", told=told)
    return cut(one_line(told), most)
