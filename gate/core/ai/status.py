"""When a call, and a pass, is completed. Everything else has a reason, and none of them is ever "nothing found"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.ai.model import AiStatus, Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gate.core.ai.model import Unreviewed

#: Reasons with which nothing was started.
SKIPPED = frozenset(
    {
        Reason.DISABLED,
        Reason.FORK,
        Reason.NO_CREDENTIALS,
        Reason.CLI_MISSING,
        Reason.CLI_TOO_OLD,
        Reason.NOTHING_REVIEWABLE,
    }
)

#: What to do about a pass that was not completed, for people.
REMEDIES = {
    Reason.DISABLED: "Set ai.enabled: true in the policy of the target branch.",
    Reason.FORK: "Somebody with access lets the pass run on a branch of this repository, or reviews by hand.",
    Reason.NO_CREDENTIALS: "Give the job ANTHROPIC_API_KEY (see docs/ai-review.md), in a job that the author cannot change.",
    Reason.CLI_MISSING: "Install the program of the engine where the job runs, or choose another ai.engine.",
    Reason.CLI_TOO_OLD: "Install a newer version of the program of the engine.",
    Reason.NOTHING_REVIEWABLE: "Nothing: the change has no text to review.",
    Reason.NO_MERGE_BASE: "Clone with the whole history.",
    Reason.ISOLATION: "The program did not start as isolated as it must be: pin a version that docs/ai-review.md names.",
    Reason.AUTH: "The service refused the key: check ANTHROPIC_API_KEY.",
    Reason.RATE_LIMITED: "Run the job again later, or lower ai.jobs.",
    Reason.OVERLOADED: "Run the job again later.",
    Reason.SERVER_ERROR: "Run the job again later.",
    Reason.CONNECTION: "Check that the job reaches the service (ANTHROPIC_BASE_URL, proxy, certificates).",
    Reason.MODEL_NOT_FOUND: "Correct ai.model in the policy of the target branch.",
    Reason.BAD_REQUEST: "The service refused the request: check ai.model and ANTHROPIC_BASE_URL.",
    Reason.BILLING: "The account of the key has no credit.",
    Reason.TIMEOUT: "Raise ai.timeout, or lower ai.batch_bytes.",
    Reason.REFUSED: "The model declined to review this; a human must look at these files.",
    Reason.MAX_TOKENS: "Lower ai.batch_bytes.",
    Reason.MAX_TURNS: "Run the job again, or choose another model.",
    Reason.INVALID_OUTPUT: "Run the job again, or choose another model.",
    Reason.NO_STRUCTURED_OUTPUT: "Run the job again, or choose another model.",
    Reason.NO_MODEL_CALL: "The program ended without asking a model: pin a version that docs/ai-review.md names.",
    Reason.BUDGET: "Raise ai.max_usd, or review the rest by hand.",
    Reason.TOO_LARGE: "Split the change, raise ai.max_diff_bytes or ai.batch_bytes, or review the rest by hand.",
    Reason.UNDECODABLE: "Store these files as UTF-8, or review them by hand.",
    Reason.LONG_LINE: "Review these files by hand, or name them in ai.exclude if they are generated.",
    Reason.TOO_MANY_FINDINGS: "Fix what is listed first; there is more.",
    Reason.CRASHED: "Run the job again; run the program of the engine by hand if it stays.",
    Reason.NO_RECORDING: "Record the pass for this change with --ai-record, or choose another ai.engine.",
}


def pass_status(
    calls: Sequence[Reason | None], unreviewed: Sequence[Unreviewed], *, capped: bool
) -> tuple[AiStatus, Reason | None]:
    """Return how a pass ended. `calls` has one entry for each call that was planned: None if it completed.

    No call at all is never a completed pass.
    """
    if not calls:
        first = unreviewed[0].reason if unreviewed else Reason.NOTHING_REVIEWABLE
        return (AiStatus.FAILED, first) if unreviewed else (AiStatus.SKIPPED, first)
    failed = [reason for reason in calls if reason is not None]
    if len(failed) == len(calls):
        return AiStatus.FAILED, failed[0]
    if failed:
        return AiStatus.PARTIAL, failed[0]
    if unreviewed:
        return AiStatus.PARTIAL, unreviewed[0].reason
    if capped:
        return AiStatus.PARTIAL, Reason.TOO_MANY_FINDINGS
    return AiStatus.COMPLETED, None
