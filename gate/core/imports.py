"""Of which commit an imported report is, and how old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from gate.core.review.decisions import moment

#: Clocks of two machines may differ by this much.
SKEW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOrigin:
    """What a report, or the file beside it, says of itself: `commit` in full or its beginning, `made_at` ISO 8601;
    each empty where nothing says so. `digest` is that of the file.
    """

    digest: str = ""
    commit: str = ""
    made_at: str = ""


def stale(origin: ReportOrigin, *, head: str, now: str, max_age_hours: int | None) -> str:
    """Return why a report cannot speak of the commit `head` at the time `now`, or an empty text.

    What a report does not say of its commit is no reason here; see `unbound`.
    """
    if origin.commit and not head.startswith(origin.commit.lower()):
        return (
            f"is stale: it was made for {origin.commit[:12]} and not for {head[:12]}; let the scanner check out that "
            "commit, which on GitHub is not the merge commit of the pull request"
        )
    if max_age_hours is None:
        return ""
    at, until = moment(origin.made_at) if origin.made_at else None, moment(now)
    if at is None or until is None:
        return (
            f"does not say when it was made, and the policy takes none older than {max_age_hours} hours; write the "
            "time beside it (see docs/release.md)"
        )
    if at > until + SKEW:
        return f"says that it was made at {origin.made_at}, which lies in the future"
    if until - at > timedelta(hours=max_age_hours):
        return f"is stale: it was made at {origin.made_at}, and the policy takes none older than {max_age_hours} hours"
    return ""


def unbound(origin: ReportOrigin, path: str) -> str:
    """Return why nothing binds a report to any commit, or an empty text."""
    if origin.commit:
        return ""
    return f"does not say of which commit it is; the job that makes it writes that beside it: `git rev-parse HEAD > {path}.commit`"
