"""The command line: one file a command; the only place that prints and exits."""

from __future__ import annotations

import errno
import sys
from typing import Any

import click

from gate import __version__
from gate.errors import EXIT_INTERNAL, EXIT_INTERRUPTED, EXIT_USAGE, GateError

#: Command -> (module, one-line help). A module is imported when its command is named.
COMMANDS = {
    "init": ("gate.cli.init", "Write a policy and CI files for a repository."),
    "doctor": ("gate.cli.doctor", "Check the whole set-up and say how to mend what is wrong."),
    "check": ("gate.cli.check", "Judge a change: who wrote it, what it breaks, who must sign off."),
    "publish": (
        "gate.cli.publish",
        "Judge a report anew in a trusted job, and post status, comment and remarks.",
    ),
    "merge-reports": (
        "gate.cli.merge_reports",
        "Join the shards of a check or a scan that several jobs did.",
    ),
    "release": (
        "gate.cli.release",
        "Judge a release: does somebody answer for every sensitive or AI-written change?",
    ),
    "scan": ("gate.cli.scan", "Scan a folder as it stands and list merged findings."),
    "areas": ("gate.cli.areas", "Show which sensitive areas a change touches, with evidence."),
    "signoff": ("gate.cli.signoff", "Sign a change off with a key, verify and list signed statements."),
    "evidence": ("gate.cli.evidence", "Verify, list and export the records that verdicts left."),
    "authorship": ("gate.cli.authorship", "Show who wrote the commits of a range, with evidence."),
    "rules": ("gate.cli.rules", "List rules, areas, families and known agents."),
    "cache": ("gate.cli.cache", "Show or empty the store of scanners' results."),
    "explain": ("gate.cli.explain", "Explain a rule, a finding of the last report, or a verdict."),
}


#: Options of the group itself.
_OWN = frozenset({"-h", "--help", "--version"})


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only when it is used."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take options of a command also before its name: `gate -q check` is `gate check -q`."""
        before = next((n for n, word in enumerate(args) if not word.startswith("-")), 0)
        if before and args[before] in COMMANDS and not _OWN.intersection(args[:before]):
            args = [args[before], *args[:before], *args[before + 1 :]]
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            raise click.UsageError(
                f"{error.format_message()} Options stand behind the command: gate check {error.option_name}",
                ctx,
            ) from error

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        import importlib  # noqa: PLC0415 - start-up stays cheap

        command = importlib.import_module(COMMANDS[name][0]).command
        if not isinstance(command, click.Command):  # a bug of ours, not of the user
            raise TypeError(name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib  # noqa: PLC0415

            close = difflib.get_close_matches(args[0], COMMANDS, n=1)
            if not close:
                raise
            raise click.UsageError(f"{error.message} Did you mean '{close[0]}'?", ctx) from error

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 passed, 1 blocked, 2 usage or configuration, 3 waiting for human sign-off, "
    "4 incomplete, 70 internal error, 130 interrupted.",
)
@click.version_option(__version__, prog_name="gate", message="%(prog)s %(version)s")
def cli() -> None:
    """A merge gate for AI-written code.

    \b
    gate check                          judge this branch against its target
    gate check --base main --head topic judge any range of any repository
    gate scan .                         list what is in a folder today
    """


def main(args: list[str] | None = None) -> None:
    """Run the command line and end the process with the exit code of the contract.

    Every exception ends here: errors of ours print what, where and what to do; anything else is a bug
    and leaves a report that can be attached to an issue.
    """
    import gc  # noqa: PLC0415
    import signal  # noqa: PLC0415

    # Syntax trees and findings are many objects that live to the end: looking for garbage among them after
    # every 700 new ones takes a fifth of the time of a large run and frees nothing.
    gc.set_threshold(100_000, 50, 50)
    # A cancelled CI job sends TERM: it must end the scanners too, which run in groups of their own.
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(run(args))


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def run(args: list[str] | None = None) -> int:
    """Run one command and return its exit code; prints messages, never raises (but SystemExit of --help)."""
    # One bad byte in a message must not end the program: what cannot be encoded is shown escaped.
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    try:
        code: Any = cli.main(args=args, prog_name="gate", standalone_mode=False)
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.Abort:
        _say("interrupted")
        return EXIT_INTERRUPTED
    except click.ClickException as error:
        error.show()
        return EXIT_USAGE
    except KeyboardInterrupt:
        _say("interrupted")
        return EXIT_INTERRUPTED
    except GateError as error:
        _show(error)
        return error.exit_code
    except BrokenPipeError:
        # The reader went away (`gate … | head`); nothing is left to say to it.
        _close_stdout()
        return 0
    except SystemExit as ending:
        # Click makes an exit code 1 of a reader that went away, which would read as "blocked".
        if not isinstance(ending.__context__, BrokenPipeError):
            raise
        _close_stdout()
        return 0
    except OSError as error:
        if error.errno not in _OUTPUT_ERRORS:
            _report_bug(error)
            return EXIT_INTERNAL
        _close_stdout()  # what is still buffered would fail again when the interpreter ends, with a code of its own
        _say(f"error: standard output could not be written: {error.strerror}. This is not a pass.")
        return EXIT_USAGE
    except Exception as error:  # noqa: BLE001 - the one funnel
        _report_bug(error)
        return EXIT_INTERNAL
    return code if isinstance(code, int) else 0


#: What a full disk or a broken device says when the report is printed.
_OUTPUT_ERRORS = frozenset({errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT})


def _open_closed_streams() -> None:
    """Give a process that was started without standard streams a place to print to."""
    import os  # noqa: PLC0415

    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - for the whole run


def _say(text: str) -> None:
    click.echo(f"gate: {text}", err=True)


def _show(error: GateError) -> None:
    from gate.reports.escape import terminal  # noqa: PLC0415

    for line in error.message.splitlines() or [""]:
        _say(f"error: {terminal(line)}")
    if error.hint:
        for line in error.hint.splitlines():
            click.echo(f"      {terminal(line)}", err=True)


def _close_stdout() -> None:
    import os  # noqa: PLC0415

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _report_bug(error: Exception) -> None:
    import platform  # noqa: PLC0415
    import tempfile  # noqa: PLC0415
    import traceback  # noqa: PLC0415

    text = "".join(
        (
            f"gate {__version__}, Python {platform.python_version()}, {platform.platform()}\n",
            f"command: {sys.argv[1:2]}\n\n",
            *traceback.format_exception(error),
        )
    )
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="gate-bug-", suffix=".txt", delete=False, encoding="utf-8", errors="backslashreplace"
        ) as file:
            file.write(text)
            place = file.name
    except OSError:
        click.echo(text, err=True)
        place = "the lines above"
    _say(f"internal error: {type(error).__name__}. This is a bug of gate, and not a pass.")
    click.echo(
        f"      Please report it and attach {place} (it may quote your code; read it first).", err=True
    )
