"""What is going on, on standard error: a spinner on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gate.pipeline import Progress


@contextmanager
def progress(*, quiet: bool, verbose: int) -> Iterator[Progress]:
    """Give a function that is called with the name of each stage.

    On a terminal one line is rewritten and gone at the end. In CI (or with -v) each stage is a line with
    the seconds since the start. Otherwise, and with -q, nothing is printed.
    """
    if quiet:
        yield lambda _stage: None
    elif sys.stderr.isatty() and not verbose and os.environ.get("TERM") != "dumb":
        from rich.console import Console  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        with Console(stderr=True).status(Text("starting"), spinner="dots") as status:
            yield lambda stage: status.update(Text(stage))
    elif verbose or os.environ.get("CI"):
        start = time.monotonic()
        yield lambda stage: click.echo(f"gate: {time.monotonic() - start:5.1f}s {stage}", err=True)
    else:
        yield lambda _stage: None
