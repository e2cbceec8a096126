"""`gate init`: policy and CI for a repository."""

from __future__ import annotations

import difflib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gate.cli import options
from gate.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gate.pipeline.init import Plan

#: What is said of each action, before and after it.
_SIGNS = {"create": "+", "append": "±", "replace": "!", "unchanged": "=", "kept": "·", "blocked": "✗"}


@click.command(
    "init",
    context_settings=options.SETTINGS,
    epilog="Exit codes: 0 done (or nothing to do), 2 nothing was written because of what the message says.",
)
@options.group(
    options.repo,
    click.option(
        "--forge", type=click.Choice(["github", "gitlab"]), help="Default: the one of the remote origin."
    ),
    click.option(
        "--reviewer",
        "reviewers",
        multiple=True,
        metavar="LOGIN",
        help="Account of a person who signs off; repeatable. Two or more are best.",
    ),
    click.option(
        "--preset",
        type=click.Choice(["observe", "balanced", "strict"]),
        default="balanced",
        help="Preset of the policy; observe only reports.",
    ),
    click.option(
        "--source",
        metavar="HOST/OWNER/NAME@COMMIT",
        help="Project and commit that CI takes the gate from; default: those of this copy.",
    ),
    click.option(
        "--publisher",
        metavar="DIR",
        help="GitLab: write the files of a publisher project into its clone instead; needs --project.",
    ),
    click.option(
        "--project",
        "projects",
        multiple=True,
        metavar="ID",
        help="Numeric id of a project that the publisher serves.",
    ),
    click.option(
        "--shards",
        type=click.IntRange(1, 200),
        default=1,
        metavar="N",
        help="Split the scan of a change over N jobs (large repositories); default: one job.",
    ),
    click.option("--release", is_flag=True, help="Write a job that judges every release, too."),
    click.option(
        "--ai",
        is_flag=True,
        help="Write a job that holds the key of a model and nothing else (GitHub, or with --publisher).",
    ),
    click.option("--dry-run", is_flag=True, help="Show what would be written as a diff; write nothing."),
    click.option(
        "--force", is_flag=True, help="Replace CI files that differ; the old ones are kept as NAME.orig."
    ),
    click.option(
        "-o", "--output", "form", type=click.Choice(["text", "json"]), default="text", help="Format."
    ),
    options.lang,
    options.color,
)
def command(**given: Any) -> int:
    """Write a policy and CI files for this repository, and say what each is for.

    Files that are there and differ are never changed without --force. Nothing is committed or pushed, and no
    network is used.

    \b
    gate init --dry-run
    gate init --reviewer alice --reviewer bob
    gate init --forge gitlab --preset observe
    gate init --release --shards 4
    gate init --publisher ../gate-publisher --project 4711
    """
    from gate.pipeline.init import Wish, plan, publisher_plan, write  # noqa: PLC0415 - start-up stays cheap

    wish = Wish(
        repo=Path(given["repo"]),
        forge=given["forge"],
        preset=given["preset"],
        reviewers=tuple(dict.fromkeys(given["reviewers"])),
        source=given["source"],
        shards=given["shards"],
        release=given["release"],
        ai=given["ai"],
        force=given["force"],
        environment=dict(os.environ),
    )
    if given["projects"] and not given["publisher"]:
        raise UsageError(
            "--project is given without --publisher", hint="Give the publisher's clone: --publisher DIR."
        )
    if given["publisher"] and (given["release"] or given["shards"] > 1):
        raise UsageError(
            "--release and --shards are for the guarded project, and --publisher writes another one",
            hint="Run gate init for each of the two.",
        )
    if given["publisher"]:
        made = publisher_plan(Path(given["publisher"]).expanduser().absolute(), given["projects"], wish)
    else:
        made = plan(wish)
    copies = [] if given["dry_run"] else list(write(made))
    if given["form"] == "json":
        click.echo(json.dumps(_as_json(made, copies, dry_run=given["dry_run"]), indent=1))
    else:
        text = "\n".join(_text(made, copies, given["lang"], dry_run=given["dry_run"])) + "\n"
        options.print_report(text, color=options.wants_color(given["color"]))
    return 0


def _text(made: Plan, copies: list[str], language: str, *, dry_run: bool) -> Iterator[str]:
    from gate.reports.escape import terminal, terminal_code  # noqa: PLC0415 - start-up stays cheap
    from gate.reports.set_up import padded, paragraph, told  # noqa: PLC0415

    def say(text: str) -> str:
        return told(text, language)

    names = {"github": "GitHub", "gitlab": "GitLab"}
    why = say(terminal(made.why_forge))
    yield say(f"{names[made.forge]}: {why}. Folder: {terminal(str(made.root))}")
    if made.languages:
        found = ", ".join(f"{name} {number}" for name, number in made.languages.items())
        yield say(f"Files of code: {found}.")
    yield ""
    width, columns = max(len(step.path) for step in made.steps), options.width()
    for step in made.steps:
        head = f"{_SIGNS[step.action]} {step.path:{width}}  {padded(say(step.action), 9)}  "
        yield from paragraph(head, terminal(say(step.why)), columns)
    if dry_run:
        for step in made.steps:
            if step.new is not None:
                yield ""
                yield from _diff(step.path, step.old, step.new)
    for name in copies:
        yield f"  {say(f'the old file is now {terminal(name)}')}"
    for path, text in made.by_hand:
        yield ""
        yield say(f"Add to {path}, which was not touched:")
        yield ""
        yield from (f"    {terminal_code(line)}" for line in text.splitlines())
    yield ""
    written = sum(step.writes for step in made.steps)
    if dry_run:
        yield say(f"Nothing was written: --dry-run. Without it {say(_files(written))} would be.")
    else:
        yield say(f"Written: {say(_files(written))}." if written else "Nothing had to be written.")
    yield ""
    yield say("What is left to do:")
    for number, sentence in enumerate(made.next, 1):
        yield from paragraph(f"{number:2}. ", terminal(say(sentence), most=2000), columns)


def _files(number: int) -> str:
    return f"{number} file{'' if number == 1 else 's'}"


def _diff(path: str, old: str | None, new: str) -> Iterator[str]:
    from gate.reports.escape import terminal_code  # noqa: PLC0415

    before = (old or "").splitlines()
    name = f"a/{path}" if old is not None else "/dev/null"
    for line in difflib.unified_diff(before, new.splitlines(), name, f"b/{path}", lineterm=""):
        yield terminal_code(line)


def _as_json(made: Plan, copies: list[str], *, dry_run: bool) -> dict[str, Any]:
    return {
        "schema": "gate-init/1",
        "forge": made.forge,
        "why_forge": made.why_forge,
        "dry_run": dry_run,
        "files": [
            {
                "path": step.path,
                "action": step.action,
                "why": step.why,
                "written": step.writes and not dry_run,
            }
            for step in made.steps
        ],
        "copies": copies,
        "by_hand": [{"path": path, "add": text} for path, text in made.by_hand],
        "next": list(made.next),
    }
