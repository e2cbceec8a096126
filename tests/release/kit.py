"""A shop with a history: merge requests with real records, whatever else comes onto its line, and tags."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gate.core.evidence.record import Origin
from gate.git import Repository
from gate.pipeline.check import check
from gate.pipeline.evidence import leave, open_store
from gate.pipeline.release.run import Wanted, judge_release
from gate.pipeline.request import Request
from gate.reports import render
from tests.signing.kit import LOGIN, NAMES, NOW, Keys

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gate.core.release.model import Released, Step
    from tests.support.repos import Repo

CLAUDE = "Co-Authored-By: Claude <noreply@anthropic.com>"
WEB = ("GitHub", "noreply@github.com")
STORE = "git"


def quiet(_stage: str) -> None:
    """Progress that nobody watches."""


class Story:
    """A repository whose `main` begins with a policy and the tag v1.0."""

    def __init__(self, repo: Repo, keys: Keys, folder: Path) -> None:
        self.repo, self.keys, self.folder = repo, keys, folder
        self.signoffs = folder / "signoffs"
        self.numbers = 0

    def start(self, *, more: str = "", scan: bool = False, files: Mapping[str, str] | None = None) -> Story:
        people = "".join(
            f"    - {{id: {name}, github: {name}, emails: [{name}@acme.example]"
            + (f', keys: ["{self.keys.public(name)}"]' if name in ("sec1", "sec2", "dev", "alice") else "")
            + "}\n"
            for name in NAMES
        )
        scanners = "" if scan else "scanners:\n  semgrep: {enabled: false}\n"
        policy = (
            f"version: 1\n{scanners}"
            f'evidence:\n  store: {STORE}\n  signers: [{{id: ci, keys: ["{self.keys.public("ci")}"]}}]\n'
            f"{more}signoff:\n  humans:\n{people}"
            "  reviewers: {auth: [sec1, sec2, dev, alice], crypto: [sec1, sec2], data: [sec1], gate: [sec1, sec2]}\n"
        )
        self.policy = policy
        self.repo.commit({".gate.yml": policy, "auth/login.py": LOGIN, "README": "a shop\n", **(files or {})})
        self.repo.tag("v1.0", message="first")
        return self

    # -- what happens on the line ----------------------------------------------------------------------

    def topic(self, files: Mapping[str, str | None], *, message: str = "change\n", who: str = "dev") -> str:
        """Commit on the branch `topic`, made anew from `main` at the first one."""
        return self.repo.commit(files, message=message, author=person(who))

    def branch(self) -> None:
        self.repo.checkout("main")
        self.repo.branch("topic")
        self.repo.checkout("topic")

    def judge(
        self, *, approve: str | None = "sec1", opener: str = "dev", record: bool = True, key: str = "ci"
    ) -> str:
        """Judge `topic` as merge request, leave the record, and return its number."""
        self.numbers += 1
        number = str(self.numbers)
        head = self.repo.rev("topic")
        reviews = self.folder / f"reviews-{number}.json"
        reviews.write_text(json.dumps(self._reviews(number, head, opener, approve)))
        request = Request(
            repo=self.repo.path, base="main", head="topic", target="refs/heads/main", reviews=reviews, now=NOW
        )
        self.run = check(request, quiet)
        if record:
            with Repository.open(self.repo.path) as opened:
                leave(
                    self.run,
                    opened,
                    open_store(STORE, opened),
                    report=render("json", self.run),
                    change=number,
                    origin=Origin(job=f"https://ci.example/jobs/{number}", actor="ci"),
                    key=str(self.keys.private(key)) if key else "",
                )
        return number

    def _reviews(self, number: str, head: str, opener: str, approve: str | None) -> dict[str, object]:
        account = {"account": f"github:{opener}", "kind": "bot" if opener.endswith("[bot]") else "user"}
        decisions = []
        if approve:
            decisions.append(
                {
                    "id": f"{number}1",
                    "account": f"github:{approve}",
                    "kind": "user",
                    "state": "approved",
                    "at": "2026-01-20T00:00:00Z",
                    "commit": head,
                    "active": True,
                    "permission": "write",
                    "source": "review",
                }
            )
        return {
            "schema": "gate-reviews/1",
            "repo": self.repo.path.name,
            "change": number,
            "target": "refs/heads/main",
            "target_protected": True,
            "head": head,
            "complete": True,
            "opener": account,
            "pushers": [account],
            "decisions": decisions,
        }

    def merge(self, number: str, how: str = "squash", *, onto: str = "main") -> str:
        """Bring `topic` onto the line as a forge does, and return the new commit there."""
        topic = self.repo.rev("topic")
        base = self.repo.git("merge-base", onto, topic)
        self.repo.checkout(onto)
        if how == "merge":
            sha = self.repo.merge(
                topic,
                message=f"Merge pull request #{number} from shop/topic\n",
                author=person("dev"),
                committer=WEB,
            )
        elif how == "squash":
            tree = self.repo.git("merge-tree", "--write-tree", onto, topic)
            sha = self.repo.commit(
                message=f"A change (#{number})\n", author=person("dev"), committer=WEB, tree=tree
            )
        elif how == "rebase":
            sha = self._rebase(base, topic)
        else:
            self.repo.git("update-ref", f"refs/heads/{onto}", topic)
            sha = topic
        self.repo.checkout(onto)
        return sha

    def _rebase(self, base: str, topic: str) -> str:
        for one in self.repo.git("rev-list", "--reverse", f"{base}..{topic}").split():
            self.repo.git("cherry-pick", one)
        return self.repo.rev("HEAD")

    def request(
        self,
        files: Mapping[str, str | None],
        how: str = "squash",
        *,
        message: str = "change\n",
        who: str = "dev",
        approve: str | None = "sec1",
        **more,
    ) -> str:
        """A whole merge request: a branch with one commit, its verdict and record, and how it was merged."""
        self.branch()
        self.topic(files, message=message, who=who)
        return self.merge(self.judge(approve=approve, **more), how)

    # -- the release -----------------------------------------------------------------------------------

    def tag(self, name: str = "v1.1") -> None:
        self.repo.tag(name, message=name)

    def release(
        self, range_: str = "v1.0..v1.1", *, now: str = NOW, repo: Path | None = None, **more
    ) -> Released:
        request = Request(
            repo=repo or self.repo.path, signoffs=self.signoffs if self.signoffs.exists() else None, now=now
        )
        return judge_release(request, Wanted(range=range_, **more), quiet)

    def step(self, released: Released, sha: str) -> Step:
        return next(step for step in released.release.steps if step.unit.sha == sha)


def person(name: str) -> tuple[str, str]:
    return name, f"{name}@acme.example"
