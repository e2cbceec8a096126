"""Writing the reports of a release where they were asked for, and the last line of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gate.cli.options import Output, print_report, wants_color, width, write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from gate.core.release.model import Released
    from gate.pipeline.release.run import Proofs


def emit(released: Released, outputs: tuple[Output, ...], *, language: str, color: str, quiet: bool) -> None:
    """Write every report; the verdict goes to standard error if no text is on standard output. Files come first."""
    from gate.reports.release import render_release  # noqa: PLC0415

    for output in sorted(outputs, key=lambda o: o.path is None):
        colour = output.path is None and wants_color(color)
        text = render_release(
            output.format,
            released,
            language=language,
            colour=colour,
            width=100 if output.path is not None else width(),
        )
        if output.path is not None:
            write_whole(output.path, text)
        else:
            print_report(text, color=colour)
    if not quiet and not any(o.path is None and o.format == "text" for o in outputs):
        files = ", ".join(str(o.path) for o in outputs if o.path is not None)
        run = released.run
        click.echo(
            f"gate: {run.verdict.outcome.word}, exit {run.exit_code}"
            + (f"; written: {files}" if files else ""),
            err=True,
        )


def attest(released: Released, proofs: Proofs, to: Path, *, repo: Path, key: str) -> None:
    """Write the evidence file of a release; whatever the verdict is, it is what the file says."""
    from gate.pipeline.release.attest import attest as make  # noqa: PLC0415
    from gate.reports.release import render_release  # noqa: PLC0415

    report = render_release("json", released)
    data = make(released, proofs, repo=repo, report=report, key=key)
    write_whole(to, data.decode("ascii"))
