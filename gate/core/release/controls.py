"""For which demand of a framework a report on a release shows something, and what of it is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gate.core.release.model import Control, Framework, State
from gate.core.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from gate.core.release.model import Released

LANGUAGES = ("en", "ko")


def build_framework(name: str, document: Mapping[str, Any]) -> Framework:
    """Return the framework of a document of `rulesets/controls/`. Raises ValueError, naming the place, for a wrong one."""
    where = f"controls/{name}"
    if document.get("version") != 1:
        raise ValueError(f"{where}: version must be 1")
    title, source, rows = document.get("title"), document.get("source"), document.get("controls")
    if not isinstance(source, str) or not isinstance(rows, list) or not rows:
        raise ValueError(f"{where}: needs source (a text) and controls (a list)")
    controls = []
    for number, row in enumerate(rows):
        place = f"{where}: controls[{number}]"
        if not isinstance(row, dict) or row.keys() != {"id", "shows", "text"}:
            raise ValueError(f"{place}: needs exactly id, shows and text")
        shows = tuple(row["shows"]) if isinstance(row["shows"], list) else ()
        if not shows or any(one not in FACTS for one in shows):
            raise ValueError(f"{place}.shows: must be some of {', '.join(FACTS)}")
        controls.append(
            Control(framework=name, id=str(row["id"]), shows=shows, text=_texts(row["text"], f"{place}.text"))
        )
    return Framework(id=name, title=_texts(title, f"{where}: title"), source=source, controls=tuple(controls))


def _texts(value: Any, place: str) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(isinstance(value.get(one), str) for one in LANGUAGES):
        raise ValueError(f"{place}: needs a text in {' and '.join(LANGUAGES)}")
    return {one: str(value[one]) for one in LANGUAGES}


def mapped(framework: Framework, released: Released) -> Iterator[tuple[Control, tuple[str, ...]]]:
    """Yield each demand with the facts that the report cannot show for it; none if it shows them all."""
    known = {name: fact(released) for name, fact in FACTS.items()}
    for control in framework.controls:
        yield control, tuple(name for name in control.shows if not known[name])


def _no(rule: str) -> Callable[[Released], bool]:
    return lambda released: (
        not any(
            reason.rule == rule and reason.outcome > Outcome.PASSED for reason in released.run.verdict.reasons
        )
    )


def _scanned(released: Released) -> bool:
    return not any(
        reason.rule.startswith(("scan.", "release.import")) and reason.outcome is Outcome.INCOMPLETE
        for reason in released.run.verdict.reasons
    )


def _waivers(released: Released) -> bool:
    return _no("release.waiver")(released)


#: What a report can show. A fact is there or open; none is a judgement on the framework.
FACTS: Mapping[str, Callable[[Released], bool]] = {
    "reviews": lambda r: not r.release.in_state(State.UNCOVERED),
    "findings": _no("finding.new"),
    "scan": _scanned,
    "authorship": lambda _: True,
    "waivers": _waivers,
    "evidence": lambda r: bool(r.release.store) and not r.release.store_problems,
    "tag": lambda r: r.release.tag.annotated and not r.release.tag.problem,
    "overrides": lambda r: not r.release.in_state(State.OVERRIDDEN),
    "policy": lambda r: not r.run.facts.policy.is_default,
}
