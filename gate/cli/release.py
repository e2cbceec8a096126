"""`gate release`: nothing sensitive ships unanswered for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from gate.cli import options
from gate.cli.progress import progress


@click.command(
    "release",
    context_settings=options.SETTINGS,
    epilog="Exit codes: 0 passed, 1 blocked, 2 usage or configuration, 3 waiting for human sign-off, 4 incomplete.",
)
@click.argument("range_", metavar="PREV..TAG")
@click.option(
    "--baseline",
    metavar="COMMIT",
    help="First release: judge TAG from this commit on, and say that all before it is taken as it is.",
)
@click.option(
    "--evidence",
    metavar="STORE",
    help="Where verdicts were recorded: notes, a folder, or sqlite:PATH; default: evidence.store of the policy.",
)
@options.group(
    options.repo,
    options.config,
    options.output,
    click.option(
        "--mode", type=click.Choice(["enforce", "observe"]), help="observe: blocked and waiting end with 0."
    ),
    click.option(
        "--fail-level",
        type=click.Choice(["critical", "high", "medium", "low"]),
        help="New findings from this severity on block; overrides the policy.",
    ),
    options.scanners,
    options.shards,
    options.signoffs,
    options.now,
    options.jobs,
    options.no_cache,
    options.cache_dir,
    options.lang,
    options.color,
    options.verbose,
    options.quiet,
)
def command(range_: str, **given: Any) -> int:
    """Judge a release: is every sensitive or AI-written change since PREV answered for by an independent human?

    Each step from tag to tag is held against recorded verdicts and signed statements; what changed since PREV is
    scanned as one change. Policy, signers and waivers are those of PREV. No forge is needed.

    \b
    gate release v1.1.0..v1.2.0
    gate release v1.1.0..v1.2.0 --evidence notes -o text -o html=release.html -o json=release.json
    gate release v1.0.0 --baseline 4f2a9c1          the first release
    """
    from gate.cli import shard  # noqa: PLC0415
    from gate.cli.release_emit import emit  # noqa: PLC0415 - start-up stays cheap
    from gate.pipeline.cache import secret  # noqa: PLC0415
    from gate.pipeline.release.run import Wanted, judge_release  # noqa: PLC0415
    from gate.pipeline.request import Request  # noqa: PLC0415
    from gate.reports.release import FORMATS  # noqa: PLC0415
    from gate.scanners import SCANNERS  # noqa: PLC0415

    outputs = options.parse_outputs(given["output"], tuple(FORMATS))
    request = Request(
        repo=Path(given["repo"]),
        config=Path(given["config"]) if given["config"] else None,
        signoffs=Path(given["signoffs"]).expanduser() if given["signoffs"] else None,
        mode=given["mode"],
        fail_level=given["fail_level"],
        scanners=options.parse_scanners(given["scanners"], tuple(SCANNERS)),
        jobs=given["jobs"],
        cache=options.cache_folder(no_cache=given["no_cache"], cache_dir=given["cache_dir"]),
        cache_secret=secret(os.environ),
        shards=shard.paths(given["shards"]),
        shard_secret=shard.secret(),
        now=options.parse_now(given["now"]),
        environment=dict(os.environ),
    )
    wanted = Wanted(range=range_, baseline=given["baseline"], evidence=given["evidence"])
    with progress(quiet=given["quiet"], verbose=given["verbose"]) as stage:
        released = judge_release(request, wanted, stage)
    emit(released, outputs, language=given["lang"], color=given["color"], quiet=given["quiet"])
    return released.run.exit_code
