"""`gate doctor`: whether a set-up works, and how to mend it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gate.cli import options
from gate.cli.progress import progress

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gate.pipeline.doctor import Check

_SIGNS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red"), "unknown": ("?", "cyan")}


@click.command(
    "doctor",
    context_settings=options.SETTINGS,
    epilog="Exit codes: 0 fine or warnings only, 1 something failed, 4 nothing failed and something is unknown.",
)
@options.group(
    options.repo,
    click.option("--base", metavar="REV", help="Target branch; default: the default branch of the remote."),
    click.option(
        "--forge", type=click.Choice(["github", "gitlab"]), help="Default: the one of the remote origin."
    ),
    click.option("--repository", metavar="OWNER/NAME", help="Project on the forge; default: that of origin."),
    click.option("--api-url", metavar="URL", help="Address of the API; default: that of the remote's host."),
    click.option(
        "--status-context",
        default="gate",
        metavar="NAME",
        help="Name of the gate's status; {target} in it stands for the target branch.",
    ),
    click.option("--offline", is_flag=True, help="Ask no forge, even if a token is set."),
    options.now,
    click.option(
        "-o", "--output", "form", type=click.Choice(["text", "json"]), default="text", help="Format."
    ),
    options.lang,
    options.color,
    options.verbose,
    options.quiet,
)
def command(**given: Any) -> int:
    """Check tools, clone, policy, people, CI files and settings of the forge, and say how to mend each.

    Without a token everything local is checked. With GATE_TOKEN the forge is asked too; nothing is written.

    \b
    gate doctor
    GATE_TOKEN=… gate doctor
    gate doctor --offline -o json
    """
    from gate.pipeline.doctor import Look, as_json, doctor, exit_code  # noqa: PLC0415 - start-up stays cheap

    wish = Look(
        repo=Path(given["repo"]),
        base=given["base"],
        forge=given["forge"],
        repository=given["repository"],
        api=given["api_url"],
        context=given["status_context"],
        offline=given["offline"],
        now=options.parse_now(given["now"])[:10],
        environment=dict(os.environ),
    )
    with progress(quiet=given["quiet"], verbose=given["verbose"]) as stage:
        groups = doctor(wish, stage)
    code = exit_code(groups)
    if given["form"] == "json":
        told = {"schema": "gate-doctor/1", "exit_code": code, "checks": as_json(groups)}
        text = json.dumps(told, indent=1) + "\n"
    else:
        lines = _text(groups, given["lang"], colour=options.wants_color(given["color"]))
        text = "\n".join(lines) + "\n"
    options.print_report(text, color=options.wants_color(given["color"]))
    return code


def _text(groups: Mapping[str, list[Check]], language: str, *, colour: bool) -> Iterator[str]:
    from gate.reports.escape import log_line, terminal  # noqa: PLC0415 - start-up stays cheap
    from gate.reports.set_up import paragraph, told  # noqa: PLC0415

    width = options.width()
    longest = max(len(one.id) for checks in groups.values() for one in checks)
    for group, checks in groups.items():
        if not checks:
            continue
        title = told(group.upper(), language)
        yield click.style(title, bold=True) if colour else title
        for one in checks:
            sign, tone = _SIGNS[one.state.value]
            head = f"  {sign} {one.id:{longest}}  "
            lines = paragraph(head, terminal(told(one.found, language), most=2000), width)
            lines[0] = lines[0].replace(sign, click.style(sign, fg=tone), 1) if colour else lines[0]
            yield from map(log_line, lines)
            if one.mend:
                yield from map(
                    log_line,
                    paragraph(
                        f"    {'':{longest}}  → ", terminal(told(one.mend, language), most=2000), width
                    ),
                )
    counts = [
        (state, sum(one.state.value == state for checks in groups.values() for one in checks))
        for state in _SIGNS
    ]
    yield ""
    yield ", ".join(told(f"{number} {_WORDS[state]}", language) for state, number in counts if number)


_WORDS = {"ok": "fine", "warn": "to look at", "fail": "failed", "unknown": "unknown"}
