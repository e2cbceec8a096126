"""`gate evidence`: the records that verdicts left behind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gate.cli import options
from gate.errors import EXIT_INCOMPLETE, EvidenceError, UsageError

if TYPE_CHECKING:
    from gate.core.evidence.held import Evidence
    from gate.pipeline.evidence_request import Asked, Question

_COMMON = options.group(
    options.repo,
    click.option(
        "--base",
        metavar="REV",
        help="Revision whose policy names store and signers; default: the default branch of the remote.",
    ),
    options.config,
    click.option(
        "--signers",
        metavar="FILE",
        help='Allowed signers instead of a policy: lines `ID namespaces="gate-evidence" KEY`. Needs no repository.',
    ),
    click.option("--revoked", metavar="FILE", help="Revoked keys, beside --signers."),
    click.option("--repository", metavar="HOST/PATH", help="Only records of this repository."),
    click.option("--commit", metavar="SHA", help="Only records of this commit, in full or its beginning."),
    click.option("--change", metavar="NUMBER", help="Only records of this merge request."),
    options.output,
    options.now,
    options.lang,
    options.color,
    options.quiet,
)
_STORE = click.argument("store", required=False)


@click.group("evidence", context_settings=options.SETTINGS)
def command() -> None:
    """Verify, list, show and export the records that verdicts left behind.

    STORE is git, git:REF, files:FOLDER, sqlite:FILE, postgresql://HOST/NAME, or the file of a record or of a
    release; without it, evidence.store of the policy. Leave records with `gate check --record` or `gate publish`.

    \b
    gate evidence verify
    gate evidence verify release-v1.2.evidence.json --signers signers
    gate evidence list git:refs/notes/gate-evidence --change 12
    gate evidence show 4f2a9c1d4f
    """


@command.command(
    "verify", context_settings=options.SETTINGS, short_help="Verify signatures and the chain of a store."
)
@_STORE
@click.option(
    "--end",
    "ends",
    multiple=True,
    metavar="DIGEST",
    help="Record that must still be there, as noted earlier; repeatable. Shows whether the newest were cut off.",
)
@click.option("--tag", metavar="TAG", help="The evidence of a release must be about this tag.")
@click.option("--chain-only", is_flag=True, help="Judge the chain alone; who signed is not asked.")
@_COMMON
def verify(**given: Any) -> int:
    """Verify every record of a store: its signature, its form, and that none was altered, removed or reordered.

    Records of other repositories, commits or merge requests can be left aside with the options; the chain is
    always that of the whole store. The evidence of a release needs no repository: its file and --signers are
    enough, and --tag, --commit and --repository say which release is meant.

    Exit codes: 0 all good, 3 something does not verify, 4 it cannot be told.
    """
    from gate.pipeline.evidence_request import release_of  # noqa: PLC0415 - start-up stays cheap
    from gate.reports.evidence import FORMATS, verified  # noqa: PLC0415

    outputs = options.parse_outputs(given["output"], FORMATS)
    if (release := release_of(_question(given))) is not None:
        from gate.reports.evidence_release import verified as verified_release  # noqa: PLC0415

        for name, is_given in (
            ("end", given["ends"]),
            ("chain-only", given["chain_only"]),
            ("change", given["change"]),
        ):
            if is_given:
                raise UsageError(
                    f"--{name} is for stores of records", hint="A release has --tag and --commit."
                )
        _write(given, outputs, lambda name, style: verified_release(name, release, style))
        return 3 if release.problems else 0
    if given["tag"]:
        raise UsageError(
            f"{given['store'] or 'the store'}: is not the evidence of a release, and --tag is for that",
            hint="Give the whole file that `gate release --attest` wrote as STORE.",
        )
    evidence, asked = _read(given)
    good = evidence.is_whole and (given["chain_only"] or not any(one.problem for one in evidence.records))
    good = good and bool(evidence.chain.ends.digests if given["chain_only"] else evidence.records)
    if given["chain_only"]:
        evidence = asked.without_signatures(evidence)
    told = {"good": good, "remarks": asked.remarks, "chain_only": given["chain_only"]}
    _write(given, outputs, lambda name, style: verified(name, evidence, style, **told))
    if not evidence.records and not evidence.unreadable and not evidence.chain.ends.digests:
        raise EvidenceError(
            f"{evidence.store}: holds no record, so nothing is verified", hint="Check which store is meant."
        )
    if asked.is_filtered and not evidence.records and not given["chain_only"]:
        click.echo(f"gate: no record is about {asked.told}", err=True)
    return 0 if good else 3


@command.command("list", context_settings=options.SETTINGS, short_help="List the records of a store.")
@_STORE
@_COMMON
def list_(**given: Any) -> int:
    """List records by number: time, verdict, merge request, commit, who signed.

    The exit code is 0 whatever they are worth, 4 if the store cannot be read.
    """
    from gate.reports.evidence import FORMATS, listed  # noqa: PLC0415

    outputs = options.parse_outputs(given["output"], FORMATS)
    evidence, _ = _read(given)
    _write(given, outputs, lambda name, style: listed(name, evidence, style))
    return EXIT_INCOMPLETE if evidence.unreadable else 0


@command.command("show", context_settings=options.SETTINGS, short_help="Show all that one record says.")
@click.argument("record", metavar="RECORD")
@_STORE
@_COMMON
def show(record: str, **given: Any) -> int:
    """Show one record. RECORD is its number, or the beginning of its digest or of its commit; or a file of one.

    The exit code is 0 if the record verifies, 3 if it does not.
    """
    from gate.pipeline.evidence_request import find, only  # noqa: PLC0415
    from gate.reports.evidence import FORMATS, shown  # noqa: PLC0415

    outputs = options.parse_outputs(given["output"], FORMATS)
    alone = given["store"] is None and Path(record).expanduser().is_file()
    evidence, _ = _read(given | {"store": record} if alone else given)
    one = only(evidence) if alone else find(evidence, record)
    _write(given, outputs, lambda name, style: shown(name, one, style))
    return 3 if one.problem else 0


@command.command(
    "export", context_settings=options.SETTINGS, short_help="Write records as files for ssh-keygen alone."
)
@_STORE
@click.option("--to", required=True, metavar="DIR", help="New or empty folder to write to.")
@click.option("--record", "record", metavar="RECORD", help="Only this record, named as for show.")
@_COMMON
def export(**given: Any) -> int:
    """Write each record as its signed bytes (*.json) and its signature (*.json.sig), and the signers beside them.

    The commands that verify them without this program are printed.
    """
    from gate.pipeline.evidence_files import export as write  # noqa: PLC0415
    from gate.pipeline.evidence_request import find  # noqa: PLC0415

    if given["output"]:
        raise UsageError("-o is of no use here", hint="--to says where the files go.")
    evidence, asked = _read(given)
    chosen = (find(evidence, given["record"]),) if given["record"] else evidence.records
    lines = write(evidence.store, chosen, asked.keys, Path(given["to"]).expanduser())
    if not given["quiet"]:
        for line in lines:
            click.echo(line)
    return 0


def _read(given: dict[str, Any]) -> tuple[Evidence, Asked]:
    from gate.pipeline.evidence_request import ask  # noqa: PLC0415

    return ask(_question(given))


def _question(given: dict[str, Any]) -> Question:
    from gate.pipeline.evidence_request import Question  # noqa: PLC0415

    def path(name: str) -> Path | None:
        if given[name] == "":
            raise UsageError(
                f"--{name} is empty",
                hint="Give a file, or leave it out. In CI: is the variable behind it set?",
            )
        return Path(given[name]).expanduser() if given[name] else None

    return Question(
        store=given["store"],
        repo=Path(given["repo"]),
        base=given["base"],
        config=path("config"),
        signers=path("signers"),
        revoked=path("revoked"),
        repository=given["repository"],
        commit=given["commit"],
        change=given["change"],
        tag=given.get("tag"),
        expected=given.get("ends", ()),
        now=options.parse_now(given["now"]),
    )


def _write(given: dict[str, Any], outputs: tuple[options.Output, ...], render: Any) -> None:
    options.write_reports(
        outputs,
        lambda name, colour, width: render(
            name, {"language": given["lang"], "colour": colour, "width": width}
        ),
        color=given["color"],
    )
