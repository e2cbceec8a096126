"""What `gate signoff create` says at the terminal: what is signed, the question, and where the statement is."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from gate.cli import options
from gate.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from gate.core.release.model import Released
    from gate.core.review.statement import Statement
    from gate.pipeline.signing import Looked


def style(given: dict[str, Any]) -> dict[str, Any]:
    """Return the options of a report for people."""
    return {
        "language": given["lang"],
        "colour": options.wants_color(given["color"]),
        "width": options.width(),
    }


def show(looked: Looked, statement: Statement, given: dict[str, Any]) -> None:
    """Show the sensitive hunks of a change and what the signature will say."""
    from gate.reports.statements import before_signing  # noqa: PLC0415

    text = before_signing(looked.change, looked.touched, statement, style(given))
    click.echo(text, nl=False, err=True)


def show_release(released: Released, given: dict[str, Any]) -> None:
    """Show what of a release nobody answers for."""
    from gate.reports.release_text import before_signing  # noqa: PLC0415

    click.echo(before_signing(released, **style(given)), nl=False, err=True)


def note_on_name(statement: Statement) -> None:
    """Say that a statement of a repository without a host counts in few places."""
    if "/" not in statement.repo:
        from gate.reports.escape import terminal  # noqa: PLC0415

        click.echo(
            f"note: this clone has no origin on a host, so the repository is called {terminal(statement.repo)}, like its "
            "folder, and the statement counts in clones of that name only. --repository HOST/PATH names it in full.",
            err=True,
        )


def confirm(statement: Statement) -> None:
    """Ask for the commit: whoever types it has at least seen which one it is."""
    short = statement.commit[:7]
    try:
        answer = click.prompt(
            f"Type {short} to sign this as {statement.reviewer}, anything else to stop",
            err=True,
            default="",
            show_default=False,
        )
    except click.Abort:
        answer = ""
    if len(answer) < len(short) or not statement.commit.startswith(answer.strip().lower()):
        raise UsageError("nothing was signed", hint=f"The commit to type is {short}.")


def next_of_release(output: Path, statement: Statement, keyid: str, given: dict[str, Any]) -> None:
    """Say where the statement is, and how the release is judged with it."""
    from gate.reports.escape import terminal  # noqa: PLC0415

    file, commit = terminal(shlex.quote(str(output))), statement.commit[:12]
    text = terminal(shlex.quote(given["release"]))
    if given["baseline"]:
        text += f" --baseline {terminal(shlex.quote(given['baseline']))}"
    for line in (
        f"Signed with {keyid}: {file}",
        f"Verify it:   gate signoff verify {file} --release {text}",
        f"Use it:      gate release {text} --signoffs {file}",
        f"Or share it: git notes --ref gate-signoff append -F {file} {commit}",
        "             git push origin refs/notes/gate-signoff",
    ):
        click.echo(line, err=True)


def next_of_change(output: Path, looked: Looked, statement: Statement, keyid: str) -> None:
    """Say where the statement is, and the ways in which it reaches the gate."""
    from gate.reports.escape import terminal  # noqa: PLC0415

    target = terminal(shlex.quote(looked.change.target.removeprefix("refs/heads/")))
    file, commit = terminal(shlex.quote(str(output))), statement.commit[:12]
    for line in (
        f"Signed with {keyid}: {file}",
        f"Verify it:   gate signoff verify {file} --base {target} --head {commit}",
        f"Use it:      gate check --base {target} --head {commit} --signoffs {file}",
        f"Or share it: git notes --ref gate-signoff append -F {file} {commit}",
        "             git push origin refs/notes/gate-signoff",
    ):
        click.echo(line, err=True)
    if statement.change is not None:
        # Away from the forge nobody can tell which merge request a run belongs to.
        number = terminal(statement.change)
        told = f"It counts where the gate knows merge request {number}: in its pipeline, or with --reviews."
        click.echo(told, err=True)
