"""What reports for a terminal say of authorship beside verdicts: the merge request, suppression, what to fetch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.words import shown
from gate.reports.escape import terminal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gate.core.authorship import Authorship, CommitAuthorship, Evidence
    from gate.core.authorship.model import Marker, RegistryStamp
    from gate.reports.messages import Catalogue
    from gate.reports.terminal import Page

#: Key and value of the policy that suppression is answered with.
ADVICE = "authorship.treat_undeclared_as: ai"
MOST_MARKERS = 10


def request_said(evidence: Sequence[Evidence], say: Catalogue) -> str:
    """Return where the merge request itself names an agent, each place once; empty if nowhere."""
    places = dict.fromkeys(
        say("authorship.account", account=one.text)
        if one.source == "account"
        else say("authorship.body", line=f"{one.line:,}")
        for one in evidence
    )
    return say("authorship.request", places=", ".join(places)) if places else ""


def marker_said(marker: Marker, say: Catalogue) -> str:
    """Return the place of a marker, what stands there, and since when."""
    place = f"{shown(marker.file)}:{marker.line}" if marker.line else shown(marker.file)
    remarks = [
        *([say("authorship.introduced")] if marker.introduced else []),
        *([say("authorship.base_only")] if marker.side == "base" else []),
        *([say("authorship.intent")] if marker.intent else []),
    ]
    told = f"({', '.join(remarks)})" if remarks else ""
    what = marker.text or f"{marker.key} · {marker.agent}"
    return f"{place}  {what} {told}".rstrip()


def suppression(page: Page, facts: Authorship, say: Catalogue, *, indent: int, advise: bool) -> None:
    """Add what switches attribution off, and the key of the policy that answers it."""
    if not facts.suppressed:
        return
    page.text(say("authorship.suppressed") + (":" if facts.markers else ""), indent=indent)
    for marker in facts.markers[:MOST_MARKERS]:
        page.text(terminal(marker_said(marker, say)), indent=indent + 2, hang=indent + 4)
    if len(facts.markers) > MOST_MARKERS:
        more = say("more", n=f"{len(facts.markers) - MOST_MARKERS:,}")
        page.text(more, indent=indent + 2, style="dim")
    if advise:
        page.text(say("authorship.advice", setting=ADVICE), indent=indent + 2, style="dim")


def registry_said(stamp: RegistryStamp, say: Catalogue) -> str:
    """Return which signatures judged, and what the team added and switched off."""
    parts = [f"{terminal(stamp.version)} {stamp.digest[:19]}"]
    for phrase, ids in (("authorship.added", stamp.added), ("authorship.disabled", stamp.disabled)):
        if ids:
            parts.append(say(phrase, ids=terminal(say.listed(ids, most=5))))
    return f"{say('authorship.registry')}: {', '.join(parts)}"


def fetches(page: Page, facts: Authorship, say: Catalogue, *, indent: int) -> None:
    """Add the commands that bring the commits of merge requests."""
    if facts.fetches:
        page.text(f"{say('authorship.no_requests')}:", indent=indent, style="dim")
    for command in facts.fetches:
        page.text(command, indent=indent + 2, style="dim")


def told_of_others(commit: CommitAuthorship, say: Catalogue) -> Iterator[str]:
    """Yield what is known of the commits that a commit speaks of."""
    squash = commit.squash
    if squash is not None and squash.commits is not None:
        told = say(
            "authorship.squash", request=squash.request, ai=f"{squash.ai or 0:,}", all=f"{squash.commits:,}"
        )
        yield told if squash.same is not False else f"{told}, {say('authorship.squash_differs')}"
    for one in commit.reverted:
        agents = f", {', '.join(one.agents)}" if one.agents else ""
        verdict = f" ({one.verdict.value}{agents})" if one.verdict is not None else ""
        yield say("authorship.reverts", sha=one.sha[:10]) + verdict
