"""The shipped agent registry and small builders of commits, for tests."""

from __future__ import annotations

import functools
import json
import os
from pathlib import Path
from typing import Any

import yaml

from gate.core.authorship import CommitAuthorship, Registry, attribute_commit, build_registry
from gate.core.change import Commit, Person

ROOT = Path(__file__).resolve().parents[2]
AGENTS = ROOT / "rulesets" / "agents"
DEV_FILE = "authorship-dev.jsonl"


def documents() -> list[dict[str, Any]]:
    """Every agent document, in the order of file names."""
    return [_load(path) for path in sorted(AGENTS.glob("[!_]*.yml"))]


def bots() -> dict[str, Any]:
    return _load(AGENTS / "_bots.yml")


def _load(path: Path) -> dict[str, Any]:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(document, dict)
    return document


@functools.cache
def registry() -> Registry:
    """The shipped registry; it never changes, so all tests share it."""
    return build_registry(documents(), bots=bots())


def person(text: str) -> Person:
    """`Name <address>` as a person."""
    name, _, address = text.rpartition(" <")
    return Person(name=name, email=address.removesuffix(">"))


def commit(
    message: str = "Change the parser",
    *,
    author: str = "Jane Doe <jane@example.org>",
    committer: str | None = None,
    sha: str = "a" * 40,
    parents: tuple[str, ...] = ("b" * 40,),
) -> Commit:
    return Commit(
        sha=sha,
        parents=parents,
        author=person(author),
        author_date="2026-01-01T00:00:00+00:00",
        committer=person(committer or author),
        committer_date="2026-01-01T00:00:00+00:00",
        message=message,
    )


def judge(message: str = "Change the parser", **identities: Any) -> CommitAuthorship:
    """The judgement of the shipped registry on one commit."""
    return attribute_commit(commit(message, **identities), registry())


def trailer(line: str) -> str:
    """A message that ends with `line` as its trailer."""
    return f"Change the parser\n\nIt read one line too many.\n\n{line}"


def dev_data() -> Path | None:
    """Labelled real commits: the file or folder in GATE_DEV_DATA, else `shared/data` beside the repository."""
    place = Path(os.environ.get("GATE_DEV_DATA") or ROOT.parent / "shared" / "data")
    file = place / DEV_FILE if place.is_dir() else place
    return file if file.is_file() else None


def dev_rows() -> list[dict[str, Any]]:
    file = dev_data()
    if file is None:
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def dev_commit(row: dict[str, Any]) -> Commit:
    return Commit(
        sha=row["sha"],
        parents=tuple(row["parents"]),
        author=Person(name=row["author_name"], email=row["author_email"]),
        author_date=row["author_date"],
        committer=Person(name=row["committer_name"], email=row["committer_email"]),
        committer_date=row["committer_date"],
        message=row["message"],
    )
