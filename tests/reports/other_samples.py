"""Golden reports of the commands that print no run: `gate scan`, `gate areas`, `gate authorship`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gate.core.baseline import Known
from gate.core.facts import Excluded
from gate.core.finding import Decision, Severity, State
from gate.core.scan import ScanStatus, ToolRun
from gate.reports import Compared, Scan, baseline, render_areas, render_authorship, render_scan
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
        tools=tuple(ToolRun(head=run.head) for run in (semgrep, make.bandit(files=files))),
        findings=tuple(found),
        suppressions=story.suppressions[:1],
        place="shop",
        files=40,
        excluded=(Excluded(path="src/vendor/jquery.js", glob="**/vendor/**"),),
        unopened=("private",),
        installed=("web/node_modules",),
        links=2,
        uncovered={"native/fast.rs": "rust", "native/slow.rs": "rust", "tools/run.php": "php"},
        rules="sha256:" + "0" * 64,
    )


def compared() -> Scan:
    """The same tree against a baseline: one finding is new, one nobody knows about, some are gone."""
    scan = tree()
    new = {("src/auth/login.py", 44): State.NEW, ("src/shop/search.py", 8): State.UNKNOWN}
    found = tuple(
        replace(f, state=new.get((f.path, f.range.start_line), State.EXISTING)) for f in scan.findings
    )

    def known(path: str, line: int) -> Known:
        return Known(
            id=f"id/v1:{make.hexed(path)}",
            moved=make.hexed(path + "m"),
            family="sql-injection",
            path=path,
            line=line,
            severity=Severity.HIGH,
            title="SQL text built from user input",
            tools=("semgrep",),
        )

    return replace(
        scan,
        findings=found,
        compared=Compared(
            baseline="known.json",
            gone=(known("src/shop/old.py", 4), known("src/shop/older.py", 40)),
            unsure=(known("src/shop/big.py", 7),),
            notes=("it was written with other rules, so what is new may be known to newer rules only",),
        ),
    )


def incomplete() -> Scan:
    """A tree that a required scanner could not scan."""
    scan = tree()
    failed = make.tool(
        files=(), scanned=(), status=ScanStatus.FAILED, reason="not installed, or not on the PATH"
    )
    return replace(
        scan,
        tools=(scan.tools[1], ToolRun(head=failed.head)),
        incomplete=("semgrep failed: not installed, or not on the PATH",),
    )


def unread() -> Scan:
    """A folder of documents."""
    heads = (
        make.tool(files=(), scanned=()).head,
        make.bandit(files=(), scanned=()).head,
    )
    return Scan(tools=tuple(ToolRun(head=head) for head in heads), place="docs", files=12)


def touches():
    waiting = make.unsigned()
    return tuple(t for group in waiting.areas.values() for t in group)


OTHERS: Mapping[str, Callable[[], str]] = {
    "scan/tree.txt": lambda: render_scan("text", tree(), width=80),
    "scan/tree_verbose.txt": lambda: render_scan("text", tree(), width=80, verbose=True),
    "scan/tree.json": lambda: render_scan("json", tree()),
    "scan/tree_korean.txt": lambda: render_scan("text", tree(), width=80, language="ko"),
    "scan/tree_narrow.txt": lambda: render_scan("text", tree(), width=40),
    "scan/tree.sarif": lambda: render_scan("sarif", tree()),
    "scan/tree_codequality.json": lambda: render_scan("codequality", tree()),
    "scan/tree_gitlab_sast.json": lambda: render_scan("gitlab-sast", tree()),
    "scan/compared.txt": lambda: render_scan("text", compared(), width=80),
    "scan/compared_verbose.txt": lambda: render_scan("text", compared(), width=80, verbose=True),
    "scan/incomplete.txt": lambda: render_scan("text", incomplete(), width=80),
    "scan/baseline.json": lambda: baseline.document(tree()),
    "scan/unread.txt": lambda: render_scan("text", unread(), width=80),
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
