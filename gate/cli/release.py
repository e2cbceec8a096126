"""`gate release`: nothing sensitive ships unanswered for."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gate.cli import options, record
from gate.cli.progress import progress
from gate.errors import UsageError

if TYPE_CHECKING:
    from gate.forges.settings import Settings
    from gate.pipeline.release.run import Wanted
    from gate.pipeline.request import Request

#: Where a pipeline keeps the private key; see gate.pipeline.evidence.
KEY = "GATE_EVIDENCE_KEY"


@click.command(
    "release",
    context_settings=options.SETTINGS,
    epilog="Exit codes: 0 passed, 1 blocked, 2 usage or configuration, 3 waiting for human sign-off, 4 incomplete.",
)
@click.argument("range_", metavar="PREV..TAG")
@click.option(
    "--baseline",
    metavar="COMMIT",
    help="First release: judge TAG from this commit on, and say that all before it is taken as it is.",
)
@click.option(
    "--evidence",
    metavar="STORE",
    help="Where verdicts were recorded, as git, files:FOLDER or sqlite:FILE; default: evidence.store of the policy.",
)
@options.group(
    options.repo,
    click.option(
        "--repository",
        metavar="HOST/PATH",
        help="Which repository this is, if origin does not say it: records and statements name it.",
    ),
    options.config,
    options.output,
    click.option(
        "--mode", type=click.Choice(["enforce", "observe"]), help="observe: blocked and waiting end with 0."
    ),
    click.option(
        "--fail-level",
        type=click.Choice(["critical", "high", "medium", "low"]),
        help="New findings from this severity on block; overrides the policy.",
    ),
    options.scanners,
    options.shards,
    options.signoffs,
    click.option(
        "--forge",
        type=click.Choice(["auto", "github", "gitlab", "none"]),
        default="none",
        help="Where to ask for the merged requests of what no record covers, with the token in GATE_TOKEN; auto: where this job runs.",
    ),
    click.option(
        "--end",
        "expected",
        multiple=True,
        metavar="DIGEST",
        help="Record that must still be there, as noted earlier; repeatable. Shows whether the newest were cut off.",
    ),
    click.option(
        "--import",
        "imports",
        multiple=True,
        metavar="NAME=PATH",
        help="Report of another scanner on this release (SARIF, Snyk, ZAP): another path for a row of the policy, or "
        "a further one, which is required; repeatable.",
    ),
    click.option(
        "--attest",
        metavar="FILE",
        help="Write the signed verdict with all records and statements that it rests on; 'gate evidence verify' reads it.",
    ),
    record.key_that_signs("what --attest writes, one of evidence.signers"),
    options.now,
    options.jobs,
    options.no_cache,
    options.cache_dir,
    options.lang,
    options.color,
    options.verbose,
    options.quiet,
)
def command(range_: str, **given: Any) -> int:
    """Judge a release: is every sensitive or AI-written change since PREV answered for by an independent human?

    Each step from tag to tag is held against recorded verdicts and signed statements; what changed since PREV is
    scanned as one change. Policy, signers and waivers are those of PREV. No forge is needed.

    \b
    gate release v1.1.0..v1.2.0
    gate release v1.1.0..v1.2.0 --evidence git -o text -o html=release.html -o json=release.json
    gate release v1.0.0 --baseline 4f2a9c1          the first release
    gate release v1.1.0..v1.2.0 --attest v1.2.0.evidence.json --evidence-key ci-key
    """
    from gate.cli.release_emit import attest, emit  # noqa: PLC0415 - start-up stays cheap
    from gate.pipeline.release.run import judge_with_proofs  # noqa: PLC0415
    from gate.reports.release import FORMATS  # noqa: PLC0415

    outputs = options.parse_outputs(given["output"], tuple(FORMATS))
    to = Path(given["attest"]).expanduser() if given["attest"] else None
    key = given["evidence_key"] or os.environ.get(KEY, "")
    if to is not None:
        _need_key(key)
        options.prove_writable(to)
    request = _request(given)
    with progress(quiet=given["quiet"], verbose=given["verbose"]) as stage:
        released, proofs = judge_with_proofs(request, _wanted(range_, given), stage)
    emit(released, outputs, language=given["lang"], color=given["color"], quiet=given["quiet"])
    if to is not None:
        attest(released, proofs, to, repo=request.repo, key=key)
    return released.run.exit_code


def _need_key(key: str) -> None:
    """Raise UsageError before anything is scanned, if what `--attest` writes could not be signed."""
    if not key.strip():
        raise UsageError(
            "--attest: there is no key to sign the evidence of the release with",
            hint=f"Give the private key of a machine of evidence.signers with --evidence-key, or in {KEY}.",
        )


def _wanted(range_: str, given: dict[str, Any]) -> Wanted:
    from gate.pipeline.release.run import Wanted  # noqa: PLC0415

    for option in ("baseline", "config", "evidence", "attest", "repository", "signoffs"):
        if given[option] == "":
            raise UsageError(
                f"--{option} is empty",
                hint="Give a value, or leave the option out. In CI: is the variable behind it set?",
            )
    for end in given["expected"]:
        if not re.fullmatch("sha256:[0-9a-f]{64}", end):
            raise UsageError(
                f"--end {end}: is no digest",
                hint="Give all of sha256:…, as `gate evidence verify` prints it.",
            )
    return Wanted(
        range=range_,
        baseline=given["baseline"],
        evidence=given["evidence"],
        imports=given["imports"],
        repository=given["repository"],
        expected=given["expected"],
    )


def _forge(name: str) -> Settings | None:
    """Return how to reach the project; which of its requests is asked for turns out later."""
    if name == "none":
        return None
    from gate.forges.settings import find_settings, read_event  # noqa: PLC0415 - only where a forge is asked

    try:
        return find_settings(os.environ, read_event, forge=name, number=1)
    except UsageError as error:
        raise UsageError(
            f"--forge {name}: {error.message}",
            hint="It works in a CI job of the project, or with GITHUB_REPOSITORY or CI_PROJECT_ID set, and a token in GATE_TOKEN.",
        ) from error


def _request(given: dict[str, Any]) -> Request:
    from gate.cli.shard import paths, secret  # noqa: PLC0415
    from gate.pipeline.cache import secret as cache_secret  # noqa: PLC0415
    from gate.pipeline.request import Request  # noqa: PLC0415
    from gate.scanners import SCANNERS  # noqa: PLC0415

    return Request(
        repo=Path(given["repo"]),
        config=Path(given["config"]) if given["config"] else None,
        signoffs=Path(given["signoffs"]).expanduser() if given["signoffs"] else None,
        forge=_forge(given["forge"]),
        mode=given["mode"],
        fail_level=given["fail_level"],
        scanners=options.parse_scanners(given["scanners"], tuple(SCANNERS)),
        jobs=given["jobs"],
        cache=options.cache_folder(no_cache=given["no_cache"], cache_dir=given["cache_dir"]),
        cache_secret=cache_secret(os.environ),
        shards=paths(given["shards"]),
        shard_secret=secret(os.environ),
        now=options.parse_now(given["now"]),
        environment=dict(os.environ),
    )
