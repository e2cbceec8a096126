"""`gate merge-reports`: the verdict on a scan that several jobs did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from gate.cli import options
from gate.cli import scan as scanning
from gate.cli.check import DECIDING, EPILOG, decide
from gate.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection

_BASELINES = frozenset({"baseline", "write_baseline"})
#: Options that mean something for a folder; all others are about a change.
_FOLDER = _BASELINES | {"path", "config", "output", "scanners", "now", "lang", "color", "verbose", "quiet"}


@click.command("merge-reports", context_settings=options.SETTINGS, epilog=EPILOG)
@click.argument("shards", metavar="SHARD...", nargs=-1, required=True)
@options.group(
    *DECIDING,
    click.option(
        "--path", metavar="DIR", help="Join shards of 'gate scan DIR --shard', for this same folder."
    ),
    scanning.baseline,
    scanning.write_baseline,
    options.lang,
    options.color,
    options.verbose,
    options.quiet,
)
@click.pass_context
def command(context: click.Context, /, shards: tuple[str, ...], **given: Any) -> int:
    """Join the shard reports of all jobs, and judge as one run would: the same reports, byte for byte, and the
    same exit code.

    SHARD is a file that `gate check --shard I/N` wrote, or a folder with nothing else. Give the options that
    one run would get: the shards stand in for the scanners, and everything else is done here, once. A shard that
    is missing, given twice, cut off, edited, or of another commit, policy, version or N ends with 4.

    \b
    gate check --shard 1/2 --base main --head topic          in one job
    gate check --shard 2/2 --base main --head topic          in another
    gate merge-reports gate-shard-*.json --base main --head topic -o text -o json=gate-report.json
    gate merge-reports --path src gate-shard-*.json          of gate scan src --shard …
    """
    from gate.cli.shard import paths  # noqa: PLC0415 - start-up stays cheap

    places = paths(shards)
    said = {name for name in given if context.get_parameter_source(name) is ParameterSource.COMMANDLINE}
    if given["path"] is None:
        _refuse(said & _BASELINES, "gate scan", "Give --path DIR as well, or leave it out.")
        return decide(given, shards=places)
    _refuse(said - _FOLDER, "gate check", "Leave it out, or leave --path out.")
    return scanning.listed(given["path"], given, shards=places)


def _refuse(names: Collection[str], owner: str, hint: str) -> None:
    for name in sorted(names):
        raise UsageError(f"--{name.replace('_', '-')} is for shards of {owner}", hint=hint)
