"""`gate scan`: a folder as it stands."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gate.cli import options
from gate.cli.progress import progress
from gate.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.core.baseline import Baseline
    from gate.pipeline.scan import ScanResult

baseline = click.option(
    "--baseline",
    metavar="FILE",
    help="Say what is new since this file was written, and what is gone.",
)
write_baseline = click.option(
    "--write-baseline", metavar="FILE", help="Write today's findings to this file, for --baseline later."
)
#: Options with the name of a file.
FILES = ("config", "baseline", "write-baseline")
verbose = click.option(
    "-v", "--verbose", count=True, help="Show every finding with its source; say more on standard error."
)


@click.command("scan", context_settings=options.SETTINGS)
@click.argument("path", metavar="[PATH]", default=".")
@options.group(
    options.config,
    options.output,
    baseline,
    write_baseline,
    options.scanners,
    options.shard,
    options.jobs,
    options.no_cache,
    options.cache_dir,
    options.lang,
    options.color,
    options.now,
    verbose,
    options.quiet,
)
def command(path: str, **given: Any) -> int:
    """Scan the folder (or file) PATH, git or not, and list merged findings, the worst first.

    There is no base and no sign-off here, so nothing is blocked, whatever is found and also with
    --baseline: the exit code is 0, or 4 if a required scanner could not do its work.

    \b
    gate scan
    gate scan src -o text -o json=findings.json -o sarif=findings.sarif
    gate scan --write-baseline known.json      remember what is there today
    gate scan --baseline known.json            show what is new since then

    `gate check` needs no baseline: it compares a change with its base commit by itself.
    """
    return listed(path, given) if given["shard"] is None else _share(path, given)


def listed(path: str, given: Mapping[str, Any], *, shards: tuple[Path, ...] = ()) -> int:
    """Scan a folder as the options say, write its reports, and return the exit code.

    `shards`, files or folders of shard reports, stand in for the scanners.
    """
    from gate.cli import last_report  # noqa: PLC0415
    from gate.cli.shard import outside  # noqa: PLC0415
    from gate.cli.shard import secret as shard_secret  # noqa: PLC0415
    from gate.pipeline.scan import scan  # noqa: PLC0415 - start-up stays cheap
    from gate.reports import SCAN, render_scan  # noqa: PLC0415

    _refuse_empty(path, given)
    outside(Path(path), shards)
    outputs = options.parse_outputs(given["output"], tuple(SCAN))
    now = options.parse_now(given["now"])
    target = _writable(given["write_baseline"], outputs)
    known = _read(given["baseline"])
    with progress(quiet=given["quiet"], verbose=given["verbose"]) as display:
        result = scan(
            Path(path),
            **_how(given),
            progress=display,
            on_step=display.step,
            on_read=display.read,
            baseline=known,
            baseline_name=given["baseline"] or "",
            shards=shards,
            shard_secret=shard_secret() if shards else b"",
        )
    found = replace(result.scan, now=now)
    report = render_scan("json", found)
    last_report.keep(str(Path(path).absolute()), report)

    def render(name: str, color: bool, width: int) -> str:
        if name == "json":
            return report
        settings = {"language": given["lang"], "colour": color, "width": width}
        return render_scan(name, found, **settings, verbose=bool(given["verbose"]))

    options.write_reports(outputs, render, color=given["color"])
    if target is not None:
        _write(target, result, quiet=given["quiet"])
    return result.exit_code


def _share(path: str, given: Mapping[str, Any]) -> int:
    """Scan one share of a folder and write its shard report."""
    from gate.cli import shard  # noqa: PLC0415
    from gate.pipeline.scan import scan_share  # noqa: PLC0415

    _refuse_empty(path, given)
    for name in ("baseline", "write_baseline"):
        if given[name] is not None:
            raise UsageError(
                f"--{name.replace('_', '-')} needs the whole scan, and --shard is a part of it",
                hint="Give it to gate merge-reports --path DIR SHARD…",
            )
    part = shard.parse(given["shard"])
    to = shard.output(given["output"], part)
    shard.outside(Path(path), [to.path] if to.path else [])
    with progress(quiet=given["quiet"], verbose=given["verbose"]) as display:
        found = scan_share(Path(path), part, **_how(given), progress=display)
    return shard.emit(found, to, quiet=given["quiet"])


def _how(given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments by which the whole and a share are scanned alike."""
    from gate.pipeline.cache import secret  # noqa: PLC0415
    from gate.scanners import SCANNERS  # noqa: PLC0415

    return {
        "config": Path(given["config"]) if given["config"] else None,
        "scanners": options.parse_scanners(given["scanners"], tuple(SCANNERS)),
        "jobs": given.get("jobs"),
        "cache": options.cache_folder(no_cache=given.get("no_cache", True), cache_dir=given.get("cache_dir")),
        "cache_secret": secret(os.environ),
    }


def _refuse_empty(path: str, given: Mapping[str, Any]) -> None:
    for name, value in (("PATH", path), *((f"--{n}", given[n.replace("-", "_")]) for n in FILES)):
        if value == "":
            raise UsageError(
                f"{name} is empty",
                hint="Give a value, or leave it out. In CI: is the variable behind it set?",
            )


def _read(name: str | None) -> Baseline | None:
    """Return the baseline in the file that --baseline names."""
    if name is None:
        return None
    from gate.reports import baseline as files  # noqa: PLC0415

    path = Path(name)
    hint = "Write it first: gate scan --write-baseline FILE"
    try:
        if path.exists() and not path.is_file():
            raise UsageError(f"{name}: is not a regular file, so it is no baseline", hint=hint)
        with path.open("rb") as file:
            data = file.read(files.MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        told = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(f"{name}: the baseline cannot be read: {told}", hint=hint) from error
    return files.load(data, name=name)


def _writable(name: str | None, outputs: tuple[options.Output, ...]) -> Path | None:
    """Return the path of --write-baseline, proved writable before any scan."""
    if name is None:
        return None
    path = Path(name).expanduser()
    if path.exists() and not path.is_file():
        kind = "a folder" if path.is_dir() else "no regular file"
        raise UsageError(
            f"--write-baseline {name}: is {kind}",
            hint="Give the name of a file, for example gate-baseline.json.",
        )
    if any(out.path is not None and out.path.resolve() == path.resolve() for out in outputs):
        raise UsageError(
            f"--write-baseline {name}: a report would go to the same file", hint="Give each its own path."
        )
    options.prove_writable(path)
    return path


def _write(path: Path, result: ScanResult, *, quiet: bool) -> None:
    """Write the baseline, but never one of half a scan: what it lacks would be new for ever."""
    from gate.reports import baseline as files  # noqa: PLC0415
    from gate.reports.escape import terminal  # noqa: PLC0415

    scan = result.scan
    if scan.incomplete:
        told = "; ".join(terminal(why) for why in scan.incomplete)
        click.echo(f"gate: no baseline was written, because the scan is incomplete: {told}", err=True)
        return
    options.write_whole(path, files.document(scan))
    if quiet:
        return
    count = "1 finding" if len(scan.findings) == 1 else f"{len(scan.findings):,} findings"
    click.echo(f"gate: baseline with {count} written to {terminal(str(path))}", err=True)
    if not any(tool.head.scanned for tool in scan.tools):
        click.echo("gate: warning: no file was read, so this baseline says nothing", err=True)
