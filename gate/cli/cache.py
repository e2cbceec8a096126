"""`gate cache`: what scanners said before, kept between runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from gate.cli import options
from gate.cli.table import table

if TYPE_CHECKING:
    from pathlib import Path


@click.group("cache", context_settings=options.SETTINGS)
def command() -> None:
    """Show or empty the store of scanners' results.

    A file that has not changed, under the same path, tools, options and rules, is not scanned again. The
    store is one file; where it lies is said by --cache-dir or GATE_CACHE_DIR, else it is in the user's own
    cache folder. Set GATE_CACHE_KEY to a secret, and only entries sealed with it are believed.
    """


@command.command("info", context_settings=options.SETTINGS)
@options.cache_dir
def info(cache_dir: str | None) -> int:
    """Say where the store is, how large, what is in it, and whether it can be used."""
    from gate.pipeline.cache import secret  # noqa: PLC0415 - start-up stays cheap
    from gate.scanners.cache import FILE_NAME, MAX_BYTES, Cache  # noqa: PLC0415

    folder = _folder(cache_dir)

    if not (folder / FILE_NAME).exists():
        click.echo(f"{folder / FILE_NAME}: nothing is stored there yet.")
        return 0
    with Cache.open(folder, secret=secret(os.environ)) as cache:
        facts = cache.info()
    click.echo(f"file     {facts.path}")
    click.echo(f"size     {facts.bytes / 1e6:.1f} MB of at most {MAX_BYTES / 1e6:.0f} MB")
    sealed = "with GATE_CACHE_KEY" if facts.sealed else "against damage only (GATE_CACHE_KEY is not set)"
    click.echo(f"sealed   {sealed}")
    if facts.trouble:
        click.echo(f"trouble  {facts.trouble}")
    rows = [(engine, f"{count:,}") for engine, count in facts.engines.items()]
    click.echo(f"files    {facts.entries:,}")
    if rows:
        click.echo("\n" + table(("said by", "files"), rows, width=100), nl=False)
    return 0


@command.command("clear", context_settings=options.SETTINGS)
@options.cache_dir
def clear(cache_dir: str | None) -> int:
    """Remove the store; nothing else in its folder is touched."""
    from gate.scanners.cache import FILE_NAME, remove  # noqa: PLC0415 - start-up stays cheap

    path = _folder(cache_dir) / FILE_NAME
    click.echo(f"{path}: removed." if remove(path) else f"{path}: nothing is stored there.")
    return 0


def _folder(cache_dir: str | None) -> Path:
    folder = options.cache_folder(no_cache=False, cache_dir=cache_dir)
    if folder is None:
        raise click.UsageError("There is no home folder to keep a cache in: give --cache-dir DIR.")
    return folder
