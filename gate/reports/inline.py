"""What a publisher says besides the comment: on lines, over a review, in a status, and of a refused report."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gate.core.verdict import Outcome
from gate.reports import order
from gate.reports.escape import cut, markdown, markdown_code, md, one_line, without_quick_actions
from gate.reports.hints import hint
from gate.reports.markdown_blocks import blocks

if TYPE_CHECKING:
    from gate.core.facts import Run
    from gate.core.finding import Finding

_REFUSED = (
    "**INCOMPLETE**: the gate could not believe the report of its check job, so nothing is decided. The log of "
    "the publishing job says why. Run the check again."
)
_REFUSED_KO = (
    "**검사 미완료**: 게이트가 검사 작업의 보고서를 신뢰할 수 없어 판정하지 않았습니다. 이유는 게시 작업의 로그에 있습니다. "
    "검사를 다시 실행하십시오."
)
#: (English, Korean)
_PHRASES = {
    "fix": ("Fix", "수정"),
    "block": ("blocks the merge", "병합을 막습니다"),
    "signoff": ("waits for a human", "사람의 승인을 기다립니다"),
    "note": ("does not block", "병합을 막지 않습니다"),
    "review": (
        "New findings on lines of this change: {n}. The verdict is in the comment of the gate.",
        "이 변경의 줄에서 새로 발견된 문제: {n}건. 판정은 게이트의 댓글에 있습니다.",
    ),
    "fixed": ("**Fixed** in {sha}.", "{sha}에서 **고쳐졌습니다**."),
    "refused": (_REFUSED, _REFUSED_KO),
}
_FINGERPRINT = re.compile(r"<!-- ai-merge-gate:fp=([0-9a-f]{32}) -->\s*\Z")
_FIXED = "<!-- ai-merge-gate:fixed -->"


def _say(key: str, language: str, **values: object) -> str:
    english, korean = _PHRASES[key]
    return (korean if language == "ko" else english).format(**values)


def remark(finding: Finding, language: str = "en") -> str:
    """Return the comment on the line of a finding. Its last line names the finding, for the next publish."""
    usual = hint(finding.family, language)
    cwe = " ".join(f"CWE-{number}" for number in sorted(finding.cwe)[:5])
    title = finding.title or finding.family
    more = finding.message.removeprefix(title).lstrip(" .:")
    witnesses = dict.fromkeys(f"{w.tool} {w.rule_id}" for w in order.witnesses(finding.witnesses))
    seen = ", ".join(markdown_code(w, most=150) for w in list(witnesses)[:3])
    decision = finding.decision.value if finding.decision.value in _PHRASES else "note"
    name = finding.id.rpartition(":")[2]
    parts = (
        f"**{finding.severity.word}**: {markdown(title, most=300)}",
        cwe,
        f"*{_say(decision, language)}*",
    )
    text = blocks(
        " · ".join(part for part in parts if part),
        md("- {}", markdown(more, most=1500)) if more else "",
        md(f"- **{_say('fix', language)}**: {{}}", usual) if usual else "",
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
    return f"{_FIXED}\n{_say('fixed', language, sha=sha[:12])}\n\n{body}"


def review(findings: int, language: str = "en") -> str:
    """Return the text over comments on lines."""
    return _say("review", language, n=findings)


def refused(language: str = "en") -> str:
    """Return the comment where nothing of a report may be shown."""
    return _say("refused", language)


def describe(run: Run, *, most: int = 140) -> str:
    """Return the verdict as a line for a status, without numbers: it changes only if the decision does."""
    outcome = run.verdict.outcome
    reasons = [r for r in run.verdict.reasons if r.outcome is outcome]
    rules = list(dict.fromkeys(r.rule for r in reasons))
    signoff = run.facts.signoff
    if outcome is Outcome.PASSED:
        told = "Passed" if signoff.override is None else f"OVERRIDDEN by {signoff.override.by}"
    elif outcome is Outcome.NEEDS_SIGNOFF:
        areas = signoff.waiting if signoff.waiting is not None else tuple(signoff.areas)
        told = f"Waiting for sign-off: {', '.join(areas) or ', '.join(rules)}"
    elif outcome is Outcome.BLOCKED:
        names = {"finding.new": "new findings", "signoff.required": "changes requested by a reviewer"}
        told = f"Blocked: {', '.join(names.get(rule, rule) for rule in rules)}"
    else:
        told = f"Incomplete: {', '.join(rules)}"
    if run.exit_code == 0 and outcome in (Outcome.BLOCKED, Outcome.NEEDS_SIGNOFF):
        told = f"Observe mode, would be: {told}"
    return cut(one_line(told), most)
