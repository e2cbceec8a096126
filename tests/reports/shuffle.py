"""The same facts in another order."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from gate.core.authorship import CommitAuthorship

if TYPE_CHECKING:
    import random

    from gate.core.facts import Run

#: Sequences whose order is a fact: source lines, history, hunks, evidence by strength, sentences.
ORDERED = frozenset(
    {"agents", "commits", "cwe", "errors", "evidence", "hints", "hunks", "missing", "new", "notes", "old", "parents",
     "reasons", "remarks", "rules", "snippet", "warnings"}
)  # fmt: skip


def shuffled(run: Run, random: random.Random) -> Run:
    """Return a run with every unordered sequence and mapping of its facts shuffled."""
    return replace(run, facts=_shuffled(run.facts, random))


def _shuffled(value: Any, random: random.Random) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        changed = {}
        for field in fields(value):
            item = _shuffled(getattr(value, field.name), random)
            if isinstance(item, tuple) and field.name not in ORDERED:
                item = tuple(random.sample(item, len(item)))
            changed[field.name] = item
        return replace(value, **changed)
    if isinstance(value, CommitAuthorship):
        return value._make(_shuffled(item, random) for item in value)
    if isinstance(value, tuple):
        return tuple(_shuffled(item, random) for item in value)
    if isinstance(value, dict):
        items = [(key, _shuffled(item, random)) for key, item in value.items()]
        return dict(random.sample(items, len(items)))
    return value
