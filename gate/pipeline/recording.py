"""Leaving the record of a verdict where the policy or an option says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.core.evidence.place import FORMS, GIT
from gate.errors import ConfigError

if TYPE_CHECKING:
    from gate.core.evidence.record import Origin
    from gate.core.facts import Run
    from gate.git import Repository
    from gate.git.evidence import Remote


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """How to leave a record. `store` None: where the policy says; `key` is a path or the text of a private key,
    empty for none; `origin` and `change` (the number of the merge request) are what CI says of this job.
    """

    origin: Origin
    store: str | None = None
    key: str = ""
    change: str = ""
    dry_run: bool = False


def leave(
    run: Run, repository: Repository, how: Recording, *, needed: bool = False, remote: Remote | None = None
) -> str:
    """Leave a record of `run` and return a sentence on it; empty if none is to be left.

    `remote` is where the objects of `repository` were fetched from, if it is only there for this run: a record
    in git goes back there. Raises ConfigError if a record is `needed` and no store is known, or if it has to be
    signed and there is no key; EvidenceError or SigningError if it could not be left.
    """
    policy = run.facts.policy.evidence
    text = how.store or policy.store
    if not text:
        if needed:
            raise ConfigError(
                "--record: no store was named, and the policy has none (evidence.store)",
                hint=f"Write one: {FORMS}.",
            )
        return ""
    from gate.pipeline import evidence  # noqa: PLC0415 - most runs leave nothing
    from gate.reports import render  # noqa: PLC0415

    if how.dry_run:
        return f"evidence: a record would be left in {text}"
    in_git = text.partition(":")[0] == GIT
    store = evidence.open_store(
        text,
        repository,
        push=policy.push if in_git and remote is None else "",
        remote=remote if in_git else None,
        head=run.facts.change.head,
    )
    left = evidence.leave(
        run,
        repository,
        store,
        report=render("json", run),
        change=how.change,
        origin=how.origin,
        key=how.key,
    )
    done = "is there already" if left.already else "was left"
    signed = f"signed by {left.signer}" if left.signer else "not signed, so it proves nothing"
    return f"evidence: record {left.number} {done} in {left.store}, {signed} ({left.digest})"
