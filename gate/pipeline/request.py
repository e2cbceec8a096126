"""What a user asked for, before anything was read."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gate.forges.settings import Settings

#: Called with the name of each stage, from any thread.
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The options of a run. None means: not given, look elsewhere.

    `environment` are the process's variables: only for what a CI system says about its merge request.
    `target` is the full name of the ref that the change goes to, `signoffs` a file or folder of signed statements.
    `forge` says where to ask for approvals, None: nowhere. `scanners` are the names that may run. `now` is ISO 8601 in UTC. `cache` is the folder where scanners'
    results are remembered, None: nowhere; `cache_secret` seals them. `answers` is the folder where a model's answers
    are kept, None: nowhere, and `ask_again` asks also where one is there. `shards` are files or folders of shard reports
    that stand in for the scanners, `shard_secret` the secret that they must be sealed with, empty if none. `ai_record` is a folder for recordings of
    a model's answers, `ai_replay` one from which the engine `replay` reads them.
    """

    repo: Path = Path()
    base: str | None = None
    head: str | None = None
    config: Path | None = None
    target: str | None = None
    reviews: Path | None = None
    forge: Settings | None = None
    signoffs: Path | None = None
    mode: str | None = None
    fail_level: str | None = None
    scanners: frozenset[str] | None = None
    jobs: int | None = None
    cache: Path | None = None
    cache_secret: bytes = b""
    answers: Path | None = None
    ask_again: bool = False
    shards: tuple[Path, ...] = ()
    shard_secret: bytes = b""
    now: str = ""
    ai_record: Path | None = None
    ai_replay: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def processes(self) -> int:
        """How many child processes may run at once."""
        return (
            self.jobs or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else self.jobs or 2
        )


def utc_now() -> datetime:
    """The one place that reads the clock for a decision (expiry dates of waivers and reviewers)."""
    return datetime.now(UTC)
