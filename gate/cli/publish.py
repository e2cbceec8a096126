"""`gate publish`: the trusted job."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gate.cli import options, record
from gate.cli.emit import emit
from gate.cli.progress import progress
from gate.errors import UsageError

if TYPE_CHECKING:
    from gate.forges.port import Forge
    from gate.pipeline.publish import Published

#: Bytes of a job summary; GitHub drops one above 1 MiB as a whole.
MOST_SUMMARY = 900 * 1024
#: Characters of the last line of the log that say what to do next; the comment has all of it.
MOST_NEXT = 300


@click.command(
    "publish",
    context_settings=options.SETTINGS,
    epilog="Exit codes: 0 passed, 1 blocked, 2 usage or configuration, 3 waiting for human sign-off, 4 incomplete, "
    "the report was refused, the merge request moved on, or no status could be posted.",
)
@options.group(
    click.option("--report", metavar="FILE", help="Report file of the check job, or a zip with only that."),
    click.option(
        "--forge",
        type=click.Choice(["auto", "github", "gitlab", "none"]),
        default="auto",
        help="Where to publish; auto: where this job runs; none: nowhere, with --reviews and --repo.",
    ),
    click.option("--repository", metavar="OWNER/NAME", help="Project; default: that of this job."),
    click.option("--change", type=click.IntRange(1), metavar="NUMBER", help="Pull or merge request."),
    click.option("--api-url", metavar="URL", help="Address of the API; default: that of this job."),
    click.option(
        "--allow-project",
        multiple=True,
        metavar="ID",
        help="GitLab: project that a webhook may name; repeatable.",
    ),
    click.option(
        "--repo",
        metavar="DIR",
        help="Clone to read; default: the objects are fetched, nothing is checked out.",
    ),
    options.base,
    options.config,
    click.option(
        "--mode", type=click.Choice(["enforce", "observe"]), help="As in the check job, if given there."
    ),
    click.option(
        "--fail-level",
        type=click.Choice(["critical", "high", "medium", "low"]),
        help="As in the check job, if given there.",
    ),
    options.reviews,
    options.signoffs,
    click.option(
        "--status-context",
        default="gate",
        metavar="NAME",
        help="Name of the status; {target} in it stands for the target branch.",
    ),
    click.option("--comment-key", default="default", metavar="KEY", help="Tells several gates apart."),
    click.option("--bot-login", metavar="NAME[bot]", help="Account of the token, if it belongs to an App."),
    click.option("--no-comment", is_flag=True, help="Post no comment."),
    click.option("--no-inline", is_flag=True, help="Post nothing on lines."),
    click.option("--sarif", is_flag=True, help="Upload SARIF to GitHub code scanning."),
    click.option("--pending", is_flag=True, help="Only say that the gate is running, where nothing stands."),
    click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing."),
    click.option("--report-url", metavar="URL", help="Where the full report is; default: this job."),
    record.record,
    record.evidence_key,
    options.output,
    options.now,
    options.lang,
    options.color,
    options.verbose,
    options.quiet,
)
def command(**given: Any) -> int:
    """Judge a merge request anew from a report, and post status, comment and remarks on lines.

    The report is taken as hostile: commits, authorship, areas, waivers, sign-offs and every decision are made
    again from git, from the policy of the target branch and from live reviews. Posts what changed, once.
    Run it again after an approval: it needs no new scan.

    \b
    GATE_TOKEN=… gate publish --report gate-report.json
    GATE_TOKEN=… gate publish --report gate-report.json --forge github --repository acme/shop --change 12
    gate publish --report gate-report.json --dry-run
    gate publish --report gate-report.json --forge none --reviews reviews.json --repo . -o html=gate.html
    """
    from gate.pipeline.publish import Job, publish  # noqa: PLC0415 - start-up stays cheap
    from gate.pipeline.request import Request  # noqa: PLC0415
    from gate.reports import FORMATS  # noqa: PLC0415

    if not given["pending"] and not given["report"]:
        raise UsageError(
            "--report is missing", hint="Give the report file of the check job; for --pending none is needed."
        )
    if not re.fullmatch(r"[a-z0-9-]{1,32}", given["comment_key"]) or "--" in given["comment_key"]:
        raise UsageError(
            f"--comment-key {given['comment_key']!r} cannot be used",
            hint="Small letters, digits and single '-' only, 32 at most.",
        )
    outputs = options.parse_outputs(given["output"], tuple(FORMATS)) if given["output"] else ()
    forge, job_url = _forge(given)
    job = Job(
        report=Path(given["report"]) if given["report"] else None,
        request=Request(
            base=given["base"],
            config=Path(given["config"]) if given["config"] else None,
            signoffs=Path(given["signoffs"]) if given["signoffs"] else None,
            mode=given["mode"],
            fail_level=given["fail_level"],
            now=options.parse_now(given["now"]),
        ),
        repo=Path(given["repo"]) if given["repo"] else None,
        context=given["status_context"],
        key=given["comment_key"],
        comment=not given["no_comment"] and given["forge"] != "none",
        lines=not given["no_inline"] and given["forge"] != "none",
        sarif=given["sarif"],
        language=given["lang"],
        url=given["report_url"] or job_url,
        pending=given["pending"],
        recording=record.recording(given, dry_run=given["dry_run"]),
    )
    with progress(quiet=given["quiet"], verbose=given["verbose"]) as stage:
        done = publish(job, forge, stage)
    if done.run is not None and outputs:
        emit(
            done.run,
            outputs,
            language=given["lang"],
            color=given["color"],
            quiet=True,
            verbose=bool(given["verbose"]),
        )
    _tell(done, language=given["lang"], quiet=given["quiet"], dry_run=given["dry_run"])
    return done.exit_code


def _forge(given: dict[str, Any]) -> tuple[Forge, str]:
    """Return the forge to talk to, and the address of this job for people."""
    if given["forge"] == "none":
        return _nowhere(given), ""
    if given["reviews"]:
        raise UsageError(
            "--reviews is for --forge none", hint="A forge tells its reviews itself; leave the file out."
        )
    from gate.forges.connect import connect  # noqa: PLC0415 - loads the forge's client
    from gate.forges.settings import find_settings, read_event  # noqa: PLC0415

    settings = find_settings(
        os.environ,
        read_event,
        forge=given["forge"],
        repository=given["repository"],
        number=given["change"],
        api=given["api_url"],
        login=given["bot_login"],
        allowed=given["allow_project"],
    )
    how = {"dry_run": lambda call: _say(f"would send {call}")} if given["dry_run"] else {}
    return connect(settings, **how), settings.job_url


def _nowhere(given: dict[str, Any]) -> Forge:
    for option in ("reviews", "repo"):
        if not given[option]:
            raise UsageError(
                f"--forge none needs --{option}",
                hint="The reviews file says which request is judged, the clone has its objects.",
            )
    from gate.forges.local import Local  # noqa: PLC0415
    from gate.forges.reviews_file import read_reviews  # noqa: PLC0415

    return Local(read_reviews(given["reviews"]))


def _tell(done: Published, *, language: str, quiet: bool, dry_run: bool) -> None:
    """Print what was and was not posted; the last line is the verdict, the code and the one thing to do next."""
    from gate.reports.set_up import told  # noqa: PLC0415 - start-up stays cheap

    if (not quiet and not dry_run) or done.failed:
        for line in done.log:
            _say(told(line, language))
    if done.problem is not None:
        _say(told(done.problem.message, language))
    next_step = done.problem.hint if done.problem is not None and done.problem.hint else _next(done, language)
    _say(told(f"{done.word}, exit {done.exit_code}.", language) + f" {told(next_step, language)}".rstrip())
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary and done.text and "comment" in done.failed:
        # The comment found no place; here it needs no permission.
        with Path(summary).open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(done.text.encode()[:MOST_SUMMARY].decode("utf-8", "ignore"))


def _next(done: Published, language: str) -> str:
    if done.run is None:
        return ""
    from gate.reports.escape import cut  # noqa: PLC0415
    from gate.reports.messages import Catalogue  # noqa: PLC0415
    from gate.reports.sentences import in_language  # noqa: PLC0415

    run = in_language(done.run, language)
    nothing = Catalogue(language)("passed.who")
    return cut(next((r.to_pass for r in run.verdict.reasons if r.to_pass), nothing), MOST_NEXT)


def _say(text: str) -> None:
    from gate.reports.escape import log_line, terminal  # noqa: PLC0415

    click.echo(log_line(f"gate: {terminal(text, most=2000)}"), err=True)
