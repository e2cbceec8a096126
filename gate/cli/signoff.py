"""`gate signoff`: signed statements of humans, without a forge."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from gate.cli import options
from gate.cli import signoff_asked as asked
from gate.cli import signoff_said as said
from gate.cli.progress import progress
from gate.errors import EXIT_INCOMPLETE, UsageError

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

    asked.need_a_human(dict(os.environ))
    if given["decision"] == OVERRIDE and not (given["reason"] and given["expires"]):
        raise UsageError(
            "--decision override: needs --reason and --expires",
            hint="Say why it cannot wait, in 15 characters or more, and until when it holds.",
        )
    key = Path(given["key"]).expanduser()
    if not key.is_file():
        raise UsageError(f"{key}: no such key file", hint="Give a private key, or its .pub file, to --key.")
    request = asked.request_of(given)
    wish = Wish(
        decision=given["decision"],
        reviewer=given["reviewer"],
        areas=[area.strip() for area in (given["areas"] or "").split(",") if area.strip()],
        change=given["change"],
        repository=given["repository"],
        reason=given["reason"],
        expires_at=options.parse_now(given["expires"]) if given["expires"] else None,
        report_digest=asked.digest_of(given["report"]) if given["report"] else None,
    )
    released = None
    with progress(quiet=given["quiet"], verbose=given["verbose"]) as stage:
        if given["release"] is None:
            looked = look(request, stage)
        else:
            looked, released = asked.look_at_range(request, given, stage)
    statement = draft(looked, wish, request.now)
    try:
        raw = payload(statement)
    except ValueError as error:
        raise UsageError(f"this cannot be signed: {error}", hint="Check the options.") from error
    output = Path(
        given["output"] or f"{statement.commit[:10]}-{statement.reviewer}.signoff.json"
    ).expanduser()
    options.prove_writable(output)
    said.note_on_name(statement)
    if released is not None:
        said.show_release(released, given)
    said.show(looked, statement, given)
    said.confirm(statement)
    signature, keyid = sign(raw, key)
    prove_believed(request, looked, Bundle(payload=raw, signature=signature))
    options.write_whole(output, write_bundle(raw, signature, keyid).decode("ascii"))
    if released is not None:
        said.next_of_release(output, statement, keyid, given)
    else:
        said.next_of_change(output, looked, statement, keyid)
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
        request = asked.request_of(given | {"signoffs": str(file)})
        with progress(quiet=given["quiet"], verbose=given["verbose"]) as stage:
            if given["release"] is None:
                signoff = look(request, stage).signoff
            else:
                signoff = asked.signoff_of_release(request, given, stage)
        fates = [one for one in signoff.statements if not one.source.startswith("note on ")]
        options.print_report(
            report(signoff, fates, said.style(given)), color=options.wants_color(given["color"])
        )
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
        looked = look(asked.request_of(given), stage, every_note=True)
    options.write_reports(
        outputs,
        lambda name, colour, width: render(
            name, looked.signoff, language=given["lang"], colour=colour, width=width
        ),
        color=given["color"],
    )
    return EXIT_INCOMPLETE if looked.signoff.outcome is Outcome.INCOMPLETE else 0
