"""The runs of the golden files: one story each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gate.core.authorship import Authorship, AuthorVerdict, CommitAuthorship
from gate.core.finding import Decision, Range, Severity, State, Witness
from gate.core.policy import Mode, Policy
from gate.core.review import Ignored, Signoff
from gate.core.scan import ScanReport, ScanStatus, ToolRun
from gate.core.verdict import Outcome
from tests.reports import factories as make

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gate.core.facts import Run

#: Everything that has hurt a report somewhere: markup, links, mentions, quick actions, log commands, escape
#: sequences, bidi, line breaks of every kind, bytes that are not UTF-8, and a very long word.
HOSTILE = (
    "</td><script>alert(1)</script> [x](https://evil.example) ![i](http://evil.example/a.png) @team #1 !2 "
    "fixes #3 | `code` ```fence\r/approve\n/merge\n::error::hi\n##[group]x\x1b[31mred\x1b]0;t\x07\x9b31m "
    "\u202etxt.exe\u2028/close\x00 --> {{7*7}} $(id) \udcff\ud800 &amp; =cmd() " + "W" * 300
)
HOSTILE_PATH = 'src/\udcff\u202e|`<b>"/@team\n/approve.py'


def passed() -> Run:
    return make.run(
        make.RAN,
        make.CLEAN,
        make.SIGNED,
        make.reason("finding.note", Outcome.PASSED, "1 finding below high or not new (1 existing)."),
        findings=(make.noted(),),
        fixed=(make.noted("src/shop/old.py", 3, state=State.FIXED),),
        signoff=make.signed(),
        touches=(make.touch(),),
    )


def blocked() -> Run:
    blocking = (
        make.finding(),
        make.finding(
            "src/auth/login.py",
            44,
            family="command-injection",
            cwe=(78,),
            severity=Severity.CRITICAL,
            title="Shell command built from user input",
            message="The text of a shell command contains a value from the request.",
            scope="login",
            snippet=("    audit = request.args['audit']", "    subprocess.run('log ' + audit, shell=True)"),
            snippet_start=43,
            witnesses=(Witness(tool="semgrep", rule_id="python.shell", range=Range(start_line=44)),),
        ),
    )
    notes = (
        *(make.noted(line=n) for n in (40, 52, 61, 70)),
        make.noted(
            "tests/test_cache.py",
            9,
            family="error-handling",
            title="Assert used",
            severity=Severity.INFO,
            state=State.NEW,
        ),
        make.noted(
            "src/shop/tmp.py",
            3,
            family="temp-file",
            title="Predictable temporary file",
            severity=Severity.LOW,
            decision=Decision.SUPPRESSED,
            suppression="nosec on the base already",
        ),
    )
    return make.run(
        make.RAN,
        make.reason(
            "finding.new",
            Outcome.BLOCKED,
            "2 findings at or above high: Shell command built from user input at src/auth/login.py:44, SQL text built from user input at src/shop/orders.py:12.",
            "Fix the code. If it is a false alarm: a waiver with owner, reason and expiry in .gate/waivers.yml, merged to the target branch on its own.",
            tuple(sorted(f.id for f in blocking)),
        ),
        make.reason("finding.note", Outcome.PASSED, "5 findings below high or not new (4 existing, 1 new)."),
        make.SIGNED,
        findings=blocking + notes,
        suppressions=(
            make.suppression(path="src/shop/tmp.py", line=3, rules=("B108",), findings=(notes[-1].id,)),
            make.suppression(
                kind="nosemgrep",
                path="src/shop/cache.py",
                line=7,
                rules=("python.sql",),
                reason="",
                effective=False,
                why="hides nothing: the comment is on another line",
            ),
            make.suppression(
                kind="waiver",
                path="src/legacy/**",
                line=0,
                rules=("weak-hash",),
                owner="bob",
                expires="2026-02-28",
                reason="replaced in the next release",
                why="applies",
            ),
        ),
        signoff=make.signed(),
        touches=(make.touch(),),
    )


def needs_signoff() -> Run:
    waiting = make.unsigned()
    hidden = make.finding(decision=Decision.SIGNOFF, suppression="nosemgrep added in this change")
    return make.run(
        make.RAN,
        make.CLEAN,
        make.reason(
            "signoff.required",
            Outcome.NEEDS_SIGNOFF,
            "Sensitive areas are touched: auth (src/auth/login.py:31, src/auth/login.py:44, src/auth/login.py:52 and 1 more); gate (.github/workflows/ci.yml).",
            " ".join(waiting.missing),
        ),
        make.reason(
            "suppression.added",
            Outcome.NEEDS_SIGNOFF,
            "This change adds 1 inline suppression: nosemgrep at src/shop/orders.py:11.",
            "Remove the comment and fix the finding, or a reviewer of the area gate signs off.",
            (hidden.id,),
        ),
        findings=(hidden,),
        suppressions=(
            make.suppression(
                kind="nosemgrep",
                path="src/shop/orders.py",
                line=11,
                rules=(),
                blanket=True,
                reason="",
                introduced=True,
                author_kind="declared_ai",
                effective=True,
                needs_signoff=True,
                findings=(hidden.id,),
                why="added by an AI commit, hides a high finding",
            ),
        ),
        signoff=waiting,
        touches=tuple(t for group in waiting.areas.values() for t in group),
    )


def incomplete() -> Run:
    files = ("src/auth/login.py", "src/shop/orders.py")
    return make.run(
        make.reason(
            "scan.required",
            Outcome.INCOMPLETE,
            "The required scanner semgrep failed: rule parse error in python.yml.",
            "Make semgrep run (see its messages in the report), or set scanners.semgrep.required: false in the policy of the target branch.",
        ),
        make.reason(
            "scan.coverage",
            Outcome.INCOMPLETE,
            "1 changed file was not fully scanned (syntax by bandit): src/shop/orders.py.",
            "Run the gate on a newer Python, or correct the file.",
        ),
        make.reason(
            "finding.new",
            Outcome.BLOCKED,
            "1 finding at or above high: SQL text built from user input at src/shop/orders.py:12.",
            "Fix the code.",
        ),
        findings=(make.finding(state=State.UNKNOWN),),
        tools=(
            ToolRun(
                head=ScanReport(
                    tool="semgrep",
                    version="1.182.0",
                    engine="classic",
                    status=ScanStatus.FAILED,
                    reason="rule parse error in python.yml",
                    targets=files,
                    unscanned=tuple(make.unscanned(f, "tool-failed") for f in files),
                    errors=("Rule parse error: python.yml line 3: pattern could not be parsed",),
                    seconds=4.5,
                )
            ),
            make.bandit(
                status=ScanStatus.PARTIAL,
                reason="1 file unread",
                scanned=files[:1],
                unscanned=(make.unscanned("src/shop/orders.py", "syntax error while parsing AST from file"),),
                errors=("src/shop/orders.py: syntax error while parsing AST from file",),
            ),
        ),
        excluded=(make.excluded("vendor/jquery.js", "vendor/**"),),
        uncovered=("lib/native.rs",),
        notes=("The history is complete; replace refs are present and were not used.",),
    )


def observe() -> Run:
    story = blocked()
    facts = replace(story.facts, policy=Policy(mode=Mode.OBSERVE, preset="observe", source="preset observe"))
    return replace(story, facts=facts, exit_code=0)


def empty() -> Run:
    return make.run(
        make.reason(
            "scan.required",
            Outcome.PASSED,
            "Every required scanner ran: bandit (0 files), semgrep (0 files).",
        ),
        make.CLEAN,
        make.reason("signoff.required", Outcome.PASSED, "No sensitive area is touched."),
        change=make.change(files=(), renames=(), commits=()),
        authorship=Authorship(verdict=AuthorVerdict.UNDECLARED),
        tools=(make.bandit(files=()), make.tool(files=())),
    )


def hostile() -> Run:
    return everywhere(HOSTILE, HOSTILE_PATH)


def everywhere(text: str, path: str) -> Run:
    """A run with `text` in every field that holds text from outside, and `path` as the one path."""
    bad = make.finding(
        path,
        12,
        title=text,
        message=text,
        scope=text,
        snippet=(text, "/approve", "::set-output name=x::y", "````"),
        snippet_start=11,
        family=f"other:{text}",
        suppression=text,
        witnesses=(
            Witness(
                tool=text, rule_id=text, range=Range(start_line=12), message=text, url="javascript:alert(1)"
            ),
        ),
    )
    waiting = Signoff(
        outcome=Outcome.BLOCKED,
        required=True,
        areas={"auth": (make.touch(path=path, text=text),)},
        authors=(text,),
        unresolved=(text,),
        ignored=(Ignored(who=text, why=text),),
        objections=(text,),
        eligible={"auth": (text,)},
        missing=(text,),
        needed=1,
    )
    return make.run(
        make.reason("finding.new", Outcome.BLOCKED, text, text, (bad.id,)),
        make.reason("scan.coverage", Outcome.INCOMPLETE, text, text),
        findings=(bad, replace(bad, id="id/v1:" + "e" * 32, decision=Decision.NOTE, severity=Severity.LOW)),
        suppressions=(
            make.suppression(path=path, rules=(text,), reason=text, owner=text, why=text, introduced=True),
        ),
        signoff=waiting,
        touches=(make.touch(path=path, text=text),),
        tools=(
            make.tool(
                text,
                text,
                files=(path,),
                status=ScanStatus.PARTIAL,
                reason=text,
                engine=text,
                scanned=(),
                unscanned=(make.unscanned(path, text),),
                errors=(text,),
            ),
        ),
        excluded=(make.excluded(path, text),),
        uncovered=(path,),
        change=make.change(repo=text, target=text, files=(make.file_change(path),), renames=()),
        authorship=make.authorship(
            agents=(text,),
            commits=(
                CommitAuthorship(
                    sha=make.HEAD, verdict=AuthorVerdict.DECLARED_AI, agent=text, agents=(text,), subject=text
                ),
            ),
        ),
        notes=(text,),
    )


def huge() -> Run:
    """3,000 findings and 400 unread files."""
    blocking = tuple(
        make.finding(f"src/module_{n % 40:02}/views_{n:04}.py", 10 + n % 7, snippet=(), message="")
        for n in range(600)
    )
    words = (Severity.MEDIUM, Severity.LOW, Severity.INFO)
    rest = tuple(
        make.noted(
            f"src/module_{n % 40:02}/models_{n % 900:04}.py",
            1 + n,
            severity=words[n % 3],
            title=f"Weak hash number {n % 60}",
            message="",
            snippet=(),
        )
        for n in range(2400)
    )
    unread = tuple(make.unscanned(f"src/generated/part_{n:04}.py", "too-large") for n in range(400))
    targets = tuple(u.path for u in unread)
    return make.run(
        make.reason(
            "finding.new",
            Outcome.BLOCKED,
            "600 findings at or above high: SQL text built from user input at src/module_00/views_0000.py:10 and 599 more.",
            "Fix the code.",
        ),
        make.reason(
            "scan.coverage",
            Outcome.INCOMPLETE,
            "400 changed files were not fully scanned (too-large by semgrep): src/generated/part_0000.py and 399 more.",
            "Raise scanners.max_file_bytes in the policy of the target branch, or split the file.",
        ),
        findings=blocking + rest,
        tools=(
            make.bandit(),
            make.tool(files=targets, scanned=(), status=ScanStatus.PARTIAL, unscanned=unread),
        ),
    )


def korean() -> Run:
    """A Korean team: names, paths and subjects in Korean; rendered in Korean."""
    story = needs_signoff()
    path = "소스/로그인.py"
    areas = {"auth": (make.touch(path=path, line=31, text="def 로그인(요청):  # 세션 발급"),)}
    signoff = replace(
        story.facts.signoff,
        areas=areas,
        eligible={"auth": ("김영희", "이철수")},
        ignored=(Ignored(who="박민수", why="author of this change"),),
        missing=("auth: nobody who may sign off has approved; 김영희 or 이철수 can.",),
    )
    facts = replace(
        story.facts,
        signoff=signoff,
        touches=areas["auth"],
        findings=(
            make.noted(
                path,
                12,
                title="약한 해시 MD5",
                message="MD5는 충돌을 쉽게 만들 수 있으므로 서명이나 비밀번호 저장에 쓰면 안 됩니다. " * 3,
            ),
        ),
        suppressions=(),
        change=replace(story.facts.change, repo="gitlab.example.kr/결제/주문", target="refs/heads/메인"),
    )
    verdict = replace(
        story.verdict, reasons=tuple(r for r in story.verdict.reasons if not r.rule.startswith("suppression"))
    )
    return replace(story, facts=facts, verdict=verdict)


#: Scenario → (run, options as keywords).
SCENARIOS: Mapping[str, tuple[Callable[[], Run], dict[str, object]]] = {
    "passed": (passed, {"width": 80}),
    "blocked": (blocked, {"width": 80}),
    "needs_signoff": (needs_signoff, {"width": 80}),
    "incomplete": (incomplete, {"width": 80}),
    "observe": (observe, {"width": 100}),
    "empty": (empty, {"width": 80}),
    "hostile": (hostile, {"width": 80}),
    "huge": (huge, {"width": 80}),
    "korean": (korean, {"width": 80, "language": "ko"}),
    "colour": (blocked, {"width": 100, "colour": True}),
}
