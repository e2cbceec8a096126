"""`gate scan`: a folder as it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gate.cli import options
from gate.cli.progress import progress


@click.command("scan", context_settings=options.SETTINGS)
@click.argument("path", metavar="[PATH]", default=".")
@options.group(
    options.config,
    options.output,
    options.scanners,
    options.jobs,
    options.lang,
    options.color,
    options.verbose,
    options.quiet,
)
def command(path: str, **given: Any) -> int:
    """Scan the folder (or file) PATH, git or not, and list merged findings.

    There is no base and no sign-off here, so nothing is blocked: the exit code is 0, or 4 if a required
    scanner could not do its work. For adoption, for a first look, for benchmarks.

    \b
    gate scan
    gate scan src -o text -o json=findings.json -o sarif=findings.sarif
    """
    from gate import pipeline  # noqa: PLC0415 - start-up stays cheap
    from gate.reports import SCAN, render_scan  # noqa: PLC0415
    from gate.scanners import SCANNERS  # noqa: PLC0415

    outputs = options.parse_outputs(given["output"], tuple(SCAN))
    only = options.parse_scanners(given["scanners"], tuple(SCANNERS))
    with progress(quiet=given["quiet"], verbose=given["verbose"]) as stage:
        result = pipeline.scan(
            Path(path),
            config=Path(given["config"]) if given["config"] else None,
            scanners=only,
            jobs=given["jobs"],
            progress=stage,
        )
    options.write_reports(
        outputs,
        lambda name, color, width: render_scan(
            name,
            result.scan,
            language=given["lang"],
            colour=color,
            width=width,
            verbose=bool(given["verbose"]),
        ),
        color=given["color"],
    )
    return result.exit_code
