"""One thing that was looked at: how it stands, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from gate.core.authorship import Registry
    from gate.core.policy import Policy
    from gate.git import Repository


class State(StrEnum):
    """`unknown`: nobody with these rights, or without a network, can say."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """`id` names the check, `found` says how it stands, `mend` what to do; both are plain text that may quote
    hostile text. `mend` is empty where nothing is to be done.
    """

    id: str
    state: State
    found: str
    mend: str = ""


def ok(identifier: str, found: str) -> Check:
    """Return a check that holds."""
    return Check(id=identifier, state=State.OK, found=found)


def warn(identifier: str, found: str, mend: str) -> Check:
    """Return a check that leaves something weaker than it could be."""
    return Check(id=identifier, state=State.WARN, found=found, mend=mend)


def fail(identifier: str, found: str, mend: str) -> Check:
    """Return a check without which the gate does not work, or can be passed by."""
    return Check(id=identifier, state=State.FAIL, found=found, mend=mend)


def unknown(identifier: str, found: str, mend: str) -> Check:
    """Return a check that could not be made."""
    return Check(id=identifier, state=State.UNKNOWN, found=found, mend=mend)


@dataclass(slots=True, kw_only=True)
class Clone:
    """What local checks look at. `target` is the commit of the target branch and `target_name` its name, both
    None if it is not there; `is_assumed`: HEAD stands in for it. `policy` None: there is none that can be used. `now` is YYYY-MM-DD. `forge` is github,
    gitlab or an empty string.
    """

    repository: Repository
    environment: Mapping[str, str]
    now: str
    forge: str = ""
    target_name: str | None = None
    target: str | None = None
    is_assumed: bool = False
    target_problem: str = ""
    target_hint: str = ""
    policy: Policy | None = None
    registry: Registry | None = None
    _files: dict[str, bytes | None] = field(default_factory=dict)

    @property
    def root(self) -> Path | None:
        """The work tree, None for a bare repository."""
        return self.repository.root

    def at_target(self, path: str) -> bytes | None:
        """Return a file of the target branch, None if there is none or it is too large."""
        from gate.errors import GitError  # noqa: PLC0415 - start-up stays cheap

        if self.target is None:
            return None
        if path not in self._files:
            try:
                self._files[path] = self.repository.file_at(self.target, path, max_bytes=1_000_000)
            except GitError:
                self._files[path] = None
        return self._files[path]

    def paths(self) -> tuple[str, ...]:
        """Return the paths of the target branch."""
        return self.repository.paths_at(self.target) if self.target else ()


def as_json(groups: Mapping[str, Iterable[Check]]) -> list[dict[str, Any]]:
    """Return all checks as plain data, in their order."""
    return [
        {"group": group, "id": one.id, "state": one.state.value, "found": one.found, "mend": one.mend}
        for group, checks in groups.items()
        for one in checks
    ]
