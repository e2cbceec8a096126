"""Who put commits on the branch of a merge request, apart from those who only brought it up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gate.core.change import Commit
    from gate.core.review.model import Account, ForgeFacts, Push


def pushers_of(forge: ForgeFacts, commits: Sequence[Commit]) -> tuple[Account, ...]:
    """Return the pushers whose word on the change is not independent.

    Whoever only pressed "Update branch" brought nothing but clean merges of the target branch and stays free to
    sign. Known is that only where the forge names every push of an account; whoever has one that cannot be traced
    in `commits`, such as one of a branch before it was rewritten, counts.
    """
    known = {commit.sha: commit for commit in commits}
    pushed: dict[Account, list[Push]] = {}
    for push in forge.pushes:
        pushed.setdefault(push.account, []).append(push)
    return tuple(
        account
        for account in forge.pushers or ()
        if not pushed.get(account) or not all(_only_updates(push, known) for push in pushed[account])
    )


def _only_updates(push: Push, known: Mapping[str, Commit]) -> bool:
    if push.before not in known or push.after not in known:
        return False
    brought = _reachable(push.after, known) - _reachable(push.before, known)
    return bool(brought) and all(known[sha].update_merge for sha in brought)


def _reachable(tip: str, known: Mapping[str, Commit]) -> set[str]:
    found: set[str] = set()
    waiting = [tip]
    while waiting:
        sha = waiting.pop()
        if sha in known and sha not in found:
            found.add(sha)
            waiting.extend(known[sha].parents)
    return found
