"""Golden reports of the commands that print no run: `gate scan`, `gate areas`, `gate authorship`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.finding import Decision, Severity, State
from gate.reports import Scan, render_areas, render_authorship, render_scan
from tests.reports import factories as make
from tests.reports import scenarios

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def tree() -> Scan:
    """A tree with a few findings of every kind, one of them suppressed, and a file that is too large."""
    story = scenarios.blocked().facts
    unknown = {"state": State.UNKNOWN, "decision": Decision.NOTE, "author_kind": None, "commit": None}
    found = [
        make.finding("src/shop/orders.py", 12, **unknown),
        make.finding("src/shop/search.py", 8, **unknown),
        make.finding(
            "src/auth/login.py",
            44,
            family="command-injection",
            cwe=(78,),
            severity=Severity.CRITICAL,
            title="Shell command built from user input",
            **unknown,
        ),
        *(make.noted("src/shop/cache.py", n, state=State.UNKNOWN) for n in range(40, 52)),
        make.noted(
            "setup.py",
            3,
            family="error-handling",
            title="Assert used",
            severity=Severity.INFO,
            state=State.UNKNOWN,
        ),
        make.noted(
            "tools/run.py",
            3,
            family="temp-file",
            title="Predictable temporary file",
            severity=Severity.LOW,
            state=State.UNKNOWN,
            decision=Decision.SUPPRESSED,
        ),
    ]
    files = ("setup.py", "src/auth/login.py", "src/shop/big.py", "src/shop/cache.py")
    semgrep = make.tool(
        files=files,
        scanned=(files[0], files[1], files[3]),
        unscanned=(make.unscanned("src/shop/big.py", "too-large"),),
    )
    return Scan(
        tools=tuple(run.__class__(head=run.head) for run in (semgrep, make.bandit(files=files))),
        findings=tuple(found),
        suppressions=story.suppressions[:1],
        place="shop",
    )


def touches():
    waiting = make.unsigned()
    return tuple(t for group in waiting.areas.values() for t in group)


OTHERS: Mapping[str, Callable[[], str]] = {
    "scan/tree.txt": lambda: render_scan("text", tree(), width=80),
    "scan/tree_verbose.txt": lambda: render_scan("text", tree(), width=80, verbose=True),
    "scan/tree.json": lambda: render_scan("json", tree()),
    "scan/nothing.txt": lambda: render_scan("text", Scan(tools=()), width=80),
    "areas/two.txt": lambda: render_areas("text", touches(), width=80),
    "areas/two.json": lambda: render_areas("json", touches()),
    "areas/none.txt": lambda: render_areas("text", (), width=80),
    "authorship/mixed.txt": lambda: render_authorship("text", make.authorship(), width=80),
    "authorship/mixed_verbose.txt": lambda: render_authorship(
        "text", make.authorship(), width=80, verbose=True
    ),
    "authorship/mixed.json": lambda: render_authorship("json", make.authorship()),
    "authorship/mixed.csv": lambda: render_authorship("csv", make.authorship()),
    "authorship/hostile.txt": lambda: render_authorship(
        "text", scenarios.hostile().facts.authorship, width=80
    ),
    "authorship/hostile.csv": lambda: render_authorship("csv", scenarios.hostile().facts.authorship),
}
