"""`--shard I/N`: one share of a scan, whose report is read by `gate merge-reports`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gate.cli import options
from gate.core.shard import Part
from gate.errors import EXIT_INCOMPLETE, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gate.pipeline.shards.document import Shard

FORMAT = "shard"


def parse(value: str) -> Part:
    """Return the part that --shard names. Raises UsageError."""
    try:
        return Part.parse(value)
    except ValueError as error:
        raise UsageError(
            f"--shard {value or 'is empty'}: {error}",
            hint="In CI: --shard 1/4 to --shard 4/4 in four jobs, for example from a matrix; see docs/sharding.md.",
        ) from error


def output(values: tuple[str, ...], part: Part) -> options.Output:
    """Return where the shard report goes: `-o shard[=PATH]`, else a file of the current folder named after the part.

    Raises UsageError for other formats: what one share shows is no report about the whole.
    """
    if len(values) > 1 or any(value.partition("=")[0] != FORMAT for value in values):
        raise UsageError(
            f"--output {' '.join(values)}: with --shard there is one output, -o shard=PATH",
            hint="Reports are made of all shards: gate merge-reports SHARD… -o FORMAT=PATH",
        )
    name = f"gate-shard-{part.number}-of-{part.of}.json"
    return options.parse_outputs(values or (f"{FORMAT}={name}",), (FORMAT,))[0]


def secret(environment: Mapping[str, str] = os.environ) -> bytes:
    """Return the secret that seals shard reports, empty if none is set."""
    from gate.pipeline.shards.document import SECRET  # noqa: PLC0415 - start-up stays cheap

    return environment.get(SECRET, "").encode("utf-8", "surrogateescape")


def outside(folder: Path, files: Iterable[Path]) -> None:
    """Raise UsageError if a shard report lies in the folder that is scanned: it would be a file of it."""
    for file in files:
        if file.resolve().is_relative_to(folder.resolve()):
            raise UsageError(
                f"{file}: a shard report in {folder} would be a part of what is scanned",
                hint="Keep shard reports elsewhere: -o shard=PATH with --shard.",
            )


def emit(shard: Shard, to: options.Output, *, quiet: bool) -> int:
    """Write the shard report, say on standard error that it is no verdict, and return 0, or 4 if it is incomplete."""
    from gate.pipeline.shards.document import document  # noqa: PLC0415
    from gate.reports.escape import terminal  # noqa: PLC0415

    text = document(shard, secret())
    if to.path is None:
        options.print_report(text, color=False)
    else:
        options.write_whole(to.path, text)
    for why in shard.left_open:
        click.echo(f"gate: shard {shard.part} is incomplete: {terminal(why)}", err=True)
    if not quiet:
        files = "1 file" if len(shard.files) == 1 else f"{len(shard.files):,} files"
        where = "" if to.path is None else f"; written: {terminal(str(to.path))}"
        click.echo(f"gate: shard {shard.part}, {files}{where}", err=True)
        click.echo(
            f"gate: this is no verdict: gate merge-reports judges all {shard.part.of} shards together",
            err=True,
        )
    return EXIT_INCOMPLETE if shard.left_open else 0


def paths(names: tuple[str, ...]) -> tuple[Path, ...]:
    """Return the paths of shard reports that a command line names. Raises UsageError for an empty name."""
    if "" in names:
        raise UsageError("a SHARD is empty", hint="In CI: is the variable behind it set?")
    return tuple(map(Path, names))
