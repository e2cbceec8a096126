"""`gate areas`: which sensitive areas a change touches."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from gate.cli import options
from gate.cli.progress import progress


@click.command("areas", context_settings=options.SETTINGS)
@options.group(
    options.repo,
    options.base,
    options.head,
    options.config,
    options.output,
    options.jobs,
    options.no_cache,
    options.cache_dir,
    options.lang,
    options.color,
    options.verbose,
    options.quiet,
)
def command(**given: Any) -> int:
    """Show which sensitive areas a change touches, and by which lines.

    No findings are looked for and nothing is decided; the exit code is 0 whatever is touched.

    \b
    gate areas
    gate areas --base origin/main -o json
    """
    from gate.pipeline.areas import areas  # noqa: PLC0415 - start-up stays cheap
    from gate.pipeline.cache import secret  # noqa: PLC0415
    from gate.pipeline.request import Request  # noqa: PLC0415
    from gate.reports import AREAS, render_areas  # noqa: PLC0415

    outputs = options.parse_outputs(given["output"], tuple(AREAS))
    request = Request(
        repo=Path(given["repo"]),
        base=given["base"],
        head=given["head"],
        config=Path(given["config"]) if given["config"] else None,
        jobs=given["jobs"],
        cache=options.cache_folder(no_cache=given["no_cache"], cache_dir=given["cache_dir"]),
        cache_secret=secret(os.environ),
        environment=dict(os.environ),
    )
    with progress(quiet=given["quiet"], verbose=given["verbose"]) as stage:
        _, touched = areas(request, stage)
    options.write_reports(
        outputs,
        lambda name, color, width: render_areas(
            name,
            touched.touches,
            touched.context,
            language=given["lang"],
            colour=color,
            width=width,
            verbose=bool(given["verbose"]),
        ),
        color=given["color"],
    )
    return 0
