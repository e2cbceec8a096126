"""`gate rules`: what the gate knows."""

from __future__ import annotations

from typing import Any

import click

from gate.cli import options
from gate.cli.table import table


@click.command("rules", context_settings=options.SETTINGS)
@click.option("--agents", "shown", flag_value="agents", help="Known coding agents and their signatures.")
@click.option("--areas", "shown", flag_value="areas", help="Sensitive areas.")
@click.option("--families", "shown", flag_value="families", help="Families of weaknesses with their CWEs.")
@click.option("--verdict", "shown", flag_value="verdict", help="Rules that decide the verdict.")
@options.group(options.output)
def command(shown: str | None, **given: Any) -> int:
    """List the shipped Semgrep rules, or what else the gate judges by.

    \b
    gate rules
    gate rules --agents
    gate rules -o json
    """
    outputs = options.parse_outputs(given["output"], ("text", "json"))
    heads, rows = _rows(shown or "rules")

    def render(output: str, _color: bool, width: int) -> str:
        if output == "json":
            import json  # noqa: PLC0415

            return (
                json.dumps([dict(zip(heads, row, strict=True)) for row in rows], indent=1, ensure_ascii=False)
                + "\n"
            )
        return (
            table(heads, rows, width=width)
            + f"\n{len(rows)} {shown or 'rules'}. Explain one: gate explain ID\n"
        )

    options.write_reports(outputs, render, color="never")
    return 0


def _rows(shown: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    from gate import config  # noqa: PLC0415 - start-up stays cheap

    if shown == "agents":
        from gate.pipeline.inputs import registry  # noqa: PLC0415

        agents = registry(config.load_policy(None)).agents
        return ("id", "agent", "signatures"), [(a.id, a.name, str(len(a.signatures))) for a in agents]
    if shown == "areas":
        areas = config.load_areas().values()
        return ("id", "title"), sorted((str(a["id"]), str(a["title"])) for a in areas)
    if shown == "families":
        families = config.load_families()["families"]
        return ("id", "cwe", "title"), [
            (name, " ".join(str(c) for c in row["cwes"]), str(row["title"]))
            for name, row in sorted(families.items())
        ]
    if shown == "verdict":
        from gate.core.rules import SUMMARIES  # noqa: PLC0415

        return ("id", "judges"), list(SUMMARIES.items())
    from gate.scanners.catalogue import rule_cards  # noqa: PLC0415

    return ("id", "severity", "languages", "family or area"), [
        (c.id, c.severity, " ".join(c.languages), c.family or f"area {c.area}") for c in rule_cards()
    ]
