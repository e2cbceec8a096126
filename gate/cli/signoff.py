"""`gate signoff`: signed statements of humans, without a forge."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gate.cli import options
from gate.cli.progress import progress
from gate.errors import EXIT_INCOMPLETE, UsageError

if TYPE_CHECKING:
    from gate.core.release.model import Released
    from gate.core.review import Signoff
    from gate.core.review.statement import Statement
    from gate.pipeline.release.run import Wanted
    from gate.pipeline.request import Progress, Request
    from gate.pipeline.signing import Looked

#: Variables that coding agents set in the shells that they run. A speed bump, not a control.
AGENT_VARIABLES = (
    "CLAUDECODE",
    "CLAUDE_CODE_REMOTE",
    "CURSOR_AGENT",
    "CODEX_INTERNAL_ORIGINATOR_OVERRIDE",
    "GEMINI_CLI",
)

_RELEASE = options.group(
    click.option(
        "--release",
        metavar="PREV..TAG",
        help="Sign a release in place of a change: what nobody answers for yet since PREV.",
    ),
    click.option(
        "--baseline", metavar="COMMIT", help="With --release TAG: the first release, from this commit on."
    ),
    click.option("--evidence", metavar="STORE", help="With --release: where verdicts were recorded."),
)
_COMMON = options.group(
    options.repo,
    options.base,
    options.head,
    options.target,
    options.config,
    options.now,
    options.jobs,
    options.no_cache,
    options.cache_dir,
    options.lang,
    options.color,
    options.verbose,
    options.quiet,
)


@click.group("signoff", context_settings=options.SETTINGS)
def command() -> None:
    """Sign a change off with an SSH key, and verify or list what was signed.

    A statement names commit, tree, target, base, content, areas and end, and is signed by ssh-keygen in the
    namespace gate-signoff. Keys are those of the policy at the base commit.

    \b
    gate signoff create --base main --reviewer alice --key ~/.ssh/id_ed25519_sk
    gate signoff verify 4f2a9c1d4f-alice.signoff.json --base main
    gate check --base main --signoffs signoffs/
    gate signoff create --release v1.1.0..v1.2.0 --reviewer alice --key ~/.ssh/id_ed25519_sk
    """


@command.command("create", context_settings=options.SETTINGS, short_help="Look at a change and sign it off.")
@click.option("--reviewer", required=True, metavar="ID", help="Your id in signoff.humans of the policy.")
@click.option(
    "--key",
    required=True,
    metavar="FILE",
    help="Private key, or the .pub of one in the SSH agent or a token.",
)
@click.option(
    "--decision",
    type=click.Choice(["approve", "reject", "revoke", "override"]),
    default="approve",
    help="What you declare; revoke takes back an earlier approval or rejection.",
)
@click.option("--areas", metavar="LIST", help="Areas that you looked at; default: those that you review.")
@click.option("--reason", metavar="TEXT", help="What you say; an override needs 15 characters at least.")
@click.option("--expires", metavar="TIME", help="Until when it counts, ISO 8601; an override needs it.")
@click.option("--change", metavar="NUMBER", help="Number of the merge request.")
@click.option("--repository", metavar="HOST/PATH", help="Repository to sign for, if origin is a fork.")
@click.option("--report", metavar="FILE", help="Report file that you read; its digest is recorded.")
@click.option("-o", "--output", metavar="FILE", help="Where to write; default: COMMIT-ID.signoff.json.")
@_RELEASE
@_COMMON
def create(**given: Any) -> int:
    """Show the sensitive hunks, ask for the commit, sign, and write a *.signoff.json file.

    Needs a terminal: a sign-off says that a human looked.
    """
    from gate.core.review.statement import OVERRIDE, payload  # noqa: PLC0415 - start-up stays cheap
    from gate.pipeline.signing import Wish, draft, look, prove_believed  # noqa: PLC0415
    from gate.signing import Bundle, sign, write_bundle  # noqa: PLC0415

    _need_a_human(dict(os.environ))
    if given["decision"] == OVERRIDE and not (given["reason"] and given["expires"]):
        raise UsageError(
            "--decision override: needs --reason and --expires",
            hint="Say why it cannot wait, in 15 characters or more, and until when it holds.",
        )
    key = Path(given["key"]).expanduser()
    if not key.is_file():
        raise UsageError(f"{key}: no such key file", hint="Give a private key, or its .pub file, to --key.")
    request = _request(given)
    wish = Wish(
        decision=given["decision"],
        reviewer=given["reviewer"],
        areas=[area.strip() for area in (given["areas"] or "").split(",") if area.strip()],
        change=given["change"],
        repository=given["repository"],
        reason=given["reason"],
        expires_at=options.parse_now(given["expires"]) if given["expires"] else None,
        report_digest=_digest(given["report"]) if given["report"] else None,
    )
    released = None
    with progress(quiet=given["quiet"], verbose=given["verbose"]) as stage:
        if given["release"] is None:
            looked = look(request, stage)
        else:
            looked, released = _look_at_release(request, given, stage)
    statement = draft(looked, wish, request.now)
    try:
        raw = payload(statement)
    except ValueError as error:
        raise UsageError(f"this cannot be signed: {error}", hint="Check the options.") from error
    output = Path(
        given["output"] or f"{statement.commit[:10]}-{statement.reviewer}.signoff.json"
    ).expanduser()
    options.prove_writable(output)
    if "/" not in statement.repo:
        from gate.reports.escape import terminal  # noqa: PLC0415

        click.echo(
            f"note: this clone has no origin on a host, so the repository is called {terminal(statement.repo)}, like its "
            "folder, and the statement counts in clones of that name only. --repository HOST/PATH names it in full.",
            err=True,
        )
    if released is not None:
        _show_release(released, given)
    _show(looked, statement, given)
    _confirm(statement)
    signature, keyid = sign(raw, key)
    prove_believed(request, looked, Bundle(payload=raw, signature=signature))
    options.write_whole(output, write_bundle(raw, signature, keyid).decode("ascii"))
    if released is not None:
        _next_of_release(output, statement, keyid, given)
    else:
        _next(output, looked, statement, keyid)
    return 0


@command.command(
    "verify", context_settings=options.SETTINGS, short_help="Say whether statements count, and why not."
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@options.group(options.reviews)
@_RELEASE
@_COMMON
def verify(files: tuple[Path, ...], **given: Any) -> int:
    """Say whether signed statements count for this change, and why one does not.

    Exit codes: 0 all count, 3 one does not, 4 it cannot be told.
    """
    from gate.core.verdict import Outcome  # noqa: PLC0415 - start-up stays cheap
    from gate.pipeline.signing import look  # noqa: PLC0415
    from gate.reports.statements import report  # noqa: PLC0415

    worst = 0
    for file in files:
        request = _request(given | {"signoffs": str(file)})
        with progress(quiet=given["quiet"], verbose=given["verbose"]) as stage:
            if given["release"] is None:
                signoff = look(request, stage).signoff
            else:
                signoff = _signoff_of_release(request, given, stage)
        fates = [one for one in signoff.statements if not one.source.startswith("note on ")]
        _print(report(signoff, fates, _style(given)), given)
        if signoff.outcome is Outcome.INCOMPLETE:
            worst = EXIT_INCOMPLETE
        elif not fates or not all(one.counts for one in fates):
            worst = max(worst, 3)
    return worst


@command.command(
    "list", context_settings=options.SETTINGS, short_help="Show what becomes of every statement."
)
@options.group(options.signoffs, options.reviews, options.output)
@_COMMON
def list_(**given: Any) -> int:
    """Show every signed statement of --signoffs and of the notes, and what becomes of it.

    The exit code is 0 whatever counts, 4 if it cannot be told.
    """
    from gate.core.verdict import Outcome  # noqa: PLC0415 - start-up stays cheap
    from gate.pipeline.signing import look  # noqa: PLC0415
    from gate.reports.statements import FORMATS, render  # noqa: PLC0415

    outputs = options.parse_outputs(given["output"], FORMATS)
    with progress(quiet=given["quiet"], verbose=given["verbose"]) as stage:
        looked = look(_request(given), stage, every_note=True)
    options.write_reports(
        outputs,
        lambda name, colour, width: render(
            name, looked.signoff, language=given["lang"], colour=colour, width=width
        ),
        color=given["color"],
    )
    return EXIT_INCOMPLETE if looked.signoff.outcome is Outcome.INCOMPLETE else 0


def _wanted(given: dict[str, Any]) -> Wanted:
    from gate.pipeline.release.run import Wanted  # noqa: PLC0415 - only for releases

    for option in ("base", "head", "target"):
        if given[option] is not None:
            raise UsageError(
                f"--release and --{option} both say what is signed", hint="Give --release PREV..TAG alone."
            )
    return Wanted(
        range=given["release"],
        baseline=given["baseline"],
        evidence=given["evidence"],
        repository=given.get("repository"),
    )


def _look_at_release(request: Request, given: dict[str, Any], stage: Progress) -> tuple[Looked, Released]:
    from gate.pipeline.release.signing import look_at_release  # noqa: PLC0415

    return look_at_release(request, _wanted(given), stage)


def _signoff_of_release(request: Request, given: dict[str, Any], stage: Progress) -> Signoff:
    from gate.core.review import Signoff  # noqa: PLC0415
    from gate.core.verdict import Outcome  # noqa: PLC0415
    from gate.pipeline.release.run import judge_release  # noqa: PLC0415

    said = judge_release(request, _wanted(given), stage).release.statements
    return said or Signoff(outcome=Outcome.INCOMPLETE)


def _request(given: dict[str, Any]) -> Request:
    from gate.pipeline.cache import secret  # noqa: PLC0415 - start-up stays cheap
    from gate.pipeline.request import Request  # noqa: PLC0415

    def path(name: str) -> Path | None:
        return Path(given[name]).expanduser() if given.get(name) else None

    return Request(
        repo=Path(given["repo"]),
        base=given["base"],
        head=given["head"],
        target=given["target"],
        config=path("config"),
        reviews=path("reviews"),
        signoffs=path("signoffs"),
        jobs=given["jobs"],
        cache=options.cache_folder(no_cache=given["no_cache"], cache_dir=given["cache_dir"]),
        cache_secret=secret(os.environ),
        now=options.parse_now(given["now"]),
        environment=dict(os.environ),
    )


def _need_a_human(environment: dict[str, str]) -> None:
    for name in AGENT_VARIABLES:
        if environment.get(name):
            raise UsageError(
                f"{name} is set: this shell belongs to a coding agent, and a sign-off is a human's",
                hint="Read the change yourself, in a terminal of your own, and sign it there.",
            )
    if not sys.stdin.isatty() or not sys.stderr.isatty():
        raise UsageError(
            "there is no terminal, and a sign-off needs a human at one",
            hint="Run the command by hand. A pipeline verifies statements; it cannot make any.",
        )


def _digest(path: str) -> str:
    import hashlib  # noqa: PLC0415

    try:
        data = Path(path).expanduser().read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}", hint="Check --report.") from error
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _style(given: dict[str, Any]) -> dict[str, Any]:
    return {
        "language": given["lang"],
        "colour": options.wants_color(given["color"]),
        "width": options.width(),
    }


def _print(text: str, given: dict[str, Any]) -> None:
    options.print_report(text, color=options.wants_color(given["color"]))


def _show(looked: Looked, statement: Statement, given: dict[str, Any]) -> None:
    from gate.reports.statements import before_signing  # noqa: PLC0415

    text = before_signing(looked.change, looked.touched, statement, _style(given))
    click.echo(text, nl=False, err=True)


def _show_release(released: Released, given: dict[str, Any]) -> None:
    from gate.reports.release_text import before_signing  # noqa: PLC0415

    click.echo(before_signing(released, **_style(given)), nl=False, err=True)


def _confirm(statement: Statement) -> None:
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


def _next_of_release(output: Path, statement: Statement, keyid: str, given: dict[str, Any]) -> None:
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


def _next(output: Path, looked: Looked, statement: Statement, keyid: str) -> None:
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
