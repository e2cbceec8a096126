"""A small shop with a merge request: a real repository, a real report of `gate check`, and a publisher for both."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gate.forges.connect import connect
from gate.forges.settings import Settings
from gate.pipeline.check import check
from gate.pipeline.publish import Job, Published, publish
from gate.pipeline.request import Request
from gate.reports import render
from tests.support.fake_github import TOKEN
from tests.support.repos import Repo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.fake_forge import FakeForge

NOW = "2026-03-01T00:00:00Z"
POLICY = """\
version: 1
scanners:
  semgrep: {enabled: false, required: false}
signoff:
  humans:
    - {id: dev, github: dev, github_id: 1, gitlab: dev, gitlab_id: 1, emails: [dev@acme.example]}
    - {id: sec1, github: sec1, github_id: 11, gitlab: sec1, gitlab_id: 11, emails: [sec1@acme.example]}
    - {id: sec2, github: sec2, github_id: 12, gitlab: sec2, gitlab_id: 12, emails: [sec2@acme.example]}
  reviewers: {auth: [sec1, sec2], gate: [sec1]}
"""
CLEAN = "def total(prices):\n    return sum(prices)\n"
FLAW = "import subprocess\n\n\ndef show(name):\n    return subprocess.call('ls ' + name, shell=True)\n"
LOGIN = "def login(user, password):\n    return user.check(password)\n"


class Shop:
    """`main` with a policy, `topic` with a change; `head` and `base` are commit ids."""

    def __init__(self, path: Path, *, policy: str = POLICY) -> None:
        self.path = path
        self.repo = Repo(path / "repo")
        self.base = self.repo.commit({".gate.yml": policy, "shop.py": CLEAN, "auth/login.py": LOGIN})
        self.repo.git("remote", "add", "origin", "http://127.0.0.1/acme/shop.git")
        self.repo.git("update-ref", "refs/remotes/origin/main", self.base)
        self.head = self.base

    def change(self, files: dict[str, str | None], **how: Any) -> str:
        if self.repo.git("branch", "--list", "topic") == "":
            self.repo.branch("topic")
        self.repo.checkout("topic")
        self.head = self.repo.commit(files, **how)
        return self.head

    def report(self, **how: Any) -> Path:
        """Write the report file that `gate check` makes of the change."""
        request = Request(repo=self.repo.path, base="origin/main", head=self.head, now=NOW, **how)
        run = check(request, lambda _stage: None)
        path = self.path / "gate-report.json"
        path.write_text(render("json", run), encoding="utf-8")
        return path


def edited(path: Path, edit: Callable[[dict[str, Any]], None]) -> Path:
    """Return a copy of a report after `edit` changed its document."""
    document = json.loads(path.read_text(encoding="utf-8"))
    edit(document)
    other = path.with_name("edited.json")
    other.write_text(json.dumps(document), encoding="utf-8")
    return other


class Publisher:
    """Publishes to a fake; waits take no time and are kept in `waits`."""

    def __init__(self, fake: FakeForge, shop: Shop, *, forge: str = "github", **settings: Any) -> None:
        self.shop = shop
        self.waits: list[float] = []
        given: dict[str, Any] = {
            "forge": forge,
            "api": fake.url + fake.prefix,
            "web": fake.url,
            "repository": "acme/shop",
            "token": TOKEN,
            "token_name": "GATE_TOKEN",
            "number": 7,
            "login": "github-actions[bot]" if forge == "github" else None,
        }
        self.settings = Settings(**given | settings)
        self.job = Job(report=None, request=Request(now=NOW), repo=shop.repo.path)

    def __call__(self, report: Path | None, **how: Any) -> Published:
        request = {key: how.pop(key) for key in ("config", "mode", "fail_level", "signoffs") if key in how}
        job = replace(self.job, report=report, **how)
        if request:
            job = replace(job, request=replace(job.request, **request))
        forge = connect(self.settings, sleep=self.waits.append)
        self.forge = forge
        return publish(job, forge, lambda _stage: None)
