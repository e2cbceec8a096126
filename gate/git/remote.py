"""Another repository with which a ref is shared, through git's own push and fetch."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from gate import process
from gate.core.secrets import mask_tokens
from gate.errors import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gate.process import Completed

#: Seconds for one push or fetch.
SECONDS = 300
_LONGEST_MESSAGE = 300
_BEHIND = re.compile(
    r"non-fast-forward|fetch first|cannot lock ref|failed to update ref|incorrect old value|stale info|reference already exists"
)
#: Variables that would turn git to another repository than the one that is named.
_LOCAL = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_PREFIX",
    "GIT_CONFIG",
)


class SharedRef:
    """A remote of a repository. `run` starts git with arguments, in that repository and with its rights."""

    def __init__(self, name: str, run: Callable[[tuple[str, ...]], Completed]) -> None:
        self.name = name
        self._run = run

    def fetch(self, ref: str, to: str) -> bool:
        """Bring the remote's ref under the name `to`; False if the remote does not have it."""
        quiet = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-gc")
        done = self._run(("fetch", *quiet, "--", self.name, f"+{ref}:{to}"))
        if done.returncode == 0:
            return True
        if "couldn't find remote ref" in done.stderr:
            return False
        raise self._error(f"{ref} cannot be fetched from", done)

    def push(self, ref: str) -> bool:
        """Push the ref under the same name; False if the remote's one is not an ancestor of it."""
        done = self._run(("push", "--quiet", "--no-verify", "--", self.name, f"{ref}:{ref}"))
        if done.returncode == 0:
            return True
        if _BEHIND.search(done.stderr):
            return False
        raise self._error(f"{ref} cannot be pushed to", done)

    def _error(self, what: str, done: Completed) -> EvidenceError:
        told = " ".join(mask_tokens(done.stderr).split())[:_LONGEST_MESSAGE]
        how = done.trouble or f"git ended with exit code {done.returncode}: {told}"
        return EvidenceError(
            f"{what} {mask_tokens(self.name)}: {how}",
            hint="Check the remote, the network, and that this job may write to the repository (contents: write).",
        )


def remote_of_clone(git_dir: Path, name: str) -> SharedRef:
    """Return a remote of a clone, by name or URL, asked with the user's own settings and rights; no hook runs."""
    if not name or name.startswith("-"):
        raise EvidenceError(f"{name!r} cannot be a remote", hint="Give the name of a remote, such as origin.")
    environment = {key: value for key, value in os.environ.items() if key not in _LOCAL}
    environment |= {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}

    def run(arguments: tuple[str, ...]) -> Completed:
        return process.run(
            ("git", f"--git-dir={git_dir}", "-c", "core.hooksPath=/dev/null", *arguments),
            cwd=git_dir,
            env=environment,
            timeout_seconds=SECONDS,
            max_output_bytes=1_000_000,
        )

    return SharedRef(name, run)
