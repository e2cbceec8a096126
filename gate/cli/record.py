"""The options with which a command leaves a record of its verdict."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from gate.errors import UsageError

if TYPE_CHECKING:
    from gate.core.facts import Run
    from gate.pipeline.recording import Recording
    from gate.pipeline.request import Request

#: What `--record` alone means.
OF_POLICY = "policy"

record = click.option(
    "--record",
    is_flag=False,
    flag_value=OF_POLICY,
    metavar="[STORE]",
    help="Leave a record of the verdict, in evidence.store of the policy or in STORE. See 'gate evidence'.",
)


def _no_key_in_sight(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    source = context.get_parameter_source(str(parameter.name))
    if value and value.lstrip().startswith("-----") and source is ParameterSource.COMMANDLINE:
        raise UsageError(
            "--evidence-key: a private key on the command line can be read in any list of processes",
            hint="Revoke it. Give the path of a file, or set GATE_EVIDENCE_KEY.",
        )
    return value


def key_that_signs(what: str) -> Any:
    """Return the option --evidence-key; `what` it signs, for its help."""
    return click.option(
        "--evidence-key",
        metavar="FILE",
        callback=_no_key_in_sight,
        help=f"Private key that signs {what}; GATE_EVIDENCE_KEY may hold the key itself.",
    )


evidence_key = key_that_signs("the record")


def recording(given: dict[str, Any], *, change: str = "", dry_run: bool = False) -> Recording:
    """Return where and how a record is to be left. Raises UsageError for an empty store."""
    from gate.core.evidence.record import Origin  # noqa: PLC0415 - start-up stays cheap
    from gate.forges.environment import job  # noqa: PLC0415
    from gate.pipeline.recording import Recording  # noqa: PLC0415

    store = given["record"]
    if store == "":
        raise UsageError(
            "--record is empty", hint="Give a store, or --record alone. In CI: is the variable behind it set?"
        )
    told = job(os.environ)
    return Recording(
        store=None if store in (None, OF_POLICY) else store,
        key=given["evidence_key"] or "",
        origin=Origin(job=told.url, actor=told.actor),
        change=change or told.change,
        dry_run=dry_run,
    )


def leave(run: Run, request: Request, given: dict[str, Any]) -> None:
    """Leave the record that `--record` asks for, and say where it is."""
    from gate.git import Repository  # noqa: PLC0415
    from gate.pipeline import inputs  # noqa: PLC0415
    from gate.pipeline.recording import leave as leave_record  # noqa: PLC0415

    reviews = inputs.read_reviews(request.reviews)
    with Repository.open(request.repo) as repository:
        told = leave_record(
            run, repository, recording(given, change=reviews.change if reviews else ""), needed=True
        )
    if told and not given["quiet"]:
        click.echo(f"gate: {told}", err=True)
