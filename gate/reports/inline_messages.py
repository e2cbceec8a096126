"""Phrases of what a publisher posts besides the comment; see `gate.reports.messages`."""

from __future__ import annotations

PHRASES: dict[str, str] = {
    "line.fix": "Fix",
    "line.block": "blocks the merge",
    "line.signoff": "waits for a human",
    "line.note": "does not block",
    "line.fixed": "**Fixed** in {sha}.",
    "line.review": "New findings on lines of this change: {n}. The verdict is in the comment of the gate.",
    "comment.refused": "**INCOMPLETE**: the gate could not believe the report of its check job, so nothing is decided. "
    "The log of the publishing job says why. Run the check again.",
    "status.passed": "Passed",
    "status.overridden": "OVERRIDDEN by {person}",
    "status.waiting": "Waiting for sign-off: {what}",
    "status.blocked": "Blocked: {what}",
    "status.incomplete": "Incomplete: {what}",
    "status.observe": "Observe mode, would be: {told}",
    "status.findings": "new findings",
    "status.objection": "changes requested by a reviewer",
    "status.refused": "Incomplete: the report of the check job was refused",
    "status.wrong": "Incomplete: the policy of the target branch, or an option, is wrong",
    "status.failed": "Incomplete: the gate itself failed; see the log of the publishing job",
    "status.pending": "The gate is running",
    "status.sibling": "Passed here; the same commit also goes to {what}",
    "status.unsure": "Passed, but nobody says whether {branch} is protected",
    "status.unlisted": "branches that could not be listed",
}
