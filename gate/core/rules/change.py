"""Is there a change at all?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.verdict import Outcome, RuleResult

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gate.core.facts import Facts


def empty(facts: Facts) -> Iterator[RuleResult]:
    """Say so when the head brings nothing: a pass without a change is easily a slip."""
    change = facts.change
    if change.commits or change.files:
        return
    swapped = "" if change.head == change.base else " If that is a surprise: are base and head swapped?"
    yield RuleResult(
        rule="change.empty",
        outcome=Outcome.PASSED,
        because=f"There is no change to judge: {change.base[:12]} already has all of {change.head[:12]}.{swapped}",
    )
