"""`gate rules`: what the gate knows."""

from __future__ import annotations

from typing import Any

import click

from gate.cli import options
from gate.cli.table import table
from gate.errors import UsageError


@click.command("rules", context_settings=options.SETTINGS)
@click.option("--agents", "shown", flag_value="agents", help="Known coding agents and their signatures.")
@click.option("--areas", "shown", flag_value="areas", help="Sensitive areas.")
@click.option("--families", "shown", flag_value="families", help="Families of weaknesses with their CWEs.")
@click.option("--verdict", "shown", flag_value="verdict", help="Rules that decide the verdict.")
@options.group(
    click.option(
        "--config", metavar="FILE", help="Policy whose agents of the team are listed, too; for --agents."
    ),
    options.output,
)
def command(shown: str | None, **given: Any) -> int:
    """List the shipped Semgrep rules, or what else the gate judges by.

    \b
    gate rules
    gate rules --agents
    gate rules --agents --config .gate.yml
    gate rules -o json
    """
    outputs = options.parse_outputs(given["output"], ("text", "json"))
    if shown == "agents":
        return _agents(outputs, given["config"])
    if given["config"]:
        raise UsageError(
            "--config is read for --agents only", hint="Write: gate rules --agents --config FILE"
        )
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


def _agents(outputs: tuple[options.Output, ...], config: str | None) -> int:
    import json  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    from gate.cli.agents_list import as_json, as_text  # noqa: PLC0415
    from gate.pipeline import inputs  # noqa: PLC0415
    from gate.pipeline.request import Request  # noqa: PLC0415

    policy = inputs.load_policy(None, None, Request(config=Path(config) if config else None))
    registry = inputs.registry(policy)

    def render(output: str, _color: bool, width: int) -> str:
        if output == "json":
            return json.dumps(as_json(registry), indent=1, ensure_ascii=False) + "\n"
        return as_text(registry, width=width)

    options.write_reports(outputs, render, color="never")
    return 0


def _rows(shown: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    from gate import config  # noqa: PLC0415 - start-up stays cheap

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
