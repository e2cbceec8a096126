"""Writing reports where they were asked for, and the last line of a run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import click

from gate.cli import last_report
from gate.cli.options import Output, print_report, wants_color, width, write_whole

if TYPE_CHECKING:
    from gate.core.facts import Run


def emit(
    run: Run,
    outputs: tuple[Output, ...],
    *,
    language: str,
    color: str,
    quiet: bool,
    verbose: bool,
    explain_signoff: bool = False,
) -> None:
    """Write every report of `run`; the verdict goes to standard error if no report is on standard output.

    Files are written first: a reader who goes away early (`gate … | head`) costs no file.
    """
    from gate.reports import render  # noqa: PLC0415

    on_stdout = None
    report = render("json", run)
    links = _links()
    for output in outputs:
        if output.path is None:
            on_stdout = output
        elif output.format == "json":
            write_whole(output.path, report)
        else:
            text = render(output.format, run, language=language, explain_signoff=explain_signoff, **links)
            write_whole(output.path, text)
    if any(output.format == "github" for output in outputs):
        summarise(run, language=language)
    last_report.keep(run.facts.change.repo, report)
    if on_stdout is not None:
        colour = wants_color(color)
        text = render(
            on_stdout.format,
            run,
            language=language,
            colour=colour,
            width=width(),
            verbose=verbose,
            explain_signoff=explain_signoff,
            **links,
        )
        print_report(text, color=colour)
    if (on_stdout is None or on_stdout.format != "text") and not quiet:
        files = ", ".join(str(o.path) for o in outputs if o.path is not None)
        click.echo(
            f"gate: {run.verdict.outcome.word}, exit {run.exit_code}"
            + (f"; written: {files}" if files else ""),
            err=True,
        )


#: GitHub drops the whole summary of a step above 1 MiB.
MAX_SUMMARY_BYTES = 900 * 1024


def summarise(run: Run, *, language: str) -> None:
    """Append the Markdown report to the summary of the step, in a job of GitHub; elsewhere do nothing.

    A summary that cannot be written is said and changes no exit code: the annotations stand without it.
    """
    from gate.forges.environment import step_summary  # noqa: PLC0415
    from gate.reports import render  # noqa: PLC0415

    name = step_summary(os.environ)
    if name is None:
        return
    text = render("markdown", run, language=language, max_bytes=MAX_SUMMARY_BYTES, **_links())
    try:
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        click.echo(
            f"gate: GITHUB_STEP_SUMMARY {name}: the summary could not be written: {error.strerror or error}. "
            "The verdict is not affected.",
            err=True,
        )


class Links(TypedDict):
    """The options of reports that make places links."""

    web_url: str
    forge: str


def _links() -> Links:
    """In CI, places link to their lines at the judged commit; elsewhere the commit may be nowhere to be seen."""
    from gate.forges.environment import project  # noqa: PLC0415

    found = project(os.environ)
    return Links(web_url=found.web, forge=found.forge) if found else Links(web_url="", forge="")
