"""Writing reports piece by piece: files appear when they are whole, standard output gets what there is."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import click

from gate.cli.options import print_report, wants_color, whole_file, width
from gate.reports import authorship_writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gate.cli.options import Output
    from gate.core.authorship import Authorship, CommitAuthorship
    from gate.core.authorship.tally import Tally
    from gate.reports import AuthorshipWriter


class Streams:
    """The reports of one history under way."""

    def __init__(self, writers: Sequence[tuple[AuthorshipWriter, Callable[[str], None]]]) -> None:
        self._writers = writers

    def add(self, commits: Sequence[CommitAuthorship]) -> None:
        """Write further commits."""
        for writer, write in self._writers:
            if text := writer.add(commits):
                write(text)

    def end(self, facts: Authorship, tally: Tally) -> None:
        """Write the rest."""
        for writer, write in self._writers:
            for text in writer.end(facts, tally):
                write(text)


@contextmanager
def streams(
    outputs: Sequence[Output], *, color: str, language: str, verbose: bool, listing: str
) -> Iterator[Streams]:
    """Open every output; at the end of the block files get their names, after an error none does."""
    colored = wants_color(color)
    alone = all(out.path is None for out in outputs)
    with ExitStack() as stack:
        writers = []
        for out in sorted(outputs, key=lambda o: o.path is None):
            on_terminal = out.path is None
            writer = authorship_writer(
                out.format,
                language=language,
                colour=colored and on_terminal,
                width=width() if on_terminal else 100,
                verbose=verbose,
                listing=listing,
            )
            write = stack.enter_context(whole_file(out.path)) if out.path else _printed(colored, alone=alone)
            writers.append((writer, write))
        yield Streams(writers)


def _printed(colored: bool, *, alone: bool) -> Callable[[str], None]:
    """Print on standard output. When its reader went away, go on for the sake of files only."""

    def write(text: str) -> None:
        if alone:
            click.echo(text, nl=False, color=colored)
        else:
            print_report(text, color=colored)

    return write
