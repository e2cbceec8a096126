"""`gate check`: the main job."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gate.cli import options, record
from gate.cli.emit import emit
from gate.cli.progress import progress
from gate.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.forges.settings import Settings
    from gate.pipeline.request import Request


#: Options that decide about a change, for all commands that do.
DECIDING = (
    options.repo,
    options.base,
    options.head,
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
    options.reviews,
    options.signoffs,
    options.ai_replay,
    options.ai_record,
    options.target,
    click.option(
        "--explain-signoff", is_flag=True, help="Text: show the whole derivation of the sign-off decision."
    ),
    click.option(
        "--forge",
        type=click.Choice(["auto", "github", "gitlab", "none"]),
        default="none",
        help="Where to ask for approvals, with the token in GATE_TOKEN; auto: where this job runs.",
    ),
    record.record,
    record.evidence_key,
    options.now,
)
EPILOG = (
    "Exit codes: 0 passed, 1 blocked, 2 usage or configuration, 3 waiting for human sign-off, 4 incomplete."
)


@click.command("check", context_settings=options.SETTINGS, epilog=EPILOG)
@options.group(
    *DECIDING,
    options.shard,
    options.jobs,
    click.option(
        "--no-cache",
        is_flag=True,
        help="Neither use nor store earlier results of scanners; ask a model again, and keep what it said before.",
    ),
    options.cache_dir,
    options.lang,
    options.color,
    options.verbose,
    options.quiet,
)
def command(**given: Any) -> int:
    """Judge the change from the merge base of BASE and HEAD to HEAD.

    Finds out who wrote it, scans what changed on both sides, and says what blocks, what waits for which
    human, and what to do. Nothing of the repository is executed, checked out or configured from.

    \b
    gate check                                         this branch against its target
    gate check --base origin/main -o text -o json=gate-report.json -o sarif=gate.sarif
    gate check --repo ../shop --base v1.2 --head topic --mode observe
    gate check --shard 2/4                             a quarter of the scan; see 'gate merge-reports'
    """
    if given["shard"] is None:
        return decide(given)
    from gate.cli import shard  # noqa: PLC0415 - most runs have none
    from gate.pipeline.check import check_share  # noqa: PLC0415

    part = shard.parse(given["shard"])
    if given["record"] is not None:
        raise UsageError(
            "--record needs a verdict, and with --shard there is none",
            hint="Give it to gate merge-reports, which judges all shards together.",
        )
    to = shard.output(given["output"], part)
    request = _request(given)
    with progress(quiet=given["quiet"], verbose=given["verbose"]) as stage:
        found = check_share(request, part, stage)
    return shard.emit(found, to, quiet=given["quiet"])


def decide(given: dict[str, Any], *, shards: tuple[Path, ...] = ()) -> int:
    """Judge a change as the options say, write its reports, and return the exit code.

    `shards`, files or folders of shard reports, stand in for the scanners.
    """
    from gate.pipeline.check import check  # noqa: PLC0415 - start-up stays cheap
    from gate.reports import FORMATS  # noqa: PLC0415

    outputs = options.parse_outputs(given["output"], tuple(FORMATS))
    request = _request(given)
    if shards:
        from gate.cli.shard import secret  # noqa: PLC0415 - most runs have none

        request = replace(request, shards=shards, shard_secret=secret())
    with progress(quiet=given["quiet"], verbose=given["verbose"]) as stage:
        run = check(request, stage)
    emit(
        run,
        outputs,
        language=given["lang"],
        color=given["color"],
        quiet=given["quiet"],
        verbose=bool(given["verbose"]),
        explain_signoff=given["explain_signoff"],
    )
    if given["record"] is not None:
        record.leave(run, request, given)
    return run.exit_code


def _request(given: Mapping[str, Any]) -> Request:
    from gate.pipeline.cache import secret  # noqa: PLC0415
    from gate.pipeline.request import Request  # noqa: PLC0415
    from gate.scanners import SCANNERS  # noqa: PLC0415

    return Request(
        repo=Path(given["repo"]),
        base=given["base"],
        head=given["head"],
        config=Path(given["config"]) if given["config"] else None,
        reviews=Path(given["reviews"]) if given["reviews"] else None,
        signoffs=Path(given["signoffs"]) if given["signoffs"] else None,
        forge=_forge(given["forge"], given["reviews"]),
        ai_replay=Path(given["ai_replay"]) if given["ai_replay"] else None,
        ai_record=Path(given["ai_record"]) if given["ai_record"] else None,
        target=given["target"],
        mode=given["mode"],
        fail_level=given["fail_level"],
        scanners=options.parse_scanners(given["scanners"], tuple(SCANNERS)),
        jobs=given.get("jobs"),
        cache=options.cache_folder(no_cache=given.get("no_cache", True), cache_dir=given.get("cache_dir")),
        cache_secret=secret(os.environ),
        answers=options.answers_folder(given.get("cache_dir")),
        ask_again=given.get("no_cache", False),
        now=options.parse_now(given["now"]),
        environment=dict(os.environ),
    )


def _forge(name: str, reviews: str | None) -> Settings | None:
    """Return where to ask for approvals. Only the job of a merge request knows which one it is."""
    if name == "none":
        return None
    if reviews:
        raise UsageError("--forge and --reviews both tell approvals", hint="Give one of them.")
    from gate.forges.settings import find_settings, read_event  # noqa: PLC0415 - only where a forge is asked

    try:
        return find_settings(os.environ, read_event, forge=name)
    except UsageError as error:
        raise UsageError(
            f"--forge {name}: {error.message}",
            hint="It works in the CI job of a merge request, with a token in GATE_TOKEN. Elsewhere leave it out, "
            "or give reviews with --reviews FILE.",
        ) from error
