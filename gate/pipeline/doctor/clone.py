"""Checks of the clone: whether it has all that a verdict needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.words import listed
from gate.errors import GitError
from gate.git.repository import SHALLOW_HINT
from gate.pipeline.doctor.check import Check, Clone, fail, ok, warn
from gate.pipeline.statements import NOTES_REF

if TYPE_CHECKING:
    from collections.abc import Iterator


def checks(clone: Clone) -> Iterator[Check]:
    """Yield what the clone has and lacks."""
    yield history(clone)
    yield target(clone)
    if clone.target is not None and not clone.is_assumed:
        yield merge_base(clone)
    yield oddities(clone)
    yield notes(clone)


def history(clone: Clone) -> Check:
    """Whether the history is whole."""
    if clone.repository.is_shallow():
        return fail(
            "history", "the clone is shallow, so every check ends as incomplete", _sentence(SHALLOW_HINT)
        )
    return ok("history", "the whole history is here")


def target(clone: Clone) -> Check:
    """Whether the branch that changes go to is known and here."""
    if clone.target is None:
        return fail("target", clone.target_problem, _sentence(clone.target_hint))
    if clone.is_assumed:
        return warn(
            "target",
            f"{clone.target_problem}; HEAD ({clone.target[:12]}) is looked at in its place",
            _sentence(clone.target_hint),
        )
    return ok("target", f"{clone.target_name} is at {clone.target[:12]}")


def merge_base(clone: Clone) -> Check:
    """Whether HEAD and the target branch have a common history."""
    try:
        head = clone.repository.resolve("HEAD")
        clone.repository.change_digest(clone.target or "", head)
    except GitError as error:
        return fail("merge-base", error.message, _sentence(error.hint or ""))
    return ok("merge-base", f"HEAD and {clone.target_name} have a common history")


def oddities(clone: Clone) -> Check:
    """Whether something in the clone would show a reader another history than the gate sees."""
    found = clone.repository.oddities()
    if not found:
        return ok("view", "no replace refs, no grafts, no absent objects")
    return warn(
        "view",
        "; ".join(found),
        "Others see another history here than the gate: `git replace -d` removes replace refs, a fresh clone the rest.",
    )


def notes(clone: Clone) -> Check:
    """Whether the notes that the policy relies on are here; clones do not bring them."""
    refs = {ref.source: ref for ref in clone.repository.notes_refs()}
    policy = clone.policy
    required = set(policy.authorship.require) & set(refs) if policy else set()
    lacking = sorted(refs[source].name for source in required if not refs[source].exists)
    fetch = "Fetch them before the gate runs: git fetch origin '+refs/notes/*:refs/notes/*'"
    if lacking:
        return fail("notes", f"the policy requires {listed(lacking)}, which this clone does not have", fetch)
    broken = [f"{ref.name}: {ref.problem}" for ref in refs.values() if ref.problem]
    if broken:
        return fail(
            "notes", f"notes cannot be read: {listed(broken)}", "Fetch the refs again, or repair the clone."
        )
    signed = policy is not None and any(human.keys for human in policy.signoff.humans)
    if signed and not clone.repository.notes_at(NOTES_REF).exists:
        return warn(
            "notes",
            f"people have keys, and {NOTES_REF}, where signed statements are shared, is not in this clone",
            f"{fetch}. Nothing is wrong if nobody has signed anything yet.",
        )
    there = sorted(ref.name for ref in refs.values() if ref.exists)
    return ok("notes", f"here: {listed(there)}" if there else "none are here and none are needed")


def _sentence(hint: str) -> str:
    return hint[:1].upper() + hint[1:] + ("" if hint.endswith((".", "?")) or not hint else ".")
