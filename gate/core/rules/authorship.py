"""Could every source of authorship be read that the policy asks for, and does the repository let agents say it?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gate.core.authorship.notes import FETCH_NOTES, REFS
from gate.core.verdict import Outcome, RuleResult
from gate.core.words import listed, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gate.core.facts import Facts

_WAY_OUT: Final = "or take {source} out of authorship.require in the policy of the target branch"


def required(facts: Facts) -> Iterator[RuleResult]:
    """Nobody knows what a source says that is not there, so a required one that is missing is incomplete."""
    if not facts.change.commits:
        return  # nothing was written, so there is nothing to say of who wrote it
    for source in sorted(set(facts.policy.authorship.require)):
        state = facts.authorship.sources.get(source, "not_asked")
        if state != "present":
            yield RuleResult(
                rule="authorship.source",
                outcome=Outcome.INCOMPLETE,
                because=_because(source, state, facts.authorship.remarks),
                to_pass=_to_pass(source, state),
            )


def _because(source: str, state: str, remarks: tuple[str, ...]) -> str:
    ref = REFS.get(source)
    if ref is None:
        return (
            f"The policy requires {source} (authorship.require), and the commits of the change were not read."
        )
    if state == "unreadable":
        why = next((remark for remark in remarks if ref in remark), "")
        told = f": {why}" if why else ""
        return f"The policy requires {source} (authorship.require), and not all of {ref} can be read{told}."
    return (
        f"The policy requires {source} (authorship.require), and this clone has no {ref}. "
        "A clone does not bring notes by itself."
    )


def _to_pass(source: str, state: str) -> str:
    way_out = _WAY_OUT.format(source=source)
    if source not in REFS:
        return f"Run `gate check` on the commits of the change, {way_out}."
    if state == "unreadable":
        return f"Correct the note, or fetch the notes again ({FETCH_NOTES}), {way_out}."
    return f"Fetch the notes before the gate runs: {FETCH_NOTES}; {way_out}, if the project writes none."


def suppressed(facts: Facts) -> Iterator[RuleResult]:
    """Say when the repository switches attribution off: what is not declared there says nothing."""
    markers = facts.authorship.markers
    if not markers:
        return
    places = {f"{shown(m.file)}:{m.line}" if m.line else f"{shown(m.file)} ({m.key})" for m in markers}
    because = f"Attribution of AI is switched off by {listed(sorted(places), most=3)}"
    new = {f"{shown(m.file)}:{m.line}" if m.line else shown(m.file) for m in markers if m.introduced}
    if new:
        because += f"; this change set it in {listed(sorted(new), most=3)}"
    counted_as_ai = facts.policy.authorship.treat_undeclared_as_ai
    advice = (
        "" if counted_as_ai else " To count undeclared commits as AI: authorship.treat_undeclared_as: ai."
    )
    yield RuleResult(rule="authorship.suppressed", outcome=Outcome.PASSED, because=f"{because}.{advice}")
