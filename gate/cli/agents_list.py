"""What `gate rules --agents` prints: agents with their signatures, as a list for people or as JSON."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from gate.reports.escape import terminal

if TYPE_CHECKING:
    from gate.core.authorship import Agent, Registry, Signature


def as_json(registry: Registry) -> dict[str, Any]:
    """Return version and digest of the registry, and agents with their signatures, sorted by id."""
    return {
        "version": registry.version,
        "digest": registry.digest,
        "disabled": sorted(registry.disabled),
        "agents": [
            {
                "id": agent.id,
                "name": agent.name,
                "note": agent.note,
                "signatures": [_signature(signature, registry) for signature in agent.signatures],
            }
            for agent in registry.agents
        ],
    }


def as_text(registry: Registry, *, width: int) -> str:
    """Return one paragraph an agent, one line a signature, and what the registry is, `width` columns wide."""
    signatures = list(registry.signatures.values())
    sizes = (max(len(s.id) for s in signatures), max(len(s.role or "-") for s in signatures))
    lines = []
    for agent in registry.agents:
        lines.append(f"{agent.id}  {terminal(agent.name)}")
        lines += [_line(s, sizes, registry) for s in agent.signatures]
    lines = [line if len(line) <= width else f"{line[: width - 1]}…" for line in lines]
    return "\n".join([*lines, "", *textwrap.wrap(_sums(registry), width, break_on_hyphens=False)]) + "\n"


def _signature(signature: Signature, registry: Registry) -> dict[str, Any]:
    return {
        "id": signature.id,
        "field": signature.field,
        "grade": signature.grade,
        "role": signature.role,
        "source": _source(signature, registry),
        "evidence": list(signature.evidence),
        "since": signature.since,
        "until": signature.until,
        "note": signature.note,
    }


def _line(signature: Signature, sizes: tuple[int, int], registry: Registry) -> str:
    source = "" if _source(signature, registry) == "shipped" else "  (of the team)"
    return (
        f"  {signature.grade}  {signature.role or '-':{sizes[1]}}  {terminal(signature.id):{sizes[0]}}  "
        f"{terminal(signature.field)}{source}"
    )


def _source(signature: Signature, registry: Registry) -> str:
    return "overlay" if signature.id in registry.added else "shipped"


def _sums(registry: Registry) -> str:
    own = f", {len(registry.added)} of the team" if registry.added else ""
    off = (
        f", {len(registry.disabled)} switched off ({', '.join(registry.disabled)})"
        if registry.disabled
        else ""
    )
    return (
        f"{_with_signatures(registry.agents)} agents, {len(registry.signatures)} signatures{own}{off}. "
        f"Version {registry.version}, {registry.digest}. "
        "Grades: A exact identity or id, B text that a tool writes, C hint, N must not count."
    )


def _with_signatures(agents: tuple[Agent, ...]) -> int:
    return sum(bool(agent.signatures) for agent in agents)
