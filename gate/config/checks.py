"""Checks of scanners, areas and the review by a model across keys: no contradictions, nothing that switches all scanning off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.config import yaml
from gate.config.keys import AREAS, SCANNERS
from gate.config.problems import shown, suggestion

if TYPE_CHECKING:
    from gate.config.problems import Problems


#: Engines that ask a model by its name.
_NEED_MODEL = ("claude", "messages-api", "security-review")
#: Names of witnesses that are no scanners: what a model or the gate itself says is weighed in another way.
_OWN_WITNESSES = ("ai", "gate")


def check_scanners(root: yaml.Node, problems: Problems) -> None:
    """Note scanners that are off and required, names used twice, and a policy that scans nothing."""
    scanners = yaml.child(root, "scanners")
    for name in SCANNERS:
        tool = yaml.child(scanners, name)
        required = yaml.child(tool, "required")
        if required is not None and _flag(tool, "required") is True and _flag(tool, "enabled") is False:
            problems.add(
                required, f"scanners.{name}.required: the scanner is not enabled; remove one of the two"
            )
    reports = yaml.child(scanners, "sarif")
    seen: set[str] = set()
    for at, report in enumerate(yaml.items(reports)):
        name_node = yaml.child(report, "name")
        if not isinstance(name_node, yaml.Scalar):
            continue
        name, path = name_node.text.casefold(), f"scanners.sarif[{at}].name"
        if name in SCANNERS:
            problems.add(
                name_node, f"{path}: {shown(name_node.text)} is a built-in scanner; choose another name"
            )
        elif name in _OWN_WITNESSES:
            problems.add(
                name_node,
                f"{path}: {shown(name_node.text)} is how the gate calls its own findings; choose another name",
            )
        elif name in seen:
            problems.add(name_node, f"{path}: another report is called {shown(name_node.text)} already")
        seen.add(name)
    off = all(_flag(yaml.child(scanners, name), "enabled") is False for name in SCANNERS)
    if scanners is not None and off and not yaml.items(reports):
        problems.add(scanners, "scanners: every scanner is off, so nothing would be scanned; leave one on")


def check_ai(root: yaml.Node, problems: Problems) -> None:
    """Note a review that is required and off, or that lacks what its engine needs."""
    ai = yaml.child(root, "ai")
    enabled = _flag(ai, "enabled") is True
    required = yaml.child(ai, "required")
    if required is not None and _flag(ai, "required") is True and not enabled:
        problems.add(required, "ai.required: the review is not enabled; add ai.enabled: true, or remove one")
    if ai is None or not enabled:
        return
    engine = yaml.child(ai, "engine")
    name = engine.text if isinstance(engine, yaml.Scalar) else "claude"
    if name in _NEED_MODEL and yaml.child(ai, "model") is None:
        problems.add(
            ai, f"ai.model: the engine {name} needs a model; pin one, or results change with versions"
        )
    if name == "command" and yaml.child(ai, "command") is None:
        problems.add(ai, "ai.command: the engine command needs a program and its arguments")


def check_areas(root: yaml.Node, problems: Problems) -> None:
    """Remark on new areas that look like a misspelt shipped one."""
    for name, _ in yaml.entries(yaml.child(root, "areas")):
        if name.text not in AREAS and (close := suggestion(name.text, AREAS)):
            problems.warn(name, f"areas: {shown(name.text)} is an area of its own{close}")


def _flag(tool: yaml.Node | None, key: str) -> object:
    node = yaml.child(tool, key)
    return node.value if isinstance(node, yaml.Scalar) else None
