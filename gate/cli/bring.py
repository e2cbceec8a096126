"""Bringing a merge request's objects to a job that gets no token: what the publisher project's first job runs.

Started as `python -I -m gate.cli.bring --allow-project 12 --to request.git --dotenv request.env`. The folder gets a
bare repository, the file the options of `gate check` as GATE_* variables.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from gate.errors import GateError, UsageError

HEAD, TARGET = "refs/gate/head", "refs/remotes/origin/{}"


@click.command()
@click.option("--forge", type=click.Choice(["auto", "github", "gitlab"]), default="auto")
@click.option("--allow-project", multiple=True, metavar="ID")
@click.option("--repository", metavar="OWNER/NAME")
@click.option("--change", type=click.IntRange(1))
@click.option("--api-url", metavar="URL")
@click.option("--to", "folder", required=True, metavar="DIR")
@click.option("--dotenv", required=True, metavar="FILE")
def command(
    forge: str,
    allow_project: tuple[str, ...],
    repository: str | None,
    change: int | None,
    api_url: str | None,
    folder: str,
    dotenv: str,
) -> None:
    """Fetch target and head of the merge request into a bare repository, and say which options judge it."""
    from gate.forges.connect import connect  # noqa: PLC0415 - loads the forge's client
    from gate.forges.settings import find_settings  # noqa: PLC0415
    from gate.git.fetch import Fetcher  # noqa: PLC0415

    place = Path(folder).absolute()
    if place.exists():
        raise UsageError(f"--to {folder}: is there already", hint="Give a new name.")
    settings = find_settings(
        os.environ,
        lambda path, most: Path(path).read_bytes()[: most + 1],
        forge=forge,
        repository=repository,
        number=change,
        api=api_url,
        allowed=allow_project,
    )
    adapter = connect(settings)
    proposal = adapter.proposal()
    origin = adapter.origin(proposal)
    target = TARGET.format(proposal.target)
    fetcher = Fetcher(place, origin.url, header=origin.header, ca_file=origin.ca_file)
    fetcher.fetch({origin.target_ref: target, origin.head_ref: HEAD}, optional=("refs/notes/*",))
    given = {
        "GATE_REPO": folder,
        "GATE_BASE": target,
        "GATE_HEAD": proposal.head,
        "GATE_TARGET": f"refs/heads/{proposal.target}",
    }
    Path(dotenv).write_text("".join(f"{name}={value}\n" for name, value in given.items()), encoding="utf-8")
    click.echo(
        f"gate: merge request {proposal.number} at {proposal.head[:12]}, for {proposal.target}", err=True
    )


def main() -> int:
    """Run the command and return its exit code."""
    try:
        command.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except GateError as error:
        click.echo(f"gate: error: {error.message}\n      {error.hint or ''}", err=True)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
