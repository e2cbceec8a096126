"""The one order of everything that reports list, so that equal facts give equal bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.change import path_bytes
from gate.core.finding import Decision, State
from gate.core.rules.ai import is_of_models

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gate.core.area import Touch
    from gate.core.baseline import Known
    from gate.core.finding import Finding, Witness
    from gate.core.scan import ToolRun, Unscanned
    from gate.core.suppression import Suppression

#: Decisions and states as reports list them.
DECISIONS = (Decision.BLOCK, Decision.SIGNOFF, Decision.NOTE, Decision.WAIVED, Decision.SUPPRESSED)
STATES = (State.NEW, State.UNKNOWN, State.MOVED, State.EXISTING, State.FIXED)


def path_key(path: str) -> bytes:
    """The bytes of a path; also of one that no git tree can hold (from an imported report)."""
    try:
        return path_bytes(path)
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")


def findings(items: Iterable[Finding]) -> list[Finding]:
    """Return findings by decision, severity, state, path bytes, line, column, family, id.

    What only a model says comes behind all that scanners say with the same decision: most formats have room for
    so many, and a model that floods them must not push anything out.
    """
    return sorted(
        items,
        key=lambda f: (
            DECISIONS.index(f.decision),
            is_of_models(f),
            -f.severity,
            STATES.index(f.state),
            path_key(f.path),
            f.range,
            f.family,
            f.id,
        ),
    )


def known(items: Iterable[Known]) -> list[Known]:
    """Return findings of a baseline by severity, path bytes, line, family, id."""
    return sorted(items, key=lambda k: (-k.severity, path_key(k.path), k.line, k.family, k.id))


def witnesses(items: Iterable[Witness]) -> list[Witness]:
    """Return witnesses by tool, rule and place."""
    return sorted(items, key=lambda w: (w.tool, w.rule_id, w.range, w.message))


def suppressions(items: Iterable[Suppression]) -> list[Suppression]:
    """Return suppressions by path, line, kind and content."""
    return sorted(
        items,
        key=lambda s: (path_key(s.path), s.line, s.kind, s.rules, s.findings, s.owner or "", s.reason, s.why),
    )


def tools(items: Iterable[ToolRun]) -> list[ToolRun]:
    """Return tools by name."""
    return sorted(items, key=lambda run: (run.head.tool, run.head.version, run.head.engine))


def unscanned(items: Iterable[Unscanned]) -> list[Unscanned]:
    """Return unscanned files by path bytes."""
    return sorted(items, key=lambda u: (path_key(u.path), u.reason))


def words(items: Iterable[str]) -> list[str]:
    """Return sentences of ours in alphabetical order."""
    return sorted(items)


def paths(items: Iterable[str]) -> list[str]:
    """Return paths by their bytes."""
    return sorted(items, key=path_key)


def by_area(touches: Iterable[Touch]) -> Mapping[str, list[Touch]]:
    """Return area → its evidence by path bytes, line, side and rule; areas in alphabetical order."""
    grouped: dict[str, list[Touch]] = {}
    for touch in sorted(
        touches, key=lambda t: (t.area, path_key(t.path), t.line, t.side, t.layer, t.rule, t.text)
    ):
        grouped.setdefault(touch.area, []).append(touch)
    return grouped
