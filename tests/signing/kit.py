"""Real keys, real signatures and a change that they are about."""

from __future__ import annotations

import functools
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gate.config import load_policy
from gate.core.authorship import attribute
from gate.core.review.statement import Statement, payload
from gate.git import Repository
from gate.pipeline import inputs
from gate.pipeline.areas import touches
from gate.pipeline.signoff import Basis, sign_off
from gate.signing import key_of, write_bundle
from gate.signing.signers import fingerprint
from tests.core.test_threats_factories import shipped_areas

if TYPE_CHECKING:
    from tests.support.repos import Repo

NOW = "2026-02-01T00:00:00Z"
NAMES = ("dev", "alice", "bob", "sec1", "sec2", "priv1", "mallory")
LOGIN = "def login(user, password):\n    return check(user, password)\n"


@functools.cache
def _registry():
    return inputs.registry(load_policy(None), None, None)


class Keys:
    """One key pair for each name, made when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def private(self, name: str) -> Path:
        path = self.folder / name
        if not path.exists():
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path], check=True
            )
        return path

    def public(self, name: str) -> str:
        return Path(f"{self.private(name)}.pub").read_text().strip()

    def sign(self, raw: bytes, name: str, *, namespace: str = "gate-signoff") -> bytes:
        """An armoured signature, as anybody with this key can make it."""
        done = subprocess.run(
            ["ssh-keygen", "-q", "-Y", "sign", "-f", self.private(name), "-n", namespace],
            input=raw,
            capture_output=True,
            check=True,
        )
        return done.stdout

    def bundle(self, statement: Statement | bytes, name: str, *, namespace: str = "gate-signoff") -> bytes:
        raw = statement if isinstance(statement, bytes) else payload(statement)
        signature = self.sign(raw, name, namespace=namespace)
        return write_bundle(raw, signature, fingerprint(key_of(signature)[0]))


class Shop:
    """A repository with a policy on `main`, and a branch `topic` by dev that changes `auth/login.py`."""

    def __init__(self, repo: Repo, keys: Keys, folder: Path) -> None:
        self.repo, self.keys = repo, keys
        self.signoffs = folder
        self.more = ""
        self.files: dict[str, str] = {}

    def start(self, *, more: str = "", files: dict[str, str] | None = None, keys: bool = True) -> Shop:
        """Commit the policy, with more lines under `signoff`, and the change."""
        people = "".join(
            f"    - {{id: {name}, github: {name}, emails: [{name}@acme.example]"
            + (f', keys: ["{self.keys.public(name)}"]' if keys and name in ("sec1", "sec2", "dev") else "")
            + "}\n"
            for name in NAMES
        )
        policy = (
            f"version: 1\nsignoff:\n  humans:\n{people}"
            "  reviewers: {auth: [sec1, sec2, dev, alice], crypto: [sec1, sec2], data: [priv1, sec1], gate: [sec1, sec2]}\n"
            f"{more}"
        )
        self.repo.commit({".gate.yml": policy, "auth/login.py": LOGIN, "README": "a shop\n", **(files or {})})
        self.repo.branch("topic")
        self.repo.checkout("topic")
        self.repo.commit({"auth/login.py": LOGIN.replace("return", "return user.ok and")})
        return self

    def change(self):
        with Repository.open(self.repo.path) as opened:
            return opened.change("main", "topic")

    def statement(self, reviewer: str = "sec1", **fields) -> Statement:
        change = self.change()
        with Repository.open(self.repo.path) as opened:
            tree = opened.tree_id(change.head)
        given = {
            "decision": "approve",
            "reviewer": reviewer,
            "repo": change.repo,
            "commit": change.head,
            "tree": tree,
            "target": change.target,
            "base": change.merge_base,
            "change_digest": change.change_digest,
            "policy_digest": "sha256:" + "0" * 64,
            "created_at": "2026-01-20T00:00:00Z",
            "areas": ("auth",),
        }
        return Statement(**{**given, **fields})

    def put(self, data: bytes, name: str = "a") -> None:
        self.signoffs.mkdir(exist_ok=True)
        (self.signoffs / f"{name}.signoff.json").write_bytes(data)

    def signed(self, reviewer: str = "sec1", *, key: str | None = None, name: str = "a", **fields) -> None:
        """Put a well signed statement into the folder."""
        self.put(self.keys.bundle(self.statement(reviewer, **fields), key or reviewer), name)

    def note(self, data: bytes, commit: str) -> None:
        path = self.signoffs.parent / "note"
        path.write_bytes(data)
        self.repo.git("notes", "--ref", "gate-signoff", "append", "-F", path, commit)

    def decide(self, *, reviews=None, now: str = NOW, every_note: bool = False, **policy):
        """The sign-off decision on `topic`, by the policy of `main`."""
        with Repository.open(self.repo.path) as opened:
            change = opened.change("main", "topic")
            decided = load_policy(opened.file_at("main", ".gate.yml"))
            decided = replace(decided, signoff=replace(decided.signoff, **policy))
            registry = _registry()
            basis = Basis(
                repository=opened,
                change=change,
                policy=decided,
                reviews=reviews,
                registry=registry,
                authorship=attribute(change.commits, registry),
                areas=shipped_areas(),
                now=now,
                signoffs=self.signoffs if self.signoffs.exists() else None,
                every_note=every_note,
            )
            return sign_off(basis, touches(opened, change, decided, shipped_areas(), ()))
