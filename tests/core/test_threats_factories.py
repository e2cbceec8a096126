"""Small factories of facts for the tests of areas and sign-off: one value a fact, sensible otherwise.

The people are those of the threat table: dev opens and commits; sec1, sec2, priv1, alice review; bob and
mallory are listed and review nothing.
"""

from __future__ import annotations

import difflib
import hashlib
from dataclasses import replace
from functools import cache

import yaml

from gate.config.globs import compile_glob
from gate.core.area import build_areas, classify
from gate.core.authorship import Authorship, AuthorVerdict, CommitAuthorship
from gate.core.change import (
    ABSENT,
    REGULAR,
    ChangeSet,
    Commit,
    Content,
    FileChange,
    Hunk,
    Person,
    change_digest,
)
from gate.core.finding import Range
from gate.core.policy import CarryOver, Human, SignoffPolicy
from gate.core.review import Account, Binding, Decision, ForgeFacts, decide_signoff
from gate.core.scan import AreaHit
from gate.rulesets import directory

REPO = "host.example/acme/shop"
TARGET = "refs/heads/main"
HEAD = "a" * 40
OLD = "b" * 40
NOW = "2026-03-01T00:00:00Z"
ZERO = "0" * 40

NAMES = ("dev", "alice", "bob", "sec1", "sec2", "priv1", "mallory")
HUMANS = tuple(
    Human(id=name, github=(name, f"{name}-second"), emails=(f"{name}@acme.example",)) for name in NAMES
)
POLICY = SignoffPolicy(
    humans=HUMANS,
    reviewers={
        "auth": ("sec1", "sec2", "dev", "alice"),
        "crypto": ("sec1", "sec2"),
        "data": ("priv1", "sec1"),
        "gate": ("sec1", "sec2"),
    },
)
STRICT = replace(POLICY, ai_min=2, carry_over=CarryOver.NEVER)

CLAUDE = Person(name="Claude", email="noreply@anthropic.com")
WEB = Person(name="GitHub", email="noreply@github.com")


def is_agent(_name: str, email: str) -> bool:
    return email.casefold() == CLAUDE.email


# -- areas and changes -------------------------------------------------------------------------------


@cache
def shipped_documents() -> tuple[dict, ...]:
    folder = directory() / "areas"
    return tuple(yaml.safe_load(path.read_text()) for path in sorted(folder.glob("*.yml")))


@cache
def shipped_areas():
    return build_areas(shipped_documents(), compile_glob, {})


def hunks_of(old: str, new: str) -> tuple[Hunk, ...]:
    """The hunks between two texts, as `git diff -U0` gives them."""
    one, other = old.split("\n")[: old.count("\n")], new.split("\n")[: new.count("\n")]
    found = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag != "equal":
            found.append(
                Hunk(
                    old_start=i1 + (i2 > i1),
                    old=tuple(one[i1:i2]),
                    new_start=j1 + (j2 > j1),
                    new=tuple(other[j1:j2]),
                )
            )
    return tuple(found)


def changed(path: str, old: str | None = "old\n", new: str | None = "new\n", **fields) -> FileChange:
    """A row of the comparison; None is an absent side."""

    def blob(text: str | None) -> str:
        return ZERO if text is None else hashlib.sha1(text.encode("utf-8", "surrogatepass")).hexdigest()

    given = {
        "old_mode": ABSENT if old is None else REGULAR,
        "new_mode": ABSENT if new is None else REGULAR,
        "old_blob": blob(old),
        "new_blob": blob(new),
        "old_content": Content.ABSENT if old is None else Content.TEXT,
        "new_content": Content.ABSENT if new is None else Content.TEXT,
        "old_size": len(old or ""),
        "new_size": len(new or ""),
        "hunks": hunks_of(old or "", new or ""),
    }
    return FileChange(path=path, **{**given, **fields})


def swapped(file: FileChange) -> FileChange:
    """The same row with its sides exchanged."""
    return replace(
        file,
        old_mode=file.new_mode,
        new_mode=file.old_mode,
        old_blob=file.new_blob,
        new_blob=file.old_blob,
        old_content=file.new_content,
        new_content=file.old_content,
        old_size=file.new_size,
        new_size=file.old_size,
        hunks=tuple(
            Hunk(old_start=h.new_start, old=h.new, new_start=h.old_start, new=h.old) for h in file.hunks
        ),
    )


def change_of(*files: FileChange, other_files: tuple[FileChange, ...] = ()) -> ChangeSet:
    return ChangeSet(
        repo=REPO,
        target=TARGET,
        base="c" * 40,
        merge_base="c" * 40,
        merge_bases=("c" * 40,),
        head=HEAD,
        files=files,
        other_files=other_files,
        change_digest=change_digest([files]),
    )


def touches_of(*files: FileChange, wide: bool = False, **options):
    return classify(change_of(*files), shipped_areas(), wide=wide, **options)


def areas_of(*files: FileChange, wide: bool = False, **options) -> set[str]:
    return {touch.area for touch in touches_of(*files, wide=wide, **options)}


def rules_of(*files: FileChange, wide: bool = False, **options) -> set[str]:
    return {touch.rule for touch in touches_of(*files, wide=wide, **options)}


def hit(path: str, first: int, last: int | None = None, *, area: str = "authz") -> AreaHit:
    return AreaHit(
        area=area,
        rule_id=f"areas.{area}.example",
        path=path,
        range=Range(start_line=first, end_line=last or first),
    )


# -- people and reviews ------------------------------------------------------------------------------


def person(name: str) -> Person:
    return Person(name=name, email=f"{name}@acme.example")


def commit(
    author: str | Person = "dev", committer: str | Person | None = None, *, sha: str = HEAD, **fields
) -> Commit:
    by = person(author) if isinstance(author, str) else author
    committed = by if committer is None else person(committer) if isinstance(committer, str) else committer
    given = {
        "parents": ("c" * 40,),
        "author_date": "2026-01-01T00:00:00+00:00",
        "committer_date": "2026-01-01T00:00:00+00:00",
        "message": "change\n",
    }
    return Commit(sha=sha, author=by, committer=committed, **{**given, **fields})


def authored(*judged: CommitAuthorship, **fields) -> Authorship:
    verdict = judged[0].verdict if judged else AuthorVerdict.UNDECLARED
    return Authorship(verdict=verdict, commits=judged, **fields)


def by_ai(sha: str = HEAD, **fields) -> CommitAuthorship:
    return CommitAuthorship(sha=sha, verdict=AuthorVerdict.DECLARED_AI, **fields)


def by_unknown(sha: str = HEAD, **fields) -> CommitAuthorship:
    return CommitAuthorship(sha=sha, verdict=AuthorVerdict.UNDECLARED, **fields)


def account(login: str, kind: str = "user", number: int | None = None) -> Account:
    return Account(account=f"github:{login}", kind=kind, number=number)


def review(by: str | Account, state: str = "approved", **fields) -> Decision:
    given = {"id": "1", "at": "2026-02-01T00:00:00Z", "commit": HEAD, "permission": "write"}
    who = account(by) if isinstance(by, str) else by
    return Decision(account=who, state=state, **{**given, **fields})


def forge_of(*decisions: Decision, **fields) -> ForgeFacts:
    given = {
        "repo": REPO,
        "change": "12",
        "target": TARGET,
        "target_protected": True,
        "head": HEAD,
        "opener": account("dev"),
        "pushers": (account("dev"),),
    }
    return ForgeFacts(decisions=decisions, **{**given, **fields})


LOGIN = changed("auth/login.py")


def decide(
    *decisions: Decision,
    files: tuple[FileChange, ...] = (LOGIN,),
    commits: tuple[Commit, ...] | None = None,
    authorship: Authorship | None = None,
    policy: SignoffPolicy = POLICY,
    forge: ForgeFacts | str | None = "default",
    missing: tuple[str, ...] = (),
    **options,
):
    """Decide on a change by dev to `files`, with `decisions` as reviews."""
    change = change_of(*files)
    given = {
        "touches": classify(change, shipped_areas(), wide=False),
        "areas": shipped_areas(),
        "binding": Binding(
            repo=REPO, target=TARGET, head=HEAD, change_digest=change.change_digest, missing=missing
        ),
        "commits": (commit(),) if commits is None else commits,
        "authorship": authored(by_unknown()) if authorship is None else authorship,
        "forge": forge_of(*decisions) if forge == "default" else forge,
        "policy": policy,
        "now": NOW,
        "is_agent": is_agent,
    }
    return decide_signoff(**{**given, **options})


def ignored(signoff) -> dict[str, str]:
    return {one.who: one.why for one in signoff.ignored}
