"""Facts made by hand: one function a fact with harmless defaults, and the scenarios of the golden files."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from gate.core.ai import AiPass, AiStatus, Reason, Unreviewed
from gate.core.area import Touch
from gate.core.authorship import Authorship, AuthorVerdict, CommitAuthorship, Evidence
from gate.core.change import ABSENT, REGULAR, ChangeSet, Commit, FileChange, Hunk, Person, Rename
from gate.core.facts import Excluded, Facts, Run, Stamp
from gate.core.finding import (
    Confidence,
    Decision,
    Finding,
    Fingerprints,
    InDiff,
    Range,
    Severity,
    State,
    Witness,
)
from gate.core.policy import Mode, Policy
from gate.core.review import Ignored, Signoff
from gate.core.scan import ScanReport, ScanStatus, ToolRun, Unscanned
from gate.core.suppression import Suppression
from gate.core.verdict import Outcome, RuleResult, combine
from gate.errors import EXIT_CODES

HEAD = "4f2a9c1d" * 5
BASE = "8d11e0b7" * 5
CLAUDE = "claude-code"
ALICE = Person(name="Alice", email="alice@example.com")


def hexed(text: str, size: int = 32) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:size]


def finding(path="src/shop/orders.py", line=12, **fields) -> Finding:
    """A blocking SQL injection that two scanners saw."""
    key = f"{path}:{line}:{fields.get('family', '')}:{fields.get('title', '')}"
    identity = hexed(key)
    base = Finding(
        id=f"id/v1:{identity}",
        fingerprints=Fingerprints(id_v1=identity, moved_v1=hexed("m" + key), code_v1=hexed("c" + key)),
        family="sql-injection",
        cwe=(89,),
        title="SQL text built from user input",
        message="A query is put together from a value that the caller controls. Whoever calls this can read "
        "or change other rows.",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        path=path,
        range=Range(start_line=line, start_column=5, end_line=line, end_column=62),
        scope="Orders.find",
        code='db . execute ( "SELECT * FROM orders WHERE owner = " + name )',
        ordinal=0,
        statement=Range(start_line=line),
        snippet=(
            "    def find(self, name):",
            "        db = self.connect()",
            '        return db.execute("SELECT * FROM orders WHERE owner = \'" + name + "\'")',
            "",
            "    def close(self):",
        ),
        snippet_start=line - 2 if line > 2 else line,
        line_hash=f"{hexed(key, 16)}:1",
        witnesses=(
            Witness(
                tool="semgrep",
                rule_id="python.sql-concat",
                range=Range(start_line=line, start_column=5, end_line=line, end_column=62),
                native_severity="ERROR",
                native_confidence="HIGH",
                message="SQL text built from user input",
                url="https://owasp.org/www-community/attacks/SQL_Injection",
            ),
            Witness(
                tool="bandit",
                rule_id="B608",
                range=Range(start_line=line),
                native_severity="MEDIUM",
                native_confidence="MEDIUM",
                message="Possible SQL injection vector through string-based query construction.",
            ),
        ),
        state=State.NEW,
        in_diff=InDiff.ADDED,
        commit=HEAD,
        author_kind="declared_ai",
        decision=Decision.BLOCK,
    )
    return replace(base, **fields)


def noted(path="src/shop/cache.py", line=40, **fields) -> Finding:
    """A weak hash from before the change, seen by one scanner."""
    defaults = {
        "family": "weak-hash",
        "cwe": (328,),
        "title": "Weak hash MD5",
        "message": "MD5 is broken: two inputs with one hash are easy to make.",
        "severity": Severity.MEDIUM,
        "confidence": Confidence.MEDIUM,
        "scope": "",
        "snippet": ("    key = hashlib.md5(text).hexdigest()",),
        "snippet_start": line,
        "state": State.EXISTING,
        "in_diff": InDiff.OUTSIDE,
        "commit": None,
        "author_kind": None,
        "decision": Decision.NOTE,
        "witnesses": (
            Witness(
                tool="bandit",
                rule_id="B324",
                range=Range(start_line=line, start_column=11, end_line=line, end_column=28),
                native_severity="HIGH",
                native_confidence="HIGH",
                message="Use of weak MD5 hash for security.",
            ),
        ),
    }
    return finding(path, line, **(defaults | fields))


def file_change(path: str, *, added: int = 3, removed: int = 1, status: str = "modified") -> FileChange:
    hunk = Hunk(
        old_start=1,
        old=tuple(f"old {n}" for n in range(removed)),
        new_start=1,
        new=tuple(f"new {n}" for n in range(added)),
    )
    return FileChange(
        path=path,
        old_mode=ABSENT if status == "added" else REGULAR,
        old_blob="0" * 40 if status == "added" else hexed("o" + path, 40),
        new_mode=ABSENT if status == "deleted" else REGULAR,
        new_blob="0" * 40 if status == "deleted" else hexed("n" + path, 40),
        hunks=(hunk,),
    )


def commit(number: int, message: str = "Add the orders page") -> Commit:
    return Commit(
        sha=hexed(f"commit {number}", 40),
        parents=(hexed(f"commit {number - 1}", 40),),
        author=ALICE,
        author_date="2026-01-02T03:04:05+00:00",
        committer=ALICE,
        committer_date="2026-01-02T03:04:05+00:00",
        message=message,
    )


def authorship(**fields) -> Authorship:
    """Two of three commits by Claude Code, one of them declared by a trailer."""
    trailer = Evidence(
        signature="claude-code.coauthor.email",
        agent=CLAUDE,
        role="co_authored",
        grade="A",
        registry_grade="A",
        source="commit",
        field="trailer.co-authored-by",
        place="last_block",
        line=4,
        text="Co-authored-by: Claude <noreply@anthropic.com>",
    )
    declared = AuthorVerdict.DECLARED_AI
    by_claude = {"verdict": declared, "role": "co_authored", "agent": CLAUDE, "agents": (CLAUDE,)}
    commits = (
        CommitAuthorship(
            sha=commit(3).sha,
            date="2026-01-04T03:04:05+00:00",
            subject="Add the orders page",
            certainty="certain",
            evidence=(trailer,),
            **by_claude,
        ),
        CommitAuthorship(
            sha=commit(2).sha,
            date="2026-01-03T03:04:05+00:00",
            subject="Throttle logins",
            certainty="certain",
            evidence=(trailer,),
            **by_claude,
        ),
        CommitAuthorship(
            sha=commit(1).sha,
            subject="Correct a typo",
            date="2025-12-31T03:04:05+00:00",
            verdict=AuthorVerdict.UNDECLARED,
        ),
    )
    sources = {
        "commit": "present",
        "notes_ai": "absent",
        "notes_agentblame": "absent",
        "mr_body": "not_asked",
    }
    base = Authorship(
        verdict=declared, agents=(CLAUDE,), commits=commits, share_commits=2 / 3, sources=sources
    )
    return replace(base, **fields)


def touch(area="auth", path="src/auth/login.py", line=31, **fields) -> Touch:
    defaults = {"layer": "L1", "rule": "L1.path", "side": "new", "text": "def login(request):"}
    return Touch(area=area, path=path, line=line, **(defaults | fields))


def tool(
    name="semgrep", version="1.182.0", *, files=("src/auth/login.py", "src/shop/orders.py"), **fields
) -> ToolRun:
    defaults = {"engine": "experimental", "seconds": 1.25, "scanned": files}
    head = ScanReport(tool=name, version=version, targets=files, **(defaults | fields))
    return ToolRun(
        head=head,
        base=replace(head, scanned=files, unscanned=(), status=ScanStatus.COMPLETED, reason="", errors=()),
    )


def bandit(**fields) -> ToolRun:
    return tool("bandit", "1.9.4", **({"engine": ""} | fields))


def signed() -> Signoff:
    """A touched area that bob answered for."""
    return Signoff(
        outcome=Outcome.PASSED,
        required=True,
        areas={"auth": (touch(),)},
        authors=("alice",),
        accountable=("alice",),
        ai=True,
        needed=1,
        accepted=("bob",),
        eligible={"auth": ("bob", "carol")},
        pushers="known",
    )


def unsigned() -> Signoff:
    """Two touched areas; the author approved, and so did someone before the last push."""
    auth = tuple(
        touch(line=n, text=text)
        for n, text in (
            (31, "def login(request):"),
            (44, "session = new_session(user)"),
            (52, "check_password(user, given)"),
            (60, "return set_cookie(token)"),
        )
    )
    return Signoff(
        outcome=Outcome.NEEDS_SIGNOFF,
        required=True,
        areas={
            "auth": auth,
            "gate": (touch("gate", ".github/workflows/ci.yml", 0, rule="L0.ci", layer="L0", text=""),),
        },
        authors=("alice",),
        accountable=("alice",),
        ai=True,
        needed=1,
        ignored=(
            Ignored(who="alice", why="author of this change"),
            Ignored(who="bob", why="stale: signed 1c22fa09b1, files changed since: src/auth/login.py"),
        ),
        eligible={"auth": ("bob", "carol"), "gate": ()},
        missing=(
            "auth: nobody who may sign off has approved; bob or carol can.",
            "gate: no reviewer is configured for gate. Name one under signoff.reviewers.",
        ),
        pushers="known",
    )


STAMP = Stamp(
    version="0.1.0",
    policy_source="preset balanced",
    policy_digest="sha256:" + "a" * 64,
    rulesets_digest="sha256:" + "b" * 64,
    registry_digest="sha256:" + "c" * 64,
    registry_version="2026.1",
)


def change(**fields) -> ChangeSet:
    base = ChangeSet(
        repo="example.com/acme/shop",
        target="refs/heads/main",
        base=BASE,
        merge_base=BASE,
        merge_bases=(BASE,),
        head=HEAD,
        files=(
            file_change("docs/readme.md", added=0, removed=9, status="deleted"),
            file_change("docs/start.md", added=9, removed=0, status="added"),
            file_change("src/auth/login.py", added=20, removed=4),
            file_change("src/shop/orders.py", added=60, removed=0, status="added"),
        ),
        renames=(Rename(old_path="docs/readme.md", new_path="docs/start.md"),),
        commits=tuple(commit(n) for n in (3, 2, 1)),
        change_digest="sha256:" + "d" * 64,
    )
    return replace(base, **fields)


def reason(
    rule: str, outcome: Outcome, because: str, to_pass: str = "", findings: tuple[str, ...] = ()
) -> RuleResult:
    return RuleResult(rule=rule, outcome=outcome, because=because, to_pass=to_pass, findings=findings)


RAN = reason(
    "scan.required", Outcome.PASSED, "Every required scanner ran: bandit (2 files), semgrep (2 files)."
)
CLEAN = reason("finding.new", Outcome.PASSED, "No new finding at or above high.")
SIGNED = reason(
    "signoff.required",
    Outcome.PASSED,
    "Sensitive areas are touched: auth (src/auth/login.py:31). Signed off by bob.",
)


def run(*reasons: RuleResult, notes: tuple[str, ...] = (), mode: Mode = Mode.ENFORCE, **fields) -> Run:
    """A run with the verdict of `reasons` (a clean pass without any)."""
    facts = Facts(
        **{
            "policy": Policy(mode=mode),
            "change": change(),
            "authorship": authorship(),
            "tools": (bandit(), tool()),
            "findings": (),
            "fixed": (),
            "suppressions": (),
            "touches": (),
            "signoff": Signoff(outcome=Outcome.PASSED),
            "now": "2026-01-31T12:00:00Z",
        }
        | fields
    )
    verdict = combine(reasons or (RAN, CLEAN))
    softened = mode is Mode.OBSERVE and verdict.outcome in (Outcome.BLOCKED, Outcome.NEEDS_SIGNOFF)
    code = 0 if softened else EXIT_CODES[verdict.outcome]
    return Run(stamp=STAMP, facts=facts, verdict=verdict, exit_code=code, notes=notes)


def suppression(**fields) -> Suppression:
    defaults = {
        "kind": "nosec",
        "path": "src/shop/cache.py",
        "line": 12,
        "rules": ("B602",),
        "reason": "fixed command",
        "why": "on the base already",
    }
    return Suppression(**(defaults | fields))


def excluded(path: str, glob: str) -> Excluded:
    return Excluded(path=path, glob=glob)


def unscanned(path: str, why: str) -> Unscanned:
    return Unscanned(path=path, reason=why)


def reviewed(run: Run, **fields: Any) -> Run:
    """The same run with a review by a model, as the policy then asks for one; by default it was cut short."""
    told = {
        "status": AiStatus.PARTIAL,
        "reason": Reason.TIMEOUT,
        "engine": "claude",
        "runs": 1,
        "reviewable": 2,
        "unreviewed": (Unreviewed(path="src/late.py", reason=Reason.TIMEOUT),),
    } | fields
    policy = replace(run.facts.policy, ai=replace(run.facts.policy.ai, enabled=True))
    return replace(run, facts=replace(run.facts, policy=policy, ai=AiPass(**told)))
