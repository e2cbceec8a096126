"""Options that several commands share, and what they are turned into."""

from __future__ import annotations

import functools
import os
import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from gate.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Every option is also an environment variable GATE_<NAME>, the same for all commands.
SETTINGS = {"auto_envvar_prefix": "GATE", "help_option_names": ["-h", "--help"], "max_content_width": 100}

repo = click.option(
    "--repo", default=".", metavar="DIR", help="Repository to read; default: the current folder."
)
base = click.option(
    "--base", metavar="REV", help="Revision to compare with; default: the merge request's target."
)
head = click.option("--head", metavar="REV", help="Revision under review; default: HEAD.")
target = click.option(
    "--target",
    metavar="REF",
    help="Ref that the change goes to, as refs/heads/main; default: the branch behind BASE.",
)
signoffs = click.option(
    "--signoffs",
    metavar="PATH",
    help="Signed statements: a file, or a folder of *.signoff.json. See 'gate signoff'.",
)
ai_replay = click.option(
    "--ai-replay",
    metavar="DIR",
    help="Recorded answers of a model, for ai.engine replay. See docs/ai-review.md.",
)
ai_record = click.option(
    "--ai-record",
    metavar="DIR",
    help="Write a model's raw answers there, readable for you alone; they hold code of the change.",
)
reviews = click.option(
    "--reviews",
    metavar="FILE",
    help="Reviews of the merge request as gate-reviews/1 JSON; without it no approval is known.",
)
config = click.option(
    "--config",
    metavar="FILE",
    help="Trusted policy file; default: .gate.yml at the base commit (gate scan: the preset balanced).",
)
output = click.option(
    "-o",
    "--output",
    multiple=True,
    metavar="FORMAT[=PATH]",
    help="Report format and where to write it; repeatable, '-' is standard output.",
)
jobs = click.option(
    "--jobs", type=click.IntRange(1, 256), help="Child processes at once; default: number of CPUs."
)
lang = click.option(
    "--lang", type=click.Choice(["en", "ko"]), default="en", help="Language of text for people."
)
color = click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colour."
)
now = click.option("--now", metavar="TIME", help="The run's one time, ISO 8601; decides expiry dates.")
scanners = click.option("--scanners", metavar="LIST", help="Only these scanners, separated by commas.")
no_cache = click.option("--no-cache", is_flag=True, help="Neither use nor store earlier results of scanners.")
cache_dir = click.option(
    "--cache-dir",
    metavar="DIR",
    help="Where results of scanners are kept; default: the user's cache folder. See 'gate cache'.",
)
shard = click.option(
    "--shard",
    metavar="I/N",
    help="Scan only share I of N and write a shard report; 'gate merge-reports' makes the report of all N.",
)
shards = click.option(
    "--shards",
    multiple=True,
    metavar="PATH",
    help="Do not scan: take the shard reports that 'gate check --shard' wrote for this range; a file or a folder.",
)
verbose = click.option("-v", "--verbose", count=True, help="Say more on standard error.")
quiet = click.option("-q", "--quiet", is_flag=True, help="No progress; reports and errors only.")


def cache_folder(*, no_cache: bool, cache_dir: str | None) -> Path | None:
    """Return the folder for results of scanners; None if nothing is to be kept. Raises UsageError for an empty one."""
    from gate.pipeline.cache import default_folder  # noqa: PLC0415

    if no_cache:
        return None
    if cache_dir == "":
        raise UsageError(
            "--cache-dir is empty", hint="Give a folder, or --no-cache. In CI: is the variable behind it set?"
        )
    return Path(cache_dir).expanduser() if cache_dir else default_folder(os.environ)


def answers_folder(cache_dir: str | None) -> Path | None:
    """Return the folder where a model's answers are kept, also with --no-cache: a change that is asked about again
    must not lose what was said of it before.
    """
    return cache_folder(no_cache=cache_dir == "", cache_dir=cache_dir)


def group(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return one decorator for several options, in reading order."""

    def decorate(function: Any) -> Any:
        return functools.reduce(lambda f, option: option(f), reversed(options), function)

    return decorate


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One report to write: `path` None is standard output."""

    format: str
    path: Path | None


def parse_outputs(values: tuple[str, ...], known: tuple[str, ...]) -> tuple[Output, ...]:
    """Return the outputs asked for (`text` on standard output by default), proved writable.

    Raises UsageError for an unknown format, two reports on standard output or to one path, and for a
    path that cannot be written; that is found here, before any scan.
    """
    outputs = []
    for value in values or ("text",):
        name, has_path, path = value.partition("=")
        if name not in known:
            import difflib  # noqa: PLC0415

            close = difflib.get_close_matches(name, known, n=1)
            raise UsageError(
                f"--output {value}: unknown format '{name}'"
                + (f", did you mean '{close[0]}'?" if close else ""),
                hint=f"Formats: {', '.join(known)}.",
            )
        if has_path and not path:
            raise UsageError(
                f"--output {value}: no path after '='",
                hint="Write FORMAT=PATH, or FORMAT for standard output.",
            )
        outputs.append(Output(format=name, path=None if path in ("", "-") else Path(path).expanduser()))
    if sum(o.path is None for o in outputs) > 1:
        raise UsageError(
            "--output: only one report can go to standard output",
            hint="Give the others a path: -o json=gate-report.json -o text",
        )
    seen: set[Path] = set()
    for out in outputs:
        if out.path is not None:
            prove_writable(out.path)
            if out.path.absolute() in seen:
                raise UsageError(
                    f"--output: two reports would go to {out.path}", hint="Give each its own path."
                )
            seen.add(out.path.absolute())
    return tuple(outputs)


def prove_writable(path: Path) -> None:
    """Raise UsageError if no file can be written at `path`; its folder is made if it is missing."""
    import tempfile  # noqa: PLC0415

    if path.is_dir():
        raise UsageError(
            f"{path}: is a folder, a report needs a file name",
            hint=f"For example {path / 'gate-report.json'}.",
        )
    if path.exists() and not path.is_file():
        return  # a device or a pipe: nothing but writing proves anything
    try:
        if any(folder.exists() and not folder.is_dir() for folder in path.parents):
            raise NotADirectoryError(20, "a folder in the path is a file")
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not os.access(path, os.W_OK):
            raise PermissionError(13, "file is not writable")
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise UsageError(
            f"{path}: the report could not be written there: {error.strerror or error}",
            hint="Choose another path; nothing was scanned yet.",
        ) from error


def write_whole(path: Path, text: str) -> None:
    """Write `text` as UTF-8 under a temporary name and rename it, so that no reader sees half a report.

    Raises UsageError if that fails.
    """
    with whole_file(path) as write:
        write(text)


@contextmanager
def whole_file(path: Path) -> Iterator[Callable[[str], None]]:
    """Give a function that writes text to a file which gets its name when the block ends without an error.

    A device or a pipe, which must not be replaced by a file, is written to directly. Raises UsageError if
    writing fails.
    """
    import tempfile  # noqa: PLC0415

    path = path.resolve()  # a link keeps pointing at the report
    direct = path.exists() and not path.is_file()
    file: IO[bytes]
    with _writing(path, direct=direct):
        if direct:
            file = path.open("wb")
        else:
            file = tempfile.NamedTemporaryFile(  # noqa: SIM115
                "wb", dir=path.parent, prefix=f".{path.name[:50]}.", delete=False
            )
    temporary = None if direct else file.name

    def write(text: str) -> None:
        with _writing(path, direct=direct):
            file.write(text.encode("utf-8", "backslashreplace"))

    try:
        yield write
        with _writing(path, direct=direct):
            file.close()
            if temporary is not None:
                os.chmod(temporary, 0o666 & ~_umask())  # noqa: PTH101 - a report is an ordinary file
                os.replace(temporary, path)  # noqa: PTH105
        temporary = None
    finally:
        with suppress(OSError):
            file.close()
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


@contextmanager
def _writing(path: Path, *, direct: bool) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"{path}: the report could not be written: {error.strerror or error}",
            hint="Give the path of a file, or '-' for standard output."
            if direct
            else "Check free space and rights, then run again. The verdict above is not affected.",
        ) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def parse_now(value: str | None) -> str:
    """Return the run's one time as `YYYY-MM-DDThh:mm:ssZ`; the clock is read only if `value` is None.

    Raises UsageError for anything that is not ISO 8601.
    """
    from datetime import UTC, datetime  # noqa: PLC0415

    from gate.pipeline.request import utc_now  # noqa: PLC0415

    if value is None:
        moment = utc_now()
    else:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError as error:
            raise UsageError(
                f"--now {value}: not a time", hint="Write ISO 8601, for example 2026-01-31T12:00:00Z."
            ) from error
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_scanners(value: str | None, known: tuple[str, ...]) -> frozenset[str] | None:
    """Return the scanners asked for, None for all that the policy names. Raises UsageError for unknown ones."""
    if value is None:
        return None
    names = [name for name in re.split(r"[,\s]+", value) if name]
    for name in names:
        if name not in known:
            raise UsageError(f"--scanners: unknown scanner '{name}'", hint=f"Scanners: {', '.join(known)}.")
    if not names:
        raise UsageError("--scanners: the list is empty", hint=f"Scanners: {', '.join(known)}.")
    return frozenset(names)


def wants_color(choice: str) -> bool:
    """Whether standard output gets colour: NO_COLOR and FORCE_COLOR count for `auto`, else a terminal decides."""
    import sys  # noqa: PLC0415

    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def width() -> int:
    """The columns of standard output's terminal (or COLUMNS), at most 120; 100 where there is none."""
    import shutil  # noqa: PLC0415
    import sys  # noqa: PLC0415

    if not sys.stdout.isatty() and "COLUMNS" not in os.environ:
        return 100
    return max(40, min(120, shutil.get_terminal_size((100, 24)).columns))


def print_report(text: str, *, color: bool) -> None:
    """Print a report on standard output. A reader who went away (`gate … | head`) changes no exit code."""
    import sys  # noqa: PLC0415

    try:
        click.echo(text, nl=False, color=color)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_reports(
    outputs: tuple[Output, ...], render: Callable[[str, bool, int], str], *, color: str
) -> None:
    """Write one report per output; `render(format, color, width)` makes its text. Files come first."""
    for out in sorted(outputs, key=lambda o: o.path is None):
        if out.path is not None:
            write_whole(out.path, render(out.format, False, 100))
        else:
            colored = wants_color(color)
            print_report(render(out.format, colored, width()), color=colored)
