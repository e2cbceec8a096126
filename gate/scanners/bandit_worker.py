"""Bandit over a list of files, one line of JSON for each: the program of a child process, never imported.

    python -I -X utf8 bandit_worker.py LIST SECONDS

LIST is a JSON file: a list of [file name, whether to look a second time as its `nosec` comments want].
SECONDS is the time for one file; a file that takes longer ends the process with SIGALRM, also out of C code.

Lines, each written as soon as it is known, so that a death names the file that caused it:
  {"bandit": version}
  {"file": name, "unread": reason or null, "crashed": [test, ...], "issues": [row, ...], "left": [row, ...] or null}
  {"end": number of files}
A row is [test id, test name, line, first column, end column, lines, severity, confidence, text, CWE, address].
`left` are the issues that remain with `nosec` honoured; null: nobody looked.

The command line of Bandit says the same, and a test compares both. This is faster: the collector of
cycles rests while a file is read, one start serves both looks, and nodes that no test asks for are passed by.
"""

from __future__ import annotations

import ast
import gc
import json
import logging
import os
import re
import signal
import sys
from typing import Any

try:
    import bandit
    from bandit.core import config, context, docs_utils, manager, metrics, node_visitor, tester
except ModuleNotFoundError as missing:
    sys.exit(f"No module named {missing.name}")

#: The version whose visitor is known well enough to pass nodes by; any other runs as it comes.
KNOWN_VERSION = "1.9.4"
#: A literal in a text may be as long as a file; nobody reads more than this.
MAX_TEXT = 10_000
#: Source after which the cycles of its syntax trees are collected.
COLLECT_BYTES = 1_500_000
#: Kind of node -> its tests. Both readers have the same.
CALLS: dict[str, list[tuple[Any, ...]]] = {}

_CRASH = re.compile(r"Bandit internal error running: (\S+) on file ")
_NO_SCORES: dict[str, list[int]] = {}


class Tester(tester.BanditTester):  # type: ignore[misc]
    """Calls the tests of a node once, and Bandit's own way only if one of them has something to say."""

    def run_tests(self, raw_context: dict[str, Any], checktype: str) -> Any:
        if self.nosec_lines:
            return super().run_tests(raw_context, checktype)
        seen = context.Context(raw_context)
        for test, *settings in self._calls(checktype):
            try:
                found = test(seen, *settings)
            except Exception:  # noqa: BLE001 -- Bandit's own way reports it
                return super().run_tests(raw_context, checktype)
            if found is not None:
                return super().run_tests(raw_context, checktype)
        return _NO_SCORES

    def _calls(self, checktype: str) -> list[tuple[Any, ...]]:
        """The tests for a kind of node, each with its settings if it has some; looked up once for all files."""
        calls = CALLS.get(checktype)
        if calls is None:
            tests = self.testset.get_tests(checktype)
            calls = [(t, t._config) if hasattr(t, "_config") else (t,) for t in tests]  # noqa: SLF001
            CALLS[checktype] = calls
        return calls


class Visitor(node_visitor.BanditNodeVisitor):  # type: ignore[misc]
    """Goes the same way through a tree, without preparing a context that no test will see."""

    visited = frozenset(name[6:] for name in dir(node_visitor.BanditNodeVisitor) if name.startswith("visit_"))

    def generic_visit(self, node: ast.AST) -> None:
        for name in node._fields:
            value = getattr(node, name, None)
            if value.__class__ is list:
                last = len(value) - 1
                for number, item in enumerate(value):
                    if isinstance(item, ast.AST):
                        self._step(item, node, value[number + 1] if number < last else None)
            elif isinstance(value, ast.AST):
                self._step(value, node, None)

    def _step(self, item: Any, parent: ast.AST, sibling: Any) -> None:
        item._bandit_parent, item._bandit_sibling = parent, sibling  # noqa: SLF001
        kind = item.__class__.__name__
        if kind not in self.visited and kind not in self.testset.tests:
            if item._fields:
                self.generic_visit(item)
        elif self.pre_visit(item):
            self.visit(item)
            self.generic_visit(item)
            self.post_visit(item)

    def update_scores(self, scores: Any) -> None:
        """Scores are sums over all files; nobody reads them."""


class Ears(logging.Handler):
    """Hears which tests crashed: Bandit tells that to its log only."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.crashed: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        found = _CRASH.match(record.getMessage())
        if found:
            self.crashed.append(found[1])


class Reader:
    """A Bandit with the shipped tests, for one file after the other."""

    def __init__(self, *, ignore_nosec: bool) -> None:
        self._manager = manager.BanditManager(
            config.BanditConfig(), "file", debug=False, profile={}, ignore_nosec=ignore_nosec
        )

    def read(self, name: str) -> tuple[str | None, list[list[Any]]]:
        """Return why the file could not be read whole, or None, and a row for each issue."""
        one = self._manager
        one.files_list, one.results, one.skipped, one.scores = [name], [], [], []
        one.metrics = metrics.Metrics()  # its totals are summed up over all files after every run
        one.run_tests()
        return (one.skipped[0][1] if one.skipped else None), [row(issue) for issue in one.results]


def row(issue: Any) -> list[Any]:
    """Return an issue as plain values."""
    return [
        issue.test_id,
        issue.test,
        issue.lineno,
        issue.col_offset,
        issue.end_col_offset,
        len(issue.linerange),
        issue.severity,
        issue.confidence,
        issue.text[:MAX_TEXT],
        issue.cwe.id,
        docs_utils.get_url(issue.test_id),
    ]


def say(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Read the files of the list. Whatever goes wrong ends the process; what was said before stays said."""
    gc.disable()
    with open(sys.argv[1], encoding="utf-8") as stream:  # noqa: PTH123
        files: list[tuple[str, bool]] = json.load(stream)
    seconds = float(sys.argv[2])
    ears = Ears()
    log = logging.getLogger("bandit")
    log.addHandler(ears)
    log.propagate = False
    log.setLevel(logging.WARNING)
    if bandit.__version__ == KNOWN_VERSION:
        node_visitor.BanditNodeVisitor, tester.BanditTester = Visitor, Tester
    bare, honouring = Reader(ignore_nosec=True), None
    gc.freeze()
    say(bandit=bandit.__version__)
    read = 0
    for name, is_marked in files:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        ears.crashed.clear()
        unread, issues = bare.read(name)
        left = None
        if is_marked and issues and unread is None:
            honouring = honouring or Reader(ignore_nosec=False)
            unread, left = honouring.read(name)
        signal.setitimer(signal.ITIMER_REAL, 0)
        say(file=name, unread=unread, crashed=ears.crashed, issues=issues, left=left)
        read += size(name)
        if read > COLLECT_BYTES:
            read = 0
            gc.collect()
    say(end=len(files))
    sys.stdout.flush()
    os._exit(0)  # nothing is left to do but to take all syntax trees apart


def size(name: str) -> int:
    with open(name, "rb") as stream:  # noqa: PTH123
        return stream.seek(0, 2)


if __name__ == "__main__":
    main()
