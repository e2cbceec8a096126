"""`gate authorship`: who wrote these commits."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gate.cli import options
from gate.cli.progress import progress
from gate.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gate.core.authorship import CommitAuthorship

#: More commit ids than any history holds; more is a wrong file on standard input.
MAX_IDS = 5_000_000


@click.command("authorship", context_settings=options.SETTINGS)
@click.argument("revision_range", metavar="[RANGE]", required=False)
@options.group(
    options.repo,
    click.option("--commits", metavar="-", help="Read commit ids from standard input, one a line."),
    click.option("--ai", is_flag=True, help="List only commits by AI; the sums are still those of all."),
    click.option(
        "--summary",
        "listing",
        flag_value="none",
        help="Only the sums by agent and by month; as CSV, one row a month.",
    ),
    click.option(
        "--list",
        "listing",
        flag_value="all",
        help="List every commit; text leaves the list out above 1,000 commits.",
    ),
    options.config,
    options.output,
    options.lang,
    options.color,
    options.verbose,
    options.quiet,
)
def command(revision_range: str | None, **given: Any) -> int:
    """Show who wrote the commits of RANGE (A..B, or one revision for its whole history), with evidence.

    A signature is a claim that anyone can write or delete: there is no verdict "human".

    \b
    gate authorship main..topic
    gate authorship HEAD --summary
    gate authorship HEAD --ai -v
    gate authorship HEAD -o text -o csv=commits.csv
    git rev-list --since=2026-01-01 HEAD | gate authorship --commits - -o csv
    """
    from gate.cli.streams import streams  # noqa: PLC0415 - start-up stays cheap
    from gate.pipeline.authorship import authorship as read_authorship  # noqa: PLC0415
    from gate.reports import AUTHORSHIP  # noqa: PLC0415

    if (revision_range is None) == (given["commits"] is None):
        raise UsageError(
            "give either a RANGE or --commits -",
            hint="For example: gate authorship origin/main..HEAD, or gate authorship HEAD for the whole history.",
        )
    if revision_range is not None and "..." in revision_range:
        raise UsageError(
            f"{revision_range}: three dots mean the commits of both sides, and a RANGE is those of one",
            hint=f"Write two dots: gate authorship {revision_range.replace('...', '..')}",
        )
    if given["commits"] not in (None, "-"):
        raise UsageError(f"--commits {given['commits']}: only '-' (standard input) is read")
    outputs = options.parse_outputs(given["output"], tuple(AUTHORSHIP))
    ids = tuple(_ids()) if given["commits"] else None
    with streams(
        outputs,
        color=given["color"],
        language=given["lang"],
        verbose=bool(given["verbose"]),
        listing=given["listing"] or "auto",
    ) as reports:

        def take(commits: Sequence[CommitAuthorship]) -> None:
            reports.add([c for c in commits if c.verdict.is_ai] if given["ai"] else commits)

        with progress(quiet=given["quiet"], verbose=given["verbose"]) as display:
            facts, tally = read_authorship(
                Path(given["repo"]),
                revision_range=revision_range,
                ids=ids,
                config=Path(given["config"]) if given["config"] else None,
                display=display,
                take=take,
            )
        reports.end(facts, tally)
    return 0


def _ids() -> list[str]:
    ids = []
    for number, line in enumerate(sys.stdin.buffer, 1):
        text = line.decode("ascii", "replace").strip()
        if not text:
            continue
        if len(text) not in (40, 64) or set(text.lower()) - set("0123456789abcdef"):
            raise UsageError(
                f"standard input, line {number}: not a full commit id",
                hint="Give ids as `git rev-list` prints them.",
            )
        ids.append(text.lower())
        if len(ids) > MAX_IDS:
            raise UsageError(f"standard input: more than {MAX_IDS:,} commit ids")
    if not ids:
        raise UsageError("standard input: no commit id", hint="Pipe `git rev-list RANGE` into the command.")
    return ids
